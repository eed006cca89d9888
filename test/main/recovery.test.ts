import { expect, test } from 'vitest';
import {
  describeTrouble,
  FIRST_DELAY_MS,
  HEALTHY_AFTER_MS,
  initialRecovery,
  LONGEST_DELAY_MS,
  onLoaded,
  onTrouble,
  type Trouble,
} from '../../main/recovery.ts';

const gone: Trouble = { kind: 'rendererGone', reason: 'killed', exitCode: 9 };
const failed: Trouble = { kind: 'loadFailed', errorCode: -6, description: 'ERR_FILE_NOT_FOUND' };

/** Troubles one after the other without a healthy minute between them; the delays they lead to. */
function delaysOf(troubles: readonly Trouble[]): number[] {
  let recovery = initialRecovery;
  let now = 0;
  return troubles.map((trouble) => {
    recovery = onLoaded(recovery, now);
    now += 1_000;
    const decided = onTrouble(recovery, trouble, now);
    recovery = decided.recovery;
    return decided.remedy.kind === 'load' ? decided.remedy.delayMs : Number.NaN;
  });
}

test.each([
  ['a renderer that is gone', gone, { kind: 'load', delayMs: FIRST_DELAY_MS }],
  [
    'one that left by itself',
    { ...gone, reason: 'clean-exit', exitCode: 0 },
    { kind: 'load', delayMs: FIRST_DELAY_MS },
  ],
  ['a failed load', failed, { kind: 'load', delayMs: FIRST_DELAY_MS }],
  ['a load that another one replaced', { ...failed, errorCode: -3 }, { kind: 'nothing' }],
  ['a load that hangs', { kind: 'loadStalled', forMs: 31_000 }, { kind: 'endRenderer' }],
  ['no answer', { kind: 'unanswered', forMs: 3_000 }, { kind: 'endRenderer' }],
  ['an empty page', { kind: 'blank', seen: 'emptyPage' }, { kind: 'load', delayMs: FIRST_DELAY_MS }],
] satisfies [string, Trouble, object][])('%s has its remedy', (_what, trouble, remedy) => {
  expect(onTrouble(initialRecovery, trouble, 0).remedy).toEqual(remedy);
});

test('troubles in a row wait twice as long each, to a limit', () => {
  expect(delaysOf(Array.from({ length: 10 }, () => gone))).toEqual([
    300, 600, 1_200, 2_400, 4_800, 9_600, 19_200, 30_000, 30_000, 30_000,
  ]);
});

test('kinds of trouble count together', () => {
  expect(delaysOf([gone, failed, gone])).toEqual([300, 600, 1_200]);
});

test('years of trouble keep the limit', () => {
  expect(delaysOf(Array.from({ length: 3_000 }, () => failed)).at(-1)).toBe(LONGEST_DELAY_MS);
});

test.each([
  ['one millisecond short of a healthy minute', HEALTHY_AFTER_MS - 1, 2 * FIRST_DELAY_MS],
  ['after a healthy minute', HEALTHY_AFTER_MS, FIRST_DELAY_MS],
])('%s the next delay is decided anew', (_when, healthyMs, delayMs) => {
  const { recovery } = onTrouble(initialRecovery, gone, 0);
  const healthy = onLoaded(recovery, 5_000);
  expect(onTrouble(healthy, gone, 5_000 + healthyMs).remedy).toEqual({ kind: 'load', delayMs });
});

test('a page that reloads itself does not start its healthy minute anew', () => {
  const { recovery } = onTrouble(initialRecovery, gone, 0);
  const twice = onLoaded(onLoaded(recovery, 1_000), 50_000);
  expect(twice.healthySinceMs).toBe(1_000);
});

test('time spent without a page is not health', () => {
  const { recovery } = onTrouble(onLoaded(initialRecovery, 0), gone, 10);
  expect(onTrouble(recovery, failed, 10 + 10 * HEALTHY_AFTER_MS).remedy).toEqual({ kind: 'load', delayMs: 600 });
});

test.each([
  [gone, /gone.*killed.*9/],
  [failed, /ERR_FILE_NOT_FOUND.*-6/],
  [{ kind: 'loadStalled', forMs: 31_000 }, /loading.*31000 ms/],
  [{ kind: 'unanswered', forMs: 3_000 }, /not answer.*3000 ms/],
  [{ kind: 'blank', seen: 'emptyPage' }, /page is empty/],
  [{ kind: 'blank', seen: 'oneColour' }, /one colour/],
] satisfies [Trouble, RegExp][])('%o is told in one line with its figures', (trouble, line) => {
  expect(describeTrouble(trouble)).toMatch(line);
});
