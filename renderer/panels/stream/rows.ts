import { enteredStatusAt, FRESH_MS, isFresh, type StepMark, stepMarks } from '../../../domain/metrics.ts';
import { isOverdue, lateByMs, overdueSeverity, remainingMs, type WorkingTime } from '../../../domain/sla.ts';
import type { Ticket, TicketId } from '../../../domain/ticket.ts';
import type { WallSnapshot } from '../../live/useWall.ts';

/** What stands under the strip of a case, before it is put into words. */
export type CaseState =
  | { readonly kind: 'awaiting' | 'returned' | 'verifying' | 'closing' | 'suspended' | 'void' | 'merged' }
  | { readonly kind: 'dispatched'; readonly department: string | undefined }
  /** `leftMs` undefined without a deadline. */
  | { readonly kind: 'handling' | 'rework'; readonly leftMs: number | undefined }
  | {
      readonly kind: 'late';
      readonly severity: 'critical' | 'high';
      /** 0 where only the source says that it is late. */
      readonly lateMs: number;
    }
  | { readonly kind: 'closed'; readonly points: number };

export interface StreamRow {
  readonly ticket: Ticket;
  readonly marks: readonly StepMark[];
  readonly state: CaseState;
  /** Still carries the mark of a new row. */
  readonly fresh: boolean;
}

function openState(ticket: Ticket, working: WorkingTime, now: number, dispatchedLately: boolean): CaseState {
  if (ticket.suspendedAt !== undefined) return { kind: 'suspended' };
  const severity = overdueSeverity(ticket, now);
  if (severity !== undefined && (ticket.status === 'reported' || ticket.status === 'dispatched')) {
    return { kind: 'late', severity, lateMs: lateByMs(ticket, now) };
  }
  switch (ticket.status) {
    case 'reported':
      return { kind: ticket.flags.includes('returned') ? 'returned' : 'awaiting' };
    case 'dispatched': {
      const leftMs = isOverdue(ticket, now) ? undefined : remainingMs(working, ticket, now);
      if (ticket.flags.includes('reworked')) return { kind: 'rework', leftMs };
      return dispatchedLately ? { kind: 'dispatched', department: ticket.department } : { kind: 'handling', leftMs };
    }
    case 'handled':
      return { kind: 'verifying' };
    default:
      return { kind: 'closing' };
  }
}

/**
 * One case as the stream shows it. For the time that new things are marked, a dispatch is shown as 已分派, then as 处置
 * with the time left. `paceFactor`: domain ms per real ms, so that marks stay a real minute in a fast replay.
 */
export function streamRow(ticket: Ticket, working: WorkingTime, now: number, paceFactor: number): StreamRow {
  const markedMs = FRESH_MS * Math.max(1, paceFactor);
  const dispatchedLately = ticket.status === 'dispatched' && now - enteredStatusAt(ticket) < markedMs;
  const marks = stepMarks(ticket, dispatchedLately);
  const fresh = isFresh(ticket, now, markedMs);
  switch (ticket.status) {
    case 'closed':
      return { ticket, marks, state: { kind: 'closed', points: ticket.points }, fresh };
    case 'void':
      return { ticket, marks, state: { kind: 'void' }, fresh };
    case 'merged':
      return { ticket, marks, state: { kind: 'merged' }, fresh };
    case 'reported':
    case 'dispatched':
    case 'handled':
    case 'verified':
      return { ticket, marks, state: openState(ticket, working, now, dispatchedLately), fresh };
  }
}

/** New reports that newer ones have pushed off the `shown` rows while they still carried their mark: counted, not shown. */
export function overtakenCount(
  snapshot: Pick<WallSnapshot, 'arrivals' | 'board'>,
  shown: number,
  now: number,
  paceFactor: number,
): number {
  const markedMs = FRESH_MS * Math.max(1, paceFactor);
  let fresh = 0;
  for (let i = snapshot.arrivals.length - 1; i >= 0; i -= 1) {
    const ticket = snapshot.board.tickets.get(snapshot.arrivals[i] as TicketId);
    if (ticket === undefined || ticket.flags.includes('canary')) continue;
    // Arrivals are in the order in which they were taken down: the rest is older.
    if (now - ticket.recordedAt >= markedMs) break;
    if (isFresh(ticket, now, markedMs)) fresh += 1;
  }
  return Math.max(0, fresh - shown);
}
