import type { DepartmentRow } from '../../../domain/metrics.ts';

/** A dot scale may start above 0 (visual specification §8): at 90 %, or at the tens below the lowest rate shown. */
export interface RateAxis {
  readonly from: number;
  /** Where a fraction 0–1 lies along the axis, 0 left to 1 right. */
  readonly position: (fraction: number) => number;
}

export function rateAxis(rows: readonly DepartmentRow[], target: number): RateAxis {
  const rates = rows.flatMap((row) => (row.onTimeRate === null || row.rank === null ? [] : [row.onTimeRate]));
  const lowest = Math.min(0.9, target - 0.05, ...rates);
  const from = Math.max(0, Math.floor(lowest * 10 + 1e-9) / 10);
  return { from, position: (fraction) => (Math.max(from, fraction) - from) / (1 - from) };
}
