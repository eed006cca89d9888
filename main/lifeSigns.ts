import { execFile } from 'node:child_process';
import { write } from 'node:fs';

/** How often a supervisor that reads a pipe hears of us; it may give up after several times that (tools/wallWindow.mjs). */
const BEAT_EVERY_MS = 2_000;

/** A kiosk without any picture for so long is past helping itself: its signs of life end, and it is started anew. */
export const HOPELESS_AFTER_MS = 10 * 60_000;

/**
 * Tells whoever supervises this process that its event loop turns: a byte down the pipe `WALL_HEARTBEAT_FD` (as
 * `npm run kiosk` opens it), or `systemd-notify` under systemd (Node has no datagram sockets of its own, and a native
 * package for one message in ten seconds would have to be built for every platform).
 * @param isWell whether there is anything to keep alive
 * @returns what ends it
 */
export function giveLifeSigns(
  environment: {
    readonly WALL_HEARTBEAT_FD?: string | undefined;
    readonly NOTIFY_SOCKET?: string | undefined;
    readonly WATCHDOG_USEC?: string | undefined;
  },
  isWell: () => boolean,
  complain: (line: string) => void,
): () => void {
  const timers: NodeJS.Timeout[] = [];
  const regularly = (everyMs: number, tell: () => void) => {
    tell();
    timers.push(setInterval(() => isWell() && tell(), everyMs));
  };

  const pipe = Number(environment.WALL_HEARTBEAT_FD);
  if (Number.isInteger(pipe) && pipe > 2) {
    const beat = Buffer.from('.');
    // Whoever read it may have gone; that is told by the end of stdin
    regularly(BEAT_EVERY_MS, () => write(pipe, beat, () => {}));
  }

  if (environment.NOTIFY_SOCKET) {
    let failed = false;
    const notify = (...words: string[]) => {
      execFile('systemd-notify', words, { timeout: BEAT_EVERY_MS }, (error) => {
        if (error !== null && !failed) complain(`systemd-notify fails: ${error.message}`);
        failed = error !== null;
      });
    };
    notify('--ready');
    const limitMs = Number(environment.WATCHDOG_USEC) / 1_000;
    // systemd itself advises half of the limit; a third leaves room for one that got lost
    if (limitMs > 0) regularly(limitMs / 3, () => notify('WATCHDOG=1'));
  }
  return () => {
    for (const timer of timers) clearInterval(timer);
  };
}
