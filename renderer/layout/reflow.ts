import type { Layout, Scene, ScreenGrid, Slot, SlotArea, Track } from '../../domain/scene.ts';
import type { Canvas } from './canvas.ts';

/** Between columns and rows where a scene says nothing else (visual specification §2). */
export const COLUMN_GAP = 28;
export const ROW_GAP = 18;
/** Around and above the slots of a screen: margins 32, header 84 and the gap below it, 26 at the bottom. */
export const HEADER = 84;
export const FRAME = { side: 32, top: HEADER + ROW_GAP, bottom: 26 } as const;
/** What a share stands for while a layout is taken apart: that of the standard canvas. */
const STANDARD = { width: 1920 - 2 * FRAME.side, height: 1080 - FRAME.top - FRAME.bottom } as const;
/** An ultra-wide wall has no seams, but is read in as many parts. */
const ULTRA_PARTS = 3;

export function gapsOf(gap: number | readonly number[] | undefined, usual: number, tracks: number): readonly number[] {
  return Array.from({ length: Math.max(0, tracks - 1) }, (_, i) =>
    gap === undefined ? usual : typeof gap === 'number' ? gap : (gap[i] ?? usual),
  );
}

/** Breadths of tracks in `room` design units: fixed ones first, the rest by shares. */
export function breadths(tracks: readonly Track[], gaps: readonly number[], room: number): readonly number[] {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const share = (track: Track) => (typeof track === 'number' ? 0 : Number.parseFloat(track));
  const fixed = sum(tracks.map((track) => (typeof track === 'number' ? track : 0)));
  const left = Math.max(0, room - fixed - sum(gaps));
  const shares = sum(tracks.map(share));
  return tracks.map((track) => (typeof track === 'number' ? track : (left * share(track)) / shares));
}

/** Where a slot lies in design units, from the upper left corner of the room for slots. */
export interface Placed {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Where an area of a grid lies in a room of this size; tracks beyond the grid's own have no breadth. */
export function placeArea(grid: ScreenGrid, area: SlotArea, room: { readonly width: number; readonly height: number }) {
  const along = (tracks: readonly Track[], gaps: readonly number[], length: number, from: number, span: number) => {
    const sizes = breadths(tracks, gaps, length);
    let start = 0;
    let size = 0;
    for (let i = 0; i < from - 1 + span; i += 1) {
      const track = sizes[i] ?? 0;
      if (i < from - 1) start += track + (gaps[i] ?? 0);
      else size += track + (i < from + span - 2 ? (gaps[i] ?? 0) : 0);
    }
    return { start, size };
  };
  const columnGaps = gapsOf(grid.columnGap, COLUMN_GAP, grid.columns.length);
  const rowGaps = gapsOf(grid.rowGap, ROW_GAP, grid.rows.length);
  const across = along(grid.columns, columnGaps, room.width, area.column, area.columnSpan ?? 1);
  const down = along(grid.rows, rowGaps, room.height, area.row, area.rowSpan ?? 1);
  return { left: across.start, top: down.start, width: across.size, height: down.size } satisfies Placed;
}

/** Room for slots on one screen of a canvas, in design units. */
export function roomOf({ width, height }: Pick<Canvas, 'width' | 'height'>): { width: number; height: number } {
  return {
    width: Math.max(0, width - 2 * FRAME.side),
    height: Math.max(0, height - FRAME.top - FRAME.bottom),
  };
}

interface Piece {
  readonly slot: Slot;
  readonly placed: Placed;
  /** Its rows are of a fixed height. */
  readonly fixed: boolean;
}

/** Contiguous groups of as equal an area as there are, the first the best. */
function grouped(pieces: readonly Piece[], groups: number): readonly (readonly Piece[])[] {
  if (groups <= 1 || pieces.length <= 1) return [pieces];
  const weight = (some: readonly Piece[]) => some.reduce((sum, { placed }) => sum + placed.width * placed.height, 0);
  const heaviest = (parts: readonly (readonly Piece[])[]) => Math.max(...parts.map(weight));
  let best: readonly (readonly Piece[])[] | undefined;
  for (let cut = 1; cut <= pieces.length - (groups - 1); cut += 1) {
    const parts = [pieces.slice(0, cut), ...grouped(pieces.slice(cut), groups - 1)];
    if (best === undefined || heaviest(parts) < heaviest(best) - 1e-6) best = parts;
  }
  return best ?? [pieces];
}

function withoutFlood({ duringFlood: _, ...slot }: Slot, area: SlotArea): Slot {
  return { ...slot, area };
}

/** What was of a fixed height stays so, where something beside it takes the rest; all else keeps its share. */
function rowsOf(group: readonly Piece[]): readonly Track[] {
  const stretches = group.some(({ fixed }) => !fixed);
  return group.map(({ placed, fixed }): Track => {
    const units = Math.max(1, Math.round(placed.height));
    return fixed && stretches ? units : `${units}fr`;
  });
}

/**
 * A layout for a wall that its scene says nothing about: the slots of `std` in reading order, column by column, in as
 * many groups of equal area as there are screens, each a stack of rows; an ultra-wide wall is read as three of them.
 */
export function reflow(std: Layout, canvas: Pick<Canvas, 'screens'>): Layout {
  const pieces = std.screens.flatMap((grid) =>
    grid.slots
      .map((slot): Piece => {
        const { row, rowSpan = 1 } = slot.area;
        const rows = grid.rows.slice(row - 1, row - 1 + rowSpan);
        return {
          slot,
          placed: placeArea(grid, slot.area, STANDARD),
          fixed: rows.every((track) => typeof track === 'number'),
        };
      })
      .toSorted((a, b) => a.placed.left - b.placed.left || a.placed.top - b.placed.top),
  );
  const screens = canvas.screens > 1 ? canvas.screens : ULTRA_PARTS;
  const groups = grouped(pieces, Math.min(pieces.length, screens));
  return {
    screens: Array.from({ length: screens }, (_, screen): ScreenGrid => {
      const group = groups[screen] ?? [];
      const holdsMap = group.some(({ slot }) => slot.panel === 'map');
      return {
        header: screen === 0 ? 'name' : screen === screens - 1 ? 'trust' : holdsMap ? 'map' : 'scene',
        columns: ['1fr'],
        rows: group.length === 0 ? ['1fr'] : rowsOf(group),
        slots: group.map(({ slot }, i) => withoutFlood(slot, { column: 1, row: i + 1 })),
      };
    }),
  };
}

/** How a scene lies on a canvas: by its own layout for it, else re-flowed. */
export function layoutFor(scene: Scene, canvas: Pick<Canvas, 'aspect' | 'screens'>): Layout {
  const own = scene.layouts[canvas.aspect];
  if (canvas.aspect === 'std') return scene.layouts.std;
  const fits = own !== undefined && (canvas.screens === 1 || own.screens.length === canvas.screens);
  return fits ? own : reflow(scene.layouts.std, canvas);
}
