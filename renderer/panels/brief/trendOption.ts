import type { EChartsCoreOption } from 'echarts/core';
import type { BriefDay } from '../../../domain/brief.ts';
import type { ChartTheme } from '../../charts/theme.ts';

/** Margins of the plot in design units: labels of the axes stand in them, and on the right those of the lines' ends. */
const MARGIN = { left: 52, right: 100, top: 14, bottom: 34 } as const;
const TEXT = 18;
const LABEL = 20;
/** Days that get a label, besides the first and the last. */
const MOST_DAY_LABELS = 8;
/** Steps of the axis in percentage points. */
const STEPS = [0.5, 1, 2, 5, 10, 20, 25] as const;
const MOST_STEPS = 4;

/** The value axis may begin above 0 (visual specification §8): whole steps below the lowest value, up to 100. In per cent. */
export function rateSpan(rates: readonly number[], target: number): { readonly from: number; readonly step: number } {
  const lowest = Math.min(target, ...rates) * 100;
  const room = 100 - lowest;
  const step = STEPS.find((one) => Math.ceil((room + one * 0.2) / one) <= MOST_STEPS) ?? 25;
  return { from: Math.max(0, 100 - step * Math.max(2, Math.ceil((room + step * 0.2) / step))), step };
}

/** Indices of the days that are labelled: evenly spaced from the first, and the last, which pushes a close neighbour away. */
export function labelledDays(count: number): ReadonlySet<number> {
  if (count === 0) return new Set();
  const every = Math.max(1, Math.ceil((count - 1) / MOST_DAY_LABELS));
  const last = count - 1;
  const even = Array.from({ length: Math.ceil(count / every) }, (_, i) => i * every);
  return new Set([...even.filter((i) => last - i >= Math.min(every, 2) || i === 0), last]);
}

/** The day of a rate that is written beside its point. */
interface Mark {
  readonly index: number;
  readonly rate: number;
}

export interface TrendInput {
  readonly days: readonly BriefDay[];
  readonly previousDays: readonly BriefDay[];
  /** Fraction 0–1. */
  readonly target: number;
  readonly weakest: BriefDay | undefined;
  readonly theme: ChartTheme;
  /** Pixels of one design unit, and of the whole chart. */
  readonly unit: number;
  readonly size: { readonly width: number; readonly height: number };
  readonly old: boolean;
  readonly dayLabel: (day: BriefDay) => string;
  readonly rateLabel: (fraction: number) => string;
  readonly targetLabel: string;
  readonly description: string;
}

