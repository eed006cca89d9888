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
 * What to do when the server has ended unasked.
 * @param {{ code: number | null, wasReady: boolean }} ending `code` is null after a signal; `wasReady`: whether any
 *   server of this run has taken traffic yet
 * @returns {{ next: 'restart' } | { next: 'exit', code: number }}
 */
export function afterServerEnded({ code, wasReady }) {
  // 2 is the server's own word for "as asked for, this cannot work" (options, port, data folder): said on stderr
  if (code === 2) return { next: 'exit', code: 2 };
  if (!wasReady) return { next: 'exit', code: code ?? 1 };
  return { next: 'restart' };
}

/**
 * What to do when the wall's window has ended unasked.
 * @param {number | null} code 0: closed by hand; 2: it cannot run as asked for, trying again would not help;
 *   anything else, or null after a signal: a crash
 * @returns {{ next: 'restart' } | { next: 'end', code: 0 | 2 }}
 */
export function afterWindowEnded(code) {
  return code === 0 || code === 2 ? { next: 'end', code } : { next: 'restart' };
}
