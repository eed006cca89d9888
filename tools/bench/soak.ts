import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { ElectronApplication, Page } from '@playwright/test';
import { io, type Socket } from 'socket.io-client';
import { bundledNode } from '../childProcesses.mjs';
import { projectRoot } from '../electron.mjs';
import { layWire } from './proxy.ts';

/** How long a wall is worn: so many events in so much domain time, and so many cuts of its wire. */
export interface SoakPlan {
  readonly days: number;
  readonly events: number;
  readonly cuts: number;
  /** Domain seconds in a real one. */
  readonly speed: number;
}

/** What a wall and its server hold, after a full collection in the page. */
export interface Footprint {
  readonly heapMb: number;
  readonly nodes: number;
  readonly listeners: number;
  /** Open files, sockets and pipes. */
  readonly handles: { readonly main: number; readonly renderer: number; readonly server: number };
  readonly residentMb: { readonly main: number; readonly renderer: number; readonly server: number };
}

/** What a person can compare of two walls at one moment. */
export interface ShownBoard {
  readonly seq: number;
  readonly stream: readonly string[];
  readonly overdue: readonly string[];
  /** The text of each panel of counts. */
  readonly counts: Readonly<Record<string, string>>;
}

export interface SoakResult {
  readonly days: number;
  readonly events: number;
  readonly cuts: number;
  readonly acknowledged: number;
  /** At each fifth of the events, with whatever was being written at that moment. */
  readonly course: readonly Footprint[];
  /** At the end, and after the page was loaded anew with the same board. */
  readonly worn: Footprint;
  readonly fresh: Footprint;
  readonly shown: { readonly worn: ShownBoard; readonly fresh: ShownBoard };
}

/** A kiosk on its first page; whoever opened it closes it. */
export interface SoakKiosk {
  readonly app: ElectronApplication;
  readonly page: Page;
}

const ADMIN_PASSWORD = 'four words of a soak';
/** Report, dispatch, handling, verification, and what the server adds: the closing and the points. */
const EVENTS_OF_A_TICKET = 6;
const IN_FLIGHT = 100;
/** Every so many-th ticket is left until it is overdue. */
const LATE_ONE_IN = 97;
const LATE_HOURS = 5;
const CATEGORIES = ['nonMotorParking', 'litter', 'manholeMissing', 'heatingRepair'];
const LONGEST_CUT_MS = 2000;
const FIFTHS = 5;
/** A week between two cuts of a slow machine. */
const LONGEST_WAY_MS = 30 * 60_000;
/** Numbers step once a second, and after five seconds of silence a wall says that it is old. */
const ALIKE_WITHIN_MS = 4000;
const MOST_LOOKS = 10;
/**
 * Each minute a kiosk writes its board for a cold start: 50,000 tickets take four seconds and three times their memory.
 * What a page holds is the least of so many looks.
 */
const HEAP_LOOKS = 6;
const HEAP_LOOK_EVERY_MS = 2500;

interface Server {
  readonly url: string;
  readonly pid: number;
  call(method: string, path: string, body?: unknown): Promise<Record<string, unknown>>;
  signal(name: NodeJS.Signals): void;
  end(): Promise<void>;
}

