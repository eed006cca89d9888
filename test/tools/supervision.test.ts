import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { projectRoot } from '../../tools/electron.mjs';
import { processesMarked, processesOfSession } from '../../tools/leftovers.mjs';
import { afterServerEnded, afterWindowEnded, createRestartDelay } from '../../tools/restarts.mjs';
import { electronArguments, hasDisplay } from '../../tools/wallWindow.mjs';

test('a process that keeps crashing is restarted ever later, until it has recovered', () => {
  const delay = createRestartDelay();
  const waits = Array.from({ length: 9 }, () => delay.afterCrash(50));
  expect(waits).toEqual([300, 600, 1200, 2400, 4800, 9600, 19_200, 30_000, 30_000]);
  expect(delay.afterCrash(60_000)).toBe(300);
  expect(delay.afterCrash(50)).toBe(600);
});

describe('when the server ends', () => {
  test.each([
    ['it refused what was asked for', { code: 2, wasReady: false }, { next: 'exit', code: 2 }],
    ['it refuses after a restart', { code: 2, wasReady: true }, { next: 'exit', code: 2 }],
    ['it only told its options', { code: 0, wasReady: false }, { next: 'exit', code: 0 }],
    ['it never got ready', { code: 70, wasReady: false }, { next: 'exit', code: 70 }],
    ['it was killed before it was ready', { code: null, wasReady: false }, { next: 'exit', code: 1 }],
    ['it crashed', { code: 1, wasReady: true }, { next: 'restart' }],
    ['it was killed', { code: null, wasReady: true }, { next: 'restart' }],
  ])('because %s', (_why, ending, expected) => {
    expect(afterServerEnded(ending)).toEqual(expected);
  });
});

describe('when the window ends', () => {
  test.each([
    ['closed by hand', 0, { next: 'end', code: 0 }],
    ['unable to run as asked for', 2, { next: 'end', code: 2 }],
    ['crashed', 133, { next: 'restart' }],
    ['killed', null, { next: 'restart' }],
  ])('%s', (_why, code, expected) => {
    expect(afterWindowEnded(code)).toEqual(expected);
  });
});

test.each([
  ['linux', {}, false],
  ['linux', { DISPLAY: '' }, false],
  ['linux', { DISPLAY: ':0' }, true],
  ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, true],
  ['darwin', {}, true],
] as const)('on %s with %o a window can open: %s', (platform, env, expected) => {
  expect(hasDisplay(platform, env)).toBe(expected);
});

test('the sandbox is given up for root alone', () => {
  const wallArguments = ['--server=http://127.0.0.1:8311'];
  expect(electronArguments({ wallArguments, isRoot: false })).toEqual([projectRoot, ...wallArguments]);
  expect(electronArguments({ wallArguments, isRoot: true })).toEqual(['--no-sandbox', projectRoot, ...wallArguments]);
});

describe.runIf(process.platform === 'linux')('processes left behind', () => {
  let pid: number | undefined;
  afterEach(() => {
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
  });

  test('are found by their mark, even detached, and by their session', async () => {
    const mark = `supervision-test-${process.pid}`;
    const child = spawn(process.execPath, ['-e', 'process.stdout.write("up"); setInterval(() => {}, 1000)'], {
      detached: true,
      env: { ...process.env, TAIBAI_TOOLS_TEST: mark },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    pid = child.pid;
    await once(child.stdout, 'data');
    expect(processesMarked('TAIBAI_TOOLS_TEST', mark).map((found) => found.pid)).toEqual([child.pid]);
    expect(processesMarked('TAIBAI_TOOLS_TEST', `${mark}-other`)).toEqual([]);
    expect(processesOfSession(child.pid ?? 0).map((found) => found.pid)).toEqual([child.pid]);
  });
});
