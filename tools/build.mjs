// Builds everything into out/: server (ESM), main (ESM), preload (CJS, as a sandboxed preload must be) and the pages.
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { buildKey, buildStamp } from './buildStamp.mjs';
import { projectRoot } from './electron.mjs';

/** The oldest Node.js that runs the bundles: the one inside the fallback Electron. */
const nodeTarget = 'node20.18';

/** What /docs needs of swagger-ui-dist: its page is ours, its script and style are not. */
const docsAssets = ['swagger-ui.css', 'swagger-ui-bundle.js', 'LICENSE', 'NOTICE'];

/** Where the server's bundle is begun: Node.js keeps it compiled beside it and so starts sooner, wherever it may write there. */
const compiledEntry = `import module from 'node:module';
import { join } from 'node:path';
module.enableCompileCache?.(join(import.meta.dirname, 'compiled'));
await import('./server.js');
`;

/** @param {string} source @returns {import('vite').Plugin} */
const entryFile = (source) => ({
  name: 'entry-file',
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'index.js', source });
  },
});

/**
 * @param {{ folder: string, entry: string, file?: string, format?: 'es' | 'cjs', empty?: boolean, watch?: boolean,
 *   plugins?: import('vite').Plugin[], onBuilt?: (() => void) | undefined }} options `onBuilt` is called after each build
 */
function bundle({
  folder,
  entry,
  file = 'index.js',
  format = 'es',
  empty = true,
  watch = false,
  plugins = [],
  onBuilt,
}) {
  return build({
    configFile: false,
    root: projectRoot,
    logLevel: 'warn',
    ssr: { noExternal: true, target: 'node' },
    plugins: [...plugins, ...(onBuilt ? [{ name: 'after-build', closeBundle: onBuilt }] : [])],
    build: {
      ssr: entry,
      outDir: `out/${folder}`,
      emptyOutDir: empty,
      target: nodeTarget,
      minify: false,
      sourcemap: true,
      watch: watch ? {} : null,
      rolldownOptions: {
        external: [/^electron($|\/)/],
        output: { format, entryFileNames: file, ...(format === 'cjs' ? { codeSplitting: false } : {}) },
      },
    },
  });
}

/**
 * Bundles server, main and preload, npm packages included.
 * @param {{ watch?: boolean, onServerBuilt?: () => void, onMainBuilt?: () => void }} [options]
 */
export async function buildProcesses({ watch = false, onServerBuilt, onMainBuilt } = {}) {
  await bundle({
    folder: 'server',
    entry: 'server/index.ts',
    file: 'server.js',
    plugins: [entryFile(compiledEntry)],
    watch,
    onBuilt: onServerBuilt,
  });
  await bundle({ folder: 'main', entry: 'main/index.ts', empty: !watch, watch, onBuilt: onMainBuilt });
  await bundle({
    folder: 'main',
    entry: 'main/preload.ts',
    file: 'preload.cjs',
    format: 'cjs',
    empty: false,
    watch,
    onBuilt: onMainBuilt,
  });
}

/**
 * Builds the pages: the wall, then beside it desk and brief, which share their scripts with each other only.
 * @param {{ watch?: boolean, onWallBuilt?: () => void }} [options] `onWallBuilt` is called after each build of the wall
 */
export async function buildPages({ watch = false, onWallBuilt } = {}) {
  const root = join(projectRoot, 'renderer');
  /** @type {import('vite').InlineConfig} */
  const options = { root, configFile: join(projectRoot, 'vite.config.ts'), logLevel: 'warn' };
  // Both are written into one folder, again and again where they are watched: neither may empty it
  rmSync(join(projectRoot, 'out/renderer'), { recursive: true, force: true });
  const beside = { watch: watch ? {} : null, emptyOutDir: false };
  await build({
    ...options,
    plugins: onWallBuilt ? [{ name: 'after-build', closeBundle: onWallBuilt }] : [],
    build: beside,
  });
  const input = { desk: join(root, 'desk.html'), brief: join(root, 'brief.html') };
  await build({ ...options, build: { ...beside, rolldownOptions: { input } } });
}

/** Copies what the server reads at run time beside it: out/deployments and out/docs. */
export function copyServerFiles() {
  for (const folder of ['deployments', 'docs']) {
    rmSync(join(projectRoot, 'out', folder), { recursive: true, force: true });
  }
  cpSync(join(projectRoot, 'deployments'), join(projectRoot, 'out/deployments'), { recursive: true });
  const swagger = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  mkdirSync(join(projectRoot, 'out/docs'), { recursive: true });
  for (const name of docsAssets) cpSync(join(swagger, name), join(projectRoot, 'out/docs', name));
}

async function buildAll() {
  const key = buildKey(); // before the build: an edit made meanwhile must count as a change
  buildStamp.clear();
  await buildProcesses();
  await buildPages();
  copyServerFiles();
  buildStamp.write(key);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await buildAll();
  } catch (error) {
    // A source that does not build is told as the bundler tells it; where in the bundler it noticed helps nobody
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
