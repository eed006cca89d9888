import type { RealTime } from '../../server/clock.ts';

/** Real time under the test's hand: `pass(ms)` lets it go by, calling back whatever falls due on the way. */
export interface ManualRealTime extends RealTime {
  pass(ms: number): void;
  /** How many timers are waiting. */
  waiting(): number;
}

export function createManualRealTime(startAt = 0): ManualRealTime {
  let current = startAt;
  let waiting: { at: number; run: () => void }[] = [];
  return {
    now: () => current,
    after(delayMs, run) {
      const entry = { at: current + delayMs, run };
      waiting.push(entry);
      return () => {
        waiting = waiting.filter((other) => other !== entry);
      };
    },
    pass(ms) {
      const endAt = current + ms;
      for (;;) {
        const [next] = waiting.filter((entry) => entry.at <= endAt).sort((a, b) => a.at - b.at);
        if (next === undefined) break;
        waiting = waiting.filter((other) => other !== next);
        current = Math.max(current, next.at);
        next.run();
      }
      current = endAt;
    },
    waiting: () => waiting.length,
  };
}
