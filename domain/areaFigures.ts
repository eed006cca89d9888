import type { SeverityCounts } from './alertFigures.ts';
import { type BoardFigures, type LocalDay, stageOf } from './metrics.ts';
import { countsInStatistics } from './statistics.ts';
import type { Ticket } from './ticket.ts';

/** What the map tells of one grid, community or street. */
export interface AreaCounts {
  readonly open: number;
  readonly reportedToday: number;
  /** Listed alerts, acknowledged ones too … */
  readonly alerts: SeverityCounts;
  /** … and how many of them nobody has taken. */
  readonly unacknowledged: number;
}

/** Counts of every level, by id. Grids and communities where nothing is are missing. */
export interface AreaFigures {
  readonly grids: ReadonlyMap<string, AreaCounts>;
  readonly communities: ReadonlyMap<string, AreaCounts>;
  readonly streets: ReadonlyMap<string, AreaCounts>;
  /** Tickets and alerts without a grid that the deployment lists. */
  readonly outside: AreaCounts;
}

/** Where units belong; undefined for one that the deployment does not list. */
export interface AreaTree {
  readonly communityOf: (gridId: string) => string | undefined;
  readonly streetOf: (communityId: string) => string | undefined;
}

export const NO_COUNTS: AreaCounts = {
  open: 0,
  reportedToday: 0,
  alerts: { critical: 0, high: 0 },
  unacknowledged: 0,
};

interface Tally {
  open: number;
  reportedToday: number;
  alerts: { critical: number; high: number };
  unacknowledged: number;
}

/** The same tickets and alerts as in the figures of the board, told by place; sums of each level agree with them. */
export function areaFigures(
  tickets: Iterable<Ticket>,
  figures: Pick<BoardFigures, 'alerts'> & { readonly day: Pick<LocalDay, 'startAt'> },
  { communityOf, streetOf }: AreaTree,
): AreaFigures {
  const levels = {
    grids: new Map<string, Tally>(),
    communities: new Map<string, Tally>(),
    streets: new Map<string, Tally>(),
  };
  const fresh = (): Tally => ({ open: 0, reportedToday: 0, alerts: { critical: 0, high: 0 }, unacknowledged: 0 });
  const outside = fresh();
  const of = (level: Map<string, Tally>, id: string): Tally => {
    const known = level.get(id) ?? fresh();
    level.set(id, known);
    return known;
  };
  /** The tallies of a place, from its grid up. */
  const placesOf = (gridId: string | undefined, communityId?: string): readonly Tally[] => {
    const community = (gridId === undefined ? undefined : communityOf(gridId)) ?? communityId;
    const street = community === undefined ? undefined : streetOf(community);
    if (community === undefined || street === undefined) return [outside];
    const above = [of(levels.communities, community), of(levels.streets, street)];
    return gridId === undefined || communityOf(gridId) === undefined ? above : [of(levels.grids, gridId), ...above];
  };

  for (const ticket of tickets) {
    if (!countsInStatistics(ticket)) continue;
    const isOpen = stageOf(ticket.status) !== undefined;
    const isToday = ticket.reportedAt >= figures.day.startAt;
    if (!isOpen && !isToday) continue;
    for (const tally of placesOf(ticket.location.gridId)) {
      if (isOpen) tally.open += 1;
      if (isToday) tally.reportedToday += 1;
    }
  }
  for (const { alert, ticket, severity, standing } of figures.alerts.listed) {
    for (const tally of placesOf(ticket?.location.gridId ?? alert.gridId, alert.communityId)) {
      tally.alerts[severity] += 1;
      if (standing === 'unacknowledged') tally.unacknowledged += 1;
    }
  }
  return { ...levels, outside };
}

export interface RankedArea {
  readonly id: string;
  readonly counts: AreaCounts;
  /** 1 = first; equal ones share a place. */
  readonly rank: number;
}

/** Most red alerts first, then most amber ones, then open tickets, then today’s reports; equals keep the order of `ids`. */
export function rankAreas(ids: readonly string[], level: ReadonlyMap<string, AreaCounts>): readonly RankedArea[] {
  const weights = ({ alerts, open, reportedToday }: AreaCounts) => [alerts.critical, alerts.high, open, reportedToday];
  const compare = (a: AreaCounts, b: AreaCounts) => {
    const [first, second] = [weights(a), weights(b)];
    const i = first.findIndex((value, place) => value !== second[place]);
    return i < 0 ? 0 : (second[i] as number) - (first[i] as number);
  };
  const sorted = ids
    .map((id) => ({ id, counts: level.get(id) ?? NO_COUNTS }))
    .sort((a, b) => compare(a.counts, b.counts));
  const ranked: RankedArea[] = [];
  for (const [i, { id, counts }] of sorted.entries()) {
    const before = ranked[i - 1];
    const shared = before !== undefined && compare(before.counts, counts) === 0;
    ranked.push({ id, counts, rank: shared ? before.rank : i + 1 });
  }
  return ranked;
}
