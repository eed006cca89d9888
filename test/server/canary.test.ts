import { afterEach, expect, test } from 'vitest';
import { CANARY_PERIOD_MS } from '../../domain/canary.ts';
import type { ClockState } from '../../protocol/wire.ts';
import { sendCanaries } from '../../server/ingest/canary.ts';
import { createManualRealTime } from '../support/manualRealTime.ts';
import { openStore, temporaryFolder } from '../support/openStore.ts';
import { openRendererWall, type RendererWall } from '../support/rendererWall.ts';
import { startServer, type TestServer } from '../support/startServer.ts';

const LIVE: ClockState = { mode: 'live', speed: 1 };
const warnings: object[] = [];
const log = { warn: (fields: object) => void warnings.push(fields) };
let server: TestServer | undefined;
let wall: RendererWall | undefined;

afterEach(async () => {
  wall?.close();
  await server?.close();
  server = undefined;
  wall = undefined;
  warnings.length = 0;
});

async function reachesWall(seq: number): Promise<void> {
  await wall?.reached(server?.store.epoch ?? '', seq);
}

/** What somebody can ask of the server about tickets, points and alerts. */
async function everythingCounted(running: TestServer): Promise<unknown> {
  const { token } = await running.makeStaff('duty');
  const answers = [];
  for (const path of [
    '/api/v1/tickets?limit=200',
    '/api/v1/tickets?q=canary',
    '/api/v1/statistics?from=2026-01-01T00:00:00Z&to=2026-12-31T00:00:00Z&at=2026-03-18T12:00:00%2B08:00&groupBy=domain',
    '/api/v1/alerts',
  ]) {
    const { status, body } = await running.request('GET', path, { token });
    expect(status, path).toBe(200);
    answers.push(body);
  }
  return [answers, [...running.store.facts()], [...running.store.pointsLedger()], running.registry.rows()];
}

test('W28 the canary travels from the ingest over the journal to the wall each real minute, and enters nothing that counts', async () => {
  server = await startServer();
  const real = createManualRealTime();
  const { token } = await server.makeClient('wall');
  wall = openRendererWall(server.url, token);
  const report = { source: 'grid', category: 'litter', title: '生活垃圾满溢', location: { gridId: 'heyun-03' } };
  const first = await server.app.ingest.reportChecked({ sourceId: 's', kind: 'client' }, report);
  const before = await everythingCounted(server);

  const stop = sendCanaries({
    ingest: server.app.ingest,
    clock: { state: () => LIVE },
    sentBefore: true,
    log,
    realTime: real,
  });
  await expect.poll(() => server?.store.seq).toBe(2);
  await reachesWall(2);
  expect(wall.snapshot()?.board.canary).toEqual({
    type: 'canaryPassed',
    at: server.clock.now(),
    recordedAt: server.clock.now(),
  });
  for (let minute = 2; minute <= 4; minute += 1) {
    real.pass(CANARY_PERIOD_MS);
    await expect.poll(() => server?.store.seq).toBe(minute + 1);
  }
  await reachesWall(5);
  stop();
  real.pass(10 * CANARY_PERIOD_MS);

  expect(await everythingCounted(server)).toEqual(before);
  expect(await server.store.archiveEnded()).toBe(0);
  expect(wall.tickets()).toHaveLength(1);
  expect(wall.snapshot()?.arrivals).toHaveLength(1);
  expect(warnings).toEqual([]);
  // Numbers are given to tickets alone
  const second = await server.app.ingest.reportChecked({ sourceId: 's', kind: 'client' }, report);
  if (!first.ok || !second.ok) throw new Error('not accepted');
  expect(Number(second.ticket.number.slice(-4))).toBe(Number(first.ticket.number.slice(-4)) + 1);
});

test('is not sent in a replay', () => {
  const real = createManualRealTime();
  const ingest = { canary: () => Promise.reject(new Error('sent')) };
  sendCanaries({
    ingest,
    clock: { state: () => ({ mode: 'replay', speed: 60 }) },
    sentBefore: true,
    log,
    realTime: real,
  });
  expect(real.waiting()).toBe(0);
});

test('lets a new board wait a minute for its first', () => {
  const real = createManualRealTime();
  let sent = 0;
  const ingest = {
    canary: async () => {
      sent += 1;
      return { ok: true as const, seq: sent };
    },
  };
  const stop = sendCanaries({ ingest, clock: { state: () => LIVE }, sentBefore: false, log, realTime: real });
  real.pass(CANARY_PERIOD_MS - 1);
  expect(sent).toBe(0);
  real.pass(1);
  expect(sent).toBe(1);
  stop();
});

test('waits for the one before, and says when it is refused', async () => {
  const real = createManualRealTime();
  let sent = 0;
  let answer = (_seq: number) => {};
  const ingest = {
    canary: () => {
      sent += 1;
      return new Promise<{ ok: true; seq: number }>((resolve) => {
        answer = (seq) => resolve({ ok: true, seq });
      });
    },
  };
  const stop = sendCanaries({ ingest, clock: { state: () => LIVE }, sentBefore: true, log, realTime: real });
  real.pass(5 * CANARY_PERIOD_MS);
  expect(sent).toBe(1);
  answer(1);
  await expect
    .poll(() => {
      real.pass(CANARY_PERIOD_MS);
      return sent;
    })
    .toBe(2);
  stop();
  const refused = async () => ({ ok: false as const, problem: { code: 'unavailable' } as never });
  sendCanaries({ ingest: { canary: refused }, clock: { state: () => LIVE }, sentBefore: true, log, realTime: real })();
  await expect.poll(() => warnings).toEqual([{ problem: 'unavailable' }]);
});

test('is durable before it counts, and a restart reads over it', async () => {
  const directory = await temporaryFolder();
  const first = await openStore(directory);
  expect(await first.store.canary()).toEqual({ ok: true, seq: 1 });
  await first.report({ id: 'A' });
  await first.store.close();
  expect(await first.store.canary()).toMatchObject({ ok: false, refusal: { reason: 'unavailable' } });
  const second = await openStore(directory);
  expect(second.store.seq).toBe(first.store.seq);
  expect([...second.store.facts()].map(({ id }) => id)).toEqual(['A']);
  await second.store.close();
});
