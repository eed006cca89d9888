import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Coverage,
  cover,
  NOTHING_COVERED,
  SEEN_AGAIN_WITHIN_MS,
  SEEN_WITHIN_MS,
} from '../../renderer/live/coverage.ts';

const names = (count: number, from = 0) => Array.from({ length: count }, (_, i) => `alert-${from + i}`);

/** Looks once a second for `seconds`; returns the longest that anything stood unseen, and the longest before its first time. */
function watch(idsAt: (second: number) => readonly string[], places: number, seconds: number, jitter = () => 0) {
  let coverage: Coverage = NOTHING_COVERED;
  const knownMs = new Map<string, number>();
  const seenMs = new Map<string, number>();
  let longestUnseenMs = 0;
  let longestNewMs = 0;
  for (let second = 0; second < seconds; second += 1) {
    const nowMs = second * 1000 + jitter();
    const ids = idsAt(second);
    coverage = cover(coverage, ids, places, nowMs);
    expect(coverage.visible.length).toBeLessThanOrEqual(places);
    expect(new Set(coverage.visible).size).toBe(coverage.visible.length);
    for (const id of [...knownMs.keys()]) {
      if (ids.includes(id)) continue;
      knownMs.delete(id);
      seenMs.delete(id);
    }
    for (const id of ids) {
      if (!knownMs.has(id)) knownMs.set(id, nowMs);
      const seen = seenMs.get(id);
      const known = knownMs.get(id) as number;
      if (seen === undefined) longestNewMs = Math.max(longestNewMs, nowMs - known);
      else longestUnseenMs = Math.max(longestUnseenMs, nowMs - seen);
      if (coverage.visible.includes(id)) seenMs.set(id, nowMs);
    }
  }
  return { longestUnseenMs, longestNewMs };
}

describe('coverage', () => {
  it('shows all in their order where they fit', () => {
    expect(cover(NOTHING_COVERED, names(5), 5, 0).visible).toEqual(names(5));
    const later = cover(cover(NOTHING_COVERED, names(5), 5, 0), ['alert-9', ...names(4)], 5, 1000);
    expect(later.visible).toEqual(['alert-9', ...names(4)]);
  });

  it('keeps those on screen in their places until their time is over', () => {
    const first = cover(NOTHING_COVERED, names(6), 5, 0);
    const second = cover(first, names(6), 5, 1000);
    expect(first.visible).toEqual(names(5));
    // The sixth has never been seen: it takes the place of one of the five
    expect(second.visible).toEqual(['alert-5', ...names(4, 1)]);
    expect(cover(second, names(6), 5, 2000).visible).toEqual(second.visible);
  });

  it.each([
    [40, 8],
    [40, 5],
    [12, 1],
    [7, 6],
    [90, 6],
  ])('shows each of %d in %d rows at least every 20 s', (count, places) => {
    const { longestUnseenMs } = watch(() => names(count), places, 300);
    expect(longestUnseenMs).toBeLessThanOrEqual(SEEN_AGAIN_WITHIN_MS);
    expect(longestUnseenMs).toBeGreaterThan(0);
  });

  it('shows every newcomer within 3 s, also while forty take turns', () => {
    const { longestUnseenMs, longestNewMs } = watch(
      (second) => [...names(40), ...names(Math.floor(second / 7), 100)],
      8,
      280,
    );
    expect(longestNewMs).toBeLessThanOrEqual(3 * SEEN_WITHIN_MS);
    expect(longestUnseenMs).toBeLessThanOrEqual(SEEN_AGAIN_WITHIN_MS);
  });

  it('keeps both promises for any comings and goings that the rows can take', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 8 }),
        fc.array(fc.record({ from: fc.integer({ min: 0, max: 100 }), stays: fc.integer({ min: 1, max: 100 }) }), {
          maxLength: 40,
        }),
        fc.infiniteStream(fc.integer({ min: -100, max: 100 })),
        (places, stories, jitters) => {
          const perSecond = new Map<number, number>();
          const admitted = stories.filter(({ from }) => {
            const already = perSecond.get(from) ?? 0;
            perSecond.set(from, already + 1);
            return already < 1;
          });
          const idsAt = (second: number) =>
            admitted.flatMap(({ from, stays }, i) => (second >= from && second < from + stays ? [`alert-${i}`] : []));
          fc.pre(admitted.length <= 10 * places);
          const { longestUnseenMs, longestNewMs } = watch(idsAt, places, 200, () => jitters.next().value);
          expect(longestNewMs).toBeLessThanOrEqual(SEEN_WITHIN_MS);
          expect(longestUnseenMs).toBeLessThanOrEqual(SEEN_AGAIN_WITHIN_MS);
        },
      ),
    );
  });

  it('takes one that comes again for a new one', () => {
    const first = cover(NOTHING_COVERED, names(3), 2, 0);
    const gone = cover(first, ['alert-1', 'alert-2'], 2, 1000);
    const back = cover(gone, names(3), 2, 3000);
    expect(back.visible).toContain('alert-0');
  });
});
