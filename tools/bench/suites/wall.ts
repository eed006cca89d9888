import type { HubLimits } from '../../../server/live/hub.ts';
import { type BenchServer, startServer } from '../benchServer.ts';
import { type BenchBrowser, type BenchPage, withBrowser } from '../browser.ts';
import { type Bench, check, type Measurement, median, quantile, rounded, spread } from '../figures.ts';
import { forked } from '../forked.ts';
import { pause, postAll, postSteadily } from '../httpLoad.ts';

const FULL_HD = { width: 1920, height: 1080 };
const UHD = { width: 3840, height: 2160 };

/** A wall with its first data on it. */
async function openWall(
  browser: BenchBrowser,
  server: Pick<BenchServer, 'url' | 'wallToken'>,
  size = FULL_HD,
  url = server.url,
): Promise<BenchPage> {
  const wall = await browser.open(`${url}/wall#token=${server.wallToken}`, size);
  await wall.page.waitForSelector('[data-testid=wall][data-seq][data-feed=live]');
  return wall;
}

/** Settles when the page shows event `seq`; its own time of that. */
function shownSeq({ page }: BenchPage, seq: number): Promise<number> {
  return page.evaluate(
    (wanted) =>
      window.bench.when(() => Number(document.querySelector('[data-testid=wall]')?.getAttribute('data-seq')) >= wanted),
    seq,
  );
}

/** From here on the page notes when it shows which event. */
function followSeq({ page }: BenchPage): Promise<void> {
  return page.evaluate(() => {
    const seen: [number, number][] = [];
    const element = document.querySelector('[data-testid=wall]') as Element;
    const look = () => seen.push([performance.now(), Number(element.getAttribute('data-seq'))]);
    new MutationObserver(look).observe(element, { attributeFilter: ['data-seq'] });
    Object.assign(window, { seen });
  });
}

/** What it has noted: its own time, and the event. */
function seenSeqs({ page }: BenchPage): Promise<readonly (readonly [number, number])[]> {
  return page.evaluate(() => (window as unknown as { seen: [number, number][] }).seen);
}

/** ms between this process's clock and a page's: the same monotonic clock with another zero. */
async function clockOffset({ page }: BenchPage): Promise<number> {
  let best = { roundTripMs: Number.POSITIVE_INFINITY, offsetMs: 0 };
  for (let i = 0; i < 30; i += 1) {
    const before = performance.now();
    const there = await page.evaluate(() => performance.now());
    const after = performance.now();
    if (after - before < best.roundTripMs) {
      best = { roundTripMs: after - before, offsetMs: there - (before + after) / 2 };
    }
  }
  return best.offsetMs;
}

// ---- 1: a posted ticket, durable, in the DOM

/** The page posts and sees: one clock. Gives ms from the call of fetch to the change of the document. */
function postAndSee(page: BenchPage, options: { token: string; path: string; body: { id: string }; selector: string }) {
  return page.page.evaluate(async ({ token, path, body, selector }) => {
    const seen = window.bench.when(
      () =>
        document.querySelector(selector.replace('ID', body.id)) !== null ||
        document.getElementById('text')?.textContent === body.id,
    );
    const startedMs = performance.now();
    const answer = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
    if (answer.status !== 201) throw new Error(`answered ${answer.status}`);
    return (await seen) - startedMs;
  }, options);
}

export async function idlePath(bench: Bench): Promise<Measurement> {
  const product = await bench.page('product');
  const server = await startServer({ directory: bench.folder(), storage: 'grouped', pages: product });
  await server.fill(300);
  const twin = await forked('twin.ts');
  const { port } = await twin.ask<{ port: number }>('where');
  const result = await withBrowser(async (browser) => {
    const wall = await openWall(browser, server);
    const anchor = await browser.open(`http://127.0.0.1:${port}/`);
    await anchor.page.waitForFunction(() => document.getElementById('text')?.textContent === 'first data');
    const ours: number[] = [];
    const theirs: number[] = [];
    const post = (page: BenchPage) =>
      postAndSee(page, {
        token: server.sourceToken,
        path: '/api/v1/tickets',
        body: server.body() as { id: string },
        selector: '[data-testid=stream-row][data-ticket-id="ID"]',
      });
    const posts = bench.effort.pick(150, 80);
    for (let i = -20; i < posts; i += 1) {
      for (const [page, into] of [
        [wall, ours],
        [anchor, theirs],
      ] as const) {
        const tookMs = await post(page);
        if (i >= 0) into.push(tookMs);
        // Quiet again, and at no fixed place within the second
        await pause(70 + ((i * 37) % 60));
      }
    }
    return { ours, theirs };
  });
  await Promise.all([server.end(), twin.end()]);
  const { ours, theirs } = result;
  return {
    name: 'posted, durable, in the DOM, idle, against http, ws and one text node',
    goal: 1,
    method:
      'one post at a time from within the page (fetch), 1,920 × 1,080, 300 tickets open; ms until a MutationObserver sees the row, or the anchor’s text; by turns, each in a page of its own',
    checks: [
      check('median', median(ours) / median(theirs), 3),
      check('99th percentile', quantile([...ours], 0.99) / quantile([...theirs], 0.99), 3.5),
      check('median', median(ours), 10, 'ms'),
    ],
    figures: { wallMs: spread(ours), anchorMs: spread(theirs) },
  };
}

