import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listPackage } from '@electron/asar';
import { FuseV1Options, FuseVersion, flipFuses, getCurrentFuseWire } from '@electron/fuses';
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

/** A fuse's state in the program, as the package that reads it names none. */
const FuseState = { DISABLE: 48, ENABLE: 49 } as const;
/** What is asked of `npm run dist`; the package under test differs in one, which Playwright needs to get in. */
const FUSES = {
  [FuseV1Options.RunAsNode]: FuseState.DISABLE,
  [FuseV1Options.EnableCookieEncryption]: FuseState.ENABLE,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: FuseState.DISABLE,
  [FuseV1Options.EnableNodeCliInspectArguments]: FuseState.DISABLE,
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: FuseState.ENABLE,
  [FuseV1Options.OnlyLoadAppFromAsar]: FuseState.ENABLE,
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: FuseState.DISABLE,
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: FuseState.DISABLE,
};

test('the fuses of the package are blown, and with the last one nobody gets in by inspector, Node or options', async ({
  server,
  userDataFolder,
}) => {
  const executable = join(folder, 'taibai-wall');
  const {
    version: _wireVersion,
    resetAdHocDarwinSignature: _macOnly,
    ...wire
  } = (await getCurrentFuseWire(executable)) as unknown as Record<string, unknown>;
  expect(wire).toEqual({ ...FUSES, [FuseV1Options.EnableNodeCliInspectArguments]: FuseState.ENABLE });

  // As `npm run dist` leaves it
  await flipFuses(executable, { version: FuseVersion.V1, [FuseV1Options.EnableNodeCliInspectArguments]: false });
  try {
    const env = { ...process.env, WALL_TOKEN: await server.wallToken() };
    const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const given = [...asRoot, '--inspect=0', `--server=${server.url}`, `--user-data-dir=${userDataFolder}`];
    const kiosk = spawn(executable, given, {
      env: { ...env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '--require=/nowhere.cjs' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [kiosk.stdout, kiosk.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    }
    // It is the kiosk that runs, no Node, no foreign code was loaded, and no debugger listens
    await expect.poll(() => said, { timeout: 30_000 }).toContain('the page has loaded');
    expect(said).not.toMatch(/Debugger listening|nowhere\.cjs/);
    const ended = once(kiosk, 'exit');
    kiosk.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  } finally {
    await flipFuses(executable, { version: FuseVersion.V1, [FuseV1Options.EnableNodeCliInspectArguments]: true });
  }
});

test('the service that runs it on a machine of its own is packed with it', () => {
  const systemd = join(folder, 'resources/systemd');
  expect(readdirSync(systemd).sort()).toEqual(['session', 'taibai-wall.service']);
  const unit = readFileSync(join(systemd, 'taibai-wall.service'), 'utf8');
  expect(unit).toContain('/opt/Taibai Wall/resources/systemd/session');
  for (const line of ['Type=notify', 'NotifyAccess=all', 'Restart=on-failure', 'StartLimitIntervalSec=0']) {
    expect(unit).toContain(`\n${line}\n`);
  }
  expect(unit).toMatch(/^WatchdogSec=\d+$/m);
});

test('systemd finds nothing wrong with the service', () => {
  test.skip(!existsSync('/usr/bin/systemd-analyze'), 'there is no systemd-analyze on this machine');
  const unit = join(projectRoot, 'build/systemd/taibai-wall.service');
  expect(spawnSync('systemd-analyze', ['verify', unit], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
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
