import type { WallDeployment } from '../../../protocol/wire.ts';
import { textEm } from '../textWidth.ts';
import type { Box, Point } from './geometry.ts';
import { streetOfCells } from './gridMap.ts';

/** Where a town's name stands; `lowerLeft` is above the legend. */
export type TownCorner = 'upperLeft' | 'lowerRight' | 'upperRight' | 'lowerLeft';

/** In the order in which they are taken where a town lies no nearer to another one; the farther back, the less wanted. */
const CORNERS: readonly { readonly corner: TownCorner; readonly at: Point; readonly cost: number }[] = [
  { corner: 'upperLeft', at: { x: -1, y: -1 }, cost: 0 },
  { corner: 'lowerRight', at: { x: 1, y: 1 }, cost: 0.1 },
  { corner: 'upperRight', at: { x: 1, y: -1 }, cost: 0.4 },
  { corner: 'lowerLeft', at: { x: -1, y: 1 }, cost: 0.8 },
];

/** More towns than corners become one list. */
export const MOST_IN_CORNERS = CORNERS.length;
/** Rows of that list; where there are more towns, the last row counts the others. */
export const LIST_ROWS = 8;
/** Design units. */
export const LIST_ROW_HEIGHT = 28;
const LIST_NAME_SIZE = 18;
/** A name of the list ends in an ellipsis beyond this width; its count stands beside it. */
export const LIST_NAME_WIDTH = 150;
const LIST_COUNT_WIDTH = 64;
/** Name, number of grids and open cases in a corner, as map.css draws them. */
const TOWN = { nameSize: 28, gridsWidth: 100, openWidth: 96, height: 66 } as const;
const STACKED_TOWN = { nameSize: 22, openWidth: 100, nameHeight: 30, height: 90 } as const;
const OUTSIDE = { width: 150, height: 32 } as const;
/** The legend's rows, and its last row, which is the longest. */
const LEGEND = { width: 118, height: 172, lastWidth: 222, lastHeight: 36 } as const;

/** Where the units on the map lie, and in which street. */
function unitPoints(
  deployment: Pick<WallDeployment, 'communities' | 'grids' | 'map'>,
): readonly (Point & { readonly streetId: string })[] {
  const streetOf = streetOfCells(deployment);
  const cells =
    deployment.map.boundaries?.cells ??
    deployment.grids.map(({ id, tile }) => ({ id, x: tile.q + tile.r / 2, y: tile.r }));
  return cells.map(({ id, x, y }) => ({ x, y, streetId: streetOf(id) }));
}

/** Where each street's units lie: -1 to 1 from the left and the top edge of the district. */
function middlesOf(deployment: Pick<WallDeployment, 'streets' | 'communities' | 'grids' | 'map'>): readonly Point[] {
  const points = unitPoints(deployment);
  const within = (value: number, all: readonly number[]) => {
    const [least, most] = [Math.min(...all), Math.max(...all)];
    return most === least ? 0 : ((value - least) / (most - least)) * 2 - 1;
  };
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  return deployment.streets.map(({ id }) => {
    const own = points.filter(({ streetId }) => streetId === id);
    const mean = (pick: (point: Point) => number) =>
      own.reduce((sum, point) => sum + pick(point), 0) / Math.max(1, own.length);
    return own.length === 0
      ? { x: 0, y: 0 }
      : {
          x: within(
            mean(({ x }) => x),
            xs,
          ),
          y: within(
            mean(({ y }) => y),
            ys,
          ),
        };
  });
}

/** A corner for each street, in their order, so that names stand near their tiles; empty where they become a list. */
export function townCorners(
  deployment: Pick<WallDeployment, 'streets' | 'communities' | 'grids' | 'map'>,
): readonly TownCorner[] {
  const middles = middlesOf(deployment);
  if (middles.length > MOST_IN_CORNERS) return [];
  let best: { readonly cost: number; readonly corners: readonly TownCorner[] } = { cost: Infinity, corners: [] };
  const choose = (taken: readonly TownCorner[], cost: number): void => {
    const middle = middles[taken.length];
    if (middle === undefined) {
      if (cost < best.cost - 1e-9) best = { cost, corners: taken };
      return;
    }
    for (const { corner, at, cost: own } of CORNERS) {
      if (!taken.includes(corner)) {
        choose([...taken, corner], cost + own + Math.hypot(middle.x - at.x, middle.y - at.y));
      }
    }
  };
  choose([], 0);
  return best.corners;
}

/** The texts around the tiles, in design units: nothing else may be drawn there. */
export function mapTexts(input: {
  /** Of the towns, in their order. */
  readonly names: readonly string[];
  readonly corners: readonly TownCorner[];
  /** English: the number of grids stands below the name. */
  readonly stacked: boolean;
  /** Of the legend's first row, which tells the kind of map. */
  readonly kindWidth?: number;
  readonly slot: { readonly width: number; readonly height: number };
}): { readonly boxes: readonly Box[]; readonly outsideTop: number } {
  const { names, corners, stacked, kindWidth = 0, slot } = input;
  const { width, height } = slot;
  const town = (name: string, corner: TownCorner): readonly Box[] => {
    const wide = stacked
      ? Math.max(textEm(name) * STACKED_TOWN.nameSize, STACKED_TOWN.openWidth)
      : textEm(name) * TOWN.nameSize + TOWN.gridsWidth;
    const tall = stacked ? STACKED_TOWN.height : TOWN.height;
    const firstTall = stacked ? STACKED_TOWN.nameHeight : 36;
    const narrow = stacked ? STACKED_TOWN.openWidth : TOWN.openWidth;
    const top = { upperLeft: 0, upperRight: 0, lowerLeft: height - LEGEND.height - tall, lowerRight: height - tall };
    const from = top[corner];
    const onLeft = corner === 'upperLeft' || corner === 'lowerLeft';
    const line = (length: number, upper: number, lower: number): Box => ({
      left: onLeft ? 0 : width - length,
      right: onLeft ? length : width,
      top: from + upper,
      bottom: from + lower,
    });
    return [line(wide, 0, firstTall), line(narrow, firstTall, tall)];
  };
  const listed = corners.length === 0 && names.length > 0;
  const rows = Math.min(names.length, LIST_ROWS);
  const listWidth =
    LIST_COUNT_WIDTH + Math.min(LIST_NAME_WIDTH, Math.max(0, ...names.map((name) => textEm(name) * LIST_NAME_SIZE)));
  const outsideTop = listed
    ? rows * LIST_ROW_HEIGHT
    : corners.includes('upperRight')
      ? stacked
        ? STACKED_TOWN.height
        : TOWN.height
      : 0;
  const boxes = [
    ...(listed ? [{ left: width - listWidth, right: width, top: 0, bottom: rows * LIST_ROW_HEIGHT }] : []),
    ...corners.flatMap((corner, i) => town(names[i] ?? '', corner)),
    { left: width - OUTSIDE.width, right: width, top: outsideTop, bottom: outsideTop + OUTSIDE.height },
    { left: 0, top: height - LEGEND.height, right: LEGEND.width, bottom: height },
    ...(kindWidth > LEGEND.width
      ? [{ left: 0, top: height - LEGEND.height, right: kindWidth, bottom: height - LEGEND.height + LEGEND.lastHeight }]
      : []),
    { left: 0, top: height - LEGEND.lastHeight, right: LEGEND.lastWidth, bottom: height },
  ];
  return { boxes, outsideTop };
}
