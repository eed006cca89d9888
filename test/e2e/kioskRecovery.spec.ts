import { once } from 'node:events';
import { expect } from '@playwright/test';
import type { BuiltServer } from '../support/builtServer.ts';
import { test } from '../support/hall.ts';
import { expectLive, FEED, noteSeconds, reportTicket, rowOf } from '../support/liveWall.ts';
import type { Kiosk } from '../support/startKiosk.ts';

/** The wall shows live data, also what was reported only now, and a picture. */
async function expectAllThere(kiosk: Kiosk, server: BuiltServer, ticketId: string, withinMs: number, sinceMs?: number) {
  await expectLive(kiosk, { withinMs, ...(sinceMs === undefined ? {} : { sinceMs }) });
  await reportTicket(server, ticketId);
  await expect.poll(() => kiosk.inPage(rowOf(ticketId))).toBe(true);
  await expect.poll(kiosk.pictureElements).toBeGreaterThan(500);
}

test('a renderer that is killed is back with picture and live data within seconds', async ({ server, openKiosk }) => {
  const kiosk = await openKiosk({ serverUrl: server.url, token: await server.wallToken() });
  await expectAllThere(kiosk, server, 'before', 20_000);

  const killed = await kiosk.rendererProcessId();
  const sinceMs = performance.now();
  process.kill(killed, 'SIGKILL');
  await expect.poll(kiosk.rendererProcessId).not.toBe(killed);
  await expectAllThere(kiosk, server, 'after', 10_000, sinceMs);
  expect(await kiosk.inPage(rowOf('before'))).toBe(true);
  expect(kiosk.log()).toMatch(/renderer is gone: killed.*again in 300 ms/);
});

test('a renderer that hangs is found, ended and replaced', async ({ server, openKiosk }) => {
  const kiosk = await openKiosk({ serverUrl: server.url, token: await server.wallToken() });
  await expectAllThere(kiosk, server, 'before', 20_000);

  const stopped = await kiosk.rendererProcessId();
  const sinceMs = performance.now();
  process.kill(stopped, 'SIGSTOP');
  await expect.poll(kiosk.rendererProcessId, { timeout: 20_000 }).not.toBe(stopped);
  await expectAllThere(kiosk, server, 'after', 10_000, sinceMs);
  expect(kiosk.log()).toMatch(/did not answer for 5000 ms; ending it/);
});

test('a page caught in an endless loop is replaced too', async ({ server, openKiosk }) => {
  const kiosk = await openKiosk({ serverUrl: server.url, token: await server.wallToken() });
  await expectAllThere(kiosk, server, 'before', 20_000);

  const spinning = await kiosk.rendererProcessId();
  const sinceMs = performance.now();
  await kiosk.inPage('setTimeout(() => { for (;;); })');
  await expect.poll(kiosk.rendererProcessId, { timeout: 20_000 }).not.toBe(spinning);
  await expectAllThere(kiosk, server, 'after', 10_000, sinceMs);
});

for (const [how, signal] of [
  ['killed', 'SIGKILL'],
  ['stopped in order', 'SIGTERM'],
] as const) {
  test(`a server that is ${how} and started again: offline, then live without a hand`, async ({
    server,
    openKiosk,
  }) => {
    const kiosk = await openKiosk({ serverUrl: server.url, token: await server.wallToken() });
    const { page } = kiosk;
    await expectAllThere(kiosk, server, 'before', 20_000);

    await server.end(signal);
    await expect(page.getByTestId('wall')).toHaveAttribute('data-feed', 'offline');
    await expect(page.locator('[data-testid=stream-row][data-ticket-id=before]')).toBeVisible();
    await server.start();
    await expectAllThere(kiosk, server, 'after', 15_000, performance.now());
    await expect(page.locator('[data-testid=stream-row][data-ticket-id=before]')).toBeVisible();
  });
}

test('a server that comes after the kiosk is found', async ({ server, openKiosk }) => {
  const token = await server.wallToken();
  await server.end('SIGKILL');
  const kiosk = await openKiosk({ serverUrl: server.url, token });
  await kiosk.page.waitForLoadState();
  await expect.poll(kiosk.pictureElements).toBeGreaterThan(0); // it says that it looks for its server
  await server.start();
  await expectAllThere(kiosk, server, 'first', 20_000, performance.now());
});

test('a picture taken away again and again is brought back more and more slowly', async ({ server, openKiosk }) => {
  const kiosk = await openKiosk({ serverUrl: server.url, token: await server.wallToken() });
  await expectAllThere(kiosk, server, 'before', 20_000);
  for (const delayMs of [300, 600, 1_200]) {
    const killed = await kiosk.rendererProcessId();
    process.kill(killed, 'SIGKILL');
    await expect.poll(kiosk.log).toContain(`again in ${delayMs} ms`);
    await expect.poll(() => kiosk.inPage(FEED), { timeout: 15_000 }).toBe('live');
  }
});

test('a lost graphics process is told, and the picture stays', async ({ server, openKiosk }) => {
  const kiosk = await openKiosk({ serverUrl: server.url, token: await server.wallToken() });
  await expectAllThere(kiosk, server, 'before', 20_000);
  const graphics = () =>
    kiosk.app.evaluate(({ app }) => app.getAppMetrics().find(({ type }) => type === 'GPU')?.pid ?? 0);
  const sinceMs = performance.now();
  process.kill(await graphics(), 'SIGKILL');
  await expect.poll(kiosk.log).toMatch(/GPU process is gone: killed, exit code 9/);
  await expectAllThere(kiosk, server, 'after', 10_000, sinceMs);
});

test('full screen lost, moved, minimised or hidden: the window is put back', async ({ server, openKiosk }) => {
  const kiosk = await openKiosk({ serverUrl: server.url, token: await server.wallToken() });
  const display = await kiosk.app.evaluate(({ screen }) => screen.getPrimaryDisplay().bounds);
  const standing = () =>
    kiosk.app.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      return {
        bounds: window?.getBounds(),
        kiosk: window?.isKiosk(),
        shown: window?.isVisible() === true && !window.isMinimized(),
      };
    });
  const inPlace = { bounds: display, kiosk: true, shown: true };
  await expect.poll(standing).toEqual(inPlace);
  const corrections = () => kiosk.log().split('putting it back').length - 1;
  for (const displaced of ['notFullScreen', 'moved', 'minimised', 'hidden'] as const) {
    const before = corrections();
    const sinceMs = performance.now();
    await kiosk.app.evaluate(({ BrowserWindow }, how) => {
      const [window] = BrowserWindow.getAllWindows();
      if (how === 'minimised') window?.minimize();
      else if (how === 'hidden') window?.hide();
      else {
        window?.setKiosk(false);
        if (how === 'moved') window?.setBounds({ x: 100, y: 100, width: 800, height: 600 });
      }
    }, displaced);
    await expect.poll(corrections).toBeGreaterThan(before);
    await expect.poll(standing).toEqual(inPlace);
    noteSeconds(sinceMs);
  }
});

test('a fault of the kiosk itself ends it with code 1 and one line, for its supervisor', async ({
  server,
  openKiosk,
}) => {
  const kiosk = await openKiosk({ serverUrl: server.url, token: await server.wallToken() });
  const ended = once(kiosk.app.process(), 'exit');
  await kiosk.app.evaluate(() => {
    setTimeout(() => {
      throw new Error('injected fault');
    });
  });
  expect(await ended).toEqual([1, null]);
  expect(kiosk.log()).toMatch(/ending after a fault: Error: injected fault \| at .*$/m);
});
