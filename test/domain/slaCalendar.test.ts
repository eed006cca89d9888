import { DateTime } from 'luxon';
import { describe, expect, test } from 'vitest';
import { createRules } from '../../domain/decide.ts';
import {
  criticalFrom,
  deadline,
  isDueSoon,
  isOverdue,
  type LimitClock,
  lateByMs,
  overdueSeverity,
  remainingMs,
  resumedDeadline,
} from '../../domain/sla.ts';
import { buildWorkingTime } from '../../server/calendar.ts';
import { smallDeployment, ticketAfter } from '../support/domainBuilders.ts';

// 08:30–12:00 and 13:30–17:30. In 2026 Spring Festival is 15 to 23 February, made up for on Saturday the 14th and the 28th;
// New Year is 1 to 3 January, made up for on Sunday the 4th; National Day 1 to 7 October, made up for on Saturday the 10th.
const calendar = {
  hours: [
    { start: '08:30', end: '12:00' },
    { start: '13:30', end: '17:30' },
  ],
  weekdays: [1, 2, 3, 4, 5],
  holidays: 'CN' as const,
  warningDays: 30,
};
const ZONE = 'Asia/Shanghai';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function at(local: string): number {
  return DateTime.fromISO(local, { zone: ZONE }).toMillis();
}

function local(instant: number): string {
  return DateTime.fromMillis(instant, { zone: ZONE }).toFormat("yyyy-MM-dd'T'HH:mm");
}

const { working } = buildWorkingTime(calendar, ZONE, at('2026-03-18T10:00'));
const rules = createRules(smallDeployment({ calendar }), working);

describe('a limit in clock hours runs through nights and holidays', () => {
  test.each([
    ['2026-03-18T10:06', 120, '2026-03-18T12:06', 'on an ordinary morning'],
    ['2026-03-18T23:30', 60, '2026-03-19T00:30', 'over midnight'],
    ['2026-03-18T23:00', 60, '2026-03-19T00:00', 'to midnight exactly'],
    ['2025-12-31T23:00', 120, '2026-01-01T01:00', 'over the end of the year'],
    ['2026-02-16T20:00', 1440, '2026-02-17T20:00', 'into New Year’s Day of the moon'],
    ['2024-02-28T23:30', 60, '2024-02-29T00:30', 'into a leap day'],
    ['2024-02-29T12:00', 1440, '2024-03-01T12:00', 'out of a leap day'],
    ['2025-02-28T12:00', 1440, '2025-03-01T12:00', 'where there is no leap day'],
  ])('%s + %i min = %s (%s)', (from, amount, expected) => {
    expect(local(deadline(working, { clock: 'clockHours', amount }, at(from)))).toBe(expected);
  });
});

describe('a limit in working hours', () => {
  test.each([
    ['2026-03-18T10:06', 60, '2026-03-18T11:06', 'in one morning'],
    ['2026-03-18T11:00', 60, '2026-03-18T12:00', 'ends with the morning, not when the afternoon opens'],
    ['2026-03-18T16:30', 60, '2026-03-18T17:30', 'ends with the day, not when the next one opens'],
    ['2026-03-18T08:30', 450, '2026-03-18T17:30', 'takes a whole day'],
    ['2026-03-18T08:30', 451, '2026-03-19T08:31', 'takes a day and a minute'],
    ['2026-03-18T11:30', 60, '2026-03-18T14:00', 'over lunch'],
    ['2026-03-18T12:00', 60, '2026-03-18T14:30', 'from the moment the morning ends'],
    ['2026-03-18T12:30', 60, '2026-03-18T14:30', 'from lunch'],
    ['2026-03-18T06:00', 60, '2026-03-18T09:30', 'from before opening'],
    ['2026-03-18T00:00', 60, '2026-03-18T09:30', 'from midnight'],
    ['2026-03-18T17:00', 60, '2026-03-19T09:00', 'over night'],
    ['2026-03-18T17:30', 60, '2026-03-19T09:30', 'from closing'],
    ['2026-03-18T23:59', 60, '2026-03-19T09:30', 'from the night'],
    ['2026-03-20T17:00', 60, '2026-03-23T09:00', 'over a weekend'],
    ['2026-03-21T10:00', 60, '2026-03-23T09:30', 'from a Saturday off'],
    ['2026-02-14T10:00', 60, '2026-02-14T11:00', 'on a made-up Saturday'],
    ['2026-02-13T17:00', 60, '2026-02-14T09:00', 'into a made-up Saturday'],
    ['2026-02-14T17:00', 60, '2026-02-24T09:00', 'over Spring Festival'],
    ['2026-02-18T10:00', 60, '2026-02-24T09:30', 'from the midst of Spring Festival'],
    ['2026-02-27T17:00', 480, '2026-02-28T17:30', 'to the end of the second made-up Saturday'],
    ['2025-12-31T17:00', 60, '2026-01-04T09:00', 'over the end of the year into a made-up Sunday'],
    ['2024-02-28T17:00', 60, '2024-02-29T09:00', 'into a leap day'],
    ['2024-02-29T17:00', 60, '2024-03-01T09:00', 'out of a leap day'],
  ])('%s + %i min = %s (%s)', (from, amount, expected) => {
    expect(local(deadline(working, { clock: 'workingHours', amount }, at(from)))).toBe(expected);
  });
});

