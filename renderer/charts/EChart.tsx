import type { EChartsCoreOption } from 'echarts/core';
import { useEffect, useRef, useState } from 'react';
import type { FrameScheduler } from '../live/frameScheduler.ts';
import { loadChartFaces } from './faces.ts';
import { type ChartTheme, readTheme } from './theme.ts';

type Charting = typeof import('./echarts.ts');

let charting: Promise<Charting> | undefined;

/** Half of the page's script, asked for when the first chart is there: rows and numbers stand before it is read. */
function loadCharting(): Promise<Charting> {
  charting ??= import('./echarts.ts').catch((error: unknown) => {
    charting = undefined;
    throw error;
  });
  return charting;
}

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
  const wanted = useRef(option);
  const draw = useRef<() => void>(undefined);
  const [fault, setFault] = useState<Error>();
  // For the panel's boundary, which tries again
  if (fault !== undefined) throw fault;

  useEffect(() => {
    const element = holder.current;
    if (element === null) return;
    let instance: ReturnType<Charting['initChart']> | undefined;
    let ended = false;
    let drawn = { width: 0, height: 0 };
    const observer = new ResizeObserver(() => {
      const { clientWidth: width, clientHeight: height } = element;
      if (draw.current !== undefined && (width !== drawn.width || height !== drawn.height)) {
        scheduler.schedule(element, draw.current);
      }
    });
    const begin = ({ initChart }: Charting): void => {
      if (ended) return;
      draw.current = () => {
        const { clientWidth: width, clientHeight: height } = element;
        if (instance === undefined) {
          instance = initChart(element, undefined, { renderer, devicePixelRatio: window.devicePixelRatio });
          observer.observe(element);
        } else if (width !== drawn.width || height !== drawn.height) {
          instance.resize({ width, height });
        }
        drawn = { width, height };
        instance.setOption(wanted.current(readTheme(element)));
        // Drawn. Its loop would ask for ten more frames of the whole page, in case that something moves.
        instance.getZr().animation.stop();
      };
      scheduler.schedule(element, draw.current);
    };
    Promise.all([loadCharting(), loadChartFaces()]).then(([loaded]) => begin(loaded), setFault);
    return () => {
      ended = true;
      observer.disconnect();
      scheduler.cancel(element);
      draw.current = undefined;
      instance?.dispose();
    };
  }, [scheduler, renderer]);

  useEffect(() => {
    const element = holder.current;
    wanted.current = option;
    if (element !== null && draw.current !== undefined) scheduler.schedule(element, draw.current);
  }, [option, scheduler]);

  return <div className={className} ref={holder} data-chart="" />;
}
