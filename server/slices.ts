import { setImmediate } from 'node:timers/promises';

/** The event loop is given free after so long. */
const SLICE_MS = 4;
/** Items between two looks at the time; a few tenths of a millisecond. */
const ITEMS_BETWEEN_LOOKS = 200;

/** Does something with each item, in slices between which other work goes on. Items that change meanwhile must be copied first. */
export async function inSlices<Item>(items: Iterable<Item>, work: (item: Item) => void): Promise<void> {
  let sliceStartedAt = performance.now();
  let sinceLook = 0;
  for (const item of items) {
    work(item);
    sinceLook += 1;
    if (sinceLook < ITEMS_BETWEEN_LOOKS) continue;
    sinceLook = 0;
    if (performance.now() - sliceStartedAt <= SLICE_MS) continue;
    await setImmediate();
    sliceStartedAt = performance.now();
  }
}
