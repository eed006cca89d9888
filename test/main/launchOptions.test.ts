import { expect, test } from 'vitest';
import { readLaunchOptions } from '../../main/launchOptions.ts';
import { homeAddress, isWallPage, type PageOptions } from '../../main/navigation.ts';
import { wantsSound } from '../../renderer/live/speaker.ts';
import { wantsStillness } from '../../renderer/live/stillness.ts';

/** What is read where nothing is said. */
const unasked = {
  ok: true,
  serverUrl: null,
  configPath: null,
  sound: true,
  motion: true,
  setup: false,
  yields: false,
} as const;

const fromFolder = ['electron', '--no-sandbox', '--inspect=0', '-r', 'loader.cjs', 'folder'];

test.each([
  ['no word about it', [], {}, null],
  ['two arguments', ['--server', 'http://10.0.0.5:8311'], {}, 'http://10.0.0.5:8311'],
  ['one argument', ['--server=https://wall.example.org'], {}, 'https://wall.example.org'],
  ['a closing slash', ['--server=http://10.0.0.5:8311/'], {}, 'http://10.0.0.5:8311'],
  ['upper case', ['--server=HTTP://Wall.Example.ORG:80'], {}, 'http://wall.example.org'],
  ['IPv6', ['--server=http://[::1]:8311'], {}, 'http://[::1]:8311'],
  ['the environment', [], { WALL_SERVER: 'http://10.0.0.6' }, 'http://10.0.0.6'],
  ['an empty environment', [], { WALL_SERVER: '' }, null],
  ['an argument against the environment', ['--server=http://a'], { WALL_SERVER: 'http://b' }, 'http://a'],
  ['the last of two', ['--server=http://a', '--server', 'http://b'], {}, 'http://b'],
  ['Chromium switches around it', ['--ozone-platform=x11', '--server=http://a', '--no-sandbox'], {}, 'http://a'],
])('the server is read from %s', (_from, given, environment, serverUrl) => {
  const expected = { ...unasked, serverUrl };
  expect(readLaunchOptions([...fromFolder, ...given], environment, true)).toEqual(expected);
  expect(readLaunchOptions(['taibai-wall', ...given], environment, false)).toEqual(expected);
});

test.each([
  ['nothing said', [], {}, true],
  ['an argument', ['--sound=off'], {}, false],
  ['two arguments', ['--sound', 'off'], {}, false],
  ['the environment', [], { WALL_SOUND: 'off' }, false],
  ['an argument against the environment', ['--sound=on'], { WALL_SOUND: 'off' }, true],
])('whether it sounds is read from %s', (_from, given, environment, sound) => {
  const options = readLaunchOptions([...fromFolder, ...given], environment, true);
  expect(options).toEqual({ ...unasked, sound });
});

test.each([
  ['nothing said', [], {}, true],
  ['an argument', ['--motion=reduce'], {}, false],
  ['two arguments', ['--motion', 'reduce'], {}, false],
  ['the environment', [], { WALL_MOTION: 'reduce' }, false],
  ['an argument against the environment', ['--motion=full'], { WALL_MOTION: 'reduce' }, true],
])('whether it moves is read from %s', (_from, given, environment, motion) => {
  const options = readLaunchOptions([...fromFolder, ...given], environment, true);
  expect(options).toEqual({ ...unasked, motion });
});

test.each([
  ['an argument', ['--config=/etc/taibai-wall/kiosk.json'], {}, '/etc/taibai-wall/kiosk.json'],
  ['two arguments', ['--config', 'kiosk.json'], {}, 'kiosk.json'],
  ['the environment', [], { WALL_CONFIG: '/srv/kiosk.json' }, '/srv/kiosk.json'],
])('the configuration is read from %s', (_from, given, environment, configPath) => {
  expect(readLaunchOptions([...fromFolder, ...given], environment, true)).toEqual({ ...unasked, configPath });
});

