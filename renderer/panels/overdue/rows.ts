import type { OverdueAlert, SeverityCounts } from '../../../domain/metrics.ts';

export interface OverdueRows {
  readonly shown: readonly OverdueAlert[];
  /** What does not fit, for the last row; null where everything does. */
  readonly hidden: { readonly count: number; readonly counts: SeverityCounts; readonly unacknowledged: number } | null;
}

export function severityCounts(alerts: readonly OverdueAlert[]): SeverityCounts {
  const critical = alerts.filter((alert) => alert.severity === 'critical').length;
  return { critical, high: alerts.length - critical };
}

/** All alerts where they fit into `capacity` rows, else one row less and a last row that counts the rest (visual specification §2). */
export function overdueRows(alerts: readonly OverdueAlert[], capacity: number): OverdueRows {
  if (alerts.length <= capacity) return { shown: alerts, hidden: null };
  const shown = alerts.slice(0, capacity - 1);
  const rest = alerts.slice(capacity - 1);
  return {
    shown,
    hidden: {
      count: rest.length,
      counts: severityCounts(rest),
      unacknowledged: rest.filter((alert) => alert.state === 'unacknowledged').length,
    },
  };
}
