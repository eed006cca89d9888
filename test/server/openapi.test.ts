import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STAFF } from '../../server/http/route.ts';
import { startServer, type TestServer } from '../support/startServer.ts';

let server: TestServer;
const tokens = new Map<string, string>();

beforeAll(async () => {
  server = await startServer();
  for (const role of STAFF) tokens.set(role, (await server.makeStaff(role)).token);
  for (const kind of ['source', 'wall'] as const) tokens.set(kind, (await server.makeClient(kind)).token);
});
afterAll(() => server.close());

interface Operation {
  readonly operationId: string;
  readonly description: string;
  readonly responses: Record<string, unknown>;
  readonly parameters: { readonly name: string; readonly in: string }[];
}

it('describes every route that is mounted, and nothing else', async () => {
  const { status, body } = await server.request('GET', '/openapi.json');
  expect(status).toBe(200);
  expect(body.openapi).toBe('3.1.0');
  const described = Object.entries(body.paths as Record<string, Record<string, Operation>>).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method} ${path}`),
  );
  expect(described.sort()).toEqual(server.app.routes.map((route) => `${route.method} ${route.path}`).sort());
  const operations = Object.values(body.paths as Record<string, Record<string, Operation>>).flatMap((item) =>
    Object.values(item),
  );
  expect(new Set(operations.map((operation) => operation.operationId)).size).toBe(operations.length);
});

it('holds the paths of the contract', async () => {
  const { body } = await server.request('GET', '/openapi.json');
  expect(Object.keys(body.paths)).toEqual(
    expect.arrayContaining([
      '/healthz',
      '/readyz',
      '/metrics',
      '/api/v1/session',
      '/api/v1/accounts',
      '/api/v1/accounts/{accountId}',
      '/api/v1/clients',
      '/api/v1/clients/{clientId}',
      '/api/v1/pairings',
      '/api/v1/pairings/{code}',
      '/api/v1/pairings/{code}/approve',
      '/api/v1/deployment',
      '/api/v1/status',
      '/api/v1/tickets',
      '/api/v1/tickets/batch',
      '/api/v1/tickets/{ticketId}/steps',
      '/api/v1/tickets/{ticketId}',
      '/api/v1/statistics',
    ]),
  );
});

it('says of a ticket what is needed and what is allowed', async () => {
  const { body } = await server.request('GET', '/openapi.json');
  const schema = body.paths['/api/v1/tickets'].post.requestBody.content['application/json'].schema;
  expect(schema.required.sort()).toEqual(['category', 'location', 'source', 'title']);
  expect(schema.properties.title).toMatchObject({ type: 'string', maxLength: 200 });
  expect(schema.properties.domain.enum).toEqual(['livelihood', 'traffic', 'government', 'analysis', 'urban']);
  expect(schema.properties.reportedAt).toMatchObject({ type: 'string', format: 'date-time' });
  const list = body.paths['/api/v1/tickets'].get as Operation;
  expect(list.parameters.map((parameter) => parameter.name)).toEqual(
    expect.arrayContaining(['status', 'domain', 'q', 'overdue', 'sort', 'limit', 'cursor']),
  );
});

describe('who may', () => {
  it('answers 401 to nobody and 403 to the others, as each route declares', async () => {
    const { body } = await server.request('GET', '/openapi.json');
    for (const route of server.app.routes) {
      if (!Array.isArray(route.who) || route.operation === 'signOut') continue;
      const path = route.path.replace(/\{\w+\}/g, 'nothing');
      const call = (token?: string) =>
        server.request(route.method.toUpperCase(), path, token === undefined ? {} : { token });
      const declared = (body.paths[route.path][route.method] as Operation).responses;
      expect(Object.keys(declared), route.operation).toEqual(expect.arrayContaining(['401', '403']));
      expect((await call()).body, route.operation).toMatchObject({ status: 401, code: 'unauthorized' });
      expect((await call('wrong')).status, route.operation).toBe(401);
      for (const [caller, token] of tokens) {
        const { status, body: answer } = await call(token);
        const what = `${route.operation} by ${caller}`;
        if (route.who.includes(caller)) expect([401, 403], what).not.toContain(status);
        else expect(answer, what).toMatchObject({ status: 403, code: 'forbidden' });
        expect(Object.keys(declared), what).toContain(String(status));
      }
    }
  });
});

describe('pages', () => {
  it('says plainly what is not built', async () => {
    const wall = await server.request('GET', '/wall');
    expect(wall.status).toBe(503);
    expect(wall.body).toContain('not built');
    expect(wall.headers.get('cache-control')).toBe('no-store');
    expect((await server.request('GET', '/docs')).status).toBe(200);
    expect((await server.request('GET', '/')).headers.get('location')).toBe('/wall');
  });

  it('serves the built wall: its page always fresh, its hashed files for a year', async () => {
    const assets = join(server.directory, 'renderer/assets');
    await mkdir(assets, { recursive: true });
    await writeFile(join(server.directory, 'renderer/index.html'), '<!doctype html><title>wall</title>');
    await writeFile(join(assets, 'index-abc.js'), 'export {};');
    const page = await server.request('GET', '/wall');
    expect(page.status).toBe(200);
    expect(page.body).toContain('<title>wall</title>');
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    const script = await server.request('GET', '/assets/index-abc.js');
    expect(script.headers.get('content-type')).toContain('javascript');
    expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect((await server.request('GET', '/assets/other.js')).body.code).toBe('not_found');
    expect((await server.request('GET', '/assets/..%2f..%2faccounts.json')).status).toBe(404);
    expect((await server.request('GET', '/wall/')).headers.get('location')).toBe('/wall');
  });

  it('serves the built desk beside it, and scripts in a third of their size', async () => {
    expect((await server.request('GET', '/desk')).status).toBe(503);
    const assets = join(server.directory, 'renderer/assets');
    await mkdir(assets, { recursive: true });
    await writeFile(join(server.directory, 'renderer/desk.html'), '<!doctype html><title>desk</title>');
    await writeFile(join(assets, 'desk-abc.js'), 'export const words = [];\n'.repeat(200));
    const page = await server.request('GET', '/desk');
    expect(page).toMatchObject({ status: 200, body: expect.stringContaining('<title>desk</title>') });
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect((await server.request('GET', '/desk/')).headers.get('location')).toBe('/desk');
    const script = await server.request('GET', '/assets/desk-abc.js', { headers: { 'accept-encoding': 'gzip' } });
    expect(script.headers.get('content-encoding')).toBe('gzip');
    expect(script.body).toContain('words');
  });

  it('serves the wall from an installation below a hidden folder', async () => {
    const parent = await mkdtemp(join(tmpdir(), '.taibai-hidden-'));
    const hidden = await startServer({ directory: join(parent, 'data') });
    try {
      await mkdir(join(hidden.directory, 'renderer'), { recursive: true });
      await writeFile(join(hidden.directory, 'renderer/index.html'), '<!doctype html><title>hidden wall</title>');
      const page = await hidden.request('GET', '/wall');
      expect(page).toMatchObject({ status: 200, body: expect.stringContaining('hidden wall') });
    } finally {
      await hidden.close();
      await rm(parent, { recursive: true, force: true });
    }
  });

  it('serves the licences of the fonts that it gives away', async () => {
    const licences = join(server.directory, 'renderer/licences');
    await mkdir(licences, { recursive: true });
    await writeFile(join(licences, 'barlow.txt'), 'SIL OPEN FONT LICENSE');
    const licence = await server.request('GET', '/licences/barlow.txt');
    expect(licence.status).toBe(200);
    expect(licence.body).toContain('SIL OPEN FONT LICENSE');
    expect(licence.headers.get('content-type')).toContain('text/plain');
    expect((await server.request('GET', '/licences/other.txt')).body.code).toBe('not_found');
  });

  it('allows pages nothing from outside', async () => {
    const policy = (await server.request('GET', '/docs')).headers.get('content-security-policy') as string;
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval|script-src[^;]*unsafe-inline/);
  });
});
