import { describe, expect, test } from 'vitest';
import { bindDisplays, bindingOf, columnsIn, type Place, placesForWall, type Screen } from '../../main/displays.ts';
import type { DisplayBinding } from '../../protocol/kioskConfig.ts';

function screenAt(id: number, x: number, y: number, size: Partial<Screen['bounds']> = {}, label = ''): Screen {
  return { id, label, scaleFactor: 1, bounds: { x, y, width: 1920, height: 1080, ...size } };
}

const hall = screenAt(1, 0, 0, { width: 3840, height: 2160 });
const desk = screenAt(2, 3840, 0);
const left = screenAt(3, -3840, 0, { width: 3840, height: 2160 });
const above = screenAt(4, -3840, -2160, { width: 3840, height: 2160 });

const unbound = { mode: 'each', displays: [], scene: null } as const;
const boundsOf = (places: readonly Place[]) => places.map(({ bounds }) => bounds);

describe('without bindings', () => {
  test.each([
    ['the only display', [desk], 2, desk],
    ['the primary one, though a larger one is there', [hall, desk], 2, desk],
    ['the primary one wherever it stands', [desk, left, hall], 1, hall],
    ['the largest while the primary one is away', [desk, hall], 9, hall],
    ['of equals the one furthest left', [hall, desk, left], 9, left],
    ['and then furthest up', [left, above, hall], 9, above],
  ])('the wall covers %s', (_which, screens, primaryId, { bounds }) => {
    expect(boundsOf(placesForWall(unbound, screens, primaryId))).toEqual([bounds]);
  });

  test('without a display there is no place for it', () => {
    expect(placesForWall(unbound, [], 1)).toEqual([]);
    expect(placesForWall({ ...unbound, mode: 'span' }, [], 1)).toEqual([]);
  });

  test('one window across spans all of them', () => {
    expect(placesForWall({ ...unbound, mode: 'span' }, [hall, desk, above], 1)).toEqual([
      { key: '0', bounds: { x: -3840, y: -2160, width: 9600, height: 4320 }, spans: true, scene: null },
    ]);
  });

  test('a span of one display is its full screen', () => {
    expect(placesForWall({ ...unbound, mode: 'span' }, [hall], 1)).toMatchObject([{ spans: false }]);
  });
});

/** Three equal displays side by side, as a wall has them, and bindings made of them. */
const three = [screenAt(11, 0, 0), screenAt(12, 1920, 0), screenAt(13, 3840, 0)];
const bound = three.map((screen, index): DisplayBinding => ({ ...bindingOf(screen), scene: `scene-${index}` }));
const named = ['A', 'B', 'C'].map((label, index) => screenAt(11 + index, 1920 * index, 0, {}, label));
const boundByName = named.map((screen): DisplayBinding => bindingOf(screen));

describe('each bound display has its window', () => {
  const wanted = { mode: 'each', displays: bound, scene: 'dispatch' } as const;

  test('with its own scene, in the order of the bindings', () => {
    expect(placesForWall(wanted, three.toReversed(), 11)).toEqual(
      three.map(({ bounds }, index) => ({ key: String(index), bounds, spans: false, scene: `scene-${index}` })),
    );
  });

  test('or that of the whole wall', () => {
    const places = placesForWall({ ...wanted, displays: three.map(bindingOf) }, three, 11);
    expect(places.map(({ scene }) => scene)).toEqual(['dispatch', 'dispatch', 'dispatch']);
  });

  test('one that was removed leaves no window, the others keep their keys', () => {
    const places = placesForWall(wanted, [three[0] as Screen, three[2] as Screen], 11);
    expect(places.map(({ key }) => key)).toEqual(['0', '2']);
  });

  test('one that nobody bound gets none: it may be an operator’s', () => {
    expect(placesForWall(wanted, [...three, screenAt(14, 5760, 0)], 14)).toHaveLength(3);
  });

  test('while none of them is there the wall hangs on the primary display', () => {
    const elsewhere = screenAt(9, 100, 100);
    expect(placesForWall(wanted, [elsewhere], 9)).toEqual([
      { key: '0', bounds: elsewhere.bounds, spans: false, scene: 'dispatch' },
    ]);
  });

  test('two that show the same get one window', () => {
    const mirrored = [three[0] as Screen, { ...(three[1] as Screen), bounds: (three[0] as Screen).bounds }];
    expect(placesForWall(wanted, mirrored, 11)).toHaveLength(1);
  });

  test('a span covers those that are there', () => {
    const [place, ...more] = placesForWall({ ...wanted, mode: 'span' }, three.slice(1), 12);
    expect(more).toEqual([]);
    expect(place).toEqual({
      key: '0',
      bounds: { x: 1920, y: 0, width: 3840, height: 1080 },
      spans: true,
      scene: 'dispatch',
    });
  });
});

