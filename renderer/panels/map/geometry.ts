import type { Tile } from '../../../domain/deployment.ts';
import type { WallDeployment } from '../../../protocol/wire.ts';

/** All lengths in design units, origin at the top left of the map's slot (visual specification §7, Map). */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A rectangle in design units. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A grid's hexagon, or one of the deployment's own cells. */
export interface MapCell extends Point {
  readonly id: string;
  readonly streetId: string;
}

/** Real outlines, in the deployment's own box; `transform` brings them to design units. */
export interface AreaShapes {
  readonly transform: string;
  readonly pathOf: ReadonlyMap<string, string>;
  readonly communityBorders: string;
  readonly streetBorders: string;
}

export interface MapLayout {
  /** Centre to corner of a hexagon; of real cells, the size of the marks in them. */
  readonly radius: number;
  readonly cells: readonly MapCell[];
  readonly water: readonly Point[];
  /** Lines between communities, from corner to corner. */
  readonly borders: readonly (readonly [Point, Point])[];
  /** Middle of the water; undefined without any. */
  readonly waterCentre: Point | undefined;
  /** Undefined on a schematic map. */
  readonly areas: AreaShapes | undefined;
}

/** The part of the district that a map is of. */
export interface MapFocus {
  readonly gridIds: ReadonlySet<string>;
  /** A few tiles alone grow no larger than this, in design units. */
  readonly largestRadius: number;
}

/** A map without grids or without room. */
export const NOTHING: MapLayout = {
  radius: 0,
  cells: [],
  water: [],
  borders: [],
  waterCentre: undefined,
  areas: undefined,
};

/** Between two streets. */
const STREET_GAP = 12;
const ROOT3 = Math.sqrt(3);

/** The six corners of a pointy-top hexagon, from the upper right one clockwise, in radii. */
const CORNERS: readonly Point[] = [-30, 30, 90, 150, 210, 270].map((degrees) => ({
  x: Math.cos((degrees * Math.PI) / 180),
  y: Math.sin((degrees * Math.PI) / 180),
}));

/** Half of the neighbours, each with the two corners of the shared edge: every pair is met once. */
const NEIGHBOURS: readonly { readonly q: number; readonly r: number; readonly corners: readonly [number, number] }[] = [
  { q: 1, r: 0, corners: [0, 1] },
  { q: 0, r: 1, corners: [1, 2] },
  { q: -1, r: 1, corners: [2, 3] },
];

/** `points` of a hexagon of this radius around its own centre. */
export function hexPoints(radius: number): string {
  return CORNERS.map(({ x, y }) => `${(x * radius).toFixed(2)},${(y * radius).toFixed(2)}`).join(' ');
}

function centre({ q, r }: Tile): Point {
  return { x: ROOT3 * (q + r / 2), y: 1.5 * r };
}

function key({ q, r }: Tile): string {
  return `${q},${r}`;
}

function mean(points: readonly Point[]): Point {
  const sum = points.reduce((total, { x, y }) => ({ x: total.x + x, y: total.y + y }), { x: 0, y: 0 });
  return { x: sum.x / points.length, y: sum.y / points.length };
}

/** Unit vectors by which each street is pushed away from the middle of the district; none for a single street. */
function pushes(centresByStreet: ReadonlyMap<string, readonly Point[]>): ReadonlyMap<string, Point> {
  const middles = [...centresByStreet].map(([id, points]) => ({ id, ...mean(points) }));
  const middle = mean(middles);
  return new Map(
    middles.map(({ id, x, y }) => {
      const length = Math.hypot(x - middle.x, y - middle.y);
      return [id, length < 1e-6 ? { x: 0, y: 0 } : { x: (x - middle.x) / length, y: (y - middle.y) / length }];
    }),
  );
}

/** Above and below the tiles. */
const MARGIN = 7;
/**
 * Where the tiles lie in the width and height that they leave free, 0 to 1, the first that keeps clear of all texts:
 * rather to the right, for the legend and the first town's name are on the left.
 */
