import type { ClockMode } from '../../protocol/wire.ts';
import { createSteppedClock, type SteppedClock } from '../../server/clock.ts';

/** The domain clock of a test: stands still until told to go on. */
export interface ManualClock extends SteppedClock {
  advance(ms: number): void;
}

export function manualClock(startAt: number, mode: ClockMode = 'live'): ManualClock {
  const clock = createSteppedClock({ mode, startAt });
  return { ...clock, advance: (ms) => clock.advanceTo(clock.now() + ms) };
}
