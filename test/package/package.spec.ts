import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listPackage } from '@electron/asar';
import { _electron, expect } from '@playwright/test';
import { findElectron, projectRoot } from '../../tools/electron.mjs';
import { test } from '../support/hall.ts';

const folder = join(projectRoot, 'release/linux-unpacked');
const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { version: string };

test('the packed kiosk shows the live wall from its own archive', async ({ server, userDataFolder }) => {
  const app = await _electron.launch({
    executablePath: join(folder, 'taibai-wall'),
    args: [`--server=${server.url}`, `--user-data-dir=${userDataFolder}`],
    env: { ...(process.env as Record<string, string>), WALL_TOKEN: await server.wallToken() },
  });
  try {
    const page = await app.firstWindow();
    await expect(page.getByTestId('wall')).toHaveAttribute('data-feed', 'live');
    const packed = await app.evaluate(({ app: running }) => ({
      isPackaged: running.isPackaged,
      path: running.getAppPath(),
      name: running.getName(),
      version: running.getVersion(),
    }));
    expect(packed).toEqual({
      isPackaged: true,
      path: join(folder, 'resources/app.asar'),
      name: 'Taibai Wall',
      version: findElectron()?.source === 'official' ? version : `${version}-not.a.release`,
    });
  } finally {
    await app.close();
  }
});

test('only what the kiosk runs is packed', () => {
  const files = listPackage(join(folder, 'resources/app.asar'), { isPack: false });
  const parts = new Set(files.map((file) => file.split(/[\\/]/).slice(1, 3).join('/')));
  expect([...parts].sort()).toEqual(['out', 'out/main', 'out/renderer', 'package.json']);
  expect(files.filter((file) => file.endsWith('.map'))).toEqual([]);
});

test('a package on anything but the official Electron says that it is no release', () => {
  expect(existsSync(join(folder, 'NOT-A-RELEASE.txt'))).toBe(findElectron()?.source !== 'official');
  expect(existsSync(join(folder, 'resources/default_app.asar'))).toBe(false);
});
