// node tools/screens.mjs [--out FOLDER] [STATE …]: pictures of the running product for docs/screens. The built server
// runs the demo (or no source) in a data folder of its own, a browser shows its wall at both sizes, and each state is
// brought about as it would be in a hall: the server is held, ended, given late tickets or sources that only pulse. `desk`
// is the duty desk with a morning's cases, in both themes, laid out as its mock-up. Needs `npm run build`.
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
/** @typedef {'normal' | 'empty' | 'stale' | 'disconnected' | 'busy' | 'desk'} State */

/** With as many colours as keep each picture of these greys below 300 kB. */
const SIZES = [
  { width: 1920, height: 1080, colours: 128 },
  { width: 3840, height: 2160, colours: 48 },
];
/** @type {readonly State[]} */
const STATES = ['normal', 'stale', 'disconnected', 'busy', 'empty', 'desk'];
const DESK_SIZE = { width: 1440, height: 900 };
const DESK_COLOURS = 128;
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
  /** @param {string} username @param {string} password */
  const tokenOf = async (username, password) => (await post('/session', undefined, { username, password })).token;
  /** @param {string} name */
  const sourceToken = async (name) => (await post('/clients', admin, { name, kind: 'source' })).token;
  return { post, sourceToken, tokenOf, admin };
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

const OFFICER_PASSWORD = 'four words for officers';

/** @param {number} minutesAgo */
const ago = (minutesAgo) => new Date(TAKEN_AT - minutesAgo * 60_000).toISOString();

