import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readConfigFile, writeConfigFile } from '../../main/configFile.ts';
import { DEFAULT_CONFIG, decodeKioskConfig, decodePushedConfig, type KioskConfig } from '../../protocol/kioskConfig.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'taibai-config-'));
  path = join(folder, 'kiosk.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

const serverUrl = 'http://10.0.0.5:8311';
const display = { label: 'HALL', id: 42, width: 1920, height: 1080, x: 0, y: 0 };
const full: KioskConfig = {
  version: 1,
  serverUrl: 'https://wall.example.org',
  certificatePin: `sha256/${'A'.repeat(43)}=`,
  mode: 'span',
  displays: [display, { ...display, x: -1920, scene: 'brief' }],
  scene: 'dispatch',
  pitchMm: 1.25,
  farthestSeatM: 12,
  exitPin: { salt: 'AAAAAAAAAAAAAAAAAAAAAA==', hash: 'BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA=' },
  volume: 0.5,
  night: { from: '22:00', until: '06:30' },
};

test('before the set-up there is none', () => {
  expect(readConfigFile(path)).toEqual({ kind: 'none' });
});

test('what was written is read', () => {
  writeConfigFile(path, full);
  expect(readConfigFile(path)).toEqual({ kind: 'read', config: full });
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('what the file leaves out is as usual', () => {
  writeFileSync(path, JSON.stringify({ version: 1, serverUrl }));
  expect(readConfigFile(path)).toEqual({ kind: 'read', config: { ...DEFAULT_CONFIG, serverUrl } });
});

test.each([
  ['half a file', '{"version":1,"serverUrl":"http', /JSON/],
  ['nothing', '', /JSON/],
  ['bytes', '\0\0\0\0', /JSON/],
  ['another thing', '[]', /the whole/],
  ['a faulty field', JSON.stringify({ version: 1, serverUrl, volume: 7 }), /^volume: not between 0 and 1$/],
])('%s is put aside with its faults named, never overwritten', (_what, text, fault) => {
  writeFileSync(path, text);
  expect(readConfigFile(path)).toEqual({
    kind: 'damaged',
    keptAs: `${path}.damaged`,
    what: expect.stringMatching(fault),
  });
  expect(readFileSync(`${path}.damaged`, 'utf8')).toBe(text);
  expect(readConfigFile(path)).toEqual({ kind: 'none' });
});

test('a disk that refuses leaves the file as it was', () => {
  writeConfigFile(path, full);
  mkdirSync(`${path}.next`); // nothing can be written under this name
  expect(() => writeConfigFile(path, { ...full, volume: 0 })).toThrow(/EISDIR/);
  expect(readConfigFile(path)).toEqual({ kind: 'read', config: full });
});

test.each([
  ['version', { version: 2 }, /version/],
  ['serverUrl', { serverUrl: 'ftp://10.0.0.5' }, /scheme, host and port/],
  ['serverUrl', { serverUrl: 'http://10.0.0.5/wall' }, /scheme, host and port/],
  ['serverUrl', { serverUrl: undefined }, /missing/],
  ['certificatePin', { certificatePin: 'sha1/abc' }, /sha256/],
  ['mode', { mode: 'both' }, /neither each nor span/],
  ['displays', { displays: 'all' }, /list/],
  ['displays', { displays: Array.from({ length: 17 }, () => display) }, /more than 16/],
  ['displays.1.width', { displays: [display, { ...display, width: 0 }] }, /between 1 and/],
  ['displays.0.x', { displays: [{ ...display, x: 0.5 }] }, /whole number/],
  ['displays.0.scene', { displays: [{ ...display, scene: '../brief' }] }, /scene/],
  ['displays.0.color', { displays: [{ ...display, color: 1 }] }, /not a field/],
  ['scene', { scene: '' }, /scene/],
  ['pitchMm', { pitchMm: 0 }, /between 0.1 and 50/],
  ['farthestSeatM', { farthestSeatM: '12' }, /number/],
  ['exitPin', { exitPin: '4711' }, /./],
  ['exitPin.hash', { exitPin: { salt: full.exitPin?.salt, hash: '4711' } }, /base64/],
  ['volume', { volume: -0.1 }, /between 0 and 1/],
  ['volume', { volume: Number.NaN }, /number/],
  ['night.from', { night: { from: '24:00', until: '06:00' } }, /time of day/],
  ['night.until', { night: { from: '22:00' } }, /./],
  ['colour', { colour: 'dark' }, /not a field/],
])('a fault is named by its field: %s in %o', (field, change, message) => {
  const decoded = decodeKioskConfig({ ...full, ...change });
  expect(decoded.ok ? [] : decoded.faults).toEqual([{ path: field, message: expect.stringMatching(message) }]);
});

test('all faults are named at once', () => {
  const decoded = decodeKioskConfig({ ...full, volume: 2, mode: 'x', more: 1 });
  expect(decoded.ok ? [] : decoded.faults.map((fault) => fault.path).sort()).toEqual(['mode', 'more', 'volume']);
});

test.each(['serverUrl', 'certificatePin', 'exitPin', 'version'] as const)('the server cannot push %s', (field) => {
  const decoded = decodePushedConfig({ volume: 0.5, [field]: full[field] });
  expect(decoded).toEqual({ ok: false, faults: [{ path: field, message: 'not a field of this file' }] });
});

test('the server may push how the wall looks and sounds, all of it or a part', () => {
  const { mode, displays, scene, pitchMm, farthestSeatM, volume, night } = full;
  const all = { mode, displays, scene, pitchMm, farthestSeatM, volume, night };
  expect(decodePushedConfig(all)).toEqual({ ok: true, value: all });
  expect(decodePushedConfig({ night: null })).toEqual({ ok: true, value: { night: null } });
  expect(decodePushedConfig({})).toEqual({ ok: true, value: {} });
});
