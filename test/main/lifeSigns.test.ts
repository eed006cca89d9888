import { closeSync, mkdtempSync, openSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { giveLifeSigns } from '../../main/lifeSigns.ts';

let folder: string;
let pipe: number;
let complaints: string[];
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  folder = mkdtempSync(join(tmpdir(), 'taibai-life-'));
  pipe = openSync(join(folder, 'pipe'), 'a');
  complaints = [];
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
  closeSync(pipe);
  rmSync(folder, { recursive: true });
});

const beats = () => statSync(join(folder, 'pipe')).size;
const give = (environment: NodeJS.ProcessEnv, isWell = () => true) =>
  giveLifeSigns(environment, isWell, (line) => complaints.push(line));

test('a supervisor hears a beat at once and every two seconds, until it is ended', async () => {
  const stop = give({ WALL_HEARTBEAT_FD: String(pipe) });
  await vi.waitFor(() => expect(beats()).toBe(1));
  vi.advanceTimersByTime(6_000);
  await vi.waitFor(() => expect(beats()).toBe(4));
  stop();
});

test('a kiosk that is past helping itself falls silent, and speaks again when it is well', async () => {
  let isWell = false;
  const stop = give({ WALL_HEARTBEAT_FD: String(pipe) }, () => isWell);
  vi.advanceTimersByTime(60_000);
  isWell = true;
  vi.advanceTimersByTime(2_000);
  await vi.waitFor(() => expect(beats()).toBe(2));
  stop();
});

test.each([{}, { WALL_HEARTBEAT_FD: '' }, { WALL_HEARTBEAT_FD: 'x' }, { WALL_HEARTBEAT_FD: '1' }])(
  'nobody is told who did not ask: %o',
  (environment) => {
    give(environment)();
    expect(beats()).toBe(0);
  },
);

test('a systemd that cannot be told is complained of once', async () => {
  const { PATH } = process.env;
  process.env.PATH = folder; // no systemd-notify there
  try {
    const stop = give({ NOTIFY_SOCKET: join(folder, 'none'), WATCHDOG_USEC: '3000000' });
    vi.advanceTimersByTime(9_000);
    await vi.waitFor(() => expect(complaints).toHaveLength(1));
    expect(complaints[0]).toMatch(/^systemd-notify fails: /);
    stop();
  } finally {
    process.env.PATH = PATH;
  }
});
