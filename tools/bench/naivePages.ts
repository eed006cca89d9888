import { join } from 'node:path';
import { build, type Plugin } from 'vite';
import { projectRoot } from '../electron.mjs';

/** The wall's page as it is, and twins that leave out one of its measures each. */
export type PageVariant = 'product' | 'chartsAtOnce' | 'commitPerEvent';

/** Every chart draws in the tick in which it is asked to. */
const DRAW_AT_ONCE = `
export const animationFrame = (run) => {
  const handle = requestAnimationFrame(run);
  return () => cancelAnimationFrame(handle);
};
export const createFrameScheduler = () => ({ schedule: (_key, draw) => draw(), cancel() {} });
`;
/** The page commits each change instead of one a frame. */
const COMMIT_AT_ONCE = `
export { createFrameScheduler } from './frameScheduler.ts?asItIs';
export const animationFrame = (run) => {
  queueMicrotask(run);
  return () => {};
};
`;

function replaced(source: string, wanted: string, by: string, file: string): string {
  if (!source.includes(wanted)) throw new Error(`${file} does not say ${wanted} any more: the twin would be none`);
  return source.replaceAll(wanted, by);
}

function twin(variant: Exclude<PageVariant, 'product'>): Plugin {
  return {
    name: `bench-${variant}`,
    enforce: 'pre',
    transform(source, id) {
      if (id.endsWith('/renderer/live/frameScheduler.ts')) {
        return variant === 'chartsAtOnce' ? DRAW_AT_ONCE : COMMIT_AT_ONCE;
      }
      if (variant === 'chartsAtOnce' && id.endsWith('/renderer/panels/domain/option.ts')) {
        return replaced(source, 'animation: false', 'animation: true', id);
      }
      return null;
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
