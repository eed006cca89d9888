import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { projectRoot } from '../../tools/electron.mjs';
import { test } from '../support/hall.ts';
import type { Kiosk } from '../support/startKiosk.ts';

const NOBODY = 'http://127.0.0.1:9';
const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { version: string };

let kiosk: Kiosk;
test.beforeEach(async ({ openKiosk }) => {
  kiosk = await openKiosk({ serverUrl: NOBODY, token: 'a-token' });
  await kiosk.page.waitForLoadState();
});

test('the page cannot go or open anything anywhere', async () => {
  const { app, page } = kiosk;
  expect(await page.evaluate(() => window.open('wall://app/index.html'))).toBeNull();
  expect(await page.evaluate(() => window.open('https://example.org/'))).toBeNull();
  await app.evaluate(({ BrowserWindow }) => {
    const refused: string[] = [];
    Object.assign(globalThis, { refused });
    BrowserWindow.getAllWindows()[0]?.webContents.on('will-frame-navigate', (event) => {
      if (event.defaultPrevented) refused.push(event.url);
    });
  });
  const elsewhere = ['http://127.0.0.1:9/wall', 'wall://app/desk.html', 'https://example.org/'];
  for (const [index, address] of elsewhere.entries()) {
    await page.evaluate((target) => {
      location.href = target;
    }, address);
    await expect
      .poll(() => app.evaluate(() => Reflect.get(globalThis, 'refused')))
      .toEqual(elsewhere.slice(0, index + 1));
  }
  expect(page.url()).toBe('wall://app/index.html');
  expect(app.windows()).toHaveLength(1);
});

test('every permission is denied', async () => {
  const { asked, known } = await kiosk.page.evaluate(async () => {
    const outcome = (request: Promise<unknown>) => request.then(String, (error: Error) => error.name);
    const stateOf = async (name: string) => (await navigator.permissions.query({ name: name as PermissionName })).state;
    return {
      asked: {
        notifications: await Notification.requestPermission(),
        clipboard: await outcome(navigator.clipboard.readText()),
        midi: await outcome(navigator.requestMIDIAccess({ sysex: true })),
        place: await new Promise((resolve) => {
          navigator.geolocation.getCurrentPosition(
            () => resolve('told'),
            ({ PERMISSION_DENIED, code }) => resolve(code === PERMISSION_DENIED ? 'denied' : code),
          );
        }),
      },
      known: await Promise.all(['camera', 'microphone', 'geolocation', 'notifications', 'midi'].map(stateOf)),
    };
  });
  expect(asked).toEqual({
    notifications: 'denied',
    clipboard: 'NotAllowedError',
    midi: expect.stringMatching(/^(NotAllowedError|SecurityError)$/), // which one changed between Chromium versions
    place: 'denied',
  });
  expect(new Set(known)).toEqual(new Set(['denied']));
});

test('a download does not start', async () => {
  const { app, page } = kiosk;
  await app.evaluate(({ session }) => {
    session.defaultSession.once('will-download', (event) => {
      Object.assign(globalThis, { downloadStopped: event.defaultPrevented });
    });
  });
  await page.evaluate(() => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob(['anything']));
    link.download = 'anything.txt';
    link.click();
  });
  await expect.poll(() => app.evaluate(() => Reflect.get(globalThis, 'downloadStopped'))).toBe(true);
});

test('of the network the page reaches its server only, and runs no code but its own', async () => {
  const { page } = kiosk;
  await page.evaluate(async () => {
    const violations: string[] = [];
    Object.assign(globalThis, { violations });
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
      violations.push(`${effectiveDirective} ${blockedURI}`);
    });
    const tried = (request: Promise<unknown>) => request.catch(() => undefined);
    await tried(fetch('http://127.0.0.1:9/readyz')); // its server: allowed, though nobody is there
    await tried(fetch('http://127.0.0.1:10/'));
    await tried(fetch('https://example.org/'));
    await tried(fetch('file:///etc/passwd'));
    new Image().src = 'http://127.0.0.1:9/beacon.png';
    const frame = document.createElement('iframe');
    frame.src = 'http://127.0.0.1:9/';
    const script = document.createElement('script');
    script.textContent = 'globalThis.injected = true';
    document.body.append(frame, script);
  });
  await expect
    .poll(() => page.evaluate(() => (Reflect.get(globalThis, 'violations') as string[]).toSorted()))
    .toEqual([
      'connect-src file',
      'connect-src http://127.0.0.1:10/',
      'connect-src https://example.org/',
      'frame-src http://127.0.0.1:9',
      'img-src http://127.0.0.1:9/beacon.png',
      'script-src-elem inline',
    ]);
  expect(await page.evaluate(() => 'injected' in globalThis)).toBe(false);
});