/** A morning's cases: six late ones, three of them held, and three finished ones of one garden. @param {ServerReady} ready */
async function fillDesk(ready) {
  const { post, sourceToken, tokenOf, admin } = await signIn(ready);
  const source = await sourceToken('12345');
  for (const [username, name] of [
    ['zhaojia', '赵甲'],
    ['qianyi', '钱乙'],
  ]) {
    await post('/accounts', admin, { username, name, role: 'duty', password: OFFICER_PASSWORD });
  }
  /** @typedef {[step: string, minutesAgo: number, by: string, note?: string]} Step */
  /**
   * @param {string} id @param {string} category @param {string} title @param {string} gridId @param {number} minutesAgo
   * @param {string} description @param {string} reporter @param {readonly Step[]} steps
   * @param {{ dueAt?: string }} [more]
   */
  const report = async (id, category, title, gridId, minutesAgo, description, reporter, steps, more = {}) => {
    const told = { title, description, location: { gridId }, reporter: { name: reporter }, ...more };
    await post('/tickets', source, { id, source: '12345', category, reportedAt: ago(minutesAgo), ...told });
    for (const [step, at, by, note] of steps) {
      await post(`/tickets/${id}/steps`, source, { step, at: ago(at), by, ...(note === undefined ? {} : { note }) });
    }
  };
  /**
   * @param {string} id @param {string} category @param {string} title @param {string} gridId @param {number} lateMinutes
   * @param {number} limitMinutes @param {string} description @param {string} reporter
   */
  const late = (id, category, title, gridId, lateMinutes, limitMinutes, description, reporter) => {
    const since = lateMinutes + limitMinutes;
    /** @type {Step[]} */
    const steps = [['dispatch', since - 2, '郑庚']];
    return report(id, category, title, gridId, since, description, reporter, steps, { dueAt: ago(lateMinutes) });
  };
  await report(
    'p1',
    'nonMotorParking',
    '电动车乱停乱放',
    'heyun-03',
    334,
    '单元门前电动车占道停放 6 辆，附照片 2 张',
    '吴己',
    [
      ['dispatch', 333, '郑庚', '分派至荷韵花园社区'],
      ['handle', 329, '王辛', '联系车主挪车，通道恢复'],
      ['verify', 326, '郑庚', '照片比对一致，核实无误'],
    ],
  );
  await report('p2', 'flyingCables', '电动车充电拉飞线', 'heyun-01', 155, '三楼窗口向下拉线充电', '吴己', [
    ['dispatch', 153, '郑庚'],
    ['handle', 120, '王辛', '收回电线，讲明危险'],
    ['verify', 110, '郑庚'],
  ]);
  await report('p3', 'fireLane', '电动车占用消防通道', 'heyun-03', 1, '消防通道停放电动车 3 辆', '吴己', []);
  await late(
    'a1',
    'manholeMissing',
    '雨水井盖缺失',
    'hetang-02',
    134,
    120,
    '主路北侧雨水井盖缺失约 60 厘米，已设锥桶围护，等待更换。',
    '李丁',
  );
  await late('a2', 'streetVending', '占道经营反复', 'yunhe-04', 9, 120, '早市散后仍占道。', '孙壬');
  await late('a3', 'streetLight', '路灯连片不亮', 'dongli-01', 3, 240, '六盏连片不亮。', '冯癸');
  await late('a4', 'dirtTruck', '渣土车沿路遗撒', 'shiqiaonan-02', 128, 120, '沿路约 200 米。', '陈戊');
  await late('a5', 'busStop', '公交站牌破损', 'xinhe-02', 72, 480, '站牌玻璃破碎。', '褚己');
  await late('a6', 'heatingSupply', '供暖报修未回访', 'heyun-05', 18, 240, '室温 14 度。', '卫庚');
  /** @param {string} id @param {string} username @param {string} disposition */
  const acknowledge = async (id, username, disposition) => {
    const token = await tokenOf(username, OFFICER_PASSWORD);
    for (let tries = 0; ; tries += 1) {
      try {
        const nextCheckAt = new Date(TAKEN_AT + 45 * 60_000).toISOString();
        await post(`/alerts/overdue:${id}/acknowledge`, token, { disposition, nextCheckAt });
        return;
      } catch (error) {
        if (tries > 40) throw error; // its alert comes in a moment
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    }
  };
  // Handled long since, but told late: they were overdue for a moment
  await acknowledge('p1', 'qianyi', 'phoned');
  await acknowledge('p2', 'qianyi', 'phoned');
  await acknowledge('a4', 'zhaojia', 'onSite');
  await acknowledge('a5', 'qianyi', 'phoned');
  await acknowledge('a6', 'zhaojia', 'phoned');
}

/** The desk as an officer has it before her. @param {ServerReady} ready @param {'light' | 'dark'} theme */
async function takeDesk(ready, theme) {
  const page = await browser.newPage({ viewport: DESK_SIZE, locale: 'zh-CN', timezoneId: 'UTC' });
  await page.addInitScript((chosen) => localStorage.setItem('taibai-desk.theme', chosen), theme);
  const signedIn = await fetch(`${ready.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'zhaojia', password: OFFICER_PASSWORD }),
  });
  const [name = '', value = ''] = (signedIn.headers.getSetCookie()[0] ?? '').split(/[=;]/);
  // Without its end: the server lives in March, the browser's clock says that it is long over
  await page.context().addCookies([{ name, value, url: ready.url, httpOnly: true, sameSite: 'Strict' }]);
  await page.goto(`${ready.url}/desk`);
  await page.locator('[data-testid=alert-row][data-ticket-id=a1]').click();
  await page.locator('[data-testid=disposition][data-code=onSite]').click();
  await page.getByTestId('ticket-search').fill('荷韵花园 电动车');
  await page.locator('[data-ticket-id=p1]:not([data-testid=alert-row])').first().click();
  await page.locator('[data-testid=timeline-step]').first().waitFor();
  await page.getByRole('combobox', { name: '指派' }).fill('建设局 周戊');
  await page.locator('.handling textarea').fill('已联系养护组，新井盖 16:10 前到场安装。');
  await page.waitForLoadState('networkidle');
  const file = join(out, `desk-${theme}-${DESK_SIZE.width}x${DESK_SIZE.height}.png`);
  await page.screenshot({ path: file });
  await quantise(file, DESK_COLOURS);
  console.log(`${file} ${Math.round(statSync(file).size / 1024)} kB`);
  await page.close();
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
  if (anyOf('desk')) {
    const { child, ready } = await serve('desk', 'none');
    const stopPulsing = await pulseAsSources(ready);
    await fillDesk(ready);
    await takeDesk(ready, 'light');
    await takeDesk(ready, 'dark');
    stopPulsing();
    await end(child, 'SIGTERM');
  }
} finally {
  await browser.close();
  for (const child of servers) await end(child, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}
