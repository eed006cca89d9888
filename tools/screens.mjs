// node tools/screens.mjs [--out FOLDER] [STATE …]: pictures of the running product for docs/screens. The built server
// runs the demo (or no source) in a data folder of its own, a browser shows its wall at both sizes, and each state is
// brought about as it would be in a hall: the server is held, ended, given late tickets or sources that only pulse. Needs `npm run build`.
import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { chromium } from '@playwright/test';
import { io as connect } from 'socket.io-client';
import { bundledNode } from './childProcesses.mjs';
import { projectRoot } from './electron.mjs';

/** @typedef {{ type: string, url: string, wallUrl: string }} ServerReady */
/** @typedef {'normal' | 'empty' | 'stale' | 'disconnected' | 'busy'} State */

/** With as many colours as keep each picture of these greys below 300 kB. */
const SIZES = [
  { width: 1920, height: 1080, colours: 128 },
  { width: 3840, height: 2160, colours: 48 },
];
/** @type {readonly State[]} */
const STATES = ['normal', 'stale', 'disconnected', 'busy', 'empty'];
/** When every picture is taken, so that they can be laid side by side: a Wednesday afternoon in the demo's zone. */
const TAKEN_AT = Date.parse('2026-03-18T15:40:00+08:00');
const ADMIN_PASSWORD = 'four words for pictures';
/** More than ten alerts within ten minutes are a flood (visual specification §5). */
const LATE_TICKETS = 14;

const { values, positionals } = parseArgs({
  options: { out: { type: 'string', default: join(projectRoot, 'docs/screens') } },
  allowPositionals: true,
});
const out = resolve(values.out);
const asked = new Set(positionals.length === 0 ? STATES : positionals);
for (const state of asked) {
  if (!STATES.includes(/** @type {State} */ (state))) throw new Error(`${state} is none of ${STATES.join(', ')}`);
}
const run = promisify(execFile);

/** A module that moves the server's clock to `TAKEN_AT`; time goes on from there at its own pace. */
const shiftedClock = `data:text/javascript,${encodeURIComponent(`
  const Real = Date;
  const shift = ${TAKEN_AT} - Real.now();
  globalThis.Date = class Date extends Real {
    constructor(...given) { if (given.length === 0) super(Real.now() + shift); else super(...given); }
    static now() { return Real.now() + shift; }
  };
`)}`;