// ---- 2: 100 events a second

/** A wall in a browser of its own, and its server. */
interface Worn {
  readonly server: BenchServer;
  readonly browser: BenchBrowser;
  readonly wall: BenchPage;
  /** Of Chromium's processes and of the page's main thread, ms a second. */
  readonly cpu: number[];
  readonly tasks: number[];
}

/** Of five events each. */
const TICKETS_PER_SECOND = 20;

export async function steadyFlow(bench: Bench): Promise<Measurement> {
  const perSecond = 100;
  const lagSeconds = bench.effort.pick(25, 10);
  // A commit's code is compiled after so many commits. The twin makes them eight times as often: after a few seconds it is
  // compiled and the product is not, after a minute most of both is, as on a wall that has hung there since the morning.
  const wornSeconds = bench.effort.pick(60, 5);
  const rounds = bench.effort.pick(5, 2);
  const seconds = bench.effort.pick(8, 5);

  async function openWorn(browser: BenchBrowser, server: BenchServer): Promise<Worn> {
    return { server, browser, wall: await openWall(browser, server), cpu: [], tasks: [] };
  }
  function flow({ server }: Worn, forSeconds: number, onAnswer?: (sentMs: number, seq: number) => void) {
    const { port, sourceToken: token } = server;
    return postSteadily({ port, token, perSecond, seconds: forSeconds, body: () => server.body(), onAnswer });
  }
  /** By tickets that are handled to their end, so that the board stays a district's. */
  async function wear({ server }: Worn): Promise<void> {
    for (let ticket = 0; ticket < wornSeconds * TICKETS_PER_SECOND; ticket += 1) {
      await Promise.all([server.fillHandled(1), pause(1000 / TICKETS_PER_SECOND)]);
    }
  }
  async function lagsOf(worn: Worn): Promise<number[]> {
    const { wall, server } = worn;
    await flow(worn, 2);
    const offsetMs = await clockOffset(wall);
    await followSeq(wall);
    const posted: [number, number][] = [];
    await flow(worn, lagSeconds, (sentMs, seq) => posted.push([sentMs, seq]));
    await shownSeq(wall, await server.seq());
    const seen = await seenSeqs(wall);
    return posted.flatMap(([sentMs, seq]) => {
      const first = seen.find(([, shown]) => shown >= seq);
      return first === undefined ? [] : [first[0] - offsetMs - sentMs];
    });
  }
  async function measure(worn: Worn): Promise<void> {
    const { browser, wall, cpu, tasks } = worn;
    await flow(worn, 1);
    const [cpuBefore, taskBefore] = [await browser.cpuMs(), await wall.taskMs()];
    await flow(worn, seconds);
    cpu.push(((await browser.cpuMs()) - cpuBefore) / seconds);
    tasks.push(((await wall.taskMs()) - taskBefore) / seconds);
  }

  async function start(page: Parameters<Bench['page']>[0], hub: Partial<HubLimits> = {}): Promise<BenchServer> {
    const server = await startServer({
      directory: bench.folder(),
      storage: 'grouped',
      pages: await bench.page(page),
      hub,
    });
    await server.fill(300);
    return server;
  }

  const loneServer = await start('product');
  const lags = await withBrowser(async (browser) => lagsOf(await openWorn(browser, loneServer)));
  await loneServer.end();
  const ourServer = await start('product');
  const twinServer = await start('commitPerEvent', { frameMs: 0, frameEvents: 1 });
  const { ours, twin } = await withBrowser((ourBrowser) =>
    withBrowser(async (twinBrowser) => {
      const ours = await openWorn(ourBrowser, ourServer);
      const twin = await openWorn(twinBrowser, twinServer);
      await Promise.all([wear(ours), wear(twin)]);
      for (let round = 0; round < rounds; round += 1) {
        const [first, second] = round % 2 === 0 ? [ours, twin] : [twin, ours];
        await measure(first);
        await measure(second);
      }
      return { ours, twin };
    }),
  );
  await Promise.all([ourServer.end(), twinServer.end()]);
  return {
    name: '100 reports a second, against a page that commits each event',
    goal: 2,
    method: `reports one by one at ${perSecond} a second, 1,920 × 1,080, software renderer; from sending each to data-seq reaching it, for ${lagSeconds} s, the wall alone; then processor time of all of Chromium’s processes for ${seconds} s by turns with a hub that sends and a page that commits each event by itself, and draws pulse and figures when they come, after ${wornSeconds} s of as many events on both, of tickets handled to their end`,
    checks: [
      check('data-seq reaches all, 99th percentile', quantile([...lags], 0.99), 100, 'ms'),
      check('browser processor time', median(ours.cpu) / median(twin.cpu), 0.35),
    ],
    figures: {
      lagMs: spread(lags),
      browserCpuMsPerSecond: { product: spread(ours.cpu), commitPerEvent: spread(twin.cpu) },
      mainThreadMsPerSecond: { product: spread(ours.tasks), commitPerEvent: spread(twin.tasks) },
    },
  };
}

