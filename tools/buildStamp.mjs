import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './electron.mjs';
import { contentHash, createStamp } from './stamps.mjs';

const sources = [
  'domain',
  'protocol',
  'server',
  'renderer',
  'main',
  'deployments',
  'package.json',
  'package-lock.json',
  'vite.config.ts',
  'tools/build.mjs',
];
const products = [
  'server/index.js',
  'server/server.js',
  'main/index.js',
  'main/preload.cjs',
  'renderer/index.html',
  'renderer/desk.html',
  'renderer/brief.html',
  'deployments',
  'docs',
];

export const buildStamp = createStamp(join(projectRoot, '.cache/stamps/build'));

/** The state of everything that goes into out/. */
export function buildKey() {
  return contentHash(projectRoot, sources);
}

/** Whether out/ is there and was built from the sources as they are now. */
export function buildIsCurrent() {
  return products.every((path) => existsSync(join(projectRoot, 'out', path))) && buildStamp.matches(buildKey());
}
