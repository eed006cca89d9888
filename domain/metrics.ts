import { type AlertFigures, alertFigures, type SeverityCounts } from './alertFigures.ts';
import type { FloodRule } from './flood.ts';
import type { BoardHistory, MinuteCounts } from './history.ts';
import { isDueSoon, isOverdue, remainingMs, type WorkingTime } from './sla.ts';
import { countsInStatistics, type StatisticsGroup } from './statistics.ts';
import { DOMAINS, type Domain, isEnded, type Status, type Step, type Ticket } from './ticket.ts';
import type { WallState } from './wallState.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** The due-soon lane looks this far ahead; its first half is counted apart (visual specification §7). */
export const LANE_MS = 60 * MINUTE_MS;
export const LANE_NEAR_MS = 30 * MINUTE_MS;
/** “近 10 分钟”. */
export const RATE_WINDOW_MS = 10 * MINUTE_MS;
/** A new report keeps its mark this long (visual specification §6). */
export const FRESH_MS = 60_000;

/** A report taken down later than this after it happened is history brought in, not news. */
const NEWS_MS = HOUR_MS;

/** Came in within the last `markedMs`, and is news. Both on the clock of `now`. */
export function isFresh(ticket: Ticket, now: number, markedMs: number): boolean {
  return now - ticket.recordedAt < markedMs && ticket.recordedAt - ticket.reportedAt < NEWS_MS;
}

/** The three stages in which an open ticket waits, in the order of the pipeline: 受理分派, 处置, 核实. */
export const STAGES = ['dispatch', 'handle', 'verify'] as const;
export type Stage = (typeof STAGES)[number];

/** Where a ticket waits; a verified one that nobody has closed yet still counts under 核实. Undefined once it has ended. */
export function stageOf(status: Status): Stage | undefined {
  switch (status) {
    case 'reported':
      return 'dispatch';
    case 'dispatched':
      return 'handle';
    case 'handled':
    case 'verified':
      return 'verify';
    case 'closed':
    case 'void':
    case 'merged':
      return undefined;
  }
}

const MOVING_STEPS: ReadonlySet<Step> = new Set<Step>([
  'report',
  'return',
  'dispatch',
  'rework',
  'handle',
  'verify',
  'close',
  'merge',
  'void',
]);

/** When the ticket entered the status it has (epoch ms); notes and other side steps do not count. */
export function enteredStatusAt(ticket: Ticket): number {
  for (let i = ticket.steps.length - 1; i >= 0; i -= 1) {
    const record = ticket.steps[i];
    if (record !== undefined && MOVING_STEPS.has(record.step)) return record.at;
  }
  return ticket.reportedAt;
}

/** One local day: `hourStartsAt[h]` is the first instant of local hour `h`, and entry 24 the next midnight. */
export interface LocalDay {
  readonly startAt: number;
  readonly hourStartsAt: readonly number[];
}

export interface StageFigures {
  readonly count: number;
  /** Median time in the stage so far; null where nobody waits. */
  readonly medianDwellMs: number | null;
  /** Listed alerts whose ticket waits here. */
  readonly alerts: SeverityCounts;
}

export interface PipelineFigures {
  /** Open at local midnight. */
  readonly carriedOver: number;
  readonly reportedToday: number;
  readonly closedToday: number;
  /** Yesterday up to the same minute; null without a yesterday in the data. */
  readonly reportedYesterday: number | null;
  readonly closedYesterday: number | null;
  readonly stages: Readonly<Record<Stage, StageFigures>>;
  /** Sum of the stages. */
  readonly open: number;
}

/** What the signature line of a domain may show; the deployment chooses one per domain. */
export interface SignatureFigures {
  readonly topCategory: { readonly category: string; readonly count: number } | null;
  /** Median from report to the first step that followed, over today's reports; null where none has moved yet. */
  readonly medianWaitMs: number | null;
}

export interface DomainFigures extends SignatureFigures {
  readonly reportedToday: number;
  readonly open: number;
  /** Listed alerts of this domain. */
  readonly alerts: SeverityCounts;
  /** Reports in each local hour of today that is over. */
  readonly hourly: readonly number[];
  /** Reports in the 60 minutes that end now, today's only: the moving end of the hourly line. */
  readonly lastHour: number;
}

export interface GridFigures {
  readonly open: number;
  /** A report came within the time that new ones are marked. */
  readonly fresh: boolean;
}

export interface DueSoonFigures {
  /** Least time left first. */
  readonly tickets: readonly { readonly ticket: Ticket; readonly leftMs: number }[];
  readonly near: number;
  readonly all: number;
  /** Most first; a ticket without a department counts under `''`. */
  readonly departments: readonly { readonly id: string; readonly count: number }[];
}

