import type { PointsAwarded } from './events.ts';
import { median } from './metrics.ts';
import { finishedAt, isOverdue } from './sla.ts';
import {
  countsInStatistics,
  countTicket,
  createCounter,
  type StatisticsCounts,
  type StatisticsGroup,
  type StatisticsPeriod,
  type TicketCount,
  type TicketFacts,
  ticketAt,
} from './statistics.ts';
import { DOMAINS, type Domain, isEnded, type StepRecord } from './ticket.ts';

/** A period and the local midnights of its days, the first of them `fromAt`. */
export interface BriefPeriod extends StatisticsPeriod {
  readonly dayStartsAt: readonly number[];
}

/** A period, and the one before it at the same stage: as many of its days gone, seen at the same time of day. */
export interface BriefPeriods {
  readonly current: BriefPeriod;
  readonly previous: BriefPeriod;
}

/** Counts of tickets as in statistics, and what else the brief tells of the same tickets. */
export interface BriefTotal extends StatisticsCounts {
  /** Median from report to finish (last standing handle, else the end) of those finished; null where none is. */
  readonly medianFinishMs: number | null;
  /** Tickets that somebody verified or sent back, and of these the ones that passed the first time. */
  readonly judged: number;
  readonly passedAtOnce: number;
}

export interface BriefDepartment extends StatisticsGroup {
  readonly medianFinishMs: number | null;
  /** Everything open at `at`, whenever it was reported, and what of it is late: the load. */
  readonly openAll: number;
  readonly openOverdueAll: number;
}

/** A grid of 一格一员: `overdue` = closed late + open late. */
export interface BriefGrid {
  readonly key: string;
  readonly opened: number;
  readonly overdue: number;
}

/** Tickets reported on one local day. */
export interface BriefDay {
  readonly startAt: number;
  readonly opened: number;
  readonly dueInPeriod: number;
  readonly onTimeRate: number | null;
}

/** The figures of a brief. Everything counts the tickets reported in [from, to) as they were at `at`. */
export interface BriefFigures {
  readonly fromAt: number;
  readonly toAt: number;
  readonly at: number;
  readonly total: BriefTotal;
  /** The days begun by `at`. */
  readonly days: readonly BriefDay[];
  /** In order of their keys; the key is empty for tickets of no department. */
  readonly departments: readonly BriefDepartment[];
  readonly domains: readonly (StatisticsGroup & { readonly key: Domain })[];
  /** Every grid asked for, in the order asked for. */
  readonly grids: readonly BriefGrid[];
  /** Points awarded in the period. */
  readonly points: number;
  /** Null where the data does not reach back over all of it: a comparison would flatter or frighten. */
  readonly previous: {
    readonly fromAt: number;
    readonly toAt: number;
    readonly at: number;
    readonly total: BriefTotal;
    readonly days: readonly BriefDay[];
  } | null;
}

/** How often a category was reported, now and in the period before (null: not known), and where most. */
export interface BriefCategory {
  readonly key: string;
  readonly opened: number;
  readonly previousOpened: number | null;
  readonly topCommunity: { readonly key: string; readonly opened: number } | null;
}

/** What each figure of the brief counts beyond `STATISTICS_FORMULAS`. */
export const BRIEF_FORMULAS = {
  overdue: 'closedOverdue + openOverdue',
  medianFinishMs: 'median of finish − report over the finished; finished = last standing handle, else the end',
  judged: 'tickets with a verify or a rework by `at`',
  passedAtOnce: 'of the judged, those whose first of the two was verify',
  points: 'points awarded in [from, to) by `at`',
  openAll: 'all tickets open at `at`, whenever reported',
  openOverdueAll: 'of openAll, late at `at`',
  previous: 'the period before, at the same stage: as many days gone, at the same time of day',
} as const;

/** A brief in the making, ticket by ticket, for whoever must not count all of them in one breath. */
export interface BriefTally {
  add(ticket: TicketFacts): void;
  addAward(award: Pick<PointsAwarded, 'at' | 'points'>): void;
  /** Of what was added so far. */
  figures(): BriefFigures;
  /** In order of their keys. */
  categories(): readonly BriefCategory[];
}

/** What one ticket is to a brief, beyond its counts: the step that judged it first, and how long it took. */
function firstVerdict(ticket: TicketFacts): 'verify' | 'rework' | undefined {
  return ticket.steps.find(
    (record): record is StepRecord & { step: 'verify' | 'rework' } =>
      record.step === 'verify' || record.step === 'rework',
  )?.step;
}

function finishMs(ticket: TicketFacts): number | undefined {
  const finished = finishedAt(ticket);
  return finished === undefined ? undefined : Math.max(0, finished - ticket.reportedAt);
}

function createTotal() {
  const counter = createCounter();
  const finishes: number[] = [];
  let judged = 0;
  let passedAtOnce = 0;
  return {
    add(count: TicketCount<TicketFacts>) {
      counter.add(count);
      const took = finishMs(count.ticket);
      if (took !== undefined) finishes.push(took);
      const verdict = firstVerdict(count.ticket);
      if (verdict !== undefined) judged += 1;
      if (verdict === 'verify') passedAtOnce += 1;
    },
    total: (): BriefTotal => ({ ...counter.counts(), medianFinishMs: median([...finishes]), judged, passedAtOnce }),
  };
}

