import { type CanaryPassed, isCanaryLate } from '../../domain/canary.ts';
import type { BoardEvent } from '../../domain/events.ts';
import { beginOutage, type Gap, type Missed, type Outage, type OutageReceipt } from '../../domain/outage.ts';
import type { Ticket, TicketId } from '../../domain/ticket.ts';
import { evolve, initialWallState, type WallState } from '../../domain/wallState.ts';
import type {
  ClockState,
  EventFrame,
  Pulse,
  SourceStatus,
  SubscribeAnswer,
  WallDeployment,
  WallHistory,
} from '../../protocol/wire.ts';
import { type After, animationFrame, type RequestFrame, timeout } from './frameScheduler.ts';

/** Without a pulse for so long the link says nothing (contract, `data-feed`). */
export const STALE_AFTER_MS = 5000;
/** A receipt of an outage stays until somebody reads it at the desk, or this long (visual specification §9). */
const RECEIPT_MS = 10 * 60_000;

type Accepted = Extract<SubscribeAnswer, { readonly ok: true }>;

/**
 * What the wall knows, replaced by reference with every change. `board` and `arrivals` inside are the live ones, changed
 * in place (a copy per frame would cost O(board)): read them, never keep them.
 */
export interface WallSnapshot {
  readonly epoch: string;
  /** Last event applied. */
  readonly seq: number;
  /** The server's domain time of the last frame or pulse: 数据截至. */
  readonly heardAt: number;
  readonly deployment: WallDeployment;
  readonly history: WallHistory;
  readonly clock: ClockState;
  readonly sources: readonly SourceStatus[];
  readonly board: WallState;
  /** Ids in order of arrival; may still hold some that have left the board. */
  readonly arrivals: readonly TicketId[];
  /** When the last pulse came, the canary was last seen and the first board was shown, on the page's own clock. */
  readonly pulsedMs: number;
  readonly canarySeenMs: number;
  readonly shownSinceMs: number;
  readonly receipt: { readonly missed: OutageReceipt; readonly gapMs: number } | null;
}

export type FrameOutcome = 'applied' | 'known' | 'gap';

/** Two commits of a busy time are so far apart: the server's frames are 40 ms apart, so that every second one is drawn. */
const APART_MS = 60;
/** So long a change waits for the frame that it is drawn with; 100 reports a second are all on the wall within 100 ms. */
const HELD_MS = 45;
/**
 * What comes besides the events waits so long after a commit for the next one: a little longer than two of the server's
 * frames. Drawn by itself it would cost a wall without a graphics processor as much as they do.
 */
const BESIDES_MS = 85;
/** A frame of fewer events waits. A larger one belongs to a burst or to catching up, whose end shall be seen at once. */
const SMALL_FRAME = 20;

/**
 * The one copy of the board in the page. Listeners hear of the first change of a quiet moment at once; small changes that
 * follow it are told together, every 80 ms or so, others once per animation frame at most. So a single report is shown
 * without waiting, and a busy minute costs a wall without a graphics processor a dozen renders a second.
 */
export interface WallStore {
  /** Undefined until the first snapshot. */
  snapshot(): WallSnapshot | undefined;
  subscribe(listener: () => void): () => void;
  /**
   * Calls `run` at once in a quiet moment, in a busy one just before the next change is told of, without one 85 ms after the
   * last; returns what cancels it.
   */
  besides(run: () => void): () => void;
  /** Ms since a moment of the page's own clock. */
  elapsedMs(sinceMs: number): number;
  /** Where to resume from. */
  position(): { readonly epoch: string; readonly seq: number } | undefined;
  /** Takes a subscription's answer; false where its events do not follow on from here (then forget, and subscribe anew). */
  resume(answer: Accepted): boolean;
  /**
   * Shows a board that was kept over a cold start, `ageMs` old, as what it is: cut off since then, without a position to
   * resume from. Does nothing once a board has come from the server.
   */
  restore(
    kept: Extract<Accepted, { readonly kind: 'snapshot' }>,
    sources: readonly SourceStatus[],
    ageMs: number,
  ): void;
  apply(frame: EventFrame): FrameOutcome;
  pulse(pulse: Pulse): void;
  renewHistory(history: WallHistory): void;
  /**
   * Nothing has been heard of since `sinceMs` on the page's own clock: what is known now is remembered, and the next
   * answer or pulse writes the receipt. A second cut before that changes nothing.
   */
  cutOff(sinceMs: number): void;
  /** Where the wall stood when it was cut off; undefined while it is not. */
  gap(): Gap | undefined;
  /** Since when it has been cut off, on the page's own clock; undefined while it is not. */
  cutOffSinceMs(): number | undefined;
  /** Drops the position, so that the next subscription starts from a snapshot. The board stays on screen. */
  forgetPosition(): void;
  close(): void;
}

