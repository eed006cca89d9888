import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connectSocket, connectWall } from '../support/connectWall.ts';
import { type ServerProcess, startServerProcess } from '../support/serverProcess.ts';

// Each test starts processes, several one after the other
vi.setConfig({ testTimeout: 60_000 });

let folder: string;
let data: string;
const started: ServerProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taibai-startup-'));
  data = join(folder, 'data');
});
afterEach(async () => {
  for (const server of started.splice(0)) {
    server.child.kill('SIGKILL');
    await server.ended;
  }
  await rm(folder, { recursive: true, force: true });
});

function start(
  args: readonly string[],
  environment: Record<string, string> = {},
  channel?: 'withChannel',
): ServerProcess {
  const server = startServerProcess(args, environment, channel);
  started.push(server);
  return server;
}
const quiet = () => ['--port', '0', '--data', data, '--source', 'none'];
const PASSWORD = { WALL_ADMIN_PASSWORD: 'for these tests' };

async function listening(server: ServerProcess): Promise<string> {
  return (await server.said(/^listening on (http:\S+)$/m))[1] as string;
}
async function adminOf(url: string): Promise<string> {
  const response = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password: PASSWORD.WALL_ADMIN_PASSWORD }),
  });
  return ((await response.json()) as { token: string }).token;
}

describe('a start that is refused', () => {
  async function refused(args: readonly string[], named: string): Promise<void> {
    const server = start(args);
    const { code } = await server.ended;
    const { stdout, stderr } = server.output();
    expect(code, stderr).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toContain(named);
    expect(existsSync(data)).toBe(false);
  }

  it('names an unknown option', () => refused(['--colour', 'red', '--data', data], '--colour'));
  it('names an unknown source', () => refused(['--port', '0', '--data', data, '--source', 'oracle'], 'oracle'));
  it('names a missing replay file', () =>
    refused(['--port', '0', '--data', data, '--source', `replay:${join(folder, 'none.csv')}`], 'none.csv'));
  it('names the fault of a deployment file', async () => {
    const file = join(folder, 'city.json');
    await writeFile(file, '{"id": 7}');
    await refused(['--port', '0', '--data', data, '--deployment', file], file);
  });
  it('names the fault of a mapping', async () => {
    const table = join(folder, 'table.csv');
    const mapping = join(folder, 'mapping.json');
    await writeFile(table, 'a,b\n1,2\n');
    await writeFile(mapping, '{}');
    await refused(['--port', '0', '--data', data, '--source', `replay:${table},mapping=${mapping}`], mapping);
  });
  it('names a taken port', async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
    const { port } = blocker.address() as { port: number };
    await refused(['--port', String(port), '--data', data], String(port));
    await new Promise((resolve) => blocker.close(resolve));
  });
  it('names a data folder that cannot be made', async () => {
    await writeFile(join(folder, 'file'), '');
    await refused(['--port', '0', '--data', join(folder, 'file', 'data')], 'file');
    await refused(['--port', '0', '--data', join(folder, 'file')], 'not a folder');
  });

  it('leaves a folder to the server that has it', async () => {
    const first = start(quiet());
    await listening(first);
    const before = await readFile(join(data, 'accounts.json'), 'utf8');
    const second = start(quiet());
    expect((await second.ended).code).toBe(2);
    expect(second.output().stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(await readFile(join(data, 'accounts.json'), 'utf8')).toBe(before);
  });

  it('leaves damaged files as they are', async () => {
    await mkdir(data);
    await writeFile(join(data, 'accounts.json'), '{"version": 1, "accounts": "none"}');
    const server = start(quiet());
    expect((await server.ended).code).toBe(2);
    expect(server.output().stderr).toContain('accounts.json');
    expect(await readdir(data)).toEqual(['accounts.json']);
  });
});