function createDays(period: BriefPeriod) {
  const counters = period.dayStartsAt.map(() => createCounter());
  return {
    add(count: TicketCount<TicketFacts>) {
      const day = period.dayStartsAt.findLastIndex((startAt) => startAt <= count.ticket.reportedAt);
      counters[day]?.add(count);
    },
    days: (): BriefDay[] =>
      period.dayStartsAt.flatMap((startAt, i) => {
        if (startAt > period.at) return [];
        const { opened, dueInPeriod, onTimeRate } = (counters[i] as ReturnType<typeof createCounter>).counts();
        return [{ startAt, opened, dueInPeriod, onTimeRate }];
      }),
  };
}

/** A ticket as it was at `at`, where it counts and was open then. */
function openAt<T extends TicketFacts>(ticket: T, at: number): T | undefined {
  if (ticket.endedAt !== undefined && ticket.endedAt <= at && isEnded(ticket.status)) return undefined;
  const then = ticketAt(ticket, at);
  return then === undefined || isEnded(then.status) || !countsInStatistics(then) ? undefined : then;
}

class DepartmentTally {
  readonly total = createTotal();
  openAll = 0;
  openOverdueAll = 0;
}

class CategoryTally {
  opened = 0;
  previousOpened = 0;
  readonly communities = new Map<string, number>();
}

function entryOf<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

const byKey = (a: { readonly key: string }, b: { readonly key: string }) => (a.key < b.key ? -1 : 1);

/**
 * @param grids whose figures are wanted, in their order: 一格一员
 * @param communityOf community of a listed grid
 */
export function createBriefTally(
  { current, previous }: BriefPeriods,
  grids: readonly string[],
  communityOf: (gridId: string) => string | undefined,
): BriefTally {
  const total = createTotal();
  const days = createDays(current);
  const totalBefore = createTotal();
  const daysBefore = createDays(previous);
  const departments = new Map<string, DepartmentTally>();
  const domains = new Map(DOMAINS.map((domain) => [domain, createCounter()]));
  const gridTallies = new Map(grids.map((key) => [key, { opened: 0, overdue: 0 }]));
  const categories = new Map<string, CategoryTally>();
  let points = 0;
  let firstReportedAt = Number.POSITIVE_INFINITY;

  function addLoad(ticket: TicketFacts): void {
    const then = openAt(ticket, current.at);
    if (then === undefined) return;
    const department = entryOf(departments, then.department ?? '', () => new DepartmentTally());
    department.openAll += 1;
    if (isOverdue(then, current.at)) department.openOverdueAll += 1;
  }

  function addCurrent(count: TicketCount<TicketFacts>): void {
    const { ticket } = count;
    const { gridId } = ticket.location;
    total.add(count);
    days.add(count);
    entryOf(departments, ticket.department ?? '', () => new DepartmentTally()).total.add(count);
    domains.get(ticket.domain)?.add(count);
    const grid = gridId === undefined ? undefined : gridTallies.get(gridId);
    if (grid !== undefined) {
      grid.opened += 1;
      if (count.overdue) grid.overdue += 1;
    }
    const category = entryOf(categories, ticket.category, () => new CategoryTally());
    category.opened += 1;
    const community = gridId === undefined ? undefined : communityOf(gridId);
    if (community !== undefined) {
      category.communities.set(community, (category.communities.get(community) ?? 0) + 1);
    }
  }

  /** The day after the first of the period before: data that begins later does not cover that period. */
  const isCompared = () => firstReportedAt < (previous.dayStartsAt[1] ?? previous.toAt);

  return {
    add(ticket) {
      if (ticket.reportedAt > current.at) return;
      if (countsInStatistics(ticket)) firstReportedAt = Math.min(firstReportedAt, ticket.reportedAt);
      addLoad(ticket);
      const now = countTicket(ticket, current);
      if (now !== undefined) addCurrent(now);
      const before = countTicket(ticket, previous);
      if (before === undefined) return;
      totalBefore.add(before);
      daysBefore.add(before);
      entryOf(categories, before.ticket.category, () => new CategoryTally()).previousOpened += 1;
    },
    addAward(award) {
      if (award.at >= current.fromAt && award.at < current.toAt && award.at <= current.at) points += award.points;
    },
    figures: () => ({
      fromAt: current.fromAt,
      toAt: current.toAt,
      at: current.at,
      total: total.total(),
      days: days.days(),
      departments: [...departments]
        .map(([key, tally]) => {
          const { judged: _judged, passedAtOnce: _passed, ...counts } = tally.total.total();
          return { key, ...counts, openAll: tally.openAll, openOverdueAll: tally.openOverdueAll };
        })
        .sort(byKey),
      domains: [...domains].map(([key, counter]) => ({ key, ...counter.counts() })),
      grids: grids.map((key) => ({ key, ...(gridTallies.get(key) as { opened: number; overdue: number }) })),
      points,
      previous: isCompared()
        ? {
            fromAt: previous.fromAt,
            toAt: previous.toAt,
            at: previous.at,
            total: totalBefore.total(),
            days: daysBefore.days(),
          }
        : null,
    }),
    categories: () =>
      [...categories]
        .filter(([, tally]) => tally.opened > 0)
        .map(([key, tally]) => ({
          key,
          opened: tally.opened,
          previousOpened: isCompared() ? tally.previousOpened : null,
          topCommunity:
            [...tally.communities]
              .map(([community, opened]) => ({ key: community, opened }))
              .sort((a, b) => b.opened - a.opened || byKey(a, b))[0] ?? null,
        }))
        .sort(byKey),
  };
}

