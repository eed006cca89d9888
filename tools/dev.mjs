// npm run dev [-- server options]: server, kiosk and pages, rebuilt as you edit. The pages also come from Vite, with
// hot replacement, for any browser; the kiosk shows the built ones, as on a wall.
import { fork } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createServer } from 'vite';
import { buildPages, buildProcesses, copyServerFiles } from './build.mjs';
import { buildStamp } from './buildStamp.mjs';
import { findElectron, projectRoot } from './electron.mjs';
import { whenNpmIsGone } from './npmParent.mjs';
import { readStartOptions } from './startOptions.mjs';
import { hasDisplay, openWallWindow } from './wallWindow.mjs';

const serverArguments = process.argv.slice(2);
const options = readStartOptions(serverArguments, process.env);
if (!options.ok) {
  console.error(`taibai-wall: ${options.problem}`);
  process.exit(2);
}
const electron = !options.windowRefused && hasDisplay() ? findElectron() : null;
const pagesConfig = join(projectRoot, 'vite.config.ts');

/** @type {import('node:child_process').ChildProcess | undefined} */
let server;
/** @type {ReturnType<typeof openWallWindow> | undefined} */
let wallWindow;
/** @type {import('vite').ViteDevServer | undefined} */
let pages;
/** What the server said last: where it is, and with which token. @type {{ url: string, wallUrl: string } | undefined} */
let ready;
let leaving = false;

/** One restart at a time, in order. @type {Promise<void>} */
let queue = Promise.resolve();
/** @param {() => Promise<void>} work */
function enqueue(work) {
  queue = queue.then(() => (leaving ? undefined : work())).catch((error) => console.error(error));
}

async function stopServer() {
  const ending = server;
  if (ending === undefined) return;
  server = undefined;
  await new Promise((resolve) => {
    if (ending.exitCode !== null || ending.signalCode !== null) resolve(undefined);
    ending.once('exit', resolve);
    ending.kill('SIGTERM');
  });
}

async function startServer() {
  await stopServer();
  const started = fork(join(projectRoot, 'out/server/index.js'), serverArguments);
  server = started;
  started.on('message', (message) => {
    const told = /** @type {{ type: string, url: string, wallUrl: string }} */ (message);
    if (told.type !== 'ready') return;
    ready = told;
    enqueue(showPages);
    enqueue(showWindow);
  });
  started.on('exit', (code) => {
    if (server !== started) return; // being restarted
    if (code === 2) leave(2);
    else console.error(`The server ended (code ${code}); it is started again at the next edit.`);
  });
}

/** Vite's own pages, in front of the server for everything that is not one. */
async function showPages() {
  if (ready === undefined) return;
  const { url, wallUrl } = ready;
  await pages?.close();
  const toServer = { target: url, changeOrigin: true };
  pages = await createServer({
    configFile: pagesConfig,
    root: join(projectRoot, 'renderer'),
    server: { proxy: { '/api': toServer, '/socket.io': { ...toServer, ws: true } } },
  });
  await pages.listen();
  const { hash } = new URL(wallUrl);
  console.log(`Hot pages: ${pages.resolvedUrls?.local[0] ?? ''}wall${hash}\nBuilt pages: ${wallUrl}`);
}

async function showWindow() {
  if (electron === null || ready === undefined) return;
  await wallWindow?.stop();
  const { url, wallUrl } = ready;
  wallWindow = openWallWindow({
    electron,
    wallArguments: [`--server=${url}`, `--user-data-dir=${join(projectRoot, '.cache/kiosk/dev')}`],
    env: { ...process.env, WALL_TOKEN: new URLSearchParams(new URL(wallUrl).hash.slice(1)).get('token') ?? '' },
    onEnded: leave,
  });
}

/** @param {number} code */
async function leave(code) {
  if (leaving) return;
  leaving = true;
  await queue;
  await Promise.all([wallWindow?.stop(), stopServer(), pages?.close()]);
  process.exit(code);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => leave(0));
whenNpmIsGone(() => leave(0));

buildStamp.clear(); // what lies in out/ from now on is whatever was edited last
mkdirSync(join(projectRoot, 'out'), { recursive: true });
copyServerFiles();
await buildProcesses({
  watch: true,
  onServerBuilt: () => enqueue(startServer),
  onMainBuilt: () => enqueue(showWindow),
});
if (electron !== null) await buildPages({ watch: true, onWallBuilt: () => enqueue(showWindow) });
