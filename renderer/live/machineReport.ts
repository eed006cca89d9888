import type { Vitals } from '../../protocol/ipc.ts';
import type { WallReport } from '../../protocol/wire.ts';
import type { RequestFrame } from './frameScheduler.ts';

export const REPORT_EVERY_MS = 60_000;
/** Looked at once a minute, for a second or two: a loop over every frame would keep an idle machine awake. */
const FRAMES = 60;

/**
 * The 95th percentile of the time between frames.
 * @param requestFrame runs something with the next frame; returns the canceller
 */
export function measureFrames(
  requestFrame: RequestFrame,
  monotonicNow: () => number,
  done: (frameMs: number) => void,
): () => void {
  const gapsMs: number[] = [];
  let lastMs: number | undefined;
  let cancel = () => {};
  const onFrame = () => {
    const nowMs = monotonicNow();
    if (lastMs !== undefined) gapsMs.push(nowMs - lastMs);
    lastMs = nowMs;
    if (gapsMs.length < FRAMES) {
      cancel = requestFrame(onFrame);
      return;
    }
    gapsMs.sort((a, b) => a - b);
    done(gapsMs[Math.ceil(FRAMES * 0.95) - 1] as number);
  };
  cancel = requestFrame(onFrame);
  return () => cancel();
}

/** Tells the server each minute how the machine under the wall fares. */
export function reportMachine(options: {
  readonly machine: { vitals(): Promise<Vitals>; readonly version: string };
  readonly report: (report: WallReport) => void;
  readonly requestFrame: RequestFrame;
  readonly monotonicNow: () => number;
  /** Runs something after so many ms until its result is called. */
  readonly after: (ms: number, run: () => void) => () => void;
}): () => void {
  const { machine, report, requestFrame, monotonicNow, after } = options;
  let cancel = () => {};
  const measure = () => {
    cancel = measureFrames(requestFrame, monotonicNow, (frameMs) => {
      cancel = after(REPORT_EVERY_MS, measure);
      machine.vitals().then(
        (vitals) => report({ ...vitals, frameMs: Math.round(frameMs * 10) / 10, version: machine.version }),
        (error: unknown) => console.error(error),
      );
    });
  };
  // Its first seconds tell how it starts, not how it fares
  cancel = after(FIRST_AFTER_MS, measure);
  return () => cancel();
}

const FIRST_AFTER_MS = 10_000;
