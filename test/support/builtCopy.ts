import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../tools/electron.mjs';

/** A copy of what `npm run build` leaves, for a test that makes another version of it. */
export interface BuiltCopy {
  readonly serverFolder: string;
  readonly pagesFolder: string;
  /** What `startBuiltServer` starts. */
  readonly entry: string;
  remove(): void;
}

/** @param version that it gives itself; left out: the project's own */
export function copyBuilt(version?: string): BuiltCopy {
  const folder = mkdtempSync(join(tmpdir(), 'taibai-upgrade-'));
  for (const part of ['server', 'deployments', 'docs', 'renderer']) {
    cpSync(join(projectRoot, 'out', part), join(folder, 'out', part), { recursive: true });
  }
  const manifest = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as object;
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ ...manifest, ...(version === undefined ? {} : { version }) }),
  );
  symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'));
  const serverFolder = join(folder, 'out/server');
  return {
    serverFolder,
    pagesFolder: join(folder, 'out/renderer'),
    entry: join(serverFolder, 'index.js'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Every plain file of a folder, however deep. */
export function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
