import { describe, expect, it } from 'vitest';
import type { Scene, ScreenGrid, Slot } from '../../domain/scene.ts';
import { sceneFaults } from '../../domain/sceneFaults.ts';
import { bundledScenes } from '../../renderer/scenes/index.ts';

const slots: readonly Slot[] = [
  { panel: 'overdue', area: { column: 1, row: 1, rowSpan: 2 } },
  { panel: 'stream', area: { column: 2, row: 1 } },
  { panel: 'map', area: { column: 2, row: 2 } },
];
const grid: ScreenGrid = { header: 'whole', columns: [460, '1fr'], rows: ['1fr', '2fr'], slots };

function scene(change: Partial<ScreenGrid>, wide3?: Scene['layouts']['wide3']): Scene {
  return {
    id: 'own',
    title: { zh: '自定' },
    layouts: { std: { screens: [{ ...grid, ...change }] }, ...(wide3 === undefined ? {} : { wide3 }) },
  };
}

const withSlot = (index: number, change: Partial<Slot>) =>
  scene({ slots: slots.map((slot, i) => (i === index ? { ...slot, ...change } : slot)) });

const at = 'layouts.std.screens[0]';

describe('a scene', () => {
  it('is sound when every cell has one slot, as those that come with the product', () => {
    expect(sceneFaults(scene({}))).toEqual([]);
    for (const bundled of bundledScenes()) expect(sceneFaults(bundled), bundled.id).toEqual([]);
  });

  it.each<[string, Scene, { path: string; message: string }]>([
    [
      'a panel over another',
      withSlot(2, { area: { column: 1, row: 2, columnSpan: 2 } }),
      { path: `${at}.slots[2]`, message: 'map overlaps overdue (slots[0])' },
    ],
    [
      'a panel outside the grid',
      withSlot(1, { area: { column: 2, row: 1, columnSpan: 2 } }),
      { path: `${at}.slots[1].area`, message: 'stream lies outside the grid of 2 columns and 2 rows' },
    ],
    [
      'canvas left over',
      scene({ slots: slots.slice(0, 2) }),
      { path: `${at}.slots`, message: 'nothing stands in column 2, row 2' },
    ],
    [
      'a panel over another during a flood',
      withSlot(0, { duringFlood: { column: 1, row: 1, columnSpan: 2, rowSpan: 2 } }),
      { path: `${at}.slots[1]`, message: 'stream overlaps overdue (slots[0]) during a flood' },
    ],
    [
      'a panel that a flood puts outside',
      withSlot(0, { duringFlood: { column: 1, row: 3 } }),
      { path: `${at}.slots[0].duringFlood`, message: 'overdue lies outside the grid of 2 columns and 2 rows' },
    ],
    [
      'gaps that do not match',
      scene({ rowGap: [4, 4] }),
      { path: `${at}.rowGap`, message: 'must have 1 entries, one between every two of 2 tracks' },
    ],
    [
      'panels across a seam',
      scene({}, { screens: [grid] }),
      {
        path: 'layouts.wide3.screens',
        message: 'must be 3, one for each physical screen, or overdue, stream, map would cross a seam',
      },
    ],
  ])('is refused for %s, naming it', (_, faulty, fault) => {
    expect(sceneFaults(faulty)).toContainEqual(fault);
  });

  it('may let a panel give up its place in a flood', () => {
    const flood = scene({
      slots: [
        { panel: 'overdue', area: { column: 1, row: 1 }, duringFlood: { column: 1, row: 1, rowSpan: 2 } },
        { panel: 'departments', area: { column: 1, row: 2 }, duringFlood: null },
        { panel: 'map', area: { column: 2, row: 1, rowSpan: 2 } },
      ],
    });
    expect(sceneFaults(flood)).toEqual([]);
  });
});
