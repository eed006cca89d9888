import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeInstants, formatInstant, parseInstant } from '../../protocol/instants.ts';

const shanghai = () => 480;

test.each([
  ['2026-03-18T02:06:00.000Z', 480, '2026-03-18T10:06:00+08:00'],
  ['2026-03-18T02:06:00.120Z', 480, '2026-03-18T10:06:00.120+08:00'],
  ['2015-11-01T05:16:00.000Z', -240, '2015-11-01T01:16:00-04:00'],
  ['2026-01-01T00:00:00.000Z', -210, '2025-12-31T20:30:00-03:30'],
  ['9999-12-31T20:00:00.000Z', 480, '+010000-01-01T04:00:00+08:00'],
  ['0001-01-01T00:00:00.000Z', 0, '0001-01-01T00:00:00+00:00'],
])('W40 %s at %i minutes is written %s', (utc, offset, written) => {
  expect(formatInstant(Date.parse(utc), () => offset)).toBe(written);
  expect(parseInstant(written)).toBe(Date.parse(utc));
});

test('W40 any instant at any offset is read back to the millisecond', () => {
  fc.assert(
    fc.property(fc.integer({ min: -8e15, max: 8e15 }), fc.integer({ min: -839, max: 839 }), (at, offset) => {
      expect(parseInstant(formatInstant(at, () => offset))).toBe(at);
    }),
  );
});

/** What the usual form is read as is what the language itself reads, also where a digit, a mark or a day is wrong. */
test('W40 an instant is read as Date.parse reads it, or not at all', () => {
  const two = (from: number, until: number) =>
    fc.integer({ min: from, max: until }).map((value) => String(value).padStart(2, '0'));
  const written = fc
    .tuple(
      fc.integer({ min: 0, max: 9999 }).map((year) => String(year).padStart(4, '0')),
      two(0, 14),
      two(0, 33),
      two(0, 25),
      two(0, 61),
      two(0, 61),
      fc.constantFrom('', '.000', '.007', '.120', '.999', '.9x9', ',120', '.12'),
      fc.constantFrom('+', '-', 'Z', ' '),
      two(0, 25),
      two(0, 61),
      fc.option(fc.tuple(fc.integer({ min: 0, max: 28 }), fc.constantFrom(':', 'x', '-', '/', '٣')), { freq: 4 }),
    )
    .map(([year, month, day, hour, minute, second, fraction, sign, zoneHour, zoneMinute, fault]) => {
      const text = `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction}${sign}${zoneHour}:${zoneMinute}`;
      return fault === null ? text : text.slice(0, fault[0]) + fault[1] + text.slice(fault[0] + 1);
    });
  const form = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?(?:Z|[+-]\d\d:\d\d)$/;
  fc.assert(
    fc.property(written, (text) => {
      expect(parseInstant(text)).toBe(form.test(text) ? Date.parse(text) : Number.NaN);
    }),
    { numRuns: 5000 },
  );
});

test('W40 every day of four hundred years is read, the leap days too', () => {
  const dayMs = 24 * 3_600_000;
  for (let at = Date.parse('1899-12-31T00:00:00Z'); at < Date.parse('2300-01-02T00:00:00Z'); at += dayMs) {
    const written = `${new Date(at).toISOString().slice(0, 10)}T00:00:00+00:00`;
    if (parseInstant(written) !== at) expect(written).toBe(formatInstant(parseInstant(written), () => 0));
  }
  expect(parseInstant('2000-02-29T00:00:00+00:00')).toBe(Date.parse('2000-02-29T00:00:00Z'));
});

test.each([
  '',
  '2026-03-18',
  '2026-03-18T10:06:00',
  '18 March 2026',
  '2026-03-18 10:06:00+08:00',
  '2026-13-18T10:06:00Z',
  'x',
])('W40 %j is no instant', (written) => {
  expect(parseInstant(written)).toBeNaN();
});

test('W40 numbers under `at`, `…At` and lists there are instants, no others', () => {
  const at = Date.parse('2026-03-18T10:06:00+08:00');
  expect(
    encodeInstants(
      { at, dueAt: at, lat: 35.4, seq: at, lastEventAt: null, windowStartsAt: [at], steps: [{ at, points: 7 }] },
      shanghai,
    ),
  ).toEqual({
    at: '2026-03-18T10:06:00+08:00',
    dueAt: '2026-03-18T10:06:00+08:00',
    lat: 35.4,
    seq: at,
    lastEventAt: null,
    windowStartsAt: ['2026-03-18T10:06:00+08:00'],
    steps: [{ at: '2026-03-18T10:06:00+08:00', points: 7 }],
  });
});
