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
