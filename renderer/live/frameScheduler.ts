/** Asks for one call before the next repaint and returns what cancels it; `requestAnimationFrame` in the page. */
export type RequestFrame = (run: () => void) => () => void;

/** Spreads dear drawing over frames: one job a frame, in the order in which they were asked for. */
export interface FrameScheduler {
  /** Runs `draw` in a frame of its own. Asked again under the same key before that, only the newer job runs. */
  schedule(key: object, draw: () => void): void;
  /** Forgets what was scheduled under this key. */
  cancel(key: object): void;
}

export const animationFrame: RequestFrame = (run) => {
  const handle = requestAnimationFrame(run);
  return () => cancelAnimationFrame(handle);
};

export function createFrameScheduler(requestFrame: RequestFrame = animationFrame): FrameScheduler {
  const jobs = new Map<object, () => void>();
  let waiting = false;

  const runNext = () => {
    waiting = false;
    const next = jobs.entries().next();
    if (next.done) return;
    const [key, draw] = next.value;
    jobs.delete(key);
    if (jobs.size > 0) ask();
    draw();
  };
  const ask = () => {
    if (waiting) return;
    waiting = true;
    requestFrame(runNext);
  };

  return {
    schedule(key, draw) {
      jobs.set(key, draw);
      ask();
    },
    cancel: (key) => void jobs.delete(key),
  };
}
