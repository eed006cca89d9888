import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createSteppedClock } from '../../server/clock.ts';
import { ticketIn } from '../support/builders.ts';
import { HOUR, MINUTE } from '../support/domainBuilders.ts';
import { startServer, TEST_START_AT, type TestServer } from '../support/startServer.ts';

const clock = createSteppedClock({ mode: 'live', startAt: TEST_START_AT });
let server: TestServer;
let source: string;
let duty: string;

beforeAll(async () => {
  server = await startServer({ clock });
  source = (await server.makeClient('source')).token;
  duty = (await server.makeStaff('duty', undefined, '赵甲')).token;
});
afterAll(() => server.close());

const alertsOf = (id: string, token: string) => server.request('GET', `/api/v1/tickets/${id}/alerts`, { token });

it('tells the alerts of a ticket with who acknowledged them, live and from the archive, masked and within scope', async () => {
  const reported = await server.request('POST', '/api/v1/tickets', {
    token: source,
    body: ticketIn({ id: 'late', reportedAt: new Date(TEST_START_AT - 3 * HOUR).toISOString() }),
  });
  expect(reported.status).toBe(201);
  clock.advanceTo(TEST_START_AT + MINUTE);
  await vi.waitFor(async () => expect((await alertsOf('late', duty)).body.items).not.toEqual([]));
  const acknowledged = await server.request('POST', '/api/v1/alerts/overdue:late/acknowledge', {
    token: duty,
    body: {
      disposition: 'phoned',
      nextCheckAt: new Date(TEST_START_AT + 30 * MINUTE).toISOString(),
      note: '已联系养护组',
    },
  });
  expect(acknowledged.status).toBe(200);

  const { status, body } = await alertsOf('late', duty);
  expect(status).toBe(200);
  const overdue = body.items.find(({ alert }: { alert: { kind: string } }) => alert.kind === 'overdue');
  expect(overdue.alert).toMatchObject({ acknowledgedBy: '赵甲', disposition: 'phoned', note: '已联系养护组' });
  expect(overdue.log.map((entry: { stimulus: string }) => entry.stimulus)).toEqual(['raise', 'acknowledge']);
  expect((await alertsOf(reported.body.ticket.number, duty)).body).toEqual(body);

  const viewer = (await server.makeStaff('viewer')).token;
  const masked = JSON.stringify((await alertsOf('late', viewer)).body);
  expect(masked).toContain('赵*');
  expect(masked).not.toMatch(/赵甲|养护组/);

  const elsewhere = (await server.makeStaff('duty', 'shiqiao')).token;
  expect((await alertsOf('late', elsewhere)).body.code).toBe('not_found');
  expect((await alertsOf('unknown', duty)).status).toBe(404);

  const close = { step: 'close', at: new Date(TEST_START_AT).toISOString() };
  expect((await server.request('POST', '/api/v1/tickets/late/steps', { token: source, body: close })).status).toBe(201);
  clock.advanceTo(TEST_START_AT + (server.deployment.archiveAfterHours + 1) * HOUR);
  expect(await server.store.archiveEnded()).toBe(1);
  const archived = (await alertsOf('late', duty)).body.items;
  const still = archived.find(({ alert }: { alert: { kind: string } }) => alert.kind === 'overdue');
  expect(still.alert).toMatchObject({ state: 'normal', active: false });
  // Over and seen, nobody holds it any more; who had it stands in its log
  expect(still.log).toContainEqual(
    expect.objectContaining({ stimulus: 'acknowledge', actor: '赵甲', reason: 'phoned' }),
  );
});
