import { isEnded, type Ticket } from './ticket.ts';

/** 紧急工作时, 工作时, 工作日: how a limit is counted. */
export const LIMIT_CLOCKS = ['clockHours', 'workingHours', 'workingDays'] as const;
export type LimitClock = (typeof LIMIT_CLOCKS)[number];

/**
 * The working calendar as instants (epoch ms), so that arithmetic on it needs no time zone and no date library.
 * Windows are sorted and do not overlap; `dayStartsAt[i]` is the local midnight and `dayEndsAt[i]` the close of
 * business of the i-th working day. Built by the server from the deployment's hours and public holidays.
 */
export interface WorkingTime {
  readonly windowStartsAt: readonly number[];
  readonly windowEndsAt: readonly number[];
  readonly dayStartsAt: readonly number[];
  readonly dayEndsAt: readonly number[];
  /** Public holidays are known from here … */
  readonly holidaysKnownFromAt: number;
  /** … to here; outside only weekends are left out, and a deadline that touches it says so. */
  readonly holidaysKnownUntilAt: number;
}

/** Least length that “twice the limit” is reckoned with (contract, Alert). */
const LEAST_LIMIT_MS = 10 * 60_000;

/** Index of the first element that is ≥ `value`, in a sorted list. */
function lowerBound(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the first element that is > `value`, in a sorted list. */
function upperBound(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

const totals = new WeakMap<WorkingTime, readonly number[]>();

/** Working ms before each window, one more at the end; reckoned once per calendar. */
function totalsOf(working: WorkingTime): readonly number[] {
  let known = totals.get(working);
  if (known === undefined) {
    const sums = [0];
    for (const [i, startsAt] of working.windowStartsAt.entries()) {
      sums.push((sums[i] as number) + (working.windowEndsAt[i] as number) - startsAt);
    }
    known = sums;
    totals.set(working, known);
  }
  return known;
}

/** Working ms from the start of the calendar to `at`; time outside hours adds nothing. */
function workedUntil(working: WorkingTime, at: number): number {
  const sums = totalsOf(working);
  const i = upperBound(working.windowStartsAt, at);
  if (i === 0) return 0;
  const startsAt = working.windowStartsAt[i - 1] as number;
  const endsAt = working.windowEndsAt[i - 1] as number;
  return (sums[i - 1] as number) + Math.min(at, endsAt) - startsAt;
}

/** Working ms between two instants, negative where `toAt` lies before `fromAt`. */
export function workingMsBetween(working: WorkingTime, fromAt: number, toAt: number): number {
  return workedUntil(working, toAt) - workedUntil(working, fromAt);
}

/**
 * The instant at which `ms` of working time have passed since `fromAt`. A limit that uses a window up exactly ends
 * with it, not at the next opening. Infinity past the end of the calendar.
 */
export function addWorkingMs(working: WorkingTime, fromAt: number, ms: number): number {
  const sums = totalsOf(working);
  const target = workedUntil(working, fromAt) + ms;
  if (ms === 0) return fromAt;
  const i = lowerBound(sums, target) - 1;
  const startsAt = working.windowStartsAt[i];
  if (i < 0 || startsAt === undefined) return Number.POSITIVE_INFINITY;
  return startsAt + target - (sums[i] as number);
}

/** The earliest instant from which no more than `ms` of working time lead to `untilAt`: the mirror of `addWorkingMs`. −Infinity before the calendar. */
export function subtractWorkingMs(working: WorkingTime, untilAt: number, ms: number): number {
  const sums = totalsOf(working);
  const target = workedUntil(working, untilAt) - ms;
  const i = lowerBound(sums, target) - 1;
  const startsAt = working.windowStartsAt[i];
  return ms === 0
    ? untilAt
    : startsAt === undefined
      ? Number.NEGATIVE_INFINITY
      : startsAt + target - (sums[i] as number);
}

/**
 * The close of business of the `days`-th working day after `fromAt`. The day of `fromAt` itself does not count
 * (Civil Code of the PRC, art. 201), and the last day ends with its business hours (art. 203). Infinity past the end.
 */
export function addWorkingDays(working: WorkingTime, fromAt: number, days: number): number {
  const first = upperBound(working.dayStartsAt, fromAt);
  return working.dayEndsAt[first + days - 1] ?? Number.POSITIVE_INFINITY;
}

/** When a limit that starts at `fromAt` ends: `amount` in minutes for the hour clocks, in days for working days. */
export function deadline(
  working: WorkingTime,
  limit: { readonly clock: LimitClock; readonly amount: number },
  fromAt: number,
): number {
  switch (limit.clock) {
    case 'clockHours':
      return fromAt + limit.amount * 60_000;
    case 'workingHours':
      return addWorkingMs(working, fromAt, limit.amount * 60_000);
    case 'workingDays':
      return addWorkingDays(working, fromAt, limit.amount);
  }
}

/**
 * A deadline after the clock stood still from `suspendedAt` to `resumedAt` (挂账). Hour clocks get back exactly the
 * time of theirs that passed; working days get back each counted day whose close of business fell into the pause (the
 * day of the report never counted, so it is not given back either).
 */
export function resumedDeadline(
  working: WorkingTime,
  clock: LimitClock,
  dueAt: number,
  reportedAt: number,
  suspendedAt: number,
  resumedAt: number,
): number {
  if (resumedAt <= suspendedAt) return dueAt;
  switch (clock) {
    case 'clockHours':
      return dueAt + resumedAt - suspendedAt;
    case 'workingHours':
      return addWorkingMs(working, dueAt, workingMsBetween(working, suspendedAt, resumedAt));
    case 'workingDays': {
      const firstCounted = upperBound(working.dayStartsAt, reportedAt);
      const firstPaused = Math.max(upperBound(working.dayEndsAt, suspendedAt), firstCounted);
      const days = upperBound(working.dayEndsAt, resumedAt) - firstPaused;
      if (days <= 0) return dueAt;
      return working.dayEndsAt[lowerBound(working.dayEndsAt, dueAt) + days] ?? Number.POSITIVE_INFINITY;
    }
  }
}

/**
 * When lateness turns critical: at the deadline for safety categories, else once twice the limit has passed in the
 * ticket's own clock, the limit counted as at least 10 minutes.
 */
export function criticalFrom(
  working: WorkingTime,
  clock: LimitClock,
  reportedAt: number,
  dueAt: number,
  safety: boolean,
): number {
  if (safety) return dueAt;
  switch (clock) {
    case 'clockHours':
      return dueAt + Math.max(dueAt - reportedAt, LEAST_LIMIT_MS);
    case 'workingHours':
      return addWorkingMs(working, dueAt, Math.max(workingMsBetween(working, reportedAt, dueAt), LEAST_LIMIT_MS));
    case 'workingDays': {
      const days = lowerBound(working.dayEndsAt, dueAt) - upperBound(working.dayStartsAt, reportedAt) + 1;
      return addWorkingDays(working, dueAt, Math.max(days, 1));
    }
  }
}

/** Ms of the ticket's own clock left until the deadline; negative once it has passed, undefined without a deadline. */
export function remainingMs(working: WorkingTime, ticket: Ticket, now: number): number | undefined {
  if (ticket.dueAt === undefined) return undefined;
  const at = ticket.suspendedAt ?? now;
  if (ticket.clock === undefined || ticket.clock === 'clockHours' || ticket.dueAt < at) return ticket.dueAt - at;
  return workingMsBetween(working, at, ticket.dueAt);
}

/** What decides whether a ticket is in time. */
export type TimedTicket = Pick<Ticket, 'status' | 'dueAt' | 'suspendedAt' | 'handledAt' | 'endedAt' | 'overdueClaim'>;

/** The instant that decides whether a ticket was in time: its last standing `handle`, else its end; undefined while neither stands. */
export function finishedAt(ticket: TimedTicket): number | undefined {
  return ticket.handledAt ?? (isEnded(ticket.status) ? ticket.endedAt : undefined);
}

/** By how many ms the deadline was or is missed as seen at `at`; 0 in time, and 0 where there is no deadline. Exactly at the deadline is in time. */
export function lateByMs(ticket: TimedTicket, at: number): number {
  if (ticket.dueAt === undefined) return 0;
  return Math.max(0, (finishedAt(ticket) ?? ticket.suspendedAt ?? at) - ticket.dueAt);
}

/** Late as seen at `at`. A source's own claim counts only where there is no deadline. */
export function isOverdue(ticket: TimedTicket, at: number): boolean {
  return ticket.dueAt === undefined ? ticket.overdueClaim === true : lateByMs(ticket, at) > 0;
}

/** `critical` is red, `high` amber; undefined while in time. */
export function overdueSeverity(ticket: Ticket, at: number): 'critical' | 'high' | undefined {
  if (!isOverdue(ticket, at)) return undefined;
  const reference = finishedAt(ticket) ?? ticket.suspendedAt ?? at;
  return ticket.criticalAt !== undefined && reference >= ticket.criticalAt ? 'critical' : 'high';
}

/** Open, in time, its clock running, and at most `dueSoonMs` of that clock left. */
export function isDueSoon(working: WorkingTime, ticket: Ticket, now: number, dueSoonMs: number): boolean {
  if (ticket.suspendedAt !== undefined || isEnded(ticket.status) || finishedAt(ticket) !== undefined) return false;
  const left = remainingMs(working, ticket, now);
  return left !== undefined && left >= 0 && left <= dueSoonMs;
}