// ---- 3 and 8: a burst, and coming back after one

export async function burstAndReturn(bench: Bench): Promise<readonly Measurement[]> {
  const missed = 10_000;
  const pages = await bench.page('product');
  const burstLags: number[] = [];
  const allOpen: Return[] = [];
  const handled: Return[] = [];
  const byEvents: Return[] = [];
  for (let round = 0; round < bench.effort.pick(3, 2); round += 1) {
    const server = await startServer({ directory: bench.folder(), storage: 'grouped', pages });
    await server.fill(300);
    await withBrowser(async (browser) => {
      const wall = await openWall(browser, server);
      await pause(500);
      burstLags.push(await burst(server, wall, missed));
    });
    await server.end();
    const fillOpen = (other: BenchServer) => other.fill(missed);
    const fillHandled = (other: BenchServer) => other.fillHandled(missed / 5);
    for (const [into, fill, hub] of [
      [allOpen, fillOpen, {}],
      [handled, fillHandled, {}],
      [byEvents, fillOpen, { keptEvents: 100_000, resumeEvents: 100_000 }],
    ] as const) {
      // Told for comparison only
      if (into === byEvents && round >= 1) continue;
      const other = await startServer({ directory: bench.folder(), storage: 'grouped', pages, hub });
      await withBrowser(async (browser) => {
        into.push(await comeBack(other, browser, fill));
      });
      await other.end();
    }
  }
  const of = (returns: readonly Return[], key: keyof Return) => median(returns.map((one) => one[key]));
  const told = (returns: readonly Return[]) => ({
    tookMs: spread(returns.map(({ tookMs }) => tookMs)),
    longestTaskMs: spread(returns.map(({ longestTaskMs }) => longestTaskMs)),
    serverCpuMs: spread(returns.map(({ serverCpuMs }) => serverCpuMs)),
  });
  return [
    {
      name: '10,000 reports from 16 connections: lag after the last answer',
      goal: 3,
      method: 'closed loop; ms from the last answer to data-seq showing the last event',
      checks: [check('lag, median of the bursts', median(burstLags), 50, 'ms')],
      figures: { lagMs: spread(burstLags) },
    },
    {
      name: 'back after 10,000 missed events',
      goal: 8,
      method:
        'a board of 1,000 tickets; the wall is cut off, 10,000 events are taken down, the wall is let in again; ms from its new socket being open to data-seq showing the last event, and the longest task of the page meanwhile; once 2,000 reports each handled to its end (dispatch, handle, verify and with it close), once 10,000 reports that all stay open; both as the server decides it (a snapshot), the latter also with a server told to send the events',
      checks: [
        check('by snapshot, 2,000 reports handled', of(handled, 'tookMs'), 100, 'ms'),
        check('10,000 reports open', of(allOpen, 'tookMs'), 250, 'ms'),
        check(
          'longest task of either',
          Math.max(of(handled, 'longestTaskMs'), of(allOpen, 'longestTaskMs')),
          100,
          'ms',
        ),
      ],
      figures: { handled: told(handled), allOpen: told(allOpen), allOpenByEvents: told(byEvents) },
    },
  ];
}

