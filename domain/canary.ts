/** A canary is sent each real minute, live and in a demo, never in a replay (contract, Replay). */
export const CANARY_PERIOD_MS = 60_000;

/**
 * The canary went by: the server's own source reported it, and it is durable. It takes the way of every report, from
 * the ingest over the journal and the frames to the pixels, but it is no ticket: it has no number, no place on the board
 * but its last time, and nothing that counts tickets can see it.
 */
export interface CanaryPassed {
  readonly type: 'canaryPassed';
  /** When it was sent. */
  readonly at: number;
  readonly recordedAt: number;
}

/** Late is a canary that has not been seen for more than two periods: what is on screen may lag though the server lives. */
export function isCanaryLate(ageMs: number): boolean {
  return ageMs > 2 * CANARY_PERIOD_MS;
}
