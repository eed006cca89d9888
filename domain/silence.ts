/** A pulse may be so late, and no later than one period, before its source is called silent: the hall learns of it within 10 s. */
const GRACE_MS = 5000;

/** Whether a source that was heard of `ageMs` ago, in real time, has missed its pulse. */
export function isSilent(ageMs: number, periodSeconds: number): boolean {
  const periodMs = periodSeconds * 1000;
  return ageMs > periodMs + Math.min(periodMs, GRACE_MS);
}
