// Keeps one Electron wall running: started again with back-off after a crash or a standstill, never outliving its supervisor.
import { spawn } from 'node:child_process';
import { projectRoot } from './electron.mjs';
import { afterWindowEnded, createRestartDelay } from './restarts.mjs';

/** Whether this session has a display that a window could open on. */
export function hasDisplay(platform = process.platform, env = process.env) {
  if (platform !== 'linux') return true;
  return Boolean(env.DISPLAY) || Boolean(env.WAYLAND_DISPLAY);
}

/** The wall sends a byte every two seconds (main/lifeSigns.ts). One whose loop stands still is ended like one that crashed. */
const silentForMs = 12_000;
/** A cold start on a busy machine takes this long to its first byte. */
const firstSignWithinMs = 60_000;

/**
 * Calls `onSilent` once nothing has come out of `stream` for too long.
 * @param {import('node:stream').Readable} stream
 * @param {() => void} onSilent
 * @returns {() => void} what stops it
 */
function watchLifeSigns(stream, onSilent) {
  let timer = setTimeout(onSilent, firstSignWithinMs);
  stream.on('data', () => {
    clearTimeout(timer);
    timer = setTimeout(onSilent, silentForMs);
  });
  stream.on('error', () => {}); // its end is told by the process's
  return () => clearTimeout(timer);
}

/**
 * Command line of the wall. Chromium refuses to run sandboxed as root, hence the one switch; the wall itself says
 * loudly that it runs so.
 * @param {{ wallArguments: string[], isRoot: boolean }} options
 */
export function electronArguments({ wallArguments, isRoot }) {
  return [...(isRoot ? ['--no-sandbox'] : []), projectRoot, ...wallArguments];
}

/**
 * @param {{ electron: import('./electron.mjs').ElectronFound, wallArguments: string[], env: NodeJS.ProcessEnv,
 *   onCrashed?: () => void, onEnded: (code: 0 | 2) => void }} options `onEnded`: it will not be opened again, for somebody closed it (0) or it
 *   cannot run as it was asked to, which it has said on stderr (2)
 * @returns {{ stop(): Promise<void> }} `stop` asks it to quit, and kills it after 3 s
 */
export function openWallWindow({ electron, wallArguments, env, onCrashed, onEnded }) {
  const isRoot = process.getuid?.() === 0;
  const restartDelay = createRestartDelay();
  let stopping = false;
  /** @type {NodeJS.Timeout | undefined} */
  let restartTimer;
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let child;
  /** @type {Promise<void>} */
  let ended = Promise.resolve();

  const open = () => {
    const openedAt = performance.now();
    // stdin is the leash: it ends when this process ends, however that came about, and the wall quits with it
    const started = spawn(electron.path, electronArguments({ wallArguments, isRoot }), {
      cwd: projectRoot,
      env: { ...env, WALL_QUIT_WITH_STDIN: '1', WALL_HEARTBEAT_FD: '3' },
      stdio: ['pipe', 'inherit', 'inherit', 'pipe'],
    });
    child = started;
    const stopWatching = watchLifeSigns(/** @type {import('node:stream').Readable} */ (started.stdio[3]), () => {
      console.error("The wall's window shows no sign of life; ending it.");
      started.kill('SIGKILL');
    });
    ended = new Promise((resolve) => {
      /** @param {number | null} code @param {string} reason */
      const onEnd = (code, reason) => {
        if (child !== started) return; // 'error' and 'exit' may both come
        child = undefined;
        stopWatching();
        resolve();
        if (stopping) return;
        const after = afterWindowEnded(code);
        if (after.next === 'end') {
          onEnded(after.code);
          return;
        }
        const delayMs = restartDelay.afterCrash(performance.now() - openedAt);
        console.error(`The wall's window ended (${reason}); opening it again in ${delayMs / 1000} s.`);
        onCrashed?.();
        restartTimer = setTimeout(open, delayMs);
      };
      started.on('error', (error) => onEnd(1, error.message));
      started.on('exit', (code, signal) => onEnd(code, signal ?? `code ${code}`));
    });
  };

  open();
  return {
    async stop() {
      stopping = true;
      clearTimeout(restartTimer);
      child?.kill('SIGTERM');
      const killTimer = setTimeout(() => child?.kill('SIGKILL'), 3000);
      await ended;
      clearTimeout(killTimer);
    },
  };
}