test('set-up and yielding are asked for by a switch each', () => {
  expect(readLaunchOptions([...fromFolder, '--setup'], {}, true)).toEqual({ ...unasked, setup: true });
  expect(readLaunchOptions([...fromFolder, '--yield'], {}, true)).toEqual({ ...unasked, yields: true });
});

/** A page that is told nothing. */
const usual: PageOptions = {
  sound: true,
  motion: true,
  volume: 1,
  scene: null,
  pitchMm: null,
  farthestSeatM: null,
  night: null,
  screens: 1,
  setup: false,
};

test.each([
  [{}, ''],
  [{ sound: false }, '?sound=off'],
  [{ motion: false }, '?motion=reduce'],
  [{ sound: false, motion: false }, '?sound=off&motion=reduce'],
  [{ setup: true }, '?setup=on'],
  [{ scene: 'brief', pitchMm: 1.25, farthestSeatM: 12 }, '?scene=brief&pitch=1.25&seat=12'],
  [{ screens: 3 }, '?screens=3'],
  [{ volume: 0.5, night: { from: '22:00', until: '06:30' } }, '?volume=0.5&night=22%3A00-06%3A30'],
] as [Partial<PageOptions>, string][])('the page is told %o', (told, search) => {
  const address = homeAddress({ ...usual, ...told });
  expect(new URL(address).search).toBe(search);
  expect(wantsSound(search)).toBe(told.sound ?? true);
  expect(wantsStillness(search, false)).toBe(told.motion === false);
  expect(wantsStillness(search, true)).toBe(true);
  expect(isWallPage(address)).toBe(true);
});

test.each([
  ['a sound that is neither', ['--sound=loud'], 'soundInvalid'],
  ['no sound', ['--sound'], 'soundInvalid'],
  ['a motion that is neither', ['--motion=off'], 'motionInvalid'],
  ['no motion', ['--motion'], 'motionInvalid'],
  ['no address', ['--server'], 'serverMissing'],
  ['nothing', ['--server='], 'serverMissing'],
  ['no file', ['--config'], 'configMissing'],
  ['an empty file name', ['--config='], 'configMissing'],
  ['no scheme', ['--server', '10.0.0.5:8311'], 'serverInvalid'],
  ['another scheme', ['--server=ftp://10.0.0.5'], 'serverInvalid'],
  ['a script', ['--server=javascript:alert(1)'], 'serverInvalid'],
  ['a path', ['--server=http://10.0.0.5/wall'], 'serverInvalid'],
  ['a query', ['--server=http://10.0.0.5/?a=1'], 'serverInvalid'],
  ['a token in it', ['--server=http://10.0.0.5/#token=abc'], 'serverInvalid'],
  ['a name and a password', ['--server=http://user:secret@10.0.0.5'], 'serverInvalid'],
  ['a port that does not exist', ['--server=http://10.0.0.5:99999'], 'serverInvalid'],
  ['a misspelt switch and its value', ['--sever', 'http://10.0.0.5'], 'argumentUnexpected'],
  ['a bare address', ['http://10.0.0.5'], 'argumentUnexpected'],
])('%s is refused in one line', (_what, given, reason) => {
  for (const options of [
    readLaunchOptions([...fromFolder, ...given], {}, true),
    readLaunchOptions(['taibai-wall', ...given], {}, false),
  ]) {
    expect(options).toMatchObject({ ok: false, reason });
    expect(options).toHaveProperty('message', expect.stringMatching(/^.+$/));
  }
});

test('a bad address in the environment is refused as one in an argument', () => {
  expect(readLaunchOptions(['taibai-wall'], { WALL_SERVER: 'wall' }, false)).toMatchObject({ reason: 'serverInvalid' });
});

test('what is not ours to understand cannot break the one line', () => {
  const options = readLaunchOptions(['taibai-wall', '--server=http://a\nb c'], {}, false);
  expect(options).toMatchObject({ ok: false, message: expect.not.stringContaining('\n') });
});
