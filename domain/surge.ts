/**
 * Rules that look at several reports together: a surge (one category in one community well above its own usual rate)
 * and a repeat complaint (one category at one grid again and again).
 */

export interface SurgeRule {
  /** Length of the window that is counted, in minutes. */
  readonly windowMinutes: number;
  /** Fewer reports than this are never a surge, however rare the category. */
  readonly least: number;
  /** Raised when a Poisson process at the usual rate would give so many with a probability below this … */
  readonly raiseBelow: number;
  /** … and cleared once that probability is above this: the hysteresis. */
  readonly clearAbove: number;
  /** Days over which the usual rate is reckoned. */
  readonly usualDays: number;
  /** Nothing is called unusual before so many days are known. */
  readonly leastDays: number;
}

export interface RepeatRule {
  readonly count: number;
  readonly withinHours: number;
  /** Cleared once no more than this many are left in the window. */
  readonly clearAt: number;
}

/** P(X ≥ count) for a Poisson variable of mean `mean`; 1 for a count of 0. */
export function poissonTail(count: number, mean: number): number {
  if (count <= 0) return 1;
  if (mean <= 0) return 0;
  let term = Math.exp(-mean);
  let below = term;
  for (let k = 1; k < count; k += 1) {
    term *= mean / k;
    below += term;
  }
  return Math.max(0, 1 - below);
}

/** Whether a surge stands, given whether it stood before. `usualPerWindow` is the mean count of a window. */
export function surgeStands(rule: SurgeRule, count: number, usualPerWindow: number, stood: boolean): boolean {
  const tail = poissonTail(count, usualPerWindow);
  if (stood) return count > 1 && tail <= rule.clearAbove;
  return count >= rule.least && tail < rule.raiseBelow;
}

export function repeatStands(rule: RepeatRule, count: number, stood: boolean): boolean {
  return stood ? count > rule.clearAt : count >= rule.count;
}

/**
 * Instants of reports per key, forgotten once older than the window; in any order of arrival. O(1) amortised per
 * report, memory bounded by the reports of one window.
 */
export interface RecentReports {
  add(key: string, at: number): void;
  /** Reports of this key in (now − window, now]. */
  count(key: string, now: number): number;
  /** When the count of this key next falls, by time alone; undefined when it is 0. */
  fallsAt(key: string, now: number): number | undefined;
}

export function createRecentReports(windowMs: number): RecentReports {
  /** Sorted; what lies before `first` has left the window. */
  const instants = new Map<string, { at: number[]; first: number }>();
  function kept(key: string, now: number): { at: number[]; first: number } | undefined {
    const all = instants.get(key);
    if (all === undefined) return undefined;
    while (all.first < all.at.length && (all.at[all.first] as number) <= now - windowMs) all.first += 1;
    if (all.first === all.at.length) {
      instants.delete(key);
      return undefined;
    }
    if (all.first > all.at.length / 2) {
      all.at.splice(0, all.first);
      all.first = 0;
    }
    return all;
  }
  return {
    add(key, at) {
      const all = instants.get(key);
      if (all === undefined) {
        instants.set(key, { at: [at], first: 0 });
        return;
      }
      let i = all.at.length;
      while (i > all.first && (all.at[i - 1] as number) > at) i -= 1;
      if (i === all.at.length) all.at.push(at);
      else all.at.splice(i, 0, at);
    },
    count(key, now) {
      const all = kept(key, now);
      if (all === undefined) return 0;
      let end = all.at.length;
      while (end > all.first && (all.at[end - 1] as number) > now) end -= 1;
      return end - all.first;
    },
    fallsAt(key, now) {
      const all = kept(key, now);
      return all === undefined ? undefined : (all.at[all.first] as number) + windowMs;
    },
  };
}
