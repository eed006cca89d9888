import { expect, test } from 'vitest';
import { hourlyBand, quantile, rankGroups, workingBetween } from '../../domain/history.ts';
import type { StatisticsGroup } from '../../domain/statistics.ts';
import { at, handWorkingTime } from '../support/domainBuilders.ts';

test.each([
  [[5], 0.9, 5],
  [[0, 10], 0.1, 1],
  [[1, 2, 3, 4, 5], 0.5, 3],
  [[1, 2, 3, 4, 5], 0.1, 1.4],
  [[1, 2, 3, 4, 5], 0.9, 4.6],
])('of %j the quantile %d is %d', (sorted, fraction, expected) => {
  expect(quantile(sorted, fraction)).toBeCloseTo(expected, 10);
});

test('a band needs five days', () => {
  const day = (count: number) => Array.from({ length: 24 }, (_, hour) => (hour === 9 ? count : 0));
  expect(hourlyBand([1, 2, 3, 4].map(day))).toBeNull();
  const band = hourlyBand([5, 1, 4, 2, 3].map(day));
  expect(band?.p10[9]).toBeCloseTo(1.4, 10);
  expect(band?.p90[9]).toBeCloseTo(4.6, 10);
  expect(band?.p90[8]).toBe(0);
  expect(band?.p10).toHaveLength(24);
});

test('the worst rate comes first, too few due come last in their order', () => {
  const group = (key: string, dueInPeriod: number, onTimeRate: number | null): StatisticsGroup => ({
    key,
    opened: 9,
    closed: 0,
    closedOverdue: 0,
    open: 9,
    openOverdue: 0,
    dueInPeriod,
    onTimeRate,
  });
  const ranked = rankGroups(
    [group('few', 4, 0), group('good', 9, 1), group('none', 0, null), group('bad', 5, 0.5), group('same', 5, 0.5)],
    5,
  );
  expect(ranked.map(({ key }) => key)).toEqual(['bad', 'same', 'good', 'few', 'none']);
});

test('the calendar is cut to what touches the span, its bounds finite', () => {
  const working = { ...handWorkingTime(), holidaysKnownUntilAt: Number.POSITIVE_INFINITY };
  const cut = workingBetween(working, at('12:30'), at('10:00', 1));
  expect(cut.windowStartsAt).toEqual([at('13:00'), at('09:00', 1)]);
  expect(cut.windowEndsAt).toEqual([at('18:00'), at('12:00', 1)]);
  expect(cut.dayStartsAt).toEqual([at('00:00'), at('00:00', 1)]);
  expect(cut.dayEndsAt).toEqual([at('18:00'), at('18:00', 1)]);
  expect(cut.holidaysKnownUntilAt).toBe(at('10:00', 1));
});