/** Every number of the dispatch scene at one instant. Void tickets, drills and the canary are in none of them. */
export interface BoardFigures {
  readonly at: number;
  /** The local day that “today” is. */
  readonly day: LocalDay;
  readonly pipeline: PipelineFigures;
  readonly alerts: AlertFigures;
  /** The overdue ticket that ended last, for the calm state of the list. */
  readonly lastCleared: { readonly ticket: Ticket; readonly at: number } | null;
  readonly dueSoon: DueSoonFigures;
  readonly domains: Readonly<Record<Domain, DomainFigures>>;
  /** Groups of at least two of today's reports of the same category from the same grid. */
  readonly repeatGroups: number;
  readonly grids: ReadonlyMap<string, GridFigures>;
  readonly openByStreet: ReadonlyMap<string, number>;
  /** Open tickets without a grid or with one that the deployment does not list. */
  readonly openOutside: number;
  readonly reportedLately: number;
}

/** `stages`: carried over + reported − closed ≠ sum of the stages. `domains`, `areas`: their parts do not add up to the whole. */
export type TotalsFault = {
  readonly check: 'stages' | 'domains' | 'areas';
  readonly sum: number;
  readonly total: number;
};

export interface BoardInput {
  readonly board: WallState;
  readonly floodRule: FloodRule;
  readonly history: Pick<BoardHistory, 'dayStartAt' | 'yesterday'> & { readonly working: WorkingTime };
  readonly day: LocalDay;
  readonly now: number;
  /** How long a new report stays marked, in ms of `now`'s clock. */
  readonly freshMs: number;
  /** Street of a listed grid; undefined for any other. */
  readonly streetOf: (gridId: string) => string | undefined;
}

/** The middle value, the mean of the two middle ones for an even count; null of nothing. Sorts its argument. */
export function median(values: number[]): number | null {
  if (values.length === 0) return null;
  values.sort((a, b) => a - b);
  const middle = values.length >>> 1;
  const upper = values[middle] as number;
  return values.length % 2 === 1 ? upper : ((values[middle - 1] as number) + upper) / 2;
}

/** Sum of the first `minutes` entries: what had come in by this time of the day. */
export function upToMinute(counts: MinuteCounts, minutes: number): number {
  let sum = 0;
  for (let i = 0; i < counts.length && i < minutes; i += 1) sum += counts[i] as number;
  return sum;
}

/** The local hour, 0–23, that holds an instant of the day. */
export function hourOf(day: LocalDay, at: number): number {
  let hour = 0;
  while (hour < 23 && at >= (day.hourStartsAt[hour + 1] as number)) hour += 1;
  return hour;
}

class StageTally {
  readonly dwellMs: number[] = [];
  critical = 0;
  high = 0;
}

class DomainTally {
  reportedToday = 0;
  open = 0;
  critical = 0;
  high = 0;
  lastHour = 0;
  readonly hourly = new Array<number>(24).fill(0);
  readonly waitMs: number[] = [];
  readonly categories = new Map<string, number>();
}

/** Counts one more under a key. */
export function bump<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Highest count; the first seen wins a tie, so that the figure does not jump between equals. */
function topOf(categories: ReadonlyMap<string, number>): SignatureFigures['topCategory'] {
  let top: { category: string; count: number } | null = null;
  for (const [category, count] of categories) if (top === null || count > top.count) top = { category, count };
  return top;
}

/** When a ticket left the count of open ones. An end that the source dates before the report counts at the report. */
export function leftAt(ticket: Ticket): number {
  return Math.max(ticket.endedAt ?? ticket.reportedAt, ticket.reportedAt);
}

/**
 * One pass over the live board. It holds every ticket reported or ended today, because none is archived within a day
 * of its end (deployment.archiveAfterHours ≥ 24).
 */
