import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSteppedClock } from '../../server/clock.ts';
import { ticketIn } from '../support/builders.ts';
import { startServer, TEST_START_AT, type TestAnswer, type TestServer } from '../support/startServer.ts';

const MINUTE = 60_000;
const clock = createSteppedClock({ mode: 'live', startAt: TEST_START_AT });
let server: TestServer;
let first: { id: string; token: string };
let second: { id: string; token: string };
let viewer: string;
let scoped: string;

beforeAll(async () => {
  server = await startServer({ clock });
  first = await server.makeStaff('duty', undefined, '赵甲');
  second = await server.makeStaff('duty', undefined, '钱乙丙');
  viewer = (await server.makeStaff('viewer')).token;
  const [street] = server.deployment.streets.filter(({ id }) => id !== streetOf('heyun-03'));
  scoped = (await server.makeStaff('duty', street?.id)).token;
});
afterAll(() => server.close());

function streetOf(gridId: string): string | undefined {
  const { grids, communities } = server.deployment;
  const communityId = grids.find(({ id }) => id === gridId)?.communityId;
  return communities.find(({ id }) => id === communityId)?.streetId;
}

/** A critical ticket, and the id of the alert that it raises at once. */
async function raise(id: string): Promise<string> {
  const body = ticketIn({ id, priority: 'critical' });
  expect((await server.request('POST', '/api/v1/tickets', { token: first.token, body })).status).toBe(201);
  return `criticalTicket:${id}`;
}

function send(token: string, path: string, body?: unknown) {
  return server.request('POST', `/api/v1/alerts/${path}`, { token, ...(body === undefined ? {} : { body }) });
}

