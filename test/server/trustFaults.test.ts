import { spawn } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { diskWrites } from '../../server/store/durableFile.ts';
import { ticketIn } from '../support/builders.ts';
import { HOUR } from '../support/domainBuilders.ts';
import { folderForTest, refusalOn, smallDisk, startOn } from '../support/faultyServer.ts';
import { manualClock } from '../support/manualClock.ts';
import { accepted, openStore, temporaryFolder } from '../support/openStore.ts';
import { plainClient } from '../support/plainClient.ts';
import { openRendererWall } from '../support/rendererWall.ts';
import { startServer, TEST_START_AT } from '../support/startServer.ts';

// Servers are started and killed, beside whatever else the machine does
vi.setConfig({ testTimeout: 90_000 });

const MEBIBYTE = 1024 * 1024;
const isRoot = process.getuid?.() === 0;
const NOBODY = 65_534;

const journalOf = (data: string) => {
  const folder = join(data, 'journal');
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name));
};

/** A folder with so many tickets, left as a kill leaves it. */
async function killedWith(count: number): Promise<string> {
  const data = join(folderForTest(), 'data');
  const server = await startOn(data);
  for (let i = 1; i <= count; i += 1) {
    expect((await server.admin.send('POST', '/api/v1/tickets', ticketIn({ id: `T-${i}` }))).status).toBe(201);
  }
  await server.stop('SIGKILL');
  return data;
}

