import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const projectRoot = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(join(projectRoot, 'docs/security.md'), 'utf8');

/** The items of level 1 of OWASP ASVS 5.0.0 in the chapters that the page is about. */
const LEVEL_1 = [
  ...['1.2.1', '1.2.2', '1.2.3', '1.2.4', '1.2.5', '1.3.1', '1.3.2', '1.5.1'],
  ...['2.1.1', '2.2.1', '2.2.2', '2.3.1'],
  ...['3.2.1', '3.2.2', '3.3.1', '3.4.1', '3.4.2', '3.5.1', '3.5.2', '3.5.3'],
  ...['4.1.1', '4.4.1'],
  ...['6.1.1', '6.2.1', '6.2.2', '6.2.3', '6.2.4', '6.2.5', '6.2.6', '6.2.7', '6.2.8', '6.3.1', '6.3.2', '6.4.1'],
  ...['6.4.2', '7.2.1', '7.2.2', '7.2.3', '7.2.4', '7.4.1', '7.4.2', '8.1.1', '8.2.1', '8.2.2', '8.3.1'],
  ...['9.1.1', '9.1.2', '9.1.3', '9.2.1', '12.1.1', '12.2.1', '12.2.2', '14.2.1', '14.3.1'],
];

const rows = page
  .split('\n')
  .map((line) => /^\| (\d+\.\d+\.\d+) \|.*\| ([^|]+) \|$/.exec(line))
  .filter((row) => row !== null)
  .map(([, item = '', heldBy = '']) => ({
    item,
    titles: [...heldBy.matchAll(/`([^`]+)`/g)].map(([, title]) => title as string),
  }));

test('docs/security.md tells of each item of level 1 once, in order, each with a test', () => {
  expect(rows.map(({ item }) => item)).toEqual(LEVEL_1);
  for (const { item, titles } of rows) expect(titles.length, item).toBeGreaterThan(0);
});

test('every test that docs/security.md names is there, word by word', () => {
  const titles = new Set<string>();
  for (const entry of readdirSync(join(projectRoot, 'test'), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(?:test|spec)\.ts$/.test(entry.name) || entry.name === 'securityPage.test.ts') continue;
    const source = readFileSync(join(entry.parentPath, entry.name), 'utf8');
    for (const [, , title] of source.matchAll(/\b(?:it|test)\(\s*(['"`])((?:(?!\1).)+)\1/g))
      titles.add(title as string);
  }
  expect(titles.size).toBeGreaterThan(300);
  const missing = rows.flatMap((row) =>
    row.titles.filter((title) => !titles.has(title)).map((title) => [row.item, title]),
  );
  expect(missing).toEqual([]);
});