test('the page knows its bridge and nothing of Node or Electron', async () => {
  const known = await kiosk.page.evaluate(async () => ({
    bridge: Object.keys(window.kiosk ?? {}).sort(),
    settings: await window.kiosk?.settings(),
    node: ['require', 'process', 'module', 'Buffer', 'global'].filter((name) => name in globalThis),
  }));
  expect(known).toEqual({
    bridge: [
      'enterPin',
      'keepBoard',
      'keptBoard',
      'readSettings',
      'saveSettings',
      'saveToken',
      'settings',
      'takePushed',
      'vitals',
    ],
    settings: { serverUrl: NOBODY, token: 'a-token', version, leads: true, configFault: null },
    node: [],
  });
  await expect(kiosk.page.evaluate(() => window.kiosk?.saveToken(''))).rejects.toThrow(/refused/);
  expect(kiosk.log()).toContain('refused: token:save');
});

test('a file outside the built pages is not served', async () => {
  const outcomes = await kiosk.app.evaluate(async ({ net }) => {
    const outcome = (address: string) =>
      net.fetch(address).then(
        (response) => String(response.status),
        () => 'failed',
      );
    return [
      await outcome('wall://app/index.html'),
      await outcome('wall://app/..%2f..%2fpackage.json'),
      await outcome('wall://app/none.js'),
      await outcome('wall://other/index.html'),
    ];
  });
  expect(outcomes).toEqual(['200', 'failed', 'failed', 'failed']);
});

test('keys that reload, zoom, close or leave never reach the page, others do', async () => {
  const { app, page } = kiosk;
  await page.evaluate(() => {
    const pressed: string[] = [];
    Object.assign(globalThis, { pressed });
    window.addEventListener('keydown', (event) => pressed.push(event.key));
  });
  await app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    const press = (keyCode: string, ...modifiers: ('control' | 'alt')[]) => {
      contents?.sendInputEvent({ type: 'keyDown', keyCode, modifiers });
      contents?.sendInputEvent({ type: 'keyUp', keyCode, modifiers });
    };
    for (const key of ['F5', 'F11', 'F12']) press(key);
    for (const key of ['R', 'W', 'Q', '+', '-', '0']) press(key, 'control');
    press('F4', 'alt');
    press('A');
  });
  await expect.poll(() => page.evaluate(() => Reflect.get(globalThis, 'pressed'))).toEqual(['a']);
  const left = await app.evaluate(({ BrowserWindow }) => {
    const window = BrowserWindow.getAllWindows()[0];
    return { zoom: window?.webContents.getZoomFactor(), kiosk: window?.isKiosk() };
  });
  expect(left).toEqual({ zoom: 1, kiosk: true });
});

test('the window manager cannot close it', async () => {
  const { app, page } = kiosk;
  const refused = await app.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    return new Promise<boolean>((resolve) => {
      window?.once('close', (event) => resolve(event.defaultPrevented));
      window?.close();
    });
  });
  expect(refused).toBe(true);
  expect(await page.evaluate(() => document.visibilityState)).toBe('visible');
});

test('every guard of the window is on', async () => {
  const guards = await kiosk.app.evaluate(({ BrowserWindow, Menu }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    const preferences = (
      contents as unknown as { getLastWebPreferences(): Electron.WebPreferences }
    ).getLastWebPreferences();
    const { sandbox, contextIsolation, nodeIntegration, webviewTag, webSecurity } = preferences;
    return {
      // Unset is off
      insecureContent: preferences.allowRunningInsecureContent ?? false,
      experiments: preferences.experimentalFeatures ?? false,
      blinkFeatures: preferences.enableBlinkFeatures ?? '',
      nodeInWorkers: preferences.nodeIntegrationInWorker ?? false,
      nodeInFrames: preferences.nodeIntegrationInSubFrames ?? false,
      sandbox,
      contextIsolation,
      nodeIntegration,
      webviewTag,
      webSecurity,
      menu: Menu.getApplicationMenu(),
      throttling: contents?.getBackgroundThrottling(),
    };
  });
  expect(guards).toEqual({
    insecureContent: false,
    experiments: false,
    blinkFeatures: '',
    nodeInWorkers: false,
    nodeInFrames: false,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webviewTag: false,
    webSecurity: true,
    menu: null,
    throttling: false,
  });
});
