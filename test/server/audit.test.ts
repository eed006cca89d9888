import { appendFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLog } from '../../server/log.ts';
import { type AuditEntry, openAuditLog } from '../../server/store/auditLog.ts';
import { backUpDataFolder } from '../../server/store/backup.ts';
import { type DiskWrites, diskWrites } from '../../server/store/durableFile.ts';
import { connectSocket } from '../support/connectWall.ts';
import { temporaryFolder } from '../support/openStore.ts';
import { ALL_SECRETS, givenAway, PLANTED, REPORTER, ticketWith } from '../support/plantedData.ts';
import { startServer, type TestServer } from '../support/startServer.ts';

vi.setConfig({ testTimeout: 60_000 });

const DAY = 24 * 3600_000;

let server: TestServer;
beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.close());

async function entries(query = ''): Promise<(AuditEntry & { readonly subjectCount?: number })[]> {
  const { status, body } = await server.request('GET', `/api/v1/audit?limit=200${query}`, { token: server.adminToken });
  expect(status).toBe(200);
  return body.items;
}

test('each reading of personal originals is logged with who and which before it is answered, and nothing of the original', async () => {
  const source = (await server.makeClient('source')).token;
  for (const [i, planted] of PLANTED.entries()) {
    await server.request('POST', '/api/v1/tickets', { token: source, body: ticketWith(planted, `T-${i}`) });
  }
  const duty = await server.makeStaff('duty', undefined, REPORTER.name);
  const viewer = await server.makeStaff('viewer');
  const get = (path: string, token = duty.token) => server.request('GET', `/api/v1/${path}`, { token });
  const before = (await entries()).length;

  expect((await get('tickets/T-3')).body.ticket.reporter).toEqual(REPORTER);
  expect((await get('tickets?limit=2&sort=number')).body.items).toHaveLength(2);
  expect((await get('exports/tickets?format=csv&q=T-5')).status).toBe(200);
  const step = { token: duty.token, body: { step: 'dispatch', by: '钱丰收' } };
  expect((await server.request('POST', '/api/v1/tickets/T-7/steps', step)).status).toBe(201);
  const desk = await connectSocket(server.url, '/desk', { token: duty.token });
  desk.close();
  // Masked readings need no log
  await get('tickets/T-3?personal=masked');
  await get('tickets/T-3', viewer.token);
  await get('tickets?limit=2', viewer.token);
  (await connectSocket(server.url, '/desk', { token: viewer.token })).close();

  const logged = await entries();
  const [opened, stepped, exported, listed, read, ...rest] = logged;
  expect(rest).toHaveLength(before);
  const who = { accountId: duty.id, username: duty.id };
  expect(read).toMatchObject({ kind: 'ticketRead', ...who, subjects: ['T-3'], address: expect.stringMatching(/127/) });
  expect(listed).toMatchObject({ kind: 'ticketsListed', ...who, subjects: ['T-0', 'T-1'], subjectCount: 2 });
  expect(exported).toMatchObject({
    kind: 'ticketsExported',
    ...who,
    subjects: ['T-5'],
    detail: { format: 'csv', personal: 'originals', rows: 1 },
  });
  expect(stepped).toMatchObject({ kind: 'ticketRead', ...who, subjects: ['T-7'] });
  expect(opened).toMatchObject({ kind: 'deskOpened', ...who });

  const files = readdirSync(join(server.directory, 'audit')).map((name) => join(server.directory, 'audit', name));
  const text = files.map((file) => readFileSync(file, 'utf8')).join('');
  expect(text).toContain('"ticketRead"');
  expect(givenAway(text, [...ALL_SECRETS, REPORTER.id, REPORTER.phone])).toEqual([]);
  for (const file of files) expect(statSync(file).mode & 0o077).toBe(0);
});

