import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Display, WebContents } from 'electron';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Place } from '../../main/displays.ts';
import { hashPin } from '../../main/exitPin.ts';
import { createKiosk } from '../../main/kiosk.ts';
import { DEFAULT_SERVER_URL, type LaunchOptions } from '../../main/launchOptions.ts';
import type { WallWindows } from '../../main/wallWindows.ts';
import type { KioskConfig } from '../../protocol/kioskConfig.ts';

const server = 'http://10.0.0.5:8311';
const asked: Extract<LaunchOptions, { readonly ok: true }> = {
  ok: true,
  serverUrl: null,
  configPath: null,
  sound: true,
  motion: true,
  setup: false,
  yields: false,
};
const leader = { name: 'leader' } as unknown as WebContents;
const follower = { name: 'follower' } as unknown as WebContents;

let folder: string;
let hung: (readonly [readonly Place[], 'again' | undefined])[];
let left: string[];
/** Who paired, so that the other windows were told. */
let told: WebContents[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'taibai-kiosk-state-'));
  hung = [];
  left = [];
  told = [];
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(async () => {
  await settle(); // what a test left to be hung
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

function display(id: number, x: number): Display {
  return { id, label: '', bounds: { x, y: 0, width: 1920, height: 1080 }, scaleFactor: 1 } as Display;
}

function kiosk(options: Partial<typeof asked> = {}, givenToken: string | null = null) {
  const windows: Pick<WallWindows, 'hang' | 'leads' | 'tellOthers'> = {
    hang: (places, again) => void hung.push([places, again]),
    tellOthers: (contents) => void told.push(contents),
    leads: (contents) => contents === leader,
  };
  return createKiosk({
    options: { ...asked, ...options },
    givenToken,
    app: { getPath: () => folder, getVersion: () => '1.2.3', getAppMetrics: () => [] },
    screen: { getAllDisplays: () => [display(1, 0), display(2, 1920)], getPrimaryDisplay: () => display(1, 0) },
    secrets: {
      isEncryptionAvailable: () => false,
      encryptString: () => Buffer.alloc(0),
      decryptString: () => '',
    },
    windows: () => windows as WallWindows,
    leave: (why) => left.push(why),
  });
}

const write = (config: Partial<KioskConfig>) =>
  writeFileSync(join(folder, 'kiosk.json'), JSON.stringify({ version: 1, serverUrl: server, ...config }));
const kept = () => JSON.parse(readFileSync(join(folder, 'kiosk.json'), 'utf8')) as KioskConfig;
const settle = () => new Promise((resolve) => setImmediate(resolve));
const place: Place = { key: '0', bounds: { x: 0, y: 0, width: 1, height: 1 }, spans: false, scene: null };
const search = (one: ReturnType<typeof kiosk>, leads = true) => new URL(one.addressOf(place, leads)).search;

describe('its server', () => {
  test('is the one that it was started with, before all others', () => {
    write({});
    const one = kiosk({ serverUrl: 'http://a' });
    expect(one.trust().serverUrl).toBe('http://a');
    expect(search(one)).toBe('');
  });

  test('else the one of its configuration', () => {
    write({ certificatePin: `sha256/${'A'.repeat(43)}=` });
    expect(kiosk().trust()).toEqual({ serverUrl: server, certificatePin: `sha256/${'A'.repeat(43)}=` });
  });

  test('else the one that it is paired with, as after a damaged configuration', () => {
    kiosk({ serverUrl: server }).answers['token:save'](leader, 'tok-1');
    writeFileSync(join(folder, 'kiosk.json'), '{"version":');
    const one = kiosk();
    expect(one.trust().serverUrl).toBe(server);
    expect(search(one)).toBe('');
    expect(one.answers['settings:read'](leader)).toMatchObject({
      token: 'tok-1',
      configFault: { keptAs: join(folder, 'kiosk.json.damaged'), what: expect.stringContaining('JSON') },
    });
  });

  test('and at the very first start nobody’s: the set-up asks, in the window that leads', () => {
    const one = kiosk();
    expect(one.trust().serverUrl).toBe(DEFAULT_SERVER_URL);
    expect(search(one)).toBe('?setup=on');
    expect(search(one, false)).toBe('?sound=off');
  });
});

test('a token of this run goes before the saved one, and is not saved', () => {
  kiosk({ serverUrl: server }).answers['token:save'](leader, 'saved');
  expect(kiosk({ serverUrl: server }, 'given').answers['settings:read'](leader)).toMatchObject({ token: 'given' });
  expect(kiosk({ serverUrl: server }).answers['settings:read'](leader)).toMatchObject({ token: 'saved' });
  expect(told).toEqual([leader]);
});

test('the set-up is saved while it is open, and the windows hang anew with it', async () => {
  const one = kiosk();
  const { choice, displays } = one.answers['kiosk:readSettings'](leader);
  expect(displays).toMatchObject([
    { id: 1, width: 1920, height: 1080, x: 0, isPrimary: true },
    { id: 2, x: 1920, isPrimary: false },
  ]);
  const bindings = displays.map(({ scaleFactor: _scaleFactor, isPrimary: _isPrimary, ...binding }) => binding);
  const chosen = { ...choice, serverUrl: 'HTTP://10.0.0.5:8311/', displays: bindings };
  expect(await one.answers['kiosk:saveSettings'](leader, chosen, '4711')).toEqual({ ok: true });
  await settle();
  expect(hung.map(([places, again]) => [places.length, again])).toEqual([[2, 'again']]);
  expect(kept()).toMatchObject({ serverUrl: server, displays: bindings });
  expect(one.trust().serverUrl).toBe(server);
  expect(search(one)).toBe('');
  expect(one.answers['kiosk:readSettings'](leader).hasPin).toBe(true);
  expect(await one.answers['kiosk:saveSettings'](leader, chosen)).toEqual({ ok: false, reason: 'closed' });
});

test('a choice cannot bring a PIN’s hash or a version of its own', async () => {
  write({ exitPin: hashPin('4711') });
  const one = kiosk({ setup: true });
  const before = kept().exitPin;
  const { choice } = one.answers['kiosk:readSettings'](leader);
  expect(choice).not.toHaveProperty('exitPin');
  const forged = { ...choice, exitPin: hashPin('0000'), version: 2 };
  expect(await one.answers['kiosk:saveSettings'](leader, forged)).toEqual({ ok: true });
  expect(kept()).toMatchObject({ version: 1, exitPin: before });
});

test('another server is not given the token of the one before', async () => {
  const one = kiosk({ serverUrl: server, setup: true }, 'tok-of-10.0.0.5');
  const { choice } = one.answers['kiosk:readSettings'](leader);
  await one.answers['kiosk:saveSettings'](leader, { ...choice, serverUrl: 'http://10.0.0.6:8311' });
  expect(one.answers['settings:read'](leader)).toMatchObject({ serverUrl: 'http://10.0.0.6:8311', token: null });
});

test('what a server pushes is kept at once; the same again changes nothing', async () => {
  write({});
  const one = kiosk();
  const pushed = { volume: 0, scene: 'brief' };
  expect(one.answers['kiosk:takePushed'](leader, pushed)).toBe(true);
  expect(one.answers['kiosk:takePushed'](leader, pushed)).toBe(true);
  await settle();
  expect(hung).toHaveLength(1);
  expect(kept()).toMatchObject({ ...pushed, serverUrl: server });
  expect(search(one)).toBe('?sound=off&volume=0');
});

test('the right PIN ends it, wrong ones are counted across its windows', async () => {
  write({ exitPin: hashPin('4711') });
  const one = kiosk();
  for (const caller of [leader, follower]) await one.answers['kiosk:enterPin'](caller, '0000', 'leave');
  expect(await one.answers['kiosk:enterPin'](leader, '0000', 'leave')).toMatchObject({ reason: 'locked' });
  expect(await one.answers['kiosk:enterPin'](leader, '4711', 'leave')).toMatchObject({ reason: 'locked' });
  await settle();
  expect(left).toEqual([]);
  const other = kiosk();
  expect(await other.answers['kiosk:enterPin'](follower, '4711', 'leave')).toEqual({ ok: true });
  await settle();
  expect(left).toEqual(['by its PIN']);
});

test('only the window that leads keeps the board; every window may show it', async () => {
  const one = kiosk({ serverUrl: server });
  await one.answers['board:keep'](follower, 'from the follower');
  expect(await one.answers['board:kept'](leader)).toBeNull();
  await one.answers['board:keep'](leader, 'from the leader');
  expect(await one.answers['board:kept'](follower)).toMatchObject({ text: 'from the leader' });
  expect(one.answers['settings:read'](follower)).toMatchObject({ leads: false });
});
