import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ProviderFile } from '../../server/identity/providerFile.ts';
import { freePort } from '../support/freePort.ts';
import {
  claimsIn,
  openBrowser,
  signInThere,
  startProvider,
  type TestBrowser,
  type TestProvider,
} from '../support/identityProvider.ts';
import { startServer, type TestServer } from '../support/startServer.ts';

vi.setConfig({ testTimeout: 60_000 });

const START = '/api/v1/session/oidc';

let provider: TestProvider;
let server: TestServer;
let nowAt: number;

async function start(settings: Partial<ProviderFile> = {}): Promise<void> {
  const port = await freePort();
  const publicUrl = new URL(`http://127.0.0.1:${port}`);
  nowAt = Date.now();
  provider = await startProvider(`${publicUrl.origin}${START}/callback`, `${publicUrl.origin}/desk`);
  server = await startServer({
    port,
    now: () => nowAt,
    entrance: {
      publicUrl,
      provider: {
        issuer: provider.issuer,
        clientId: provider.clientId,
        clientSecret: provider.clientSecret,
        name: { zh: '统一身份认证', en: 'Single sign-on' },
        scopes: ['openid', 'profile'],
        usernameClaim: 'preferred_username',
        nameClaim: 'name',
        createAccounts: false,
        ...settings,
      },
    },
  });
}

let stop: (() => Promise<void>) | undefined;
beforeEach(() => {
  stop = async () => {
    await server.close();
    await provider.close();
  };
});
afterEach(() => stop?.());

async function local(username: string, role: 'viewer' | 'duty' | 'admin'): Promise<string> {
  const result = await server.app.accounts.create({ username, name: username, role });
  if (!result.ok) throw new Error(result.reason);
  return result.account.id;
}

/** The reason why not, or the token of the session. */
async function arrive(person: string, browser: TestBrowser = openBrowser()) {
  await signInThere(browser, `${server.url}${START}`, person);
  const reason = browser.url.searchParams.get('signIn');
  return { reason, token: browser.cookie('taibai_session') ?? '', browser };
}

const userOf = async (token: string) => (await server.request('GET', '/api/v1/session', { token })).body.user;

test('somebody known by username here signs in there, with code, PKCE, state and nonce, and out in both places', async () => {
  await start();
  const id = await local('Zhao.Jia', 'duty');
  provider.people.set('p-1', { preferred_username: 'zhao.jia', name: '赵甲' });

  const ways = await server.request('GET', '/api/v1/sign-in');
  expect(ways.body).toEqual({ provider: { name: { zh: '统一身份认证', en: 'Single sign-on' }, url: START } });
  const begun = await server.request('GET', START);
  expect(begun.status).toBe(302);
  const asked = new URL(begun.headers.get('location') as string);
  expect(asked.origin).toBe(provider.issuer);
  expect(Object.fromEntries(asked.searchParams)).toMatchObject({
    response_type: 'code',
    code_challenge_method: 'S256',
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    state: expect.stringMatching(/^[\w-]{43}$/),
    nonce: expect.stringMatching(/^[\w-]{43}$/),
    scope: 'openid profile',
  });
  expect(begun.headers.get('set-cookie')).toMatch(/^taibai_sign_in=[\w-]{43};.*HttpOnly.*SameSite=Lax/);

  const { token, reason, browser } = await arrive('p-1');
  expect({ reason, path: browser.url.pathname }).toEqual({ reason: null, path: '/desk' });
  expect(await userOf(token)).toEqual({ id, username: 'Zhao.Jia', name: 'Zhao.Jia', role: 'duty' });
  const { body } = await server.request('GET', '/api/v1/session', { token });
  expect(body.hasPassword).toBe(false);
  expect(browser.cookie('taibai_sign_in')).toBeUndefined();

  const out = await server.request('DELETE', '/api/v1/session', { token });
  expect(out.status).toBe(204);
  const [, endUrl] = /^<(.+)>; rel="end-session"$/.exec(out.headers.get('link') ?? '') ?? [];
  expect(await userOf(token)).toBeUndefined();
  await browser.visit(endUrl as string);
  expect(browser.text).toContain('/session/end/confirm');
  expect(new URL(endUrl as string).searchParams.get('post_logout_redirect_uri')).toBe(`${server.url}/desk`);

  const logged = await server.request('GET', '/api/v1/audit?kind=signedIn', { token: server.adminToken });
  expect(logged.body.items).toMatchObject([{ accountId: id, detail: { by: 'provider' } }]);
});

