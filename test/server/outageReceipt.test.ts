import { afterEach, describe, expect, test } from 'vitest';
import type { BoardEvent } from '../../domain/events.ts';
import { isEnded, type Ticket, type TicketId } from '../../domain/ticket.ts';
import { evolveTicket } from '../../domain/wallState.ts';
import type { LiveSocket } from '../../renderer/live/liveSocket.ts';
import { HOUR, MINUTE, smallDeployment } from '../support/domainBuilders.ts';
import { freePort } from '../support/freePort.ts';
import { type ManualClock, manualClock } from '../support/manualClock.ts';
import { temporaryFolder } from '../support/openStore.ts';
import { openRendererWall, type RendererWall } from '../support/rendererWall.ts';
import { type SeededRandom, seededRandom } from '../support/seededRandom.ts';
import { startServer, TEST_START_AT, type TestServer } from '../support/startServer.ts';

const deployment = smallDeployment();
const FEED = { sourceId: 'feed', kind: 'client' } as const;

interface Hall {
  server: TestServer;
  readonly clock: ManualClock;
  readonly wall: RendererWall;
  readonly socket: LiveSocket;
  /** Every event since the beginning, in order. */
  readonly events: BoardEvent[];
  readonly ids: string[];
  /** Ends the server and starts another one on its folder and port. */
  restart(between: () => void): Promise<void>;
}

const closers: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function openHall(): Promise<Hall> {
  const directory = await temporaryFolder();
  const port = await freePort();
  const clock = manualClock(TEST_START_AT);
  const events: BoardEvent[] = [];
  const start = async () => {
    const server = await startServer({ deployment, clock: { ...clock, close() {} }, directory, port });
    server.store.onCommit((commit) => events.push(...commit.events));
    return server;
  };
  const server = await start();
  const { token } = await server.makeClient('wall');
  let socket: LiveSocket | undefined;
  const wall = openRendererWall(server.url, token, (opened) => {
    socket = opened;
    return opened;
  });
  const hall: Hall = {
    server,
    clock,
    wall,
    socket: socket as unknown as LiveSocket,
    events,
    ids: [],
    async restart(between) {
      await hall.server.close();
      between();
      hall.server = await start();
    },
  };
  closers.push(
    () => hall.server.close(),
    () => wall.close(),
  );
  return hall;
}

/** One thing that happens in a hall: a report, a step, an acknowledgement, time going by, the archive. */
async function happen(hall: Hall, random: SeededRandom): Promise<void> {
  const { clock, ids, server } = hall;
  const now = clock.now();
  if (random.chance(0.5)) clock.advance(random.below(90) * MINUTE);
  if (random.chance(0.05)) clock.advance(30 * HOUR);
  if (random.chance(0.1)) await server.store.archiveEnded();
  const alerts = [...server.store.board.alerts.values()].filter(({ state }) => state === 'unacknowledged');
  if (alerts.length > 0 && random.chance(0.2)) {
    await server.store.alarm(random.pick(alerts).id, {
      kind: 'acknowledge',
      actor: '赵甲',
      disposition: 'phoned',
      nextCheckAt: clock.now() + HOUR,
    });
    return;
  }
  if (ids.length === 0 || random.chance(0.45)) {
    const id = `T-${ids.length + 1}`;
    ids.push(id);
    await server.app.ingest.reportChecked(FEED, {
      id,
      source: '网格员',
      category: random.pick(['parking', 'lamp', 'idea']),
      title: '路灯不亮',
      location: {},
      reportedAt: now - random.below(300) * MINUTE,
      ...(random.chance(0.6) ? { dueAt: now + (random.below(400) - 100) * MINUTE } : {}),
      ...(random.chance(0.1) ? { overdueClaim: true } : {}),
    });
    return;
  }
  const step = random.pick(['dispatch', 'handle', 'verify', 'close', 'void', 'suspend', 'resume', 'extend'] as const);
  const id = random.pick(ids);
  await server.app.ingest.stepChecked(FEED, id, {
    step,
    at: clock.now() - random.below(30) * MINUTE,
    by: step === 'verify' ? '乙' : '甲',
    ...(step === 'extend' ? { dueAt: clock.now() + random.below(200) * MINUTE } : {}),
  });
}

/** The receipt by the journal alone: what it holds after `cutSeq`, and every ticket as it came to be. */
function recount(events: readonly BoardEvent[], cutSeq: number, sinceAt: number, now: number) {
  const tickets = new Map<TicketId, Ticket>();
  const known = new Set<TicketId>();
  const acknowledged = new Set<string>();
  let caughtUp = 0;
  for (const [i, event] of events.entries()) {
    const missed = i >= cutSeq;
    if (event.type === 'ticketReported') {
      if (missed) caughtUp += 1;
      else known.add(event.ticketId);
    }
    if (event.type === 'alertChanged' && event.stimulus === 'acknowledge' && missed) acknowledged.add(event.alert.id);
    if (event.type === 'ticketReported' || event.type === 'stepTaken' || event.type === 'pointsAwarded') {
      tickets.set(event.ticketId, evolveTicket(tickets.get(event.ticketId), event) as Ticket);
    }
  }
  let newlyOverdue = 0;
  for (const { id, status, dueAt, handledAt, endedAt, suspendedAt, overdueClaim } of tickets.values()) {
    if (status === 'void') continue;
    const isNew = !known.has(id);
    if (dueAt === undefined) {
      if (isNew && overdueClaim === true) newlyOverdue += 1;
      continue;
    }
    const stoodAt = handledAt ?? (isEnded(status) ? endedAt : undefined) ?? suspendedAt ?? now;
    if (stoodAt > dueAt && (isNew || dueAt >= sinceAt)) newlyOverdue += 1;
  }
  return { caughtUp, newlyOverdue, acknowledged: acknowledged.size };
}

async function missTheRest(hall: Hall, random: SeededRandom, lose: () => Promise<void>): Promise<void> {
  for (let i = 0; i < 60; i += 1) await happen(hall, random);
  const { store } = hall.server;
  await hall.wall.reached(store.epoch, store.seq);
  const cutSeq = hall.events.length;
  hall.socket.disconnect();
  const sinceAt = hall.wall.snapshot()?.heardAt ?? Number.NaN;
  await lose();
  for (let i = 0; i < 60; i += 1) await happen(hall, random);
  hall.socket.connect();
  await hall.wall.reached(hall.server.store.epoch, hall.server.store.seq);
  const { missed } = hall.wall.snapshot()?.receipt ?? {};
  expect(missed).toEqual({
    fromAt: sinceAt,
    toAt: hall.clock.now(),
    ...recount(hall.events, cutSeq, sinceAt, hall.clock.now()),
  });
}

describe('the outage receipt equals what the journal says was missed', () => {
  for (const seed of [1, 2, 3, 4, 20260318]) {
    test(`event by event, seed ${seed}`, async () => {
      await missTheRest(await openHall(), seededRandom(seed), async () => {});
    });

    test(`from a new board after a restart, seed ${seed}`, async () => {
      const hall = await openHall();
      const random = seededRandom(seed);
      await missTheRest(hall, random, () => hall.restart(() => hall.clock.advance(random.below(12 * 60) * MINUTE)));
    });
  }
});
