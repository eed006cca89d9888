import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const projectRoot = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(`${projectRoot}docs/operations.md`, 'utf8');

test('every fault that docs/operations.md tells of is proved by a test of the title it names', () => {
  const inLastColumn = page
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (?:---|fault|what they do)/.test(line))
    .map((line) => /`([^`]+)` \|$/.exec(line)?.[1]);
  const inProse = [...(/^Proved by (.*)$/m.exec(page)?.[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, title]) => title);
  expect(inLastColumn.length).toBeGreaterThan(15);
  expect(inProse.length).toBe(3);
  const tests = readdirSync(`${projectRoot}test/server`)
    .filter((name) => name.endsWith('.test.ts') && name !== 'operationsPage.test.ts')
    .map((name) => readFileSync(`${projectRoot}test/server/${name}`, 'utf8'))
    .join('\n');
  for (const title of [...inLastColumn, ...inProse]) {
    expect(title, 'a row without a test').toBeDefined();
    expect(tests.includes(title as string), `no test says “${title}”`).toBe(true);
  }
});

test('sentences that docs/operations.md quotes are those of the server', () => {
  const sources = [
    'index.ts',
    'store/ticketStore.ts',
    'store/eventLog.ts',
    'store/dataFolderLock.ts',
    'live/hub.ts',
    'http/mountRoutes.ts',
    'app.ts',
  ]
    .map((name) => readFileSync(`${projectRoot}server/${name}`, 'utf8').replaceAll(/' \+\s*'|` \+\s*'|' \+\s*`/g, ''))
    .join('\n');
  for (const words of [
    'The server stops rather than carry on ahead of its log. Free or repair the disk, then start it again; nothing that was acknowledged is lost.',
    'cut off a torn last line: the server was stopped in the middle of a write, nobody had been told of it',
    'Nothing was changed. Restore the data folder from a backup, or move it away to start with an empty one.',
    'the snapshot is newer than the journal. Nothing was changed. Restore both from one backup.',
    'is in use by another server (process ',
    'a wall was cut off',
    'a request failed',
    'the start failed: ',
    '--tls-certificate and --tls-key do not make a pair of PEM files',
    'a sign-in at the identity provider failed',
  ]) {
    expect(page, words).toContain(words.trim());
    expect(sources, words).toContain(words);
  }
});
