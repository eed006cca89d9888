import { getInstanceByDom } from 'echarts/core';

/** A text that a chart has drawn, in CSS pixels of the window. */
export interface ChartText {
  /** The panel that the chart stands in, as its scene names it. */
  readonly element: string;
  readonly text: string;
  readonly fontSize: number;
  readonly box: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number };
  /** The canvas, beyond which nothing of it is seen. */
  readonly canvas: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number };
}

declare global {
  /** Asks every chart of the page for its texts, for a canvas tells nothing by itself. */
  function chartTexts(): ChartText[];
  /** Settles when every chart of the page has something on its canvas. */
  function chartsPainted(): Promise<void>;
}

function holders(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('[_echarts_instance_]')];
}

globalThis.chartTexts = () =>
  holders().flatMap((holder) => {
    const chart = getInstanceByDom(holder);
    if (chart === undefined) return [];
    const { left, top, right, bottom } = holder.getBoundingClientRect();
    return chart
      .getZr()
      .storage.getDisplayList(true)
      .flatMap((element): ChartText[] => {
        if (element.type !== 'tspan') return [];
        const { text, font, opacity } = element.style as { text?: string; font?: string; opacity?: number };
        if (!text || opacity === 0 || element.invisible) return [];
        const rect = element.getBoundingRect().clone();
        const transform = element.getComputedTransform();
        if (transform) rect.applyTransform(transform);
        const size = Number.parseFloat(/([\d.]+)px/.exec(font ?? '')?.[1] ?? '0');
        return [
          {
            element: holder.closest<HTMLElement>('[data-panel]')?.dataset.panel ?? '',
            text,
            fontSize: size * (transform?.[3] ?? 1),
            box: {
              left: left + rect.x,
              right: left + rect.x + rect.width,
              top: top + rect.y,
              bottom: top + rect.y + rect.height,
            },
            canvas: { left, top, right, bottom },
          },
        ];
      });
  });

globalThis.chartsPainted = async () => {
  // Some panels are drawn in a task of their own (panels/registry.ts, `afterOthers`)
  const unpainted = () =>
    document.querySelector('.slot:empty') !== null ||
    [...document.querySelectorAll<HTMLElement>('[data-chart]')].some(
      (holder) => (getInstanceByDom(holder)?.getZr().storage.getDisplayList(true).length ?? 0) === 0,
    );
  // One chart is drawn a frame (charts/EChart.tsx), so a few frames are enough.
  do await new Promise((resolve) => requestAnimationFrame(resolve));
  while (unpainted());
  await new Promise((resolve) => requestAnimationFrame(resolve));
};
