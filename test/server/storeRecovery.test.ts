import { fork } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, cp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { checkedLine } from '../../server/store/checkedLine.ts';
import { diskWrites } from '../../server/store/durableFile.ts';
import { HOUR } from '../support/domainBuilders.ts';
import { accepted, openStore, temporaryFolder, tryOpenStore } from '../support/openStore.ts';
import { seededRandom } from '../support/seededRandom.ts';

const FIRST_FILE = '000000000001.ndjson';

/** A folder with journal events 1 to `count` and no snapshot, as a killed server leaves it. */
async function killedAfter(count: number): Promise<{ directory: string; journal: string }> {
  const directory = await temporaryFolder();
  const { store, report } = await openStore(directory);
  await Promise.all(Array.from({ length: count }, (_, i) => report({ id: `T-${i + 1}` })));
  await store.close();
  await rm(join(directory, 'board.json'));
  const journal = join(directory, 'journal', FIRST_FILE);
  // The snapshot at the end has begun a new, empty file
  await rm(join(directory, 'journal', `${String(count + 1).padStart(12, '0')}.ndjson`));
  return { directory, journal };
}

async function everyFile(directory: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files[path] = await readFile(path, 'latin1');
  }
  return files;
}

/** The folder must be refused with this sentence and left as it is. */
async function expectRefused(directory: string, sentence: RegExp): Promise<void> {
  const before = await everyFile(directory);
  const { opening } = await tryOpenStore(directory);
  expect(opening).toEqual({ ok: false, problem: expect.stringMatching(sentence) });
  expect(await everyFile(directory)).toEqual(before);
}

test.each([
  ['half a line', '{"seq":6,"sum":"0123abcd","event":{"type":"ticketRep'],
  ['the file grown but never filled', '\0'.repeat(4096)],
  ['one byte', '{'],
])('a torn last line is cut and logged: %s', async (_what, torn) => {
  const { directory, journal } = await killedAfter(5);
  const whole = await readFile(journal, 'utf8');
  await appendFile(journal, torn);
  const { store, report, logged } = await openStore(directory);
  expect(store.seq).toBe(5);
  expect(logged.filter((line) => line.level === 'warn').map((line) => line.message)).toEqual([
    expect.stringContaining('torn last line'),
  ]);
  expect(await readFile(journal, 'utf8')).toBe(whole);
  expect(accepted(await report({ id: 'T-6' })).seq).toBe(6);
  await store.close();
  const again = await openStore(directory);
  expect(again.store.board.tickets.size).toBe(6);
  await again.store.close();
});

test('a last line that lacks only its line feed is an event like any other', async () => {
  const { directory, journal } = await killedAfter(5);
  const whole = await readFile(journal);
  await truncate(journal, whole.length - 1);
  const { store, report } = await openStore(directory);
  expect(store.seq).toBe(5);
  await report({ id: 'T-6' });
  await store.close();
  const again = await openStore(directory);
  expect(again.store.board.tickets.size).toBe(6);
  await again.store.close();
});

test('a write torn at any byte loses nothing that came before it', async () => {
  const { directory, journal } = await killedAfter(3);
  const whole = await readFile(journal);
  const lastLineFrom = whole.lastIndexOf('\n', whole.length - 2) + 1;
  const random = seededRandom(20260318);
  for (let round = 0; round < 12; round += 1) {
    await writeFile(journal, whole.subarray(0, lastLineFrom + random.below(whole.length - 1 - lastLineFrom)));
    const { opening } = await tryOpenStore(directory);
    if (!opening.ok) throw new Error(opening.problem);
    expect([...opening.store.board.tickets.keys()]).toEqual(['T-1', 'T-2']);
    await opening.store.close();
    await rm(join(directory, 'board.json'));
    await rm(join(directory, 'journal', '000000000003.ndjson'));
  }
});

test('a damaged byte in the middle stops with file and line', async () => {
  const { directory, journal } = await killedAfter(5);
  const bytes = await readFile(journal);
  const lines = bytes.toString('latin1').split('\n');
  const at = lines.slice(0, 2).join('\n').length + 60;
  bytes[at] = (bytes[at] as number) ^ 1;
  await writeFile(journal, bytes);
  await expectRefused(directory, /000000000001\.ndjson line 3 does not match its checksum.*backup/);
});

test('damage in what the snapshot covers stops too', async () => {
  const directory = await temporaryFolder();
  const { store, report } = await openStore(directory);
  for (let i = 1; i <= 4; i += 1) await report({ id: `T-${i}` });
  await store.close();
  const journal = join(directory, 'journal', FIRST_FILE);
  await writeFile(journal, (await readFile(journal, 'utf8')).replace('"T-2"', '"X-2"'));
  await expectRefused(directory, /000000000001\.ndjson line 2 does not match its checksum/);
});

test('a damaged last line that was whole once is not taken for a torn one', async () => {
  const { directory, journal } = await killedAfter(3);
  await writeFile(journal, (await readFile(journal, 'utf8')).replace('"T-3"', '"X-3"'));
  await expectRefused(directory, /000000000001\.ndjson line 3 does not match its checksum/);
});

