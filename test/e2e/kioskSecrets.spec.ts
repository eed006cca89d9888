import { execFileSync } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, chownSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer as createPlainServer } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { hashPin } from '../../main/exitPin.ts';
import { findElectron, projectRoot } from '../../tools/electron.mjs';
import { test } from '../support/hall.ts';
import { linkedWindows } from '../support/liveWall.ts';
import { processTree, stillRunning } from '../support/processTree.ts';
import { type Kiosk, spawnKiosk } from '../support/startKiosk.ts';

const NOBODY = 'http://127.0.0.1:9';

function configure(userDataFolder: string, more: object) {
  writeFileSync(join(userDataFolder, 'kiosk.json'), JSON.stringify({ version: 1, serverUrl: NOBODY, ...more }));
}

/** Keys as a keyboard sends them, chord by chord: `Control+Alt+Q`. */
function press(kiosk: Kiosk, ...chords: readonly string[]) {
  return kiosk.app.evaluate(({ BrowserWindow }, all) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    for (const chord of all) {
      const modifiers = chord.split('+').map((key) => key.toLowerCase());
      const keyCode = chord.split('+').at(-1) ?? '';
      modifiers.pop();
      contents?.sendInputEvent({ type: 'keyDown', keyCode, modifiers: modifiers as ('control' | 'alt')[] });
      contents?.sendInputEvent({ type: 'keyUp', keyCode, modifiers: modifiers as ('control' | 'alt')[] });
    }
  }, chords);
}

test('the right PIN ends the kiosk with code 0, wrong ones lock the entry', async ({ userDataFolder, openKiosk }) => {
  configure(userDataFolder, { exitPin: hashPin('4711') });
  const kiosk = await openKiosk({});
  await kiosk.page.waitForLoadState();
  const entry = kiosk.page.getByTestId('pin-entry');
  await expect.poll(() => kiosk.inPage("document.querySelector('main') !== null")).toBe(true);
  await press(kiosk, 'Control+Alt+Q');
  await expect(entry).toHaveAttribute('data-purpose', 'leave');
  // The PIN itself is never shown
  await press(kiosk, '0', '0', '0', '0');
  await expect(entry).toContainText('●●●●');
  await press(kiosk, 'Enter');
  await expect(entry).toHaveAttribute('data-refused', 'wrong');
  await press(kiosk, 'Escape');
  await expect(entry).toHaveCount(0);
  await press(kiosk, 'Control+Alt+Q', '4', '7', '1', '1');
  const ended = once(kiosk.app.process(), 'exit');
  await press(kiosk, 'Enter');
  expect(await ended).toEqual([0, null]);
  expect(kiosk.log()).toContain('leaving: by its PIN');
});

test('three wrong PINs lock the entry, for the right one too', async ({ userDataFolder, openKiosk }) => {
  configure(userDataFolder, { exitPin: hashPin('4711') });
  const kiosk = await openKiosk({});
  await kiosk.page.waitForLoadState();
  const answers = await kiosk.page.evaluate(async () => {
    const given: unknown[] = [];
    for (const pin of ['0000', '1111', '2222', '4711']) given.push(await window.kiosk?.enterPin(pin, 'leave'));
    return given;
  });
  expect(answers).toEqual([
    { ok: false, reason: 'wrong', waitMs: 0 },
    { ok: false, reason: 'wrong', waitMs: 0 },
    { ok: false, reason: 'locked', waitMs: 30_000 },
    { ok: false, reason: 'locked', waitMs: expect.any(Number) },
  ]);
  expect(kiosk.app.process().exitCode).toBeNull();
});

