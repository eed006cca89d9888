import { constants, readFileSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type DiskWrites, diskWrites } from '../../server/store/durableFile.ts';
import type { BoardSnapshot } from '../../server/store/snapshotDb.ts';
import { at } from '../support/domainBuilders.ts';
import { accepted, gatedDisk, openStore, temporaryFolder, tryOpenStore } from '../support/openStore.ts';
import { storeContract } from '../support/storeContract.ts';

storeContract('this disk', () => diskWrites);
storeContract('a disk that is slow to sync', () => ({
  append: diskWrites.append,
  async sync(fd) {
    for (let turns = 0; turns < 20; turns += 1) await setImmediate();
    await diskWrites.sync(fd);
  },
}));

test('reports that arrive during a sync share the next one', async () => {
  const disk = gatedDisk();
  const { store, report } = await openStore(await temporaryFolder(), { disk });
  disk.close();
  const first = report({ id: 'first' });
  await disk.reached();
  const others = Array.from({ length: 64 }, (_, i) => report({ id: `other-${i}` }));
  disk.open();
  const answers = await Promise.all([first, ...others]);
  expect(answers.every((answer) => answer.ok)).toBe(true);
  expect(disk.syncs).toBe(2);
  await store.close();
});

test.skipIf(process.platform !== 'linux')(
  'on Linux the journal is opened so that what is appended is on the disk, in every file of it',
  async () => {
    const flags: number[] = [];
    const disk: DiskWrites = {
      ...diskWrites,
      append(fd, bytes) {
        flags.push(
          Number.parseInt(/^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1] ?? '', 8),
        );
        return diskWrites.append(fd, bytes);
      },
      sync: () => Promise.reject(new Error('a second errand')),
    };
    const directory = await temporaryFolder();
    const { store, report, fatal } = await openStore(directory, { disk, snapshotEvery: { events: 2, bytes: 1e9 } });
    for (const id of ['A', 'B', 'C', 'D']) accepted(await report({ id }));
    await store.close();
    expect(fatal).toEqual([]);
    expect((await readdir(join(directory, 'journal'))).length).toBeGreaterThan(1);
    expect(flags).toHaveLength(4);
    for (const opened of flags) expect(opened & constants.O_DSYNC).toBe(constants.O_DSYNC);
  },
);

test('nothing is answered, shown or found before it is durable', async () => {
  const disk = gatedDisk();
  const { store, report, step } = await openStore(await temporaryFolder(), { disk });
  disk.close();
  const settled: string[] = [];
  const heard: number[] = [];
  store.onCommit(({ toSeq }) => heard.push(toSeq));
  const all = [
    report().then(() => settled.push('report')),
    step('T-1', { step: 'dispatch', at: at('10:08') }).then(() => settled.push('step')),
    report().then(() => settled.push('retry')),
  ];
  await disk.reached();
  await setImmediate();
  expect(settled).toEqual([]);
  expect(heard).toEqual([]);
  expect(store.seq).toBe(0);
  expect(store.board.tickets.size).toBe(0);
  expect(await store.find('T-1')).toBeUndefined();
  expect(await store.find('GD-260318-0001')).toBeUndefined();
  expect([...store.facts()]).toEqual([]);
  disk.open();
  await Promise.all(all);
  expect(settled.toSorted()).toEqual(['report', 'retry', 'step']);
  expect(store.seq).toBe(2);
  await store.close();
});

function failingDisk(failing: 'append' | 'sync'): DiskWrites & { fail: boolean } {
  const disk = {
    fail: false,
    async append(fd: number, bytes: Buffer) {
      if (disk.fail && failing === 'append') {
        await diskWrites.append(fd, bytes.subarray(0, bytes.length / 2));
        throw new Error('ENOSPC: no space left on device, write');
      }
      await diskWrites.append(fd, bytes);
    },
    async sync(fd: number) {
      if (disk.fail && failing === 'sync') throw new Error('EIO: i/o error, fdatasync');
      await diskWrites.sync(fd);
    },
  };
  return disk;
}

