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

/** Half-open in `reportedAt`; `at` is the moment whose state is counted. All epoch ms. */
export interface StatisticsPeriod {
  readonly fromAt: number;
  readonly toAt: number;
  readonly at: number;
}

/** How one ticket counts in a period: as it was at the period's `at`, and what it adds to which figure. */
export interface TicketCount<T extends TicketFacts> {
  readonly ticket: T;
  /** Closed or merged; else it is open. */
  readonly closed: boolean;
  readonly overdue: boolean;
  readonly due: boolean;
  readonly onTime: boolean;
}

/** Undefined for a ticket that the period does not count. */
export function countTicket<T extends TicketFacts>(current: T, period: StatisticsPeriod): TicketCount<T> | undefined {
  if (current.reportedAt < period.fromAt || current.reportedAt >= period.toAt) return undefined;
  const ticket = ticketAt(current, period.at);
  if (ticket === undefined || !countsInStatistics(ticket)) return undefined;
  const overdue = isOverdue(ticket, period.at);
  const closed = isEnded(ticket.status);
  const finishedWithDeadline = ticket.dueAt !== undefined && finishedAt(ticket) !== undefined;
  return {
    ticket,
    closed,
    overdue,
    due: finishedWithDeadline || (!closed && overdue),
    onTime: finishedWithDeadline && !overdue,
  };
}

/** The figures of one group of tickets. */
export type StatisticsCounts = Omit<StatisticsGroup, 'key'>;

/** Adds tickets up to the figures of their group. */
export function createCounter(): {
  add(count: TicketCount<TicketFacts>): void;
  counts(): StatisticsCounts;
} {
  let opened = 0;
  let closed = 0;
  let closedOverdue = 0;
  let openOverdue = 0;
  let dueInPeriod = 0;
  let onTime = 0;
  return {
    add(count) {
      opened += 1;
      if (count.closed) closed += 1;
      if (count.closed && count.overdue) closedOverdue += 1;
      if (!count.closed && count.overdue) openOverdue += 1;
      if (count.due) dueInPeriod += 1;
      if (count.onTime) onTime += 1;
    },
    counts: () => ({
      opened,
      closed,
      closedOverdue,
      open: opened - closed,
      openOverdue,
      dueInPeriod,
      onTimeRate: dueInPeriod === 0 ? null : onTime / dueInPeriod,
    }),
  };
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
  const groups = new Map<string, ReturnType<typeof createCounter>>();
  return {
    add(current) {
      const count = countTicket(current, period);
      if (count === undefined) return;
      const key = keyOf(count.ticket) ?? '';
      let counter = groups.get(key);
      if (counter === undefined) {
        counter = createCounter();
        groups.set(key, counter);
      }
      counter.add(count);
    },
    groups: () => [...groups].map(([key, counter]) => ({ key, ...counter.counts() })),
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
