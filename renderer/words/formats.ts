import { DateTime } from 'luxon';
import type { LocalDay } from '../../domain/metrics.ts';

/**
 * Every format of the wall in one place (visual specification §10). Instants are epoch ms, shown in the deployment's
 * zone, never the machine's. Units and date patterns come from the message files; digits and signs from here.
 */

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** For a figure that is not there. */
export const MISSING = '—';
export const MINUS = '−';

/** `8,427`; never shortened to 万. */
export function count(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
}

/**
 * A fraction as a percentage with one decimal, without the sign: `97.5`. Rounding never lifts it across its target
 * (0.9496 against 0.95 is `94.9`).
 */
export function rate(fraction: number, target: number): string {
  const tenths = Math.round(fraction * 1000);
  const lifted = fraction < target && tenths >= Math.round(target * 1000);
  return ((lifted ? tenths - 1 : tenths) / 10).toFixed(1);
}

/** A measure with a fixed number of decimals: `2.1`. */
export function decimal(value: number, digits = 1): string {
  return value.toFixed(digits);
}

/** `+5`, `−2`, `0`. */
export function signed(value: number): string {
  if (value === 0) return '0';
  return value > 0 ? `+${count(value)}` : `${MINUS}${count(-value)}`;
}

/** The difference of two fractions in percentage points with one decimal: `+1.3`, `−0.4`, `0.0`. */
export function points(difference: number): string {
  const tenths = Math.round(difference * 1000);
  if (tenths === 0) return '0.0';
  return `${tenths > 0 ? '+' : MINUS}${(Math.abs(tenths) / 10).toFixed(1)}`;
}

export type DurationUnit = 'day' | 'hour' | 'minute' | 'second';

/** One number of a duration with the unit that follows it. */
export interface DurationPart {
  readonly digits: string;
  readonly unit: DurationUnit;
}

function two(value: number): string {
  return value.toString().padStart(2, '0');
}

/** Under an hour `38分`, under a day `2时08分`, else `1天03时`; whole units passed, nothing rounded up. */
export function duration(ms: number): readonly DurationPart[] {
  const whole = Math.max(0, ms);
  if (whole < HOUR_MS) return [{ digits: Math.floor(whole / MINUTE_MS).toString(), unit: 'minute' }];
  if (whole < DAY_MS) {
    return [
      { digits: Math.floor(whole / HOUR_MS).toString(), unit: 'hour' },
      { digits: two(Math.floor((whole % HOUR_MS) / MINUTE_MS)), unit: 'minute' },
    ];
  }
  return [
    { digits: Math.floor(whole / DAY_MS).toString(), unit: 'day' },
    { digits: two(Math.floor((whole % DAY_MS) / HOUR_MS)), unit: 'hour' },
  ];
}

/** How old something is: `41秒`, `6分12秒`, from an hour on as `duration`. */
export function lag(ms: number): readonly DurationPart[] {
  const whole = Math.max(0, ms);
  if (whole >= HOUR_MS) return duration(whole);
  const seconds = Math.floor(whole / SECOND_MS);
  if (seconds < 60) return [{ digits: seconds.toString(), unit: 'second' }];
  return [
    { digits: Math.floor(seconds / 60).toString(), unit: 'minute' },
    { digits: two(seconds % 60), unit: 'second' },
  ];
}

function local(at: number, timeZone: string): DateTime {
  return DateTime.fromMillis(at, { zone: timeZone });
}

const MOST_MINUTE_TEXTS = 2000;
const minuteTexts = new Map<string, string>();

/**
 * A pattern without seconds. Lists say the same few minutes again with each change, and asking a zone takes 20 µs or more,
 * so what was said is kept. Clocks have differed by whole minutes everywhere since 1972.
 */
function inMinute(at: number, timeZone: string, pattern: string): string {
  const key = `${Math.floor(at / MINUTE_MS)} ${timeZone} ${pattern}`;
  const known = minuteTexts.get(key);
  if (known !== undefined) return known;
  if (minuteTexts.size >= MOST_MINUTE_TEXTS) minuteTexts.clear();
  const text = local(at, timeZone).toFormat(pattern);
  minuteTexts.set(key, text);
  return text;
}

/** `15:42`. */
export function timeOfDay(at: number, timeZone: string): string {
  return inMinute(at, timeZone, 'HH:mm');
}

/** `15:42:08`. */
export function clockTime(at: number, timeZone: string): string {
  return local(at, timeZone).toFormat('HH:mm:ss');
}

/** `2026-03-18`. */
export function isoDate(at: number, timeZone: string): string {
  return inMinute(at, timeZone, 'yyyy-MM-dd');
}

function isOnDay(at: number, dayStartAt: number, timeZone: string): boolean {
  return isoDate(at, timeZone) === isoDate(dayStartAt, timeZone);
}

/** A date by a pattern of the message files, with weekday names in `language`. */
export function patternDate(at: number, timeZone: string, pattern: string, language: string): string {
  return local(at, timeZone).setLocale(language).toFormat(pattern);
}

/** `15:42` on the day that `dayStartAt` begins, `03-17` on any other. */
export function timeOrDate(at: number, dayStartAt: number, timeZone: string): string {
  return inMinute(at, timeZone, isOnDay(at, dayStartAt, timeZone) ? 'HH:mm' : 'MM-dd');
}

/** `15:42` on the day that `dayStartAt` begins, `03-17 15:42` on any other. */
export function timeWithDate(at: number, dayStartAt: number, timeZone: string): string {
  return inMinute(at, timeZone, isOnDay(at, dayStartAt, timeZone) ? 'HH:mm' : 'MM-dd HH:mm');
}

/**
 * The local day around an instant. Where the clocks go forward the hour that is left out has no length, where they go
 * back the hour that comes twice lasts two.
 */
export function localDay(at: number, timeZone: string): LocalDay {
  const midnight = local(at, timeZone).startOf('day');
  const nextAt = midnight.plus({ days: 1 }).toMillis();
  const hourStartsAt: number[] = [];
  let probe = midnight;
  for (let hour = 0; hour < 24; hour += 1) {
    while (probe.toMillis() < nextAt && probe.day === midnight.day && probe.hour < hour) {
      probe = DateTime.fromMillis(probe.toMillis() + HOUR_MS / 2, { zone: timeZone });
    }
    hourStartsAt.push(Math.min(probe.toMillis(), nextAt));
  }
  return { startAt: midnight.toMillis(), hourStartsAt: [...hourStartsAt, nextAt] };
}
