import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { io } from 'socket.io-client';
import { afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Tls } from '../../server/http/httpServer.ts';
import { ownCertificate } from '../support/certificate.ts';
import { rawConnection } from '../support/rawHttp.ts';
import { startServerProcess } from '../support/serverProcess.ts';
import { startServer, type TestServer, type TestServerOptions } from '../support/startServer.ts';

vi.setConfig({ testTimeout: 60_000 });

const PASSWORD = 'long enough';

let tls: Tls;
let server: TestServer | undefined;
beforeAll(async () => {
  tls = await ownCertificate();
});
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function start(options: TestServerOptions): Promise<TestServer> {
  server = await startServer(options);
  const created = await server.app.accounts.create({
    username: 'zhao',
    name: '赵甲',
    role: 'duty',
    password: PASSWORD,
  });
  expect(created.ok).toBe(true);
  return server;
}

interface SecureAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into answers of every shape
  readonly body: any;
}

function ask(url: string, body?: unknown): Promise<SecureAnswer> {
  return new Promise((resolve, reject) => {
    const options = { method: body === undefined ? 'GET' : 'POST', ca: tls.certificate, agent: false as const };
    const asked = httpsRequest(url, { ...options, headers: { 'content-type': 'application/json' } }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      answer.on('end', () => {
        const isJson = answer.headers['content-type']?.includes('json') === true;
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: isJson ? JSON.parse(text) : text });
      });
    });
    asked.on('error', reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

const credentials = { username: 'zhao', password: PASSWORD };

describe('with a certificate of its own', () => {
  test('the server speaks TLS, marks its cookie secure and for this host alone, and tells browsers to stay with TLS', async () => {
    const { url } = await start({ tls });
    expect(url).toMatch(/^https:/);
    const { status, headers, body } = await ask(`${url}/api/v1/session`, credentials);
    expect(status).toBe(201);
    expect(headers['set-cookie']).toEqual([
      expect.stringMatching(/^__Host-taibai_session=[\w-]{43};.*Path=\/;.*HttpOnly;.*Secure;.*SameSite=Strict/),
    ]);
    expect(headers['strict-transport-security']).toBe('max-age=31536000');
    expect((await ask(`${url}/wall`)).headers['strict-transport-security']).toBe('max-age=31536000');

    const cookie = `__Host-taibai_session=${body.token}`;
    const options = { transports: ['websocket'], forceNew: true, reconnection: false, ca: tls.certificate.toString() };
    const desk = io(`${url}/desk`, { ...options, extraHeaders: { cookie, origin: url } });
    onTestFinished(() => void desk.close());
    await new Promise((resolve, reject) =>
      desk.once('connect', () => resolve(undefined)).once('connect_error', reject),
    );
    expect(await desk.emitWithAck('board:subscribe', { protocol: 1 })).toMatchObject({ ok: true });
  });

  test('TLS is 1.2 or later, and plain HTTP is not answered', async () => {
    const { url } = await start({ tls });
    const { port } = new URL(url);
    const offer = (maxVersion: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3') =>
      new Promise<string>((resolve) => {
        const options = { port: Number(port), host: '127.0.0.1', ca: tls.certificate, minVersion: 'TLSv1' as const };
        const socket = connectTls({ ...options, maxVersion, ciphers: 'DEFAULT@SECLEVEL=0' }, () => {
          resolve(socket.getProtocol() ?? '');
          socket.destroy();
        });
        socket.on('error', () => resolve('refused'));
      });
    expect(await offer('TLSv1.3')).toBe('TLSv1.3');
    expect(await offer('TLSv1.2')).toBe('TLSv1.2');
    expect(await offer('TLSv1.1')).toBe('refused');
    const plain = await rawConnection(url.replace('https', 'http'));
    plain.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(await plain.closed).not.toContain('alive');
  });

  test('of connections that say nothing only the newest are kept, over TLS too', async () => {
    const { url } = await start({ tls, connections: { maxSilent: 3 } });
    const silent = await Promise.all(Array.from({ length: 5 }, () => rawConnection(url.replace('https', 'http'))));
    await Promise.race(silent.map(({ closed }) => closed));
    expect((await ask(`${url}/healthz`)).body).toEqual({ alive: true });
    for (const { socket } of silent) socket.destroy();
  });
});

describe('without encryption', () => {
  const from = (address: string, more: Record<string, string> = {}) => ({
    headers: { 'x-forwarded-for': address, ...more },
  });

  test('passwords from another machine are refused in plain words, whoever asks and wherever they stand', async () => {
    const { request, adminToken } = await start({});
    const here = await request('POST', '/api/v1/session', { body: credentials });
    expect(here.status).toBe(201);
    const account = { username: 'qian', name: 'x', role: 'duty', password: PASSWORD };
    for (const [method, path, token, body] of [
      ['POST', '/api/v1/session', undefined, credentials],
      ['POST', '/api/v1/session/password', here.body.token, { password: PASSWORD, newPassword: 'longer than that' }],
      ['POST', '/api/v1/accounts', adminToken, account],
      ['PATCH', `/api/v1/accounts/${here.body.user.id}`, adminToken, { password: 'longer than that' }],
    ] as const) {
      const answer = await request(method, path, {
        body,
        ...(token === undefined ? {} : { token }),
        ...from('203.0.113.7', { 'x-forwarded-proto': 'https' }),
      });
      expect(answer.headers.get('content-type'), path).toMatch(/^application\/problem\+json/);
      expect(answer.body, path).toMatchObject({ status: 403, code: 'insecure_transport' });
      expect(answer.body.detail).toContain('not encrypted');
    }
    expect((await request('GET', '/api/v1/session', { token: here.body.token })).status).toBe(200);
  });

  test('passwords are taken from everywhere where the operator says so', async () => {
    const { request } = await start({ entrance: { plainPasswords: true } });
    const { status, headers } = await request('POST', '/api/v1/session', { body: credentials, ...from('203.0.113.7') });
    expect(status).toBe(201);
    expect(headers.get('set-cookie')).not.toMatch(/secure/i);
    expect(headers.get('strict-transport-security')).toBeNull();
  });
});

describe('behind a proxy that is trusted', () => {
  const through = (proto: string, address = '203.0.113.7') => ({
    headers: { 'x-forwarded-for': address, 'x-forwarded-proto': proto },
  });

  test('its word on encryption and address counts', async () => {
    const { request, adminToken } = await start({ entrance: { trustedProxies: 'loopback' } });
    const plain = await request('POST', '/api/v1/session', { body: credentials, ...through('http') });
    expect(plain.body.code).toBe('insecure_transport');
    const secure = await request('POST', '/api/v1/session', { body: credentials, ...through('https') });
    expect(secure.status).toBe(201);
    expect(secure.headers.get('set-cookie')).toMatch(/^__Host-taibai_session=.*Secure/);
    expect(secure.headers.get('strict-transport-security')).toBe('max-age=31536000');
    const wrong = { body: { ...credentials, password: 'wrong enough' } };
    for (let i = 0; i < 5; i += 1) await request('POST', '/api/v1/session', { ...wrong, ...through('https') });
    expect((await request('POST', '/api/v1/session', { ...wrong, ...through('https') })).status).toBe(429);
    const elsewhere = await request('POST', '/api/v1/session', {
      body: credentials,
      ...through('https', '198.51.100.1'),
    });
    expect(elsewhere.status).toBe(201);
    const logged = await request('GET', '/api/v1/audit?limit=1', { token: adminToken });
    expect(logged.body.items[0]).toMatchObject({ kind: 'signedIn', address: '198.51.100.1' });
  });

  test('pages count as ours that come from the address staff use, though the proxy asks for another host', async () => {
    const publicUrl = new URL('https://wall.example');
    const { request, makeStaff } = await start({ entrance: { trustedProxies: 'loopback', publicUrl } });
    const { token } = await makeStaff('duty');
    const step = (origin: string) =>
      request('POST', '/api/v1/tickets/none/steps', {
        body: { step: 'note' },
        headers: { cookie: `__Host-taibai_session=${token}`, origin, 'sec-fetch-site': 'same-origin' },
      });
    expect((await step('https://wall.example')).body.code).toBe('not_found');
    expect((await step('https://wall.example.evil')).body.code).toBe('cross_site');
    expect((await step('http://wall.example')).body.code).toBe('cross_site');
  });
});

describe('the options', () => {
  function folder(): string {
    const made = mkdtempSync(join(tmpdir(), 'taibai-tls-'));
    onTestFinished(() => rmSync(made, { recursive: true, force: true }));
    return made;
  }

  test('--tls-certificate and --tls-key make the server listen with https', async () => {
    const data = folder();
    const [certificate, key] = [join(data, 'hall.pem'), join(data, 'hall.key')];
    writeFileSync(certificate, tls.certificate);
    writeFileSync(key, tls.key, { mode: 0o600 });
    const args = ['--port', '0', '--data', join(data, 'data'), '--source', 'none'];
    const running = startServerProcess([...args, '--tls-certificate', certificate, '--tls-key', key], {});
    const [, url] = await running.said(/^listening on (https:\S+)$/m);
    expect((await ask(`${url}/readyz`)).body).toEqual({ ready: true, reasons: [] });
    running.child.kill('SIGTERM');
    expect((await running.ended).code).toBe(0);
  });

  test.each([
    ['a file that is not there', 'nowhere.pem', 'hall.key', 'nowhere.pem'],
    ['a key of another certificate', 'hall.pem', 'other.key', '--tls-key'],
    ['a file that is no certificate', 'other.key', 'hall.key', '--tls-certificate'],
  ])('%s is refused at the start', async (_what, certificate, key, named) => {
    const made = folder();
    writeFileSync(join(made, 'hall.pem'), tls.certificate);
    writeFileSync(join(made, 'hall.key'), tls.key);
    writeFileSync(join(made, 'other.key'), (await ownCertificate()).key);
    const args = ['--port', '0', '--data', join(made, 'data'), '--tls-certificate', join(made, certificate)];
    const { ended, output } = startServerProcess([...args, '--tls-key', join(made, key)], {});
    expect((await ended).code).toBe(2);
    expect(output().stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(output().stderr).toContain(named);
  });

  test.each([
    ['no JSON', 'x', 'is not JSON'],
    ['plain http to another machine', { issuer: 'http://id.example', clientId: 'a', name: { zh: '甲' } }, 'issuer'],
    ['a new account without a role', { createAccounts: true }, 'createAccounts'],
    ['an unknown street', { streets: { claim: 'town', values: { a: 'atlantis' } } }, 'atlantis'],
    ['an unknown field', { isuer: 'https://id.example' }, 'isuer'],
  ])('a provider’s file with %s is refused at the start', async (_what, content, named) => {
    const made = folder();
    const file = join(made, 'house.json');
    const whole = { issuer: 'https://id.example', clientId: 'a', name: { zh: '甲' } };
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify({ ...whole, ...content }));
    const { ended, output } = startServerProcess(['--port', '0', '--data', join(made, 'data'), '--oidc', file], {});
    expect((await ended).code).toBe(2);
    expect(output().stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(output().stderr).toContain(file);
    expect(output().stderr).toContain(named);
  });
});
