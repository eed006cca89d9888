export interface SceneFault {
  readonly kind: 'seam' | 'overlap' | 'outside' | 'unused';
  /** The panel, by the name that its scene gives it, or what else it is. */
  readonly element: string;
  readonly detail: string;
}

/**
 * Looks at how a scene lies on the wall: nothing across the edge of a physical screen or beyond the window, no slot over
 * another, and no part of the canvas left over. Runs inside the page, so it uses nothing from outside itself.
 */
export function findSceneFaults({
  screens,
  leastUnused,
}: {
  /** Physical screens side by side. */
  screens: number;
  /** Share of a screen from which an empty rectangle is left over. */
  leastUnused: number;
}): SceneFault[] {
  interface Edges {
    readonly left: number;
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
  }
  const unit = Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--u'));
  const SLACK = 1;
  const CELL = 20 * unit;
  const faults: SceneFault[] = [];
  const nameOf = (element: Element) =>
    element.closest<HTMLElement>('[data-panel]')?.dataset.panel ??
    element.closest<HTMLElement>('.notice, .criticalStrip, .slotHeader')?.className ??
    element.className.toString();
  const wall = document.querySelector('.wall');
  if (wall === null) return [{ kind: 'unused', element: 'wall', detail: 'there is none' }];

  // ---- Seams and edges
  const seams = Array.from({ length: screens - 1 }, (_, i) => (innerWidth / screens) * (i + 1));
  const crossing = new Set<string>();
  const outside = new Set<string>();
  for (const element of wall.querySelectorAll('*')) {
    const { left, right, top, bottom, width, height } = element.getBoundingClientRect();
    if (width === 0 || height === 0) continue;
    if (seams.some((x) => left < x - SLACK && right > x + SLACK)) crossing.add(nameOf(element));
    if (element.matches('.slot, .notice, .criticalStrip, .slotHeader')) {
      const beyond = Math.max(-left, -top, right - innerWidth, bottom - innerHeight);
      if (beyond > SLACK) outside.add(nameOf(element));
    }
  }
  for (const element of crossing) faults.push({ kind: 'seam', element, detail: `crosses one of ${seams.join(', ')}` });
  for (const element of outside) faults.push({ kind: 'outside', element, detail: 'beyond the window' });

  // ---- Slots over each other
  const slots = [...wall.querySelectorAll<HTMLElement>('.slot')].map((element) => ({
    name: nameOf(element),
    box: element.getBoundingClientRect(),
  }));
  for (const [i, one] of slots.entries()) {
    for (const other of slots.slice(i + 1)) {
      const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
      if (across > SLACK && down > SLACK) {
        faults.push({ kind: 'overlap', element: one.name, detail: `with ${other.name}` });
      }
    }
  }

  // ---- Canvas left over: the largest rectangle of a screen without a text, a mark or a line in it
  const drawn: Edges[] = [];
  const walker = document.createTreeWalker(wall, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if ((node.nodeValue ?? '').trim() === '') continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    drawn.push(...range.getClientRects());
  }
  // What says that there is nothing fills its panel; header and strips are lines of their own.
  const filling =
    'canvas, svg polygon, svg path, svg circle, svg rect, svg line, svg text, .emptyState, .overdueNone, .nothingHeard, .loadingBlocks, .header, .notice, .criticalStrip';
  for (const element of wall.querySelectorAll(filling)) drawn.push(element.getBoundingClientRect());
  for (const element of wall.querySelectorAll<HTMLElement>('.slot *')) {
    const { backgroundColor, borderTopWidth, backgroundImage } = getComputedStyle(element);
    const plain = /, 0\)$|transparent/.test(backgroundColor) && borderTopWidth === '0px' && backgroundImage === 'none';
    if (plain || element.matches('.panel, .domains') || element.childElementCount > 0) continue;
    drawn.push(element.getBoundingClientRect());
  }
  for (const screen of wall.querySelectorAll('.screen')) {
    const { left, top, width, height } = screen.getBoundingClientRect();
    const columns = Math.floor(width / CELL);
    const rows = Math.floor(height / CELL);
    const used = Array.from({ length: rows }, () => new Uint8Array(columns));
    for (const box of drawn) {
      const from = { x: Math.floor((box.left - left) / CELL), y: Math.floor((box.top - top) / CELL) };
      const to = { x: Math.floor((box.right - left) / CELL), y: Math.floor((box.bottom - top) / CELL) };
      for (let y = Math.max(0, from.y); y <= Math.min(rows - 1, to.y); y += 1) {
        for (let x = Math.max(0, from.x); x <= Math.min(columns - 1, to.x); x += 1) (used[y] as Uint8Array)[x] = 1;
      }
    }
    let largest = { cells: 0, left: 0, top: 0, right: 0, bottom: 0 };
    const free = new Array<number>(columns).fill(0);
    for (let y = 0; y < rows; y += 1) {
      for (let x = 0; x < columns; x += 1) free[x] = used[y]?.[x] === 1 ? 0 : (free[x] as number) + 1;
      for (let x = 0; x < columns; x += 1) {
        let high = free[x] as number;
        for (let end = x; end < columns && (free[end] as number) > 0; end += 1) {
          high = Math.min(high, free[end] as number);
          const cells = high * (end - x + 1);
          if (cells > largest.cells) largest = { cells, left: x, right: end + 1, top: y - high + 1, bottom: y + 1 };
        }
      }
    }
    const share = largest.cells / (columns * rows);
    if (share < leastUnused) continue;
    const hole = {
      left: left + largest.left * CELL,
      right: left + largest.right * CELL,
      top: top + largest.top * CELL,
      bottom: top + largest.bottom * CELL,
    };
    const overlap = ({ box }: { box: Edges }) =>
      Math.max(0, Math.min(box.right, hole.right) - Math.max(box.left, hole.left)) *
      Math.max(0, Math.min(box.bottom, hole.bottom) - Math.max(box.top, hole.top));
    const owner = slots.reduce<(typeof slots)[number] | undefined>(
      (most, slot) => (overlap(slot) > (most === undefined ? 0 : overlap(most)) ? slot : most),
      undefined,
    );
    const size = `${Math.round((hole.right - hole.left) / unit)} × ${Math.round((hole.bottom - hole.top) / unit)} units`;
    faults.push({
      kind: 'unused',
      element: owner?.name ?? 'no slot',
      detail: `${size}, ${(share * 100).toFixed(1)} % of its screen, at ${Math.round((hole.left - left) / unit)}, ${Math.round((hole.top - top) / unit)}`,
    });
  }
  return faults;
}
