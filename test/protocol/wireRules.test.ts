import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const projectRoot = fileURLToPath(new URL('../../', import.meta.url));
/** `- **W12** …` in docs/wire.md. */
const RULE = /^- \*\*(W\d+)\*\*/gm;
/** The first words of a title: `test('W12 W13 …`, `it.each(…)('W12 …`, in any kind of quotes. */
const TITLE = /(?:\btest|\bit|\bdescribe|\))\s*\(\s*['"`]((?:W\d+ )+)/g;

function rules(): string[] {
  const text = readFileSync(join(projectRoot, 'docs/wire.md'), 'utf8');
  return [...text.matchAll(RULE)].map(([, id]) => id as string);
}

/** Ids at the beginning of test titles, by the files they stand in. */
function carried(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const entry of readdirSync(join(projectRoot, 'test'), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.tsx?$/.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    for (const [, ids = ''] of readFileSync(path, 'utf8').matchAll(TITLE)) {
      for (const id of ids.trim().split(' ')) found.set(id, [...(found.get(id) ?? []), path]);
    }
  }
  return found;
}

test('every rule of docs/wire.md has an id of its own', () => {
  const ids = rules();
  expect(ids.length).toBeGreaterThan(20);
  expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
});

test('every rule of docs/wire.md begins the title of a test, and no title names a rule that is not there', () => {
  const titles = carried();
  const ids = rules();
  expect(ids.filter((id) => !titles.has(id))).toEqual([]);
  expect([...titles.keys()].filter((id) => !ids.includes(id))).toEqual([]);
});