test('nobody comes in without an account, as another’s account, or without a username', async () => {
  await start();
  await local('zhao', 'duty');
  provider.people.set('p-1', { preferred_username: 'zhao' });
  provider.people.set('p-2', { preferred_username: 'ZHAO' });
  provider.people.set('p-3', { preferred_username: 'nobody' });
  provider.people.set('p-4', {});
  expect((await arrive('p-1')).reason).toBeNull();
  // The account is p-1's from now on, whoever calls himself so later
  for (const [person, reason] of [
    ['p-2', 'otherPerson'],
    ['p-3', 'noAccount'],
    ['p-4', 'noUsername'],
  ] as const) {
    expect(await arrive(person), person).toMatchObject({ reason, token: '' });
  }
  // Renamed there: still the same person
  provider.people.set('p-1', { preferred_username: 'zhao.jia' });
  expect((await userOf((await arrive('p-1')).token)).username).toBe('zhao');
  const logged = await server.request('GET', '/api/v1/audit?kind=signInRefused', { token: server.adminToken });
  expect(logged.body.items.map(({ detail }: { detail: object }) => detail)).toEqual([
    { by: 'provider', reason: 'noUsername' },
    { by: 'provider', reason: 'noAccount' },
    { by: 'provider', reason: 'otherPerson' },
  ]);
});

test('roles and streets follow the claims at each sign-in, and end the sessions that had more', async () => {
  await start({
    createAccounts: true,
    roles: { claim: 'groups', values: { 'wall-duty': 'duty', 'wall-watch': 'viewer' } },
    streets: { claim: 'place.town', values: { 石桥: 'shiqiao' } },
  });
  provider.people.set('p-1', {
    preferred_username: 'qian',
    name: '钱乙',
    groups: ['staff', 'wall-watch', 'wall-duty'],
  });
  const first = await arrive('p-1');
  expect(await userOf(first.token)).toMatchObject({ username: 'qian', name: '钱乙', role: 'duty' });
  provider.people.set('p-1', {
    preferred_username: 'qian',
    groups: ['wall-watch'],
    place: { town: '石桥' },
  });
  const second = await arrive('p-1');
  expect(await userOf(second.token)).toMatchObject({ role: 'viewer', scope: 'shiqiao' });
  expect(await userOf(first.token)).toBeUndefined();
  provider.people.set('p-1', { preferred_username: 'qian', groups: ['staff'] });
  expect((await arrive('p-1')).reason).toBe('noRole');
  provider.people.set('p-2', { preferred_username: 'stranger' });
  expect((await arrive('p-2')).reason).toBe('noRole');
  // Its password is nobody's: none opens the account
  const guess = { username: 'qian', password: '' };
  expect((await server.request('POST', '/api/v1/session', { body: guess })).status).toBe(400);
  const another = { username: 'qian', password: 'undefined' };
  expect((await server.request('POST', '/api/v1/session', { body: another })).status).toBe(401);
});

test('the last administrator is not made less by a claim', async () => {
  await start({ roles: { claim: 'groups', values: { 'wall-duty': 'duty' } } });
  const id = await local('root', 'admin');
  await server.settings.update((data) => {
    data.accounts = data.accounts.filter((account) => account.id === id);
  });
  provider.people.set('p-1', { preferred_username: 'root', groups: ['wall-duty'] });
  expect((await arrive('p-1')).reason).toBe('lastAdmin');
});

