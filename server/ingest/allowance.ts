/** What one client may send: `perSecond` tickets and steps in the long run, `burst` at once after a pause. */
export interface AllowanceLimits {
  readonly perSecond: number;
  readonly burst: number;
}

/**
 * Keeps one source from taking the time of all others. A bucket each, by the id of the client or account; decided
 * synchronously, as reports must be taken in the order in which they come.
 */
export interface Allowances {
  /** Spends `count` of the sender's allowance, or says how long it must wait until it has as much. */
  spend(senderId: string, count: number): { readonly ok: true } | { readonly ok: false; readonly waitMs: number };
}

/** Ten seconds' worth after a pause, and at least the largest batch. */
export function allowanceOf(perSecond: number): AllowanceLimits {
  return { perSecond, burst: Math.max(1000, 10 * perSecond) };
}

/** Whoever has been full this long is as good as unheard of. */
const FORGET_ABOVE = 1000;

/** `now` is real time in ms; it may be set back, which gives nobody anything. */
export function createAllowances({ perSecond, burst }: AllowanceLimits, now: () => number): Allowances {
  const buckets = new Map<string, { left: number; countedAt: number }>();

  function forgetTheFull(at: number): void {
    for (const [id, { left, countedAt }] of buckets) {
      if (left + ((at - countedAt) / 1000) * perSecond >= burst) buckets.delete(id);
    }
  }

  return {
    spend(senderId, count) {
      const at = now();
      let bucket = buckets.get(senderId);
      if (bucket === undefined) {
        if (buckets.size >= FORGET_ABOVE) forgetTheFull(at);
        bucket = { left: burst, countedAt: at };
        buckets.set(senderId, bucket);
      }
      const passedMs = Math.max(0, at - bucket.countedAt);
      bucket.left = Math.min(burst, bucket.left + (passedMs / 1000) * perSecond);
      bucket.countedAt = at;
      if (bucket.left < count) return { ok: false, waitMs: Math.ceil(((count - bucket.left) / perSecond) * 1000) };
      bucket.left -= count;
      return { ok: true };
    },
  };
}