test('the set-up opens by PIN or at the first start, and nothing is saved while it is closed', async ({
  userDataFolder,
  openKiosk,
}) => {
  const first = await openKiosk({});
  await expect.poll(() => first.inPage('location.search')).toBe('?setup=on');
  const answer = await first.page.evaluate(async () => {
    const setup = await window.kiosk?.readSettings();
    if (setup === undefined) return null;
    const faulty = await window.kiosk?.saveSettings({ ...setup.choice, serverUrl: 'nowhere', volume: 3 });
    const saved = await window.kiosk?.saveSettings({ ...setup.choice, serverUrl: 'http://127.0.0.1:9/' }, '4711');
    return { hasPin: setup.hasPin, displays: setup.displays.length, faulty, saved };
  });
  expect(answer).toEqual({
    hasPin: false,
    displays: 1,
    faulty: {
      ok: false,
      reason: 'faulty',
      faults: expect.arrayContaining([
        expect.objectContaining({ path: 'serverUrl' }),
        expect.objectContaining({ path: 'volume' }),
      ]),
    },
    saved: { ok: true },
  });
  await expect.poll(() => first.inPage('location.search')).toBe('');
  const kept = readFileSync(join(userDataFolder, 'kiosk.json'), 'utf8');
  expect(JSON.parse(kept)).toMatchObject({ serverUrl: NOBODY });
  expect(kept).not.toContain('4711');
  await first.close();

  const second = await openKiosk({});
  await expect.poll(() => second.inPage('document.readyState')).toBe('complete');
  expect(await second.inPage('location.search')).toBe('');
  const closed = await second.page.evaluate(async () => {
    const setup = await window.kiosk?.readSettings();
    return setup === undefined
      ? null
      : window.kiosk?.saveSettings({ ...setup.choice, serverUrl: 'http://evil.example' });
  });
  expect(closed).toEqual({ ok: false, reason: 'closed' });
  expect(await second.page.evaluate(() => window.kiosk?.enterPin('4711', 'setup'))).toEqual({ ok: true });
  await expect.poll(() => second.inPage('location.search')).toBe('?setup=on');
});

test('what the server pushes is kept and shown, what it may not push is refused', async ({
  userDataFolder,
  openKiosk,
}) => {
  configure(userDataFolder, {});
  const kiosk = await openKiosk({});
  await kiosk.page.waitForLoadState();
  expect(
    await kiosk.page.evaluate(() => window.kiosk?.takePushed({ serverUrl: 'http://evil.example' } as object)),
  ).toBe(false);
  expect(kiosk.log()).toContain('refused: a configuration from the server: serverUrl: not a field');
  const pushed = { volume: 0.5, night: { from: '22:00', until: '06:30' }, scene: 'brief' };
  expect(await kiosk.page.evaluate((config) => window.kiosk?.takePushed(config), pushed)).toBe(true);
  await expect.poll(() => kiosk.inPage('location.search')).toBe('?volume=0.5&scene=brief&night=22%3A00-06%3A30');
  const kept = JSON.parse(readFileSync(join(userDataFolder, 'kiosk.json'), 'utf8')) as object;
  expect(kept).toMatchObject({ ...pushed, serverUrl: NOBODY });
});

test('no request of the kiosk reaches anybody but its server, whoever makes it', async ({ openKiosk }) => {
  const heard: string[] = [];
  const stranger = createPlainServer((request, response) => {
    heard.push(request.url ?? '');
    response.end();
  }).listen(0, '127.0.0.1');
  await once(stranger, 'listening');
  try {
    const { port } = stranger.address() as AddressInfo;
    const kiosk = await openKiosk({ serverUrl: NOBODY });
    await kiosk.page.waitForLoadState();
    const outcome = await kiosk.app.evaluate(
      ({ net }, address) =>
        net.fetch(address).then(
          () => 'answered',
          (error: Error) => error.message,
        ),
      `http://127.0.0.1:${port}/beacon`,
    );
    expect(outcome).toContain('ERR_BLOCKED_BY_CLIENT');
    expect(heard).toEqual([]);
    expect(kiosk.log()).toContain(`refused: a request to http://127.0.0.1:${port}`);
  } finally {
    stranger.close();
  }
});

