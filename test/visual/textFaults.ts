import type {} from './chartTexts.ts';

/** What is wrong with a text on a page, found in the page itself. */
export interface TextFault {
  readonly kind: 'small' | 'clipped' | 'overlapping';
  /** The panel that the text stands in, by the name that its scene gives it; empty for what stands in none. */
  readonly element: string;
  readonly text: string;
  readonly detail: string;
}

/**
 * Looks at every visible text: none below `leastUnits` design units, none cut off by a box or the window, none over
 * another. Runs inside the page, so it uses nothing from outside itself. Text that may end in an ellipsis (`.place`) is
 * only held to its height; a line wholly above or below the box that hides it is hidden on purpose.
 */
export function findTextFaults(leastUnits: number): TextFault[] {
  interface Seen {
    /** What the text belongs to; its own pieces are not compared. */
    readonly node: Node | null;
    readonly element: string;
    readonly text: string;
    readonly box: { left: number; top: number; right: number; bottom: number };
  }
  const unit = Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--u'));
  const faults: TextFault[] = [];
  const seen: Seen[] = [];
  /** A line box is taller than its glyphs: this share of it above and below is empty. */
  const EMPTY = 0.2;
  const SLACK = 1;

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const text = (node.nodeValue ?? '').trim();
    const parent = node.parentElement;
    if (text === '' || parent === null || parent.closest('script, style') !== null) continue;
    const element = parent.closest<HTMLElement>('[data-panel]')?.dataset.panel ?? '';
    const style = getComputedStyle(parent);
    if (style.visibility === 'hidden' || style.display === 'none') continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const rects = parent instanceof SVGElement ? [parent.getBoundingClientRect()] : [...range.getClientRects()];
    const matrix = parent instanceof SVGGraphicsElement ? parent.getScreenCTM() : null;
    const size = Number.parseFloat(style.fontSize) * (matrix === null ? 1 : matrix.a);
    for (const rect of rects) {
      if (rect.width === 0 || rect.height === 0) continue;
      if (size < leastUnits * unit - 0.01) {
        faults.push({ kind: 'small', element, text, detail: `${(size / unit).toFixed(1)} units` });
      }
      const box = {
        left: rect.left,
        right: rect.right,
        top: rect.top + rect.height * EMPTY,
        bottom: rect.bottom - rect.height * EMPTY,
      };
      const clips = [{ element: 'window', edge: { left: 0, top: 0, right: innerWidth, bottom: innerHeight } }];
      for (let up: Element | null = parent; up !== null; up = up.parentElement) {
        if (getComputedStyle(up).overflow === 'visible') continue;
        clips.push({ element: up.className.toString(), edge: up.getBoundingClientRect() });
      }
      if (clips.some(({ edge }) => box.bottom <= edge.top || box.top >= edge.bottom)) continue;
      const mayEnd = parent.closest('.place') !== null;
      for (const { element: by, edge } of clips) {
        const wide = box.left < edge.left - SLACK || box.right > edge.right + SLACK;
        const tall = box.top < edge.top - SLACK || box.bottom > edge.bottom + SLACK;
        if ((wide && !mayEnd) || tall) faults.push({ kind: 'clipped', element, text, detail: `by ${by}` });
      }
      const right = mayEnd ? Math.min(box.right, ...clips.map(({ edge }) => edge.right)) : box.right;
      seen.push({ node, element, text, box: { ...box, right } });
    }
  }
  // A canvas is asked by way of its chart (chartTexts.ts).
  for (const { element, text, fontSize, box, canvas } of chartTexts()) {
    if (fontSize < leastUnits * unit - 0.01) {
      faults.push({ kind: 'small', element, text, detail: `${(fontSize / unit).toFixed(1)} units, in a chart` });
    }
    const wide = box.left < canvas.left - SLACK || box.right > canvas.right + SLACK;
    const tall = box.top < canvas.top - SLACK || box.bottom > canvas.bottom + SLACK;
    if (wide || tall) faults.push({ kind: 'clipped', element, text, detail: 'by the canvas of its chart' });
    seen.push({ node: null, element, text, box });
  }
  for (const [i, one] of seen.entries()) {
    for (const other of seen.slice(i + 1)) {
      // A text that ends in an ellipsis comes in two pieces.
      if (one.node !== null && one.node === other.node) continue;
      const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
      if (across > SLACK && down > SLACK) {
        faults.push({ kind: 'overlapping', element: one.element, text: one.text, detail: `with ${other.text}` });
      }
    }
  }
  return faults;
}
