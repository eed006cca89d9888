import { spawn } from 'node:child_process';
import { expect } from '@playwright/test';
import type { WallMode } from '../../protocol/kioskConfig.ts';
import { noDummyDisplays, openDummyDisplays } from '../support/dummyDisplays.ts';
import { test as hall } from '../support/hall.ts';
import { FEED, noteSeconds } from '../support/liveWall.ts';
import type { Kiosk } from '../support/startKiosk.ts';

/** Small ones: what is tested is where windows hang, and software draws every pixel here. */
const SIZES = [
  { width: 1280, height: 720 },
  { width: 1024, height: 768 },
  { width: 800, height: 600 },
];

const test = hall.extend<{ displays: Awaited<ReturnType<typeof openDummyDisplays>>; count: number }>({
  count: [3, { option: true }],
  displays: async ({ count }, use) => {
    const displays = await openDummyDisplays(SIZES.slice(0, count));
    await use(displays);
    await displays.close();
  },
});

test.beforeEach(() => {
  const reason = noDummyDisplays();
  test.skip(reason !== null, `several displays need Xorg's dummy driver: ${reason}`);
});

/** Where the windows are, from left to right, and what the first line of their address asks for. */
const windowsOf = (kiosk: Kiosk) =>
  kiosk.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()
      .map((window) => ({
        ...window.getBounds(),
        scene: new URL(window.webContents.getURL() || 'wall://app').searchParams.get('scene'),
        sound: new URL(window.webContents.getURL() || 'wall://app').searchParams.get('sound'),
      }))
      .sort((a, b) => a.x - b.x || a.y - b.y),
  );
const at = (x: number, y: number, { width, height }: { width: number; height: number }) =>
  expect.objectContaining({ x, y, width, height });

/** How live each window is, whatever its place. */
const feedsOf = (kiosk: Kiosk) =>
  kiosk.app.evaluate(
    async ({ BrowserWindow }, feed) =>
      Promise.all(
        BrowserWindow.getAllWindows().map(({ webContents }) => webContents.executeJavaScript(feed).catch(() => null)),
      ),
    FEED,
  );

const [first, second, third] = SIZES as [(typeof SIZES)[0], (typeof SIZES)[0], (typeof SIZES)[0]];

/** Sets the kiosk up as its set-up page does: every display that is there, from left to right. */
async function setUp(kiosk: Kiosk, mode: WallMode): Promise<void> {
  const answer = await kiosk.page.evaluate(async (chosen) => {
    const setup = await window.kiosk?.readSettings();
    if (setup === undefined) return null;
    const displays = setup.displays
      .map(({ scaleFactor: _scaleFactor, isPrimary: _isPrimary, ...binding }) => ({ ...binding, scene: 'dispatch' }))
      .sort((one, other) => one.x - other.x);
    return window.kiosk?.saveSettings({ ...setup.choice, mode: chosen, displays });
  }, mode);
  expect(answer).toEqual({ ok: true });
}

test('three displays have a live window each, of which one sounds; they are followed when plugged out, in, moved and resized', async ({
  displays,
  server,
  openKiosk,
}) => {
  const options = { serverUrl: server.url, token: await server.wallToken(), display: displays.name };
  const kiosk = await openKiosk({ ...options, switches: ['--setup'] });
  await setUp(kiosk, 'each');
  await expect.poll(() => windowsOf(kiosk)).toEqual([at(0, 0, first), at(1280, 0, second), at(2304, 0, third)]);
  await expect.poll(() => feedsOf(kiosk), { timeout: 30_000 }).toEqual(['live', 'live', 'live']);
  expect((await windowsOf(kiosk)).map(({ sound, scene }) => [sound, scene])).toEqual([
    [null, 'dispatch'],
    ['off', 'dispatch'],
    ['off', 'dispatch'],
  ]);

  // Unplugged: its window goes, the others stay
  displays.plugOut(1);
  await expect.poll(() => windowsOf(kiosk)).toEqual([at(0, 0, first), at(2304, 0, third)]);
  // Plugged in again, elsewhere
  displays.plugIn(1, second, { x: 3104, y: 0 });
  await expect.poll(() => windowsOf(kiosk)).toEqual([at(0, 0, first), at(2304, 0, third), at(3104, 0, second)]);
  // Swapped: each window goes with its display
  displays.plugIn(2, third, { x: 4128, y: 0 });
  await expect.poll(() => windowsOf(kiosk)).toEqual([at(0, 0, first), at(3104, 0, second), at(4128, 0, third)]);
  // Turned upright
  displays.plugIn(1, { width: second.height, height: second.width }, { x: 3104, y: 0 });
  await expect
    .poll(() => windowsOf(kiosk))
    .toEqual([at(0, 0, first), at(3104, 0, { width: second.height, height: second.width }), at(4128, 0, third)]);
  await expect.poll(() => feedsOf(kiosk), { timeout: 30_000 }).toEqual(['live', 'live', 'live']);
});

