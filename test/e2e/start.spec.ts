import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { expect, test } from '@playwright/test';
import { stillRunning } from '../support/processTree.ts';
import { type StartedWall, startWall } from '../support/startedWall.ts';

const QUIET = ['--port', '0', '--source', 'none'];

const opened: StartedWall[] = [];
test.afterEach(async () => {
  for (const wall of opened.splice(0)) await wall.close();
});

/** `startWall`, closed after the test. */
function start(...given: Parameters<typeof startWall>): StartedWall {
  const wall = startWall(...given);
  opened.push(wall);
  return wall;
}

function display(): string {
  const name = process.env.DISPLAY;
  if (name === undefined) throw new Error('these tests need a display: run them by npm run test:e2e');
  return name;
}

/** The tokened address on its own line. */
async function wallAddress(wall: StartedWall): Promise<URL> {
  const address = /^http:\/\/\S+\/wall#token=\S+$/m;
  await expect.poll(() => address.exec(wall.stdout())?.[0] ?? wall.stderr(), { timeout: 60_000 }).toMatch(address);
  return new URL(address.exec(wall.stdout())?.[0] ?? '');
}

/** The one process of it whose command line holds `part`; Chromium's helpers (`--type=`) do not count. */
function theProcess(wall: StartedWall, part: string): number {
  const found = wall.processes().find(({ command }) => command.includes(part) && !command.includes('--type='));
  if (found === undefined) throw new Error(`no process with ${part} runs:\n${wall.stdout()}${wall.stderr()}`);
  return found.id;
}
const serverOf = (wall: StartedWall) => theProcess(wall, 'out/server/index.js');
const windowOf = (wall: StartedWall) => theProcess(wall, '--server=');

/** Waits until a window has shown the page for the nth time. */
async function windowIsThere(wall: StartedWall, times: number): Promise<void> {
  const loads = () => `${wall.stdout()}${wall.stderr()}`.split('the page has loaded').length - 1;
  await expect.poll(loads, { timeout: 60_000 }).toBeGreaterThanOrEqual(times);
}

test('without a display it says so, serves, and prints an address that opens the wall', async ({ page }) => {
  const wall = start('start', QUIET, null);
  const address = await wallAddress(wall);
  expect(wall.stdout()).toContain('No display');
  expect((await fetch(new URL('/readyz', address))).status).toBe(200);
  await page.goto(address.href);
  await expect(page.getByTestId('wall')).toHaveAttribute('data-feed', 'live');
});

test('with a display that is named but not there it serves, tries on, and prints the address', async () => {
  const wall = start('start', QUIET, ':987654');
  const address = await wallAddress(wall);
  expect(wall.stderr()).toContain("The wall's window ended");
  expect((await fetch(new URL('/readyz', address))).status).toBe(200);
  expect(wall.child.exitCode).toBeNull();
});

for (const script of ['start', 'serve'] as const) {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    test(`npm run ${script} ends at ${signal} within 5 s with code 0 and leaves nothing running`, async () => {
      const wall = start(script, QUIET, null);
      await expect.poll(() => wall.stdout(), { timeout: 60_000 }).toContain('listening on');
      const processes = wall.processes();
      const sentAt = performance.now();
      wall.child.kill(signal);
      expect(await wall.ended).toEqual({ code: 0, signal: null });
      expect(performance.now() - sentAt).toBeLessThan(5000);
      await expect.poll(() => stillRunning(processes)).toEqual([]);
    });
  }

  test(`npm run ${script} with an option that does not exist: one line, code 2, nothing touched`, async () => {
    const wall = start(script, ['--prot', '8311'], null);
    expect(await wall.ended).toEqual({ code: 2, signal: null });
    expect(wall.stderr()).toBe("taibai-wall: Unknown option '--prot'; --help lists the options\n");
    expect(existsSync(wall.dataFolder)).toBe(false);
  });

  test(`npm run ${script} on a taken port: one line, code 2, nothing touched`, async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = taken.address() as { port: number };
      const wall = start(script, ['--port', String(port), '--source', 'none'], null);
      expect(await wall.ended).toEqual({ code: 2, signal: null });
      expect(wall.stderr()).toBe(`taibai-wall: port ${port} on 127.0.0.1 is taken; choose another with --port\n`);
      expect(existsSync(wall.dataFolder)).toBe(false);
    } finally {
      taken.close();
    }
  });
}

test('a server that dies comes back, and the window with it', async () => {
  const wall = start('start', QUIET, display());
  await windowIsThere(wall, 1);
  const first = serverOf(wall);
  process.kill(first, 'SIGKILL');
  await windowIsThere(wall, 2);
  expect(serverOf(wall)).not.toBe(first);
  expect(wall.child.exitCode).toBeNull();
});

test('on a display it opens the wall, opens it again after a crash, and ends all of it', async () => {
  const wall = start('start', QUIET, display());
  await windowIsThere(wall, 1);
  const first = windowOf(wall);
  process.kill(first, 'SIGKILL');
  await windowIsThere(wall, 2);
  expect(windowOf(wall)).not.toBe(first);
  const processes = wall.processes();
  wall.child.kill('SIGTERM');
  expect(await wall.ended).toEqual({ code: 0, signal: null });
  await expect.poll(() => stillRunning(processes)).toEqual([]);
});

for (const [what, part] of [
  ['npm', 'npm run'],
  ['the tool', 'tools/start.mjs'],
] as const) {
  test(`when ${what} is killed outright, neither server nor window stays behind`, async () => {
    const wall = start('start', QUIET, display());
    await windowIsThere(wall, 1);
    const processes = wall.processes();
    expect(processes.length).toBeGreaterThan(4); // npm, the tool, the server, the window and its helpers
    process.kill(theProcess(wall, part), 'SIGKILL');
    await expect.poll(() => stillRunning(processes), { timeout: 15_000 }).toEqual([]);
  });
}