async function burst(server: BenchServer, wall: BenchPage, count: number): Promise<number> {
  const bodies = Array.from({ length: count }, () => JSON.stringify(server.body()));
  const { port, sourceToken: token } = server;
  await followSeq(wall);
  const offsetMs = await clockOffset(wall);
  await postAll({ port, token, path: '/api/v1/tickets', connections: 16, bodies, expected: 201 });
  const endedAt = performance.now();
  const last = await server.seq();
  await shownSeq(wall, last);
  const [shownMs = Number.NaN] = (await seenSeqs(wall)).find(([, shown]) => shown >= last) ?? [];
  return Math.max(0, shownMs - offsetMs - endedAt);
}

interface Return {
  readonly tookMs: number;
  readonly longestTaskMs: number;
  readonly serverCpuMs: number;
}

async function comeBack(
  server: BenchServer,
  browser: BenchBrowser,
  miss: (server: BenchServer) => Promise<void>,
): Promise<Return> {
  await server.fill(1000);
  const wall = await openWall(browser, server);
  await pause(500);
  await server.cut();
  await miss(server);
  await pause(1500);
  const seq = await server.seq();
  await wall.page.evaluate(() => {
    window.bench.longTasks.length = 0;
  });
  const before = await server.usage();
  await server.mend();
  const shownMs = await shownSeq(wall, seq);
  await pause(200);
  const { openedMs, longestTaskMs } = await wall.page.evaluate(() => ({
    openedMs: window.bench.openedMs,
    longestTaskMs: Math.max(0, ...window.bench.longTasks.map(({ tookMs }) => tookMs)),
  }));
  const after = await server.usage();
  return { tookMs: shownMs - openedMs, longestTaskMs, serverCpuMs: after.cpuMs - before.cpuMs };
}

// ---- 9: the 4K wall

interface Drawn {
  readonly mainThread: number;
  readonly slowFrames: number;
  readonly longTaskMsPerSecond: number;
  readonly framesPerSecond: number;
}

export async function bigWall(bench: Bench): Promise<Measurement> {
  const seconds = 6;
  const variants = {
    product: await bench.page('product'),
    chartsAtOnce: await bench.page('chartsAtOnce'),
  };
  const drawn: Record<keyof typeof variants, Drawn[]> = { product: [], chartsAtOnce: [] };
  for (let round = 0; round < bench.effort.pick(3, 2); round += 1) {
    for (const name of ['product', 'chartsAtOnce'] as const) {
      const server = await startServer({ directory: bench.folder(), storage: 'grouped', pages: variants[name] });
      await server.fillMonth();
      await server.fill(500);
      await withBrowser(async (browser) => {
        const wall = await openWall(browser, server, UHD);
        const { port, sourceToken: token } = server;
        const flow = (forSeconds: number) =>
          postSteadily({ port, token, perSecond: 100, seconds: forSeconds, body: () => server.body() });
        await flow(2);
        const before = await wall.taskMs();
        await wall.page.evaluate(() => {
          window.bench.longTasks.length = 0;
          window.bench.recordFrames(true);
        });
        const startedAt = performance.now();
        await flow(seconds);
        const tookSeconds = (performance.now() - startedAt) / 1000;
        const taskMs = (await wall.taskMs()) - before;
        const { frames, longTaskMs } = await wall.page.evaluate(() => {
          window.bench.recordFrames(false);
          return {
            frames: window.bench.frameMs,
            longTaskMs: window.bench.longTasks.reduce((sum, { tookMs }) => sum + tookMs, 0),
          };
        });
        drawn[name].push({
          mainThread: taskMs / 1000 / tookSeconds,
          slowFrames: frames.filter((ms) => ms > 33.5).length / frames.length,
          longTaskMsPerSecond: longTaskMs / tookSeconds,
          framesPerSecond: frames.length / tookSeconds,
        });
      });
      await server.end();
    }
  }
  const of = (name: keyof typeof variants, key: keyof Drawn) => drawn[name].map((one) => one[key]);
  const told = (name: keyof typeof variants) => ({
    mainThreadShare: spread(of(name, 'mainThread')),
    slowFrames: spread(of(name, 'slowFrames')),
    longTaskMsPerSecond: spread(of(name, 'longTaskMsPerSecond')),
    framesPerSecond: spread(of(name, 'framesPerSecond')),
  });
  return {
    name: 'a 4K wall at 100 reports a second, software renderer, against the same wall with animation and all charts in one tick',
    goal: 9,
    method: `3,840 × 2,160 at 15:42 after a month of reports, Chromium headless with --disable-gpu; the other draws each movement in each frame, as animations of the browser and of the chart library do, and a chart as soon as it is asked to; ${seconds} s a round after 2 s of the same, by turns; main thread: TaskDuration in thread ticks; frames: intervals of requestAnimationFrame over 33.5 ms; long tasks: those over 50 ms`,
    checks: [
      check('main thread', median(of('product', 'mainThread')) / median(of('chartsAtOnce', 'mainThread')), 0.6),
      check('frames over 33 ms', median(of('product', 'slowFrames')), 0.04, 'of all frames'),
      check('long tasks', median(of('product', 'longTaskMsPerSecond')), 10, 'ms/s'),
    ],
    figures: { product: told('product'), chartsAtOnce: told('chartsAtOnce') },
  };
}

