import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { copyBuilt, filesOf } from '../support/builtCopy.ts';
import { startBuiltServer } from '../support/builtServer.ts';
import { test } from '../support/hall.ts';
import { expectLive, FEED, reportTicket, rowOf } from '../support/liveWall.ts';
import { processTree } from '../support/processTree.ts';

const HOUR_MS = 3_600_000;

test('a page that runs out of memory is replaced', async ({ server, openKiosk }) => {
  const options = { serverUrl: server.url, token: await server.wallToken() };
  const kiosk = await openKiosk({ ...options, switches: ['--js-flags=--max-old-space-size=128'] });
  await expectLive(kiosk);
  const before = await kiosk.rendererProcessId();
  const sinceMs = performance.now();
  // A little with each turn of its loop: a page that stands still meanwhile is ended by the watchdog before
  await kiosk.inPage('{ const hoard = []; setInterval(() => hoard.push(new Array(2_000_000).fill({})), 0); }');
  await expect.poll(kiosk.log, { timeout: 30_000 }).toMatch(/renderer is gone: (oom|crashed|abnormal-exit)/);
  await expect.poll(kiosk.rendererProcessId).not.toBe(before);
  await expectLive(kiosk, { sinceMs });
});

test('a page that is there but empty is loaded again', async ({ server, openKiosk }) => {
  const kiosk = await openKiosk({ serverUrl: server.url, token: await server.wallToken() });
  await expectLive(kiosk);
  const sinceMs = performance.now();
  await kiosk.inPage("document.getElementById('root').replaceChildren()");
  await expect.poll(kiosk.log, { timeout: 30_000 }).toContain('the page is empty; loading it again');
  await expectLive(kiosk, { sinceMs });
});

test('a page that is there but not drawn is loaded again', async ({ server, openKiosk }) => {
  const kiosk = await openKiosk({ serverUrl: server.url, token: await server.wallToken() });
  await expectLive(kiosk);
  // The text is all there, and nobody can see any of it: one white screen
  const sinceMs = performance.now();
  await kiosk.inPage("document.documentElement.style.cssText = 'background: white; opacity: 0'");
  await expect.poll(kiosk.log, { timeout: 60_000 }).toContain('of one colour all over; loading it again');
  await expectLive(kiosk, { sinceMs });
  await expect.poll(kiosk.pictureElements).toBeGreaterThan(500);
});

test('without a server a cold start shows the last board as old, also after twelve hours, and then the new one', async ({
  server,
  userDataFolder,
  openKiosk,
}) => {
  const options = { serverUrl: server.url, token: await server.wallToken() };
  await reportTicket(server, 'before');
  const first = await openKiosk(options);
  await expect.poll(() => first.inPage(rowOf('before')), { timeout: 20_000 }).toBe(true);
  const boardPath = join(userDataFolder, 'board.json');
  await expect.poll(() => statSync(boardPath, { throwIfNoEntry: false })?.size ?? 0).toBeGreaterThan(1000);
  await first.close();
  await server.end('SIGKILL');

  // Twelve hours are not waited for: the board is told that it was kept twelve hours ago
  const [head = '', ...text] = readFileSync(boardPath, 'utf8').split('\n');
  const kept = JSON.parse(head) as { keptAt: number };
  writeFileSync(boardPath, [JSON.stringify({ ...kept, keptAt: kept.keptAt - 12 * HOUR_MS }), ...text].join('\n'));
  const second = await openKiosk(options);
  await expect(second.page.locator('[data-testid=stream-row][data-ticket-id=before]')).toBeVisible();
  await expect(second.page.getByTestId('wall')).toHaveAttribute('data-feed', 'offline');
  await expect(second.page.getByTestId('link-strip')).toContainText(/\d\d:\d\d:\d\d起/);

  await server.start();
  const sinceMs = performance.now();
  await reportTicket(server, 'meanwhile');
  await expectLive(second, { sinceMs });
  await expect(second.page.locator('[data-testid=stream-row][data-ticket-id=meanwhile]')).toBeVisible();
  await expect(second.page.getByTestId('outage-receipt')).toContainText('中断 12时');
});

