import type { CategoryTimes } from '../../../domain/domainHistory.ts';
import type { DurationPart } from '../../words/formats.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Where the scale may begin, end and be labelled. */
const MARKS: readonly (readonly [count: number, unit: DurationPart['unit'], unitMs: number])[] = [
  [1, 'minute', MINUTE_MS],
  [5, 'minute', MINUTE_MS],
  [15, 'minute', MINUTE_MS],
  [1, 'hour', HOUR_MS],
  [4, 'hour', HOUR_MS],
  [1, 'day', DAY_MS],
  [4, 'day', DAY_MS],
  [15, 'day', DAY_MS],
  [60, 'day', DAY_MS],
  [365, 'day', DAY_MS],
];

export interface TimesAxis {
  /** Where a time lies along the axis, 0 left to 1 right. */
  readonly position: (ms: number) => number;
  readonly labels: readonly { readonly at: number; readonly part: DurationPart }[];
}

/**
 * A logarithmic scale, for limits run from half an hour to weeks; it holds ranges and dots, never bars. `leastApart` is
 * what two labels need between them, as a share of the axis.
 */
export function timesAxis(times: readonly CategoryTimes[], leastApart: number): TimesAxis {
  const msOf = ([count, , unitMs]: (typeof MARKS)[number]) => count * unitMs;
  const shortest = Math.min(...times.map(({ p10Ms }) => p10Ms));
  const longest = Math.max(...times.map(({ p90Ms, limitMs }) => Math.max(p90Ms, limitMs ?? 0)));
  const from = Math.max(
    0,
    MARKS.findLastIndex((mark) => msOf(mark) <= shortest),
  );
  const reaching = MARKS.findIndex((mark) => msOf(mark) >= longest);
  const until = Math.max(from + 1, reaching < 0 ? MARKS.length - 1 : reaching);
  const marks = MARKS.slice(from, until + 1);
  const least = Math.log(msOf(marks[0] as (typeof MARKS)[number]));
  const most = Math.log(msOf(marks.at(-1) as (typeof MARKS)[number]));
  const position = (ms: number) => Math.min(1, Math.max(0, (Math.log(Math.max(1, ms)) - least) / (most - least)));
  const labels: { at: number; part: DurationPart }[] = [];
  for (const mark of marks) {
    const at = position(msOf(mark));
    const [count, unit] = mark;
    if (at - (labels.at(-1)?.at ?? Number.NEGATIVE_INFINITY) >= leastApart) {
      labels.push({ at, part: { digits: count.toString(), unit } });
    }
  }
  return { position, labels };
}
