import { expect, test } from 'vitest';
import { boundsForWall, type Screen } from '../../main/displays.ts';

const hall: Screen = { id: 1, bounds: { x: 0, y: 0, width: 3840, height: 2160 } };
const desk: Screen = { id: 2, bounds: { x: 3840, y: 0, width: 1920, height: 1080 } };
const left: Screen = { id: 3, bounds: { x: -3840, y: 0, width: 3840, height: 2160 } };
const above: Screen = { id: 4, bounds: { x: -3840, y: -2160, width: 3840, height: 2160 } };

test.each([
  ['the only display', [desk], 2, desk],
  ['the primary one, though a larger one is there', [hall, desk], 2, desk],
  ['the primary one wherever it stands', [desk, left, hall], 1, hall],
  ['the largest while the primary one is away', [desk, hall], 9, hall],
  ['of equals the one furthest left', [hall, desk, left], 9, left],
  ['and then furthest up', [left, above, hall], 9, above],
])('the wall covers %s', (_which, screens, primaryId, { bounds }) => {
  expect(boundsForWall(screens, primaryId)).toEqual(bounds);
});

test('without a display there is no place for it', () => {
  expect(boundsForWall([], 1)).toBeNull();
});