describe('a limit in working days ends with the business hours of its last day; its first day does not count', () => {
  test.each([
    ['2026-03-18T10:06', 1, '2026-03-19T17:30', 'overnight'],
    ['2026-03-18T06:00', 1, '2026-03-19T17:30', 'from before opening'],
    ['2026-03-18T23:59', 1, '2026-03-19T17:30', 'from the last minute of a day'],
    ['2026-03-19T00:00', 1, '2026-03-20T17:30', 'from midnight, which is the day that begins'],
    ['2026-03-18T10:06', 3, '2026-03-23T17:30', 'over a weekend'],
    ['2026-03-20T17:30', 1, '2026-03-23T17:30', 'from a Friday evening'],
    ['2026-03-21T10:00', 1, '2026-03-23T17:30', 'from a Saturday off'],
    ['2026-02-13T10:00', 1, '2026-02-14T17:30', 'onto a made-up Saturday'],
    ['2026-02-14T10:00', 1, '2026-02-24T17:30', 'over Spring Festival'],
    ['2026-02-18T10:00', 2, '2026-02-25T17:30', 'from the midst of Spring Festival'],
    ['2026-02-27T10:00', 2, '2026-03-02T17:30', 'over the second made-up Saturday'],
    ['2025-12-31T10:00', 2, '2026-01-05T17:30', 'over the end of the year'],
    ['2024-02-28T10:00', 1, '2024-02-29T17:30', 'onto a leap day'],
    ['2024-02-29T10:00', 1, '2024-03-01T17:30', 'from a leap day'],
    ['2026-09-30T10:00', 3, '2026-10-10T17:30', 'over National Day onto its made-up Saturday'],
  ])('%s + %i d = %s (%s)', (from, amount, expected) => {
    expect(local(deadline(working, { clock: 'workingDays', amount }, at(from)))).toBe(expected);
  });
});

