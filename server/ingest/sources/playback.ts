import type { DomainClock, SteppedClock } from '../../clock.ts';
import type { IngestResult } from '../ingest.ts';

/** So many reports and steps may be decided but not yet durable; beyond, a source waits. */
const MAX_IN_FLIGHT = 1000;

export type PlaybackEnd =
  | { readonly state: 'finished' | 'stopped' }
  /** The store takes no more, or a bug. */
  | { readonly state: 'failed'; readonly error: unknown };

export interface Playback {
  /** Settles once everything is durable that was due when the playback began. */
  readonly caughtUp: Promise<void>;
  readonly ended: Promise<PlaybackEnd>;
  /** Sends nothing more; settles when the last answer is in. */
  stop(): Promise<void>;
}

/**
 * Sends each moment when the clock gets there, those already past at once. `moments` come in the order of time and may
 * go on for ever; `send` gives undefined for one that needs no sending. A stepped clock is moved on from moment to
 * moment, its timers running on the way. Ends once all is played, durable, and the clock stands at `endAt`.
 */
export function playMoments<Moment extends { readonly at: number }>(parts: {
  readonly clock: DomainClock | SteppedClock;
  readonly moments: Iterator<Moment>;
  readonly endAt: number;
  readonly send: (moment: Moment) => Promise<IngestResult> | undefined;
  /** Called when `caughtUp` is about to settle, before anything later is sent; not if it ended before. */
  readonly onCaughtUp?: () => void;
}): Playback {
  const { clock, moments, endAt, send, onCaughtUp = () => {} } = parts;
  const isStepped = 'nextTimerAt' in clock;
  let tellCaughtUp = () => {};
  let tellEnd = (_end: PlaybackEnd) => {};
  const caughtUp = new Promise<void>((resolve) => {
    tellCaughtUp = resolve;
  });
  const ended = new Promise<PlaybackEnd>((resolve) => {
    tellEnd = resolve;
  });
  let next: Moment | undefined = moments.next().value;
  let inFlight = 0;
  let isCaughtUp = false;
  let over = false;
  let drained: (() => void) | undefined;
  let cancelTimer: (() => void) | undefined;

  function end(result: PlaybackEnd): void {
    if (over) return;
    over = true;
    cancelTimer?.();
    tellCaughtUp();
    tellEnd(result);
  }

  function fail(error: unknown): void {
    end({ state: 'failed', error });
  }

  function settled(): void {
    inFlight -= 1;
    if (inFlight > MAX_IN_FLIGHT / 2 && inFlight > 0) return;
    drained?.();
    drained = undefined;
  }

  /** Settles when there is room again, or with `all` when nothing is in flight. */
  async function drain(all = false): Promise<void> {
    while (inFlight >= (all ? 1 : MAX_IN_FLIGHT)) {
      await new Promise<void>((resolve) => {
        drained = resolve;
      });
    }
  }

  function playNext(moment: Moment): void {
    next = moments.next().value;
    const answer = send(moment);
    if (answer === undefined) return;
    inFlight += 1;
    answer
      .then((result) => {
        if (!result.ok && result.problem.code === 'unavailable') fail(new Error(result.problem.detail));
      }, fail)
      .finally(settled);
  }

  /** Plays what is due until `at`; false where it must wait, and then `resume` is called. */
  function playUntil(at: () => number, resume: () => void): boolean {
    for (let played = 1; !over && next !== undefined && next.at <= at(); played += 1) {
      if (inFlight >= MAX_IN_FLIGHT) {
        drain().then(resume).catch(fail);
        return false;
      }
      // Where little needs sending, signals and sockets still want their turn
      if (played > MAX_IN_FLIGHT) {
        setImmediate(resume);
        return false;
      }
      if (isStepped) (clock as SteppedClock).advanceTo(next.at);
      playNext(next);
    }
    return !over;
  }

  function finish(): void {
    drain(true).then(() => end({ state: 'finished' }));
  }

  function play(): void {
    if (!playUntil(() => clock.now(), play)) return;
    if (!isCaughtUp) {
      isCaughtUp = true;
      drain(true)
        .then(() => {
          if (!over) onCaughtUp();
          tellCaughtUp();
        })
        .catch(fail);
    }
    if (isStepped) caughtUp.then(playAtOnce).catch(fail);
    else if (next === undefined || next.at > endAt) cancelTimer = clock.at(endAt, finish);
    else cancelTimer = clock.at(next.at, play);
  }

  function playAtOnce(): void {
    if (!playUntil(() => endAt, playAtOnce)) return;
    (clock as SteppedClock).advanceTo(endAt);
    finish();
  }

  play();
  return {
    caughtUp,
    ended,
    async stop() {
      end({ state: 'stopped' });
      await drain(true);
    },
  };
}