export function boardFigures(input: BoardInput): BoardFigures {
  const { now, day, history, freshMs } = input;
  const stages: Record<Stage, StageTally> = {
    dispatch: new StageTally(),
    handle: new StageTally(),
    verify: new StageTally(),
  };
  const domains = Object.fromEntries(DOMAINS.map((id) => [id, new DomainTally()])) as Record<Domain, DomainTally>;
  const dueSoon: { ticket: Ticket; leftMs: number }[] = [];
  const dueDepartments = new Map<string, number>();
  const grids = new Map<string, { open: number; fresh: boolean }>();
  const openByStreet = new Map<string, number>();
  /** Of each category by grid; one text for both would have to be put together and hashed for every ticket. */
  const repeats = new Map<string, Map<string, number>>();
  let carriedOver = 0;
  let reportedToday = 0;
  let closedToday = 0;
  let openOutside = 0;
  let reportedLately = 0;
  let near = 0;
  let lastCleared: { ticket: Ticket; at: number } | null = null;

  for (const ticket of input.board.tickets.values()) {
    if (!countsInStatistics(ticket)) continue;
    const stage = stageOf(ticket.status);
    const domain = domains[ticket.domain];
    const { gridId } = ticket.location;
    const streetId = gridId === undefined ? undefined : input.streetOf(gridId);
    if (ticket.reportedAt > now - RATE_WINDOW_MS) reportedLately += 1;

    if (ticket.reportedAt >= day.startAt) {
      reportedToday += 1;
      domain.reportedToday += 1;
      const hour = hourOf(day, ticket.reportedAt);
      domain.hourly[hour] = (domain.hourly[hour] as number) + 1;
      if (ticket.reportedAt > now - HOUR_MS) domain.lastHour += 1;
      bump(domain.categories, ticket.category);
      const next = ticket.steps.find((record) => record.step !== 'report' && record.step !== 'note');
      if (next !== undefined) domain.waitMs.push(Math.max(0, next.at - ticket.reportedAt));
      if (gridId !== undefined) {
        let ofCategory = repeats.get(ticket.category);
        if (ofCategory === undefined) {
          ofCategory = new Map();
          repeats.set(ticket.category, ofCategory);
        }
        bump(ofCategory, gridId);
      }
    } else if (stage !== undefined || leftAt(ticket) >= day.startAt) {
      carriedOver += 1;
    }

    let grid = gridId === undefined || streetId === undefined ? undefined : grids.get(gridId);
    if (grid === undefined && gridId !== undefined && streetId !== undefined) {
      grid = { open: 0, fresh: false };
      grids.set(gridId, grid);
    }
    if (grid !== undefined && isFresh(ticket, now, freshMs)) grid.fresh = true;

    if (stage === undefined) {
      const endedAt = leftAt(ticket);
      if (isEnded(ticket.status) && endedAt >= day.startAt) closedToday += 1;
      if ((lastCleared === null || endedAt > lastCleared.at) && isOverdue(ticket, now)) {
        lastCleared = { ticket, at: endedAt };
      }
      continue;
    }

    const tally = stages[stage];
    tally.dwellMs.push(Math.max(0, now - enteredStatusAt(ticket)));
    domain.open += 1;
    if (grid === undefined || streetId === undefined) openOutside += 1;
    else {
      grid.open += 1;
      bump(openByStreet, streetId);
    }
    if (!isOverdue(ticket, now) && isDueSoon(history.working, ticket, now, LANE_MS)) {
      const leftMs = remainingMs(history.working, ticket, now) as number;
      dueSoon.push({ ticket, leftMs });
      if (leftMs <= LANE_NEAR_MS) near += 1;
      bump(dueDepartments, ticket.department ?? '');
    }
  }

  const alerts = alertFigures(input);
  for (const { alert, ticket, severity } of alerts.listed) {
    const domain = ticket?.domain ?? alert.domain;
    if (domain !== undefined) domains[domain][severity] += 1;
    const stage = ticket !== undefined && countsInStatistics(ticket) ? stageOf(ticket.status) : undefined;
    if (stage !== undefined) stages[stage][severity] += 1;
  }

  const minuteOfDay = Math.floor((now - day.startAt) / MINUTE_MS);
  const yesterday = history.dayStartAt === day.startAt ? history.yesterday : null;
  const finished = hourOf(day, now);
  return {
    at: now,
    day,
    pipeline: {
      carriedOver,
      reportedToday,
      closedToday,
      reportedYesterday: yesterday && upToMinute(yesterday.reported, minuteOfDay),
      closedYesterday: yesterday && upToMinute(yesterday.closed, minuteOfDay),
      stages: {
        dispatch: stageFigures(stages.dispatch),
        handle: stageFigures(stages.handle),
        verify: stageFigures(stages.verify),
      },
      open: stages.dispatch.dwellMs.length + stages.handle.dwellMs.length + stages.verify.dwellMs.length,
    },
    alerts,
    lastCleared,
    dueSoon: {
      tickets: dueSoon.sort((a, b) => a.leftMs - b.leftMs),
      near,
      all: dueSoon.length,
      departments: [...dueDepartments].map(([id, count]) => ({ id, count })).sort((a, b) => b.count - a.count),
    },
    domains: Object.fromEntries(
      DOMAINS.map((id) => {
        const { reportedToday: reported, open, critical, high, lastHour, hourly, waitMs, categories } = domains[id];
        const figures: DomainFigures = {
          reportedToday: reported,
          open,
          alerts: { critical, high },
          hourly: hourly.slice(0, finished),
          lastHour,
          topCategory: topOf(categories),
          medianWaitMs: median(waitMs),
        };
        return [id, figures];
      }),
    ) as Record<Domain, DomainFigures>,
    repeatGroups: [...repeats.values()].flatMap((grids) => [...grids.values()]).filter((count) => count > 1).length,
    grids,
    openByStreet,
    openOutside,
    reportedLately,
  };
}

