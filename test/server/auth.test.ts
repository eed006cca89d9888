import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/startServer.ts';

let server: TestServer;
let admin: string;
let nowAt = Date.parse('2026-03-18T10:00:00Z');

beforeAll(async () => {
  server = await startServer({ now: () => nowAt });
  admin = server.adminToken;
});
afterAll(() => server.close());

const signIn = (username: string, password: string) =>
  server.request('POST', '/api/v1/session', { body: { username, password } });
const createAccount = (body: object) => server.request('POST', '/api/v1/accounts', { token: admin, body });

describe('accounts and sessions', () => {
  it('makes an account, signs it in, and lets it in by token and by cookie', async () => {
    const created = await createAccount({ username: 'Zhao', name: '赵甲', role: 'duty', password: 'long enough' });
    expect(created.status).toBe(201);
    expect(created.body.account).toMatchObject({ username: 'Zhao', name: '赵甲', role: 'duty', scope: null });
    expect(JSON.stringify(created.body)).not.toContain('assword');

    const { status, headers, body } = await signIn('zhao', 'long enough');
    expect(status).toBe(201);
    expect(body).toEqual({
      token: expect.stringMatching(/^[\w-]{43}$/),
      expiresAt: expect.stringMatching(/[+-]\d\d:\d\d$/),
      user: { id: created.body.account.id, username: 'Zhao', name: '赵甲', role: 'duty' },
    });
    const cookie = headers.get('set-cookie') as string;
    expect(cookie).toMatch(/HttpOnly/i);
    expect(cookie).toMatch(/SameSite=Strict/i);
    const pair = cookie.split(';')[0] as string;
    expect((await server.request('GET', '/api/v1/tickets', { token: body.token })).status).toBe(200);
    expect((await server.request('GET', '/api/v1/tickets', { headers: { cookie: pair } })).status).toBe(200);
    const mine = await server.request('GET', '/api/v1/session', { headers: { cookie: pair } });
    expect(mine).toMatchObject({ status: 200, body: { user: body.user } });
    expect((await server.request('GET', '/api/v1/session')).status).toBe(401);

    // A cookie alone moves nothing unless the browser says that our own page asks
    const steps = (headers: Record<string, string>) =>
      server.request('POST', '/api/v1/tickets/none/steps', {
        body: { step: 'note' },
        headers: { cookie: pair, ...headers },
      });
    expect((await steps({})).body).toMatchObject({ status: 403, code: 'cross_site' });
    expect((await steps({ origin: 'http://evil.example' })).body.code).toBe('cross_site');
    expect((await steps({ 'sec-fetch-site': 'cross-site', origin: server.url })).body.code).toBe('cross_site');
    expect((await steps({ origin: server.url })).body.code).toBe('not_found');
    expect((await steps({ 'sec-fetch-site': 'same-origin' })).body.code).toBe('not_found');

    expect((await server.request('DELETE', '/api/v1/session', { token: body.token })).status).toBe(204);
    expect((await server.request('GET', '/api/v1/tickets', { token: body.token })).status).toBe(401);
  });

  it('says the same to a wrong password and an unknown user', async () => {
    await createAccount({ username: 'qian', name: '钱乙', role: 'viewer', password: 'long enough' });
    const [wrong, unknown] = [await signIn('qian', 'wrong'), await signIn('nobody', 'wrong')];
    expect(wrong.status).toBe(401);
    expect(unknown.body).toEqual(wrong.body);
    expect(wrong.headers.get('www-authenticate')).toBe('Bearer');
    expect((await server.request('POST', '/api/v1/session', { body: { username: 'qian' } })).body.errors).toEqual([
      { path: 'password', message: expect.any(String) },
    ]);
  });

  it('answers 429 with Retry-After after repeated failures, even to the right password', async () => {
    await createAccount({ username: 'sun', name: '孙丙', role: 'viewer', password: 'long enough' });
    for (let i = 0; i < 5; i += 1) expect((await signIn('sun', `guess ${i}`)).status).toBe(401);
    const blocked = await signIn('SUN', 'long enough');
    expect(blocked.body).toMatchObject({ status: 429, code: 'too_many_requests' });
    expect(Number(blocked.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await signIn('qian', 'long enough')).status).toBe(201);
  });

  it('ends a session after 12 hours of real time, however much it is used', async () => {
    await createAccount({ username: 'li', name: '李丁', role: 'viewer', password: 'long enough' });
    const { body } = await signIn('li', 'long enough');
    const later = (minutes: number) => {
      nowAt += minutes * 60_000;
      return server.request('GET', '/api/v1/session', { token: body.token });
    };
    for (let hour = 1; hour < 12; hour += 1) expect((await later(60)).status).toBe(200);
    const almost = await later(59);
    expect(Date.parse(almost.body.expiresAt) - nowAt).toBe(60_000);
    expect((await later(1)).status).toBe(401);
    admin = (await server.makeStaff('admin')).token;
  });

  it('changes and removes accounts, and with them their sessions', async () => {
    const { body } = await createAccount({ username: 'zhou', name: '周戊', role: 'viewer', password: 'long enough' });
    const path = `/api/v1/accounts/${body.account.id}`;
    const { token } = (await signIn('zhou', 'long enough')).body;
    const renamed = await server.request('PATCH', path, { token: admin, body: { name: '周己' } });
    expect(renamed.body.account).toMatchObject({ name: '周己', role: 'viewer' });
    expect((await server.request('GET', '/api/v1/status', { token })).status).toBe(200);
    const limited = await server.request('PATCH', path, {
      token: admin,
      body: { scope: 'shiqiao', password: 'another one' },
    });
    expect(limited.body.account.scope).toBe('shiqiao');
    expect((await server.request('GET', '/api/v1/status', { token })).status).toBe(401);
    expect((await signIn('zhou', 'long enough')).status).toBe(401);
    expect((await signIn('zhou', 'another one')).body.user.scope).toBe('shiqiao');
    expect((await server.request('DELETE', path, { token: admin })).status).toBe(204);
    expect((await server.request('DELETE', path, { token: admin })).status).toBe(404);
    expect((await signIn('zhou', 'another one')).status).toBe(401);
  });

  it('refuses doubles, unknown streets, short passwords, unknown roles, and to lose the last administrator', async () => {
    expect(
      (await createAccount({ username: 'QIAN', name: 'x', role: 'duty', password: 'long enough' })).body.code,
    ).toBe('conflict');
    const wrong = await createAccount({ username: 'x', name: 'x', role: 'king', password: 'short' });
    expect(wrong.body.errors.map((error: { path: string }) => error.path)).toEqual(['role', 'password']);
    expect(
      (await createAccount({ username: 'x', name: 'x', role: 'duty', scope: 'atlantis', password: 'long enough' })).body
        .errors,
    ).toEqual([{ path: 'scope', message: expect.any(String) }]);
    const admins = server.app.accounts.list().filter((account) => account.role === 'admin');
    const last = admins.pop()?.id as string;
    for (const { id } of admins) {
      expect((await server.request('DELETE', `/api/v1/accounts/${id}`, { token: admin })).status).toBe(204);
    }
    expect((await server.request('DELETE', `/api/v1/accounts/${last}`, { token: admin })).body.code).toBe('last_admin');
    expect(
      (await server.request('PATCH', `/api/v1/accounts/${last}`, { token: admin, body: { role: 'duty' } })).body.code,
    ).toBe('last_admin');
  });
});

