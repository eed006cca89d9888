import type { EChartsCoreOption } from 'echarts/core';
import { useEffect, useLayoutEffect, useRef } from 'react';
import type { FrameScheduler } from '../live/frameScheduler.ts';
import { initChart } from './echarts.ts';
import { type ChartTheme, readTheme } from './theme.ts';

type Instance = ReturnType<typeof initChart>;

/**
 * One chart for the life of its panel: makes the instance, follows the panel's size, hands over new options one chart
 * a frame, and disposes of it. `option` must stay the same reference while nothing changes. The design unit carries
 * the scale, so the canvas has one pixel per screen pixel (`devicePixelRatio` of the page is 1 on a wall).
 */
export function EChart(props: {
  className: string;
  scheduler: FrameScheduler;
  option: (theme: ChartTheme) => EChartsCoreOption;
  /** `svg` on paper, where letters stay letters. */
  renderer?: 'canvas' | 'svg';
}) {
  const { className, scheduler, option, renderer = 'canvas' } = props;
  const holder = useRef<HTMLDivElement>(null);
  const chart = useRef<Instance | undefined>(undefined);

  useLayoutEffect(() => {
    const element = holder.current;
    if (element === null) return;
    const instance = initChart(element, undefined, { renderer, devicePixelRatio: window.devicePixelRatio });
    chart.current = instance;
    const observer = new ResizeObserver(() => instance.resize());
    observer.observe(element);
    return () => {
      observer.disconnect();
      scheduler.cancel(instance);
      chart.current = undefined;
      instance.dispose();
    };
  }, [scheduler, renderer]);

  useEffect(() => {
    const instance = chart.current;
    const element = holder.current;
    if (instance === undefined || element === null) return;
    scheduler.schedule(instance, () => instance.setOption(option(readTheme(element)), { lazyUpdate: true }));
  }, [option, scheduler]);

  return <div className={className} ref={holder} />;
}
