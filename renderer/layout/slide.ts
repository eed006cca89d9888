import { type RefObject, useLayoutEffect, useRef } from 'react';
import { useWallParts } from '../live/useWall.ts';

/** More new rows than this together are swapped without motion (visual specification §6). */
const MOST_SLIDING = 3;
const SLIDE_MS = 320;

/** How many ids stand before the one that was first until now; 0 where that one is gone or nothing is new. */
export function rowsInserted(previous: readonly string[], current: readonly string[]): number {
  const first = previous[0];
  if (first === undefined) return 0;
  return Math.max(0, current.indexOf(first));
}

/** Rows that have come in without 320 ms of rest between them, and when the last of them did, on the page's own clock. */
export interface Arrivals {
  readonly rows: number;
  readonly lastMs: number;
}

export const NO_ARRIVALS: Arrivals = { rows: 0, lastMs: Number.NEGATIVE_INFINITY };

/** With `inserted` more rows at `nowMs`. */
export function withArrived({ rows, lastMs }: Arrivals, inserted: number, nowMs: number): Arrivals {
  return { rows: nowMs - lastMs < SLIDE_MS ? rows + inserted : inserted, lastMs: nowMs };
}

/**
 * A list into which rows come at the top moves down by as many rows, once, unless stillness is asked for or more rows come
 * than can be followed. `places`: the rows that share its height equally, whether or not there are so many. Nothing is
 * measured: the page would have to be laid out before the new row may be seen.
 */
export function useSlideFromTop(list: RefObject<HTMLElement | null>, ids: readonly string[], places: number): void {
  const { stillness, monotonicNow } = useWallParts();
  const previous = useRef<readonly string[]>([]);
  const arrivals = useRef(NO_ARRIVALS);
  useLayoutEffect(() => {
    const inserted = rowsInserted(previous.current, ids);
    previous.current = ids;
    const element = list.current;
    if (stillness || inserted === 0 || element === null || places < 1) return;
    arrivals.current = withArrived(arrivals.current, inserted, monotonicNow());
    if (arrivals.current.rows > MOST_SLIDING) return;
    element.animate([{ transform: `translateY(${(-100 * inserted) / places}%)` }, { transform: 'none' }], {
      duration: SLIDE_MS,
      easing: 'ease-out',
    });
  });
}
