/** Asks for one call before the next repaint and returns what cancels it; `requestAnimationFrame` in the page. */
export type RequestFrame = (run: () => void) => () => void;

/** A wall that has committed a change within so long is busy: the next commit is not far. */
const BUSY_MS = 150;
/** How long drawing waits for it; a little longer than such commits are apart (wallStore.ts). */
const JOIN_MS = 100;
/** No two steps are closer to each other. */
const STEP_MS = 120;

/**
 * When the page draws besides its commits: dear drawing is spread, one job a frame, and small movements take their steps
 * together. While commits follow each other both join the frames that those repaint anyway, for each further one costs a
 * wall without a graphics processor as much again (docs/performance.md).
 */
export interface FrameScheduler {
  /**
   * Runs `draw` in a frame, at most one such job in each, in the order in which they were asked for. Asked again under the
   * same key before that, only the newer job runs.
   */
  schedule(key: object, draw: () => void): void;
  /**
   * Calls `show` now with 0, then with the ms that have passed, not before as many have passed as it answered, until it
   * answers undefined. Asked again under the same key, it begins anew. An animation of the browser's own would repaint sixty
   * times a second, and give each element whose opacity it changes, and all that lies over it, a surface of its own.
   */
  moveInSteps(key: object, show: (passedMs: number) => number | undefined): void;
  /** Forgets what was asked for under this key. */
  cancel(key: object): void;
  /** The page has been changed and will be repainted. */
  committed(): void;
}

export const animationFrame: RequestFrame = (run) => {
  const handle = requestAnimationFrame(run);
  return () => cancelAnimationFrame(handle);
};

/** Calls back after `ms`; returns what cancels it. */
export type After = (ms: number, run: () => void) => () => void;

export const timeout: After = (ms, run) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};

interface Movement {
  readonly startedMs: number;
  readonly show: (passedMs: number) => number | undefined;
  /** Ms after the start. */
  nextMs: number;
}

export function createFrameScheduler(
  parts: { readonly requestFrame?: RequestFrame; readonly after?: After; readonly monotonicNow?: () => number } = {},
): FrameScheduler {
  const { requestFrame = animationFrame, after = timeout, monotonicNow = () => performance.now() } = parts;
  const jobs = new Map<object, () => void>();
  const movements = new Map<object, Movement>();
  let committedMs = Number.NEGATIVE_INFINITY;
  let requested = false;
  let cancelJoining: (() => void) | undefined;
  let cancelStep: (() => void) | undefined;
  let stepDue = false;
  let steppedMs = Number.NEGATIVE_INFINITY;

  const request = () => {
    cancelJoining?.();
    cancelJoining = undefined;
    requested = true;
    requestFrame(onFrame);
  };
  const wantFrame = () => {
    if (requested || cancelJoining !== undefined) return;
    if (monotonicNow() - committedMs > BUSY_MS) request();
    else cancelJoining = after(JOIN_MS, request);
  };
  const awaitStep = () => {
    cancelStep?.();
    cancelStep = undefined;
    if (stepDue || movements.size === 0) return;
    const due = Math.min(...[...movements.values()].map(({ startedMs, nextMs }) => startedMs + nextMs));
    cancelStep = after(Math.max(due, steppedMs + STEP_MS) - monotonicNow(), () => {
      cancelStep = undefined;
      stepDue = true;
      wantFrame();
    });
  };
  const takeStep = () => {
    stepDue = false;
    steppedMs = monotonicNow();
    for (const [key, movement] of movements) {
      const passedMs = monotonicNow() - movement.startedMs;
      if (passedMs < movement.nextMs) continue;
      const next = movement.show(passedMs);
      if (next === undefined) movements.delete(key);
      else movement.nextMs = next;
    }
    awaitStep();
  };
  const onFrame = () => {
    requested = false;
    if (stepDue) takeStep();
    const next = jobs.entries().next();
    if (next.done) return;
    const [key, draw] = next.value;
    jobs.delete(key);
    if (jobs.size > 0) wantFrame();
    draw();
  };

  return {
    schedule(key, draw) {
      jobs.set(key, draw);
      wantFrame();
    },
    moveInSteps(key, show) {
      movements.delete(key);
      const nextMs = show(0);
      if (nextMs === undefined) return;
      movements.set(key, { startedMs: monotonicNow(), show, nextMs });
      awaitStep();
    },
    cancel(key) {
      jobs.delete(key);
      movements.delete(key);
    },
    committed() {
      committedMs = monotonicNow();
      if (cancelJoining !== undefined) request();
    },
  };
}
