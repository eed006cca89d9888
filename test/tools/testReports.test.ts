import { describe, expect, test } from 'vitest';
import { countPlaywright, countVitest, settleCounts, sum, summaryLine } from '../../tools/testReports.mjs';

test("vitest's report: a file that cannot be loaded is a failure though it holds no test", () => {
  const report = {
    numPassedTests: 3,
    numFailedTests: 1,
    numPendingTests: 2,
    numTodoTests: 1,
    testResults: [
      { status: 'passed', assertionResults: [{ status: 'passed' }] },
      { status: 'failed', assertionResults: [{ status: 'passed' }, { status: 'failed' }] },
      { status: 'failed', assertionResults: [] },
    ],
  };
  expect(countVitest(report)).toEqual({ passed: 3, failed: 2, skipped: 3 });
});

test("Playwright's report: a flaky test has failed", () => {
  expect(countPlaywright({ stats: { expected: 5, unexpected: 1, flaky: 2, skipped: 1 } })).toEqual({
    passed: 5,
    failed: 3,
    skipped: 1,
  });
});

describe('a stage', () => {
  const counts = { passed: 4, failed: 0, skipped: 1 };
  test.each([
    ['that went well keeps its counts', { ok: true, counts }, counts],
    ['that failed outside of its tests has failed', { ok: false, counts }, { ...counts, failed: 1 }],
    [
      'with failed tests is not counted twice',
      { ok: false, counts: { ...counts, failed: 2 } },
      { ...counts, failed: 2 },
    ],
    ['without a report has failed', { ok: true, counts: null }, { passed: 0, failed: 1, skipped: 0 }],
    [
      'that skipped everything has failed',
      { ok: true, counts: { passed: 0, failed: 0, skipped: 7 } },
      { passed: 0, failed: 1, skipped: 7 },
    ],
  ])('%s', (_what, stage, expected) => {
    expect(settleCounts(stage)).toEqual(expected);
  });
});

test('the last line sums all stages and mentions skipped tests only if there are any', () => {
  const total = sum([
    { passed: 4, failed: 0, skipped: 0 },
    { passed: 120, failed: 1, skipped: 0 },
  ]);
  expect(summaryLine(total)).toBe('124 passed, 1 failed');
  expect(summaryLine({ ...total, skipped: 3 })).toBe('124 passed, 1 failed, 3 skipped');
});