/** Late of all that came in: closed late, or open and late. */
export function overdueOf(counts: Pick<StatisticsCounts, 'closedOverdue' | 'openOverdue'>): number {
  return counts.closedOverdue + counts.openOverdue;
}

// ---- The tickets behind a figure

/** Every figure that is a number of tickets, or is reckoned from one. */
export const TICKET_FIGURES = [
  'opened',
  'closed',
  'closedOverdue',
  'open',
  'openOverdue',
  'overdue',
  'dueInPeriod',
  'onTime',
  'finished',
  'judged',
  'passedAtOnce',
  'openAll',
  'openOverdueAll',
] as const;
export type TicketFigure = (typeof TICKET_FIGURES)[number];

function isBehind(figure: TicketFigure, count: TicketCount<TicketFacts>): boolean {
  switch (figure) {
    case 'opened':
      return true;
    case 'closed':
      return count.closed;
    case 'closedOverdue':
      return count.closed && count.overdue;
    case 'open':
      return !count.closed;
    case 'openOverdue':
      return !count.closed && count.overdue;
    case 'overdue':
      return count.overdue;
    case 'dueInPeriod':
      return count.due;
    case 'onTime':
      return count.onTime;
    case 'finished':
      return finishMs(count.ticket) !== undefined;
    case 'judged':
      return firstVerdict(count.ticket) !== undefined;
    case 'passedAtOnce':
      return firstVerdict(count.ticket) === 'verify';
    case 'openAll':
    case 'openOverdueAll':
      return false;
    default:
      return figure satisfies never;
  }
}

/** The ticket as the period saw it, where it is one of those that a figure counts. */
export function ticketBehind<T extends TicketFacts>(
  figure: TicketFigure,
  ticket: T,
  period: StatisticsPeriod,
): T | undefined {
  if (figure === 'openAll' || figure === 'openOverdueAll') {
    const then = openAt(ticket, period.at);
    return then === undefined || (figure === 'openOverdueAll' && !isOverdue(then, period.at)) ? undefined : then;
  }
  const count = countTicket(ticket, period);
  return count !== undefined && isBehind(figure, count) ? count.ticket : undefined;
}

// ---- The strip of 一格一员

export interface StripStreet<Id extends string = string> {
  readonly id: Id;
  /** In the order of their codes. */
  readonly grids: readonly (BriefGrid & { readonly level: 0 | 1 | 2 | 3 })[];
  /** Grids that had a late ticket. */
  readonly withOverdue: number;
}

/** Upper limits of the strip's three lighter classes: the quartiles of the month's reports per grid. */
function volumeLimits(grids: readonly BriefGrid[]): readonly number[] {
  const sorted = grids.map(({ opened }) => opened).sort((a, b) => a - b);
  return [0.25, 0.5, 0.75].map((share) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0);
}

/** The grids of each street in fixed order, each with its class of volume, 0 few to 3 many. Streets without grids are left out. */
export function gridStrip(
  grids: readonly BriefGrid[],
  streets: readonly { readonly id: string }[],
  streetOf: (gridId: string) => string | undefined,
): readonly StripStreet[] {
  const limits = volumeLimits(grids);
  const levelOf = (opened: number) => limits.filter((limit) => opened > limit).length as 0 | 1 | 2 | 3;
  return streets.flatMap(({ id }) => {
    const own = grids
      .filter(({ key }) => streetOf(key) === id)
      .sort(byKey)
      .map((grid) => ({ ...grid, level: levelOf(grid.opened) }));
    return own.length === 0 ? [] : [{ id, grids: own, withOverdue: own.filter(({ overdue }) => overdue > 0).length }];
  });
}

/** The day with the lowest rate, of those on which at least `rankFloor` tickets were due; undefined where no two days can be compared. */
export function weakestDay(days: readonly BriefDay[], rankFloor: number): BriefDay | undefined {
  const rated = days.filter((day) => day.onTimeRate !== null && day.dueInPeriod >= rankFloor);
  if (rated.length < 2) return undefined;
  return rated.reduce((weakest, day) => ((day.onTimeRate as number) < (weakest.onTimeRate as number) ? day : weakest));
}
