import type { After, RequestFrame } from '../../renderer/live/frameScheduler.ts';

/** Animation frames that pass when the test says so. */
export function handFrames(): { readonly request: RequestFrame; pass(): void; readonly waiting: () => number } {
  let jobs: (() => void)[] = [];
  return {
    request(run) {
      jobs.push(run);
      return () => {
        jobs = jobs.filter((job) => job !== run);
      };
    },
    pass() {
      const due = jobs;
      jobs = [];
      for (const job of due) job();
    },
    waiting: () => jobs.length,
  };
}

/** Timers that run when the test lets time pass; `ms` is the time. */
export function handTimers(startMs = 0): {
  readonly after: After;
  readonly ms: () => number;
  pass(ms: number): void;
  readonly waiting: () => number;
} {
  let now = startMs;
  let timers: { readonly atMs: number; readonly run: () => void }[] = [];
  return {
    after(ms, run) {
      const timer = { atMs: now + ms, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
    ms: () => now,
    pass(ms) {
      now += ms;
      const due = timers.filter(({ atMs }) => atMs <= now);
      timers = timers.filter(({ atMs }) => atMs > now);
      for (const { run } of due) run();
    },
    waiting: () => timers.length,
  };
}
