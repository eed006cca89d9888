import {
  isUnacknowledged,
  type ListedAlert,
  type SeverityCounts,
  severityCounts,
} from '../../../domain/alertFigures.ts';

export interface OverdueRows {
  readonly shown: readonly ListedAlert[];
  /** What is not shown now, for the last row; null where everything is. */
  readonly hidden: { readonly count: number; readonly counts: SeverityCounts; readonly unacknowledged: number } | null;
}

/**
 * All alerts where they fit into `capacity` rows, else one row less and a last row that counts the rest (visual
 * specification §2). An unacknowledged red is never simply hidden: `covered` are those that have their turn in those
 * rows now, and they stand first.
 */
export function overdueRows(
  listed: readonly ListedAlert[],
  capacity: number,
  covered: readonly ListedAlert[],
): OverdueRows {
  if (listed.length <= capacity) return { shown: listed, hidden: null };
  const places = capacity - 1;
  const shown = covered.length >= places ? covered.slice(0, places) : listed.slice(0, places);
  const onScreen = new Set(shown);
  const rest = listed.filter((alert) => !onScreen.has(alert));
  return {
    shown,
    hidden: {
      count: rest.length,
      counts: severityCounts(rest),
      unacknowledged: rest.filter(isUnacknowledged).length,
    },
  };
}

/** What a row says about who has it, before it is put into words. Instants in ms of the domain clock. */
export type Holding =
  /** Nobody has taken it; the rung of the ladder that must. */
  | { readonly kind: 'unacknowledged' | 'checkMissed'; readonly sinceAt: number; readonly level: number }
  | { readonly kind: 'closed' | 'cleared' }
  | {
      readonly kind: 'acknowledged';
      readonly by: string;
      readonly at: number;
      readonly nextCheckAt: number | undefined;
    }
  | { readonly kind: 'shelved'; readonly by: string; readonly untilAt: number };

export function holdingOf({ alert, standing, ticket }: Pick<ListedAlert, 'alert' | 'standing' | 'ticket'>): Holding {
  switch (standing) {
    case 'unacknowledged':
      return alert.lapsedAt === undefined
        ? { kind: 'unacknowledged', sinceAt: alert.unacknowledgedSinceAt ?? alert.raisedAt, level: alert.level }
        : { kind: 'checkMissed', sinceAt: alert.lapsedAt, level: alert.level };
    case 'returned':
      return { kind: ticket?.endedAt === undefined ? 'cleared' : 'closed' };
    case 'acknowledged':
      return {
        kind: 'acknowledged',
        by: alert.acknowledgedBy ?? '',
        at: alert.acknowledgedAt ?? alert.changedAt,
        nextCheckAt: alert.nextCheckAt,
      };
    case 'shelved':
      return { kind: 'shelved', by: alert.shelvedBy ?? '', untilAt: alert.shelvedUntilAt ?? alert.changedAt };
  }
}
