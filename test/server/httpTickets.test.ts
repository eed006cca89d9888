import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ticketIn } from '../support/builders.ts';
import { DAY, HOUR, MINUTE } from '../support/domainBuilders.ts';
import { startServer, TEST_START_AT, type TestServer } from '../support/startServer.ts';

let server: TestServer;
let source: string;
let duty: string;

beforeAll(async () => {
  server = await startServer();
  source = (await server.makeClient('source')).token;
  duty = (await server.makeStaff('duty', undefined, '值班员甲')).token;
});
afterAll(() => server.close());

const report = (body: unknown, token = source) => server.request('POST', '/api/v1/tickets', { token, body });
const take = (id: string, body: unknown, token = source) =>
  server.request('POST', `/api/v1/tickets/${id}/steps`, { token, body });
const iso = (at: number) => new Date(at).toISOString();

describe('reporting', () => {
  it('answers 201 with the ticket, its number, deadline and first step', async () => {
    const { status, headers, body } = await report(
      ticketIn({ id: 'R-1', reporter: { id: 'G-0103', name: '吴己' } }),
      duty,
    );
    expect(status).toBe(201);
    expect(headers.get('content-type')).toContain('application/json');
    expect(body.seq).toBeGreaterThan(0);
    expect(body.ticket).toEqual({
      id: 'R-1',
      number: expect.stringMatching(/^GD-260318-\d{4}$/),
      source: 'grid',
      domain: 'urban',
      category: 'nonMotorParking',
      title: '荷韵花园单车乱停乱放',
      priority: 'normal',
      location: { gridId: 'heyun-03' },
      department: 'cityEnforcement',
      assistDepartments: [],
      reporter: { id: 'G-0103', name: '吴己' },
      reportedAt: '2026-03-18T10:06:00+08:00',
      recordedAt: '2026-03-18T10:06:00+08:00',
      dueAt: '2026-03-18T12:06:00+08:00',
      overdue: false,
      points: 0,
      level: 0,
      flags: [],
      status: 'reported',
      steps: [
        { step: 'report', at: '2026-03-18T10:06:00+08:00', by: '吴己', note: null, department: 'cityEnforcement' },
      ],
    });
  });

  it('takes the same id with the same content again with 200, in any field order and offset, and other content with 409', async () => {
    const first = await report(ticketIn({ id: 'R-2', reportedAt: '2026-03-18T10:00:00+08:00' }));
    expect(first.status).toBe(201);
    const { title, ...rest } = ticketIn({ id: 'R-2', reportedAt: '2026-03-18T02:00:00Z', unknownField: 7 });
    const again = await report({ title, ...rest });
    expect(again.status).toBe(200);
    expect(again.body.ticket).toEqual(first.body.ticket);
    const other = await report(ticketIn({ id: 'R-2', title: '别的' }));
    expect(other.status).toBe(409);
    expect(other.body).toMatchObject({ code: 'conflict', status: 409 });
    expect(other.headers.get('content-type')).toContain('application/problem+json');
  });

  it('makes an id where none is sent', async () => {
    const [one, two] = [await report(ticketIn()), await report(ticketIn())];
    expect([one.status, two.status]).toEqual([201, 201]);
    expect(one.body.ticket.id).toMatch(/^[\w.:-]{1,64}$/);
    expect(one.body.ticket.id).not.toBe(two.body.ticket.id);
  });

  it('names every faulty field', async () => {
    const { status, body } = await report({
      id: 'white space',
      source: 7,
      category: 'nonMotorParking',
      title: '',
      domain: 'weather',
      priority: 'urgent',
      location: { lng: 'east', lat: 91 },
      assistDepartments: ['works', 3],
      reporter: { phone: 13800000000 },
      reportedAt: '2026-03-18T10:06:00',
      overdueClaim: 'yes',
    });
    expect(status).toBe(400);
    expect(body.code).toBe('invalid');
    expect(body.errors.map((error: { path: string }) => error.path).sort()).toEqual([
      'assistDepartments.1',
      'domain',
      'id',
      'location.lat',
      'location.lng',
      'overdueClaim',
      'priority',
      'reportedAt',
      'reporter.phone',
      'source',
      'title',
    ]);
    for (const error of body.errors) expect(error.message).not.toBe('');
  });

  it.each([
    ['NUL', 'a\u0000b'],
    ['a right-to-left override', 'a\u202Eb'],
    ['an isolate', 'a\u2066b'],
    ['half a character', 'a\uD800b'],
    ['201 characters', '长'.repeat(201)],
    ['nothing but blanks', '  '],
  ])('refuses a title with %s', async (_what, title) => {
    const { status, body } = await report(ticketIn({ title }));
    expect(status).toBe(400);
    expect(body.errors).toEqual([{ path: 'title', message: expect.any(String) }]);
  });

  it('takes 200 characters beyond the basic plane, 10,000 of description, and leaves HTML as it is', async () => {
    const title = '𠮷'.repeat(200);
    const description = `<b>${'述'.repeat(9_993)}</b>`;
    const { status, body } = await report(ticketIn({ title, description }), duty);
    expect(status).toBe(201);
    expect(body.ticket).toMatchObject({ title, description });
    expect((await report(ticketIn({ description: '述'.repeat(10_001) }))).status).toBe(400);
  });

  it.each<[unknown, string]>([
    ['2026-03-18T10:06:00', 'no offset'],
    ['2026-03-18', 'no time'],
    ['2026-02-29T10:06:00+08:00', 'no such day'],
    ['1850-01-01T00:00:00Z', 'too early'],
    [1_773_799_560_000, 'a number'],
    [null, 'null'],
  ])('refuses %s as an instant: %s', async (reportedAt: unknown, _why: string) => {
    const { status, body } = await report(ticketIn({ reportedAt }));
    expect(status).toBe(400);
    expect(body.errors[0].path).toBe('reportedAt');
  });

  it('takes reports up to 5 minutes ahead of the server, no further, and any past', async () => {
    expect((await report(ticketIn({ reportedAt: iso(TEST_START_AT + 5 * MINUTE) }))).status).toBe(201);
    const ahead = await report(ticketIn({ reportedAt: iso(TEST_START_AT + 5 * MINUTE + 1) }));
    expect(ahead.status).toBe(400);
    expect(ahead.body.errors).toEqual([{ path: 'reportedAt', message: expect.any(String) }]);
    const past = await report(ticketIn({ reportedAt: '1999-12-31T23:59:59.999+08:00' }));
    expect(past.body.ticket.reportedAt).toBe('1999-12-31T23:59:59.999+08:00');
  });

  it('keeps unknown category, department and area as given and flags them', async () => {
    const { body } = await report(
      ticketIn({ category: 'meteorite', department: 'space', location: { gridId: 'crater' } }),
    );
    expect(body.ticket).toMatchObject({
      category: 'meteorite',
      department: 'space',
      location: { gridId: 'crater' },
      domain: server.deployment.fallback.domain,
      dueAt: null,
      flags: ['unlisted'],
    });
  });

  it('lets the deadline decide, and a claim of lateness only where there is none', async () => {
    const dueAt = iso(TEST_START_AT - MINUTE);
    const late = await report(ticketIn({ reportedAt: iso(TEST_START_AT - HOUR), dueAt, overdueClaim: false }));
    expect(late.body.ticket).toMatchObject({ overdue: true, overdueClaim: false });
    const claimed = await report(ticketIn({ category: 'meteorite', overdueClaim: true }));
    expect(claimed.body.ticket).toMatchObject({ overdue: true, dueAt: null });
  });
});

