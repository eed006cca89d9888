import type { Box, Point } from './geometry.ts';

/** A group of alerts to be named beside its tiles, in design units. */
export interface Badge {
  readonly key: string;
  readonly width: number;
  readonly tiles: readonly Point[];
}

export interface PlacedBadge {
  readonly key: string;
  readonly box: Box;
  /** From the badge's edge to the edge of its nearest tile; absent where they touch. */
  readonly leader?: readonly [Point, Point];
}

export const BADGE_HEIGHT = 40;
/** Kept clear around a badge. */
const AIR = 5;
/** Distance between the places that are tried. */
const STEP = 10;
/** Of the free places, so many of the nearest are looked at closely. */
const CLOSEST = 600;
/** What it costs, as units of distance, that a leader runs over a mark or over another badge or its leader. */
const OVER_MARK = 80;
const OVER_BADGE = 400;
/** A longer leader would run across the district and be read as a border. */
const LONGEST_LEADER = 120;
/** Shorter than this, a leader would be a dot. */
const LEAST_LEADER = 4;

function grown({ left, top, right, bottom }: Box, by: number): Box {
  return { left: left - by, top: top - by, right: right + by, bottom: bottom + by };
}

function overlaps(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

function nearestOf({ left, top, right, bottom }: Box, { x, y }: Point): Point {
  return { x: Math.min(right, Math.max(left, x)), y: Math.min(bottom, Math.max(top, y)) };
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function distanceToSegment(point: Point, from: Point, to: Point): number {
  const length = distance(from, to);
  if (length === 0) return distance(point, from);
  const along = ((point.x - from.x) * (to.x - from.x) + (point.y - from.y) * (to.y - from.y)) / length ** 2;
  const share = Math.min(1, Math.max(0, along));
  return distance(point, { x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y) });
}

function side(a: Point, b: Point, c: Point): number {
  return Math.sign((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x));
}

function cross(a: readonly [Point, Point], b: readonly [Point, Point]): boolean {
  return side(a[0], a[1], b[0]) !== side(a[0], a[1], b[1]) && side(b[0], b[1], a[0]) !== side(b[0], b[1], a[1]);
}

function runsThrough([from, to]: readonly [Point, Point], box: Box): boolean {
  const { left, top, right, bottom } = box;
  const inside = ({ x, y }: Point) => x > left && x < right && y > top && y < bottom;
  const [a, b, c, d] = [
    { x: left, y: top },
    { x: right, y: top },
    { x: right, y: bottom },
    { x: left, y: bottom },
  ] as const;
  return inside(from) || inside(to) || cross([from, to], [a, c]) || cross([from, to], [b, d]);
}

/**
 * Places a badge for each group near its tiles, most urgent first: over no mark, no other badge and no `obstacle`,
 * inside the slot, its leader as short and as free as can be. A group without a free place nearby has no badge: the list
 * has it.
 */
export function placeBadges(input: {
  readonly badges: readonly Badge[];
  readonly marks: readonly Point[];
  readonly obstacles: readonly Box[];
  readonly slot: { readonly width: number; readonly height: number };
  readonly radius: number;
}): readonly PlacedBadge[] {
  const { badges, marks, obstacles, slot, radius } = input;
  const placed: PlacedBadge[] = [];
  const markBoxes = marks.map(({ x, y }) => ({
    left: x - radius,
    right: x + radius,
    top: y - radius,
    bottom: y + radius,
  }));
  for (const { key, width, tiles } of badges) {
    if (tiles.length === 0) continue;
    const free: { box: Box; tile: Point; apart: number }[] = [];
    for (let top = 0; top + BADGE_HEIGHT <= slot.height; top += STEP) {
      for (let left = 0; left + width <= slot.width; left += STEP) {
        const box = { left, top, right: left + width, bottom: top + BADGE_HEIGHT };
        const air = grown(box, AIR);
        if (
          obstacles.some((other) => overlaps(air, other)) ||
          placed.some((other) => overlaps(air, other.box)) ||
          placed.some(({ leader }) => leader !== undefined && runsThrough(leader, air)) ||
          markBoxes.some((other) => overlaps(box, other))
        ) {
          continue;
        }
        let tile = tiles[0] as Point;
        let apart = Number.POSITIVE_INFINITY;
        for (const candidate of tiles) {
          const here = distance(nearestOf(box, candidate), candidate);
          if (here < apart) {
            apart = here;
            tile = candidate;
          }
        }
        if (apart - radius <= LONGEST_LEADER) free.push({ box, tile, apart });
      }
    }
    free.sort((a, b) => a.apart - b.apart);
    let best: { place: PlacedBadge; cost: number } | undefined;
    for (const { box, tile, apart } of free.slice(0, CLOSEST)) {
      if (best !== undefined && apart >= best.cost) break;
      const from = nearestOf(box, tile);
      const length = apart - radius;
      const to = { x: tile.x + ((from.x - tile.x) / apart) * radius, y: tile.y + ((from.y - tile.y) / apart) * radius };
      const leader = [from, to] as const;
      const overMarks = marks.filter(
        (mark) => mark !== tile && distanceToSegment(mark, from, to) < radius * 0.8,
      ).length;
      const overBadges = placed.filter(
        (other) =>
          runsThrough(leader, grown(other.box, AIR)) || (other.leader !== undefined && cross(leader, other.leader)),
      ).length;
      const middle = { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 };
      // Of equally near places the one that sits straight above, below or beside its tile
      const cost = apart + 0.1 * distance(middle, tile) + OVER_MARK * overMarks + OVER_BADGE * overBadges;
      if (best !== undefined && best.cost <= cost) continue;
      best = { place: { key, box, ...(length > LEAST_LEADER ? { leader } : {}) }, cost };
    }
    if (best !== undefined) placed.push(best.place);
  }
  return placed;
}
