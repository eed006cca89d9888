import type { Scene, ScreenGrid } from '../../domain/scene.ts';

const title = { zh: '不合格' };
const whole = (grid: Omit<ScreenGrid, 'header'>): Scene['layouts']['std'] => ({
  screens: [{ header: 'whole', ...grid }],
});

/** Scenes that the linter must refuse; no deployment could bring most of them, for the server refuses them first. */
export const BAD_SCENES: readonly Scene[] = [
  {
    id: 'bad-overlap',
    title,
    layouts: {
      std: whole({
        columns: ['1fr', '1fr'],
        rows: ['1fr'],
        slots: [
          { panel: 'overdue', area: { column: 1, row: 1 } },
          { panel: 'stream', area: { column: 1, row: 1, columnSpan: 2 } },
        ],
      }),
    },
  },
  {
    id: 'bad-tight',
    title,
    layouts: {
      std: whole({
        columns: ['1fr', 180],
        rows: ['1fr'],
        slots: [
          { panel: 'map', area: { column: 1, row: 1 } },
          { panel: 'stream', area: { column: 2, row: 1 } },
        ],
      }),
    },
  },
  {
    id: 'bad-unused',
    title,
    layouts: {
      std: whole({
        columns: ['1fr', '1fr'],
        rows: ['1fr', '1fr'],
        slots: [
          { panel: 'overdue', area: { column: 1, row: 1 } },
          { panel: 'stream', area: { column: 2, row: 1 } },
        ],
      }),
    },
  },
  {
    id: 'bad-seam',
    title,
    layouts: {
      std: whole({ columns: ['1fr'], rows: ['1fr'], slots: [{ panel: 'map', area: { column: 1, row: 1 } }] }),
      // As many grids as screens, the first of them broader than its screen.
      wide3: {
        screens: (['name', 'map', 'trust'] as const).map((header, i) => ({
          header,
          columns: [i === 0 ? 2400 : '1fr'],
          rows: ['1fr'],
          slots: [{ panel: i === 0 ? 'stream' : 'map', area: { column: 1, row: 1 } }],
        })),
      },
    },
  },
];
