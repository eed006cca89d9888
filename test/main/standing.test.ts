import { expect, test } from 'vitest';
import type { Place } from '../../main/displays.ts';
import { corrected, correctionDelayMs, displacementOf, initialStruggle, type Standing } from '../../main/standing.ts';

const bounds = { x: 1920, y: 0, width: 1920, height: 1080 };
const place: Place = { key: '0', bounds, spans: false, scene: null };
const standing: Standing = { bounds, fullScreen: true, minimised: false, visible: true, behind: false };

test.each([
  ['where it belongs', {}, null],
  ['minimised', { minimised: true }, 'minimised'],
  ['hidden', { visible: false }, 'hidden'],
  ['on another display', { bounds: { ...bounds, x: 0 } }, 'moved'],
  ['smaller', { bounds: { ...bounds, height: 1000 } }, 'moved'],
  ['out of full screen', { fullScreen: false }, 'notFullScreen'],
  ['behind another window', { behind: true }, 'behind'],
] satisfies [string, Partial<Standing>, string | null][])('a window that is %s', (_how, change, expected) => {
  expect(displacementOf({ ...standing, ...change }, place, false)).toBe(expected);
});

test('a wall that yields lets other windows come over it, and nothing else', () => {
  expect(displacementOf({ ...standing, behind: true }, place, true)).toBeNull();
  expect(displacementOf({ ...standing, minimised: true }, place, true)).toBe('minimised');
});

test('a window across several displays is never in full screen', () => {
  expect(displacementOf({ ...standing, fullScreen: false }, { ...place, spans: true }, false)).toBeNull();
});

test('a window manager that insists is fought ever more slowly, and forgiven after a calm minute', () => {
  expect(correctionDelayMs(initialStruggle, 0)).toBe(300);
  const delays = [1, 2, 5, 7, 100].map((corrections) => correctionDelayMs({ corrections, lastMs: 0 }, 59_999));
  expect(delays).toEqual([600, 1_200, 9_600, 30_000, 30_000]);
  expect(correctionDelayMs({ corrections: 100, lastMs: 0 }, 60_000)).toBe(300);
});

test('corrections add up until a calm minute', () => {
  const second = corrected(corrected(initialStruggle, 0), 59_999);
  expect(second).toEqual({ corrections: 2, lastMs: 59_999 });
  expect(corrected(second, 119_999)).toEqual({ corrections: 1, lastMs: 119_999 });
});
