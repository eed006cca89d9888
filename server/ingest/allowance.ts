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

/** Above so many senders those with a full allowance are forgotten; they are as good as unheard of. */
const FORGET_ABOVE = 1000;

/** `now` is real time in ms; a clock that is set back gives nobody anything and keeps nobody waiting for longer. */
export function createAllowances({ perSecond, burst }: AllowanceLimits, now: () => number): Allowances {
  const burstMs = (burst / perSecond) * 1000;
  /** When each sender's allowance will be whole again. */
  const wholeAt = new Map<string, number>();

  function forgetTheWhole(at: number): void {
    for (const [id, whole] of wholeAt) if (whole <= at) wholeAt.delete(id);
  }

  return {
    spend(senderId, count) {
      const at = now();
      const whole = Math.min(Math.max(wholeAt.get(senderId) ?? at, at), at + burstMs);
      const next = whole + (count / perSecond) * 1000;
      const waitMs = Math.ceil(next - at - burstMs);
      if (waitMs > 0) return { ok: false, waitMs };
      if (wholeAt.size >= FORGET_ABOVE) forgetTheWhole(at);
      wholeAt.set(senderId, next);
      return { ok: true };
    },
  };
}
