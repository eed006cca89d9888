import type { RequestFrame } from '../../renderer/live/frameScheduler.ts';

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
