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
}