describe('an administrator of one street', () => {
  it('lets in, sees and changes nobody beyond that street, and reads no log of the district', async () => {
    const street = (await server.makeStaff('admin', 'shiqiao')).token;
    const own = await server.makeStaff('duty', 'shiqiao');
    const other = await server.makeStaff('duty', 'xuzhuang');
    const district = await server.makeStaff('admin');
    const ask = (method: string, path: string, body?: object) =>
      server.request(method, `/api/v1/${path}`, { token: street, ...(body === undefined ? {} : { body }) });
    const wanted = { username: 'grown', name: 'x', role: 'admin', password: 'long enough' };
    for (const scope of [{}, { scope: 'xuzhuang' }]) {
      expect((await ask('POST', 'accounts', { ...wanted, ...scope })).body.code).toBe('out_of_scope');
      expect((await ask('POST', 'clients', { name: 'x', kind: 'wall', ...scope })).body.code).toBe('out_of_scope');
      const { body } = await server.request('POST', '/api/v1/pairings');
      expect((await ask('POST', `pairings/${body.code}/approve`, { name: 'x', ...scope })).body.code).toBe(
        'out_of_scope',
      );
    }
    for (const scope of [null, 'xuzhuang']) {
      expect((await ask('PATCH', `accounts/${own.id}`, { scope })).body.code).toBe('out_of_scope');
    }
    for (const { id } of [other, district]) {
      expect((await ask('PATCH', `accounts/${id}`, { password: 'taken over' })).status).toBe(404);
      expect((await ask('DELETE', `accounts/${id}`)).status).toBe(404);
    }
    const theirs = await server.makeClient('source', 'xuzhuang');
    expect((await ask('DELETE', `clients/${theirs.id}`)).status).toBe(404);
    const made = await ask('POST', 'clients', { name: 'x', kind: 'source', scope: 'shiqiao' });
    expect(made.status).toBe(201);
    const scopesOf = async (path: string) =>
      new Set((await ask('GET', path)).body.items.map(({ scope }: { scope: string | null }) => scope));
    expect(await scopesOf('accounts')).toEqual(new Set(['shiqiao']));
    expect(await scopesOf('clients')).toEqual(new Set(['shiqiao']));
    expect((await ask('PATCH', `accounts/${own.id}`, { name: '李己' })).status).toBe(200);
    expect((await ask('GET', 'audit')).body.code).toBe('out_of_scope');
    expect((await server.request('GET', '/api/v1/status', { token: other.token })).status).toBe(200);
  });
});

