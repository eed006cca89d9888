import type { ChartTheme } from '../../renderer/charts/theme.ts';

/** Every token by its name, so that a test sees where it went. */
export const CHART_THEME: ChartTheme = {
  surface: 'surface',
  band: 'band',
  rule: 'rule',
  label: 'label',
  line: 'line',
  lineOld: 'lineOld',
  second: 'second',
  fade: ['from', 'to'],
  dot: 'dot',
  font: 'font',
};
