/** Shortest and longest wait before a crashed process is started again. */
const shortestDelayMs = 300;
const longestDelayMs = 30_000;
/** A process that ran this long had recovered: its next crash is counted as the first. */
const recoveredAfterMs = 60_000;

/**
 * Back-off for one supervised process: 0.3 s, doubled with each crash in a row, at most 30 s.
 */
export function createRestartDelay() {
  let crashes = 0;
  return {
    /** The wait after a crash. @param {number} ranMs how long the process had run */
    afterCrash(ranMs) {
      if (ranMs >= recoveredAfterMs) crashes = 0;
      const delayMs = Math.min(longestDelayMs, shortestDelayMs * 2 ** crashes);
      crashes += 1;
      return delayMs;
    },
  };
}

/**
 * What to do when the server has ended.
 * @param {{ code: number | null, wasReady: boolean, stopping: boolean }} ending `code` is null after a signal;
 *   `wasReady`: whether any server of this run has taken traffic yet
 * @returns {{ next: 'restart' } | { next: 'exit', code: number }}
 */
export function afterServerEnded({ code, wasReady, stopping }) {
  if (stopping) return { next: 'exit', code: 0 };
  // 2 is the server's own word for "as asked for, this cannot work" (options, port, data folder): said on stderr
  if (code === 2) return { next: 'exit', code: 2 };
  if (!wasReady) return { next: 'exit', code: code || 1 };
  return { next: 'restart' };
}

/**
 * What to do when the wall's window has ended.
 * @param {{ code: number | null, stopping: boolean }} ending
 * @returns {'stop' | 'restart'} closing it by hand (code 0) ends everything
 */
export function afterWindowEnded({ code, stopping }) {
  return stopping || code === 0 ? 'stop' : 'restart';
}
