/** Keeps the first so many of whatever is offered, in a given order, without sorting the rest. */
export interface FirstInOrder<T> {
  offer(item: T): void;
  sorted(): T[];
}

/** `compare` as for `Array.sort`; `limit` at least 1. An offer costs at most log(limit) comparisons, and one where it is too late. */
export function createFirstInOrder<T>(limit: number, compare: (a: T, b: T) => number): FirstInOrder<T> {
  /** A heap: the last in order on top. */
  const kept: T[] = [];
  const isAfter = (a: number, b: number) => compare(kept[a] as T, kept[b] as T) > 0;
  function swap(a: number, b: number): void {
    [kept[a], kept[b]] = [kept[b] as T, kept[a] as T];
  }

  function rise(from: number): void {
    let at = from;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!isAfter(at, above)) return;
      swap(at, above);
      at = above;
    }
  }

  function sink(): void {
    let at = 0;
    for (;;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let last = at;
      if (left < kept.length && isAfter(left, last)) last = left;
      if (right < kept.length && isAfter(right, last)) last = right;
      if (last === at) return;
      swap(at, last);
      at = last;
    }
  }

  return {
    offer(item) {
      if (kept.length < limit) {
        kept.push(item);
        rise(kept.length - 1);
      } else if (compare(item, kept[0] as T) < 0) {
        kept[0] = item;
        sink();
      }
    },
    sorted: () => [...kept].sort(compare),
  };
}