describe('a pause (挂账) over Spring Festival gives back', () => {
  test.each<[LimitClock, string, string, string, string, string]>([
    ['clockHours', '2026-02-14T18:00', '2026-02-14T16:30', '2026-02-24T09:30', '2026-02-24T11:00', 'every hour of it'],
    [
      'workingHours',
      '2026-02-14T17:30',
      '2026-02-14T16:30',
      '2026-02-24T09:30',
      '2026-02-24T10:30',
      'the two working hours',
    ],
    [
      'workingHours',
      '2026-02-24T09:30',
      '2026-02-16T10:00',
      '2026-02-20T10:00',
      '2026-02-24T09:30',
      'nothing where nobody works',
    ],
    [
      'workingDays',
      '2026-02-24T17:30',
      '2026-02-13T10:00',
      '2026-02-24T09:00',
      '2026-02-26T17:30',
      'the two days that closed in it',
    ],
    ['workingDays', '2026-02-24T17:30', '2026-02-15T10:00', '2026-02-23T23:00', '2026-02-24T17:30', 'no holiday'],
    [
      'workingDays',
      '2026-03-19T17:30',
      '2026-03-18T09:00',
      '2026-03-18T17:29',
      '2026-03-19T17:30',
      'no day that it left open',
    ],
  ])('%s: due %s, paused %s to %s → %s (%s)', (clock, due, pausedFrom, pausedTo, expected) => {
    const reportedAt = at('2026-02-10T10:00');
    expect(local(resumedDeadline(working, clock, at(due), reportedAt, at(pausedFrom), at(pausedTo)))).toBe(expected);
  });

  test('not the day of the report, which never counted', () => {
    const reportedAt = at('2026-02-13T16:00');
    const due = deadline(working, { clock: 'workingDays', amount: 3 }, reportedAt);
    expect(local(due)).toBe('2026-02-25T17:30');
    const resumed = resumedDeadline(
      working,
      'workingDays',
      due,
      reportedAt,
      at('2026-02-13T16:30'),
      at('2026-02-24T08:30'),
    );
    expect(local(resumed)).toBe('2026-02-26T17:30');
  });

  test.each([
    ['parking', '2026-02-14T16:30', '2026-02-14T17:00', '2026-02-24T10:00'],
    ['lamp', '2026-02-14T16:30', '2026-02-14T17:00', '2026-02-24T17:30'],
    ['permit', '2026-02-13T16:00', '2026-02-14T09:00', '2026-02-26T17:30'],
  ])('and the ticket of category %s reported %s, paused %s, knows it', (category, reportedAt, pausedFrom, expected) => {
    const pausedAt = at(pausedFrom);
    const resumedAt = at('2026-02-24T08:30');
    const paused = ticketAfter({ category, reportedAt: at(reportedAt) }, [{ step: 'suspend', at: pausedAt }], rules);
    expect(isOverdue(paused, at('2026-02-26T00:00'))).toBe(false);
    expect(isDueSoon(working, paused, at('2026-02-24T08:00'), 100 * HOUR)).toBe(false);
    const resumed = ticketAfter(
      { category, reportedAt: at(reportedAt) },
      [
        { step: 'suspend', at: pausedAt },
        { step: 'resume', at: resumedAt },
      ],
      rules,
    );
    expect(local(resumed.dueAt as number)).toBe(expected);
    expect(resumed.originalDueAt).toBe(paused.dueAt);
  });
});

describe('an extension', () => {
  const extended = ticketAfter(
    { category: 'lamp', reportedAt: at('2026-03-18T09:00') },
    [{ step: 'extend', at: at('2026-03-18T16:00'), dueAt: at('2026-03-20T12:00') }],
    rules,
  );

  test('moves the deadline and keeps the first one', () => {
    expect(local(extended.originalDueAt as number)).toBe('2026-03-19T09:30');
    expect(local(extended.dueAt as number)).toBe('2026-03-20T12:00');
    expect(isOverdue(extended, at('2026-03-20T12:00'))).toBe(false);
    expect(isOverdue(extended, at('2026-03-20T12:00') + 1)).toBe(true);
  });

  test('moves red with it: twice the longer limit, in working hours', () => {
    // 9:00 on the 18th to 12:00 on the 20th are 7 + 7.5 + 3.5 = 18 working hours, and 18 more lead to Tuesday
    expect(local(extended.criticalAt as number)).toBe('2026-03-24T16:30');
  });
});

test('rework sends the ticket back with its clock running on from the report', () => {
  const ticket = ticketAfter(
    { category: 'parking', reportedAt: at('2026-03-18T10:00') },
    [
      { step: 'handle', at: at('2026-03-18T11:50'), by: '王辛' },
      { step: 'rework', at: at('2026-03-18T12:10'), by: '郑庚' },
    ],
    rules,
  );
  expect(local(ticket.dueAt as number)).toBe('2026-03-18T12:00');
  expect(isOverdue(ticket, at('2026-03-18T12:10'))).toBe(true);
  expect(lateByMs(ticket, at('2026-03-18T12:10'))).toBe(10 * MINUTE);
});