/** The object that is known already where the new one says the same: what hangs on it, the map above all, is not made anew. */
function keptIfSame<T extends object>(known: T | undefined, told: T): T {
  return known !== undefined && JSON.stringify(known) === JSON.stringify(told) ? known : told;
}

export function createWallStore(options: {
  readonly monotonicNow: () => number;
  readonly requestFrame?: RequestFrame;
  /** Calls back after `ms`; returns what cancels it. */
  readonly after?: After;
}): WallStore {
  const { monotonicNow, requestFrame = animationFrame, after = timeout } = options;
  const listeners = new Set<() => void>();
  let current: WallSnapshot | undefined;
  let live: { board: WallState; arrivals: TicketId[] } = { board: initialWallState(), arrivals: [] };
  let positionKnown = false;
  /** When events were last told of, in the pace of small frames. */
  let pacedMs = Number.NEGATIVE_INFINITY;
  let cancelFrame: (() => void) | undefined;
  let cancelHold: (() => void) | undefined;
  let heldUntilMs = Number.POSITIVE_INFINITY;
  let holdsEvents = false;
  const beside = new Set<() => void>();
  let outage: Outage | undefined;
  let cutOffMs = 0;
  let receiptUntilMs = 0;

  const stopWaiting = () => {
    cancelFrame?.();
    cancelHold?.();
    cancelFrame = undefined;
    cancelHold = undefined;
    heldUntilMs = Number.POSITIVE_INFINITY;
    holdsEvents = false;
  };
  const tell = () => {
    stopWaiting();
    for (const run of [...beside]) if (beside.delete(run)) run();
    for (const listener of [...listeners]) listener();
  };
  const set = (next: WallSnapshot) => {
    current = next;
    tell();
  };
  const tellEvents = () => {
    pacedMs = monotonicNow();
    tell();
  };
  const tellWithin = (ms: number) => {
    const untilMs = monotonicNow() + ms;
    if (untilMs >= heldUntilMs) return;
    cancelHold?.();
    heldUntilMs = untilMs;
    cancelHold = after(ms, () => (holdsEvents ? tellEvents() : tell()));
  };
  /** Whether a commit is near, which is then waited for; not for ever, since a page that nobody sees has no frames. */
  const awaitsCommit = (): boolean => {
    if (cancelHold !== undefined) return true;
    const leftMs = cancelFrame !== undefined ? BESIDES_MS : pacedMs + BESIDES_MS - monotonicNow();
    if (leftMs > 0) tellWithin(leftMs);
    return leftMs > 0;
  };
  const setBesides = (next: WallSnapshot) => {
    current = next;
    if (!awaitsCommit()) tell();
  };
  const setInPace = (next: WallSnapshot, isSmall: boolean) => {
    current = next;
    if (monotonicNow() - pacedMs >= APART_MS) {
      tellEvents();
    } else if (isSmall) {
      holdsEvents = true;
      tellWithin(HELD_MS);
    } else {
      cancelFrame ??= requestFrame(tell);
    }
  };

  /** Applies events and keeps the order of arrival, which is rebuilt once more than half of it has left the board. */
  const evolveAll = (
    { board, arrivals }: { board: WallState; arrivals: TicketId[] },
    events: readonly BoardEvent[],
  ) => {
    for (const event of events) {
      outage?.note(event);
      if (event.type === 'ticketReported') arrivals.push(event.ticketId);
      evolve(board, event);
    }
    if (arrivals.length > 2 * board.tickets.size + 1000) arrivals.splice(0, arrivals.length, ...board.tickets.keys());
  };

  const receiptFor = (board: WallState, now: number, missed?: Missed): WallSnapshot['receipt'] => {
    if (outage === undefined) {
      return current === undefined || monotonicNow() > receiptUntilMs ? null : current.receipt;
    }
    const receipt = { missed: outage.receipt(board, now, missed), gapMs: monotonicNow() - cutOffMs };
    receiptUntilMs = monotonicNow() + RECEIPT_MS;
    outage = undefined;
    return receipt;
  };

  /** When the canary was last seen, where it came with an answer that was given `at`. Before the first it is waited for from now on. */
  const canarySeenMs = (canary: CanaryPassed | undefined, at: number, { speed }: ClockState): number => {
    if (canary === undefined || speed === 'max') return monotonicNow();
    return monotonicNow() - Math.max(0, at - canary.at) / speed;
  };

  return {
    snapshot: () => current,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    besides(run) {
      if (awaitsCommit()) beside.add(run);
      else run();
      return () => void beside.delete(run);
    },
    elapsedMs: (sinceMs) => monotonicNow() - sinceMs,
    position: () => (current === undefined || !positionKnown ? undefined : { epoch: current.epoch, seq: current.seq }),
    resume(answer) {
      if (answer.kind === 'snapshot') {
        const { tickets, alerts, raises, flood, canary } = answer.board;
        const board = initialWallState(tickets, alerts, raises, flood, canary);
        live = { board, arrivals: [...board.tickets.keys()] };
        positionKnown = true;
        const next: WallSnapshot = {
          epoch: answer.epoch,
          seq: answer.seq,
          heardAt: answer.at,
          deployment: keptIfSame(current?.deployment, answer.board.deployment),
          history: keptIfSame(current?.history, answer.history),
          clock: answer.clock,
          sources: current?.sources ?? [],
          board,
          arrivals: live.arrivals,
          pulsedMs: monotonicNow(),
          canarySeenMs: canarySeenMs(board.canary, answer.at, answer.clock),
          shownSinceMs: current?.shownSinceMs ?? monotonicNow(),
          receipt: receiptFor(board, answer.at, answer.missed),
        };
        set(next);
        return true;
      }
      if (current === undefined || answer.epoch !== current.epoch || answer.fromSeq !== current.seq + 1) return false;
      const canaryBefore = live.board.canary;
      evolveAll(live, answer.events);
      const { canary } = live.board;
      set({
        ...current,
        seq: answer.toSeq,
        heardAt: answer.at,
        pulsedMs: monotonicNow(),
        canarySeenMs: canary === canaryBefore ? current.canarySeenMs : canarySeenMs(canary, answer.at, answer.clock),
        history: answer.history,
        clock: answer.clock,
        receipt: receiptFor(current.board, answer.at),
      });
      return true;
    },
    restore(kept, sources, ageMs) {
      if (current !== undefined) return;
      const keptMs = monotonicNow() - ageMs;
      const { tickets, alerts, raises, flood, canary } = kept.board;
      const board = initialWallState(tickets, alerts, raises, flood, canary);
      live = { board, arrivals: [...board.tickets.keys()] };
      outage = beginOutage(board, kept.at);
      cutOffMs = keptMs;
      set({
        epoch: kept.epoch,
        seq: kept.seq,
        heardAt: kept.at,
        deployment: kept.board.deployment,
        history: kept.history,
        clock: kept.clock,
        sources,
        board,
        arrivals: live.arrivals,
        pulsedMs: keptMs,
        canarySeenMs: canarySeenMs(canary, kept.at, kept.clock) - ageMs,
        shownSinceMs: keptMs,
        receipt: null,
      });
    },
    apply(frame) {
      if (current === undefined || frame.epoch !== current.epoch || frame.fromSeq > current.seq + 1) return 'gap';
      if (frame.toSeq <= current.seq) return 'known';
      if (frame.fromSeq !== current.seq + 1) return 'gap';
      const canaryBefore = live.board.canary;
      evolveAll(live, frame.events);
      const seenMs = live.board.canary === canaryBefore ? current.canarySeenMs : monotonicNow();
      const next = { ...current, seq: frame.toSeq, heardAt: frame.at, canarySeenMs: seenMs };
      setInPace(next, frame.events.length < SMALL_FRAME);
      return 'applied';
    },
    pulse(pulse) {
      if (current === undefined) return;
      const receipt = receiptFor(current.board, pulse.at);
      setBesides({
        ...current,
        heardAt: pulse.at,
        clock: pulse.clock,
        sources: pulse.sources,
        pulsedMs: monotonicNow(),
        receipt,
      });
    },
    renewHistory(history) {
      if (current !== undefined) setBesides({ ...current, history });
    },
    cutOff(sinceMs) {
      if (current === undefined || outage !== undefined) return;
      outage = beginOutage(current.board, current.heardAt);
      cutOffMs = sinceMs;
    },
    gap: () => outage?.gap,
    cutOffSinceMs: () => (outage === undefined ? undefined : cutOffMs),
    forgetPosition() {
      positionKnown = false;
    },
    close() {
      stopWaiting();
      beside.clear();
      listeners.clear();
    },
  };
}

/**
 * Real ms since the canary was last seen, once it is late; undefined while it is on time, in a replay, and while the
 * link itself says nothing (`pulsedMs`): then it cannot come.
 */
export function lateCanaryMs(
  snapshot: Pick<WallSnapshot, 'clock' | 'canarySeenMs' | 'pulsedMs'>,
  elapsedMs: WallStore['elapsedMs'],
): number | undefined {
  if (snapshot.clock.mode === 'replay' || elapsedMs(snapshot.pulsedMs) > STALE_AFTER_MS) return undefined;
  const ageMs = elapsedMs(snapshot.canarySeenMs);
  return isCanaryLate(ageMs) ? ageMs : undefined;
}

/** The newest `count` arrivals that are still on the board, newest first; the canary is never shown. */
export function newestArrivals(snapshot: Pick<WallSnapshot, 'arrivals' | 'board'>, count: number): readonly Ticket[] {
  const rows: Ticket[] = [];
  for (let i = snapshot.arrivals.length - 1; i >= 0 && rows.length < count; i -= 1) {
    const ticket = snapshot.board.tickets.get(snapshot.arrivals[i] as TicketId);
    if (ticket !== undefined && !ticket.flags.includes('canary')) rows.push(ticket);
  }
  return rows;
}