describe('acknowledging', () => {
  test('names holder, disposition and next check, the standard span where none is sent', async () => {
    const alertId = await raise('ack-1');
    const { status, body } = await send(first.token, `${alertId}/acknowledge`, {
      disposition: 'phoned',
      note: '已联系',
    });
    expect(status).toBe(200);
    expect(body.alert).toMatchObject({
      id: alertId,
      kind: 'criticalTicket',
      ticketId: 'ack-1',
      severity: 'critical',
      state: 'acknowledged',
      raisedAt: '2026-03-18T10:06:00+08:00',
      acknowledgedBy: '赵甲',
      acknowledgedAt: '2026-03-18T10:06:00+08:00',
      disposition: 'phoned',
      note: '已联系',
      nextCheckAt: '2026-03-18T10:21:00+08:00',
      level: 0,
      heldBy: { zh: '网格', en: 'Grid' },
    });
    expect(body.alert).not.toHaveProperty('acknowledgedById');
  });

  test('again by the holder is 200, by another 409 naming the holder', async () => {
    const alertId = await raise('ack-2');
    const body = { disposition: 'onSite', nextCheckAt: '2026-03-18T10:30:00+08:00' };
    expect((await send(first.token, `${alertId}/acknowledge`, body)).status).toBe(200);
    const again = await send(first.token, `${alertId}/acknowledge`, body);
    expect([again.status, again.body.alert.acknowledgedBy]).toEqual([200, '赵甲']);
    const other = await send(second.token, `${alertId}/acknowledge`, body);
    expect([other.status, other.body.code, other.body.by]).toEqual([409, 'already_acknowledged', '赵甲']);
  });

  test('somebody of the same name is somebody else', async () => {
    const namesake = await server.makeStaff('duty', undefined, '赵甲');
    const alertId = await raise('ack-3');
    await send(first.token, `${alertId}/acknowledge`, { disposition: 'onSite' });
    expect((await send(namesake.token, `${alertId}/acknowledge`, { disposition: 'onSite' })).status).toBe(409);
  });

  test.each([
    ['no disposition', {}, 'disposition'],
    ['an unknown disposition', { disposition: 'ignored' }, 'disposition'],
    ['a check in the past', { disposition: 'phoned', nextCheckAt: '2026-03-18T10:05:00+08:00' }, 'nextCheckAt'],
    ['a check beyond the hour', { disposition: 'phoned', nextCheckAt: '2026-03-18T11:06:01+08:00' }, 'nextCheckAt'],
    ['a check that is no instant', { disposition: 'phoned', nextCheckAt: 'soon' }, 'nextCheckAt'],
    ['a note that is no text', { disposition: 'phoned', note: 1 }, 'note'],
  ])('%s is 400 by path', async (what, body, path) => {
    const alertId = await raise(`bad-${what.replaceAll(' ', '.')}`);
    const answer = await send(first.token, `${alertId}/acknowledge`, body);
    expect([answer.status, answer.body.errors.map((fault: { path: string }) => fault.path)]).toEqual([400, [path]]);
  });

  test('what is not there, over and seen, or not for this caller', async () => {
    const alertId = await raise('ack-4');
    const body = { disposition: 'phoned' };
    expect((await send(first.token, 'overdue:nothing/acknowledge', body)).status).toBe(404);
    expect((await send(viewer, `${alertId}/acknowledge`, body)).status).toBe(403);
    expect((await send(scoped, `${alertId}/acknowledge`, body)).status).toBe(404);
    expect((await send(first.token, `${alertId}/release`)).body).toMatchObject({
      status: 409,
      code: 'illegal_state',
      state: 'unacknowledged',
    });
  });

  test('what closed before anybody saw it leaves with the acknowledgement, and its retry is still yours', async () => {
    const alertId = await raise('ack-5');
    await server.request('POST', '/api/v1/tickets/ack-5/steps', { token: first.token, body: { step: 'close' } });
    const get = async () =>
      (await server.request('GET', `/api/v1/alerts/${alertId}`, { token: first.token })).body.alert;
    expect(await get()).toMatchObject({ state: 'returnedUnacknowledged', active: false });
    const body = { disposition: 'phoned' };
    expect((await send(first.token, `${alertId}/acknowledge`, body)).body.alert.state).toBe('normal');
    expect((await send(first.token, `${alertId}/acknowledge`, body)).status).toBe(200);
    expect((await send(second.token, `${alertId}/acknowledge`, body)).body.code).toBe('already_acknowledged');
  });

  test('two officers at the same millisecond, a thousand times: one 200, one 409', async () => {
    let firstWon = 0;
    const rounds = Array.from({ length: 1000 }, (_, i) => i);
    const rows = rounds.map((i) => JSON.stringify(ticketIn({ id: `race-${i}`, priority: 'critical' })));
    const headers = { 'content-type': 'application/x-ndjson' };
    await server.request('POST', '/api/v1/tickets/batch', { token: first.token, body: rows.join('\n'), headers });
    for (const i of rounds) {
      const path = `criticalTicket:race-${i}/acknowledge`;
      const officers = i % 2 === 0 ? [first, second] : [second, first];
      const answers = await Promise.all(
        officers.map(async ({ id, token }) => ({ id, ...(await send(token, path, { disposition: 'phoned' })) })),
      );
      const winner = answers.find(({ status }) => status === 200);
      const loser = answers.find(({ status }) => status === 409);
      expect(winner?.body.alert.acknowledgedBy).toBe(winner?.id === first.id ? '赵甲' : '钱乙丙');
      expect(loser?.body).toMatchObject({ code: 'already_acknowledged', by: winner?.body.alert.acknowledgedBy });
      if (winner?.id === first.id) firstWon += 1;
    }
    // Nobody is favoured by name
    expect(firstWon).toBeGreaterThan(0);
    expect(firstWon).toBeLessThan(1000);
  }, 60_000);
});

describe('a group', () => {
  test('is decided one by one, in order', async () => {
    const ids = [await raise('group-1'), await raise('group-2'), await raise('group-3')];
    await send(second.token, `${ids[1]}/acknowledge`, { disposition: 'onSite' });
    const { status, body } = await send(first.token, 'acknowledge', {
      ids: [...ids, 'overdue:nothing'],
      disposition: 'phoned',
    });
    expect(status).toBe(200);
    expect(body.results.map((row: { id: string; status: number }) => [row.id, row.status])).toEqual([
      [ids[0], 200],
      [ids[1], 409],
      [ids[2], 200],
      ['overdue:nothing', 404],
    ]);
    expect(body.results[1].problem.by).toBe('钱乙丙');
    const { log } = (await server.request('GET', `/api/v1/alerts/${ids[2]}`, { token: first.token })).body;
    expect(log.map((entry: { stimulus: string }) => entry.stimulus)).toEqual(['raise', 'acknowledge']);
  });

  test.each([
    ['more than 20', Array.from({ length: 21 }, (_, i) => `overdue:${i}`)],
    ['none', []],
    ['one twice', ['overdue:1', 'overdue:1']],
    ['whatever there is', undefined],
  ])('of %s is 400', async (_what, ids) => {
    const answer = await send(first.token, 'acknowledge', { ids, disposition: 'phoned' });
    expect([answer.status, answer.body.errors[0].path]).toEqual([400, 'ids']);
  });
});