describe('bodies', () => {
  const raw = (body: string, headers: Record<string, string>, path = '/api/v1/tickets') =>
    server.request('POST', path, { token: source, body, headers });

  it('refuses what is no JSON, no object, or nothing', async () => {
    const json = { 'content-type': 'application/json' };
    expect((await raw('{"title":', json)).body).toMatchObject({ status: 400, code: 'malformed_json' });
    expect((await raw('"text"', json)).body).toMatchObject({ status: 400, code: 'invalid' });
    expect((await raw('', json)).body).toMatchObject({ status: 400, code: 'invalid' });
    expect((await raw('[]', json)).status).toBe(400);
  });

  it('says that a body is broken which only claims to be compressed', async () => {
    const answer = await server.request('POST', '/api/v1/tickets', {
      token: source,
      body: ticketIn({ id: 'zipped' }),
      headers: { 'content-encoding': 'gzip' },
    });
    expect(answer.body).toMatchObject({ status: 400, code: 'malformed_json' });
  });

  it('refuses other media types with 415 and more than 1 MiB with 413', async () => {
    expect((await raw('title=x', { 'content-type': 'application/x-www-form-urlencoded' })).body).toMatchObject({
      status: 415,
      code: 'unsupported_media_type',
    });
    const body = JSON.stringify(ticketIn({ description: 'x'.repeat(1024 * 1024) }));
    expect((await raw(body, { 'content-type': 'application/json' })).body).toMatchObject({
      status: 413,
      code: 'too_large',
    });
  });

  it('answers unknown paths and methods as problems too', async () => {
    const missing = await server.request('GET', '/api/v1/nothing');
    expect(missing.body).toMatchObject({ status: 404, code: 'not_found' });
    expect(missing.headers.get('content-type')).toContain('application/problem+json');
    const method = await server.request('PUT', '/api/v1/tickets', { token: source, body: {} });
    expect(method.body).toMatchObject({ status: 405, code: 'method_not_allowed' });
    expect(method.headers.get('allow')).toContain('POST');
    expect((await server.request('GET', '/api/v1/tickets/%E0%A4%A', { token: duty })).status).toBe(400);
  });
});

