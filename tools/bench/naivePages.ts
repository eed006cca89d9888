import { join } from 'node:path';
import { build, type Plugin } from 'vite';
import { projectRoot } from '../electron.mjs';

/** The wall's page as it is, and twins that leave out one of its measures each. */
export type PageVariant = 'product' | 'chartsAtOnce' | 'commitPerEvent';

interface Exchange {
  readonly file: string;
  readonly wanted: string;
  readonly by: string;
}

/** What a twin says in place of what the product says, by file. */
const EXCHANGED: Readonly<Record<Exclude<PageVariant, 'product'>, readonly Exchange[]>> = {
  chartsAtOnce: [
    { file: '/renderer/panels/domain/option.ts', wanted: 'animation: false', by: 'animation: true' },
    { file: '/renderer/charts/EChart.tsx', wanted: 'instance.getZr().animation.stop();', by: '' },
    { file: '/renderer/charts/EChart.tsx', wanted: 'scheduler.schedule(element, draw.current)', by: 'draw.current()' },
    // What moves does so in each frame, as an animation of the browser’s own
    {
      file: '/renderer/live/frameScheduler.ts',
      wanted: 'Math.max(due, steppedMs + STEP_MS) - monotonicNow()',
      by: '0',
    },
    { file: '/renderer/live/frameScheduler.ts', wanted: 'if (passedMs < movement.nextMs) continue;', by: '' },
    { file: '/renderer/live/frameScheduler.ts', wanted: 'const BUSY_MS = 150', by: 'const BUSY_MS = -1' },
  ],
  commitPerEvent: [
    {
      file: '/renderer/live/wallStore.ts',
      wanted: 'monotonicNow() - pacedMs >= APART_MS',
      by: 'true',
    },
    { file: '/renderer/live/wallStore.ts', wanted: 'const BESIDES_MS = 85', by: 'const BESIDES_MS = 0' },
  ],
};

function twin(variant: Exclude<PageVariant, 'product'>): Plugin {
  return {
    name: `bench-${variant}`,
    enforce: 'pre',
    transform(source, id) {
      const exchanged = EXCHANGED[variant].filter(({ file }) => id.endsWith(file));
      if (exchanged.length === 0) return null;
      return exchanged.reduce((said, { wanted, by }) => {
        if (!said.includes(wanted)) throw new Error(`${id} does not say ${wanted} any more: the twin would be none`);
        return said.replaceAll(wanted, by);
      }, source);
    },
  };
}

/** Builds a page from the source as it stands; gives its folder, as server/http/pages.ts wants it. */
export async function buildPage(variant: PageVariant, folder: string): Promise<string> {
  const outDir = join(folder, variant);
  await build({
    root: join(projectRoot, 'renderer'),
    configFile: join(projectRoot, 'vite.config.ts'),
    logLevel: 'error',
    plugins: variant === 'product' ? [] : [twin(variant)],
    build: { outDir, emptyOutDir: true },
  });
  return outDir;
}
