import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { evolve, initialWallState } from '../../domain/wallState.ts';
import { backUpDataFolder } from '../../server/store/backup.ts';
import { ticketIn } from '../support/builders.ts';
import { HOUR } from '../support/domainBuilders.ts';
import { folderForTest, startOn } from '../support/faultyServer.ts';
import { openStore, temporaryFolder } from '../support/openStore.ts';
import { randomReport, randomStep } from '../support/randomHistory.ts';
import { seededRandom } from '../support/seededRandom.ts';

vi.setConfig({ testTimeout: 60_000 });

const ENTRY = fileURLToPath(new URL('../../server/index.ts', import.meta.url));

/** `npm run backup -- …`, as its script starts it. */
async function backupCommand(args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [ENTRY, 'backup', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [code] = (await once(child, 'close')) as [number];
  return { code, stdout, stderr };
}

test.each([1, 2, 3])('a backup taken while the store works is the board at its last event, seed %i', async (seed) => {
  const random = seededRandom(seed);
  const directory = await temporaryFolder();
  // A small snapshot distance, so that the backup meets snapshots and new journal files on its way
  const opened = await openStore(directory, { snapshotEvery: { events: 60, bytes: Number.POSITIVE_INFINITY } });
  const events: Parameters<typeof evolve>[1][] = [];
  opened.store.onCommit((commit) => events.push(...commit.events));
  const ids: string[] = [];
  let working = true;
  async function work(worker: number): Promise<void> {
    for (let i = 0; working; i += 1) {
      const id = `W${worker}-${i}`;
      if (random.chance(0.5) || ids.length === 0) {
        ids.push(id);
        await opened.report(randomReport(random, id, ['g1']));
      } else await opened.step(random.pick(ids), randomStep(random, id, ids));
      if (random.chance(0.02)) {
        opened.clock.advance(10 * HOUR);
        await opened.store.archiveEnded();
      }
    }
  }
  const workers = Array.from({ length: 6 }, (_, worker) => work(worker));
  for (let round = 0; round < 4; round += 1) {
    const before = opened.store.seq;
    await expect.poll(() => opened.store.seq).toBeGreaterThan(before + 100);
    const target = join(await temporaryFolder(), 'backup');
    const seqBefore = opened.store.seq;
    const made = await backUpDataFolder(directory, target);
    if (!made.ok) throw new Error(made.problem);
    expect(made.lastSeq).toBeGreaterThanOrEqual(seqBefore);

    await expect.poll(() => opened.store.seq).toBeGreaterThanOrEqual(made.lastSeq);
    const restored = await openStore(target, { clock: opened.clock });
    expect(restored.store.seq).toBe(made.lastSeq);
    const board = initialWallState();
    const everyId = new Set<string>();
    for (const event of events.slice(0, made.lastSeq)) {
      evolve(board, event);
      if (event.type === 'ticketReported') everyId.add(event.ticketId);
    }
    expect([...restored.store.board.tickets.values()], `seed ${seed}, round ${round}`).toEqual([
      ...board.tickets.values(),
    ]);
    expect(new Set([...restored.store.facts()].map((ticket) => ticket.id))).toEqual(everyId);
    // Archived ones whole, notes and description included
    for (const id of everyId) expect((await restored.store.find(id))?.id).toBe(id);
    await restored.store.close();
  }
  working = false;
  await Promise.all(workers);
  await opened.store.close();
});

test('npm run backup beside a running server; the copy restored is the state at that moment, accounts included', async () => {
  const folder = folderForTest();
  const data = join(folder, 'data');
  const server = await startOn(data);
  const post = (id: string) => server.admin.send('POST', '/api/v1/tickets', ticketIn({ id, description: `述 ${id}` }));
  for (const id of ['A', 'B', 'C']) await post(id);
  await server.admin.send('POST', '/api/v1/tickets/B/steps', { step: 'handle', by: '吴己', note: '已劝离' });
  const { body: then } = await server.admin.send('GET', '/api/v1/tickets?sort=number');
  const { seq } = (await server.admin.send('GET', '/api/v1/status')).body;

  const target = join(folder, 'backup');
  const made = await backupCommand(['--data', data, '--to', target]);
  expect(made).toMatchObject({ code: 0, stderr: '' });
  expect(made.stdout).toMatch(new RegExp(`up to event ${seq}\\n$`));
  expect(statSync(target).mode & 0o077, 'personal data is for the owner alone').toBe(0);
  expect(readdirSync(target)).not.toContain('lock');
  await post('D');
  await server.stop('SIGTERM');

  const restoredData = join(folder, 'restored');
  cpSync(target, restoredData, { recursive: true });
  const restored = await startOn(restoredData);
  const { body: now } = await restored.admin.send('GET', '/api/v1/tickets?sort=number');
  expect(now).toEqual(then);
  expect((await restored.admin.send('GET', '/api/v1/status')).body.seq).toBe(seq);
});

test('a backup refuses a target that is not empty or lies in the folder itself, a folder without a journal, and a damaged one', async () => {
  const folder = folderForTest();
  const data = join(folder, 'data');
  const { store, report } = await openStore(data);
  await report({ id: 'T-1' });
  await store.close();
  const full = join(folder, 'full');
  mkdirSync(full);
  writeFileSync(join(full, 'mine'), '');
  const refused = async (from: string, to: string) => {
    const { code, stdout, stderr } = await backupCommand(['--data', from, '--to', to]);
    expect([code, stdout, stderr.trimEnd().split('\n').length]).toEqual([2, '', 1]);
    return stderr;
  };
  expect(await refused(data, full)).toContain('is not empty');
  expect(await refused(data, join(data, 'backup'))).toContain('lies inside the data folder');
  expect(await refused(full, join(folder, 'new'))).toContain('journal');
  expect((await backupCommand(['--data', data])).stderr).toContain('--to must name the folder');
  const journal = join(data, 'journal', '000000000001.ndjson');
  writeFileSync(journal, readFileSync(journal, 'utf8').replace('"T-1"', '"T-2"'));
  expect(await refused(data, join(folder, 'damaged'))).toContain(
    '000000000001.ndjson line 1 does not match its checksum',
  );
  expect(readdirSync(join(folder, 'damaged'))).not.toContain('accounts.json');
});
