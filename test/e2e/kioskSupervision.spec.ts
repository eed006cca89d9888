import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { findElectron, projectRoot } from '../../tools/electron.mjs';
import { test as hall } from '../support/hall.ts';
import { linkedWindows, noteSeconds } from '../support/liveWall.ts';
import { processTree, stillRunning } from '../support/processTree.ts';
import { type SupervisedKiosk, startSupervised } from '../support/supervisedKiosk.ts';

const test = hall.extend<{ supervised: SupervisedKiosk }>({
  supervised: async ({ server, userDataFolder }, use) => {
    const kioskArguments = [`--server=${server.url}`, `--user-data-dir=${userDataFolder}`];
    const supervised = startSupervised(kioskArguments, { WALL_TOKEN: await server.wallToken() });
    await use(supervised);
    await supervised.close();
  },
});

test('the sixth loss of the graphics process ends the program, and its supervisor brings the wall back', async ({
  server,
  supervised,
}) => {
  await expect.poll(supervised.loads, { timeout: 30_000 }).toBe(1);
  await expect.poll(() => linkedWindows(server), { timeout: 30_000 }).toBe(1);
  const main = supervised.main();
  let killed = 0;
  let last: number | undefined;
  // Chromium starts it anew five times; the sixth loss is "GPU process isn't usable. Goodbye."
  await expect
    .poll(
      () => {
        const graphics = supervised.graphics();
        if (graphics !== undefined && graphics.id !== last && supervised.main()?.id === main?.id) {
          last = graphics.id;
          process.kill(graphics.id, 'SIGKILL');
          killed += 1;
        }
        return supervised.log().includes('window ended');
      },
      { timeout: 60_000, intervals: [100] },
    )
    .toBe(true);
  const goneMs = performance.now();
  expect(killed).toBeGreaterThanOrEqual(6);
  await expect.poll(supervised.loads, { timeout: 30_000, intervals: [100] }).toBe(2);
  await expect.poll(() => linkedWindows(server), { timeout: 30_000, intervals: [100] }).toBe(1);
  noteSeconds(goneMs);
  expect(supervised.main()?.id).not.toBe(main?.id);
});

test('a kiosk whose own process stands still is ended and started again', async ({ server, supervised }) => {
  await expect.poll(supervised.loads, { timeout: 30_000 }).toBe(1);
  const main = supervised.main();
  process.kill(main?.id ?? 0, 'SIGSTOP');
  const stoppedMs = performance.now();
  await expect.poll(supervised.log, { timeout: 40_000 }).toContain('no sign of life');
  await expect.poll(supervised.loads, { timeout: 30_000, intervals: [100] }).toBe(2);
  await expect.poll(() => linkedWindows(server), { timeout: 30_000, intervals: [100] }).toBe(1);
  noteSeconds(stoppedMs);
  if (main !== undefined) expect(stillRunning([main])).toEqual([]);
});

/** A datagram socket as systemd's; Node has none of its own. */
const LISTENER = `
import socket, sys
listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
listener.bind(sys.argv[1])
print("listening", flush=True)
while True:
    print(listener.recv(4096).decode().replace("\\n", " "), flush=True)
`;

test('under systemd it says that it is ready, and that it lives for as long as it does', async ({
  spawnKiosk,
  userDataFolder,
}) => {
  test.skip(!existsSync('/usr/bin/systemd-notify'), 'there is no systemd-notify on this machine');
  const socket = join(userDataFolder, 'notify');
  const listener = spawn('/usr/bin/python3', ['-c', LISTENER, socket], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    let heard = '';
    listener.stdout.setEncoding('utf8').on('data', (text: string) => {
      heard += text;
    });
    await expect.poll(() => heard).toContain('listening');
    const kiosk = spawnKiosk(['--server=http://127.0.0.1:9'], { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '1500000' });
    await expect.poll(() => heard).toContain('READY=1');
    const beats = () => heard.split('WATCHDOG=1').length - 1;
    await expect.poll(beats).toBeGreaterThan(3);
    kiosk.child.kill('SIGSTOP');
    // What was on its way still comes; then nothing more
    const after = await quiet(beats, 1_500);
    expect(await quiet(beats, 1_500)).toBe(after);
    kiosk.child.kill('SIGCONT');
    await expect.poll(beats).toBeGreaterThan(after);
  } finally {
    listener.kill();
  }
});

/** The value once it has stood still for so long. */
async function quiet(value: () => number, forMs: number): Promise<number> {
  let last = value();
  let sinceMs = performance.now();
  await expect
    .poll(() => {
      if (value() !== last) {
        last = value();
        sinceMs = performance.now();
      }
      return performance.now() - sinceMs;
    })
    .toBeGreaterThan(forMs);
  return last;
}

/** Xvfb takes the place of the X server that a wall's machine has; the session script is the packed one. */
function startSession(server: string, display: string, userDataFolder: string): ChildProcess {
  const electron = findElectron();
  const asRoot = process.getuid?.() === 0 ? '--no-sandbox ' : '';
  return spawn('/bin/sh', [join(projectRoot, 'build/systemd/session')], {
    env: {
      ...process.env,
      WALL_X: `Xvfb ${display} -screen 0 1280x720x24 -nolisten tcp`,
      WALL_X_DISPLAY: display,
      WALL_PROGRAM: `${electron?.path} ${asRoot}${projectRoot}`,
      WALL_SWITCHES: `--server=${server} --user-data-dir=${userDataFolder}`,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

for (const [how, signal, code] of [
  ['left in order', 'SIGTERM', 0],
  ['crashed', 'SIGKILL', 137],
] as const) {
  test(`the session of the service ends with the kiosk's own code: ${how}`, async ({ userDataFolder }) => {
    test.skip(!existsSync('/usr/bin/xset'), 'xset is missing (x11-xserver-utils)');
    const session = startSession('http://127.0.0.1:9', `:${500 + (process.pid % 400)}`, userDataFolder);
    let said = '';
    for (const stream of [session.stdout, session.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    }
    const ended = new Promise((resolve) => session.once('close', resolve));
    await expect.poll(() => said, { timeout: 30_000 }).toContain('the page has loaded');
    const tree = processTree(session.pid ?? 0);
    const kiosk = tree.find(({ parentId, command }) => parentId === session.pid && command.includes(userDataFolder));
    process.kill(kiosk?.id ?? 0, signal);
    expect(await ended).toBe(code);
    await expect.poll(() => stillRunning(tree)).toEqual([]);
  });
}