describe('a server that runs', () => {
  it('prints the first password once, and stops on SIGTERM with everything on disk', async () => {
    const first = start(quiet());
    const url = await listening(first);
    const password = /user admin, password (\S+)/.exec(first.output().stdout)?.[1] as string;
    const signIn = await fetch(`${url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'admin', password }),
    });
    const { token } = (await signIn.json()) as { token: string };
    const reported = await fetch(`${url}/api/v1/tickets`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ id: 'kept', source: 'grid', category: 'litter', title: '垃圾满溢', location: {} }),
    });
    expect(reported.status).toBe(201);
    first.child.kill('SIGTERM');
    expect(await first.ended).toEqual({ code: 0, signal: null });
    expect(await readdir(data)).not.toContain('lock');

    const second = start(quiet());
    const again = await listening(second);
    expect(second.output().stdout).not.toContain('password');
    const found = await fetch(`${again}/api/v1/tickets/kept`, { headers: { authorization: `Bearer ${token}` } });
    expect(found.status).toBe(200);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('ends within 5 s of %s, whatever hangs on it', async (signal) => {
    const server = start(quiet(), PASSWORD, 'withChannel');
    const { url, wallUrl } = await server.ready;
    const { port } = new URL(url);
    const hanging = connect(Number(port), '127.0.0.1');
    await new Promise((resolve) => hanging.once('connect', resolve));
    hanging.on('error', () => {}).write('POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{');
    const wall = await connectWall(url, new URLSearchParams(new URL(wallUrl).hash.slice(1)).get('token') as string);
    await wall.subscribe();
    const lost = new Promise((resolve) => wall.socket.once('disconnect', resolve));
    const before = performance.now();
    server.child.kill(signal);
    expect((await server.ended).code).toBe(0);
    expect(performance.now() - before).toBeLessThan(5000);
    // After “io server disconnect” a client would not come back to the next server by itself
    expect(await lost).toBe('transport close');
    hanging.destroy();
    wall.close();
  });

  it('gives its parent a paired wall, and ends with it', async () => {
    const server = start(quiet(), PASSWORD, 'withChannel');
    const { url, wallUrl } = await server.ready;
    expect(wallUrl.startsWith(`${url}/wall#token=`)).toBe(true);
    const wall = await connectWall(url, wallUrl.slice(wallUrl.indexOf('=') + 1));
    expect(await wall.subscribe()).toMatchObject({ ok: true, kind: 'snapshot' });
    wall.close();
    server.child.disconnect();
    expect((await server.ended).code).toBe(0);

    const next = start(quiet(), PASSWORD, 'withChannel');
    const renewed = await next.ready;
    await expect(
      connectSocket(renewed.url, '/wall', { token: wallUrl.slice(wallUrl.indexOf('=') + 1) }),
    ).rejects.toThrow('unauthorized');
  });

  it('generates a first password that must be replaced within a week, and another one at a start after that', async () => {
    const firstPassword = async (server: ServerProcess) =>
      (await server.said(/^First administrator: user admin, password (\S+)/m))[1] as string;
    const signIn = async (url: string, password: string) => {
      const body = JSON.stringify({ username: 'admin', password });
      const headers = { 'content-type': 'application/json' };
      return (await fetch(`${url}/api/v1/session`, { method: 'POST', headers, body })).status;
    };
    const first = start(quiet());
    const password = await firstPassword(first);
    expect(password).toMatch(/^(?:[a-z2-9]{5}-){3}[a-z2-9]{5}$/);
    expect(await signIn(await listening(first), password)).toBe(201);
    first.child.kill('SIGTERM');
    await first.ended;

    const again = start(quiet());
    expect(await signIn(await listening(again), password)).toBe(201);
    expect(again.output().stdout).not.toContain('First administrator');
    again.child.kill('SIGTERM');
    await again.ended;

    const file = join(data, 'accounts.json');
    const kept = JSON.parse(await readFile(file, 'utf8'));
    const [admin] = kept.accounts;
    expect(admin.passwordEndsAt - admin.createdAt).toBeGreaterThan(6.9 * 24 * 3600_000);
    await writeFile(file, JSON.stringify({ ...kept, accounts: [{ ...admin, passwordEndsAt: Date.now() - 1 }] }));
    const late = start(quiet());
    const another = await firstPassword(late);
    expect(another).not.toBe(password);
    const url = await listening(late);
    expect([await signIn(url, password), await signIn(url, another)]).toEqual([401, 201]);
  });

  it('leaves the wall of its parent its token after a crash, and nobody else’s after any start', async () => {
    const tokenIn = ({ wallUrl }: { wallUrl: string }) => wallUrl.slice(wallUrl.indexOf('=') + 1);
    const crashed = start(quiet(), PASSWORD, 'withChannel');
    const token = tokenIn(await crashed.ready);
    crashed.child.kill('SIGKILL');
    await crashed.ended;

    const again = start(quiet(), { ...PASSWORD, WALL_LOCAL_TOKEN: token }, 'withChannel');
    const { url, wallUrl } = await again.ready;
    expect(tokenIn({ wallUrl })).toBe(token);
    (await connectSocket(url, '/wall', { token })).close();
    again.child.kill('SIGKILL');
    await again.ended;

    // A start without a parent ends them all
    const alone = start(quiet(), { ...PASSWORD, WALL_LOCAL_TOKEN: token });
    await expect(connectSocket(await listening(alone), '/wall', { token })).rejects.toThrow('unauthorized');
    alone.child.kill('SIGTERM');
    await alone.ended;
    const last = start(quiet(), { ...PASSWORD, WALL_LOCAL_TOKEN: token }, 'withChannel');
    expect(tokenIn(await last.ready)).not.toBe(token);
  });

  it('writes down where the clock of a replay was left', async () => {
    const table = join(folder, 'city.csv');
    await writeFile(table, 'no,what,opened\n1,Noise,2024-01-01T08:00\n2,Pothole,2024-06-01T08:00\n');
    const mapping = join(folder, 'city.json');
    const columns = {
      id: 'no',
      title: 'what',
      category: 'what',
      reportedAt: { columns: ['opened'], formats: ['ISO'] },
    };
    const about = { name: 'city', timeZone: 'Asia/Shanghai', source: { otherwise: 'city' } };
    await writeFile(mapping, JSON.stringify({ ...about, ...columns }));
    const source = `replay:${table},mapping=${mapping}`;
    const server = start(['--port', '0', '--data', data, '--source', source, '--speed', '3600'], PASSWORD);
    const url = await listening(server);
    const token = await adminOf(url);
    const nowOf = async () => {
      const answer = await fetch(`${url}/api/v1/status`, { headers: { authorization: `Bearer ${token}` } });
      return Date.parse(((await answer.json()) as { now: string }).now);
    };
    await expect.poll(nowOf, { timeout: 15_000 }).toBeGreaterThan(Date.parse('2024-01-01T09:00:00+08:00'));
    const seenAt = await nowOf();
    server.child.kill('SIGTERM');
    expect(await server.ended).toEqual({ code: 0, signal: null });
    const { settings } = JSON.parse(await readFile(join(data, 'accounts.json'), 'utf8'));
    expect(settings).toMatchObject({ sources: [source], clockLeftAt: expect.any(Number) });
    expect(settings.clockLeftAt).toBeGreaterThanOrEqual(seenAt);
  });

  it('carries on with the sources of the last start', async () => {
    const first = start(['--port', '0', '--data', data, '--source', 'demo', '--speed', '60'], PASSWORD);
    await first.said(/Demo: writing/);
    // In the midst of telling its history
    first.child.kill('SIGTERM');
    expect(await first.ended, first.output().stderr).toEqual({ code: 0, signal: null });
    expect(first.output().stderr).toBe('');
    expect(first.output().stdout).not.toContain('ready');
    const second = start(['--port', '0', '--data', data], PASSWORD);
    const url = await listening(second);
    expect(second.output().stdout).toContain('sources demo at speed 60');
    // Whoever waits for the address finds the whole past told: no wall takes it for new
    expect(second.output().stdout).toMatch(/Demo: ready.*listening on/s);
    const status = await fetch(`${url}/api/v1/status`, { headers: { authorization: `Bearer ${await adminOf(url)}` } });
    expect(await status.json()).toMatchObject({ clock: { mode: 'demo', speed: 60 } });
  }, 60_000);
});
