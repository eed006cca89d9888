import type { BoardEvent } from './events.ts';
import { isOverdue } from './sla.ts';
import { countsInStatistics, type TicketFacts } from './statistics.ts';
import type { Ticket, TicketId } from './ticket.ts';
import type { WallState } from './wallState.ts';

/** What happened while a wall was cut off: the outage receipt. Instants are epoch ms of the domain clock. */
export interface OutageReceipt {
  readonly fromAt: number;
  readonly toAt: number;
  /** Tickets that came in meanwhile (补收). */
  readonly caughtUp: number;
  /** Deadlines that were missed meanwhile, whether or not the ticket has ended since (新增超期). */
  readonly newlyOverdue: number;
  /** Alerts that somebody acknowledged meanwhile (他处已确认). */
  readonly acknowledged: number;
}

/** Where a wall stood when it was cut off. */
export interface Gap {
  /** What its clock said. */
  readonly sinceAt: number;
  /** When the newest thing that it knew of was taken down; what was taken down later, it missed. */
  readonly knownAt: number;
}

/** What a board cannot tell a wall that comes back: of what came or was missed meanwhile, that which is not on it any more. */
export interface Missed {
  readonly reported: number;
  readonly newlyOverdue: number;
  /** Of all alerts, also those on the board: it does not tell of an acknowledgement that is over. */
  readonly acknowledged: number;
}

/** Whether the deadline was missed after `sinceAt`; where the ticket was not known then, whether it is missed at all. */
function becameOverdue(ticket: TicketFacts, sinceAt: number, wasKnown: boolean, now: number): boolean {
  if (!countsInStatistics(ticket) || !isOverdue(ticket as Ticket, now)) return false;
  return !wasKnown || (ticket.dueAt !== undefined && ticket.dueAt >= sinceAt);
}

/** The tickets' part of `Missed`, of those that have left the board. */
export function missedOf(left: Iterable<TicketFacts>, gap: Gap, now: number): Omit<Missed, 'acknowledged'> {
  let reported = 0;
  let newlyOverdue = 0;
  for (const ticket of left) {
    const wasKnown = (ticket.steps[0]?.recordedAt ?? 0) <= gap.knownAt;
    if (!wasKnown) reported += 1;
    if (becameOverdue(ticket, gap.sinceAt, wasKnown, now)) newlyOverdue += 1;
  }
  return { reported, newlyOverdue };
}

/** Follows one outage of a wall, from the cut to its receipt. */
export interface Outage {
  readonly gap: Gap;
  /** Before an event is applied to the board that is caught up. */
  note(event: BoardEvent): void;
  /** `missed`: where the board came as a whole and not event by event. */
  receipt(board: WallState, now: number, missed?: Missed): OutageReceipt;
}

/** `board` is what the wall shows when it is cut off at `sinceAt`. */
export function beginOutage(board: WallState, sinceAt: number): Outage {
  const known = new Set<TicketId>(board.tickets.keys());
  const left: Ticket[] = [];
  const acknowledged = new Set<string>();
  let knownAt = Number.NEGATIVE_INFINITY;
  for (const { steps } of board.tickets.values()) {
    for (const { recordedAt } of steps) knownAt = Math.max(knownAt, recordedAt);
  }
  for (const { changedAt } of board.alerts.values()) knownAt = Math.max(knownAt, changedAt);
  if (knownAt === Number.NEGATIVE_INFINITY) knownAt = sinceAt;

  return {
    gap: { sinceAt, knownAt },
    note(event) {
      if (event.type === 'alertChanged' && event.stimulus === 'acknowledge') acknowledged.add(event.alert.id);
      if (event.type !== 'ticketArchived') return;
      const ticket = board.tickets.get(event.ticketId);
      if (ticket !== undefined) left.push(ticket);
    },
    receipt(after, now, missed = { reported: 0, newlyOverdue: 0, acknowledged: 0 }) {
      let { reported: caughtUp, newlyOverdue } = missed;
      for (const tickets of [after.tickets.values(), left]) {
        for (const ticket of tickets) {
          const wasKnown = known.has(ticket.id);
          if (!wasKnown) caughtUp += 1;
          if (becameOverdue(ticket, sinceAt, wasKnown, now)) newlyOverdue += 1;
        }
      }
      return {
        fromAt: sinceAt,
        toAt: now,
        caughtUp,
        newlyOverdue,
        acknowledged: acknowledged.size + missed.acknowledged,
      };
    },
  };
}