const WIDTH_SHARES = [0.75, 0.6, 0.85, 0.5, 1, 0.35, 0.2, 0] as const;
const HEIGHT_SHARES = [0.5, 0.75, 0.25, 1, 0] as const;
/** Tiles shrink by these steps, to this part of what would fit, to keep clear of texts; below that they lie under them. */
const SHRINK_STEP = 0.02;
const LEAST_SCALE = 0.6;

/** The box around points. */
export function extentOf(points: readonly Point[]): Box {
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const { x, y } of points) {
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x);
    box.top = Math.min(box.top, y);
    box.bottom = Math.max(box.bottom, y);
  }
  return box;
}

/** Where a part lies in the whole, 0 to 1 from its left and its top. */
export function leanOf(part: Box, whole: Box): Point {
  const share = (from: number, to: number, least: number, most: number) =>
    most === least ? 0.5 : ((from + to) / 2 - least) / (most - least);
  return {
    x: share(part.left, part.right, whole.left, whole.right),
    y: share(part.top, part.bottom, whole.top, whole.bottom),
  };
}

/** The largest and most wanted place that is clear of texts; the largest one of all where none is. */
export function clearPlace<Place>(
  tryAt: (scale: number, widthShare: number, heightShare: number) => { readonly at: Place; readonly isClear: boolean },
  /** Of a part of the district: where it lies in it, so that what lies around it fills the rest of the slot. */
  lean?: Point,
): Place {
  const nearTo = (shares: readonly number[], wanted: number) =>
    shares.toSorted((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted));
  const widthShares = lean === undefined ? WIDTH_SHARES : nearTo(WIDTH_SHARES, lean.x);
  const heightShares = lean === undefined ? HEIGHT_SHARES : nearTo(HEIGHT_SHARES, lean.y);
  for (let scale = 1; scale >= LEAST_SCALE; scale -= SHRINK_STEP) {
    for (const heightShare of heightShares) {
      for (const widthShare of widthShares) {
        const { at, isClear } = tryAt(scale, widthShare, heightShare);
        if (isClear) return at;
      }
    }
  }
  return tryAt(1, widthShares[0] ?? 0.5, heightShares[0] ?? 0.5).at;
}

/** Whether a hexagon, taken as two boxes, lies under any of `boxes`. */
function isUnder(boxes: readonly Box[], { x, y }: Point, radius: number): boolean {
  return [
    [radius * 0.87, radius * 0.5],
    [radius * 0.43, radius * 0.87],
  ].some(([across = 0, down = 0]) =>
    boxes.some((box) => x - across < box.right && x + across > box.left && y - down < box.bottom && y + down > box.top),
  );
}

/**
 * Lays the grids out as equal hexagons, as large as `width` × `height` allows without touching the `texts` around them;
 * nothing while the slot has no size.
 */