test('a missing event stops with file, line and seq', async () => {
  const { directory, journal } = await killedAfter(5);
  const lines = (await readFile(journal, 'utf8')).split('\n');
  await writeFile(journal, lines.toSpliced(2, 1).join('\n'));
  await expectRefused(directory, /000000000001\.ndjson line 3 holds event 4 where event 3 belongs/);
});

test('an event that this version does not know stops rather than be passed over', async () => {
  const { directory, journal } = await killedAfter(1);
  await appendFile(journal, checkedLine(2, 'event', '{"type":"ticketPraised","ticketId":"T-1"}'));
  await expectRefused(directory, /line 2 holds an event of a kind that this version does not know/);
});

test('a missing file of the journal stops', async () => {
  const directory = await temporaryFolder();
  for (const pair of [1, 3, 5]) {
    const { store, report } = await openStore(directory);
    await Promise.all([report({ id: `T-${pair}` }), report({ id: `T-${pair + 1}` })]);
    await store.close();
  }
  const whole = await temporaryFolder();
  await cp(directory, whole, { recursive: true });
  await rm(join(directory, 'journal', '000000000003.ndjson'));
  await expectRefused(directory, /000000000005\.ndjson should begin with event 3/);
  await rm(join(whole, 'board.json'));
  await rm(join(whole, 'journal', FIRST_FILE));
  await expectRefused(whole, /begins with event 3, events 1 to 2 are missing/);
});

test('a snapshot newer than the journal stops, and one without a journal', async () => {
  const directory = await temporaryFolder();
  const { store, report } = await openStore(directory);
  await report({ id: 'T-1' });
  await report({ id: 'T-2' });
  await store.close();
  const journal = join(directory, 'journal', FIRST_FILE);
  await rm(join(directory, 'journal', '000000000003.ndjson'));
  const lines = (await readFile(journal, 'utf8')).split('\n');
  await writeFile(journal, `${lines[0]}\n`);
  await expectRefused(
    directory,
    /board\.json stands at event 2, but the journal .* ends with event 1: the snapshot is newer/,
  );
  await rm(journal);
  await expectRefused(directory, /holds no journal, but board\.json stands at event 2/);
});

test.each([
  ['cut short', (text: string) => text.slice(0, -30), /board\.json .*has no end/],
  ['a changed letter', (text: string) => text.replace('"T-1"', '"T-7"'), /board\.json .*checksum/],
  ['emptied', () => '', /board\.json .*has no end/],
])('a damaged snapshot stops: %s', async (_what, damage, sentence) => {
  const directory = await temporaryFolder();
  const { store, report } = await openStore(directory);
  await report({ id: 'T-1' });
  await store.close();
  const path = join(directory, 'board.json');
  await writeFile(path, damage(await readFile(path, 'utf8')));
  await expectRefused(directory, sentence);
});

test('a restored older folder is a shorter history under a new epoch', async () => {
  const directory = await temporaryFolder();
  const first = await openStore(directory);
  await first.report({ id: 'T-1' });
  await first.store.close();
  const backup = await temporaryFolder();
  await cp(directory, backup, { recursive: true });
  const second = await openStore(directory);
  await second.report({ id: 'T-2' });
  await second.store.close();
  const restored = await openStore(backup);
  expect(restored.store.seq).toBe(1);
  expect(restored.store.epoch).not.toBe(second.store.epoch);
  expect(accepted(await restored.report({ id: 'T-2' })).outcome).toBe('accepted');
  await restored.store.close();
});

test('a clock that was set back changes nothing of what is there', async () => {
  const directory = await temporaryFolder();
  const first = await openStore(directory);
  await first.report({ id: 'T-1' });
  await first.step('T-1', { step: 'close', at: first.clock.now() });
  first.clock.advance(49 * HOUR);
  await first.store.archiveEnded();
  await first.store.close();
  const second = await openStore(directory);
  const next = accepted(await second.report({ id: 'T-2' })).ticket;
  expect(next.number).toBe('GD-260318-0002');
  expect((await second.store.find('T-1'))?.status).toBe('closed');
  expect(await second.store.archiveEnded()).toBe(0);
  await second.store.close();
});

// ---- The archive, cut off at each of its steps

async function oneEndedTicket(directory: string, overrides: Parameters<typeof openStore>[1] = {}) {
  const opened = await openStore(directory, overrides);
  await opened.report({ id: 'T-1', description: '原文' });
  await opened.step('T-1', { step: 'close', at: opened.clock.now() });
  opened.clock.advance(49 * HOUR);
  return opened;
}

