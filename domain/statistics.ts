import { finishedAt, isOverdue } from './sla.ts';
import { type Domain, isEnded, type StepRecord, statusAfter, type Ticket } from './ticket.ts';
import { evolveTicket } from './wallState.ts';

export const GROUPINGS = ['department', 'domain', 'community', 'grid'] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** What statistics need of a ticket; an archived ticket keeps just this in memory. */
export type TicketFacts = Pick<
  Ticket,
  | 'id'
  | 'domain'
  | 'category'
  | 'department'
  | 'location'
  | 'reportedAt'
  | 'dueAt'
  | 'originalDueAt'
  | 'overdueClaim'
  | 'status'
  | 'suspendedAt'
  | 'handledAt'
  | 'endedAt'
  | 'flags'
  | 'steps'
>;

/** One row of statistics: counts of tickets, `onTimeRate` a fraction 0–1, null where nothing was due. */
export interface StatisticsGroup {
  readonly key: string;
  readonly opened: number;
  readonly closed: number;
  readonly closedOverdue: number;
  readonly open: number;
  readonly openOverdue: number;
  readonly dueInPeriod: number;
  readonly onTimeRate: number | null;
}

/** The definitions behind each figure, sent along with the figures so that wall, brief and export share one wording. */
export const STATISTICS_FORMULAS = {
  opened: 'tickets reported in [from, to), without void tickets, drills and the canary',
  closed: 'of these closed (or merged) by `at`',
  closedOverdue: 'of the closed, finished after the deadline; finished = last standing handle, else the end',
  open: 'opened − closed',
  openOverdue: 'of the open, late at `at` (a source’s own claim counts only where there is no deadline)',
  dueInPeriod: 'tickets with a deadline that are finished, or open and overdue, each once',
  onTimeRate: 'finished at or before the deadline ÷ dueInPeriod',
} as const;

/**
 * A ticket as it was at `at` in event time: its steps dated later are left out. Undefined before its report.
 * Deadlines moved later (extension, suspension) do not reach back.
 */
export function ticketAt<T extends TicketFacts>(ticket: T, at: number): T | undefined {
  if (ticket.reportedAt > at) return undefined;
  if (ticket.steps.every((step) => step.at <= at)) return ticket;
  const first = ticket.steps[0] as StepRecord;
  let past = {
    ...ticket,
    status: 'reported',
    steps: [first],
    suspendedAt: undefined,
    handledAt: undefined,
    endedAt: undefined,
    dueAt: ticket.originalDueAt,
    department: first.department,
  } as unknown as Ticket;
  for (const record of ticket.steps) {
    if (record.step === 'report' || record.at > at) continue;
    past = evolveTicket(past, {
      type: 'stepTaken',
      ticketId: ticket.id,
      at: record.at,
      recordedAt: record.recordedAt,
      step: record.step,
      status: statusAfter(past.status, record.step),
      flags: [],
      ...(record.department === undefined ? {} : { department: record.department }),
      ...(record.dueAt === undefined ? {} : { dueAt: record.dueAt }),
    }) as Ticket;
  }
  return past as unknown as T;
}

/** Void tickets, drills and the canary are in no statistic (contract). */
export function countsInStatistics(ticket: Pick<Ticket, 'status' | 'flags'>): boolean {
  return ticket.status !== 'void' && !ticket.flags.includes('drill') && !ticket.flags.includes('canary');
}

interface Tally {
  opened: number;
  closed: number;
  closedOverdue: number;
  openOverdue: number;
  dueInPeriod: number;
  onTime: number;
}

/** Half-open in `reportedAt`; `at` is the moment whose state is counted. All epoch ms. */
export interface StatisticsPeriod {
  readonly fromAt: number;
  readonly toAt: number;
  readonly at: number;
}

/** Statistics in the making, for whoever must not count all tickets in one breath. */
export interface StatisticsTally {
  add(ticket: TicketFacts): void;
  /** Of what was added so far. */
  groups(): StatisticsGroup[];
}

/**
 * Counts tickets reported in [from, to), each in the state it had at `at` (all epoch ms). Groups come in order of
 * their first ticket; a ticket for which `keyOf` gives undefined falls under the key `''`.
 */
export function createStatisticsTally(
  period: StatisticsPeriod,
  keyOf: (ticket: TicketFacts) => string | undefined,
): StatisticsTally {
  const tallies = new Map<string, Tally>();

  function add(current: TicketFacts): void {
    if (current.reportedAt < period.fromAt || current.reportedAt >= period.toAt) return;
    const ticket = ticketAt(current, period.at) as Ticket | undefined;
    if (ticket === undefined || !countsInStatistics(ticket)) return;
    const key = keyOf(ticket) ?? '';
    let tally = tallies.get(key);
    if (tally === undefined) {
      tally = { opened: 0, closed: 0, closedOverdue: 0, openOverdue: 0, dueInPeriod: 0, onTime: 0 };
      tallies.set(key, tally);
    }
    const overdue = isOverdue(ticket, period.at);
    const ended = isEnded(ticket.status);
    const finishedWithDeadline = ticket.dueAt !== undefined && finishedAt(ticket) !== undefined;
    tally.opened += 1;
    if (ended) tally.closed += 1;
    if (ended && overdue) tally.closedOverdue += 1;
    if (!ended && overdue) tally.openOverdue += 1;
    if (finishedWithDeadline || (!ended && overdue)) tally.dueInPeriod += 1;
    if (finishedWithDeadline && !overdue) tally.onTime += 1;
  }

  return {
    add,
    groups: () =>
      [...tallies].map(([key, tally]) => ({
        key,
        opened: tally.opened,
        closed: tally.closed,
        closedOverdue: tally.closedOverdue,
        open: tally.opened - tally.closed,
        openOverdue: tally.openOverdue,
        dueInPeriod: tally.dueInPeriod,
        onTimeRate: tally.dueInPeriod === 0 ? null : tally.onTime / tally.dueInPeriod,
      })),
  };
}

/** `createStatisticsTally` over all tickets at once. */
export function statistics(
  tickets: Iterable<TicketFacts>,
  period: StatisticsPeriod,
  keyOf: (ticket: TicketFacts) => string | undefined,
): StatisticsGroup[] {
  const tally = createStatisticsTally(period, keyOf);
  for (const ticket of tickets) tally.add(ticket);
  return tally.groups();
}

/** Which group a ticket belongs to; areas that the deployment does not list stand for themselves. */
export function groupKey(
  grouping: Grouping,
  communityOf: (gridId: string) => string | undefined,
): (ticket: TicketFacts) => string | undefined {
  switch (grouping) {
    case 'department':
      return (ticket) => ticket.department;
    case 'domain':
      return (ticket): Domain => ticket.domain;
    case 'grid':
      return (ticket) => ticket.location.gridId;
    case 'community':
      return (ticket) => {
        const { gridId } = ticket.location;
        return gridId === undefined ? undefined : (communityOf(gridId) ?? gridId);
      };
  }
}