test('sign-ins, refusals, passwords, accounts, clients, alerts and walls are logged; what strangers type is not', async () => {
  const post = (path: string, body: unknown, token?: string) =>
    server.request('POST', `/api/v1/${path}`, { body, ...(token === undefined ? {} : { token }) });
  const created = await post(
    'accounts',
    { username: 'zhao', name: '赵甲', role: 'duty', scope: 'xuzhuang', password: 'long enough' },
    server.adminToken,
  );
  const { id } = created.body.account;
  await post('session', { username: 'my password typed into the wrong box', password: 'x' });
  await post('session', { username: 'zhao', password: 'wrong enough' });
  const { token } = (await post('session', { username: 'zhao', password: 'long enough' })).body;
  const changed = await post('session/password', { password: 'long enough', newPassword: 'longer than enough' }, token);
  const report = { id: 'T', source: 'x', category: 'x', title: 'x', location: { gridId: 'heyun-03' } };
  await post('tickets', { ...report, priority: 'critical' }, server.adminToken);
  const alert = 'alerts/criticalTicket:T';
  await post(`${alert}/acknowledge`, { disposition: 'phoned', note: '不要写下来' }, changed.body.token);
  await post(`${alert}/release`, undefined, changed.body.token);
  await post(`${alert}/shelve`, { until: '2026-03-18T11:00:00+08:00', reason: '不要写下来' }, changed.body.token);
  await server.request('DELETE', '/api/v1/session', { token: changed.body.token });
  const wall = await post('clients', { name: '大厅', kind: 'wall' }, server.adminToken);
  const walls = `/api/v1/walls/${wall.body.id}`;
  await server.request('PUT', `${walls}/scene`, { token: server.adminToken, body: { scene: 'brief' } });
  const spotlight = { ticketId: 'T', seconds: 5 };
  await server.request('PUT', `${walls}/spotlight`, { token: server.adminToken, body: spotlight });
  await server.request('DELETE', `${walls}/spotlight`, { token: server.adminToken });
  const { body: pairing } = await post('pairings', undefined);
  await post(`pairings/${pairing.code}/approve`, { name: '大厅' }, server.adminToken);
  await server.request('DELETE', `/api/v1/clients/${wall.body.id}`, { token: server.adminToken });
  await server.request('PATCH', `/api/v1/accounts/${id}`, { token: server.adminToken, body: { role: 'leader' } });
  await server.request('DELETE', `/api/v1/accounts/${id}`, { token: server.adminToken });

  const logged = (await entries()).reverse().map(({ kind, subjects, detail, accountId }) => ({
    kind,
    ...(accountId === undefined ? {} : { by: accountId === id ? 'zhao' : 'admin' }),
    ...(subjects === undefined ? {} : { subjects }),
    ...(detail === undefined ? {} : { detail }),
  }));
  const alertId = 'criticalTicket:T';
  expect(logged).toEqual([
    { kind: 'accountCreated', by: 'admin', subjects: [id], detail: { role: 'duty', scope: 'xuzhuang' } },
    { kind: 'signInRefused', detail: { reason: 'unknownUser' } },
    { kind: 'signInRefused', by: 'zhao', detail: { reason: 'wrongPassword' } },
    { kind: 'signedIn', by: 'zhao', detail: { by: 'password' } },
    { kind: 'passwordChanged', by: 'zhao', subjects: [id] },
    { kind: 'alertAcknowledged', by: 'zhao', subjects: [alertId], detail: { disposition: 'phoned' } },
    { kind: 'alertReleased', by: 'zhao', subjects: [alertId] },
    { kind: 'alertShelved', by: 'zhao', subjects: [alertId] },
    { kind: 'signedOut', by: 'zhao' },
    { kind: 'clientCreated', by: 'admin', subjects: [wall.body.id], detail: { kind: 'wall' } },
    { kind: 'wallTold', by: 'admin', subjects: [wall.body.id], detail: { scene: 'brief' } },
    { kind: 'wallTold', by: 'admin', subjects: [wall.body.id, 'T'], detail: { seconds: 5 } },
    { kind: 'wallTold', by: 'admin', subjects: [wall.body.id], detail: { seconds: 0 } },
    { kind: 'pairingApproved', by: 'admin', detail: {} },
    { kind: 'clientRemoved', by: 'admin', subjects: [wall.body.id] },
    {
      kind: 'accountChanged',
      by: 'admin',
      subjects: [id],
      detail: { fields: 'role', role: 'leader', scope: 'xuzhuang' },
    },
    { kind: 'accountRemoved', by: 'admin', subjects: [id] },
  ]);
  expect(JSON.stringify(logged)).not.toMatch(/wrong box|不要写下来|enough/);
});

test('the log is for admins, found by kind, account, subject and time, in pages', async () => {
  for (const role of ['viewer', 'leader', 'duty'] as const) {
    const { token } = await server.makeStaff(role);
    expect((await server.request('GET', '/api/v1/audit', { token })).status, role).toBe(403);
  }
  const startedAt = Date.now();
  for (let i = 0; i < 25; i += 1) {
    await server.audit.record({ kind: 'ticketRead', accountId: i % 2 === 0 ? 'a' : 'b', subjects: [`T-${i % 5}`] });
  }
  expect(await entries('&account=a')).toHaveLength(13);
  expect(await entries('&subject=T-4')).toHaveLength(5);
  expect(await entries('&kind=signedIn')).toHaveLength(0);
  expect(await entries(`&to=${encodeURIComponent(new Date(startedAt - 1000).toISOString())}`)).toHaveLength(0);
  const seen: number[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const { body } = await server.request('GET', `/api/v1/audit?limit=10${query}`, { token: server.adminToken });
    seen.push(...body.items.map(({ seq }: AuditEntry) => seq));
    cursor = body.nextCursor;
  }
  expect(seen).toEqual(Array.from({ length: 25 }, (_, i) => 25 - i));
  for (const wrong of ['x', Buffer.from('["../x",1]').toString('base64url')]) {
    const { body } = await server.request('GET', `/api/v1/audit?cursor=${wrong}`, { token: server.adminToken });
    expect(body.errors).toEqual([{ path: 'cursor', message: expect.any(String) }]);
  }
});

