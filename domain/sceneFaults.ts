import { ASPECTS, type Layout, type Scene, type ScreenGrid, type Slot, type SlotArea } from './scene.ts';

/** What is wrong with a scene, by its path within the scene and, where there is one, the panel that is concerned. */
export interface SceneFault {
  readonly path: string;
  readonly message: string;
}

/** Physical screens of the aspect that has seams. */
const WIDE_SCREENS = 3;

interface Standing {
  readonly slot: Slot;
  readonly index: number;
  readonly area: SlotArea;
}

function cellsOf({ column, row, columnSpan = 1, rowSpan = 1 }: SlotArea): readonly string[] {
  return Array.from({ length: columnSpan * rowSpan }, (_, i) => {
    return `${column + (i % columnSpan)},${row + Math.floor(i / columnSpan)}`;
  });
}

function isOutside({ columns, rows }: ScreenGrid, { column, row, columnSpan = 1, rowSpan = 1 }: SlotArea): boolean {
  return column + columnSpan - 1 > columns.length || row + rowSpan - 1 > rows.length;
}

/** Slots that stand in each other's cells; each is named once, with the first that was there before. */
function overlaps(standing: readonly Standing[], path: string, when: string): readonly SceneFault[] {
  const taken = new Map<string, Standing>();
  return standing.flatMap((one) => {
    const cells = cellsOf(one.area);
    const other = cells.map((cell) => taken.get(cell)).find((before) => before !== undefined);
    for (const cell of cells) if (!taken.has(cell)) taken.set(cell, one);
    if (other === undefined) return [];
    const message = `${one.slot.panel} overlaps ${other.slot.panel} (slots[${other.index}])${when}`;
    return [{ path: `${path}.slots[${one.index}]`, message }];
  });
}

function gridFaults(grid: ScreenGrid, path: string): readonly SceneFault[] {
  const faults: SceneFault[] = [];
  for (const [name, tracks, gap] of [
    ['columnGap', grid.columns, grid.columnGap],
    ['rowGap', grid.rows, grid.rowGap],
  ] as const) {
    if (typeof gap === 'object' && gap.length !== tracks.length - 1) {
      const message = `must have ${tracks.length - 1} entries, one between every two of ${tracks.length} tracks`;
      faults.push({ path: `${path}.${name}`, message });
    }
  }
  const always = grid.slots.map((slot, index): Standing => ({ slot, index, area: slot.area }));
  for (const { slot, index } of always) {
    for (const [field, area] of [
      ['area', slot.area],
      ['duringFlood', slot.duringFlood ?? undefined],
    ] as const) {
      if (area !== undefined && isOutside(grid, area)) {
        const size = `${grid.columns.length} columns and ${grid.rows.length} rows`;
        faults.push({
          path: `${path}.slots[${index}].${field}`,
          message: `${slot.panel} lies outside the grid of ${size}`,
        });
      }
    }
  }
  faults.push(...overlaps(always, path, ''));
  if (grid.slots.some(({ duringFlood }) => duringFlood !== undefined)) {
    const flooded = always.flatMap((one): Standing[] => {
      const { duringFlood } = one.slot;
      return duringFlood === null ? [] : [{ ...one, area: duringFlood ?? one.area }];
    });
    faults.push(...overlaps(flooded, path, ' during a flood'));
  }
  const used = new Set(always.flatMap(({ area }) => cellsOf(area)));
  for (let row = 1; row <= grid.rows.length; row += 1) {
    for (let column = 1; column <= grid.columns.length; column += 1) {
      if (!used.has(`${column},${row}`)) {
        faults.push({ path: `${path}.slots`, message: `nothing stands in column ${column}, row ${row}` });
      }
    }
  }
  return faults;
}

function layoutFaults(layout: Layout, path: string, screens: number | undefined): readonly SceneFault[] {
  const faults = layout.screens.flatMap((grid, i) => gridFaults(grid, `${path}.screens[${i}]`));
  if (screens === undefined || layout.screens.length === screens) return faults;
  const panels = [...new Set(layout.screens.flatMap(({ slots }) => slots.map(({ panel }) => panel)))];
  const message = `must be ${screens}, one for each physical screen, or ${panels.join(', ')} would cross a seam`;
  return [{ path: `${path}.screens`, message }, ...faults];
}

/**
 * What makes a scene unfit to be drawn: slots outside the grid or over each other (also during a flood), parts of the
 * canvas that no slot uses, gaps that do not match their tracks, a wall of three screens laid out as fewer or more.
 * That every panel has the room it needs is for the wall to say, which knows its size.
 */
export function sceneFaults({ layouts }: Scene): readonly SceneFault[] {
  return ASPECTS.flatMap((aspect) => {
    const layout = layouts[aspect];
    if (layout === undefined) return [];
    return layoutFaults(layout, `layouts.${aspect}`, aspect === 'wide3' ? WIDE_SCREENS : undefined);
  });
}
