import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectSocket } from '../support/connectWall.ts';
import { startServer, type TestServer } from '../support/startServer.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const policyOf = (headers: Headers) =>
  Object.fromEntries(
    (headers.get('content-security-policy') ?? '')
      .split(';')
      .map((directive) => directive.trim().split(' '))
      .map(([name, ...values]) => [name, values.join(' ')]),
  );

describe('headers', () => {
  it('of every answer that is data: never a page, a script or a frame, never kept', async () => {
    for (const { method, path, operation } of server.app.routes) {
      const { status, headers } = await server.request(
        method.toUpperCase(),
        path.replaceAll(/\{\w+\}/g, 'none'),
        operation === 'signOut' ? {} : { token: server.adminToken },
      );
      expect(headers.get('cache-control'), operation).toBe('no-store');
      expect(headers.get('x-content-type-options'), operation).toBe('nosniff');
      expect(policyOf(headers), operation).toEqual({
        'default-src': "'none'",
        'frame-ancestors': "'none'",
        sandbox: '',
      });
      expect(headers.get('x-powered-by'), operation).toBeNull();
      if (status === 204 || status === 302) continue;
      expect(headers.get('content-type'), operation).toMatch(
        /^(?:application\/(?:problem\+)?json|text\/(?:plain|csv)); ?(?:version=[\d.]+; )?charset=utf-8$/,
      );
    }
  });

  it('of every page, built or not: nothing from outside, no script in the page, no frame around it', async () => {
    for (const path of ['/', '/wall', '/desk', '/docs', '/assets/none.js', '/licences/none']) {
      const { headers } = await server.request('GET', path);
      const policy = policyOf(headers);
      expect(policy, path).toMatchObject({
        'default-src': "'self'",
        'script-src': "'self'",
        'connect-src': "'self'",
        'object-src': "'none'",
        'base-uri': "'none'",
        'form-action': "'self'",
        'frame-ancestors': "'none'",
      });
      expect(JSON.stringify(policy), path).not.toMatch(/unsafe-eval|http:|https:|\*/);
      expect(policy['style-src'], path).toBe(path === '/docs' ? "'self' 'unsafe-inline'" : "'self'");
      expect(headers.get('x-frame-options'), path).toBe('DENY');
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
      expect(headers.get('referrer-policy'), path).toBe('no-referrer');
    }
  });

  it('allow no page of another origin to read anything', async () => {
    for (const { method, path } of server.app.routes.filter(({ path }) => !path.startsWith('/api/v1/pairings'))) {
      for (const asked of [method.toUpperCase(), 'OPTIONS']) {
        const { headers } = await server.request(asked, path.replaceAll(/\{\w+\}/g, 'none'), {
          headers: { origin: 'http://elsewhere.example', 'access-control-request-method': method.toUpperCase() },
        });
        const allowed = [...headers.keys()].filter((name) => name.startsWith('access-control-'));
        expect(allowed, `${asked} ${path}`).toEqual([]);
      }
    }
  });
});

describe('requests that a foreign page could make a browser send', () => {
  it('with the cookie of a session change nothing, whatever they ask for', async () => {
    const { token } = await server.makeStaff('admin');
    const cookie = `taibai_session=${token}`;
    const staffRoutes = server.app.routes.filter(({ method, who }) => method !== 'get' && Array.isArray(who));
    expect(staffRoutes.length).toBeGreaterThan(10);
    for (const { method, path, who } of staffRoutes) {
      if (!(who as readonly string[]).includes('admin')) continue;
      for (const foreign of [
        { origin: 'http://elsewhere.example' },
        { origin: 'null' },
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:1' },
        { 'content-type': 'text/plain' },
      ]) {
        const { body } = await server.request(method.toUpperCase(), path.replaceAll(/\{\w+\}/g, 'none'), {
          headers: { cookie, ...foreign } as Record<string, string>,
          body: '{}',
        });
        expect(body.code, `${method} ${path} ${JSON.stringify(foreign)}`).toBe('cross_site');
      }
    }
    expect((await server.request('GET', '/api/v1/session', { token })).status).toBe(200);
  });

  it('as a form sign nobody in', async () => {
    for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain']) {
      const { status, headers } = await server.request('POST', '/api/v1/session', {
        headers: { 'content-type': type, origin: 'http://elsewhere.example' },
        body: '{"username":"admin","password":"long enough"}',
      });
      expect(status, type).toBe(415);
      expect(headers.get('set-cookie')).toBeNull();
    }
  });

  it('by GET change nothing: what changes something takes another method', async () => {
    const { token } = await server.makeStaff('admin');
    const source = await server.makeClient('source');
    const report = { id: 'T', source: 'x', category: 'x', title: 'x', location: { gridId: 'heyun-03' } };
    await server.request('POST', '/api/v1/tickets', { token: source.token, body: report });
    const kept = () => JSON.stringify([server.store.seq, server.settings.data.accounts, server.settings.data.clients]);
    const before = kept();
    for (const { method, path } of server.app.routes) {
      if (method !== 'get') continue;
      await server.request('GET', path.replaceAll('{ticketId}', 'T').replaceAll(/\{\w+\}/g, 'none'), { token });
    }
    expect(kept()).toBe(before);
  });

  it('with a token in the address open nothing: it counts in a header, a cookie or the handshake alone', async () => {
    const { token } = await server.makeStaff('admin');
    for (const name of ['token', 'access_token', 'taibai_session']) {
      expect((await server.request('GET', `/api/v1/status?${name}=${token}`)).status, name).toBe(401);
      const asked = connectSocket(`${server.url}`, '/desk', {}, {}, { [name]: token });
      await expect(asked, name).rejects.toThrow('unauthorized');
    }
  });
});
