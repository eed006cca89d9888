import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createBoardFile } from '../../main/boardFile.ts';

const server = 'http://10.0.0.5:8311';
let folder: string;
let path: string;
let nowMs: number;
let complaints: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'taibai-board-'));
  path = join(folder, 'board.json');
  nowMs = 1_700_000_000_000;
  complaints = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const boardFile = (serverUrl = server) =>
  createBoardFile(path, serverUrl, { now: () => nowMs, complain: (line) => complaints.push(line) });

test('before the first board there is none', async () => {
  expect(await boardFile().read()).toBeNull();
  expect(complaints).toEqual([]);
});

test('the last board comes back with its age', async () => {
  await boardFile().keep('一块看板\nof two lines');
  nowMs += 43_200_000;
  expect(await boardFile().read()).toEqual({ text: '一块看板\nof two lines', ageMs: 43_200_000 });
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('a machine whose clock was set back calls it fresh rather than from the future', async () => {
  await boardFile().keep('board');
  nowMs -= 3_600_000;
  expect(await boardFile().read()).toEqual({ text: 'board', ageMs: 0 });
});

test('of many that are kept at once the newest stands at the end', async () => {
  const board = boardFile();
  await Promise.all(['a', 'b', 'c', 'd'].map((text) => board.keep(text)));
  expect(await board.read()).toEqual({ text: 'd', ageMs: 0 });
});

test('a board of another server is not shown', async () => {
  await boardFile().keep('board');
  expect(await boardFile('http://10.0.0.6:8311').read()).toBeNull();
  expect(complaints).toEqual([]);
});

test.each([
  ['a torn end', (text: string) => text.slice(0, -3)],
  ['a changed digit', (text: string) => text.replace('board 1', 'board 2')],
  ['no head', () => 'board 1'],
  ['nothing', () => ''],
  ['bytes', () => '\0\0\0'],
  ['another head', () => '{"serverUrl":7}\nboard 1'],
])('one with %s is told and thrown away', async (_what, damage) => {
  await boardFile().keep('board 1');
  writeFileSync(path, damage(readFileSync(path, 'utf8')));
  expect(await boardFile().read()).toBeNull();
  expect(complaints).toEqual([expect.stringContaining('damaged')]);
  expect(existsSync(path)).toBe(false);
});

test('a disk that refuses is told to the caller, the last board stays, and the next one is kept', async () => {
  const board = boardFile();
  await board.keep('first');
  mkdirSync(`${path}.next`);
  await expect(board.keep('second')).rejects.toThrow(/EISDIR/);
  expect(await board.read()).toEqual({ text: 'first', ageMs: 0 });
  rmSync(`${path}.next`, { recursive: true });
  await board.keep('third');
  expect(await board.read()).toEqual({ text: 'third', ageMs: 0 });
});
