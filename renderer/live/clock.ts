import type { ClockState } from '../../protocol/wire.ts';

/** Beyond this difference from the server the wall takes the server's time over instead of running on smoothly. */
const ADOPT_MS = 250;

/**
 * What time it is on the server's domain clock. Between pulses it runs on by the monotonic clock at the server's
 * pace, so it also runs while the server is away; the machine's own date is never used.
 */
export interface WallClock {
  /** Epoch ms on the domain clock; undefined before the server has told the time. */
  now(): number | undefined;
  /** Domain ms that pass in a real ms: 1 live, a factor in a replay, 0 where the clock only jumps or stands still. */
  pace(): number;
  /** The server says that it is `at` now. */
  sync(at: number, state: ClockState): void;
}

/** `monotonicNow`: ms that never run backwards, as `performance.now`. */
export function createWallClock(monotonicNow: () => number): WallClock {
  let anchorAt: number | undefined;
  let anchorMs = 0;
  let pace = 1;
  let lastHeardAt: number | undefined;

  const now = () => (anchorAt === undefined ? undefined : anchorAt + (monotonicNow() - anchorMs) * pace);
  return {
    now,
    pace: () => pace,
    sync(at, state) {
      const told = state.speed === 'max' ? 0 : state.speed;
      // A replay that has reached its end sends the same instant again and again: its clock stands still.
      const pacing = at === lastHeardAt ? 0 : told;
      lastHeardAt = at;
      const shown = now();
      if (shown !== undefined && pacing === pace && Math.abs(shown - at) <= ADOPT_MS * pace) return;
      anchorAt = at;
      anchorMs = monotonicNow();
      pace = pacing;
    },
  };
}