/** The daily line of this month over the one of the month before, the target, the last and the weakest day. */
export function trendOption(input: TrendInput): EChartsCoreOption {
  const { days, previousDays, target, weakest, theme, unit, size, old } = input;
  const length = days.length;
  const rates = [...days, ...previousDays.slice(0, length)].flatMap(({ onTimeRate }) => onTimeRate ?? []);
  const { from, step } = rateSpan(rates, target);
  const text = { fontFamily: theme.font, fontSize: TEXT * unit, color: theme.label };
  const strong = { ...text, fontSize: LABEL * unit, color: theme.dot, fontWeight: 500 };
  const plotHeight = size.height - (MARGIN.top + MARGIN.bottom) * unit;
  const heightOf = (rate: number) => ((rate * 100 - from) / (100 - from)) * plotHeight;

  const lastIndex = days.findLastIndex(({ onTimeRate }) => onTimeRate !== null);
  const last: Mark | undefined =
    lastIndex < 0 ? undefined : { index: lastIndex, rate: days[lastIndex]?.onTimeRate as number };
  const weakestIndex = weakest === undefined ? -1 : days.indexOf(weakest);
  const low: Mark | undefined =
    weakest === undefined || weakestIndex < 0 || weakestIndex === lastIndex
      ? undefined
      : { index: weakestIndex, rate: weakest.onTimeRate as number };
  // The two labels on the right make room for each other
  const apart = 24 * unit;
  const gap = last === undefined || last.index < length - 1 ? apart : heightOf(last.rate) - heightOf(target);
  const push = Math.abs(gap) >= apart ? 0 : (apart - Math.abs(gap)) * (gap >= 0 ? 1 : -1);

  // The weakest day's label keeps clear of the target's line
  const lowGap = low === undefined ? 0 : heightOf(low.rate) - heightOf(target);
  const clear = 16 * unit;
  const lowPush = Math.abs(lowGap) >= clear ? 0 : (clear - Math.abs(lowGap)) * (lowGap >= 0 ? -1 : 1);

  const point = (day: BriefDay | undefined, index: number) => {
    const rate = day?.onTimeRate;
    if (rate === null || rate === undefined) return { value: '-' };
    const value = rate * 100;
    if (index === last?.index && !old) {
      return {
        value,
        symbol: 'circle',
        symbolSize: 12 * unit,
        itemStyle: { color: theme.dot, borderColor: theme.surface, borderWidth: 1.5 * unit },
        label: { show: true, position: 'right', distance: 10 * unit, formatter: input.rateLabel(rate), ...strong },
      };
    }
    if (index === low?.index) {
      // Beyond the middle the label would meet that of the last day
      const isLate = index > length - 4;
      return {
        value,
        symbol: 'circle',
        symbolSize: 12 * unit,
        itemStyle: { color: theme.surface, borderColor: theme.dot, borderWidth: 3 * unit },
        label: {
          show: true,
          position: isLate ? 'left' : 'right',
          distance: 10 * unit,
          offset: [0, lowPush],
          formatter: input.rateLabel(rate),
          ...strong,
          color: theme.second,
        },
      };
    }
    return { value, symbol: 'none' };
  };
  const labelled = labelledDays(length);
  const color = old ? theme.lineOld : theme.line;
  return {
    animation: false,
    aria: { enabled: true, label: { description: input.description } },
    textStyle: { fontFamily: theme.font },
    grid: {
      left: MARGIN.left * unit,
      right: MARGIN.right * unit,
      top: MARGIN.top * unit,
      bottom: MARGIN.bottom * unit,
      outerBoundsMode: 'none',
    },
    xAxis: {
      type: 'category',
      boundaryGap: length < 2,
      data: days.map(input.dayLabel),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { ...text, margin: 10 * unit, interval: (index: number) => labelled.has(index), hideOverlap: true },
    },
    yAxis: {
      type: 'value',
      min: from,
      max: 100,
      interval: step,
      axisLabel: { ...text, margin: 12 * unit },
      splitLine: { lineStyle: { color: theme.rule, width: 1.5 * unit } },
    },
    series: [
      {
        id: 'before',
        type: 'line',
        silent: true,
        z: 1,
        symbol: 'none',
        lineStyle: { color: theme.lineOld, width: 2.6 * unit },
        data: days.map((_, i) => {
          const rate = previousDays[i]?.onTimeRate;
          return rate === null || rate === undefined ? '-' : rate * 100;
        }),
      },
      {
        id: 'target',
        type: 'line',
        silent: true,
        z: 2,
        symbol: 'none',
        lineStyle: { color: theme.second, width: 2 * unit, type: 'dashed' },
        data: days.map((_, i) =>
          i < length - 1
            ? { value: target * 100 }
            : {
                value: target * 100,
                symbol: 'circle',
                symbolSize: 0.1,
                label: {
                  show: true,
                  position: 'right',
                  distance: 10 * unit,
                  offset: [0, push],
                  formatter: input.targetLabel,
                  ...text,
                },
              },
        ),
      },
      {
        id: 'month',
        type: 'line',
        silent: true,
        z: 3,
        lineStyle: { color, width: 4 * unit },
        areaStyle: {
          origin: 'start',
          color: {
            type: 'linear',
            x: 0,
            y: 0,
            x2: 0,
            y2: 1,
            colorStops: [
              { offset: 0, color: theme.fade[0] },
              { offset: 1, color: theme.fade[1] },
            ],
          },
        },
        data: days.map(point),
      },
    ],
  };
}
