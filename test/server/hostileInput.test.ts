import type { Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { problemBody } from '../../server/http/problemBody.ts';
import { ticketIn } from '../support/builders.ts';
import { connectSocket, connectWall } from '../support/connectWall.ts';
import { startServer, type TestServer } from '../support/startServer.ts';

vi.setConfig({ hookTimeout: 60_000 });

let server: TestServer;
let source: string;
let feed: Socket;

beforeAll(async () => {
  server = await startServer();
  source = (await server.makeClient('source')).token;
  feed = await connectSocket(server.url, '/feed', { token: source });
  const taken = await server.request('POST', '/api/v1/tickets', { token: source, body: ticketIn({ id: 'there' }) });
  expect(taken.status).toBe(201);
});
afterAll(async () => {
  feed.close();
  await server.close();
});

/** JSON as it stands, so that it may say what no object can. */
function rawTicket(members: string): string {
  return `{"source":"grid","category":"litter","title":"垃圾","location":{},${members}}`;
}

const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
const text = (title: string) => ticketIn({ title });

/** What a ticket, a row of a batch and a report over /feed are all refused for, and at which path. */
const WRONG: readonly (readonly [what: string, ticket: unknown, path: string])[] = [
  ['a number for a text', ticketIn({ title: 7 }), 'title'],
  ['a list for a text', ticketIn({ title: ['x'] }), 'title'],
  ['an object for a text', ticketIn({ source: { toString: 'x' } }), 'source'],
  ['a text for an object', ticketIn({ location: 'here' }), 'location'],
  ['null for an object', ticketIn({ location: null }), 'location'],
  ['an object for a list', ticketIn({ assistDepartments: { 0: 'works', length: 1 } }), 'assistDepartments'],
  ['a boolean for an instant', ticketIn({ reportedAt: true }), 'reportedAt'],
  ['NUL', text('a\u0000b'), 'title'],
  ['a right-to-left override', text('a\u202Eb'), 'title'],
  ['a bidi embedding', text('\u202Aa'), 'title'],
  ['a bidi isolate', text('a\u2068b'), 'title'],
  ['half a character', text('a\uDFFFb'), 'title'],
  ['NUL in a name', ticketIn({ reporter: { name: '王\u0000五' } }), 'reporter.name'],
  ['bidi in an area', ticketIn({ location: { gridId: 'g\u202E1' } }), 'location.gridId'],
  ['the year 9999', ticketIn({ reportedAt: '9999-12-31T23:59:59Z' }), 'reportedAt'],
  ['a deadline in the year 9999', ticketIn({ dueAt: '9999-12-31T23:59:59+08:00' }), 'dueAt'],
  ['the year 275760', ticketIn({ reportedAt: '+275760-09-13T00:00:00Z' }), 'reportedAt'],
  ['the 30th of February', ticketIn({ reportedAt: '2026-02-30T00:00:00Z' }), 'reportedAt'],
  ['latitude 200', ticketIn({ location: { lat: 200, lng: 116 } }), 'location.lat'],
  ['longitude -181', ticketIn({ location: { lat: 35, lng: -181 } }), 'location.lng'],
  ['an id with a blank', ticketIn({ id: 'a b' }), 'id'],
  ['an id of 65 letters', ticketIn({ id: 'a'.repeat(65) }), 'id'],
  ['an id that is a path', ticketIn({ id: '../../etc/passwd' }), 'id'],
  ['51 departments', ticketIn({ assistDepartments: Array.from({ length: 51 }, () => 'works') }), 'assistDepartments'],
  ['a description of 10,001 characters', ticketIn({ description: '述'.repeat(10_001) }), 'description'],
];

/** Not a thing more on the board, not an event more in the journal. */
async function expectNothingStored(attempt: () => Promise<void>): Promise<void> {
  const { seq } = server.store;
  const { size } = server.store.board.tickets;
  await attempt();
  expect([server.store.seq, server.store.board.tickets.size]).toEqual([seq, size]);
}

describe('values that no ticket may have', () => {
  it.each(WRONG)('%s, over HTTP, in a batch and over /feed', async (_what, ticket, path) => {
    await expectNothingStored(async () => {
      const alone = await server.request('POST', '/api/v1/tickets', { token: source, body: ticket });
      expect(alone.status).toBe(400);
      expect(alone.headers.get('content-type')).toContain('application/problem+json');
      expect(problemBody.parse(alone.body)).toMatchObject({ code: 'invalid' });
      expect(alone.body.errors.map((error: { path: string }) => error.path)).toEqual([path]);
      const batch = await server.request('POST', '/api/v1/tickets/batch', { token: source, body: [ticket] });
      expect(batch.body.results[0]).toMatchObject({ status: 400, problem: alone.body });
      expect(await feed.emitWithAck('ticket:report', ticket)).toEqual({ ok: false, problem: alone.body });
    });
  });

  it.each([
    ['a step that is a number', { step: 7 }, 'step'],
    ['a note with NUL', { step: 'note', note: 'a\u0000' }, 'note'],
    ['a time in the year 9999', { step: 'handle', at: '9999-01-01T00:00:00Z' }, 'at'],
    ['a person with an override', { step: 'handle', by: '王\u202E五' }, 'by'],
    ['a step into a path', { step: 'merge', into: '../x' }, 'into'],
  ])('%s, over HTTP and /feed', async (_what, step, path) => {
    await expectNothingStored(async () => {
      const alone = await server.request('POST', '/api/v1/tickets/there/steps', { token: source, body: step });
      expect(alone.body).toMatchObject({ status: 400, code: 'invalid', errors: [{ path }] });
      expect(await feed.emitWithAck('ticket:step', { ticketId: 'there', ...step })).toEqual({
        ok: false,
        problem: alone.body,
      });
    });
  });

  it('an id that is taken by other content: 409 each way, and the first stays as it is', async () => {
    const before = (await server.store.find('there'))?.title;
    await expectNothingStored(async () => {
      const clash = ticketIn({ id: 'there', title: '别的' });
      expect((await server.request('POST', '/api/v1/tickets', { token: source, body: clash })).body).toMatchObject({
        status: 409,
        code: 'conflict',
      });
      const batch = await server.request('POST', '/api/v1/tickets/batch', { token: source, body: [clash] });
      expect(batch.body.results[0]).toMatchObject({ status: 409, id: 'there' });
      expect(await feed.emitWithAck('ticket:report', clash)).toMatchObject({
        ok: false,
        problem: { code: 'conflict' },
      });
    });
    expect((await server.store.find('there'))?.title).toBe(before);
  });
});

describe('bodies', () => {
  const post = (body: string, path = '/api/v1/tickets', type = 'application/json') =>
    server.request('POST', path, { token: source, body, headers: { 'content-type': type } });

  it.each([
    ['2 MiB of one text', rawTicket(`"description":"${'x'.repeat(2 * 1024 * 1024)}"`), 413, 'too_large'],
    ['2 MiB of blanks', ' '.repeat(2 * 1024 * 1024), 413, 'too_large'],
    ['brackets 400,000 deep', deep(400_000), 400, 'invalid'],
    ['braces that never close', '{"a":'.repeat(100_000), 400, 'malformed_json'],
    ['a ticket that is a list', '[]', 400, 'invalid'],
    ['a bare NaN', 'NaN', 400, 'malformed_json'],
    ['nothing', '', 400, 'invalid'],
  ])('%s', async (_what, body, status, code) => {
    await expectNothingStored(async () => {
      expect((await post(body)).body).toMatchObject({ status, code });
      expect((await post(body, '/api/v1/tickets/there/steps')).body).toMatchObject({ status, code });
    });
  });

  it('UTF-8 that is none', async () => {
    await expectNothingStored(async () => {
      const bytes = Buffer.concat([
        Buffer.from('{"source":"grid","category":"litter","title":"'),
        Buffer.from([0xff, 0xc3, 0x28]),
        Buffer.from('","location":{}}'),
      ]);
      const response = await fetch(`${server.url}/api/v1/tickets`, {
        method: 'POST',
        headers: { authorization: `Bearer ${source}`, 'content-type': 'application/json' },
        body: bytes,
      });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ code: 'malformed_json' });
    });
  });

  it('numbers beyond all bounds', async () => {
    await expectNothingStored(async () => {
      const { body } = await post(
        '{"source":"grid","category":"litter","title":"垃圾","location":{"lat":1e400,"lng":-1e308}}',
      );
      expect(body).toMatchObject({ status: 400, code: 'invalid' });
      expect(body.errors.map((error: { path: string }) => error.path).sort()).toEqual(['location.lat', 'location.lng']);
    });
  });

  it('nesting in a field that nobody asked for is passed over', async () => {
    const { status, body } = await post(rawTicket(`"id":"deep","extra":${deep(100_000)}`));
    expect(status).toBe(201);
    expect(body.ticket).not.toHaveProperty('extra');
  });

  it('of a key that comes twice the last holds, as JSON.parse has it', async () => {
    const { status, body } = await post(rawTicket('"id":"twice","title":"第二"'));
    expect(status).toBe(201);
    expect(body.ticket.title).toBe('第二');
  });

  it('1,001 rows, as a list and as lines', async () => {
    const row = JSON.stringify(ticketIn());
    const rows = Array.from({ length: 1001 }, () => row);
    await expectNothingStored(async () => {
      expect((await post(`[${rows.join(',')}]`, '/api/v1/tickets/batch')).body).toMatchObject({
        status: 413,
        code: 'too_large',
      });
      expect((await post(rows.join('\n'), '/api/v1/tickets/batch', 'application/x-ndjson')).body).toMatchObject({
        status: 413,
      });
    });
  });
});