test('a full disk: the server stops with a sentence, keeps all it answered, and starts again once there is room', async ({
  skip,
}) => {
  const disk = smallDisk(2 * MEBIBYTE);
  if (disk === undefined) {
    skip('a small disk can be mounted by root only');
    return;
  }
  const data = join(disk.folder, 'data');
  const server = await startOn(data);
  const { token } = await server.makeClient('source');
  const source = plainClient(server.url, token, 'nowAndThen');
  const description = '满'.repeat(5000);
  const answered: string[] = [];
  async function fill(from: number): Promise<void> {
    for (let i = from; ; i += 4) {
      const id = `T-${i}`;
      const answer = await source.send('POST', '/api/v1/tickets', ticketIn({ id, description })).catch(() => undefined);
      if (answer?.status !== 201) return;
      answered.push(id);
    }
  }
  await Promise.all([0, 1, 2, 3].map(fill));
  source.close();
  expect((await server.process.ended).code).toBe(1);
  const { stderr } = server.process.output();
  expect(stderr).toMatch(
    /^taibai-wall: writing the journal in .* failed \(ENOSPC.*The server stops rather than carry on ahead of its log\. Free or repair the disk, then start it again; nothing that was acknowledged is lost\.$/m,
  );
  expect(answered.length).toBeGreaterThan(20);

  expect(await refusalOn(data)).toMatch(/ENOSPC|no space left/);

  disk.grow(16 * MEBIBYTE);
  const again = await startOn(data);
  for (const id of answered) expect((await again.admin.send('GET', `/api/v1/tickets/${id}`)).status, id).toBe(200);
  const { body } = await again.admin.send('GET', '/api/v1/tickets?limit=1');
  expect(body.total).toBeLessThanOrEqual(answered.length + 4);
});

test('a full disk under accounts and clients: 503 as a problem, and the same again once there is room', async ({
  skip,
}) => {
  const disk = smallDisk(MEBIBYTE);
  if (disk === undefined) {
    skip('a small disk can be mounted by root only');
    return;
  }
  const server = await startServer({ directory: disk.folder });
  const { token: wall } = await server.makeClient('wall');
  const filler = join(disk.folder, 'filler');
  expect(() => writeFileSync(filler, Buffer.alloc(2 * MEBIBYTE))).toThrow('ENOSPC');
  const create = () =>
    server.request('POST', '/api/v1/clients', { token: server.adminToken, body: { name: '热线', kind: 'source' } });
  expect((await create()).body).toMatchObject({ status: 503, code: 'unavailable' });
  expect((await server.request('GET', '/api/v1/status', { token: wall })).status).toBe(403);
  rmSync(filler);
  expect((await create()).status).toBe(201);
  await server.close();
});

test('a data folder that may only be read: the start is refused with a sentence', async () => {
  const data = await killedWith(1);
  chmodSync(data, 0o555);
  const before = readdirSync(data);
  if (!isRoot) {
    expect(await refusalOn(data)).toMatch(/the data folder .* cannot be used: EACCES/);
  } else {
    // Root may write everywhere, so somebody else tries
    const child = spawn(
      process.execPath,
      [
        fileURLToPath(new URL('../../server/index.ts', import.meta.url)),
        '--port',
        '0',
        '--data',
        data,
        '--source',
        'none',
      ],
      { uid: NOBODY, gid: NOBODY, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(2);
    expect(said).toMatch(/^taibai-wall: the data folder .* cannot be used: EACCES.*\n$/);
  }
  chmodSync(data, 0o755);
  expect(readdirSync(data)).toEqual(before);
});

test('a failing sync: nobody is told of the events, the server stops with a sentence', async () => {
  const directory = await temporaryFolder();
  let broken = false;
  const opened = await openStore(directory, {
    disk: {
      append: diskWrites.append,
      sync: (fd) => (broken ? Promise.reject(new Error('EIO: i/o error, fdatasync')) : diskWrites.sync(fd)),
    },
  });
  accepted(await opened.report({ id: 'before' }));
  broken = true;
  const heard: number[] = [];
  opened.store.onCommit(({ toSeq }) => heard.push(toSeq));
  const refused = { ok: false, refusal: { reason: 'unavailable', detail: expect.stringContaining('EIO') } };
  expect(await Promise.all([opened.report({ id: 'amid' }), opened.report({ id: 'beside' })])).toEqual([
    refused,
    refused,
  ]);
  expect(await opened.report({ id: 'after' })).toEqual(refused);
  expect(heard).toEqual([]);
  expect([...opened.store.board.tickets.keys()]).toEqual(['before']);
  expect(opened.fatal).toEqual([
    expect.stringMatching(/^writing the journal in .* failed \(EIO: i\/o error, fdatasync\)\. The server stops rather/),
  ]);
  await opened.store.close();
  // What was refused may have reached the disk all the same: sending it again is safe
  const again = await openStore(directory);
  expect(again.store.board.tickets.has('before')).toBe(true);
  expect(again.store.board.tickets.has('after')).toBe(false);
  accepted(await again.report({ id: 'amid' }));
  await again.store.close();
});

test('a torn tail: the start cuts it, says so in the log and goes on', async () => {
  const data = await killedWith(3);
  const file = journalOf(data).at(-1) as string;
  appendFileSync(file, '{"seq":4,"sum":"0123');
  const server = await startOn(data);
  expect(server.process.output().stderr).toContain('cut off a torn last line');
  const { body } = await server.admin.send('GET', '/api/v1/tickets');
  expect(body.total).toBe(3);
});

test('a damaged middle: the start is refused with file and line, and nothing is changed', async () => {
  const data = await killedWith(3);
  const file = journalOf(data)[0] as string;
  writeFileSync(file, readFileSync(file, 'utf8').replace('"ticketId":"T-2"', '"ticketId":"T-7"'));
  const damaged = readFileSync(file, 'utf8');
  const sentence = await refusalOn(data);
  expect(sentence).toContain(
    `${file} line 2 does not match its checksum. Nothing was changed. Restore the data folder from a backup`,
  );
  expect(readFileSync(file, 'utf8')).toBe(damaged);
});

test('a snapshot newer than the journal: the start is refused with a sentence', async () => {
  const data = join(folderForTest(), 'data');
  const server = await startOn(data);
  for (const id of ['T-1', 'T-2']) await server.admin.send('POST', '/api/v1/tickets', ticketIn({ id }));
  await server.stop('SIGTERM');
  const [first, ...later] = journalOf(data);
  for (const file of later) rmSync(file);
  writeFileSync(first as string, `${readFileSync(first as string, 'utf8').split('\n')[0]}\n`);
  expect(await refusalOn(data)).toMatch(
    /board\.json stands at event 2, but the journal .* ends with event 1: the snapshot is newer than the journal\. Nothing was changed\. Restore both from one backup\./,
  );
});

test('a restored older folder: a new epoch, and walls that knew more start over', async () => {
  const data = join(folderForTest(), 'data');
  const server = await startOn(data);
  const { token } = await server.makeClient('wall');
  const post = (to: typeof server, id: string) => to.admin.send('POST', '/api/v1/tickets', ticketIn({ id }));
  await post(server, 'kept');
  await server.stop('SIGTERM');
  const older = `${data}-older`;
  cpSync(data, older, { recursive: true });

  const port = Number(new URL(server.url).port);
  const newer = await startOn(data, port);
  const wall = openRendererWall(newer.url, token);
  const { body: status } = await newer.admin.send('GET', '/api/v1/status');
  const { seq } = (await post(newer, 'lost')).body;
  await wall.reached(status.epoch, seq);
  expect(wall.tickets().map((ticket) => ticket.id)).toEqual(['kept', 'lost']);
  await newer.stop('SIGTERM');

  rmSync(data, { recursive: true });
  cpSync(older, data, { recursive: true });
  const restored = await startOn(data, port);
  const { body: now } = await restored.admin.send('GET', '/api/v1/status');
  expect(now.epoch).not.toBe(status.epoch);
  await wall.reached(now.epoch, now.seq);
  expect(wall.tickets().map((ticket) => ticket.id)).toEqual(['kept']);
  wall.close();
});

test('a clock that was set back: tickets, numbers and deadlines go on, nobody is signed in for longer', async () => {
  const directory = folderForTest();
  mkdirSync(directory, { recursive: true });
  let realAt = TEST_START_AT;
  const first = await startServer({ directory, clock: manualClock(TEST_START_AT), now: () => realAt });
  const before = (
    await first.request('POST', '/api/v1/tickets', { token: first.adminToken, body: ticketIn({ id: 'before' }) })
  ).body;
  const { adminToken } = first;
  await first.close();

  realAt -= HOUR;
  const second = await startServer({ directory, clock: manualClock(TEST_START_AT - HOUR), now: () => realAt });
  const after = await second.request('POST', '/api/v1/tickets', { token: adminToken, body: ticketIn({ id: 'after' }) });
  expect(after.status).toBe(201);
  expect(after.body.seq).toBe(before.seq + 1);
  expect(Number(after.body.ticket.number.slice(-4))).toBe(Number(before.ticket.number.slice(-4)) + 1);
  const kept = await second.request('GET', '/api/v1/tickets/before', { token: adminToken });
  expect(kept.body.ticket).toEqual(before.ticket);
  // A step is dated by the clock there is; that it lies before the report is accepted and flagged
  const step = await second.request('POST', '/api/v1/tickets/before/steps', {
    token: adminToken,
    body: { step: 'handle' },
  });
  expect(step.body.ticket).toMatchObject({ status: 'handled', flags: ['outOfOrder'] });
  realAt = TEST_START_AT + HOUR;
  expect((await second.request('GET', '/api/v1/status', { token: adminToken })).status).toBe(401);
  await second.close();
});

test('a folder in use, or with a file of somebody else for its lock, is left alone', async () => {
  const data = join(folderForTest(), 'data');
  const server = await startOn(data);
  expect(await refusalOn(data)).toMatch(/is in use by another server \(process \d+\)/);
  await server.stop('SIGTERM');
  expect(existsSync(join(data, 'lock'))).toBe(false);
  writeFileSync(join(data, 'lock'), 'mine');
  expect(await refusalOn(data)).toContain(
    'is not a lock of this server. If no server runs on the data folder, delete that file',
  );
});