describe('shelving', () => {
  test('has a reason and an end that comes by itself', async () => {
    const alertId = await raise('shelf-1');
    const until = new Date(clock.now() + 30 * MINUTE).toISOString();
    const shelved = await send(first.token, `${alertId}/shelve`, { until, reason: '等待配件' });
    expect(shelved.body.alert).toMatchObject({ state: 'shelved', shelvedBy: '赵甲', shelveReason: '等待配件' });
    expect((await send(first.token, `${alertId}/shelve`, { until, reason: '等待配件' })).status).toBe(200);
    expect((await send(second.token, `${alertId}/shelve`, { until, reason: '等待配件' })).status).toBe(409);
    clock.advanceTo(clock.now() + 30 * MINUTE);
    await server.request('POST', '/api/v1/tickets', { token: first.token, body: ticketIn() });
    const { alert, log } = (await server.request('GET', `/api/v1/alerts/${alertId}`, { token: first.token })).body;
    expect(alert).toMatchObject({ state: 'unacknowledged' });
    expect(alert).not.toHaveProperty('shelvedBy');
    expect(log.at(-1)).toMatchObject({
      stimulus: 'unshelve',
      from: 'shelved',
      to: 'unacknowledged',
      reason: 'shelfEnded',
    });
  });

  test('longer than 8 hours, into the past or without a reason is 400', async () => {
    const alertId = await raise('shelf-2');
    const inMinutes = (minutes: number) => new Date(clock.now() + minutes * MINUTE).toISOString();
    for (const [body, path] of [
      [{ until: inMinutes(8 * 60 + 1), reason: '等' }, 'until'],
      [{ until: inMinutes(-1), reason: '等' }, 'until'],
      [{ until: inMinutes(10), reason: ' ' }, 'reason'],
      [{ reason: '等' }, 'until'],
    ] as const) {
      const answer = await send(first.token, `${alertId}/shelve`, body);
      expect([answer.status, answer.body.errors[0].path]).toEqual([400, path]);
    }
  });

  test('is given back by release', async () => {
    const alertId = await raise('shelf-3');
    const until = new Date(clock.now() + 30 * MINUTE).toISOString();
    await send(first.token, `${alertId}/shelve`, { until, reason: '等待配件' });
    expect((await send(second.token, `${alertId}/release`)).body.alert.state).toBe('unacknowledged');
  });
});

describe('listing', () => {
  test('leaves out what is over and seen, filters, and pages without doubles', async () => {
    const list = (query: string, token = first.token) => server.request('GET', `/api/v1/alerts?${query}`, { token });
    const all = (await list('limit=200')).body;
    expect(all.items.every((item: { state: string }) => item.state !== 'normal')).toBe(true);
    expect((await list('state=normal')).body.items.map((item: { id: string }) => item.id)).toContain(
      'criticalTicket:ack-5',
    );
    expect((await list('kind=dueSoon')).body.total).toBe(0);
    expect((await list('severity=critical&state=shelved')).body.total).toBe(0);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const answer: TestAnswer = await list(`kind=criticalTicket&limit=150${cursor === '' ? '' : `&cursor=${cursor}`}`);
      seen.push(...answer.body.items.map((item: { id: string }) => item.id));
      cursor = answer.body.nextCursor;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength((await list('kind=criticalTicket')).body.total);
    for (const wrong of ['limit=0', 'limit=201', 'state=open', 'cursor=x']) {
      expect((await list(wrong)).status, wrong).toBe(400);
    }
    expect((await list('', scoped)).body.total).toBe(0);
  });

  test('masks people for those who only read', async () => {
    const alertId = await raise('mask-1');
    await send(second.token, `${alertId}/acknowledge`, {
      disposition: 'phoned',
      note: '机主 13800138000',
      assignTo: '孙丁',
    });
    const read = async (token: string) => (await server.request('GET', `/api/v1/alerts/${alertId}`, { token })).body;
    expect((await read(first.token)).alert).toMatchObject({ acknowledgedBy: '钱乙丙', assignTo: '孙丁' });
    const masked = await read(viewer);
    expect(masked.alert.acknowledgedBy).toMatch(/^钱\*/);
    expect(JSON.stringify(masked)).not.toMatch(/乙丙|孙丁|13800138000/);
    expect(masked.log.at(-1)).toMatchObject({ stimulus: 'acknowledge', reason: 'phoned' });
  });

  test('a source has no business here', async () => {
    const source = await server.makeClient('source');
    expect((await server.request('GET', '/api/v1/alerts', { token: source.token })).status).toBe(403);
    expect((await server.request('GET', '/api/v1/alerts')).status).toBe(401);
  });
});
