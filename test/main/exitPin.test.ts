import { expect, test } from 'vitest';
import { hashPin, initialTries, isPin, type PinTries, tryPin } from '../../main/exitPin.ts';

const hash = hashPin('4711', Buffer.alloc(16, 7));

test.each([
  ['4711', true],
  ['123456789012', true],
  ['471', false],
  ['1234567890123', false],
  ['47a1', false],
  ['４７１１', false],
  ['4711\n', false],
  ['', false],
])('%j is a PIN: %s', (text, expected) => {
  expect(isPin(text)).toBe(expected);
});

test('the PIN is not in what is kept, and two keepings differ', () => {
  expect(JSON.stringify(hashPin('4711'))).not.toContain('4711');
  expect(hashPin('4711')).not.toEqual(hashPin('4711'));
});

test('the right one is taken and forgives what was wrong', () => {
  const once = tryPin(initialTries, hash, '0000', 0);
  expect(once.answer).toEqual({ ok: false, reason: 'wrong', waitMs: 0 });
  expect(tryPin(once.tries, hash, '4711', 0)).toEqual({ tries: initialTries, answer: { ok: true } });
});

test('without a PIN nothing opens, whatever is entered', () => {
  for (const pin of ['', '0000', '4711']) {
    expect(tryPin(initialTries, null, pin, 0).answer).toEqual({ ok: false, reason: 'none', waitMs: 0 });
  }
});

test('from the third wrong one on each locks the entry, twice as long every time, to a limit', () => {
  let tries: PinTries = initialTries;
  let nowMs = 1_000;
  const waits = Array.from({ length: 10 }, () => {
    const tried = tryPin(tries, hash, '0000', nowMs);
    tries = tried.tries;
    const waitMs = tried.answer.ok ? Number.NaN : tried.answer.waitMs;
    nowMs += waitMs;
    return waitMs / 1_000;
  });
  expect(waits).toEqual([0, 0, 30, 60, 120, 240, 480, 900, 900, 900]);
});

test('while it is locked not even the right one counts, and trying costs nothing more', () => {
  let tries: PinTries = initialTries;
  for (let i = 0; i < 3; i += 1) tries = tryPin(tries, hash, '0000', 1_000).tries;
  const early = tryPin(tries, hash, '4711', 30_999);
  expect(early).toEqual({ tries, answer: { ok: false, reason: 'locked', waitMs: 1 } });
  expect(tryPin(tries, hash, '4711', 31_000).answer).toEqual({ ok: true });
});
