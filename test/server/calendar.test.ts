import { DateTime, IANAZone } from 'luxon';
import { afterEach, describe, expect, test } from 'vitest';
import type { CalendarRules } from '../../domain/deployment.ts';
import { addWorkingDays, workingMsBetween } from '../../domain/sla.ts';
import { buildWorkingTime } from '../../server/calendar.ts';
import { zoneOffset } from '../../server/localTime.ts';

const rules: CalendarRules = {
  hours: [
    { start: '08:30', end: '12:00' },
    { start: '13:30', end: '17:30' },
  ],
  weekdays: [1, 2, 3, 4, 5],
  holidays: 'CN',
  warningDays: 30,
};
const SHANGHAI = 'Asia/Shanghai';
const MARCH_2026 = Date.parse('2026-03-18T10:00:00+08:00');

function shanghai(local: string): number {
  return DateTime.fromISO(local, { zone: SHANGHAI }).toMillis();
}

/** Hours worked on a local day. */
function hoursOn(day: string, zone = SHANGHAI, working = buildWorkingTime(rules, zone, MARCH_2026).working): number {
  const start = DateTime.fromISO(day, { zone });
  return workingMsBetween(working, start.toMillis(), start.plus({ days: 1 }).toMillis()) / 3_600_000;
}

describe('the Chinese calendar of 2026', () => {
  const { working } = buildWorkingTime(rules, SHANGHAI, MARCH_2026);

  test.each([
    ['2026-03-18', 7.5, 'an ordinary Wednesday'],
    ['2026-03-21', 0, 'an ordinary Saturday'],
    ['2026-01-02', 0, 'New Year, a Friday taken off'],
    ['2026-01-04', 7.5, 'the Sunday made up for it'],
    ['2026-02-14', 7.5, 'a made-up Saturday before Spring Festival'],
    ['2026-02-16', 0, 'New Year’s Eve'],
    ['2026-02-23', 0, 'the last day of Spring Festival'],
    ['2026-02-24', 7.5, 'the first day after it'],
    ['2026-02-28', 7.5, 'a made-up Saturday after it'],
    ['2026-10-10', 7.5, 'a made-up Saturday after National Day'],
  ])('%s: %s hours (%s)', (day, hours) => {
    expect(hoursOn(day, SHANGHAI, working)).toBe(hours);
  });

  test('a working day closes at 17:30 and begins at midnight', () => {
    const index = working.dayStartsAt.indexOf(shanghai('2026-03-18'));
    expect(working.dayEndsAt[index]).toBe(shanghai('2026-03-18T17:30'));
  });

  test('windows are sorted and do not overlap', () => {
    for (let i = 1; i < working.windowStartsAt.length; i += 1) {
      expect(working.windowStartsAt[i] as number).toBeGreaterThanOrEqual(working.windowEndsAt[i - 1] as number);
    }
  });

  test('goes two years past the last known one, with weekends only there', () => {
    expect(working.holidaysKnownUntilAt).toBe(shanghai('2027-01-01'));
    expect(hoursOn('2027-10-01', SHANGHAI, working)).toBe(7.5);
    expect(hoursOn('2028-12-29', SHANGHAI, working)).toBe(7.5);
    expect(hoursOn('2029-01-01', SHANGHAI, working)).toBe(0);
    expect(addWorkingDays(working, shanghai('2028-12-29'), 1)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('a year that the package does not know', () => {
  test.each([
    ['2026-11-30T12:00', undefined],
    ['2026-12-02T12:00', 2027],
    ['2027-05-01T12:00', 2027],
    ['2031-05-01T12:00', 2031],
    ['2003-06-01T12:00', 2003],
  ])('seen from %s: complaint about %s', (local, year) => {
    const { complaint } = buildWorkingTime(rules, SHANGHAI, shanghai(local));
    if (year === undefined) expect(complaint).toBeUndefined();
    else expect(complaint).toContain(`the public holidays of ${year} are not known`);
  });

  test('still has weekdays when it is the present one', () => {
    const { working } = buildWorkingTime(rules, SHANGHAI, shanghai('2031-05-02T12:00'));
    expect(hoursOn('2033-12-30', SHANGHAI, working)).toBe(7.5);
  });
});

test('days of the deployment’s own win over both', () => {
  const own = { ...rules, extraHolidays: ['2026-03-18', '2026-02-14'], extraWorkdays: ['2026-03-21', '2026-02-17'] };
  const { working } = buildWorkingTime(own, SHANGHAI, MARCH_2026);
  const days = ['2026-03-18', '2026-02-14', '2026-03-21', '2026-02-17'];
  expect(days.map((day) => hoursOn(day, SHANGHAI, working))).toEqual([0, 0, 7.5, 7.5]);
});

describe('a calendar without public holidays', () => {
  const plain = { ...rules, holidays: 'none' as const };

  test('has weekdays only and never complains', () => {
    const { working, complaint } = buildWorkingTime(plain, SHANGHAI, shanghai('2031-05-02T12:00'));
    expect(complaint).toBeUndefined();
    expect(hoursOn('2026-10-01', SHANGHAI, working)).toBe(7.5);
    expect(working.holidaysKnownUntilAt).toBe(shanghai('2034-01-01'));
  });

  test('keeps local hours when the clocks change on a working day', () => {
    const sundays = { ...plain, weekdays: [7], hours: [{ start: '00:00', end: '24:00' }] };
    const { working } = buildWorkingTime(sundays, 'America/New_York', MARCH_2026);
    expect(hoursOn('2026-03-08', 'America/New_York', working)).toBe(23);
    expect(hoursOn('2026-11-01', 'America/New_York', working)).toBe(25);
    const late = { ...plain, weekdays: [7], hours: [{ start: '09:00', end: '17:00' }] };
    const { working: day } = buildWorkingTime(late, 'America/New_York', MARCH_2026);
    const opensAt = DateTime.fromISO('2026-03-08T09:00', { zone: 'America/New_York' }).toMillis();
    expect(day.windowStartsAt).toContain(opensAt);
  });
});

describe('on a machine of another time zone', () => {
  const machineZone = process.env.TZ;
  afterEach(() => {
    if (machineZone === undefined) delete process.env.TZ;
    else process.env.TZ = machineZone;
  });

  test.each(['America/New_York', 'Pacific/Kiritimati'])('%s the calendar is the same', (zone) => {
    const before = buildWorkingTime(rules, SHANGHAI, MARCH_2026).working;
    process.env.TZ = zone;
    expect(new Date(2026, 0, 1).getTimezoneOffset()).not.toBe(-480);
    expect(buildWorkingTime(rules, SHANGHAI, MARCH_2026).working).toEqual(before);
  });
});

test.each(['Asia/Shanghai', 'America/Chicago', 'Africa/Casablanca', 'Pacific/Apia', 'Australia/Lord_Howe'])(
  'every day of %s begins where its zone says, whatever its clocks do',
  (timeZone) => {
    const everyDay = { ...rules, holidays: 'none' as const, weekdays: [1, 2, 3, 4, 5, 6, 7] };
    const { dayStartsAt } = buildWorkingTime(everyDay, timeZone, Date.parse('2026-03-18T00:00:00Z')).working;
    const expected: number[] = [];
    const last = dayStartsAt.at(-1) as number;
    let day = DateTime.fromMillis(dayStartsAt[0] as number, { zone: timeZone });
    for (; day.toMillis() <= last; day = day.plus({ days: 1 })) expected.push(day.toMillis());
    expect(dayStartsAt).toEqual(expected);
  },
);

test('every zone says the same of its offset as a text and by its date, summer time and old local times included', () => {
  const differing: string[] = [];
  for (const timeZone of Intl.supportedValuesOf('timeZone')) {
    const byText = zoneOffset(timeZone);
    const byDate = IANAZone.create(timeZone);
    for (let year = 1885; year < 2040; year += 5) {
      for (const month of [0, 6]) {
        const at = Date.UTC(year, month, 15, 3);
        if (Math.abs(byText(at) - byDate.offset(at)) > 1e-9) differing.push(`${timeZone} ${year}-${month + 1}`);
      }
    }
  }
  expect(differing).toEqual([]);
});
