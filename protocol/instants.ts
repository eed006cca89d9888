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
  return FORM.test(text) ? Date.parse(text) : Number.NaN;
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