describe('steps', () => {
  it('takes 荷韵花园 from report to points: 10:06, 10:11, 10:14, +7, closed by 系统', async () => {
    const { body: reported } = await report(
      ticketIn({ id: 'HY-1', reportedAt: '2026-03-18T10:06:00+08:00', reporter: { id: 'G-0103', name: '吴己' } }),
    );
    const number = reported.ticket.number as string;
    // Five minutes' grace would not reach 10:14
    server.clock.advanceTo?.(Date.parse('2026-03-18T10:14:00+08:00'));
    const handled = await take('HY-1', { step: 'handle', at: '2026-03-18T10:11:00+08:00', by: '吴己' });
    expect(handled.status).toBe(201);
    expect(handled.body.ticket.status).toBe('handled');
    const verified = await take(number, { step: 'verify', at: '2026-03-18T10:14:00+08:00', by: '郑庚' }, duty);
    expect(verified.status).toBe(201);
    expect(verified.body.ticket).toMatchObject({ status: 'closed', points: 7, overdue: false, flags: [] });
    expect(verified.body.ticket.steps).toEqual([
      { step: 'report', at: '2026-03-18T10:06:00+08:00', by: '吴己', note: null, department: 'cityEnforcement' },
      { step: 'handle', at: '2026-03-18T10:11:00+08:00', by: '吴己', note: null, department: null },
      { step: 'verify', at: '2026-03-18T10:14:00+08:00', by: '郑庚', note: null, department: null },
      { step: 'close', at: '2026-03-18T10:14:00+08:00', by: '系统', note: null, department: null },
    ]);
    expect((await server.request('GET', `/api/v1/tickets/${number}`, { token: duty })).body).toEqual({
      ticket: verified.body.ticket,
    });

    const points = await server.request(
      'GET',
      '/api/v1/points?from=2026-03-01T00:00:00%2B08:00&to=2026-04-01T00:00:00%2B08:00',
      {
        token: duty,
      },
    );
    expect(points.body.groups).toEqual([{ officer: 'G-0103', gridId: 'heyun-03', points: 7, tickets: ['HY-1'] }]);
  });

  it('names state and allowed steps when a step is not legal, and repeats a close with 200', async () => {
    await report(ticketIn({ id: 'S-1' }));
    const illegal = await take('S-1', { step: 'verify' });
    expect(illegal.status).toBe(409);
    expect(illegal.body).toMatchObject({
      code: 'illegal_step',
      state: 'reported',
      allowed: expect.arrayContaining(['dispatch', 'handle', 'close', 'note', 'void']),
    });
    const closed = await take('S-1', { step: 'close' });
    expect(closed.body.ticket).toMatchObject({ status: 'closed', points: 0, flags: ['unverified'] });
    const again = await take('S-1', { step: 'close' });
    expect(again.status).toBe(200);
    expect(again.body.ticket).toEqual(closed.body.ticket);
    expect((await take('S-1', { step: 'note', note: '已回访' })).status).toBe(201);
    expect((await take('S-1', { step: 'handle' })).body).toMatchObject({ state: 'closed', allowed: ['note'] });
  });

  it('refuses verification by who handled', async () => {
    await report(ticketIn({ id: 'S-2' }));
    await take('S-2', { step: 'handle', by: '吴己' });
    const same = await take('S-2', { step: 'verify', by: '吴己' });
    expect(same.body).toMatchObject({ status: 409, code: 'same_person', by: '吴己' });
    expect((await take('S-2', { step: 'verify', by: '' })).status).toBe(201);
  });

  it('tells a retried step from a clash by its id', async () => {
    await report(ticketIn({ id: 'S-3' }));
    expect((await take('S-3', { id: 'a', step: 'dispatch', department: 'urbanEnforcement' })).status).toBe(201);
    expect((await take('S-3', { id: 'a', step: 'dispatch', department: 'urbanEnforcement' })).status).toBe(200);
    expect((await take('S-3', { id: 'a', step: 'handle' })).body).toMatchObject({ status: 409, code: 'conflict' });
  });

  it("gives a step taken at the desk the account's name, a source's none", async () => {
    await report(ticketIn({ id: 'S-4' }));
    expect((await take('S-4', { step: 'dispatch' }, duty)).body.ticket.steps.at(-1).by).toBe('值班员甲');
    expect((await take('S-4', { step: 'handle' })).body.ticket.steps.at(-1).by).toBeNull();
  });

  it('says by how much a handling was late', async () => {
    await report(ticketIn({ id: 'S-5', reportedAt: iso(TEST_START_AT - DAY), dueAt: iso(TEST_START_AT - HOUR) }));
    const { body } = await take('S-5', { step: 'handle', at: iso(TEST_START_AT) });
    expect(body.ticket).toMatchObject({ overdue: true });
    expect(body.ticket.steps.at(-1).lateByMs).toBe(HOUR);
    const closed = await take('S-5', { step: 'close', at: iso(TEST_START_AT + MINUTE) });
    expect(closed.body.ticket.steps.at(-1)).not.toHaveProperty('lateByMs');
  });

  it('moves the deadline by an extension and keeps the old one', async () => {
    const { body: before } = await report(ticketIn({ id: 'S-7' }));
    expect(before.ticket).not.toHaveProperty('originalDueAt');
    const later = '2026-03-18T20:00:00+08:00';
    const { status, body } = await take('S-7', { step: 'extend', dueAt: later, note: '待料' });
    expect(status).toBe(201);
    expect(body.ticket).toMatchObject({ dueAt: later, originalDueAt: before.ticket.dueAt, flags: ['extended'] });
    expect(body.ticket.steps.at(-1)).toMatchObject({ step: 'extend', dueAt: later });
  });

  it('refuses unknown tickets and wrong steps', async () => {
    expect((await take('nobody', { step: 'handle' })).body).toMatchObject({ status: 404, code: 'not_found' });
    await report(ticketIn({ id: 'S-6' }));
    for (const body of [
      { step: 'report' },
      { step: 'dance' },
      {},
      { step: 'extend' },
      { step: 'merge', into: 'nobody' },
    ]) {
      expect((await take('S-6', body)).body).toMatchObject({ status: 400, code: 'invalid' });
    }
  });
});