test.describe('two displays', () => {
  test.use({ count: 2 });

  test('one window across both, and across what is left of them', async ({ displays, server, openKiosk }) => {
    const options = { serverUrl: server.url, token: await server.wallToken(), display: displays.name };
    const setup = await openKiosk({ ...options, switches: ['--setup'] });
    await setUp(setup, 'span');
    await setup.close();
    const kiosk = await openKiosk(options);
    const across = { width: first.width + second.width, height: second.height };
    await expect.poll(() => windowsOf(kiosk)).toEqual([at(0, 0, across)]);
    await expect.poll(() => feedsOf(kiosk), { timeout: 30_000 }).toEqual(['live']);
    expect(await kiosk.page.evaluate(() => [innerWidth, innerHeight])).toEqual([across.width, across.height]);
    displays.plugOut(1);
    await expect.poll(() => windowsOf(kiosk)).toEqual([at(0, 0, first)]);
    displays.plugIn(1, second, { x: 1280, y: 0 });
    await expect.poll(() => windowsOf(kiosk)).toEqual([at(0, 0, across)]);
  });

  test('pairing at one display pairs them all', async ({ displays, server, openKiosk }) => {
    const options = { serverUrl: server.url, display: displays.name };
    const kiosk = await openKiosk({ ...options, switches: ['--setup'] });
    await setUp(kiosk, 'each');
    const code = kiosk.page.getByTestId('pairing').getByText(/^[A-Z0-9]{6}$/);
    await expect(code).toBeVisible();
    await expect.poll(() => feedsOf(kiosk)).toEqual([null, null]);
    const approved = await server.call('POST', `/pairings/${await code.textContent()}/approve`, { name: 'hall' });
    expect(approved.status).toBeLessThan(300);
    await expect.poll(() => feedsOf(kiosk), { timeout: 30_000 }).toEqual(['live', 'live']);
  });

  test('without a configuration the primary display alone has the wall', async ({ displays, server, openKiosk }) => {
    const kiosk = await openKiosk({ serverUrl: server.url, display: displays.name });
    await expect.poll(() => windowsOf(kiosk)).toEqual([at(0, 0, first)]);
  });

  test('a window of another program that comes on top is covered again', async ({ displays, server, openKiosk }) => {
    const kiosk = await openKiosk({ serverUrl: server.url, token: await server.wallToken(), display: displays.name });
    await expect.poll(() => feedsOf(kiosk), { timeout: 30_000 }).toEqual(['live']);
    await expect.poll(() => displays.stacking()).toHaveLength(1);
    const [wall] = displays.stacking();
    const intruder = spawn('xev', ['-geometry', '600x400+100+100'], {
      env: { ...process.env, DISPLAY: displays.name },
      stdio: 'ignore',
    });
    await expect.poll(() => displays.stacking().length).toBe(2);
    const sinceMs = performance.now();
    await expect.poll(() => displays.stacking().at(-1)).toBe(wall);
    noteSeconds(sinceMs);
    await expect.poll(kiosk.log).toContain('(behind); putting it back');
    intruder.kill();
  });
});