test('with a pin the kiosk takes that one certificate and no other', async ({ userDataFolder, openKiosk }) => {
  const keyPath = join(userDataFolder, 'key.pem');
  const certificatePath = join(userDataFolder, 'certificate.pem');
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
      ...['-subj', '/CN=wall.example.org', '-addext', 'subjectAltName=IP:127.0.0.1'],
      ...['-keyout', keyPath, '-out', certificatePath],
    ],
    { stdio: 'ignore' },
  );
  const certificate = readFileSync(certificatePath);
  const fingerprint = createHash('sha256').update(new X509Certificate(certificate).raw).digest('base64');
  const server = createServer({ key: readFileSync(keyPath), cert: certificate }, (_request, response) => {
    response.setHeader('access-control-allow-origin', 'wall://app');
    response.end('reached');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const serverUrl = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    for (const [certificatePin, expected] of [
      [`sha256/${fingerprint}`, 'reached'],
      [`sha256/${'A'.repeat(43)}=`, 'refused'],
      [null, 'refused'],
    ] as const) {
      configure(userDataFolder, { serverUrl, certificatePin });
      const kiosk = await openKiosk({});
      await kiosk.page.waitForLoadState();
      const outcome = await kiosk.page.evaluate(
        (address) =>
          fetch(address).then(
            (response) => response.text(),
            () => 'refused',
          ),
        `${serverUrl}/readyz`,
      );
      expect(outcome).toBe(expected);
      await kiosk.close();
    }
  } finally {
    server.close();
  }
});

test('nobody sees a pointer on the wall', async ({ openKiosk }) => {
  const kiosk = await openKiosk({ serverUrl: NOBODY });
  await expect.poll(() => kiosk.inPage('getComputedStyle(document.body).cursor')).toBe('none');
});

test('what the kiosk keeps is its owner’s alone, and without a keyring it says that the token lies in a file', async ({
  server,
  userDataFolder,
  openKiosk,
}) => {
  const kiosk = await openKiosk({ serverUrl: server.url });
  await kiosk.page.waitForLoadState();
  await kiosk.page.evaluate(() => window.kiosk?.saveToken('a-token'));
  await kiosk.page.evaluate(() => window.kiosk?.keepBoard('{}'));
  const encrypted = await kiosk.app.evaluate(({ safeStorage }) => safeStorage.isEncryptionAvailable());
  const token = readFileSync(join(userDataFolder, 'token.json'), 'utf8');
  expect(token.includes('a-token')).toBe(!encrypted);
  if (!encrypted) expect(kiosk.log()).toContain('kept in a file that only its owner can read');
  for (const name of ['token.json', 'board.json']) {
    expect(execFileSync('stat', ['-c', '%a', join(userDataFolder, name)], { encoding: 'utf8' }).trim()).toBe('600');
  }
});

/** Nobody's: no such user has to be there. */
const ORDINARY_USER = 42_001;

test('as an ordinary user every page runs in the sandbox', async ({ server, userDataFolder }) => {
  test.skip(process.platform !== 'linux' || process.getuid?.() !== 0, 'only root can become an ordinary user');
  const electron = findElectron();
  const readable = canRead(electron?.path ?? '') && canRead(join(projectRoot, 'out/main/index.js'));
  test.skip(!readable, 'an ordinary user cannot read this copy of the project');
  chownSync(userDataFolder, ORDINARY_USER, ORDINARY_USER);
  chmodSync(userDataFolder, 0o700);
  const kiosk = spawnKiosk([`--server=${server.url}`], {
    userDataFolder,
    env: { HOME: userDataFolder, WALL_TOKEN: await server.wallToken(), XDG_RUNTIME_DIR: userDataFolder },
    asUser: ORDINARY_USER,
  });
  try {
    await kiosk.line('the page has loaded');
    expect(kiosk.lines().join('\n')).not.toContain('sandbox is OFF');
    const processes = processTree(kiosk.child.pid ?? 0);
    const renderers = processes.filter(({ command }) => command.includes('--type=renderer'));
    expect(renderers.length).toBeGreaterThan(0);
    for (const { id } of renderers) {
      const status = readFileSync(`/proc/${id}/status`, 'utf8');
      expect(status).toMatch(/^Uid:\s+42001\s/m);
      expect(status).toMatch(/^Seccomp:\s+2$/m); // filtered
      expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
      expect(status).toMatch(/^CapEff:\s+0+$/m);
    }
    // And it works: the wall is live
    await expect.poll(() => linkedWindows(server)).toBe(1);
    kiosk.child.kill('SIGTERM');
    await kiosk.ended;
    await expect.poll(() => stillRunning(processes)).toEqual([]);
  } finally {
    await kiosk.close();
  }
});

function canRead(path: string): boolean {
  try {
    execFileSync('setpriv', [...asOrdinaryUser, 'test', '-r', path], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
const asOrdinaryUser = ['--reuid', String(ORDINARY_USER), '--regid', String(ORDINARY_USER), '--clear-groups'];
