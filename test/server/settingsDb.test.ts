import { mkdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSettingsDb, type SettingsDb } from '../../server/store/settingsDb.ts';
import { temporaryFolder } from '../support/openStore.ts';
import { startServer } from '../support/startServer.ts';

async function open(directory: string): Promise<SettingsDb> {
  const opened = await openSettingsDb(directory);
  if (!opened.ok) throw new Error(opened.problem);
  return opened.db;
}

/** The disk refuses every write of the file until the closer is called: its new version would go where a folder stands. */
async function refuseWrites(directory: string): Promise<() => Promise<void>> {
  const inTheWay = join(directory, 'accounts.json.new');
  await mkdir(inTheWay);
  return () => rmdir(inTheWay);
}

test('a change counts once it is on the disk, and what the disk refuses has never happened', async () => {
  const directory = await temporaryFolder();
  const db = await open(directory);
  await db.update(({ settings }) => {
    settings.speed = '60';
  });
  const allow = await refuseWrites(directory);
  const [first, second] = await Promise.allSettled([
    db.update(({ settings }) => {
      settings.speed = 'max';
    }),
    db.update(({ settings }) => settings.speed),
  ]);
  expect([first.status, second.status]).toEqual(['rejected', 'rejected']);
  expect(db.data.settings.speed).toBe('60');
  await allow();
  expect(
    await db.update(({ settings }) => {
      settings.speed = `${settings.speed}0`;
      return settings.speed;
    }),
  ).toBe('600');
  expect(JSON.parse(await readFile(join(directory, 'accounts.json'), 'utf8'))).toEqual(db.data);
});

test('changes asked for at once see each other, and one that throws leaves nothing behind', async () => {
  const db = await open(await temporaryFolder());
  const count = (by: number) =>
    db.update(({ settings }) => {
      settings.clockLeftAt = (settings.clockLeftAt ?? 0) + by;
      if (by < 0) throw new Error('a fault half-way');
      return settings.clockLeftAt;
    });
  const results = await Promise.allSettled([count(1), count(10), count(-5), count(100)]);
  expect(results).toEqual([
    { status: 'fulfilled', value: 1 },
    { status: 'fulfilled', value: 11 },
    { status: 'rejected', reason: new Error('a fault half-way') },
    { status: 'fulfilled', value: 111 },
  ]);
  expect(db.data.settings.clockLeftAt).toBe(111);
});

test('a refused disk under accounts: 503, and memory and disk agree on who may what', async () => {
  const server = await startServer();
  const { directory, adminToken } = server;
  const viewer = await server.makeStaff('viewer');
  const source = await server.makeClient('source');
  const before = structuredClone(server.settings.data);
  const allow = await refuseWrites(directory);
  const ask = (method: string, path: string, body?: object) =>
    server.request(method, `/api/v1/${path}`, { token: adminToken, ...(body === undefined ? {} : { body }) });
  for (const [method, path, body] of [
    ['POST', 'accounts', { username: 'zhao', name: '赵甲', role: 'admin', password: 'long enough' }],
    ['PATCH', `accounts/${viewer.id}`, { role: 'admin' }],
    ['DELETE', `accounts/${viewer.id}`, undefined],
    ['POST', 'clients', { name: '热线', kind: 'source' }],
    ['DELETE', `clients/${source.id}`, undefined],
    ['DELETE', 'session', undefined],
  ] as const) {
    expect((await ask(method, path, body)).body, `${method} ${path}`).toMatchObject({
      status: 503,
      code: 'unavailable',
    });
  }
  expect(server.settings.data).toEqual(before);
  expect((await server.request('GET', '/api/v1/audit', { token: viewer.token })).status).toBe(403);
  expect((await server.request('GET', '/api/v1/status', { token: source.token })).status).toBe(200);
  await allow();
  expect((await ask('PATCH', `accounts/${viewer.id}`, { role: 'leader' })).status).toBe(200);
  expect(server.settings.data.accounts.find(({ id }) => id === viewer.id)?.role).toBe('leader');
  await server.close();
});

test('two requests at once for one username: one account', async () => {
  const server = await startServer();
  const body = { username: 'zhao', name: '赵甲', role: 'viewer', password: 'long enough' };
  const answers = await Promise.all(
    ['zhao', 'ZHAO', 'ｚｈａｏ'].map((username) =>
      server.request('POST', '/api/v1/accounts', { token: server.adminToken, body: { ...body, username } }),
    ),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  await server.close();
});

test('a file of an earlier version, without what was added since, is read', async () => {
  const directory = await temporaryFolder();
  const account = { id: 'a', username: 'admin', name: '管理员', role: 'admin', passwordHash: 'x', createdAt: 1 };
  const session = { tokenHash: 'h', accountId: 'a', createdAt: 1, expiresAt: 2 };
  const document = { version: 1, accounts: [account], sessions: [session], clients: [], settings: {} };
  await writeFile(join(directory, 'accounts.json'), JSON.stringify(document));
  expect((await open(directory)).data).toEqual(document);
  await rm(join(directory, 'accounts.json'));
});