function stageFigures(tally: StageTally): StageFigures {
  const count = tally.dwellMs.length;
  return { count, medianDwellMs: median(tally.dwellMs), alerts: { critical: tally.critical, high: tally.high } };
}

/** The sums that must agree before the wall shows the figures as sound; empty when they do. */
export function totalsFaults(figures: BoardFigures): readonly TotalsFault[] {
  const { pipeline, domains, openByStreet, openOutside } = figures;
  const faults: TotalsFault[] = [];
  const check = (name: TotalsFault['check'], sum: number, total: number) => {
    if (sum !== total) faults.push({ check: name, sum, total });
  };
  check('stages', pipeline.carriedOver + pipeline.reportedToday - pipeline.closedToday, pipeline.open);
  check(
    'domains',
    DOMAINS.reduce((sum, id) => sum + domains[id].reportedToday, 0),
    pipeline.reportedToday,
  );
  check(
    'areas',
    [...openByStreet.values()].reduce((sum, open) => sum + open, openOutside),
    pipeline.open,
  );
  return faults;
}

export interface DepartmentRow {
  readonly id: string;
  /** Place among the ranked, 1 = best; null with too few tickets due (件数少). */
  readonly rank: number | null;
  /** Fraction 0–1; null where nothing was due. */
  readonly onTimeRate: number | null;
  readonly dueInPeriod: number;
}

/**
 * The ranking of on-time rates, best first, those with fewer than `rankFloor` tickets due after them without a rank.
 * Equal rates keep the larger department ahead.
 */
export function departmentRanking(groups: readonly StatisticsGroup[], rankFloor: number): readonly DepartmentRow[] {
  const isRanked = (group: StatisticsGroup) => group.onTimeRate !== null && group.dueInPeriod >= rankFloor;
  const ranked = groups
    .filter(isRanked)
    .sort((a, b) => (b.onTimeRate as number) - (a.onTimeRate as number) || b.dueInPeriod - a.dueInPeriod);
  const row = (group: StatisticsGroup, rank: number | null): DepartmentRow => ({
    id: group.key,
    rank,
    onTimeRate: group.onTimeRate,
    dueInPeriod: group.dueInPeriod,
  });
  return [
    ...ranked.map((group, i) => row(group, i + 1)),
    ...groups.filter((group) => !isRanked(group)).map((group) => row(group, null)),
  ];
}

/** The `count` rows to show where space is short: the last ranked ones, then unranked ones if there is room left. */
export function lowestDepartments(rows: readonly DepartmentRow[], count: number): readonly DepartmentRow[] {
  const ranked = rows.filter((row) => row.rank !== null);
  const lowest = ranked.slice(Math.max(0, ranked.length - count));
  return [...lowest, ...rows.filter((row) => row.rank === null).slice(0, count - lowest.length)];
}

/** The five marks of a case in order: report, dispatch, handle, verify, close. */
export type StepMark = 'done' | 'skipped' | 'current' | 'pending';

const MARKED_STEPS = ['report', 'dispatch', 'handle', 'verify', 'close'] as const;

/** Index of the mark that a status waits at; an ended case waits at none. */
const CURRENT_MARK: Readonly<Record<Stage, number>> = { dispatch: 1, handle: 2, verify: 3 };

/**
 * The strip of a case. A case that waits to be accepted stands at its report; a step that the case passed without
 * taking it (一格解决) is `skipped`. Steps before the last return or rework count as taken.
 */
export function stepMarks(ticket: Ticket, dispatchedLately: boolean): readonly StepMark[] {
  const taken = new Set<Step>(ticket.steps.map((record) => record.step));
  const stage = stageOf(ticket.status);
  let current: number = MARKED_STEPS.length;
  if (stage !== undefined) {
    current = ticket.status === 'verified' ? 4 : CURRENT_MARK[stage];
    if (stage === 'dispatch' || (stage === 'handle' && dispatchedLately)) current -= 1;
  }
  return MARKED_STEPS.map((step, i): StepMark => {
    if (i === current) return 'current';
    if (i > current) return 'pending';
    return taken.has(step) || (step === 'close' && isEnded(ticket.status)) ? 'done' : 'skipped';
  });
}
