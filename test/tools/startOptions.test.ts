import { describe, expect, test } from 'vitest';
import { readConfig, USAGE } from '../../server/config.ts';
import { readStartOptions, startOptions } from '../../tools/startOptions.mjs';

describe('what npm start lets through to the server', () => {
  test('has the names that the server knows', () => {
    const told = [...USAGE.matchAll(/^ {2}--([a-z-]+)/gm)].map(([, name]) => name);
    expect(Object.keys(startOptions)).toEqual(told);
  });

  test.each([
    [[]],
    [['--port', '0', '--data', 'x', '--source', 'none', '--source', 'replay:a.csv', '--speed=max', '--no-window']],
    [['--help']],
    [['--bogus']],
    [['--bogus=1']],
    [['stray']],
    [['--port']],
    [['--no-window=yes']],
    [['-p', '1']],
  ])('%j: both agree, in the same words', (given) => {
    const start = readStartOptions(given, {});
    const server = readConfig(given, {});
    expect(start.ok).toBe(server.ok || server.reason === 'help');
    if (!start.ok) expect(server).toMatchObject({ reason: 'wrong', problem: start.problem });
  });

  test.each([
    [['--no-window'], {}, true],
    [[], { WALL_NO_WINDOW: '1' }, true],
    [[], { WALL_NO_WINDOW: '' }, false],
    [['--data', '--no-window-folder'], {}, undefined],
  ])('%j with %j: window refused is %s', (given, env, windowRefused) => {
    const read = readStartOptions(given, env);
    expect(read.ok ? read.windowRefused : undefined).toBe(windowRefused);
  });
});
