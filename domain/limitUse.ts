import { finishedAt, remainingMs, type WorkingTime, workingMsBetween } from './sla.ts';
import type { Ticket } from './ticket.ts';

/**
 * Which share of its limit a ticket has used by an instant: 1 at the deadline. Counted in the ticket's own clock where the
 * calendar reaches back to its report and on to its deadline, else in real time. Undefined without a deadline.
 */
export function limitShareAt(
  working: WorkingTime,
  ticket: Pick<Ticket, 'dueAt' | 'reportedAt' | 'clock'>,
  at: number,
): number | undefined {
  const { dueAt, reportedAt, clock } = ticket;
  if (dueAt === undefined) return undefined;
  const inWorkingTime =
    clock !== undefined &&
    clock !== 'clockHours' &&
    reportedAt >= working.holidaysKnownFromAt &&
    dueAt <= working.holidaysKnownUntilAt;
  const between = (fromAt: number, toAt: number) =>
    inWorkingTime ? workingMsBetween(working, fromAt, toAt) : toAt - fromAt;
  const limitMs = between(reportedAt, dueAt);
  // A deadline that leaves no time is missed from the first moment after it
  if (limitMs <= 0) return at > dueAt ? Number.POSITIVE_INFINITY : 0;
  return Math.max(0, between(reportedAt, at) / limitMs);
}

/** The share used so far (时限占用); it stands still while the ticket is suspended and once it is handled. */
export function limitShare(working: WorkingTime, ticket: Ticket, now: number): number | undefined {
  return limitShareAt(working, ticket, finishedAt(ticket) ?? ticket.suspendedAt ?? now);
}

export interface LimitUse {
  readonly ticket: Ticket;
  readonly share: number;
  /** Of the ticket's own clock; negative once the deadline is missed. */
  readonly leftMs: number;
}

/** Open tickets with a deadline, most of their limit used first; equal ones in order of their deadlines. */
export function limitUses(working: WorkingTime, tickets: Iterable<Ticket>, now: number): readonly LimitUse[] {
  const uses: LimitUse[] = [];
  for (const ticket of tickets) {
    const share = limitShare(working, ticket, now);
    const leftMs = remainingMs(working, ticket, finishedAt(ticket) ?? now);
    if (share !== undefined && leftMs !== undefined) uses.push({ ticket, share, leftMs });
  }
  return uses.sort((a, b) => b.share - a.share || (a.ticket.dueAt as number) - (b.ticket.dueAt as number));
}
