import { describe, expect, it } from 'vitest';
import type { BriefDay } from '../../domain/brief.ts';
import { heroDigits } from '../../renderer/panels/brief/Hero.tsx';
import { rankingRoom } from '../../renderer/panels/brief/Ranking.tsx';
import { labelledDays, rateSpan, type TrendInput, trendOption } from '../../renderer/panels/brief/trendOption.ts';
import { points } from '../../renderer/words/formats.ts';
import { CHART_THEME } from '../support/chartTheme.ts';
import { at, DAY } from '../support/domainBuilders.ts';

describe('a difference of rates', () => {
  it.each([
    [0.013, '+1.3'],
    [-0.0042, '−0.4'],
    [0.0004, '0.0'],
    [-0.0004, '0.0'],
    [0.1, '+10.0'],
  ])('%d is %s percentage points', (difference, text) => expect(points(difference)).toBe(text));
});

describe('the large number', () => {
  it('has its size of the specification in its slot on a standard wall', () => {
    expect(heroDigits('97.5', { width: 560, height: 270 })).toBe(228);
  });
  it.each([
    ['a lower slot', '97.5', { width: 560, height: 200 }, 94 + 228 * (176 / 228)],
    ['a hundred', '100.0', { width: 560, height: 270 }, 270],
  ])('shrinks in %s', (_, text, slot, height) => {
    const digits = heroDigits(text, slot);
    expect(digits).toBeLessThan(228);
    expect(94 + digits * (176 / 228)).toBeLessThanOrEqual(Math.min(slot.height, height));
  });
  it('grows on a wide wall, but not without end', () => {
    expect(heroDigits('97.5', { width: 1472, height: 560 })).toBe(500);
  });
});

describe('the ranking of departments', () => {
  const names = (count: number, name = '生态环境分局') => Array.from({ length: count }, () => name);
  it.each([
    ['few', { width: 560, height: 308 }, names(10), 1, 10],
    ['more than one column holds', { width: 560, height: 308 }, names(14), 2, 10],
    ['names too long for half the slot', { width: 560, height: 308 }, names(14, 'Ecology and Environment'), 1, 10],
    ['a high slot', { width: 560, height: 860 }, names(14), 1, 32],
    ['before it is measured', { width: 0, height: 0 }, names(14), 1, 1],
  ])('%s', (_, slot, listed, columns, rows) => {
    expect(rankingRoom(slot, listed)).toMatchObject({ columns, rows });
  });
});

describe('the axis of the daily line', () => {
  it.each([
    [[0.971, 0.946, 0.986], 94, 2],
    [[0.999, 1], 94, 2],
    [[0.6, 0.99], 40, 20],
    [[0], 0, 25],
  ])('of %j begins at %d in steps of %d', (rates, from, step) => {
    const span = rateSpan(rates, 0.95);
    expect(span.step).toBe(step);
    expect(span.from).toBeLessThanOrEqual(Math.min(95, ...rates.map((rate) => rate * 100)));
    expect(span.from).toBe(from);
  });

  it.each([0, 1, 2, 3, 9, 18, 28, 31])('labels %d days with air between them', (count) => {
    const labelled = [...labelledDays(count)].sort((a, b) => a - b);
    expect(labelled.length).toBeLessThanOrEqual(10);
    expect(labelled.at(-1)).toBe(count === 0 ? undefined : count - 1);
    expect(labelled[0]).toBe(count === 0 ? undefined : 0);
    for (const [i, day] of labelled.slice(1, -1).entries()) expect(day - (labelled[i] as number)).toBeGreaterThan(0);
  });
});

interface Point {
  readonly value: number | string;
  readonly label?: { readonly formatter: string; readonly position: string; readonly offset?: readonly number[] };
}

describe('the chart of days', () => {
  const day = (i: number, onTimeRate: number | null): BriefDay => ({
    startAt: at('00:00', i),
    opened: 40,
    dueInPeriod: onTimeRate === null ? 0 : 40,
    onTimeRate,
  });
  function series(days: readonly BriefDay[], more: Partial<TrendInput> = {}): Record<string, { data: Point[] }> {
    const option = trendOption({
      days,
      previousDays: [],
      target: 0.95,
      weakest: undefined,
      theme: CHART_THEME,
      unit: 1,
      size: { width: 1200, height: 230 },
      old: false,
      dayLabel: ({ startAt }) => String((startAt - at('00:00')) / DAY),
      rateLabel: (rate) => (rate * 100).toFixed(1),
      targetLabel: '目标 95',
      description: '逐日',
      ...more,
    });
    return Object.fromEntries((option.series as { id: string; data: Point[] }[]).map((one) => [one.id, one]));
  }

  it('labels the last day and the weakest, and leaves out a day on which nothing was due', () => {
    const days = [day(0, 0.97), day(1, 0.93), day(2, null), day(3, 0.98), day(4, 0.99), day(5, 0.984)];
    const { month } = series(days, { weakest: days[1] as BriefDay });
    expect(month?.data.map(({ value }) => value)).toEqual([97, 93, '-', 98, 99, 98.4]);
    expect(month?.data.map(({ label }) => label?.formatter)).toEqual([
      undefined,
      '93.0',
      undefined,
      undefined,
      undefined,
      '98.4',
    ]);
  });

  it('writes the label of a weak day near the end to its left', () => {
    const days = [day(0, 0.97), day(1, 0.98), day(2, 0.98), day(3, 0.93), day(4, 0.98)];
    expect(series(days, { weakest: days[3] as BriefDay }).month?.data[3]?.label?.position).toBe('left');
  });

  it('lifts the label of a weak day off the target’s line, to the side on which the day lies', () => {
    const offset = (rate: number) => {
      const days = [day(0, 0.97), day(1, rate), day(2, 0.98), day(3, 0.98), day(4, 0.98), day(5, 0.98)];
      return series(days, { weakest: days[1] as BriefDay }).month?.data[1]?.label?.offset?.[1] as number;
    };
    expect(offset(0.951)).toBeLessThan(0);
    expect(offset(0.949)).toBeGreaterThan(0);
    expect(offset(0.9)).toBe(0);
  });

  it('moves the target’s name out of the way of a last day that lies beside it', () => {
    const near = series([day(0, 0.97), day(1, 0.951)]);
    expect(near.target?.data.at(-1)?.label?.offset?.[1]).toBeGreaterThan(0);
    const under = series([day(0, 0.97), day(1, 0.949)]);
    expect(under.target?.data.at(-1)?.label?.offset?.[1]).toBeLessThan(0);
    const far = series([day(0, 0.97), day(1, 0.99)]);
    expect(far.target?.data.at(-1)?.label?.offset?.[1]).toBe(0);
  });

  it('draws the month before over the same days only, and nothing of the last day while the feed is old', () => {
    const days = [day(0, 0.97), day(1, 0.98)];
    const { before, month } = series(days, { previousDays: [day(-30, 0.9), day(-29, null), day(-28, 0.9)], old: true });
    expect(before?.data).toEqual([90, '-']);
    expect(month?.data.every(({ label }) => label === undefined)).toBe(true);
  });
});
