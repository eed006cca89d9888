import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../../protocol/kioskConfig.ts';
import { projectRoot } from '../../tools/electron.mjs';

const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8');
const tests = globSync('test/**/*.{test,spec}.{ts,tsx}', { cwd: projectRoot })
  .filter((path) => !path.endsWith('kioskDocs.test.ts'))
  .map(read)
  .join('\n');

/** The rows of every table, cells without their marks; heads and rules left out. */
function rowsOf(page: string): string[][] {
  const lines = page.split('\n');
  return lines.flatMap((line, index) => {
    const isHead = /^\| -{3}/.test(lines[index + 1] ?? '');
    if (!line.startsWith('| ') || isHead || /^\| -{3}/.test(line)) return [];
    return [line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, ''))];
  });
}

/** Whether a title stands in some test file; one that is made of parts (`${how}`) stands there with its parts left out. */
function isTold(title: string): boolean {
  if (tests.includes(title) || tests.includes(title.replaceAll("'", "\\'"))) return true;
  return [...tests.matchAll(/test\(`([^`]+)`/g)].some(([, pattern = '']) => {
    const parts = pattern.split(/\$\{[^}]+\}/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    return parts.length > 1 && new RegExp(`^${parts.join('.+')}`).test(title);
  });
}

test.each([
  ['docs/faults.md', 25],
  ['docs/kiosk.md', 28],
])('every row of %s names a test that is there', (path, least) => {
  const proofs = rowsOf(read(path))
    .filter((cells) => cells.length !== 2)
    .map((cells) => /^`(.+)`$/.exec(cells.at(-1) ?? '')?.[1] ?? cells.join(' | '));
  expect(proofs.length).toBeGreaterThanOrEqual(least);
  expect(proofs.filter((title) => !isTold(title))).toEqual([]);
});

test('docs/faults.md says of each fault how it is injected, what is seen, and how long it takes', () => {
  for (const cells of rowsOf(read('docs/faults.md'))) {
    expect(cells, cells[0]).toHaveLength(5);
    expect(cells[3], cells[0]).toMatch(/^(–|0|under 1|\d+(\.\d)?)$/);
  }
});

test('docs/kiosk.md tells of every field of the configuration', () => {
  const fields = rowsOf(read('docs/kiosk.md'))
    .filter((cells) => cells.length === 2)
    .flatMap(([names = '']) => [...names.matchAll(/`(\w+)`/g)].map(([, name]) => name));
  expect(fields.toSorted()).toEqual([...Object.keys(DEFAULT_CONFIG), 'serverUrl'].toSorted());
});

test('docs/kiosk.md goes through the twenty items of Electron’s list', () => {
  const numbers = rowsOf(read('docs/kiosk.md')).flatMap(([item = '']) => /^(\d+)\. /.exec(item)?.[1] ?? []);
  expect(numbers).toEqual(Array.from({ length: 20 }, (_, index) => String(index + 1)));
});
