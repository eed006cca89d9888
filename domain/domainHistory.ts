import { quantile } from './history.ts';
import { finishedAt } from './sla.ts';
import { countsInStatistics, createStatisticsTally, type StatisticsGroup, type TicketFacts } from './statistics.ts';
import { DOMAINS, type Domain, isEnded, type Ticket } from './ticket.ts';

const MINUTE_MS = 60_000;

/** How long tickets of one category took from report to finish (处置时长) over the days compared. All ms of real time. */
export interface CategoryTimes {
  readonly category: string;
  /** Tickets finished in these days. */
  readonly finished: number;
  readonly p10Ms: number;
  readonly medianMs: number;
  readonly p90Ms: number;
  /** The middle one of the limits that these tickets had at their report; null where none had one. */
  readonly limitMs: number | null;
}

/** Minutes since yesterday's local midnight, in order, one entry for each time that it happened. */
export interface DomainYesterday {
  readonly reportedMinutes: readonly number[];
  readonly closedMinutes: readonly number[];
  /** When a category's reports from one grid became two. */
  readonly repeatedMinutes: readonly number[];
}

/** What a domain's own scene compares today with; reckoned by the server from all tickets, archived ones too. */
export interface DomainHistory {
  /** Null where there is no such day in the data. */
  readonly yesterday: DomainYesterday | null;
  /** This month so far, by the formulas of domain/statistics.ts; null without a ticket. */
  readonly month: StatisticsGroup | null;
  /** Middle time from report to finish over the days compared; null where nothing was finished. */
  readonly medianMs: number | null;
  readonly categories: readonly CategoryTimes[];
}

interface CategoryTally {
  readonly tookMs: number[];
  readonly limitMs: number[];
}

interface DomainTally {
  readonly reportedMinutes: number[];
  readonly closedMinutes: number[];
  readonly repeats: Map<string, number[]>;
  readonly categories: Map<string, CategoryTally>;
}

/** Domain histories in the making, for whoever must not count all tickets in one breath. */
export interface DomainHistoryTally {
  /** Tickets in any order; those that statistics leave out are passed over. */
  add(ticket: TicketFacts): void;
  /** Of what was added so far. `label` masks what a source chose freely. */
  of(domain: Domain, label: (category: string) => string): DomainHistory;
}

/** The whole of today so far is `[dayStartAt, now]`; the days compared end with yesterday. All epoch ms. */
export interface DomainHistoryPeriod {
  readonly oldestDayAt: number;
  readonly yesterdayStartAt: number;
  readonly dayStartAt: number;
  readonly monthStartAt: number;
  readonly now: number;
}

function inOrder(values: number[]): number[] {
  return values.sort((a, b) => a - b);
}

/** The middle of all values of some lists; null of nothing. Typed, for a month has a hundred thousand of them. */
function medianOf(lists: readonly (readonly number[])[]): number | null {
  const all = new Float64Array(lists.reduce((sum, list) => sum + list.length, 0));
  let from = 0;
  for (const list of lists) {
    all.set(list, from);
    from += list.length;
  }
  return all.length === 0 ? null : quantile(all.sort(), 0.5);
}

/** When the second of several reports came, in minutes; nothing of a single one. */
function secondOf(minutes: number[]): number | [] {
  return inOrder(minutes)[1] ?? [];
}

export function createDomainHistoryTally(period: DomainHistoryPeriod): DomainHistoryTally {
  const { oldestDayAt, yesterdayStartAt, dayStartAt, monthStartAt, now } = period;
  const month = createStatisticsTally({ fromAt: monthStartAt, toAt: now + 1, at: now }, ({ domain }) => domain);
  const tallies = Object.fromEntries(
    DOMAINS.map((domain): [Domain, DomainTally] => [
      domain,
      { reportedMinutes: [], closedMinutes: [], repeats: new Map(), categories: new Map() },
    ]),
  ) as Record<Domain, DomainTally>;
  let firstReportedAt = Number.POSITIVE_INFINITY;

  const isYesterday = (at: number) => at >= yesterdayStartAt && at < dayStartAt;
  const minuteOf = (at: number) => Math.floor((at - yesterdayStartAt) / MINUTE_MS);

  return {
    add(ticket) {
      if (!countsInStatistics(ticket)) return;
      const { reportedAt, endedAt, category, location } = ticket;
      const tally = tallies[ticket.domain];
      firstReportedAt = Math.min(firstReportedAt, reportedAt);
      if (reportedAt >= monthStartAt) month.add(ticket);
      if (isYesterday(reportedAt)) {
        const minute = minuteOf(reportedAt);
        tally.reportedMinutes.push(minute);
        if (location.gridId !== undefined) {
          const key = `${category}\n${location.gridId}`;
          const known = tally.repeats.get(key);
          if (known === undefined) tally.repeats.set(key, [minute]);
          else known.push(minute);
        }
      }
      if (isEnded(ticket.status) && endedAt !== undefined && isYesterday(endedAt)) {
        tally.closedMinutes.push(minuteOf(endedAt));
      }
      const finished = finishedAt(ticket as Ticket);
      if (finished === undefined || finished < oldestDayAt || finished >= dayStartAt) return;
      let times = tally.categories.get(category);
      if (times === undefined) {
        times = { tookMs: [], limitMs: [] };
        tally.categories.set(category, times);
      }
      times.tookMs.push(Math.max(0, finished - reportedAt));
      const dueAt = ticket.originalDueAt ?? ticket.dueAt;
      if (dueAt !== undefined && dueAt > reportedAt) times.limitMs.push(dueAt - reportedAt);
    },
    of(domain, label) {
      const { reportedMinutes, closedMinutes, repeats, categories } = tallies[domain];
      return {
        yesterday:
          firstReportedAt < dayStartAt
            ? {
                reportedMinutes: inOrder(reportedMinutes),
                closedMinutes: inOrder(closedMinutes),
                repeatedMinutes: inOrder([...repeats.values()].flatMap(secondOf)),
              }
            : null,
        month: month.groups().find(({ key }) => key === domain) ?? null,
        medianMs: medianOf([...categories.values()].map(({ tookMs }) => tookMs)),
        categories: [...categories].map(([category, { tookMs, limitMs }]): CategoryTimes => {
          const took = Float64Array.from(tookMs).sort();
          return {
            category: label(category),
            finished: took.length,
            p10Ms: quantile(took, 0.1),
            medianMs: quantile(took, 0.5),
            p90Ms: quantile(took, 0.9),
            limitMs: medianOf([limitMs]),
          };
        }),
      };
    },
  };
}

/** How many of these minutes lie before `minute`: what had happened by that time of the day. `minutes` is in order. */
export function countBefore(minutes: readonly number[], minute: number): number {
  const first = minutes.findIndex((value) => value >= minute);
  return first < 0 ? minutes.length : first;
}