test('an answer counts once, for the browser that asked, within ten minutes', async () => {
  await start();
  await local('zhao', 'duty');
  provider.people.set('p-1', { preferred_username: 'zhao' });
  const { browser, token } = await arrive('p-1');
  expect(token).not.toBe('');

  // The way back of one browser, walked by another one, and walked again by the first
  async function caught(): Promise<{ answer: URL; cookie: string }> {
    const begun = await server.request('GET', START);
    const other = openBrowser();
    const there = begun.headers.get('location') as string;
    await signInThere(other, there, 'p-1');
    expect(other.url.pathname).toBe('/desk');
    expect(other.url.searchParams.get('signIn')).toBe('unknownAttempt');
    const cookie = (begun.headers.get('set-cookie') as string).split(';')[0] as string;
    const back = other.trail.find(({ pathname }) => pathname === `${START}/callback`);
    if (back === undefined) throw new Error('the provider sent nobody back');
    return { answer: back, cookie };
  }
  const finish = async (answer: URL, headers: Record<string, string>) =>
    (await server.request('GET', `${answer.pathname}${answer.search}`, { headers })).headers.get('location');

  const { answer, cookie } = await caught();
  expect(await finish(answer, {})).toBe('/desk?signIn=unknownAttempt');
  expect(await finish(answer, { cookie: 'taibai_sign_in=another' })).toBe('/desk?signIn=unknownAttempt');
  expect(await finish(answer, { cookie })).toBe('/desk');
  expect(await finish(answer, { cookie })).toBe('/desk?signIn=unknownAttempt');

  const late = await caught();
  nowAt += 10 * 60_000;
  expect(await finish(late.answer, { cookie: late.cookie })).toBe('/desk?signIn=unknownAttempt');
  expect(browser.cookie('taibai_session')).toBe(token);
});

test('an identity token whose signature does not hold, or that has none, is refused', async () => {
  await start();
  await local('zhao', 'duty');
  provider.people.set('p-1', { preferred_username: 'zhao' });
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const spoilt: Readonly<Record<string, (idToken: string) => string>> = {
    'a changed claim': (idToken) => {
      const [head, , signature] = idToken.split('.');
      return [head, part({ ...claimsIn(idToken), preferred_username: 'root' }), signature].join('.');
    },
    'no signature': (idToken) => [part({ alg: 'none' }), part(claimsIn(idToken)), ''].join('.'),
    'a signature by the secret that both know': (idToken) => {
      const content = `${part({ alg: 'HS256' })}.${idToken.split('.')[1]}`;
      const signature = createHmac('sha256', provider.clientSecret).update(content).digest('base64url');
      return `${content}.${signature}`;
    },
    'a key that it brings along': (idToken) => {
      const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const content = `${part({ alg: 'RS256', jwk: publicKey.export({ format: 'jwk' }) })}.${idToken.split('.')[1]}`;
      return `${content}.${sign('sha256', Buffer.from(content), privateKey).toString('base64url')}`;
    },
  };
  for (const [what, spoil] of Object.entries(spoilt)) {
    provider.spoilToken = spoil;
    expect(await arrive('p-1'), what).toMatchObject({ reason: 'refused', token: '' });
  }
  provider.spoilToken = undefined;
  expect((await arrive('p-1')).reason).toBeNull();
});

test('an identity token that has run out is refused, and so is one made for somebody else or another sign-in', async () => {
  await start();
  await local('zhao', 'duty');
  provider.people.set('p-1', { preferred_username: 'zhao' });
  const seconds = Math.floor(Date.now() / 1000);
  for (const wrong of [
    { iat: seconds - 7200, exp: seconds - 3600 },
    { aud: 'another-client' },
    { iss: 'https://id.example' },
    { nonce: 'another-sign-in' },
    { nonce: undefined },
    { sub: undefined },
  ]) {
    provider.spoilClaims = (claims) => ({ ...claims, ...wrong });
    expect(await arrive('p-1'), JSON.stringify(wrong)).toMatchObject({ reason: 'refused', token: '' });
  }
  // Signed anew as it was: it is what was changed that is refused
  provider.spoilClaims = (claims) => claims;
  expect((await arrive('p-1')).reason).toBeNull();
});

test('a provider that is down is said to be', async () => {
  await start();
  stop = () => server.close();
  await provider.close();
  const down = await server.request('GET', START);
  expect(down.body).toMatchObject({ status: 503, code: 'unavailable' });
});

test('without a provider there is no such way in', async () => {
  server = await startServer();
  stop = () => server.close();
  expect((await server.request('GET', '/api/v1/sign-in')).body).toEqual({ provider: null });
  expect((await server.request('GET', START)).body.code).toBe('not_found');
  expect((await server.request('GET', `${START}/callback?code=x&state=y`)).body.code).toBe('not_found');
});
