import publicHolidays from 'chinese-days/dist/chinese-days.json' with { type: 'json' };
import { DateTime } from 'luxon';
import type { CalendarRules } from '../domain/deployment.ts';
import type { WorkingTime } from '../domain/sla.ts';
import { zoneOffset } from './localTime.ts';

/** Limits run at most this far past the present, or past the last year whose holidays are known. */
const YEARS_AHEAD = 2;
const DAY_MS = 24 * 3_600_000;

const holidays: ReadonlySet<string> = new Set(Object.keys(publicHolidays.holidays));
const makeUpWorkdays: ReadonlySet<string> = new Set(Object.keys(publicHolidays.workdays));

const holidayYears = [...holidays].map((day) => Number(day.slice(0, 4)));
/** First and last year of the State Council's arrangement in the package chinese-days. */
const FIRST_KNOWN_YEAR = Math.min(...holidayYears);
const LAST_KNOWN_YEAR = Math.max(...holidayYears);

/**
 * The working calendar as instants, from the first year that the holiday package knows to two years past the last
 * known (or the present) one; in years it does not know only weekends are left out. `complaint` is one sentence for
 * log and status when the year of `nowAt` or the days after it that the rules look ahead are not known.
 */
export function buildWorkingTime(
  rules: CalendarRules,
  timeZone: string,
  nowAt: number = Date.now(),
): { working: WorkingTime; complaint?: string } {
  const now = DateTime.fromMillis(nowAt, { zone: timeZone });
  const lastYear = Math.max(LAST_KNOWN_YEAR, now.year) + YEARS_AHEAD;
  const weekdays = new Set(rules.weekdays);
  const extraHolidays = new Set(rules.extraHolidays);
  const extraWorkdays = new Set(rules.extraWorkdays);
  const chinese = rules.holidays === 'CN';
  const isWorked = (day: string, weekday: number): boolean => {
    if (extraWorkdays.has(day)) return true;
    if (extraHolidays.has(day)) return false;
    if (chinese && makeUpWorkdays.has(day)) return true;
    if (chinese && holidays.has(day)) return false;
    return weekdays.has(weekday);
  };

  const hours = rules.hours.map(({ start, end }) => [minuteOf(start), minuteOf(end)] as const);
  const windowStartsAt: number[] = [];
  const windowEndsAt: number[] = [];
  const dayStartsAt: number[] = [];
  const dayEndsAt: number[] = [];
  const firstDay = DateTime.fromObject({ year: FIRST_KNOWN_YEAR }, { zone: timeZone });
  for (const day of daysUntil(firstDay, lastYear)) {
    if (!isWorked(day.date, day.weekday)) continue;
    dayStartsAt.push(day.startsAt);
    for (const [start, end] of hours) {
      windowStartsAt.push(atClock(day, timeZone, start));
      windowEndsAt.push(atClock(day, timeZone, end));
    }
    dayEndsAt.push(windowEndsAt.at(-1) as number);
  }

  const knownUntil = holidaysKnownUntil(rules, timeZone, nowAt);
  const working: WorkingTime = {
    windowStartsAt,
    windowEndsAt,
    dayStartsAt,
    dayEndsAt,
    holidaysKnownFromAt: firstDay.toMillis(),
    holidaysKnownUntilAt: knownUntil.toMillis(),
  };
  const complaint = calendarComplaint(rules, timeZone, nowAt);
  return { working, ...(complaint === undefined ? {} : { complaint }) };
}

function holidaysKnownUntil(rules: CalendarRules, timeZone: string, nowAt: number): DateTime {
  const { year } = DateTime.fromMillis(nowAt, { zone: timeZone });
  const knownUntilYear =
    rules.holidays === 'CN' ? LAST_KNOWN_YEAR + 1 : Math.max(LAST_KNOWN_YEAR, year) + YEARS_AHEAD + 1;
  return DateTime.fromObject({ year: knownUntilYear }, { zone: timeZone });
}

/** What `buildWorkingTime` would complain of at `nowAt`, without building anything. */
export function calendarComplaint(rules: CalendarRules, timeZone: string, nowAt: number): string | undefined {
  const now = DateTime.fromMillis(nowAt, { zone: timeZone });
  const firstDay = DateTime.fromObject({ year: FIRST_KNOWN_YEAR }, { zone: timeZone });
  const knownUntil = holidaysKnownUntil(rules, timeZone, nowAt);
  const unknownYear = [now, now.plus({ days: rules.warningDays })].find(
    (day) => day >= knownUntil || day < firstDay,
  )?.year;
  if (unknownYear === undefined) return undefined;
  return (
    `the public holidays of ${unknownYear} are not known (chinese-days ends with ${LAST_KNOWN_YEAR}): ` +
    'working-time deadlines leave out weekends only; update the package or list the days under calendar.extraHolidays and extraWorkdays'
  );
}

/** One local day: from its midnight to the next one. */
interface Day {
  /** `2026-03-18` */
  readonly date: string;
  /** 1 is Monday. */
  readonly weekday: number;
  readonly startsAt: number;
  readonly endsAt: number;
}

/**
 * Day by day to the end of `lastYear`. Asking a time zone about each of nine thousand days would be half of the server's
 * start; no zone changes its clocks and back within a week, so it is asked once a week, and day by day where it changes.
 */
function* daysUntil(firstDay: DateTime, lastYear: number): Generator<Day> {
  const { zone } = firstDay;
  const offsetAt = zoneOffset(zone.name);
  let at = firstDay.toMillis();
  let offset = offsetAt(at);
  for (;;) {
    const nextWeekAt = at + 7 * DAY_MS;
    const nextOffset = offsetAt(nextWeekAt);
    if (nextOffset === offset) {
      for (; at < nextWeekAt; at += DAY_MS) {
        const local = new Date(at + offset * 60_000);
        if (local.getUTCFullYear() > lastYear) return;
        const date = local.toISOString().slice(0, 10);
        yield { date, weekday: local.getUTCDay() || 7, startsAt: at, endsAt: at + DAY_MS };
      }
      continue;
    }
    const day = DateTime.fromMillis(at, { zone });
    if (day.year > lastYear) return;
    const endsAt = day.plus({ days: 1 }).toMillis();
    yield { date: day.toISODate() as string, weekday: day.weekday, startsAt: at, endsAt };
    at = endsAt;
    offset = offsetAt(at);
  }
}

/** Of a clock's reading, `08:30`. */
function minuteOf(clock: string): number {
  const [hour, minute] = clock.split(':').map(Number) as [number, number];
  return hour * 60 + minute;
}

function atClock({ startsAt, endsAt }: Day, timeZone: string, minuteOfDay: number): number {
  if (minuteOfDay === 24 * 60) return endsAt;
  // Only a day on which the clocks change needs the time zone for each of its hours.
  if (endsAt - startsAt === DAY_MS) return startsAt + minuteOfDay * 60_000;
  const [hour, minute] = [Math.floor(minuteOfDay / 60), minuteOfDay % 60];
  return DateTime.fromMillis(startsAt, { zone: timeZone }).set({ hour, minute }).toMillis();
}
