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
  const instants = new Map<string, number[]>();
  function kept(key: string, now: number): number[] {
    const all = instants.get(key) ?? [];
    let stale = 0;
    while (stale < all.length && (all[stale] as number) <= now - windowMs) stale += 1;
    if (stale > 0) all.splice(0, stale);
    if (all.length === 0) instants.delete(key);
    return all;
  }
  return {
    add(key, at) {
      const all = instants.get(key);
      if (all === undefined) {
        instants.set(key, [at]);
        return;
      }
      let i = all.length;
      while (i > 0 && (all[i - 1] as number) > at) i -= 1;
      all.splice(i, 0, at);
    },
    count(key, now) {
      return kept(key, now).filter((at) => at <= now).length;
    },
    fallsAt(key, now) {
      const first = kept(key, now)[0];
      return first === undefined ? undefined : first + windowMs;
    },
  };
}
