// npm start: sets up what is missing, runs the server, opens the wall beside it, and keeps both running.
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { bundledNode, endQuietRuns, toolEnvironment } from './childProcesses.mjs';
import { projectRoot } from './electron.mjs';
import { whenNpmIsGone } from './npmParent.mjs';
import { afterServerEnded, createRestartDelay } from './restarts.mjs';
import { setUpOrExit } from './setup.mjs';
import { readStartOptions } from './startOptions.mjs';
import { hasDisplay, openWallWindow } from './wallWindow.mjs';

/** @typedef {{ type: 'ready', url: string, wallUrl: string }} ServerReady `wallUrl` carries the token: `…/wall#token=…` */

const serverArguments = process.argv.slice(2);
const options = readStartOptions(serverArguments, process.env);
if (!options.ok) {
  console.error(`taibai-wall: ${options.problem}`);
  process.exit(2);
}
const { windowRefused } = options;
const windowPossible = !windowRefused && hasDisplay();

let stopping = false;
let wasReady = false;
/** @type {NodeJS.Timeout | undefined} */
let restartTimer;
/** @type {import('node:child_process').ChildProcess | undefined} */
let server;
/** @type {ReturnType<typeof openWallWindow> | undefined} */
let wallWindow;
/** The address the wall was told last. */
let shownWallUrl = '';
let addressTold = false;

/** Ends window and server, then this process. @param {number} code */
async function stop(code) {
  if (stopping) return;
  stopping = true;
  clearTimeout(restartTimer);
  endQuietRuns();
  const ending = server;
  const serverEnded = ending
    ? new Promise((resolve) => {
        ending.once('exit', resolve);
        ending.kill('SIGTERM');
      })
    : Promise.resolve();
  const killTimer = setTimeout(() => ending?.kill('SIGKILL'), 4500); // a promise to the outside: ended within 5 s
  await Promise.all([wallWindow?.stop(), serverEnded]);
  clearTimeout(killTimer);
  process.exit(code);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(0));
whenNpmIsGone(() => stop(0));

const { electron, windowProblem } = await setUpOrExit(windowPossible ? 'startWithWindow' : 'start');
const serverRestartDelay = createRestartDelay();
if (!stopping) runServer();

function runServer() {
  const startedAt = performance.now();
  const started = fork(join(projectRoot, 'out/server/index.js'), serverArguments, {
    execPath: bundledNode(),
    execArgv: [],
    // After a crash the wall keeps its token, and with it its window
    env: { ...toolEnvironment(), ...(shownWallUrl === '' ? {} : { WALL_LOCAL_TOKEN: tokenIn(shownWallUrl) }) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  server = started;
  started.on('message', (message) => {
    const ready = /** @type {ServerReady} */ (message);
    if (ready.type === 'ready' && !stopping) showWall(ready);
  });
  started.on('exit', (code, signal) => {
    server = undefined;
    if (stopping) return;
    const after = afterServerEnded({ code, wasReady });
    if (after.next === 'exit') {
      stop(after.code);
      return;
    }
    const delayMs = serverRestartDelay.afterCrash(performance.now() - startedAt);
    console.error(`The server ended (${signal ?? `code ${code}`}); starting it again in ${delayMs / 1000} s.`);
    restartTimer = setTimeout(runServer, delayMs);
  });
}

/** @param {ServerReady} ready */
async function showWall({ url, wallUrl }) {
  wasReady = true;
  if (wallUrl === shownWallUrl) return; // the same server is back: the wall finds it by itself
  shownWallUrl = wallUrl;
  if (electron === null) {
    console.log(`${reasonForNoWindow()}\nThe wall is at:\n${wallUrl}`);
    return;
  }
  console.log(`Opening the wall of ${url}`);
  await wallWindow?.stop();
  if (stopping) return;
  wallWindow = openWallWindow({
    electron,
    // Paired anew at each start, so it needs no memory of its own; by port, so that two starts do not share one. On
    // somebody's desk other windows may come over it.
    wallArguments: [
      `--server=${url}`,
      `--user-data-dir=${join(projectRoot, '.cache/kiosk', new URL(url).port)}`,
      '--yield',
    ],
    env: { ...process.env, WALL_TOKEN: tokenIn(wallUrl) },
    onCrashed() {
      // A display that is named but not there, say: whoever waits for the wall can still see it
      if (!addressTold) console.log(`Meanwhile the wall is at:\n${wallUrl}`);
      addressTold = true;
    },
    onEnded: stop,
  });
}

/** @param {string} wallUrl */
function tokenIn(wallUrl) {
  return new URLSearchParams(new URL(wallUrl).hash.slice(1)).get('token') ?? '';
}

function reasonForNoWindow() {
  if (windowRefused) return 'No window (--no-window).';
  if (!windowPossible) return 'No display: neither DISPLAY nor WAYLAND_DISPLAY is set.';
  return `No window: ${windowProblem ?? 'there is no Electron.'}`;
}
