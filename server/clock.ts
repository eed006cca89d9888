import type { ClockMode, ClockState } from '../protocol/wire.ts';

/**
 * The time that tickets live in (epoch ms): real time, compressed time in a demo, the data's time in a replay.
 * Sessions, tokens, locks, rate limits and pulses use real time instead.
 */
export interface DomainClock {
  now(): number;
  state(): ClockState;
  /** Runs once when the clock reaches `at`, never before; timers of one instant run in the order they were set. Returns its canceller. */
  at(at: number, run: () => void): () => void;
  /** Only the `max` clock has it: jumps ahead, running due timers in order on the way. An instant in the past changes nothing. */
  advanceTo?(at: number): void;
  /** Ends the clock's own timer. The process does not stay alive for it. */
  close(): void;
}

/** A clock that its source sets going: it stands at its first instant until `begin`, and never passes `standAt`. */
export interface DrivenClock extends DomainClock {
  /** Starts to run from `at`. Only the first call counts. */
  begin(at: number): void;
  /** The clock will stop exactly there. */
  standAt(at: number): void;
}

export interface SteppedClock extends DrivenClock {
  advanceTo(at: number): void;
  /** When the next timer is due; undefined without one. */
  nextTimerAt(): number | undefined;
}

/** Real time, replaceable in tests. `now` must not run backwards for a scaled clock. */
export interface RealTime {
  now(): number;
  /** Calls back after `delayMs`; returns the canceller. */
  after(delayMs: number, run: () => void): () => void;
}

/** Node fires a timer at once when its delay does not fit into 31 bits; a day is short enough and survives a corrected system clock. */
const LONGEST_WAIT_MS = 24 * 3_600_000;
/** Deadlines like to fall on the same minute: of ten thousand timers that are due at once each slice gives the event loop free. */
const SLICE_MS = 5;

function afterDelay(delayMs: number, run: () => void): () => void {
  const timer = setTimeout(run, delayMs);
  timer.unref();
  return () => clearTimeout(timer);
}

export const systemTime: RealTime = { now: () => Date.now(), after: afterDelay };

/** Never corrected, never backwards; only differences mean anything. */
export const monotonicTime: RealTime = { now: () => performance.now(), after: afterDelay };

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
  cancelled: boolean;
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** Timers by instant, then by age: a binary heap. Cancelled ones stay until they come up. */
class TimerQueue {
  private readonly heap: Timer[] = [];
  private nextOrder = 0;

  add(at: number, run: () => void): Timer {
    const timer: Timer = { at, order: this.nextOrder, run, cancelled: false };
    this.nextOrder += 1;
    const { heap } = this;
    let i = heap.push(timer) - 1;
    while (i > 0) {
      const parent = (i - 1) >>> 1;
      if (!isBefore(timer, heap[parent] as Timer)) break;
      heap[i] = heap[parent] as Timer;
      i = parent;
    }
    heap[i] = timer;
    return timer;
  }

  first(): Timer | undefined {
    while (this.heap[0]?.cancelled === true) this.removeFirst();
    return this.heap[0];
  }

  /** The first timer that is due at `now`, taken out. */
  takeDue(now: number): Timer | undefined {
    const first = this.first();
    if (first === undefined || first.at > now) return undefined;
    this.removeFirst();
    return first;
  }

  private removeFirst(): void {
    const { heap } = this;
    const last = heap.pop() as Timer;
    if (heap.length === 0) return;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Timer, heap[child] as Timer)) child += 1;
      if (!isBefore(heap[child] as Timer, last)) break;
      heap[i] = heap[child] as Timer;
      i = child;
    }
    heap[i] = last;
  }
}