test('a kept board that is damaged is thrown away, and the wall looks for its server', async ({
  server,
  userDataFolder,
  openKiosk,
}) => {
  const token = await server.wallToken();
  await server.end('SIGKILL');
  writeFileSync(join(userDataFolder, 'board.json'), '{"serverUrl":"x","keptAt":1,"sha256":"y"}\n{"answer":');
  const kiosk = await openKiosk({ serverUrl: server.url, token });
  await expect.poll(kiosk.log).toMatch(/kept board .* is damaged; it is thrown away/);
  await server.start();
  await expectLive(kiosk);
});

test('damaged caches and stores of Chromium do not keep the wall from coming up', async ({
  server,
  userDataFolder,
  openKiosk,
}) => {
  const options = { serverUrl: server.url, token: await server.wallToken() };
  const first = await openKiosk(options);
  await expectLive(first);
  await first.close();
  const damaged = filesOf(userDataFolder);
  expect(damaged.length).toBeGreaterThan(10);
  for (const path of damaged) writeFileSync(path, Buffer.alloc(4_096, 0xa5));
  const sinceMs = performance.now();
  const second = await openKiosk(options);
  await expectLive(second, { sinceMs });
  await expect.poll(second.pictureElements).toBeGreaterThan(500);
});

test('a damaged configuration is put aside, named on the wall, and the wall runs on defaults', async ({
  server,
  userDataFolder,
  openKiosk,
}) => {
  const path = join(userDataFolder, 'kiosk.json');
  writeFileSync(path, JSON.stringify({ version: 1, serverUrl: server.url, volume: 7, mod: 'span' }));
  const token = await server.wallToken();
  const sinceMs = performance.now();
  const kiosk = await openKiosk({ serverUrl: server.url, token });
  await expectLive(kiosk, { sinceMs });
  const notice = kiosk.page.getByTestId('config-fault');
  await expect(notice).toContainText('kiosk.json.damaged');
  await expect(notice).toContainText('volume: not between 0 and 1');
  await expect(notice).toContainText('mod: not a field');
  expect(readFileSync(`${path}.damaged`, 'utf8')).toContain('"volume":7');
});

test('a disk that is full: the wall stays live, says so in its log, and comes up again', async ({
  server,
  userDataFolder,
  openKiosk,
}) => {
  const full = mountFull(userDataFolder);
  test.skip(full === null, 'a small file system can only be mounted by root');
  if (full === null) return;
  try {
    const options = { serverUrl: server.url, token: await server.wallToken(), userDataFolder: full.folder };
    const kiosk = await openKiosk(options);
    await expectLive(kiosk);
    full.fill();
    await reportTicket(server, 'on-a-full-disk');
    await expect.poll(() => kiosk.inPage(rowOf('on-a-full-disk'))).toBe(true);
    await kiosk.close();
    const again = await openKiosk(options);
    await expectLive(again);
    await expect.poll(again.log).toMatch(/the board is not kept: ENOSPC/);
    expect(again.log().split('the board is not kept')).toHaveLength(2);
    await again.close();
  } finally {
    full.unmount();
  }
});

/** A file system of 24 MB under a folder, and what fills it to its last byte; null where it cannot be mounted. */
function mountFull(under: string): { folder: string; fill: () => void; unmount: () => void } | null {
  const folder = join(under, 'full');
  mkdirSync(folder);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return null;
  }
  return {
    folder,
    fill() {
      try {
        writeFileSync(join(folder, 'filling'), Buffer.alloc(32 * 1024 * 1024));
      } catch {
        // That was the point
      }
    },
    unmount: () => void execFileSync('umount', ['-l', folder]),
  };
}

test('a machine that was asleep shows live data again, and nothing was ended meanwhile', async ({
  server,
  openKiosk,
}) => {
  const kiosk = await openKiosk({ serverUrl: server.url, token: await server.wallToken() });
  await expectLive(kiosk);
  const renderer = await kiosk.rendererProcessId();
  const everything = processTree(kiosk.app.process().pid ?? 0).map(({ id }) => id);
  // All of it stands still for longer than its own watchdog waits, as in a sleep; then Electron tells of the waking
  for (const id of everything) process.kill(id, 'SIGSTOP');
  const stoppedAtSeconds = elapsed(everything[0]);
  await expect.poll(() => elapsed(everything[0]) - stoppedAtSeconds, { timeout: 30_000 }).toBeGreaterThan(12);
  const sinceMs = performance.now();
  for (const id of everything.reverse()) process.kill(id, 'SIGCONT');
  await kiosk.app.evaluate(({ powerMonitor }) => {
    powerMonitor.emit('suspend');
    powerMonitor.emit('resume');
  });
  await expectLive(kiosk, { sinceMs });
  await reportTicket(server, 'after-the-sleep');
  await expect.poll(() => kiosk.inPage(rowOf('after-the-sleep'))).toBe(true);
  expect(await kiosk.rendererProcessId()).toBe(renderer);
  expect(kiosk.log()).toContain('the machine has woken up');
  expect(kiosk.log()).not.toContain('ending it');
});

