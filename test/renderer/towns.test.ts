import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../domain/deployment.ts';
import { type Box, layoutMap } from '../../renderer/panels/map/geometry.ts';
import { LIST_ROW_HEIGHT, LIST_ROWS, mapTexts, townCorners } from '../../renderer/panels/map/towns.ts';
import { nameIn } from '../../renderer/words/words.ts';

const SLOT = { width: 804, height: 440 };

function deployment(name: string): Deployment {
  return JSON.parse(readFileSync(join(import.meta.dirname, `../../deployments/${name}.json`), 'utf8'));
}

/** Streets one beside the other, each a column of three tiles. */
function columns(streets: number) {
  const ids = Array.from({ length: streets }, (_, i) => `s${i}`);
  const named = (id: string) => ({ id, name: { zh: `${id}街道` } });
  return {
    streets: ids.map(named),
    communities: ids.map((id) => ({ ...named(`c-${id}`), streetId: id, kind: 'urban' as const })),
    grids: ids.flatMap((id, i) =>
      [0, 1, 2].map((r) => ({ ...named(`${id}-${r}`), communityId: `c-${id}`, tile: { q: i * 2, r } })),
    ),
    map: { water: [] },
  };
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

describe('the names of towns', () => {
  it('stand near their tiles: the northern town of the district above, the southern one below', () => {
    expect(townCorners(deployment('taibai-lake'))).toEqual(['upperLeft', 'lowerRight']);
  });

  it.each([1, 2, 3, 4])('have a corner each where there are %d', (streets) => {
    const corners = townCorners(columns(streets));
    expect(corners).toHaveLength(streets);
    expect(new Set(corners).size).toBe(streets);
  });

  it('become a list where there are more', () => {
    expect(townCorners(columns(5))).toEqual([]);
    const names = columns(12).streets.map(({ name }) => name.zh);
    const { outsideTop } = mapTexts({ names, corners: [], stacked: false, slot: SLOT });
    expect(outsideTop).toBe(LIST_ROWS * LIST_ROW_HEIGHT);
  });

  it.each([
    ['taibai-lake', 'zh-CN'],
    ['taibai-lake', 'en'],
    ['boston', 'zh-CN'],
    ['boston', 'en'],
    ['kansas-city', 'zh-CN'],
    ['kansas-city', 'en'],
  ] as const)('of %s in %s lie on no tile, on no other text and inside the map', (file, language) => {
    const district = deployment(file);
    const corners = townCorners(district);
    const names = district.streets.map(({ name }) => nameIn(language, name));
    const { boxes } = mapTexts({ names, corners, stacked: language === 'en', slot: SLOT });
    const layout = layoutMap(district, SLOT.width, SLOT.height, boxes);
    for (const [i, box] of boxes.entries()) {
      expect(box.left >= 0 && box.right <= SLOT.width && box.top >= 0 && box.bottom <= SLOT.height).toBe(true);
      for (const other of boxes.slice(i + 1)) {
        // The legend's last row is drawn as a box of its own, over that of all its rows.
        if (box.left === 0 && other.left === 0 && box.bottom === SLOT.height) continue;
        expect(overlap(box, other), JSON.stringify([box, other])).toBe(false);
      }
      for (const { x, y } of layout.cells) {
        const inside = { left: x - 1, right: x + 1, top: y - layout.radius * 0.8, bottom: y + layout.radius * 0.8 };
        expect(overlap(box, inside)).toBe(false);
      }
    }
    expect(layout.radius).toBeGreaterThan(12);
  });
});
