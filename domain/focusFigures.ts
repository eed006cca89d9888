import { countBefore, type DomainHistory } from './domainHistory.ts';
import { type LimitUse, limitUses } from './limitUse.ts';
import {
  type BoardFigures,
  type BoardInput,
  boardFigures,
  bump,
  hourOf,
  leftAt,
  median,
  type Stage,
  stageOf,
} from './metrics.ts';
import { finishedAt } from './sla.ts';
import { countsInStatistics } from './statistics.ts';
import { type Domain, isEnded, type Ticket, type TicketId } from './ticket.ts';
import type { WallState } from './wallState.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** One row of 类别: what came in today and who waits where. */
export interface CategoryCounts {
  readonly category: string;
  readonly reportedToday: number;
  readonly stages: Readonly<Record<Stage, number>>;
}

/** Every number of one domain's own scene (领域专题) at one instant. */
export interface FocusFigures {
  readonly domain: Domain;
  /** The board's own figures, over this domain's tickets and alerts alone: so they add up to those of the dispatch scene. */
  readonly board: BoardFigures;
  /** Ended in each local hour of today that is over … */
  readonly closedHourly: readonly number[];
  /** … and in the 60 minutes that end now, today's only. */
  readonly closedLastHour: number;
  /** Middle time from report to finish of what was finished today; null of nothing. */
  readonly medianFinishMs: number | null;
  /** Groups of repeat reports by this time yesterday; null without a yesterday. */
  readonly repeatedYesterday: number | null;
  /** Busiest today first; only those with a report today or an open ticket. */
  readonly categories: readonly CategoryCounts[];
  /** Most of its limit used first. */
  readonly limitUse: readonly LimitUse[];
  /** Today's reports by grid, busiest first; those without a grid under `''`. */
  readonly reportedByGrid: ReadonlyMap<string, number>;
}

/** The part of the board that is about one domain. A flood is the whole district's and stays out of it. */
function boardOf(domain: Domain, { tickets, alerts }: WallState): WallState {
  const own = new Map<TicketId, Ticket>();
  for (const [id, ticket] of tickets) if (ticket.domain === domain) own.set(id, ticket);
  const ownAlerts = new Map(
    [...alerts].filter(([, alert]) => {
      const ticket = alert.ticketId === undefined ? undefined : tickets.get(alert.ticketId);
      return (ticket?.domain ?? alert.domain) === domain;
    }),
  );
  return { tickets: own, alerts: ownAlerts, raises: [], flood: undefined, canary: undefined };
}

/** One more pass over the board, made only while a scene about this domain is shown. */
export function focusFigures(
  domain: Domain,
  input: BoardInput & { readonly domainHistory: DomainHistory | undefined },
): FocusFigures {
  const { now, day, history, domainHistory } = input;
  const board = boardOf(domain, input.board);
  const sameDay = history.dayStartAt === day.startAt;
  const figures = boardFigures({ ...input, board, history: { ...history, yesterday: null } });
  const yesterday = sameDay ? (domainHistory?.yesterday ?? null) : null;
  const minute = Math.floor((now - day.startAt) / MINUTE_MS);

  const closedHourly = new Array<number>(24).fill(0);
  let closedLastHour = 0;
  const tookMs: number[] = [];
  const open: Ticket[] = [];
  const categories = new Map<string, { reportedToday: number; stages: Record<Stage, number> }>();
  const reportedByGrid = new Map<string, number>();
  for (const ticket of board.tickets.values()) {
    if (!countsInStatistics(ticket)) continue;
    const stage = stageOf(ticket.status);
    const isToday = ticket.reportedAt >= day.startAt;
    const finished = finishedAt(ticket);
    if (finished !== undefined && finished >= day.startAt) tookMs.push(Math.max(0, finished - ticket.reportedAt));
    if (isEnded(ticket.status) && leftAt(ticket) >= day.startAt) {
      const hour = hourOf(day, leftAt(ticket));
      closedHourly[hour] = (closedHourly[hour] as number) + 1;
      if (leftAt(ticket) > now - HOUR_MS) closedLastHour += 1;
    }
    if (stage !== undefined) open.push(ticket);
    if (isToday) bump(reportedByGrid, ticket.location.gridId ?? '');
    if (!isToday && stage === undefined) continue;
    let counts = categories.get(ticket.category);
    if (counts === undefined) {
      counts = { reportedToday: 0, stages: { dispatch: 0, handle: 0, verify: 0 } };
      categories.set(ticket.category, counts);
    }
    if (isToday) counts.reportedToday += 1;
    if (stage !== undefined) counts.stages[stage] += 1;
  }

  const openOf = ({ stages }: CategoryCounts) => stages.dispatch + stages.handle + stages.verify;
  return {
    domain,
    board: {
      ...figures,
      pipeline: {
        ...figures.pipeline,
        reportedYesterday: yesterday && countBefore(yesterday.reportedMinutes, minute),
        closedYesterday: yesterday && countBefore(yesterday.closedMinutes, minute),
      },
    },
    closedHourly: closedHourly.slice(0, hourOf(day, now)),
    closedLastHour,
    medianFinishMs: median(tookMs),
    repeatedYesterday: yesterday && countBefore(yesterday.repeatedMinutes, minute),
    categories: [...categories]
      .map(([category, counts]): CategoryCounts => ({ category, ...counts }))
      .sort((a, b) => b.reportedToday - a.reportedToday || openOf(b) - openOf(a)),
    limitUse: limitUses(history.working, open, now),
    reportedByGrid: new Map([...reportedByGrid].sort(([, a], [, b]) => b - a)),
  };
}

/**
 * The rows that there is room for, busiest first; where not all fit, one row less and a last one under `''` (其他) that
 * adds up the others.
 */
export function foldCategories(
  categories: readonly CategoryCounts[],
  rows: number,
): { readonly shown: readonly CategoryCounts[]; readonly rest: (CategoryCounts & { readonly of: number }) | null } {
  if (categories.length <= rows) return { shown: categories, rest: null };
  const shown = categories.slice(0, Math.max(0, rows - 1));
  const others = categories.slice(shown.length);
  const sum = (pick: (counts: CategoryCounts) => number) => others.reduce((total, one) => total + pick(one), 0);
  return {
    shown,
    rest: {
      category: '',
      of: others.length,
      reportedToday: sum((one) => one.reportedToday),
      stages: {
        dispatch: sum(({ stages }) => stages.dispatch),
        handle: sum(({ stages }) => stages.handle),
        verify: sum(({ stages }) => stages.verify),
      },
    },
  };
}