test.each(['append', 'sync'] as const)(
  'a failed %s stops the store with a sentence; what was answered is kept',
  async (failing) => {
    const directory = await temporaryFolder();
    const disk = failingDisk(failing);
    const { store, report, fatal } = await openStore(directory, { disk });
    const kept = accepted(await report({ id: 'kept' })).ticket;
    disk.fail = true;
    const lost = await Promise.all([report({ id: 'lost-1' }), report({ id: 'lost-2' }), report({ id: 'lost-1' })]);
    for (const answer of lost) expect(answer).toMatchObject({ ok: false, refusal: { reason: 'unavailable' } });
    expect(fatal).toEqual([expect.stringMatching(/writing the journal .*(ENOSPC|EIO).* stops/)]);
    disk.fail = false;
    expect(await report({ id: 'later' })).toMatchObject({ ok: false, refusal: { reason: 'unavailable' } });
    expect([...store.board.tickets.values()]).toEqual([kept]);
    expect(store.seq).toBe(1);
    await store.close();

    const again = await openStore(directory);
    expect(again.store.board.tickets.get('kept')).toEqual(kept);
    const retry = await again.report({ id: 'lost-1' });
    expect(retry.ok).toBe(true);
    await again.store.close();
  },
);

test('a snapshot is taken each so many events, begins a new journal file, and recovery reads only what follows', async () => {
  const directory = await temporaryFolder();
  const snapshotEvery = { events: 10, bytes: 1e9 };
  const first = await openStore(directory, { snapshotEvery });
  for (let i = 1; i <= 25; i += 1) await first.report({ id: `T-${i}` });
  await first.step('T-3', { step: 'close', at: at('10:30') });
  const before = [...first.store.board.tickets.values()];
  await expect.poll(() => first.logged.filter((line) => line.message === 'snapshot written').length).toBe(2);
  const journal = await readdir(join(directory, 'journal'));
  expect(journal.sort()).toEqual(['000000000001.ndjson', '000000000011.ndjson', '000000000021.ndjson']);
  const snapshot = JSON.parse(await readFile(join(directory, 'board.json'), 'utf8')) as BoardSnapshot;
  expect(snapshot.seq).toBe(20);
  expect(snapshot.tickets.map((ticket) => ticket.id)).toEqual(Array.from({ length: 20 }, (_, i) => `T-${i + 1}`));

  // A second start on the same files, as after a kill: the first store never closed
  const { opening } = await tryOpenStore(directory, { snapshotEvery });
  if (!opening.ok) throw new Error(opening.problem);
  expect([...opening.store.board.tickets.values()]).toEqual(before);
  expect(opening.store.seq).toBe(26);
  await opening.store.close();
});

test('while a snapshot is written the store goes on, and the snapshot is of its own moment', async () => {
  const directory = await temporaryFolder();
  const { store, report, logged } = await openStore(directory, { snapshotEvery: { events: 500, bytes: 1e9 } });
  await Promise.all(Array.from({ length: 500 }, (_, i) => report({ id: `T-${i}` })));
  const during = await Promise.all(Array.from({ length: 100 }, (_, i) => report({ id: `during-${i}` })));
  expect(during.every((answer) => answer.ok)).toBe(true);
  await expect.poll(() => logged.some((line) => line.message === 'snapshot written')).toBe(true);
  const snapshot = JSON.parse(await readFile(join(directory, 'board.json'), 'utf8')) as BoardSnapshot;
  expect(snapshot.seq).toBe(500);
  expect(snapshot.tickets).toHaveLength(500);
  await store.close();
  const again = await openStore(directory);
  expect(again.store.board.tickets.size).toBe(600);
  await again.store.close();
});

test('a data folder that cannot be one is refused with a sentence', async () => {
  const file = join(await temporaryFolder(), 'file');
  await writeFile(file, '');
  const { opening } = await tryOpenStore(join(file, 'data'));
  expect(opening).toMatchObject({
    ok: false,
    problem: expect.stringMatching(/^The data folder .* cannot be used: ENOTDIR/),
  });
});
