import type { EChartsCoreOption } from 'echarts/core';
import type { HourlyBand } from '../../../domain/history.ts';
import type { ChartTheme } from '../../charts/theme.ts';

/** A point of the day's line: `hour` is hours since local midnight, `value` reports in the hour that ends there. */
export interface HourPoint {
  readonly hour: number;
  readonly value: number;
}

const HOURS = 24;

/**
 * The day so far: one point at the end of each full hour, and a last one now for the 60 minutes that end now. So an hour
 * that has only begun is never drawn as a drop. `nowHour`: local hours since midnight, with fraction.
 */
export function dayLine(hourly: readonly number[], lastHour: number, nowHour: number): readonly HourPoint[] {
  const points = hourly.map((value, hour) => ({ hour: hour + 1, value })).filter(({ hour }) => hour < nowHour);
  return [...points, { hour: nowHour, value: lastHour }];
}

/** Room above the highest value, so that line and dot are not cut. */
export function valueCeiling(points: readonly HourPoint[], band: HourlyBand | null): number {
  return Math.max(4, ...points.map(({ value }) => value), ...(band?.p90 ?? [])) * 1.12;
}

/** The picture of a sparkline: heights as shares of its own, from 0 to 1. */
export interface SparkShape {
  readonly points: readonly HourPoint[];
  readonly p10: readonly number[];
  readonly p90: readonly number[];
}

/** Half a pixel of a sparkline on the largest wall. */
const HEIGHT_STEPS = 800;

/**
 * Nobody reads a value off a sparkline: it has no scale. So what can be seen is all that counts, and a count that grows
 * where the line's peak is, and the scale with it, is the same picture.
 */
export function sparkShape(points: readonly HourPoint[], band: HourlyBand | null): SparkShape {
  const ceiling = valueCeiling(points, band);
  const share = (value: number) => Math.round((value / ceiling) * HEIGHT_STEPS) / HEIGHT_STEPS;
  return {
    points: points.map(({ hour, value }) => ({ hour, value: share(value) })),
    p10: band?.p10.map(share) ?? [],
    p90: band?.p90.map(share) ?? [],
  };
}

/** The sparkline: typical band, line, last dot. Arrays keep their length from update to update. `old`: the feed is not live. */
export function sparkOption(input: {
  readonly shape: SparkShape;
  readonly theme: ChartTheme;
  /** Pixels of one design unit. */
  readonly unit: number;
  readonly old: boolean;
  readonly hourLabel: (hour: number) => string;
  readonly description: string;
}): EChartsCoreOption {
  const { shape, theme, unit, old, hourLabel, description } = input;
  const { points } = shape;
  const edge = (values: readonly number[]) => Array.from({ length: HOURS }, (_, i) => [i + 1, values[i] ?? '-']);
  const last = points.at(-1);
  const padded = Array.from({ length: HOURS + 1 }, (_, i) => {
    const point = points[i];
    if (point === undefined) return { value: ['-', '-'] };
    if (point !== last || old) return { value: [point.hour, point.value], symbol: 'none' };
    return {
      value: [point.hour, point.value],
      symbol: 'circle',
      symbolSize: 11 * unit,
      itemStyle: { color: theme.dot, borderColor: theme.surface, borderWidth: 1.5 * unit },
    };
  });
  const smooth = { smooth: 0.35, smoothMonotone: 'x' as const };
  const bandEdge = { type: 'line' as const, ...smooth, symbol: 'none', lineStyle: { width: 0 }, silent: true, z: 1 };
  return {
    animation: false,
    aria: { enabled: true, label: { description } },
    textStyle: { fontFamily: theme.font },
    grid: {
      left: 2 * unit,
      right: 10 * unit,
      top: 8 * unit,
      bottom: 28 * unit,
      // The margins are ours: the hatch over what is not known yet is laid to them (domain.css).
      outerBoundsMode: 'none',
    },
    xAxis: {
      type: 'value',
      min: 0,
      max: HOURS,
      interval: 6,
      axisLine: { onZero: false, lineStyle: { color: theme.rule, width: 1.5 * unit } },
      axisTick: { show: false },
      splitLine: { show: false },
      axisLabel: {
        color: theme.label,
        fontSize: 18 * unit,
        margin: 7 * unit,
        // 0时 6 12 18 24: the whole day at its true places; each label with its unit would leave no air between them.
        showMinLabel: true,
        showMaxLabel: true,
        alignMinLabel: 'left',
        alignMaxLabel: 'right',
        formatter: (hour: number) => (hour === 0 ? hourLabel(hour) : hour.toString()),
      },
    },
    yAxis: { type: 'value', min: 0, max: 1, show: false },
    series: [
      { id: 'p90', ...bandEdge, areaStyle: { color: theme.band, opacity: 1 }, data: edge(shape.p90) },
      { id: 'p10', ...bandEdge, areaStyle: { color: theme.surface, opacity: 1 }, data: edge(shape.p10) },
      {
        id: 'day',
        type: 'line',
        ...smooth,
        showSymbol: true,
        silent: true,
        z: 2,
        lineStyle: { color: old ? theme.lineOld : theme.line, width: 2.6 * unit },
        data: padded,
      },
    ],
  };
}
