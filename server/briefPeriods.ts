import type { BriefPeriod, BriefPeriods } from '../domain/brief.ts';
import type { LocalTime } from './localTime.ts';

type Days = Pick<LocalTime, 'dayStart' | 'monthStart'>;

/** `fromAt` first, then every local midnight before `toAt`. */
function dayStarts(days: Days, fromAt: number, toAt: number): readonly number[] {
  const starts = [fromAt];
  for (let next = days.dayStart(fromAt, 1); next < toAt; next = days.dayStart(next, 1)) starts.push(next);
  return starts;
}

/** As many local days after `fromAt` as `at` lies after `since`, at the same time of day, `latestAt` at the latest. */
function sameStage(days: Days, since: number, at: number, fromAt: number, latestAt: number): number {
  const dayAt = days.dayStart(at);
  const gone = dayStarts(days, days.dayStart(since), dayAt + 1).length - 1;
  return Math.min(latestAt, days.dayStart(fromAt, gone) + (at - dayAt));
}

function period(days: Days, fromAt: number, toAt: number, at: number): BriefPeriod {
  return { fromAt, toAt, at, dayStartsAt: dayStarts(days, fromAt, toAt) };
}

/**
 * The month that holds `inMonthAt`, seen at `at`, and the month before it at the same stage. A month that is over is
 * compared with the whole month before, seen as long after its end.
 */
export function monthPeriods(days: Days, inMonthAt: number, at: number): BriefPeriods {
  const fromAt = days.monthStart(inMonthAt);
  const toAt = days.monthStart(inMonthAt, 1);
  const fromBefore = days.monthStart(inMonthAt, -1);
  const atBefore = at < toAt ? sameStage(days, fromAt, at, fromBefore, fromAt) : fromAt + (at - toAt);
  return { current: period(days, fromAt, toAt, at), previous: period(days, fromBefore, fromAt, atBefore) };
}

/** Any period, seen at `at`, and the one of the same length that ends where it begins, seen as long after its own begin. */
export function spanPeriods(days: Days, fromAt: number, toAt: number, at: number): BriefPeriods {
  const lengthMs = toAt - fromAt;
  return {
    current: period(days, fromAt, toAt, at),
    previous: period(days, fromAt - lengthMs, fromAt, at - lengthMs),
  };
}
