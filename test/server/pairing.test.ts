import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/startServer.ts';

let server: TestServer;
let nowAt = Date.parse('2026-03-18T10:00:00Z');

beforeAll(async () => {
  server = await startServer({ now: () => nowAt });
});
afterAll(() => server.close());

const begin = () => server.request('POST', '/api/v1/pairings');
const collect = (code: string, secret?: string) =>
  server.request('GET', `/api/v1/pairings/${code}`, secret === undefined ? {} : { token: secret });
const approve = (code: string, token: string, body: object = { name: '大厅' }) =>
  server.request('POST', `/api/v1/pairings/${code}/approve`, { token, body });

it('pairs a wall: code, approval, token, once', async () => {
  const { status, body } = await begin();
  expect(status).toBe(201);
  expect(body.code).toMatch(/^[A-Z0-9]{6}$/);
  expect(body.code).not.toMatch(/[0O1IL]/);
  expect(Date.parse(body.expiresAt)).toBe(nowAt + 600_000);
  expect((await collect(body.code, body.secret)).body).toMatchObject({ status: 'pending' });
  expect((await collect(body.code, body.secret)).body).not.toHaveProperty('token');
  expect((await collect(body.code)).status).toBe(401);
  expect((await collect(body.code, 'guess')).status).toBe(401);

  const duty = (await server.makeStaff('duty')).token;
  expect((await approve(body.code, duty)).status).toBe(403);
  expect((await approve(body.code, server.adminToken, { name: '大厅', scope: 'atlantis' })).body.errors[0].path).toBe(
    'scope',
  );
  expect((await approve(body.code.toLowerCase(), server.adminToken, { name: '大厅', scope: 'shiqiao' })).body).toEqual({
    status: 'approved',
  });
  const collected = (await collect(body.code, body.secret)).body;
  expect(collected).toMatchObject({ status: 'approved', token: expect.stringMatching(/^[\w-]{43}$/) });
  expect((await collect(body.code, body.secret)).body).not.toHaveProperty('token');
  const wall = server.app.clients.list().find((client) => client.name === '大厅');
  expect(wall).toMatchObject({ kind: 'wall', scope: 'shiqiao' });
  // A wall's token opens nothing over HTTP
  expect((await server.request('GET', '/api/v1/status', { token: collected.token })).status).toBe(403);
});

it('forgets a code after 10 minutes', async () => {
  const { body } = await begin();
  nowAt += 600_000;
  expect((await collect(body.code, body.secret)).status).toBe(404);
  expect((await approve(body.code, server.adminToken)).status).toBe(404);
});

it("lets the kiosk's page pair, and no other foreign page", async () => {
  const preflight = await server.request('OPTIONS', '/api/v1/pairings', { headers: { origin: 'wall://app' } });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-origin')).toBe('wall://app');
  expect(preflight.headers.get('access-control-allow-headers')?.toLowerCase()).toContain('authorization');
  const asKiosk = await server.request('POST', '/api/v1/pairings', { headers: { origin: 'wall://app' } });
  expect(asKiosk.headers.get('access-control-allow-origin')).toBe('wall://app');
  const foreign = await server.request('POST', '/api/v1/pairings', { headers: { origin: 'http://evil.example' } });
  expect(foreign.headers.get('access-control-allow-origin')).toBeNull();
  const elsewhere = await server.request('GET', '/api/v1/status', { headers: { origin: 'wall://app' } });
  expect(elsewhere.headers.get('access-control-allow-origin')).toBeNull();
});

it('hands out a bounded number of codes', async () => {
  const statuses = new Set<number>();
  for (let i = 0; i < 40; i += 1) statuses.add((await begin()).status);
  expect([...statuses].sort()).toEqual([201, 429]);
});