describe('batches', () => {
  const batch = (body: unknown, headers: Record<string, string> = {}) =>
    server.request('POST', '/api/v1/tickets/batch', { token: source, body, headers });

  it('answers each row in order and lets a bad one fail alone', async () => {
    const { status, body } = await batch([
      ticketIn({ id: 'B-1' }),
      { id: 'B-2', source: 'grid' },
      ticketIn({ id: 'B-1' }),
      ticketIn({ id: 'B-1', title: '别的' }),
      null,
      ticketIn({ id: 'B-3' }),
    ]);
    expect(status).toBe(200);
    expect(body.results.map((result: { status: number }) => result.status)).toEqual([201, 400, 200, 409, 400, 201]);
    expect(body.results.map((result: { id?: string }) => result.id)).toEqual([
      'B-1',
      'B-2',
      'B-1',
      'B-1',
      undefined,
      'B-3',
    ]);
    expect(body.results[1].problem.errors.map((error: { path: string }) => error.path).sort()).toEqual([
      'category',
      'location',
      'title',
    ]);
    expect(body.results[0]).not.toHaveProperty('problem');
  });

  it('takes one ticket a line', async () => {
    const lines = [JSON.stringify(ticketIn({ id: 'N-1' })), '{broken', '', JSON.stringify(ticketIn({ id: 'N-2' }))];
    const { status, body } = await batch(`${lines.join('\n')}\n`, { 'content-type': 'application/x-ndjson' });
    expect(status).toBe(200);
    expect(body.results).toMatchObject([
      { status: 201, id: 'N-1' },
      { status: 400, problem: { code: 'malformed_json' } },
      { status: 201, id: 'N-2' },
    ]);
  });

  it('takes 1,000 rows and refuses 1,001 as a whole', async () => {
    const rows = Array.from({ length: 1001 }, (_, i) => ticketIn({ id: `M-${i}` }));
    const seqBefore = server.store.seq;
    const many = await batch(rows);
    expect(many.body).toMatchObject({ status: 413, code: 'too_large' });
    expect(server.store.seq).toBe(seqBefore);
    const fits = await batch(rows.slice(1));
    expect(fits.body.results.every((result: { status: number }) => result.status === 201)).toBe(true);
    expect((await batch([])).body).toEqual({ results: [] });
    expect((await batch({ rows: [] })).body).toMatchObject({ status: 400, code: 'invalid' });
  });
});