describe('names that JavaScript knows', () => {
  const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf'];

  it('keys that would change every object change none', async () => {
    const polluted = rawTicket(
      '"id":"polluted","__proto__":{"admin":true,"status":"void"},"constructor":{"prototype":{"admin":true}}',
    );
    const { status, body } = await server.request('POST', '/api/v1/tickets', {
      token: source,
      body: polluted,
      headers: { 'content-type': 'application/json' },
    });
    expect(status).toBe(201);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
    expect(body.ticket.status).toBe('reported');
    expect(Object.keys(body.ticket)).not.toContain('__proto__');
    expect(
      (await server.request('GET', '/api/v1/tickets?__proto__[limit]=1&constructor=x', { token: server.adminToken }))
        .status,
    ).toBe(200);
  });

  it('as id, label, category, department and area they are texts like any other', async () => {
    const wall = await connectWall(server.url, (await server.makeClient('wall')).token);
    await wall.subscribe();
    for (const name of NAMES) {
      const { status, body } = await server.request('POST', '/api/v1/tickets', {
        token: source,
        body: ticketIn({
          id: name,
          source: name,
          category: name,
          department: name,
          location: { gridId: name },
          assistDepartments: [name],
        }),
      });
      expect(status, name).toBe(201);
      expect(body.ticket).toMatchObject({
        id: name,
        category: name,
        department: name,
        location: { gridId: name },
        flags: ['unlisted'],
      });
      const steps = await server.request('POST', `/api/v1/tickets/${name}/steps`, {
        token: source,
        body: { step: 'handle', by: name, department: name },
      });
      expect(steps.status, name).toBe(201);
      expect((await server.request('GET', `/api/v1/tickets/${name}`, { token: server.adminToken })).status).toBe(200);
    }
    await wall.reached(server.store.seq);
    const period = 'from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z';
    for (const groupBy of ['department', 'domain', 'community', 'grid']) {
      const { status, body } = await server.request('GET', `/api/v1/statistics?${period}&groupBy=${groupBy}`, {
        token: server.adminToken,
      });
      expect(status).toBe(200);
      if (groupBy === 'department')
        expect(body.groups.map((group: { key: string }) => group.key)).toEqual(expect.arrayContaining(NAMES));
    }
    const { body: status } = await server.request('GET', '/api/v1/status', { token: server.adminToken });
    expect(status.sources.length).toBeGreaterThan(0);
    const answer = await wall.subscribe();
    expect(answer.board.tickets.map((ticket: { id: string }) => ticket.id)).toEqual(expect.arrayContaining(NAMES));
    expect(await wall.subscribe({ protocol: 1, epoch: '__proto__', seq: 0 })).toMatchObject({
      ok: true,
      kind: 'snapshot',
    });
    wall.close();
  });
});
