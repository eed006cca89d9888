import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { decodeWallReport } from '../../protocol/decode.ts';
import { measureFrames, REPORT_EVERY_MS, reportMachine } from '../../renderer/live/machineReport.ts';

/** Frames that come after the given times, then every 16 ms. */
function framesAfter(gapsMs: readonly number[]) {
  const real = { ms: 0 };
  let frame = 0;
  const requestFrame = (run: () => void) => {
    const gapMs = gapsMs[frame] ?? 16;
    frame += 1;
    const timer = setTimeout(() => {
      real.ms += gapMs;
      run();
    }, gapMs);
    return () => clearTimeout(timer);
  };
  return { requestFrame, monotonicNow: () => real.ms };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

it.each([
  ['all alike', [], 16],
  ['three long ones of sixty, which are the worst five in a hundred', [0, 100, 100, 100], 16],
  ['four long ones', [0, 100, 100, 100, 100], 100],
])('the time between frames: %s', async (_, gapsMs, expected) => {
  const { requestFrame, monotonicNow } = framesAfter(gapsMs);
  const done = vi.fn();
  measureFrames(requestFrame, monotonicNow, done);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(done.mock.calls).toEqual([[expected]]);
});

it('tells the server of each minute what the protocol takes, and ends when told to', async () => {
  const { requestFrame, monotonicNow } = framesAfter([]);
  const reports: unknown[] = [];
  let cpuPercent = 0;
  const stop = reportMachine({
    machine: {
      version: '1.2.3',
      vitals: async () => {
        cpuPercent += 10;
        return { cpuPercent, memoryMb: 412 };
      },
    },
    report: (report) => reports.push(report),
    requestFrame,
    monotonicNow,
    after: (ms, run) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
  });
  await vi.advanceTimersByTimeAsync(15_000 + 2 * (REPORT_EVERY_MS + 1_000));
  expect(reports).toEqual(
    [10, 20, 30].map((cpu) => ({ cpuPercent: cpu, memoryMb: 412, frameMs: 16, version: '1.2.3' })),
  );
  for (const report of reports) expect(decodeWallReport(report)).toEqual({ ok: true, value: report });
  stop();
  await vi.advanceTimersByTimeAsync(3 * REPORT_EVERY_MS);
  expect(reports).toHaveLength(3);
});