test('who cannot be logged is shown nothing: a disk that refuses the log refuses the reading', async () => {
  const body = { id: 'T', source: 'x', category: 'x', title: '李雷来电', location: { gridId: 'heyun-03' } };
  await server.request('POST', '/api/v1/tickets', { token: server.adminToken, body });
  const { token } = await server.makeStaff('duty');
  const refuses = vi
    .spyOn(server.audit, 'record')
    .mockRejectedValue(Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', errno: -28 }));
  const refused = await server.request('GET', '/api/v1/tickets/T', { token });
  expect(refused.body).toMatchObject({ status: 503, code: 'unavailable' });
  expect(JSON.stringify(refused.body)).not.toContain('李雷');
  await expect(connectSocket(server.url, '/desk', { token })).rejects.toThrow('unavailable');
  refuses.mockRestore();
  expect((await server.request('GET', '/api/v1/tickets/T', { token })).status).toBe(200);
});

async function openOn(directory: string, at: { now: number }, disk: DiskWrites = diskWrites) {
  const opened = await openAuditLog({ directory, now: () => at.now, log: createLog('silent'), disk });
  if (!opened.ok) throw new Error(opened.problem);
  return opened.audit;
}

const seqs = async (audit: Awaited<ReturnType<typeof openOn>>) => {
  const page = await audit.read({ limit: 100 });
  if (!page.ok) throw new Error(page.problem);
  return page.entries.map(({ seq }) => seq);
};

test('the log goes on after a restart, over days, past a clock set back and a torn last line', async () => {
  const directory = await temporaryFolder();
  const at = { now: Date.parse('2026-03-18T23:59:00Z') };
  const first = await openOn(directory, at);
  await Promise.all([first.record({ kind: 'signedIn' }), first.record({ kind: 'signedOut' })]);
  at.now += DAY;
  await first.record({ kind: 'signedIn' });
  at.now -= 2 * DAY;
  await first.record({ kind: 'signedOut' });
  await first.close();
  expect(readdirSync(directory).sort()).toEqual(['2026-03-18.ndjson', '2026-03-19.ndjson']);
  appendFileSync(join(directory, '2026-03-19.ndjson'), '{"seq":5,"sum":"00');
  const again = await openOn(directory, at);
  await again.record({ kind: 'signedIn' });
  expect(await seqs(again)).toEqual([5, 4, 3, 2, 1]);
  await again.close();
});

test('a write that fails is not in the log, and the next one is', async () => {
  const directory = await temporaryFolder();
  let failing = false;
  const disk: DiskWrites = {
    append: (fd, bytes) =>
      failing
        ? diskWrites.append(fd, bytes.subarray(0, 9)).then(() => {
            throw new Error('ENOSPC');
          })
        : diskWrites.append(fd, bytes),
    sync: diskWrites.sync,
  };
  const audit = await openOn(directory, { now: Date.parse('2026-03-18T12:00:00Z') }, disk);
  await audit.record({ kind: 'signedIn' });
  failing = true;
  await expect(audit.record({ kind: 'ticketRead' })).rejects.toThrow('ENOSPC');
  await expect(audit.record({ kind: 'ticketRead' })).rejects.toThrow('ENOSPC');
  failing = false;
  await audit.record({ kind: 'signedOut' });
  expect(await seqs(audit)).toEqual([2, 1]);
  await audit.close();
});

test('a line that was changed from outside is named, and stops the start where it is of the newest day', async () => {
  const directory = await temporaryFolder();
  const at = { now: Date.parse('2026-03-18T12:00:00Z') };
  const audit = await openOn(directory, at);
  await audit.record({ kind: 'ticketRead', subjects: ['T-1'] });
  await audit.record({ kind: 'ticketRead', subjects: ['T-2'] });
  const file = join(directory, '2026-03-18.ndjson');
  writeFileSync(file, readFileSync(file, 'utf8').replace('T-1', 'T-9'));
  expect(await audit.read({ limit: 10 })).toEqual({ ok: false, problem: expect.stringContaining(`${file} line 1`) });
  await audit.close();
  const opened = await openAuditLog({ directory, now: () => at.now, log: createLog('silent') });
  expect(opened).toEqual({ ok: false, problem: expect.stringContaining(`${file} line 1 does not match its checksum`) });
});

test('a backup holds the log; one with a damaged line is refused', async () => {
  await server.audit.record({ kind: 'ticketRead', subjects: ['T-1'] });
  const target = join(await temporaryFolder(), 'backup');
  const made = await backUpDataFolder(server.directory, target);
  expect(made).toMatchObject({ ok: true });
  const restored = await openOn(join(target, 'audit'), { now: Date.now() });
  expect(await seqs(restored)).toEqual([1]);
  await restored.close();
  const [name = ''] = readdirSync(join(server.directory, 'audit'));
  const file = join(server.directory, 'audit', name);
  writeFileSync(file, readFileSync(file, 'utf8').replace('T-1', 'T-9'));
  const refused = await backUpDataFolder(server.directory, join(await temporaryFolder(), 'backup'));
  expect(refused).toEqual({ ok: false, problem: expect.stringContaining(`${file} line 1`) });
});