/** A clock over real time: one real timer waits for the first domain timer. */
function createRunningClock(
  state: ClockState,
  real: RealTime,
  now: () => number,
  /** Real ms until the clock reads `at`; Infinity if it never will. */
  waitMs: (at: number) => number,
): DomainClock & { rearm(): void } {
  const timers = new TimerQueue();
  let cancelWait: (() => void) | undefined;
  let waitedFor: Timer | undefined;
  let running = false;
  let closed = false;

  function rearm(): void {
    if (running || closed) return;
    const first = timers.first();
    cancelWait?.();
    cancelWait = undefined;
    waitedFor = first;
    if (first === undefined) return;
    const delayMs = waitMs(first.at);
    if (delayMs === Number.POSITIVE_INFINITY) return;
    cancelWait = real.after(Math.min(Math.max(0, Math.ceil(delayMs)), LONGEST_WAIT_MS), runDue);
  }

  function runDue(): void {
    if (closed) return;
    running = true;
    const sliceEndsAt = real.now() + SLICE_MS;
    try {
      for (let timer = timers.takeDue(now()); timer !== undefined; timer = timers.takeDue(now())) {
        timer.run();
        // What is left is due at once, and waits for nothing but its turn
        if (real.now() > sliceEndsAt) break;
      }
    } finally {
      running = false;
      rearm();
    }
  }

  return {
    now,
    state: () => state,
    at(at, run) {
      const timer = timers.add(at, run);
      if (waitedFor === undefined || waitedFor.cancelled || timers.first() !== waitedFor) rearm();
      return () => {
        timer.cancelled = true;
      };
    },
    rearm,
    close() {
      closed = true;
      cancelWait?.();
    },
  };
}

/** Real time: `live`, or a demo at its natural pace. */
export function createLiveClock(mode: ClockMode, real: RealTime = systemTime): DomainClock {
  return createRunningClock(
    { mode, speed: 1 },
    real,
    () => real.now(),
    (at) => at - real.now(),
  );
}

/** Runs `speed` domain ms in one real ms, from `startAt` on, once begun. */
export function createScaledClock(options: {
  readonly mode: ClockMode;
  readonly startAt: number;
  readonly speed: number;
  readonly real?: RealTime;
}): DrivenClock {
  const { mode, speed, real = monotonicTime } = options;
  let originAt = options.startAt;
  let begunAtReal: number | undefined;
  let endAt = Number.POSITIVE_INFINITY;
  const now = () =>
    begunAtReal === undefined ? originAt : Math.min(endAt, Math.floor(originAt + (real.now() - begunAtReal) * speed));
  const clock = createRunningClock({ mode, speed }, real, now, (at) =>
    begunAtReal === undefined || at > endAt
      ? Number.POSITIVE_INFINITY
      : (at - originAt) / speed - (real.now() - begunAtReal),
  );
  return {
    ...clock,
    begin(at) {
      if (begunAtReal !== undefined) return;
      originAt = Math.max(originAt, at);
      begunAtReal = real.now();
      clock.rearm();
    },
    standAt(at) {
      endAt = at;
      clock.rearm();
    },
  };
}

/** The clock of `--speed max`: it moves only by `advanceTo`. */
export function createSteppedClock(options: { readonly mode: ClockMode; readonly startAt: number }): SteppedClock {
  const timers = new TimerQueue();
  let currentAt = options.startAt;
  let endAt = Number.POSITIVE_INFINITY;
  let advancing = false;

  function advanceTo(at: number): void {
    if (advancing) throw new Error('a timer of the stepped clock tried to move the clock itself');
    const targetAt = Math.min(at, endAt);
    advancing = true;
    try {
      for (let timer = timers.takeDue(targetAt); timer !== undefined; timer = timers.takeDue(targetAt)) {
        currentAt = Math.max(currentAt, timer.at);
        timer.run();
      }
      currentAt = Math.max(currentAt, targetAt);
    } finally {
      advancing = false;
    }
  }

  return {
    now: () => currentAt,
    state: () => ({ mode: options.mode, speed: 'max' }),
    at(at, run) {
      const timer = timers.add(at, run);
      return () => {
        timer.cancelled = true;
      };
    },
    advanceTo,
    nextTimerAt: () => timers.first()?.at,
    begin: advanceTo,
    standAt(at) {
      endAt = at;
    },
    close() {},
  };
}
