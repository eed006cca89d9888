import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { lockDataFolder } from '../../server/store/dataFolderLock.ts';
import { temporaryFolder } from '../support/openStore.ts';

/** Another process that tries to take the lock and keeps it until it ends. */
async function contender(
  directory: string,
): Promise<{ child: ChildProcess; answer: { ok: boolean; problem?: string } }> {
  const child = fork(fileURLToPath(new URL('../support/lockingChild.ts', import.meta.url)), [directory]);
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const [answer] = (await once(child, 'message')) as [{ ok: boolean; problem?: string }];
  return { child, answer };
}

function take(directory: string) {
  const locking = lockDataFolder(directory);
  if (!locking.ok) throw new Error(locking.problem);
  return locking;
}

test('one server holds the folder; the next is told who does', async () => {
  const directory = await temporaryFolder();
  const held = take(directory);
  const refused = expect.stringMatching(new RegExp(`in use by another server \\(process ${process.pid}\\)`));
  expect(lockDataFolder(directory)).toEqual({ ok: false, problem: refused });
  const { answer } = await contender(directory);
  expect(answer).toEqual({ ok: false, problem: refused });
  held.release();
  expect(readdirSync(directory)).toEqual([]);
  take(directory).release();
});

test('a killed server’s lock is taken over at once', async () => {
  const directory = await temporaryFolder();
  const { child, answer } = await contender(directory);
  expect(answer.ok).toBe(true);
  expect(lockDataFolder(directory).ok).toBe(false);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(existsSync(join(directory, 'lock'))).toBe(true);
  take(directory).release();
});

test('the lock of another process that got the same id since is dead', async () => {
  const directory = await temporaryFolder();
  const held = take(directory);
  const path = join(directory, 'lock');
  const holder = JSON.parse(await readFile(path, 'utf8')) as { startTicks: string; boot: string };
  held.release();
  await writeFile(path, JSON.stringify({ ...holder, startTicks: '1' }));
  take(directory).release();
  await writeFile(path, JSON.stringify({ ...holder, boot: 'an earlier one' }));
  take(directory).release();
});

test('a holder on another machine, or a strange file, is left alone with a sentence', async () => {
  const directory = await temporaryFolder();
  const held = take(directory);
  const path = join(directory, 'lock');
  const holder = JSON.parse(await readFile(path, 'utf8')) as object;
  held.release();
  for (const [text, sentence] of [
    [JSON.stringify({ ...holder, host: 'elsewhere' }), /on elsewhere.*delete/],
    ['', /not a lock of this server.*delete/],
  ] as const) {
    await writeFile(path, text);
    expect(lockDataFolder(directory)).toEqual({ ok: false, problem: expect.stringMatching(sentence) });
    expect(await readFile(path, 'utf8')).toBe(text);
  }
});

test('of many that find a dead lock at the same time one gets it', async () => {
  const directory = await temporaryFolder();
  const dead = await contender(directory);
  dead.child.kill('SIGKILL');
  await once(dead.child, 'exit');
  const all = await Promise.all(Array.from({ length: 6 }, () => contender(directory)));
  expect(all.filter(({ answer }) => answer.ok)).toHaveLength(1);
  expect(readdirSync(directory)).toEqual(['lock']);
});

test.runIf(existsSync('/proc/self'))(
  'a folder where the system makes none is refused, and nobody waits for it',
  async () => {
    const { answer } = await contender('/proc/taibai-wall/data');
    expect(answer).toEqual({ ok: false, problem: expect.stringContaining('/proc/taibai-wall/data cannot be written') });
  },
);