describe('status and deployment', () => {
  it('counts what each source client sent', async () => {
    const { id, token } = await server.makeClient('source');
    await report(ticketIn(), token);
    await report({}, token);
    const { status, body } = await server.request('GET', '/api/v1/status', { token });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      epoch: server.store.epoch,
      seq: server.store.seq,
      now: expect.stringMatching(/^2026-03-18T.*\+08:00$/),
      clock: { mode: 'live', speed: 'max' },
    });
    expect(body.sources.find((row: { id: string }) => row.id === id)).toMatchObject({
      kind: 'client',
      name: 'source of the tests',
      state: 'live',
      lastEventAt: expect.any(String),
      accepted: 1,
      rejected: { invalid: 1 },
    });
  });

  it('describes the district', async () => {
    const { body } = await server.request('GET', '/api/v1/deployment', { token: source });
    expect(body).toMatchObject({ timeZone: 'Asia/Shanghai', readableNumbers: expect.arrayContaining(['12345']) });
    expect([body.streets.length, body.communities.length, body.grids.length]).toEqual([2, 57, 219]);
    expect(body.dispositions.map((disposition: { id: string }) => disposition.id)).toEqual([
      'phoned',
      'onSite',
      'extension',
      'transferred',
    ]);
    expect(body.categories.find((category: { id: string }) => category.id === 'nonMotorParking')).toMatchObject({
      points: 7,
      limit: { clock: 'clockHours', amount: 120 },
    });
  });
});