describe('a display is found again', () => {
  const found = (bindings: readonly DisplayBinding[], screens: readonly Screen[]) =>
    bindDisplays(bindings, screens).map((screen) => screen?.id ?? null);

  test.each([
    ['where nothing has changed', bound, three, [11, 12, 13]],
    ['when two have swapped places', bound, [screenAt(11, 1920, 0), screenAt(12, 0, 0), three[2]], [11, 12, 13]],
    [
      'by its name when the cables were swapped',
      boundByName,
      [screenAt(12, 0, 0, {}, 'B'), screenAt(11, 1920, 0, {}, 'C'), screenAt(13, 3840, 0, {}, 'A')],
      [13, 12, 11],
    ],
    ['when it was turned', bound, [three[0], screenAt(12, 1920, 0, { width: 1080, height: 1920 })], [11, 12, null]],
    ['by name and size under another number', boundByName, [screenAt(90, 50, 0, {}, 'A')], [90, null, null]],
    [
      'by name alone when its resolution was changed, too',
      boundByName,
      [screenAt(90, 50, 0, { width: 1280 }, 'B')],
      [null, 90, null],
    ],
    [
      'by its place when all numbers are new',
      bound,
      [screenAt(71, 0, 0), screenAt(72, 1920, 0), screenAt(73, 3840, 0)],
      [71, 72, 73],
    ],
    [
      'in its place when it was exchanged',
      bound,
      [three[0], screenAt(99, 1920, 0, { width: 2560, height: 1440 }, 'new')],
      [11, 99, null],
    ],
    ['never in another of its size', bound, [screenAt(99, 100, 700)], [null, null, null]],
    ['never in one that another binding means more', bound, [screenAt(12, 0, 0)], [null, 12, null]],
  ] as [string, DisplayBinding[], Screen[], (number | null)[]][])('%s', (_when, bindings, screens, ids) => {
    expect(found(bindings, screens)).toEqual(ids);
  });

  test('of two with the same name and number-less identity the nearer one is taken', () => {
    const twins = [screenAt(61, 0, 0, {}, 'TWIN'), screenAt(62, 1920, 0, {}, 'TWIN')];
    const bindings = twins.map((screen): DisplayBinding => ({ ...bindingOf(screen), id: screen.id + 100 }));
    expect(found(bindings, twins.toReversed())).toEqual([61, 62]);
  });

  test('another scale changes its desktop, not its identity', () => {
    const scaled: Screen = { ...screenAt(77, 0, 0, { width: 960, height: 540 }, 'A'), scaleFactor: 2 };
    expect(bindingOf(scaled)).toMatchObject({ width: 1920, height: 1080 });
    expect(found(boundByName, [scaled])).toEqual([77, null, null]);
  });
});

test.each([
  ['three side by side', { x: 0, y: 0, width: 5760, height: 1080 }, 3],
  ['one of them', { x: 1920, y: 0, width: 1920, height: 1080 }, 1],
  ['two above two', { x: 0, y: 0, width: 3840, height: 2160 }, 2],
  ['a window where no display is any more', { x: 9000, y: 0, width: 1920, height: 1080 }, 1],
])('seams are counted in a window over %s', (_which, window, columns) => {
  const row = [
    screenAt(1, 0, 0),
    screenAt(2, 1920, 0),
    screenAt(3, 3840, 0),
    screenAt(4, 0, 1080),
    screenAt(5, 1920, 1080),
  ];
  expect(columnsIn(window, row)).toBe(columns);
});
