import type { DomainHistory } from './domainHistory.ts';
import type { WorkingTime } from './sla.ts';
import type { StatisticsGroup } from './statistics.ts';
import type { Domain } from './ticket.ts';

/** Count per minute of one local day, index 0 = midnight; on a day of 23 or 25 hours as many entries as it has minutes. */
export type MinuteCounts = readonly number[];

/** P10 and P90 of tickets reported in each local hour (0–23) over the days compared. */
export interface HourlyBand {
  readonly p10: readonly number[];
  readonly p90: readonly number[];
}

/**
 * The past that panels compare today with; reckoned by the server from all tickets, archived ones too, and renewed at
 * local midnight (bands, yesterday) and each minute while it changes (month).
 */
export interface BoardHistory {
  /** Local midnight of the day that all of this refers to. */
  readonly dayStartAt: number;
  /** Reported and closed yesterday, per minute, for “昨日同刻”. Null where there is no such day in the data. */
  readonly yesterday: { readonly reported: MinuteCounts; readonly closed: MinuteCounts } | null;
  /** Typical band per domain over the last 28 days of the same class (working day or not); null with fewer than 5 such days. */
  readonly bands: Readonly<Record<Domain, HourlyBand | null>>;
  /** This month so far by department (domain/statistics.ts), worst rate first; unranked ones (too few due) last. */
  readonly month: { readonly fromAt: number; readonly groups: readonly StatisticsGroup[] };
  /** What each domain's own scene compares with. */
  readonly domains: Readonly<Record<Domain, DomainHistory>>;
}

/** Bands need at least so many days to compare with. */
export const LEAST_BAND_DAYS = 5;

/** The value below which `fraction` (0–1) of the values lie, linear between neighbours (Hyndman and Fan's type 7). `sorted` must not be empty. */
export function quantile(sorted: ArrayLike<number>, fraction: number): number {
  const place = (sorted.length - 1) * fraction;
  const below = sorted[Math.floor(place)] as number;
  const above = sorted[Math.ceil(place)] as number;
  return below + (above - below) * (place - Math.floor(place));
}

/** The band of each hour over days of 24 counts each; null with fewer than `LEAST_BAND_DAYS` days. */
export function hourlyBand(days: readonly (readonly number[])[]): HourlyBand | null {
  if (days.length < LEAST_BAND_DAYS) return null;
  const p10: number[] = [];
  const p90: number[] = [];
  for (let hour = 0; hour < 24; hour += 1) {
    const sorted = days.map((counts) => counts[hour] ?? 0).sort((a, b) => a - b);
    p10.push(quantile(sorted, 0.1));
    p90.push(quantile(sorted, 0.9));
  }
  return { p10, p90 };
}

/** Worst on-time rate first; those with fewer than `rankFloor` tickets due are not ranked and come last, in their order. */
export function rankGroups(groups: readonly StatisticsGroup[], rankFloor: number): StatisticsGroup[] {
  const rank = (group: StatisticsGroup) =>
    group.onTimeRate === null || group.dueInPeriod < rankFloor ? Number.POSITIVE_INFINITY : group.onTimeRate;
  return groups
    .map((group) => ({ group, rank: rank(group) }))
    .sort((a, b) => (a.rank === b.rank ? 0 : a.rank - b.rank))
    .map(({ group }) => group);
}

/** The part of a working calendar that touches [fromAt, toAt]. */
export function workingBetween(working: WorkingTime, fromAt: number, toAt: number): WorkingTime {
  const windows = working.windowStartsAt.flatMap((startsAt, i) =>
    startsAt <= toAt && (working.windowEndsAt[i] as number) >= fromAt ? [i] : [],
  );
  const days = working.dayStartsAt.flatMap((startsAt, i) =>
    startsAt <= toAt && (working.dayEndsAt[i] as number) >= fromAt ? [i] : [],
  );
  const pick = (instants: readonly number[], places: readonly number[]) => places.map((i) => instants[i] as number);
  return {
    windowStartsAt: pick(working.windowStartsAt, windows),
    windowEndsAt: pick(working.windowEndsAt, windows),
    dayStartsAt: pick(working.dayStartsAt, days),
    dayEndsAt: pick(working.dayEndsAt, days),
    holidaysKnownFromAt: Math.max(working.holidaysKnownFromAt, fromAt),
    holidaysKnownUntilAt: Math.min(working.holidaysKnownUntilAt, toAt),
  };
}
