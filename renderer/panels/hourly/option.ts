import type { EChartsCoreOption } from 'echarts/core';
import type { HourlyBand } from '../../../domain/history.ts';
import type { ChartTheme } from '../../charts/theme.ts';
import { type HourPoint, valueCeiling } from '../domain/option.ts';

const HOURS = 24;
/** Rules above the axis, at most. */
const RULES = 5;
const LEAST_STEP = 2;
/** Below this share of the axis the label of the last point moves up. */
const LOW = 0.12;
/** After this hour there is no room for it on the right. */
const LATE = 23.2;

/** A round step of the value axis with which no more than `RULES` rules reach `most`: 2, 5, 10, 20, 50 … */
export function valueStep(most: number): number {
  for (let power = 1; ; power *= 10) {
    for (const factor of [1, 2, 5]) {
      const step = factor * power;
      if (step >= LEAST_STEP && step * RULES >= most) return step;
    }
  }
}

/** The day of one domain: typical band, reports with their last point labelled, ends dotted, a line at now. */
export function hourlyOption(input: {
  readonly reported: readonly HourPoint[];
  readonly closed: readonly HourPoint[];
  readonly band: HourlyBand | null;
  readonly nowHour: number;
  /** As written at the line of now: `15:42`. */
  readonly nowLabel: string;
  readonly theme: ChartTheme;
  /** Pixels of one design unit. */
  readonly unit: number;
  readonly old: boolean;
  readonly hourLabel: (hour: number) => string;
  /** Hours between two labels. */
  readonly labelEvery: number;
  readonly description: string;
}): EChartsCoreOption {
  const { reported, closed, band, nowHour, nowLabel, theme, unit, old, hourLabel, labelEvery, description } = input;
  const most = Math.max(valueCeiling(reported, band), ...closed.map(({ value }) => value));
  const step = valueStep(most);
  const max = Math.ceil(most / step) * step;
  const last = reported.at(-1);
  const label = { fontFamily: theme.font, fontSize: 18 * unit };
  const edge = (values: readonly number[] | undefined) =>
    Array.from({ length: HOURS }, (_, i) => [i + 1, values?.[i] ?? '-']);
  const padded = (points: readonly HourPoint[]) =>
    Array.from({ length: HOURS + 1 }, (_, i) => {
      const point = points[i];
      return point === undefined ? ['-', '-'] : [point.hour, point.value];
    });
  const smooth = { smooth: 0.35, smoothMonotone: 'x' as const };
  const plain = { type: 'line' as const, symbol: 'none', silent: true };
  const bandEdge = { ...plain, ...smooth, lineStyle: { width: 0 }, z: 1 };
  return {
    animation: false,
    aria: { enabled: true, label: { description } },
    textStyle: { fontFamily: theme.font },
    grid: { left: 58 * unit, right: 26 * unit, top: 30 * unit, bottom: 38 * unit, outerBoundsMode: 'none' },
    xAxis: {
      type: 'value',
      min: 0,
      max: HOURS,
      interval: labelEvery,
      axisLine: { show: false },
      axisTick: { show: false },
      splitLine: { show: false },
      axisLabel: { ...label, color: theme.label, margin: 10 * unit, formatter: hourLabel },
    },
    yAxis: {
      type: 'value',
      min: 0,
      max,
      interval: step,
      axisLabel: { ...label, color: theme.label, margin: 12 * unit },
      splitLine: { lineStyle: { color: theme.rule, width: 1.5 * unit } },
    },
    series: [
      { id: 'p90', ...bandEdge, areaStyle: { color: theme.band, opacity: 1 }, data: edge(band?.p90) },
      { id: 'p10', ...bandEdge, areaStyle: { color: theme.surface, opacity: 1 }, data: edge(band?.p10) },
      {
        id: 'now',
        ...plain,
        z: 2,
        lineStyle: { color: theme.label, width: 1.5 * unit },
        data: [
          [nowHour, 0],
          {
            value: [nowHour, max],
            symbol: 'circle',
            symbolSize: 0.01,
            label: {
              show: true,
              ...label,
              position: nowHour < 3 ? 'right' : 'left',
              distance: 8 * unit,
              offset: [0, 12 * unit],
              color: theme.label,
              formatter: nowLabel,
            },
          },
        ],
        showSymbol: true,
      },
      {
        id: 'closed',
        ...plain,
        ...smooth,
        z: 3,
        lineStyle: { color: old ? theme.lineOld : theme.second, width: 2.6 * unit, type: 'dotted' },
        data: padded(closed),
      },
      {
        id: 'reported',
        ...plain,
        ...smooth,
        z: 4,
        lineStyle: { color: old ? theme.lineOld : theme.line, width: 4 * unit },
        data: padded(reported),
      },
      {
        id: 'last',
        type: 'line',
        silent: true,
        z: 5,
        data:
          last === undefined || old
            ? []
            : [
                {
                  value: [last.hour, last.value],
                  symbol: 'circle',
                  symbolSize: 14 * unit,
                  itemStyle: { color: theme.dot, borderColor: theme.surface, borderWidth: 2 * unit },
                  label: {
                    show: true,
                    fontFamily: theme.font,
                    fontSize: 24 * unit,
                    fontWeight: 600,
                    color: theme.dot,
                    position: last.hour > LATE ? 'top' : 'right',
                    distance: 10 * unit,
                    // Clear of the labels below the axis
                    offset: [0, last.value < max * LOW ? -14 * unit : 0],
                    formatter: String(last.value),
                  },
                },
              ],
      },
    ],
  };
}