// ---- 10: hours on the wall

/**
 * The script engine makes notes on code as it becomes hot, and compiles it again and again, for an hour; more than half of
 * what grows is that. Told to make all notes with the first run and to compile once, it grows by what the wall keeps.
 */
const NOTES_AT_ONCE = [
  '--js-flags=--no-lazy-feedback-allocation --no-flush-bytecode --no-opt --no-maglev --no-sparkplug',
];

export async function longWatch(bench: Bench): Promise<Measurement> {
  const seconds = bench.effort.pick(300, 30);
  const pages = await bench.page('product');
  const server = await startServer({ directory: bench.folder(), storage: 'grouped', pages });
  await server.fill(1000);
  const result = await withBrowser(async (browser) => {
    const wall = await openWall(browser, server);
    // What is kept only once it has been used, fonts and texts of all kinds of report, comes first
    await cycle(server, bench.effort.pick(180, 10), 10);
    const samples = [{ atSeconds: 0, ...(await wall.memory()) }];
    const startedAt = performance.now();
    for (let part = 1; part <= 6; part += 1) {
      await cycle(server, seconds / 6);
      samples.push({ atSeconds: (performance.now() - startedAt) / 1000, ...(await wall.memory()) });
    }
    return samples;
  }, NOTES_AT_ONCE);
  await server.end();
  const heap = slope(result.map(({ atSeconds, heapBytes }) => [atSeconds, heapBytes]));
  /** The clock's own words come and go by a few nodes, and the flood of the first thousand reports ends. */
  const nodesOf = (samples: readonly { readonly nodes: number }[]) => median(samples.map(({ nodes }) => nodes));
  return {
    name: `heap and DOM nodes over ${seconds} s at 10 events a second`,
    goal: 10,
    method:
      'the script engine told to make its notes with the first run and to compile nothing again (NOTES_AT_ONCE); after three minutes of five times as much, each second 2 reports, their closing dated two days back and their move to the archive, and 2 notes: the board stays at 1,000 tickets; after a full collection, the least-squares slope over seven samples; nodes of the whole page, the median of the last three samples against that of the first three',
    checks: [
      check('heap', (heap * 3600) / 2 ** 20, 2, 'MB an hour'),
      check('nodes', nodesOf(result.slice(-3)) - nodesOf(result.slice(0, 3)), 0, 'nodes'),
    ],
    figures: {
      samples: result.map(({ atSeconds, heapBytes, nodes }) => ({
        atSeconds: rounded(atSeconds),
        heapMiB: rounded(heapBytes / 2 ** 20),
        nodes,
      })),
    },
  };
}

/** Five events for each report, ten a second, on a board that stays as it is: what is reported leaves for the archive. */
async function cycle(server: BenchServer, seconds: number, reportsPerSecond = 2): Promise<void> {
  const dayMs = 24 * 3_600_000;
  const { port, sourceToken: token } = server;
  const post = (path: string, bodies: readonly object[]) =>
    postAll({ port, token, path, connections: 1, bodies: bodies.map((body) => JSON.stringify(body)), expected: 201 });
  const endsAt = performance.now() + seconds * 1000;
  while (performance.now() < endsAt) {
    const nextAt = performance.now() + 1000;
    const old = (daysBack: number) => new Date(Date.now() - daysBack * dayMs).toISOString();
    // In time: what was late is marked on the map until somebody has seen it, place after place
    const reports = Array.from(
      { length: reportsPerSecond },
      () => server.body({ reportedAt: old(4), dueAt: old(-30) }) as { id: string },
    );
    await post('/api/v1/tickets', reports);
    for (const { id } of reports) {
      await post(`/api/v1/tickets/${id}/steps`, [
        { step: 'note', at: old(4) },
        { step: 'close', at: old(3) },
      ]);
    }
    await server.process.ask('archiveEnded');
    await pause(Math.max(0, nextAt - performance.now()));
  }
}

function slope(points: readonly (readonly [number, number])[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = mean(points.map(([at]) => at));
  const y = mean(points.map(([, value]) => value));
  const covariance = points.reduce((sum, [at, value]) => sum + (at - x) * (value - y), 0);
  return covariance / points.reduce((sum, [at]) => sum + (at - x) ** 2, 0);
}
