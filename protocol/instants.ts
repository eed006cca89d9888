import type { Encoded } from './wire.ts';

/** Minutes east of UTC at an instant (epoch ms), whole. */
export type OffsetMinutes = (at: number) => number;

/** Keys whose numbers are instants: `at`, `…At`, and lists under such a key. */
export function isInstantKey(key: string): boolean {
  return key === 'at' || key.endsWith('At');
}

const TWO_DIGITS = Array.from({ length: 100 }, (_, value) => String(value).padStart(2, '0'));
const DAY_MS = 24 * 3_600_000;
/** Dates in use at a time are few; the table is emptied when a stranger's dates fill it. */
const MAX_KNOWN_DATES = 5000;
const knownDates = new Map<number, string>();

/** `2026-03-18T` of a day counted from 1970. */
function datePart(day: number): string {
  let date = knownDates.get(day);
  if (date === undefined) {
    const written = new Date(day * DAY_MS).toISOString();
    date = written.slice(0, written.indexOf('T') + 1);
    if (knownDates.size >= MAX_KNOWN_DATES) knownDates.clear();
    knownDates.set(day, date);
  }
  return date;
}

/** `2026-03-18T10:06:00+08:00`; milliseconds only where there are any. */
export function formatInstant(at: number, offsetMinutes: OffsetMinutes): string {
  const offset = offsetMinutes(at);
  const local = at + offset * 60_000;
  const day = Math.floor(local / DAY_MS);
  const ms = local - day * DAY_MS;
  const seconds = Math.floor(ms / 1000);
  const fraction = ms % 1000 === 0 ? '' : `.${String(ms % 1000).padStart(3, '0')}`;
  const beyond = Math.abs(offset);
  return (
    `${datePart(day)}${TWO_DIGITS[Math.floor(seconds / 3600)]}:${TWO_DIGITS[Math.floor(seconds / 60) % 60]}:` +
    `${TWO_DIGITS[seconds % 60]}${fraction}${offset < 0 ? '-' : '+'}${TWO_DIGITS[Math.floor(beyond / 60)]}:${TWO_DIGITS[beyond % 60]}`
  );
}

const FORM = /^(?:\d{4}|[+-]\d{6})-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?(?:Z|[+-]\d\d:\d\d)$/;

/** Epoch ms of an instant written by `formatInstant`, NaN for anything else. */
export function parseInstant(text: string): number {
  const usual = parseUsual(text);
  if (usual !== undefined) return usual;
  return FORM.test(text) ? Date.parse(text) : Number.NaN;
}

/** Days before each month of a year without a leap day, March first, so that the leap day comes last. */
const DAYS_BEFORE = [306, 337, 0, 31, 61, 92, 122, 153, 184, 214, 245, 275];
/** Days from 1 March of the year 0 to 1 January 1970. */
const DAYS_TO_1970 = 719_468;
const ZERO = 0x30;

/** Two digits at `i`; NaN, or over 99, for anything else. */
function twoDigits(text: string, i: number): number {
  const tens = text.charCodeAt(i) - ZERO;
  const ones = text.charCodeAt(i + 1) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

/**
 * `2026-03-18T10:06:00+08:00` with or without milliseconds, reckoned by hand, which takes a tenth of the time: a snapshot
 * holds a hundred thousand of them. Undefined for whatever is not as plain as that.
 */
function parseUsual(text: string): number | undefined {
  const { length } = text;
  const withFraction = length === 29;
  if (!withFraction && length !== 25) return undefined;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  const zoneHour = twoDigits(text, length - 5);
  const zoneMinute = twoDigits(text, length - 2);
  const ms = withFraction ? twoDigits(text, 20) * 10 + (text.charCodeAt(22) - ZERO) : 0;
  const sign = text[length - 6];
  if (
    !(year >= 1 && month >= 1 && month <= 12 && day >= 1 && (day <= 28 || (day <= 30 && month !== 2))) ||
    !(hour <= 23 && minute <= 59 && second <= 59 && zoneHour <= 23 && zoneMinute <= 59) ||
    !(ms >= 0 && ms <= 999) ||
    text[4] !== '-' ||
    text[7] !== '-' ||
    text[10] !== 'T' ||
    text[13] !== ':' ||
    text[16] !== ':' ||
    text[length - 3] !== ':' ||
    (sign !== '+' && sign !== '-') ||
    (withFraction && (text[19] !== '.' || text.charCodeAt(22) < ZERO || text.charCodeAt(22) > ZERO + 9))
  ) {
    return undefined;
  }
  const marchYear = month <= 2 ? year - 1 : year;
  const days =
    365 * marchYear +
    Math.floor(marchYear / 4) -
    Math.floor(marchYear / 100) +
    Math.floor(marchYear / 400) +
    (DAYS_BEFORE[month - 1] as number) +
    day -
    1 -
    DAYS_TO_1970;
  const offsetMinutes = (zoneHour * 60 + zoneMinute) * (sign === '-' ? -1 : 1);
  return days * DAY_MS + ((hour * 60 + minute - offsetMinutes) * 60 + second) * 1000 + ms;
}

/** A value as it goes on the wire: a copy with its instants written out. */
export function encodeInstants<T>(value: T, offsetMinutes: OffsetMinutes): Encoded<T> {
  return encode(value, false, offsetMinutes) as Encoded<T>;
}

function encode(value: unknown, underInstantKey: boolean, offsetMinutes: OffsetMinutes): unknown {
  if (typeof value === 'number') return underInstantKey ? formatInstant(value, offsetMinutes) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => encode(item, underInstantKey, offsetMinutes));
  const source = value as Readonly<Record<string, unknown>>;
  const encoded: Record<string, unknown> = {};
  for (const key of Object.keys(source)) encoded[key] = encode(source[key], isInstantKey(key), offsetMinutes);
  return encoded;
}

/**
 * The way back, in place: `message` is just off the wire and nobody else's. What stands under an instant's key and is no
 * instant becomes NaN, which no decoder lets through.
 */
export function decodeInstantsInPlace(message: unknown): void {
  if (typeof message !== 'object' || message === null) return;
  if (Array.isArray(message)) {
    for (const item of message) decodeInstantsInPlace(item);
    return;
  }
  const fields = message as Record<string, unknown>;
  for (const key of Object.keys(fields)) {
    const value = fields[key];
    if (!isInstantKey(key) || value === null) decodeInstantsInPlace(value);
    else fields[key] = Array.isArray(value) ? value.map(instantOf) : instantOf(value);
  }
}

function instantOf(value: unknown): number {
  return typeof value === 'string' ? parseInstant(value) : Number.NaN;
}
