import { expect } from '@playwright/test';
import { test } from '../support/hall.ts';
import { processTree, stillRunning } from '../support/processTree.ts';

/** Nobody listens there: the kiosk starts all the same, its page comes from the disk. */
const NOBODY = 'http://127.0.0.1:9';

for (const [what, kioskArguments] of [
  ['an address without a scheme', ['--server=10.0.0.5:8311']],
  ['an address with a path', ['--server', 'http://10.0.0.5:8311/wall']],
  ['a switch without its value', ['--server']],
  ['a misspelt switch', ['--sever', 'http://10.0.0.5:8311']],
] as const) {
  test(`${what} ends the kiosk with one line and code 2`, async ({ spawnKiosk }) => {
    const kiosk = spawnKiosk(kioskArguments);
    expect(await kiosk.ended).toEqual({ code: 2, signal: null });
    expect(kiosk.lines().filter((line) => line.startsWith('taibai-wall: '))).toHaveLength(1);
    expect(kiosk.lines().filter((line) => line.includes(' kiosk: '))).toEqual([]);
  });
}

test('a second kiosk on the same data leaves with code 2, the first stays', async ({ spawnKiosk, userDataFolder }) => {
  const first = spawnKiosk([`--server=${NOBODY}`]);
  await first.line('the page has loaded');
  const second = spawnKiosk([`--server=${NOBODY}`]);
  expect(await second.ended).toEqual({ code: 2, signal: null });
  await expect(second.line('already runs')).resolves.toContain(userDataFolder);
  expect(first.child.exitCode).toBeNull();
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} ends it with code 0 and leaves no process`, async ({ spawnKiosk }) => {
    const kiosk = spawnKiosk([`--server=${NOBODY}`]);
    await kiosk.line('the page has loaded');
    const processes = processTree(kiosk.child.pid ?? 0);
    expect(processes.length).toBeGreaterThan(2); // at least a renderer and a network process beside it
    kiosk.child.kill(signal);
    expect(await kiosk.ended).toEqual({ code: 0, signal: null });
    await expect.poll(() => stillRunning(processes)).toEqual([]);
  });
}

test('it ends with whoever started it, when told so', async ({ spawnKiosk }) => {
  const kiosk = spawnKiosk([`--server=${NOBODY}`], { WALL_QUIT_WITH_STDIN: '1' });
  await kiosk.line('the page has loaded');
  const processes = processTree(kiosk.child.pid ?? 0);
  kiosk.child.stdin?.end();
  expect(await kiosk.ended).toEqual({ code: 0, signal: null });
  await expect.poll(() => stillRunning(processes)).toEqual([]);
});

test('killed, it leaves no process behind', async ({ spawnKiosk }) => {
  const kiosk = spawnKiosk([`--server=${NOBODY}`]);
  await kiosk.line('the page has loaded');
  const processes = processTree(kiosk.child.pid ?? 0);
  kiosk.child.kill('SIGKILL');
  await kiosk.ended;
  await expect.poll(() => stillRunning(processes)).toEqual([]);
});

test('without its sandbox it says so loudly', async ({ spawnKiosk }) => {
  const kiosk = spawnKiosk(['--no-sandbox', `--server=${NOBODY}`]);
  await expect(kiosk.line('WARNING')).resolves.toMatch(/sandbox is OFF/);
});
