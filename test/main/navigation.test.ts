import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isPermitted, isWallPage } from '../../main/navigation.ts';
import { projectRoot } from '../../tools/electron.mjs';

test.each([
  ['wall://app/index.html', true],
  ['wall://app/index.html#token=abc', true],
  ['wall://app/index.html?scene=dispatch', true],
  ['wall://app/../app/index.html', false],
  ['wall://app/', false],
  ['wall://app/desk.html', false],
  ['wall://app/index.html/..', false],
  ['wall://app.example.org/index.html', false],
  ['wall://user@app/index.html', false],
  ['wall://app:80/index.html', false],
  ['http://app/index.html', false],
  ['http://127.0.0.1:8311/wall', false],
  ['file:///index.html', false],
  ['data:text/html,wall://app/index.html', false],
  ['javascript:location="wall://app/index.html"', false],
  ['about:blank', false],
  ['chrome://crash', false],
  ['', false],
])('%s is the wall itself: %s', (address, expected) => {
  expect(isWallPage(address)).toBe(expected);
});

test.each([
  ['local-network-access', 'wall://app/index.html', true],
  ['local-network', 'wall://app/', true],
  ['loopback-network', 'wall://app', true],
  ['local-network-access', 'https://example.org/', false],
  ['local-network-access', 'wall://other/', false],
  ['local-network-access', '', false],
  ...['media', 'geolocation', 'notifications', 'midi', 'pointerLock', 'fullscreen', 'openExternal', 'hid', 'usb'].map(
    (permission): [string, string, boolean] => [permission, 'wall://app/index.html', false],
  ),
  ['clipboard-read', 'wall://app/index.html', false],
  ['display-capture', 'wall://app/index.html', false],
  ['a-permission-of-next-year', 'wall://app/index.html', false],
])('permission %s for %s: %s', (permission, requester, expected) => {
  expect(isPermitted(permission, requester)).toBe(expected);
});

test('the main process never opens anything outside, nor a dialog', () => {
  const sources = globSync('main/*.ts', { cwd: projectRoot });
  expect(sources.length).toBeGreaterThan(15);
  const imported = sources.flatMap((source) => {
    const text = readFileSync(join(projectRoot, source), 'utf8');
    return [...text.matchAll(/import (?:type )?\{([^}]*)\} from 'electron'/g)].flatMap(([, names = '']) =>
      names.split(',').map((name) => name.trim().replace(/^type /, '')),
    );
  });
  expect(imported).toEqual(expect.arrayContaining(['BrowserWindow', 'session', 'ipcRenderer']));
  for (const name of ['shell', 'dialog', 'clipboard', 'Notification']) expect(imported).not.toContain(name);
});