describe('finished', () => {
  test.each([
    ['2026-03-18T12:00:00', false],
    ['2026-03-18T12:00:01', true],
  ])('at %s against a deadline of 12:00: late %s', (handledAt, late) => {
    const ticket = ticketAfter(
      { category: 'parking', reportedAt: at('2026-03-18T10:00') },
      [{ step: 'handle', at: at(handledAt), by: '王辛' }],
      rules,
    );
    expect(isOverdue(ticket, at('2026-03-20T00:00'))).toBe(late);
  });
});

describe('late turns critical', () => {
  test.each<[LimitClock, string, string, boolean, string, string]>([
    ['clockHours', '2026-03-18T10:00', '2026-03-18T12:00', false, '2026-03-18T14:00', 'at twice the limit'],
    ['clockHours', '2026-03-18T10:00', '2026-03-18T10:04', false, '2026-03-18T10:14', 'not before 10 minutes'],
    [
      'clockHours',
      '2026-03-18T10:00',
      '2026-03-18T12:00',
      true,
      '2026-03-18T12:00',
      'at once where it is about safety',
    ],
    ['workingHours', '2026-03-18T16:30', '2026-03-18T17:30', false, '2026-03-19T09:30', 'after as many working hours'],
    ['workingHours', '2026-02-14T09:30', '2026-02-14T15:00', false, '2026-02-24T10:00', 'after Spring Festival'],
    [
      'workingHours',
      '2026-03-18T17:28',
      '2026-03-18T17:30',
      false,
      '2026-03-19T08:40',
      'not before 10 working minutes',
    ],
    ['workingDays', '2026-03-18T10:00', '2026-03-20T17:30', false, '2026-03-24T17:30', 'after as many working days'],
    ['workingDays', '2026-02-13T10:00', '2026-02-14T17:30', false, '2026-02-24T17:30', 'after Spring Festival'],
    [
      'workingDays',
      '2026-03-18T10:00',
      '2026-03-20T17:30',
      true,
      '2026-03-20T17:30',
      'at once where it is about safety',
    ],
  ])('%s from %s, due %s (safety %s): %s, %s', (clock, from, due, safety, expected) => {
    expect(local(criticalFrom(working, clock, at(from), at(due), safety))).toBe(expected);
  });

  test('and the ticket says so from that instant on', () => {
    const ticket = ticketAfter({ category: 'parking', reportedAt: at('2026-03-18T10:00') }, [], rules);
    const criticalAt = at('2026-03-18T14:00');
    expect(overdueSeverity(ticket, at('2026-03-18T12:00'))).toBeUndefined();
    expect(overdueSeverity(ticket, criticalAt - 1)).toBe('high');
    expect(overdueSeverity(ticket, criticalAt)).toBe('critical');
  });
});

test('what is left is told in the clock of the limit: a night is no time to a working hour', () => {
  const ticket = ticketAfter({ category: 'lamp', reportedAt: at('2026-03-18T09:00') }, [], rules);
  expect(local(ticket.dueAt as number)).toBe('2026-03-19T09:30');
  expect(remainingMs(working, ticket, at('2026-03-18T17:00'))).toBe(1.5 * HOUR);
  expect(remainingMs(working, ticket, at('2026-03-19T03:00'))).toBe(HOUR);
  expect(isDueSoon(working, ticket, at('2026-03-18T20:00'), HOUR)).toBe(true);
});

describe('a deadline in a year whose holidays are not known yet', () => {
  test.each([
    ['lamp', '2026-12-31T17:00', '2027-01-01T17:30', ['calendarMissing']],
    ['permit', '2026-12-30T10:00', '2027-01-04T17:30', ['calendarMissing']],
    ['permit', '2026-12-25T10:00', '2026-12-30T17:30', []],
    ['parking', '2026-12-31T23:00', '2027-01-01T01:00', []],
  ])('%s from %s: %s, flags %j', (category, reportedAt, dueAt, flags) => {
    const ticket = ticketAfter({ category, reportedAt: at(reportedAt) }, [], rules);
    expect(local(ticket.dueAt as number)).toBe(dueAt);
    expect(ticket.flags).toEqual(flags);
  });
});
