import type { Boundaries } from '../../../domain/deployment.ts';
import { type Box, clearPlace, extentOf, leanOf, type MapLayout, NOTHING, type Point } from './geometry.ts';

/** Of the extent of the cells, on every side. */
const MARGIN = 10;
/** A mark is as large as half of a middling cell is wide, within these. */
const MARK_SHARE = 0.42;
const LEAST_MARK = 9;
const LARGEST_MARK = 20;
/** Points looked at to keep cells clear of texts. */
const SAMPLED = 600;

/** The corners of a path as the server writes it (domain/deployment.ts), ring by ring. */
export function ringsOf(path: string): readonly (readonly Point[])[] {
  return path
    .split('M')
    .slice(1)
    .map((ring) => {
      const [first = '', steps = ''] = ring.replace('z', '').split('l');
      const pair = (text: string) => text.split(',').map(Number) as [number, number];
      let [x, y] = pair(first);
      const points: Point[] = [{ x, y }];
      for (const step of steps === '' ? [] : steps.split(' ')) {
        const [dx, dy] = pair(step);
        x += dx;
        y += dy;
        points.push({ x, y });
      }
      return points;
    });
}

function areaOf(ring: readonly Point[]): number {
  let twice = 0;
  for (const [i, { x, y }] of ring.entries()) {
    const next = ring[(i + 1) % ring.length] as Point;
    twice += x * next.y - next.x * y;
  }
  return Math.abs(twice) / 2;
}

/**
 * Lays the cells out so that those of `ids` are as large as the slot allows, clear of `texts` where that can be; empty
 * while the slot has no size. `streetOf` of a cell.
 */
export function layoutAreas(
  boundaries: Boundaries,
  /** By which the map is laid out: all, or those of a part; the others lie around them. */
  ids: ReadonlySet<string>,
  streetOf: (id: string) => string,
  slot: { readonly width: number; readonly height: number },
  texts: readonly Box[],
): MapLayout {
  const cells = boundaries.cells.filter(({ id }) => ids.has(id));
  const { width, height } = slot;
  if (cells.length === 0 || width <= 2 * MARGIN || height <= 2 * MARGIN) {
    return NOTHING;
  }
  const rings = cells.map(({ path }) => ringsOf(path));
  const points = rings.flat(2);
  const edge = extentOf(points);
  const across = Math.max(1, edge.right - edge.left);
  const down = Math.max(1, edge.bottom - edge.top);
  const largest = Math.min((width - 2 * MARGIN) / across, (height - 2 * MARGIN) / down);
  const sample = [...points.filter((_, i) => i % Math.ceil(points.length / SAMPLED) === 0), ...cells];
  const { scale, left, top } = clearPlace(
    (share, widthShare, heightShare) => {
      const tried = largest * share;
      const freeWidth = width - 2 * MARGIN - across * tried;
      const freeHeight = height - 2 * MARGIN - down * tried;
      const at = {
        scale: tried,
        left: MARGIN + freeWidth * widthShare - edge.left * tried,
        top: MARGIN + freeHeight * heightShare - edge.top * tried,
      };
      const isUnder = sample.some(({ x: boxX, y: boxY }) => {
        const x = boxX * tried + at.left;
        const y = boxY * tried + at.top;
        return texts.some((box) => x > box.left && x < box.right && y > box.top && y < box.bottom);
      });
      return { at, isClear: !isUnder };
    },
    cells.length === boundaries.cells.length
      ? undefined
      : leanOf(edge, { left: 0, top: 0, right: boundaries.width, bottom: boundaries.height }),
  );
  const sizes = rings.map((own) => Math.sqrt(Math.max(...own.map(areaOf))) * scale).sort((a, b) => a - b);
  const middling = sizes[Math.floor(sizes.length / 2)] as number;
  // Around a part only what lies wholly in the slot is drawn: nothing runs across its edge
  const whole = cells.length === boundaries.cells.length;
  const isInside = (path: string) =>
    ringsOf(path)
      .flat()
      .every(({ x: boxX, y: boxY }) => {
        const x = boxX * scale + left;
        const y = boxY * scale + top;
        return x >= 0 && x <= width && y >= 0 && y <= height;
      });
  const shown = whole ? boundaries.cells : boundaries.cells.filter(({ id, path }) => ids.has(id) || isInside(path));
  const linesInside = (lines: string) =>
    whole
      ? lines
      : lines
          .split('M')
          .slice(1)
          .map((line) => `M${line}`)
          .filter(isInside)
          .join('');
  return {
    radius: Math.min(LARGEST_MARK, Math.max(LEAST_MARK, middling * MARK_SHARE)),
    cells: shown.map(({ id, x, y }) => ({ id, streetId: streetOf(id), x: x * scale + left, y: y * scale + top })),
    water: [],
    borders: [],
    waterCentre: undefined,
    areas: {
      transform: `translate(${left} ${top}) scale(${scale})`,
      pathOf: new Map(shown.map(({ id, path }) => [id, path])),
      communityBorders: linesInside(boundaries.communityBorders),
      streetBorders: linesInside(boundaries.streetBorders),
    },
  };
}
