import type { BoardEvent } from '../../domain/events.ts';
import type { OutageReceipt } from '../../domain/metrics.ts';
import { outageReceipt } from '../../domain/metrics.ts';
import { isOverdue } from '../../domain/sla.ts';
import { isEnded, type Ticket, type TicketId } from '../../domain/ticket.ts';
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
import { animationFrame, type RequestFrame } from './frameScheduler.ts';

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
  readonly receipt: { readonly missed: OutageReceipt; readonly gapMs: number } | null;
}

export type FrameOutcome = 'applied' | 'known' | 'gap';

/**
 * The one copy of the board in the page. Listeners hear of the first change of a quiet moment at once and of the rest
 * once per animation frame, so a single report is shown without waiting and a burst costs one render a frame.
 */
export interface WallStore {
  /** Undefined until the first snapshot. */
  snapshot(): WallSnapshot | undefined;
  subscribe(listener: () => void): () => void;
  /** Where to resume from. */
  position(): { readonly epoch: string; readonly seq: number } | undefined;
  /** Takes a subscription's answer; false where its events do not follow on from here (then forget, and subscribe anew). */
  resume(answer: Accepted): boolean;
  apply(frame: EventFrame): FrameOutcome;
  pulse(pulse: Pulse): void;
  renewHistory(history: WallHistory): void;
  /** The link is gone since `at` (domain time), `monotonicMs` on the page's own clock: remembers what was known then. */
  cutOff(at: number, monotonicMs: number): void;
  /** Drops the position, so that the next subscription starts from a snapshot. The board stays on screen. */
  forgetPosition(): void;
  close(): void;
}

export function createWallStore(options: {
  readonly monotonicNow: () => number;
  readonly requestFrame?: RequestFrame;
}): WallStore {
  const { monotonicNow, requestFrame = animationFrame } = options;
  const listeners = new Set<() => void>();
  let current: WallSnapshot | undefined;
  let live: { board: WallState; arrivals: TicketId[] } = { board: initialWallState(), arrivals: [] };
  let positionKnown = false;
  let cancelFrame: (() => void) | undefined;
  let changedSinceFrame = false;
  let before: Parameters<typeof outageReceipt>[0] | undefined;
  let cutOffMs = 0;
  let receiptUntilMs = 0;

  const tell = () => {
    for (const listener of [...listeners]) listener();
  };
  const onFrame = () => {
    cancelFrame = undefined;
    if (!changedSinceFrame) return;
    changedSinceFrame = false;
    cancelFrame = requestFrame(onFrame);
    tell();
  };
  const set = (next: WallSnapshot) => {
    current = next;
    if (cancelFrame !== undefined) {
      changedSinceFrame = true;
      return;
    }
    cancelFrame = requestFrame(onFrame);
    tell();
  };

  /** Applies events and keeps the order of arrival, which is rebuilt once more than half of it has left the board. */
  const evolveAll = (
    { board, arrivals }: { board: WallState; arrivals: TicketId[] },
    events: readonly BoardEvent[],
  ) => {
    for (const event of events) {
      if (event.type === 'ticketReported') arrivals.push(event.ticketId);
      evolve(board, event);
    }
    if (arrivals.length > 2 * board.tickets.size + 1000) arrivals.splice(0, arrivals.length, ...board.tickets.keys());
  };

  const receiptFor = (board: WallState, now: number): WallSnapshot['receipt'] => {
    if (before === undefined) return current?.receipt ?? null;
    const gapMs = monotonicNow() - cutOffMs;
    receiptUntilMs = monotonicNow() + RECEIPT_MS;
    const missed = outageReceipt(before, board.tickets.values(), now);
    before = undefined;
    return { missed, gapMs };
  };

  return {
    snapshot: () => current,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    position: () => (current === undefined || !positionKnown ? undefined : { epoch: current.epoch, seq: current.seq }),
    resume(answer) {
      if (answer.kind === 'snapshot') {
        const { tickets, alerts, raises, flood, canary } = answer.board;
        const board = initialWallState(tickets, alerts, raises, flood, canary);
        live = { board, arrivals: [...board.tickets.keys()] };
        positionKnown = true;
        set({
          epoch: answer.epoch,
          seq: answer.seq,
          heardAt: answer.at,
          deployment: answer.board.deployment,
          history: answer.history,
          clock: answer.clock,
          sources: current?.sources ?? [],
          board,
          arrivals: live.arrivals,
          receipt: receiptFor(board, answer.at),
        });
        return true;
      }
      if (current === undefined || answer.epoch !== current.epoch || answer.fromSeq !== current.seq + 1) return false;
      evolveAll(live, answer.events);
      set({
        ...current,
        seq: answer.toSeq,
        heardAt: answer.at,
        history: answer.history,
        clock: answer.clock,
        receipt: receiptFor(current.board, answer.at),
      });
      return true;
    },
    apply(frame) {
      if (current === undefined || frame.epoch !== current.epoch || frame.fromSeq > current.seq + 1) return 'gap';
      if (frame.toSeq <= current.seq) return 'known';
      if (frame.fromSeq !== current.seq + 1) return 'gap';
      evolveAll(live, frame.events);
      set({ ...current, seq: frame.toSeq, heardAt: frame.at });
      return 'applied';
    },
    pulse(pulse) {
      if (current === undefined) return;
      const receipt = current.receipt !== null && monotonicNow() > receiptUntilMs ? null : current.receipt;
      set({ ...current, heardAt: pulse.at, clock: pulse.clock, sources: pulse.sources, receipt });
    },
    renewHistory(history) {
      if (current !== undefined) set({ ...current, history });
    },
    cutOff(at, monotonicMs) {
      if (current === undefined || before !== undefined) return;
      const overdue = new Set<TicketId>();
      for (const ticket of current.board.tickets.values()) {
        if (!isEnded(ticket.status) && isOverdue(ticket, at)) overdue.add(ticket.id);
      }
      before = { ids: new Set(current.board.tickets.keys()), overdue, at };
      cutOffMs = monotonicMs;
    },
    forgetPosition() {
      positionKnown = false;
    },
    close() {
      cancelFrame?.();
      listeners.clear();
    },
  };
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
