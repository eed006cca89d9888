import type { Encoded } from './wire.ts';

/** Minutes east of UTC at an instant (epoch ms), whole. */
export type OffsetMinutes = (at: number) => number;

/** Keys whose numbers are instants: `at`, `…At`, and lists under such a key. */
export function isInstantKey(key: string): boolean {
  return key === 'at' || key.endsWith('At');
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

/** `2026-03-18T10:06:00+08:00`; milliseconds only where there are any. */
export function formatInstant(at: number, offsetMinutes: OffsetMinutes): string {
  const offset = offsetMinutes(at);
  const local = new Date(at + offset * 60_000).toISOString();
  const beyond = Math.abs(offset);
  const zone = `${offset < 0 ? '-' : '+'}${twoDigits(Math.floor(beyond / 60))}:${twoDigits(beyond % 60)}`;
  // The fraction is the last five characters, `.123Z`; years beyond 9999 are longer in front
  return `${local.slice(0, local.endsWith('.000Z') ? -5 : -1)}${zone}`;
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
  const encoded: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) encoded[key] = encode(item, isInstantKey(key), offsetMinutes);
  return encoded;
}
