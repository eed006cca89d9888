import { expect, test, vi } from 'vitest';
import type { LiveSocket } from '../../renderer/live/liveSocket.ts';
import { createProjection } from '../../server/live/projection.ts';
import { at, HOUR } from '../support/domainBuilders.ts';
import { folderForTest } from '../support/faultyServer.ts';
import { freePort } from '../support/freePort.ts';
import { manualClock } from '../support/manualClock.ts';
import { randomReport, randomStep } from '../support/randomHistory.ts';
import { openRendererWall, type RendererWall } from '../support/rendererWall.ts';
import { type Roughness, roughSocket } from '../support/roughSocket.ts';
import { seededRandom } from '../support/seededRandom.ts';
import { startServer, type TestServer } from '../support/startServer.ts';

vi.setConfig({ testTimeout: 120_000 });

const ROUNDS = 50;
/** How long a wall may take, once the link is smooth again: two pulses find out what got lost last. */
const SETTLE_MS = 20_000;

/** The parts of a client's and of a server's connection that a test cuts and stops. */
interface ClientEngine {
  readonly io: {
    readonly engine?: {
      close(): void;
      readonly transport?: { readonly ws?: { readonly _socket?: { pause(): void; resume(): void } } };
    };
  };
}

const LINKS: readonly Roughness[] = [
  { lose: 0, repeat: 0, swap: 0, hold: 0, holdMs: 1 },
  { lose: 0.15, repeat: 0, swap: 0, hold: 0, holdMs: 1 },
  { lose: 0, repeat: 0.3, swap: 0.2, hold: 0, holdMs: 1 },
  { lose: 0.05, repeat: 0.1, swap: 0.05, hold: 0.2, holdMs: 150 },
];

/**
 * Walls as the page has them, on links that lose, repeat, swap and hold, with cuts from both sides, walls that stop
 * reading for a while and a server that is stopped and started: in the end each shows its projection of the board.
 */
async function converge(seed: number): Promise<void> {
  const random = seededRandom(seed);
  const directory = folderForTest();
  const port = await freePort();
  let clock = manualClock(at('14:00'));
  let server: TestServer = await startServer({ directory, port, clock });
  const gridIds = server.deployment.grids
    .slice(0, 3)
    .concat(server.deployment.grids.slice(-3))
    .map((grid) => grid.id);
  const streets = server.deployment.streets.map((street) => street.id);
  let over = false;
  const walls: { readonly wall: RendererWall; readonly engine: ClientEngine; readonly scope: string | undefined }[] =
    [];
  for (const [i, scope] of [undefined, streets[0], streets[1], undefined].entries()) {
    const { token } = await server.makeClient('wall', scope);
    let engine: unknown;
    const between = (socket: LiveSocket) => {
      engine = socket;
      return roughSocket(socket, seededRandom(seed * 10 + i), LINKS[i] as Roughness, () => over);
    };
    walls.push({ wall: openRendererWall(server.url, token, between), engine: engine as ClientEngine, scope });
  }
  const ids: string[] = [];
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const work: Promise<unknown>[] = [];
      const origin = { sourceId: 'fuzz', kind: 'demo' } as const;
      for (let i = random.below(10); i >= 0; i -= 1) {
        const name = `${round}-${i}`;
        if (ids.length === 0 || random.chance(0.4)) {
          const id = random.chance(0.1) && ids.length > 0 ? random.pick(ids) : `T-${name}`;
          ids.push(id);
          work.push(server.app.ingest.reportChecked(origin, randomReport(random, id, gridIds)));
        } else {
          const id = random.pick(ids);
          work.push(server.app.ingest.stepChecked(origin, id, randomStep(random, `S-${name}`, ids)));
        }
      }
      if (random.chance(0.05)) {
        clock.advance(80 * HOUR);
        work.push(server.store.archiveEnded());
      }
      const { engine } = random.pick(walls);
      const fate = random.below(12);
      if (fate === 0) engine.io.engine?.close();
      if (fate === 1)
        for (const socket of server.app.io.of('/wall').sockets.values()) if (random.chance(0.5)) socket.conn.close();
      if (fate === 2) {
        const tcp = engine.io.engine?.transport?.ws?._socket;
        tcp?.pause();
        setTimeout(() => tcp?.resume(), 50 + random.below(300));
      }
      if (random.chance(0.5)) await Promise.all(work);
      if (random.chance(0.3)) await new Promise((resolve) => setTimeout(resolve, random.below(80)));
      if (random.chance(0.04)) {
        await Promise.all(work);
        const now = clock.now();
        await server.close();
        clock = manualClock(now);
        server = await startServer({ directory, port, clock });
      }
    }
    over = true;
    const last = { ...randomReport(random, 'last', gridIds), location: { gridId: gridIds[0] as string } };
    await server.app.ingest.reportChecked({ sourceId: 'fuzz', kind: 'demo' }, last);
    const { epoch, seq } = server.store;
    const projection = createProjection(server.deployment);
    for (const [i, { wall, scope }] of walls.entries()) {
      const audience = { kind: 'wall', ...(scope === undefined ? {} : { scope }) } as const;
      const where = `seed ${seed}, wall ${i}, scope ${scope}`;
      const reached = wall.reached(epoch, seq).then(() => true);
      const late = new Promise<false>((resolve) => setTimeout(() => resolve(false), SETTLE_MS).unref());
      expect(
        await Promise.race([reached, late]),
        `${where} stands at ${wall.snapshot()?.seq} of ${seq}, ${JSON.stringify(wall.connection.state())}`,
      ).toBe(true);
      const expected = [...server.store.board.tickets.values()].flatMap(
        (ticket) => projection.projectTicket(ticket, audience) ?? [],
      );
      expect(wall.tickets(), where).toEqual(expected);
      const fresh = openRendererWall(server.url, (await server.makeClient('wall', scope)).token);
      await fresh.reached(epoch, seq);
      expect(fresh.tickets(), `${where}, fresh`).toEqual(expected);
      fresh.close();
    }
  } finally {
    for (const { wall } of walls) wall.close();
    await server.close();
  }
}

const seeds = process.env.TRUST_SEED === undefined ? [1, 2, 3, 4, 5] : [Number(process.env.TRUST_SEED)];
test.each(seeds)(
  'W15 W21 W30 the page’s own walls converge over cuts, delays, losses, repeats, restarts and pauses, seed %i',
  converge,
);