async function startServer(directory: string, speed: number): Promise<Server> {
  const options = ['--port', '0', '--data', directory, '--source', 'demo', '--speed', String(speed)];
  const child = fork(join(projectRoot, 'out/server/index.js'), [...options, '--rate-limit', '100000'], {
    execPath: bundledNode(),
    execArgv: [],
    env: { ...process.env, WALL_ADMIN_PASSWORD: ADMIN_PASSWORD },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.once('message', (message) => resolve((message as { readonly url: string }).url));
    child.once('exit', (code, signal) => reject(new Error(`the server ended (${signal ?? code})`)));
  });
  let token = '';
  const call: Server['call'] = async (method, path, body) => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...(token === '' ? {} : { authorization: `Bearer ${token}` }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    // An alert may have gone, or been taken by somebody of the demo, since it was listed
    if (!response.ok && response.status !== 409 && response.status !== 404)
      throw new Error(`${method} ${path} was answered ${response.status}`);
    return (await response.json()) as Record<string, unknown>;
  };
  token = String((await call('POST', '/session', { username: 'admin', password: ADMIN_PASSWORD })).token);
  return {
    url,
    pid: child.pid as number,
    call,
    signal: (name) => void child.kill(name),
    async end() {
      const ended = once(child, 'exit');
      child.kill('SIGCONT');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Reports and handles tickets at an even pace, by `/feed`. */
function startLoad(
  feed: Socket,
  options: { readonly perSecond: number; readonly lateAfterMs: number; readonly grids: readonly string[] },
) {
  const startedMs = performance.now();
  const late: { readonly id: string; readonly dueMs: number }[] = [];
  let begun = 0;
  let inFlight = 0;
  let failed: Error | undefined;

  const ask = async (event: string, message: object): Promise<void> => {
    const answer = (await feed.emitWithAck(event, message)) as { readonly ok: boolean; readonly problem?: unknown };
    if (!answer.ok) throw new Error(`${event} was refused: ${JSON.stringify(answer.problem)}`);
  };
  const run = (work: Promise<void>): void => {
    inFlight += 1;
    work
      .catch((error: Error) => {
        failed ??= error;
      })
      .finally(() => {
        inFlight -= 1;
      });
  };
  async function settle(ticketId: string): Promise<void> {
    await ask('ticket:step', { ticketId, step: 'handle', by: '社区乙' });
    await ask('ticket:step', { ticketId, step: 'verify', by: '坐席丙' });
  }
  async function life(n: number): Promise<void> {
    const id = `soak-${n}`;
    await ask('ticket:report', {
      id,
      source: '12345',
      category: CATEGORIES[n % CATEGORIES.length],
      title: `第 ${n} 号巡检上报`,
      location: { gridId: options.grids[n % options.grids.length] },
    });
    await ask('ticket:step', { ticketId: id, step: 'dispatch', by: '坐席甲' });
    if (n % LATE_ONE_IN === 0) late.push({ id, dueMs: performance.now() + options.lateAfterMs });
    else await settle(id);
  }

  const timer = setInterval(() => {
    const now = performance.now();
    const wanted = ((now - startedMs) / 1000) * options.perSecond;
    while (begun < wanted && inFlight < IN_FLIGHT) {
      begun += 1;
      run(life(begun));
    }
    for (let first = late[0]; first !== undefined && first.dueMs <= now; first = late[0]) {
      late.shift();
      run(settle(first.id));
    }
  }, 20);
  return {
    failure: () => failed,
    /** Settles what is late too. */
    async stop() {
      clearInterval(timer);
      for (const { id } of late) run(settle(id));
      while (inFlight > 0) await pause(20);
    },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function until<T>(what: string, look: () => Promise<T | undefined>, withinMs = 60_000): Promise<T> {
  const endMs = performance.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (performance.now() > endMs) throw new Error(`${what} did not come within ${withinMs / 1000} s`);
    await pause(100);
  }
}

async function acknowledgeAll(server: Server): Promise<number> {
  let acknowledged = 0;
  for (const state of ['unacknowledged', 'returnedUnacknowledged']) {
    const { items } = (await server.call('GET', `/alerts?state=${state}&limit=50`)) as { items: { id: string }[] };
    for (const { id } of items) {
      await server.call('POST', `/alerts/${encodeURIComponent(id)}/acknowledge`, { disposition: 'phoned' });
      acknowledged += 1;
    }
  }
  return acknowledged;
}

function residentMb(pid: number): number {
  const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
  return Math.round((pages * 4096) / 1024 / 1024);
}

async function shownBoard(page: Page): Promise<ShownBoard> {
  return page.evaluate(() => {
    const all = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)];
    return {
      seq: Number(document.querySelector<HTMLElement>('[data-testid=wall]')?.dataset.seq),
      stream: all('[data-testid=stream-row]').map(({ dataset }) => `${dataset.ticketId} ${dataset.status}`),
      overdue: all('[data-testid=overdue-row]').map(({ dataset }) => `${dataset.alertId} ${dataset.state}`),
      counts: Object.fromEntries(
        all('[data-testid^=panel-]').map((panel) => [
          panel.dataset.testid as string,
          panel.querySelector('[data-count]')?.textContent ?? panel.textContent ?? '',
        ]),
      ),
    };
  });
}

/**
 * Looks until both show the same rows, as many as both have room for (a receipt takes the place of one), for at most `ALIKE_WITHIN_MS`; then
 * whatever they show.
 */
async function shownAlike(worn: Page, fresh: Page): Promise<SoakResult['shown']> {
  const endMs = performance.now() + ALIKE_WITHIN_MS;
  for (;;) {
    const [one, other] = await Promise.all([shownBoard(worn), shownBoard(fresh)]);
    const stream = Math.min(one.stream.length, other.stream.length);
    const overdue = Math.min(one.overdue.length, other.overdue.length);
    const cutTo = (board: ShownBoard): ShownBoard => ({
      ...board,
      stream: board.stream.slice(0, stream),
      overdue: board.overdue.slice(0, overdue),
    });
    const shown = { worn: cutTo(one), fresh: cutTo(other) };
    if (isDeepStrictEqual(shown.worn, shown.fresh) || performance.now() > endMs) return shown;
    await pause(100);
  }
}

/**
 * Wears a wall: a real kiosk and a real server with its clock compressed, tickets reported and handled all the while,
 * alerts that rise and are acknowledged, and a wire that is cut again and again. Then compares it with a fresh wall.
 */
export async function soak(
  plan: SoakPlan,
  parts: {
    readonly dataFolder: string;
    openKiosk(serverUrl: string, token: string): Promise<SoakKiosk>;
    /** Another page with the same size, for the fresh wall. */
    openPage(url: string): Promise<Page>;
    say(line: string): void;
  },
): Promise<SoakResult> {
  const server = await startServer(parts.dataFolder, plan.speed);
  const wire = await layWire(Number(new URL(server.url).port));
  const closers: (() => void)[] = [() => wire.close()];
  try {
    const token = String((await server.call('POST', '/clients', { name: 'soak', kind: 'wall' })).token);
    const sourceToken = String((await server.call('POST', '/clients', { name: 'soak', kind: 'source' })).token);
    const { grids } = (await server.call('GET', '/deployment')) as { grids: { id: string }[] };
    const kiosk = await parts.openKiosk(`http://127.0.0.1:${wire.port}`, token);
    const session = await kiosk.page.context().newCDPSession(kiosk.page);
    await session.send('Performance.enable');
    const rendererPid = await kiosk.app.evaluate(
      ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId() ?? 0,
    );
    const processes = { main: kiosk.app.process().pid as number, renderer: rendererPid, server: server.pid };
    const ofEach = (look: (pid: number) => number) => ({
      main: look(processes.main),
      renderer: look(processes.renderer),
      server: look(processes.server),
    });

    async function footprint(): Promise<Footprint> {
      await session.send('HeapProfiler.collectGarbage');
      await session.send('HeapProfiler.collectGarbage');
      const { metrics } = await session.send('Performance.getMetrics');
      const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
      return {
        heapMb: Math.round(of('JSHeapUsedSize') / 1024 / 102.4) / 10,
        nodes: of('Nodes'),
        listeners: of('JSEventListeners'),
        handles: ofEach((pid) => readdirSync(`/proc/${pid}/fd`).length),
        residentMb: ofEach(residentMb),
      };
    }
    /** While nothing is being written. */
    async function heldFootprint(): Promise<Footprint> {
      let least = await footprint();
      for (let look = 1; look < HEAP_LOOKS; look += 1) {
        await pause(HEAP_LOOK_EVERY_MS);
        const now = await footprint();
        if (now.heapMb < least.heapMb) least = now;
      }
      return least;
    }
    const isLive = async (page: Page) =>
      (await page.locator('[data-testid=wall][data-feed=live][data-seq]').count()) > 0 ? true : undefined;
    const status = async () => {
      const { seq, now } = await server.call('GET', '/status');
      return { seq: Number(seq), nowAt: Date.parse(String(now)) };
    };

    await until('the first data of the kiosk', () => isLive(kiosk.page));
    const begin = await status();
    const perSecond = ((plan.events / EVENTS_OF_A_TICKET) * plan.speed) / (plan.days * 86_400);
    const feed = io(`${server.url}/feed`, { auth: { token: sourceToken }, transports: ['websocket'] });
    closers.push(() => feed.close());
    const load = startLoad(feed, {
      perSecond,
      lateAfterMs: (LATE_HOURS * 3_600_000) / plan.speed,
      grids: grids.map(({ id }) => id),
    });

    let share = 0;
    let cuts = 0;
    /** At even shares of the way, each with time to come back from the one before. */
    async function cutAgainAndAgain(): Promise<void> {
      for (; cuts < plan.cuts; cuts += 1) {
        const next = (cuts + 1) / (plan.cuts + 1);
        await until(`cut ${cuts + 1}`, async () => (share >= next ? true : undefined), LONGEST_WAY_MS);
        wire.cut();
        // Each a little longer than the one before, over and over: short ones that nobody sees, and long ones that are told
        await pause(((cuts % 10) / 10) * LONGEST_CUT_MS);
        wire.mend();
        await until('the wall’s way back', () => isLive(kiosk.page));
      }
    }
    const course: Footprint[] = [];
    let acknowledged = 0;
    async function watch(): Promise<void> {
      while (share < 1) {
        const { seq, nowAt } = await status();
        share = Math.min((seq - begin.seq) / plan.events, (nowAt - begin.nowAt) / 86_400_000 / plan.days);
        acknowledged += await acknowledgeAll(server);
        const failure = load.failure();
        if (failure !== undefined) throw failure;
        if (share >= (course.length + 1) / FIFTHS) {
          const now = await footprint();
          course.push(now);
          const events = seq - begin.seq;
          parts.say(`${Math.round(share * 100)} %: ${events} events, ${cuts} cuts, ${JSON.stringify(now)}`);
        }
        await pause(100);
      }
    }
    await Promise.all([cutAgainAndAgain(), watch()]);
    await load.stop();
    await until('the wall’s last way back', () => isLive(kiosk.page));
    acknowledged += await acknowledgeAll(server);
    const end = await status();

    const freshPage = await parts.openPage(`${server.url}/wall#token=${token}`);
    await until('the fresh wall', () => isLive(freshPage));
    // While the server stands still nothing moves but what is on its way; it may have been stopped between two walls
    let shown: SoakResult['shown'];
    for (let look = 1; ; look += 1) {
      server.signal('SIGSTOP');
      shown = await shownAlike(kiosk.page, freshPage);
      server.signal('SIGCONT');
      if (shown.worn.seq === shown.fresh.seq || look === MOST_LOOKS) break;
      await until('both walls again', async () => (await isLive(kiosk.page)) && (await isLive(freshPage)));
    }
    await freshPage.close();

    const worn = await heldFootprint();
    const charts = kiosk.page.locator('canvas');
    const chartsOfWorn = await charts.count();
    await kiosk.page.reload();
    await until('the page loaded anew', () => isLive(kiosk.page));
    // Charts come after rows and numbers, and listen
    await until('its charts', async () => ((await charts.count()) >= chartsOfWorn ? true : undefined));
    const fresh = await heldFootprint();
    return {
      days: (end.nowAt - begin.nowAt) / 86_400_000,
      events: end.seq - begin.seq,
      cuts,
      acknowledged,
      course,
      worn,
      fresh,
      shown,
    };
  } finally {
    for (const close of closers.reverse()) close();
    await server.end();
  }
}
