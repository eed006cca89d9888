import { scryptSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { faultOfPassword } from '../../server/identity/passwordPolicy.ts';
import { createSessions } from '../../server/identity/sessions.ts';
import { createSignInGuard } from '../../server/identity/signInGuard.ts';
import { connectSocket } from '../support/connectWall.ts';
import { startServer, type TestServer } from '../support/startServer.ts';

// Hashing a password takes a core for a good part of a second, on purpose
vi.setConfig({ testTimeout: 60_000 });

const HOUR = 3600_000;

let server: TestServer;
let nowAt: number;

beforeEach(async () => {
  nowAt = Date.parse('2026-03-18T02:06:00Z');
  server = await startServer({ now: () => nowAt });
});
afterEach(() => server.close());

const signIn = (username: string, password: string) =>
  server.request('POST', '/api/v1/session', { body: { username, password } });

async function account(username: string, password: string, role = 'duty'): Promise<string> {
  const body = { username, name: username, role, password };
  const created = await server.request('POST', '/api/v1/accounts', { token: server.adminToken, body });
  expect(created.status).toBe(201);
  return created.body.account.id;
}

const changeOwn = (token: string, password: string, newPassword: string) =>
  server.request('POST', '/api/v1/session/password', { token, body: { password, newPassword } });

const isOpen = async (token: string) => (await server.request('GET', '/api/v1/session', { token })).status === 200;

describe('passwords', () => {
  it('are changed by their owner, who must know the one so far; every session ends and a new one opens', async () => {
    await account('zhao', '荷韵花园 10:06');
    const { token } = (await signIn('zhao', '荷韵花园 10:06')).body;
    const elsewhere = (await signIn('zhao', '荷韵花园 10:06')).body.token;
    const desk = await connectSocket(server.url, '/desk', { token: elsewhere });
    const cut = new Promise((resolve) => desk.once('disconnect', resolve));

    const wrong = await changeOwn(token, 'not this one', '处置 10:11 核实 10:14');
    expect(wrong.body).toMatchObject({ status: 400, errors: [{ path: 'password' }] });
    expect(await isOpen(token)).toBe(true);

    const changed = await changeOwn(token, '荷韵花园 10:06', '处置 10:11 核实 10:14');
    expect(changed.status).toBe(201);
    expect(changed.body).toMatchObject({ token: expect.stringMatching(/^[\w-]{43}$/), user: { username: 'zhao' } });
    expect(changed.headers.get('set-cookie')).toContain(changed.body.token);
    await cut;
    expect([await isOpen(token), await isOpen(elsewhere), await isOpen(changed.body.token)]).toEqual([
      false,
      false,
      true,
    ]);
    expect((await signIn('zhao', '荷韵花园 10:06')).status).toBe(401);
    expect((await signIn('zhao', '处置 10:11 核实 10:14')).status).toBe(201);
  });

  it('need eight characters and may not be common or the username, whoever chooses them', async () => {
    const id = await account('grid.officer.07', 'long enough');
    const { token } = (await signIn('grid.officer.07', 'long enough')).body;
    for (const poor of ['7 chars', 'password1', 'Password1', 'ｐａｓｓｗｏｒｄ１', 'qwertyuiop', 'GRID.officer.07']) {
      const own = await changeOwn(token, 'long enough', poor);
      expect(own.body, poor).toMatchObject({ status: 400, errors: [{ path: 'newPassword' }] });
      const given = await server.request('PATCH', `/api/v1/accounts/${id}`, {
        token: server.adminToken,
        body: { password: poor },
      });
      expect(given.body, poor).toMatchObject({ status: 400, errors: [{ path: 'password' }] });
      const body = { username: 'grid.officer.07', name: 'x', role: 'duty', password: poor };
      const created = await server.request('POST', '/api/v1/accounts', { token: server.adminToken, body });
      expect(created.body, poor).toMatchObject({ status: 400, errors: [{ path: 'password' }] });
    }
    expect(await isOpen(token)).toBe(true);
  });

  it('are held against more than the 3,000 most common ones that are long enough', async () => {
    const { dictionary } = await import('@zxcvbn-ts/language-common');
    const long = dictionary['passwords-common'].filter((password) => password.length >= 8);
    expect(long.length).toBeGreaterThan(3000);
    for (const common of long.slice(0, 3000)) expect(await faultOfPassword(common, 'zhao')).toBe('tooCommon');
  });

  it('may hold any characters, are taken whole, and their case counts', async () => {
    for (const [i, password] of [
      ' leading and trailing ',
      '只有汉字也可以了',
      'emoji 🚲🚲 parked',
      `${'long '.repeat(40)}end`,
    ].entries()) {
      await account(`u${i}`, password);
      expect((await signIn(`u${i}`, password)).status, password).toBe(201);
      expect((await signIn(`u${i}`, password.slice(0, -1))).status, password).toBe(401);
    }
    await account('cased', 'Case Counts Here');
    expect((await signIn('cased', 'case counts here')).status).toBe(401);
  });

  it('are hashed with scrypt at OWASP’s cost, and a hash of a lower cost is made anew at the next sign-in', async () => {
    const id = await account('qian', 'long enough');
    const hashOf = () => server.settings.data.accounts.find((known) => known.id === id)?.passwordHash ?? '';
    expect(hashOf()).toMatch(/^scrypt\$32768\$8\$3\$[\w-]{22}\$[\w-]{43}$/);
    const salt = Buffer.alloc(16, 7);
    const key = scryptSync('long enough', salt, 32, { N: 1024, r: 8, p: 1 });
    const weak = ['scrypt', 1024, 8, 1, salt.toString('base64url'), key.toString('base64url')].join('$');
    await server.settings.update(({ accounts }) => {
      for (const known of accounts) if (known.id === id) known.passwordHash = weak;
    });
    expect((await signIn('qian', 'wrong enough')).status).toBe(401);
    expect(hashOf()).toBe(weak);
    const { status, body } = await signIn('qian', 'long enough');
    expect(status).toBe(201);
    expect(hashOf()).toMatch(/^scrypt\$32768\$8\$3\$/);
    expect(await isOpen(body.token)).toBe(true);
    expect((await signIn('qian', 'long enough')).status).toBe(201);
  });
});

it('a password that was generated ends in its time, and one that was chosen does not', async () => {
  const made = await server.app.accounts.create({
    username: 'first',
    name: 'first',
    role: 'admin',
    password: 'abcde-fghij',
    passwordEndsAt: nowAt + HOUR / 2,
  });
  if (!made.ok) throw new Error(made.reason);
  const { token } = (await signIn('first', 'abcde-fghij')).body;
  nowAt += HOUR / 2;
  const late = await signIn('first', 'abcde-fghij');
  expect(late.body).toMatchObject({ status: 401, detail: expect.stringContaining('to be replaced') });
  expect((await signIn('first', 'abcde-fghik')).body.detail).toBe('wrong username or password');
  expect((await changeOwn(token, 'abcde-fghij', 'chosen by hand')).status).toBe(201);
  nowAt += 24 * HOUR;
  expect((await signIn('first', 'chosen by hand')).status).toBe(201);
});

describe('guessing', () => {
  it('at the change of a password counts like guessing at the sign-in', async () => {
    await account('sun', 'long enough');
    const { token } = (await signIn('sun', 'long enough')).body;
    for (let i = 0; i < 5; i += 1) {
      expect((await changeOwn(token, `guess number ${i}`, 'another long one')).status).toBe(400);
    }
    const blocked = await changeOwn(token, 'long enough', 'another long one');
    expect(blocked.body).toMatchObject({ status: 429, code: 'too_many_requests', retryAfterMs: expect.any(Number) });
    expect(blocked.body.retryAfterMs).toBeGreaterThan(0);
    expect(Number(blocked.headers.get('retry-after'))).toBeLessThanOrEqual(300);
    expect((await signIn('sun', 'long enough')).status).toBe(429);
  });

  const wrong = async () => ({ ok: false }) as const;
  const right = async () => ({ ok: true }) as const;

  it('from one address makes the address wait, whatever names are tried', async () => {
    const guard = createSignInGuard();
    for (let i = 0; i < 50; i += 1) expect(await guard.run(`user${i}`, '203.0.113.7', wrong)).toEqual({ ok: false });
    expect(await guard.run('user99', '203.0.113.7', right)).toEqual({ waitMs: expect.any(Number) });
    expect(await guard.run('user99', '203.0.113.8', right)).toEqual({ ok: true });
  });

  it('from many addresses makes the user wait at new ones, and never at one where they have signed in', async () => {
    const guard = createSignInGuard();
    expect(await guard.run('Li', '198.51.100.1', right)).toEqual({ ok: true });
    for (let i = 0; i < 50; i += 1) expect(await guard.run('ｌｉ', `203.0.113.${i}`, wrong)).toEqual({ ok: false });
    expect(await guard.run('li', '203.0.113.200', right)).toEqual({ waitMs: expect.any(Number) });
    expect(await guard.run('li', '198.51.100.1', right)).toEqual({ ok: true });
  });

  it('all at once is not faster: what is under way counts already', async () => {
    const guard = createSignInGuard();
    const results = await Promise.all(Array.from({ length: 40 }, () => guard.run('wu', '203.0.113.9', wrong)));
    expect(results.filter((result) => 'ok' in result).length).toBeLessThanOrEqual(8);
  });
});

describe('sessions', () => {
  it('end after two hours without use, and every use begins the two hours anew', async () => {
    await account('li', 'long enough');
    const { token } = (await signIn('li', 'long enough')).body;
    for (let i = 0; i < 3; i += 1) {
      nowAt += 1.9 * HOUR;
      const { body } = await server.request('GET', '/api/v1/session', { token });
      expect(Date.parse(body.idleEndsAt) - nowAt).toBe(2 * HOUR);
    }
    nowAt += 2 * HOUR;
    expect(await isOpen(token)).toBe(false);
  });

  it('are used by an open desk, whose officer watches', async () => {
    await account('wang', 'long enough');
    const { token } = (await signIn('wang', 'long enough')).body;
    const desk = await connectSocket(server.url, '/desk', { token });
    const hash = server.settings.data.sessions.at(-1)?.tokenHash;
    const lastUse = () => server.settings.data.sessions.find(({ tokenHash }) => tokenHash === hash)?.usedAt;
    for (let i = 1; i <= 3; i += 1) {
      nowAt += 1.5 * HOUR;
      await expect.poll(lastUse, { timeout: 5000 }).toBe(nowAt);
    }
    expect(desk.connected).toBe(true);
    desk.close();
    expect(await isOpen(token)).toBe(true);
  });

  it('have a token of 256 random bits each, of which only the hash is kept', async () => {
    await account('zhou', 'long enough');
    const tokens = await Promise.all([1, 2, 3].map(async () => (await signIn('zhou', 'long enough')).body.token));
    expect(new Set(tokens).size).toBe(3);
    for (const token of tokens) {
      expect(Buffer.from(token, 'base64url')).toHaveLength(32);
      expect(JSON.stringify(server.settings.data)).not.toContain(token);
    }
  });

  it('do not open for an account that was removed, or whose password was changed, while it was checked', async () => {
    const id = await account('wu', 'long enough');
    const sessions = createSessions(server.settings, { now: () => nowAt, onEnded: () => {}, onWriteFailed: () => {} });
    const before = server.app.accounts.find(id);
    if (before === undefined) throw new Error('the account is gone');
    await server.app.accounts.change(id, { password: 'something else' });
    expect(await sessions.open(before)).toBeUndefined();
    await server.app.accounts.remove(id);
    expect(await sessions.open({ ...before, id })).toBeUndefined();
  });

  it('of an account that may no longer do as much end at once', async () => {
    const id = await account('zheng', 'long enough', 'admin');
    for (const body of [{ role: 'duty' }, { scope: 'shiqiao' }, { scope: null }, { password: 'long enough' }]) {
      const { token } = (await signIn('zheng', 'long enough')).body;
      expect(await isOpen(token)).toBe(true);
      await server.request('PATCH', `/api/v1/accounts/${id}`, { token: server.adminToken, body });
      expect(await isOpen(token), JSON.stringify(body)).toBe(false);
    }
    const { token } = (await signIn('zheng', 'long enough')).body;
    await server.request('DELETE', `/api/v1/accounts/${id}`, { token: server.adminToken });
    expect(await isOpen(token)).toBe(false);
  });
});
