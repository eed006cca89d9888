import { describe, expect, it } from 'vitest';
import {
  clockTime,
  count,
  type DurationPart,
  duration,
  isoDate,
  lag,
  localDay,
  patternDate,
  rate,
  signed,
  timeOfDay,
  timeOrDate,
} from '../../renderer/words/formats.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const SHANGHAI = 'Asia/Shanghai';
const BOSTON = 'America/New_York';
const spoken = (parts: readonly DurationPart[]) => parts.map(({ digits, unit }) => `${digits}${unit[0]}`).join('');

describe('numbers', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [8427, '8,427'],
    [10_000, '10,000'],
    [1_234_567, '1,234,567'],
  ])('%d is written %s', (value, text) => expect(count(value)).toBe(text));

  it.each([
    [5, '+5'],
    [0, '0'],
    [-1200, '−1,200'],
  ])('%d with its sign is %s', (value, text) => expect(signed(value)).toBe(text));

  it.each([
    [0.975, 0.95, '97.5'],
    [1, 0.95, '100.0'],
    [0.9496, 0.95, '94.9'],
    [0.94949, 0.95, '94.9'],
    [0.95, 0.95, '95.0'],
    [0.9504, 0.95, '95.0'],
    [0.89996, 0.9, '89.9'],
    [0, 0.95, '0.0'],
  ])('the rate %d against %d is %s', (fraction, target, text) => expect(rate(fraction, target)).toBe(text));
});

describe('durations', () => {
  it.each([
    [0, '0m'],
    [59 * SECOND, '0m'],
    [38 * MINUTE + 59 * SECOND, '38m'],
    [HOUR, '1h00m'],
    [2 * HOUR + 8 * MINUTE, '2h08m'],
    [24 * HOUR - 1, '23h59m'],
    [27 * HOUR, '1d03h'],
    [-5 * MINUTE, '0m'],
  ])('%d ms lasts %s', (ms, text) => expect(spoken(duration(ms))).toBe(text));

  it.each([
    [41 * SECOND, '41s'],
    [6 * MINUTE + 12 * SECOND, '6m12s'],
    [12 * MINUTE + 5 * SECOND, '12m05s'],
    [HOUR, '1h00m'],
    [49 * HOUR, '2d01h'],
  ])('%d ms old is %s', (ms, text) => expect(spoken(lag(ms))).toBe(text));
});

describe('times', () => {
  const at = Date.parse('2026-03-18T15:42:08+08:00');

  it('are the deployment’s, wherever the machine stands', () => {
    expect(timeOfDay(at, SHANGHAI)).toBe('15:42');
    expect(clockTime(at, SHANGHAI)).toBe('15:42:08');
    expect(clockTime(at, BOSTON)).toBe('03:42:08');
    expect(isoDate(at, SHANGHAI)).toBe('2026-03-18');
  });

  it('name the day in the language on screen', () => {
    expect(patternDate(at, SHANGHAI, "M'月'd'日' cccc", 'zh-CN')).toBe('3月18日 星期三');
    expect(patternDate(at, SHANGHAI, 'ccc d MMM', 'en')).toBe('Wed 18 Mar');
  });

  it('show the date of another day', () => {
    const midnight = Date.parse('2026-03-18T00:00:00+08:00');
    expect(timeOrDate(at, midnight, SHANGHAI)).toBe('15:42');
    expect(timeOrDate(midnight - 1, midnight, SHANGHAI)).toBe('03-17');
  });
});

describe('the local day', () => {
  const hoursOf = (iso: string, zone: string) => {
    const { startAt, hourStartsAt } = localDay(Date.parse(iso), zone);
    return hourStartsAt.map((start) => (start - startAt) / HOUR);
  };

  it('has 24 hours as a rule', () => {
    expect(hoursOf('2026-03-18T15:42:00+08:00', SHANGHAI)).toEqual(Array.from({ length: 25 }, (_, i) => i));
  });

  it('gives the hour that the clocks skip no length', () => {
    const hours = hoursOf('2015-03-08T12:00:00-04:00', BOSTON);
    expect(hours.slice(0, 5)).toEqual([0, 1, 2, 2, 3]);
    expect(hours[24]).toBe(23);
  });

  it('gives the hour that comes twice two', () => {
    const hours = hoursOf('2015-11-01T12:00:00-05:00', BOSTON);
    expect(hours.slice(0, 4)).toEqual([0, 1, 3, 4]);
    expect(hours[24]).toBe(25);
  });
});
