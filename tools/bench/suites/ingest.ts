import { type BenchServer, startServer } from '../benchServer.ts';
import { type Bench, check, type Measurement, median, rounded, spread } from '../figures.ts';
import { openConnection, pause, postAll } from '../httpLoad.ts';
import type { ServerOptions } from '../processes/server.ts';

interface Round {
  readonly perSecond: number;
  readonly cpuUsPerRequest: number;
  readonly latencies: readonly number[];
}

/** One burst of reports from 64 connections. */
async function burst(server: BenchServer, count: number): Promise<Round> {
  const bodies = Array.from({ length: count }, () => JSON.stringify(server.body()));
  const before = await server.usage();
  const { tookMs, latencies } = await postAll({
    port: server.port,
    token: server.sourceToken,
    path: '/api/v1/tickets',
    connections: 64,
    bodies,
    expected: 201,
  });
  const after = await server.usage();
  return {
    perSecond: (count / tookMs) * 1000,
    cpuUsPerRequest: ((after.cpuMs - before.cpuMs) / count) * 1000,
    latencies,
  };
}

function told(rounds: readonly Round[]) {
  return {
    perSecond: spread(rounds.map(({ perSecond }) => perSecond)),
    cpuUsPerRequest: spread(rounds.map(({ cpuUsPerRequest }) => cpuUsPerRequest)),
    latencyMs: spread(rounds.flatMap(({ latencies }) => latencies)),
  };
}

/** Bursts on each of several servers by turns, so that what else the machine does falls on all of them alike. */
async function byTurns(
  bench: Bench,
  variants: Readonly<Record<string, Omit<ServerOptions, 'directory'>>>,
  options: { readonly open: number; readonly rounds: number; readonly perRound: Readonly<Record<string, number>> },
): Promise<Record<string, Round[]>> {
  const servers = new Map<string, BenchServer>();
  const rounds: Record<string, Round[]> = {};
  for (const [name, variant] of Object.entries(variants)) {
    const server = await startServer({ directory: bench.folder(), ...variant });
    servers.set(name, server);
    rounds[name] = [];
    if (variant.storage !== 'syncEach') await server.fill(options.open);
    await burst(server, Math.min(2000, options.perRound[name] as number));
  }
  for (let round = 0; round < options.rounds; round += 1) {
    const turn = [...servers];
    if (round % 2 === 1) turn.reverse();
    for (const [name, server] of turn) rounds[name]?.push(await burst(server, options.perRound[name] as number));
  }
  for (const server of servers.values()) await server.end();
  return rounds;
}

const perSecond = (rounds: readonly Round[] | undefined) => median((rounds ?? []).map((round) => round.perSecond));
const cpu = (rounds: readonly Round[] | undefined) => median((rounds ?? []).map((round) => round.cpuUsPerRequest));

export async function durableIngest(bench: Bench): Promise<Measurement> {
  const perRound = bench.effort.pick(3000, 1500);
  const { durable, stubbed, withoutAlerts } = await byTurns(
    bench,
    {
      durable: { storage: 'grouped' },
      stubbed: { storage: 'stubbed' },
      withoutAlerts: { storage: 'stubbed', alerts: false },
    },
    {
      open: 1000,
      rounds: bench.effort.pick(9, 5),
      perRound: { durable: perRound, stubbed: perRound, withoutAlerts: perRound },
    },
  );
  return {
    name: 'durable ingest against the same handler with storage stubbed',
    goal: 4,
    method:
      'closed loop, 64 keep-alive connections, POST /api/v1/tickets, 1,000 tickets open; both servers are the real one in a process each, bursts by turns; the stub decides the report and its alerts and answers, writes nothing and tells nobody; told beside it, one that decides no alerts either',
    checks: [
      check('throughput', perSecond(durable) / perSecond(stubbed), 0.75, '× anchor', 'atLeast'),
      check('processor time per request', cpu(durable) / cpu(stubbed), 1.25),
    ],
    figures: {
      durable: told(durable ?? []),
      stubbed: told(stubbed ?? []),
      stubbedWithoutAlerts: told(withoutAlerts ?? []),
    },
  };
}