test('cut off after the archive line, before the journal: the ticket is on the board still and moves next time', async () => {
  const directory = await temporaryFolder();
  let archived = false;
  let cut = false;
  const opened = await oneEndedTicket(directory, {
    disk: {
      async append(fd, bytes) {
        // The first write after the archive's is the journal's
        if (archived) cut = true;
        if (bytes.includes('"ticket":{')) archived = true;
        if (cut) throw new Error('killed');
        await diskWrites.append(fd, bytes);
      },
      sync: diskWrites.sync,
    },
  });
  const whole = opened.store.board.tickets.get('T-1');
  expect(await opened.store.archiveEnded()).toBe(0);
  expect(cut).toBe(true);
  await opened.store.close();
  expect(await readdir(join(directory, 'archive'))).toEqual(['2026-03.ndjson']);

  const again = await openStore(directory, { clock: opened.clock });
  expect([...again.store.facts()]).toEqual([whole]);
  await again.step('T-1', { step: 'note', note: '补充' });
  expect(await again.store.archiveEnded()).toBe(1);
  const noted = await again.store.find('T-1');
  expect(noted?.steps.at(-1)?.note).toBe('补充');
  await again.store.close();
  const last = await openStore(directory, { clock: opened.clock });
  expect(await last.store.find('T-1')).toEqual(noted);
  expect([...last.store.facts()]).toHaveLength(1);
  await last.store.close();
});

test('cut off in the middle of an archive line: the line is cut, the ticket moves next time', async () => {
  const directory = await temporaryFolder();
  const opened = await oneEndedTicket(directory, {
    disk: {
      async append(fd, bytes) {
        if (!bytes.includes('"ticket":{')) return diskWrites.append(fd, bytes);
        await diskWrites.append(fd, bytes.subarray(0, 100));
        throw new Error('killed');
      },
      sync: diskWrites.sync,
    },
  });
  expect(await opened.store.archiveEnded()).toBe(0);
  expect(opened.fatal).toEqual([expect.stringMatching(/writing the archive .*killed/)]);
  await opened.store.close();
  const again = await openStore(directory, { clock: opened.clock });
  expect(again.logged.filter((line) => line.level === 'warn')).toHaveLength(1);
  expect(await again.store.archiveEnded()).toBe(1);
  expect((await again.store.find('T-1'))?.description).toBe('原文');
  await again.store.close();
  const last = await openStore(directory, { clock: opened.clock });
  expect((await last.store.find('T-1'))?.description).toBe('原文');
  await last.store.close();
});

test('cut off between a note in the journal and its archive line: the line is made good', async () => {
  const directory = await temporaryFolder();
  let killed = false;
  const opened = await oneEndedTicket(directory, {
    disk: {
      async append(fd, bytes) {
        if (killed && bytes.includes('"ticket":{')) throw new Error('killed');
        await diskWrites.append(fd, bytes);
      },
      sync: diskWrites.sync,
    },
  });
  await opened.store.archiveEnded();
  killed = true;
  expect(await opened.step('T-1', { step: 'note', note: '补充' })).toMatchObject({
    ok: false,
    refusal: { reason: 'unavailable' },
  });
  await opened.store.close();
  for (let start = 0; start < 2; start += 1) {
    const again = await openStore(directory, { clock: opened.clock });
    const ticket = await again.store.find('T-1');
    expect(ticket?.steps.map((step) => step.step)).toEqual(['report', 'close', 'note']);
    expect(ticket?.steps.at(-1)?.note).toBe('补充');
    await again.store.close();
  }
});

test('an archive that lacks a ticket, or has a damaged line, stops', async () => {
  const directory = await temporaryFolder();
  const { store } = await oneEndedTicket(directory);
  await store.archiveEnded();
  await store.close();
  const path = join(directory, 'archive', '2026-03.ndjson');
  const line = await readFile(path, 'utf8');
  await writeFile(path, line.replace('原文', '改文'));
  await expectRefused(directory, /2026-03\.ndjson line 1 does not match its checksum/);
  await writeFile(path, '');
  await expectRefused(directory, /archive lacks ticket T-1/);
});

test('killed in mid-stream, again and again: every answered ticket is there once, with its number', async () => {
  const directory = await temporaryFolder();
  const random = seededRandom(7);
  const answered = new Map<string, string>();
  for (let round = 0; round < 4; round += 1) {
    const child = fork(
      fileURLToPath(new URL('../support/reportingChild.ts', import.meta.url)),
      [directory, String(round * 100_000), '300'],
      { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
    );
    const killAfter = answered.size + 100 + random.below(700);
    child.on('message', ({ id, number }: { id: string; number: string }) => {
      answered.set(id, number);
      if (answered.size === killAfter) child.kill('SIGKILL');
    });
    await once(child, 'close');
    expect(child.signalCode).toBe('SIGKILL');
    const { store } = await openStore(directory);
    const numbers = [...store.board.tickets.values()].map((ticket) => ticket.number);
    expect(new Set(numbers).size).toBe(numbers.length);
    for (const [id, number] of answered) expect(store.board.tickets.get(id)?.number).toBe(number);
    for (const { id, title } of store.board.tickets.values()) expect(title).toBe(`第 ${id.slice(2)} 件`);
    await store.close();
  }
});
