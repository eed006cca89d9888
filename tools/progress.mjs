/** @typedef {{ write(text: string): unknown, isTTY?: boolean }} Terminal */
/** @typedef {{ announce(text: string): void, work<T>(title: string, work: () => Promise<T>): Promise<T> }} StepProgress */

/** How often a long step says that it is still at work where a line cannot be rewritten (a log file, CI). */
const heartbeatMs = 10_000;

/**
 * A span as people say it: `0.4 s`, `23 s`, `2 min 05 s`.
 * @param {number} spanMs
 */
export function spanText(spanMs) {
  if (spanMs < 9_950) return `${(spanMs / 1000).toFixed(1)} s`;
  const seconds = Math.round(spanMs / 1000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

/**
 * Numbered steps on a terminal or in a log: `[2/5] installing npm packages … 23 s`.
 * @param {{ total: number, terminal: Terminal, now?: () => number }} options
 * @returns {{ next(): StepProgress }} `next` begins the following step
 */
export function createProgress({ total, terminal, now = Date.now }) {
  let number = 0;
  return {
    next() {
      number += 1;
      const mark = `[${number}/${total}]`;
      return {
        announce(text) {
          terminal.write(`${mark} ${text}\n`);
        },
        async work(title, work) {
          const startedAt = now();
          const line = () => `${mark} ${title} … ${spanText(now() - startedAt)}`;
          terminal.write(terminal.isTTY ? line() : `${mark} ${title} …\n`);
          const timer = setInterval(
            () => terminal.write(terminal.isTTY ? `\r${line()}` : `${line()}\n`),
            terminal.isTTY ? 1000 : heartbeatMs,
          );
          /** @param {string} ending */
          const end = (ending) => {
            clearInterval(timer);
            terminal.write(`${terminal.isTTY ? '\r' : ''}${line()}${ending}\n`);
          };
          try {
            const result = await work();
            end('');
            return result;
          } catch (error) {
            end(' failed');
            throw error;
          }
        },
      };
    },
  };
}
