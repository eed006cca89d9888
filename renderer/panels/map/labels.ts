import { textEm } from '../textWidth.ts';
import type { Box, Point } from './geometry.ts';

export interface PlacedLabel extends Point {
  readonly id: string;
  readonly anchor: 'start' | 'middle' | 'end';
  readonly box: Box;
}

function overlaps(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

function around({ x, y }: Point, halfWidth: number, halfHeight: number): Box {
  return { left: x - halfWidth, right: x + halfWidth, top: y - halfHeight, bottom: y + halfHeight };
}

/**
 * Places names beside their tiles, most urgent first: right, left, above or below, wherever no mark, no placed name and
 * no `obstacle` is in the way and the slot does not end. A name without a free place is left out: the list has it.
 */
export function placeLabels(input: {
  readonly marks: readonly (Point & { readonly id: string; readonly text: string })[];
  readonly obstacles: readonly Box[];
  readonly slot: { readonly width: number; readonly height: number };
  readonly radius: number;
  readonly fontSize: number;
}): readonly PlacedLabel[] {
  const { marks, obstacles, slot, radius, fontSize } = input;
  const taken: Box[] = [...obstacles, ...marks.map((mark) => around(mark, radius * 0.9, radius))];
  const placed: PlacedLabel[] = [];
  const halfHeight = fontSize * 0.62;
  for (const mark of marks) {
    const width = textEm(mark.text) * fontSize;
    const beside = radius + 3;
    const beyond = radius + halfHeight + 2;
    const candidates: readonly {
      readonly anchor: PlacedLabel['anchor'];
      readonly at: Point;
      readonly middle: number;
    }[] = [
      { anchor: 'start', at: { x: mark.x + beside, y: mark.y }, middle: mark.x + beside + width / 2 },
      { anchor: 'end', at: { x: mark.x - beside, y: mark.y }, middle: mark.x - beside - width / 2 },
      { anchor: 'middle', at: { x: mark.x, y: mark.y - beyond }, middle: mark.x },
      { anchor: 'middle', at: { x: mark.x, y: mark.y + beyond }, middle: mark.x },
    ];
    for (const { anchor, at, middle } of candidates) {
      const box = around({ x: middle, y: at.y }, width / 2, halfHeight);
      const inside = box.left >= 0 && box.right <= slot.width && box.top >= 0 && box.bottom <= slot.height;
      if (!inside || taken.some((other) => overlaps(box, other))) continue;
      taken.push(box);
      placed.push({ id: mark.id, anchor, box, ...at });
      break;
    }
  }
  return placed;
}