/** Seconds since a process was started. */
function elapsed(processId: number | undefined): number {
  return Number(execFileSync('ps', ['-o', 'etimes=', '-p', String(processId)]).toString());
}

test('a clock that jumps changes neither what the wall says nor what it does', async ({ server, openKiosk }) => {
  const kiosk = await openKiosk({ serverUrl: server.url, token: await server.wallToken() });
  await expectLive(kiosk);
  const shown = () => kiosk.page.locator('header time, header .clock').first().textContent();
  const before = await shown();
  // The machine's own clock is everybody's here, so both processes of the kiosk are told another date instead
  const jump = `{ const now = Date.now; Date.now = () => now() + ${12 * HOUR_MS}; }`;
  await kiosk.inPage(jump);
  await kiosk.app.evaluate((_electron, ms) => {
    const now = Date.now;
    Date.now = () => now() + ms;
  }, 12 * HOUR_MS);
  await reportTicket(server, 'after-the-jump');
  await expect.poll(() => kiosk.inPage(rowOf('after-the-jump'))).toBe(true);
  expect(await kiosk.inPage(FEED)).toBe('live');
  expect((await shown())?.slice(0, 2)).toBe(before?.slice(0, 2));
  expect(kiosk.log()).not.toContain('ending it');
});

test('a server of another version: the kiosk names both, says what to install, and goes on asking', async ({
  openKiosk,
}) => {
  // The built server, one protocol ahead
  const copy = copyBuilt('9.8.7');
  const spoken = /\.protocol !== 1\b/;
  const speaking = filesOf(copy.serverFolder).filter((path) => spoken.test(readFileSync(path, 'utf8')));
  expect(speaking.some((path) => path.endsWith('.js'))).toBe(true);
  for (const path of speaking) {
    writeFileSync(path, readFileSync(path, 'utf8').replace(spoken, '.protocol !== 2'));
  }
  const upgraded = await startBuiltServer({ entry: copy.entry });
  try {
    const kiosk = await openKiosk({ serverUrl: upgraded.url, token: await upgraded.wallToken() });
    const message = kiosk.page.getByTestId('incompatible');
    await expect(message).toContainText('9.8.7');
    await expect(message).toContainText('taibai-wall 9.8.7');
    await expect(message).toContainText(String(await kiosk.app.evaluate(({ app }) => app.getVersion())));
    await expect.poll(kiosk.log, { timeout: 30_000 }).toMatch(/(the page has loaded[\s\S]*){2}/);
  } finally {
    await upgraded.close();
    copy.remove();
  }
});

test('no white is ever shown while a renderer is gone, and windows are dark before their first picture', async ({
  server,
  openKiosk,
}) => {
  const kiosk = await openKiosk({ serverUrl: server.url, token: await server.wallToken() });
  await expectLive(kiosk);
  const brightest = kiosk.app.evaluate(async ({ BrowserWindow, desktopCapturer }) => {
    const [window] = BrowserWindow.getAllWindows();
    const pictures: number[] = [];
    const untilMs = performance.now() + 4_000; // a slow machine looks for longer, for a look takes it longer
    process.kill(window?.webContents.getOSProcessId() ?? 0, 'SIGKILL');
    while (performance.now() < untilMs || pictures.length < 8) {
      const [screen] = await desktopCapturer.getSources({
        types: ['screen'],
        thumbnailSize: { width: 192, height: 108 },
      });
      const bitmap = screen?.thumbnail.toBitmap();
      if (bitmap === undefined || bitmap.length === 0) continue;
      let sum = 0;
      for (const value of bitmap) sum += value;
      pictures.push(sum / bitmap.length);
    }
    return { background: window?.getBackgroundColor(), brightest: Math.max(...pictures), pictures: pictures.length };
  });
  const { background, ...seen } = await brightest;
  expect(background).toBe('#10141A');
  // Alpha is full everywhere, which makes a black picture 64; a white one is 255
  expect(seen.brightest).toBeLessThan(130);
  await expectLive(kiosk);
});
