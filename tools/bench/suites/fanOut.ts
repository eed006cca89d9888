import { startServer } from '../benchServer.ts';
import { type Bench, check, type Measurement, median, rounded, spread } from '../figures.ts';
import { forked } from '../forked.ts';
import { pause, postSteadily } from '../httpLoad.ts';
import type { Usage } from '../processes/usage.ts';

const WALLS = 100;
const EVENTS_PER_SECOND = 1000;
/** The twin's processor would be the limit before this machine's other core is: its cost is per message all the same. */
const TWIN_EVENTS_PER_SECOND = 200;

export async function fanOut(bench: Bench): Promise<Measurement> {
  const seconds = 3;
  const rounds = bench.effort.pick(8, 3);
  const server = await startServer({ directory: bench.folder(), storage: 'grouped' });
  const twin = await forked('twin.ts');
  const { port: twinPort } = await twin.ask<{ port: number }>('where');
  const walls = await forked('walls.ts');
  await server.fill(1000);

  /** Processor time of the server over some seconds of events, and how many they were. */
  async function run(): Promise<{ cpuMs: number; events: number; tookMs: number }> {
    const [before, seqBefore, startedAt] = [await server.usage(), await server.seq(), performance.now()];
    const { port, sourceToken: token } = server;
    await postSteadily({
      port,
      token,
      perSecond: EVENTS_PER_SECOND,
      seconds,
      body: () => server.body(),
    });
    await pause(100);
    const after = await server.usage();
    return {
      cpuMs: after.cpuMs - before.cpuMs,
      events: (await server.seq()) - seqBefore,
      tookMs: performance.now() - startedAt,
    };
  }

  const perEventAndWallUs: number[] = [];
  const twinPerEventAndWallUs: number[] = [];
  const shareWithWalls: number[] = [];
  const shareWithout: number[] = [];
  const messages: number[] = [];
  await run();
  await walls.ask('listen', { port: twinPort, count: WALLS });
  await twin.ask<number>('send', { event: server.body(), perSecond: TWIN_EVENTS_PER_SECOND, seconds });
  await walls.ask('leave');
  for (let round = 0; round < rounds; round += 1) {
    const alone = await run();
    await walls.ask('follow', {
      port: server.port,
      token: server.wallToken,
      count: WALLS,
      epoch: server.epoch,
      seq: await server.seq(),
    });
    const followed = await run();
    messages.push(((await walls.ask<{ messages: number }>('received')).messages / WALLS / followed.tookMs) * 1000);
    await walls.ask('leave');
    const fanOutMs = followed.cpuMs - alone.cpuMs * (followed.events / alone.events);
    perEventAndWallUs.push((fanOutMs / followed.events / WALLS) * 1000);
    shareWithWalls.push(followed.cpuMs / followed.tookMs);
    shareWithout.push(alone.cpuMs / alone.tookMs);

    await walls.ask('listen', { port: twinPort, count: WALLS });
    const before = await twin.ask<Usage>('usage');
    const sent = await twin.ask<number>('send', { event: server.body(), perSecond: TWIN_EVENTS_PER_SECOND, seconds });
    const after = await twin.ask<Usage>('usage');
    await walls.ask('leave');
    twinPerEventAndWallUs.push(((after.cpuMs - before.cpuMs) / sent / WALLS) * 1000);
  }
  await Promise.all([server.end(), twin.end(), walls.end()]);
  return {
    name: 'fan-out of 1,000 events a second to 100 walls against raw ws, each event by itself',
    goal: 7,
    method:
      'reports in batches each 10 ms at 1,000 a second with 100 subscribed walls and with none, by turns: the difference in processor time of the server, per event and wall; the twin stringifies an event and sends it to 100 bare websockets, 200 a second',
    checks: [
      check('processor time per event and wall', median(perEventAndWallUs) / median(twinPerEventAndWallUs), 0.15),
      check('of a core, for 100 walls', (median(perEventAndWallUs) * WALLS * EVENTS_PER_SECOND) / 10_000, 10, '%'),
    ],
    figures: {
      cpuUsPerEventAndWall: spread(perEventAndWallUs),
      twinCpuUsPerEventAndWall: spread(twinPerEventAndWallUs),
      shareOfACoreWithWalls: spread(shareWithWalls),
      shareOfACoreWithoutWalls: spread(shareWithout),
      framesPerWallAndSecond: rounded(median(messages)),
    },
  };
}
