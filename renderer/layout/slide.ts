import { type RefObject, useLayoutEffect, useRef } from 'react';

/** More new rows than this at once are swapped without motion (visual specification §6). */
const MOST_SLIDING = 3;
const SLIDE_MS = 320;

/** How many ids stand before the one that was first until now; 0 where that one is gone or nothing is new. */
export function rowsInserted(previous: readonly string[], current: readonly string[]): number {
  const first = previous[0];
  if (first === undefined) return 0;
  return Math.max(0, current.indexOf(first));
}

/**
 * A list into which rows come at the top moves down by as many rows, once, unless stillness is asked for. `places`: the
 * rows that share its height equally, whether or not there are so many. Nothing is measured: the page would have to be laid
 * out before the new row may be seen.
 */
export function useSlideFromTop(
  list: RefObject<HTMLElement | null>,
  ids: readonly string[],
  places: number,
  stillness: boolean,
): void {
  const previous = useRef<readonly string[]>([]);
  useLayoutEffect(() => {
    const inserted = rowsInserted(previous.current, ids);
    previous.current = ids;
    const element = list.current;
    if (stillness || inserted === 0 || inserted > MOST_SLIDING || !element || places < 1) return;
    element.animate([{ transform: `translateY(${(-100 * inserted) / places}%)` }, { transform: 'none' }], {
      duration: SLIDE_MS,
      easing: 'ease-out',
    });
  });
}