export async function slowedFlush(bench: Bench): Promise<Measurement> {
  const checks = [];
  const figures: Record<string, unknown> = {};
  for (const [slowerFlushMs, least] of [
    [2, 8],
    [10, 15],
  ] as const) {
    const { durable, each } = await byTurns(
      bench,
      { durable: { storage: 'grouped', slowerFlushMs }, each: { storage: 'syncEach', slowerFlushMs } },
      {
        open: 1000,
        rounds: 3,
        perRound: {
          durable: bench.effort.pick(3000, 1500),
          each: Math.round(bench.effort.pick(800, 400) / slowerFlushMs),
        },
      },
    );
    checks.push(
      check(
        `throughput, ${slowerFlushMs} ms more a flush`,
        perSecond(durable) / perSecond(each),
        least,
        '× anchor',
        'atLeast',
      ),
    );
    figures[`with ${slowerFlushMs} ms`] = { durable: told(durable ?? []), syncEach: told(each ?? []) };
  }
  return {
    name: 'durable ingest on a slow disk against a sync per request',
    goal: 5,
    method:
      'as goal 4, with a timer of 2 or 10 ms after each fdatasync; the twin writes and syncs each report by itself, one after the other',
    checks,
    figures,
  };
}

export async function growth(bench: Bench): Promise<Measurement> {
  const sizes = bench.effort.pick([100, 1000, 10_000, 50_000], [100, 50_000]);
  const servers = new Map<number, BenchServer>();
  const rounds = new Map<number, Round[]>();
  for (const size of sizes) {
    bench.say(`filling ${size} open tickets`);
    const server = await startServer({ directory: bench.folder(), storage: 'grouped' });
    await server.fill(size);
    await burst(server, 500);
    servers.set(size, server);
    rounds.set(size, []);
  }
  for (let round = 0; round < 4; round += 1) {
    for (const [size, server] of servers) {
      // Few, so that the smaller board stays small
      rounds.get(size)?.push(await burst(server, bench.effort.pick(600, 400)));
    }
  }
  const heapBytes = Object.fromEntries(
    await Promise.all(
      [...servers].map(async ([size, server]) => [size, await server.process.ask('heapAfterCollection')]),
    ),
  );
  const most = sizes.at(-1) as number;
  for (const [size, server] of servers) if (size !== most) await server.end();
  const stalls = await snapshotStalls(bench, servers.get(most) as BenchServer);
  return {
    name: 'growth from 100 to 50,000 open tickets, and the snapshot of 50,000',
    goal: 6,
    method:
      'a server for each size, bursts of reports from 64 connections by turns; then 50,000 open tickets, and the longest time for which the event loop did nothing else while snapshots were written: at rest (a report each 5 ms) and, as its anchor, over the same time without a snapshot and with one JSON.stringify of the board',
    checks: [
      check('processor time per request, 50,000 against 100', cpu(rounds.get(most)) / cpu(rounds.get(100)), 1.3),
      check('longest stall at a snapshot', stalls.withSnapshot, 60, 'ms'),
    ],
    figures: {
      bySize: Object.fromEntries([...rounds].map(([size, list]) => [size, told(list)])),
      heapBytes,
      stalls: stalls.told,
    },
  };
}

/** The board of 50,000, reports trickling in; a snapshot falls due in some of the windows that are watched. */
async function snapshotStalls(bench: Bench, server: BenchServer) {
  const naiveMs: number[] = [];
  const withSnapshot: number[] = [];
  const without: number[] = [];
  const wholeMs: number[] = [];
  for (let round = 0; round < bench.effort.pick(5, 3); round += 1) {
    for (const snapshot of [false, true]) {
      await server.process.ask('watchLoop');
      const startedAt = performance.now();
      let done = false;
      const written = (
        snapshot ? server.process.ask('snapshot') : pause(median(wholeMs.length > 0 ? wholeMs : [1000]))
      ).then(() => {
        done = true;
      });
      const connection = await openConnection(server.port, server.sourceToken);
      while (!done) {
        await connection.post('/api/v1/tickets', JSON.stringify(server.body()));
        await pause(5);
      }
      await written;
      connection.close();
      if (snapshot) wholeMs.push(performance.now() - startedAt);
      (snapshot ? withSnapshot : without).push(await server.process.ask<number>('longestStallMs'));
    }
    naiveMs.push(await server.process.ask<number>('stringifyBoardMs'));
  }
  await server.end();
  return {
    withSnapshot: median(withSnapshot),
    told: {
      withSnapshotMs: spread(withSnapshot),
      snapshotTookMs: spread(wholeMs),
      withoutSnapshotMs: spread(without),
      stringifyInOneGoMs: spread(naiveMs),
      ratioToOneGo: rounded(median(withSnapshot) / median(naiveMs)),
    },
  };
}