export function layoutMap(
  deployment: Pick<WallDeployment, 'grids' | 'communities' | 'map'>,
  width: number,
  height: number,
  texts: readonly Box[] = [],
  focus?: MapFocus,
): MapLayout {
  const streetByCommunity = new Map(deployment.communities.map(({ id, streetId }) => [id, streetId]));
  const grids = deployment.grids.map((grid) => ({
    grid,
    at: centre(grid.tile),
    streetId: streetByCommunity.get(grid.communityId) ?? '',
  }));
  if (grids.length === 0 || width <= STREET_GAP || height <= STREET_GAP + 2 * MARGIN) return NOTHING;

  const centresByStreet = new Map<string, Point[]>();
  const byTile = new Map<string, (typeof grids)[number]>();
  for (const entry of grids) {
    const known = centresByStreet.get(entry.streetId);
    if (known === undefined) centresByStreet.set(entry.streetId, [entry.at]);
    else known.push(entry.at);
    byTile.set(key(entry.grid.tile), entry);
  }
  const push = pushes(centresByStreet);
  const shift = (streetId: string): Point => {
    const { x, y } = push.get(streetId) ?? { x: 0, y: 0 };
    return { x: (x * STREET_GAP) / 2, y: (y * STREET_GAP) / 2 };
  };
  /** Water moves with the street whose tiles are nearest. */
  const water = deployment.map.water.map((tile) => {
    const at = centre(tile);
    const nearest = grids.reduce((best, entry) =>
      Math.hypot(entry.at.x - at.x, entry.at.y - at.y) < Math.hypot(best.at.x - at.x, best.at.y - at.y) ? entry : best,
    );
    return { at, streetId: nearest.streetId };
  });

  // A part of the district is laid out by its own tiles; the others lie around it, wherever that is
  const all = focus === undefined ? [...grids, ...water] : grids.filter(({ grid }) => focus.gridIds.has(grid.id));
  if (all.length === 0) return NOTHING;
  const { left, right, top, bottom } = extentOf(all.map(({ at }) => at));
  const largest = Math.min(
    focus?.largestRadius ?? Number.POSITIVE_INFINITY,
    (width - STREET_GAP) / (right - left + ROOT3),
    (height - STREET_GAP - 2 * MARGIN) / (bottom - top + 2),
  );
  const placing = (scale: number, widthShare: number, heightShare: number) => {
    const radius = largest * scale;
    const freeWidth = width - STREET_GAP - (right - left + ROOT3) * radius;
    const freeHeight = height - STREET_GAP - 2 * MARGIN - (bottom - top + 2) * radius;
    const middleX = width / 2 + freeWidth * (widthShare - 0.5);
    const middleY = height / 2 + freeHeight * (heightShare - 0.5);
    const place = ({ x, y }: Point, streetId: string): Point => {
      const moved = shift(streetId);
      return {
        x: middleX + (x - (left + right) / 2) * radius + moved.x,
        y: middleY + (y - (top + bottom) / 2) * radius + moved.y,
      };
    };
    return { radius, place };
  };
  const { radius, place } = clearPlace(
    (scale, widthShare, heightShare) => {
      const at = placing(scale, widthShare, heightShare);
      return {
        at,
        isClear: !all.some(({ at: tile, streetId }) => isUnder(texts, at.place(tile, streetId), at.radius)),
      };
    },
    focus && leanOf(extentOf(all.map(({ at }) => at)), extentOf(grids.map(({ at }) => at))),
  );

  const borders: (readonly [Point, Point])[] = [];
  for (const { grid, at, streetId } of grids) {
    for (const { q, r, corners } of NEIGHBOURS) {
      const other = byTile.get(key({ q: grid.tile.q + q, r: grid.tile.r + r }));
      if (other === undefined || other.grid.communityId === grid.communityId || other.streetId !== streetId) continue;
      const from = place(at, streetId);
      const corner = (index: number): Point => {
        const { x, y } = CORNERS[index] as Point;
        return { x: from.x + x * radius, y: from.y + y * radius };
      };
      borders.push([corner(corners[0]), corner(corners[1])]);
    }
  }
  // Around a part only what lies wholly in the slot is drawn: nothing runs across its edge
  const isWithin = ({ x, y }: Point) =>
    focus === undefined || (x >= radius * 0.87 && x <= width - radius * 0.87 && y >= radius && y <= height - radius);
  const isInside = ({ x, y }: Point) => x >= 0 && x <= width && y >= 0 && y <= height;
  const placedWater = water.map(({ at, streetId }) => place(at, streetId)).filter(isWithin);
  return {
    radius,
    cells: grids.map(({ grid, at, streetId }) => ({ id: grid.id, streetId, ...place(at, streetId) })).filter(isWithin),
    water: placedWater,
    borders: focus === undefined ? borders : borders.filter((line) => line.every(isInside)),
    waterCentre: placedWater.length === 0 ? undefined : mean(placedWater),
    areas: undefined,
  };
}