describe('clients', () => {
  it('shows a token once and stores only its hash', async () => {
    const { status, body } = await server.request('POST', '/api/v1/clients', {
      token: admin,
      body: { name: '12345 热线', kind: 'source', scope: 'shiqiao' },
    });
    expect(status).toBe(201);
    expect(body).toEqual({ id: expect.any(String), token: expect.stringMatching(/^[\w-]{43}$/) });
    const listed = await server.request('GET', '/api/v1/clients', { token: admin });
    expect(listed.body.items).toContainEqual(
      expect.objectContaining({ id: body.id, name: '12345 热线', kind: 'source', scope: 'shiqiao' }),
    );
    expect(JSON.stringify(listed.body)).not.toContain(body.token);
    expect(JSON.stringify(server.settings.data)).not.toContain(body.token);

    expect((await server.request('GET', '/api/v1/status', { token: body.token })).status).toBe(200);
    expect((await server.request('DELETE', `/api/v1/clients/${body.id}`, { token: admin })).status).toBe(204);
    expect((await server.request('GET', '/api/v1/status', { token: body.token })).status).toBe(401);
    expect((await server.request('DELETE', `/api/v1/clients/${body.id}`, { token: admin })).status).toBe(404);
  });

  it('refuses other kinds', async () => {
    const { body } = await server.request('POST', '/api/v1/clients', {
      token: admin,
      body: { name: 'x', kind: 'robot' },
    });
    expect(body.errors).toEqual([{ path: 'kind', message: expect.any(String) }]);
  });
});

describe('credentials', () => {
  it('prefers the bearer over the cookie, also where the bearer is wrong', async () => {
    const { token } = await server.makeStaff('viewer');
    const cookie = `taibai_session=${token}`;
    expect((await server.request('GET', '/api/v1/status', { headers: { cookie } })).status).toBe(200);
    for (const authorization of ['Bearer wrong', 'Basic YTpi', 'Bearer']) {
      expect((await server.request('GET', '/api/v1/status', { headers: { cookie, authorization } })).status).toBe(401);
    }
  });

  it('answers health and figures on the host only, not through a proxy', async () => {
    expect((await server.request('GET', '/healthz')).body).toEqual({ alive: true });
    expect((await server.request('GET', '/readyz')).body).toEqual({ ready: true, reasons: [] });
    const metrics = await server.request('GET', '/metrics');
    expect(metrics.body).toMatch(/^taibai_seq 0$/m);
    expect(metrics.body).toMatch(/^taibai_http_answers_total\{operation="getLiveness",status="200"\} 1$/m);
    const proxied = await server.request('GET', '/metrics', { headers: { 'x-forwarded-for': '203.0.113.7' } });
    expect(proxied.body.code).toBe('forbidden');
  });
});
