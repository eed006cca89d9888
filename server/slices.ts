import { setImmediate } from 'node:timers/promises';

/** The event loop is given free after so long. */
const SLICE_MS = 4;
/** Items between two looks at the time; a few tenths of a millisecond where an item takes one or two microseconds. */
const ITEMS_BETWEEN_LOOKS = 200;

/**
 * Does something with each item, in slices between which other work goes on. Items that change meanwhile must be copied
 * first. `itemsBetweenLooks`: fewer where an item takes longer.
 */
export async function inSlices<Item>(
  items: Iterable<Item>,
  work: (item: Item) => void,
  itemsBetweenLooks = ITEMS_BETWEEN_LOOKS,
): Promise<void> {
  let sliceStartedAt = performance.now();
  let sinceLook = 0;
  for (const item of items) {
    work(item);
    sinceLook += 1;
    if (sinceLook < itemsBetweenLooks) continue;
    sinceLook = 0;
    if (performance.now() - sliceStartedAt <= SLICE_MS) continue;
    await setImmediate();
    sliceStartedAt = performance.now();
  }
}