/** @param {string} data @param {string} source */
async function startServer(data, source) {
  const child = fork(join(projectRoot, 'out/server/index.js'), ['--port', '0', '--data', data, '--source', source], {
    execPath: bundledNode(),
    execArgv: ['--import', shiftedClock],
    env: { ...process.env, WALL_ADMIN_PASSWORD: ADMIN_PASSWORD },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ready = await new Promise((resolve, reject) => {
    child.on('message', (message) => {
      if (/** @type {ServerReady} */ (message).type === 'ready') resolve(message);
    });
    child.once('exit', (code, signal) => reject(new Error(`the server ended (${signal ?? code})`)));
  });
  return { child, ready: /** @type {ServerReady} */ (ready) };
}

/** @param {import('node:child_process').ChildProcess} child @param {NodeJS.Signals} signal */
async function end(child, signal) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

/** @param {import('@playwright/test').Browser} browser @param {string} wallUrl */
async function openWalls(browser, wallUrl) {
  const walls = [];
  for (const { colours, ...viewport } of SIZES) {
    const page = await browser.newPage({ viewport, locale: 'zh-CN', timezoneId: 'UTC', reducedMotion: 'reduce' });
    await page.goto(wallUrl);
    await page.locator('[data-testid=wall][data-feed=live] .domainCanvas canvas').first().waitFor({ timeout: 60_000 });
    await page.keyboard.press('Shift'); // an ordinary browser is silent until somebody touches it; the kiosk is not
    walls.push({ page, viewport, colours });
  }
  return walls;
}

/** @typedef {Awaited<ReturnType<typeof openWalls>>} Walls */

/**
 * A demo that has just told its past: its history is reckoned within a minute, and the last tickets of that past carry
 * the mark of new ones for a minute. @param {Walls} walls
 */
async function settle(walls) {
  for (const { page } of walls) {
    await page.locator('.departmentRow').first().waitFor({ timeout: 150_000 });
    await page.locator('[data-overtaken]').waitFor({ state: 'detached', timeout: 150_000 });
  }
}

/** @param {Walls} walls @param {State} state @param {string} selector what must be on the wall before and after */
async function take(walls, state, selector) {
  if (!asked.has(state)) return;
  await Promise.all(walls.map(({ page }) => page.locator(selector).first().waitFor({ timeout: 60_000 })));
  // Together and before anything else: a wall is stale for five seconds only
  const files = await Promise.all(
    walls.map(async ({ page, viewport, colours }) => {
      const name = state === 'normal' ? 'dispatch' : `dispatch-${state}`;
      const file = join(out, `${name}-${viewport.width}x${viewport.height}.png`);
      await page.screenshot({ path: file });
      if ((await page.locator(selector).count()) === 0) throw new Error(`${state} was over too soon`);
      return { file, colours };
    }),
  );
  for (const { file, colours } of files) {
    await quantise(file, colours);
    console.log(`${file} ${Math.round(statSync(file).size / 1024)} kB`);
  }
}

/** Without ImageMagick the picture keeps its colours. @param {string} file @param {number} colours */
async function quantise(file, colours) {
  const small = `${file}.small`;
  try {
    await run('convert', [
      file,
      '+dither',
      '-colors',
      String(colours),
      '-define',
      'png:compression-level=9',
      `PNG8:${small}`,
    ]);
    renameSync(small, file);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ENOENT') throw error;
    console.error('ImageMagick is missing: the picture keeps all its colours');
  }
}

/** Speaks to the server as its administrator does. @param {ServerReady} ready */
async function signIn({ url }) {
  /** @param {string} path @param {string | undefined} token @param {unknown} body */
  const post = async (path, token, body) => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return /** @type {{ token: string }} */ (await response.json());
  };
  const { token: admin } = await post('/session', undefined, { username: 'admin', password: ADMIN_PASSWORD });
  /** @param {string} name */
  const sourceToken = async (name) => (await post('/clients', admin, { name, kind: 'source' })).token;
  return { post, sourceToken };
}

/** Late tickets of one cause, as a burst pipe would bring them. @param {ServerReady} ready */
async function sendLateTickets(ready) {
  const { post, sourceToken } = await signIn(ready);
  const token = await sourceToken('12345');
  const now = TAKEN_AT + 60_000; // once the walls have settled
  for (let i = 0; i < LATE_TICKETS; i += 1) {
    const long = i % 4 === 0;
    await post('/tickets', token, {
      id: `late-${i}`,
      source: '12345',
      category: i % 3 === 0 ? 'waterPressure' : 'roadFlooding',
      title: i % 3 === 0 ? '自来水压力不足' : '道路积水',
      location: { gridId: `${i % 3 === 0 ? 'heyun' : 'yunhe'}-0${1 + (i % 7)}` },
      reportedAt: new Date(now - (long ? 50 : 180) * 60_000).toISOString(),
      dueAt: new Date(now - (long ? 30 : 2 + i) * 60_000).toISOString(),
    });
  }
}

/** Every listed source is there and has nothing to tell. @param {ServerReady} ready @returns {Promise<() => void>} closer */
async function pulseAsSources(ready) {
  const { sourceToken } = await signIn(ready);
  const { sources } = JSON.parse(readFileSync(join(projectRoot, 'deployments/taibai-lake.json'), 'utf8'));
  /** @type {import('socket.io-client').Socket[]} */
  const sockets = [];
  for (const { id } of sources) {
    const token = await sourceToken(id);
    const socket = connect(`${ready.url}/feed`, { transports: ['websocket'], auth: { token } });
    await new Promise((resolve) => socket.once('connect', () => resolve(undefined)));
    sockets.push(socket);
  }
  const pulse = () => {
    for (const socket of sockets) socket.emit('source:pulse', {});
  };
  pulse();
  const timer = setInterval(pulse, 1000);
  return () => {
    clearInterval(timer);
    for (const socket of sockets) socket.disconnect();
  };
}

mkdirSync(out, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), 'taibai-screens-'));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--autoplay-policy=no-user-gesture-required'], // as the kiosk
});
/** @type {import('node:child_process').ChildProcess[]} */
const servers = [];
/** @param {string} name @param {string} source */
const serve = async (name, source) => {
  const server = await startServer(join(folder, name), source);
  servers.push(server.child);
  return server;
};
/** @param {Walls} walls */
const closeWalls = async (walls) => {
  for (const { page } of walls) await page.close();
};
/** @param {readonly State[]} states */
const anyOf = (...states) => states.some((state) => asked.has(state));
try {
  if (anyOf('normal', 'stale', 'disconnected')) {
    const { child, ready } = await serve('demo', 'demo');
    const walls = await openWalls(browser, ready.wallUrl);
    await settle(walls);
    await take(walls, 'normal', '[data-feed=live]');
    if (asked.has('stale')) {
      child.kill('SIGSTOP'); // it hangs: silent for 5 s, given up after 10 s
      await take(walls, 'stale', '[data-feed=stale] [data-testid=link-strip]');
    }
    if (asked.has('disconnected')) {
      await end(child, 'SIGKILL');
      await take(walls, 'disconnected', '[data-feed=offline] [data-testid=link-strip]');
    }
    await end(child, 'SIGKILL');
    await closeWalls(walls);
  }
  if (anyOf('busy')) {
    const { child, ready } = await serve('busy', 'demo');
    const walls = await openWalls(browser, ready.wallUrl);
    await settle(walls);
    await sendLateTickets(ready);
    await take(walls, 'busy', '[data-alert-id^="overdue:late-"], [data-testid=flood]');
    await closeWalls(walls);
    await end(child, 'SIGTERM');
  }
  if (anyOf('empty')) {
    const { child, ready } = await serve('empty', 'none');
    const stopPulsing = await pulseAsSources(ready);
    const walls = await openWalls(browser, ready.wallUrl);
    await take(walls, 'empty', '[data-feed=live] [data-testid=overdue][data-quality=normal]');
    await closeWalls(walls);
    stopPulsing();
    await end(child, 'SIGTERM');
  }
} finally {
  await browser.close();
  for (const child of servers) await end(child, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}
