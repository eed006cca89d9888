import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's root folder; every tool works from it, whatever the working directory. */
export const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** Where the fallback Electron (see docs/dependencies.md) is unpacked. */
export const fallbackFolder = join(projectRoot, '.cache/electron-fallback');

/** @typedef {'override' | 'official' | 'fallback'} ElectronSource */
/** @typedef {{ source: ElectronSource, folder: string, path: string, version: string }} ElectronFound */

/** @param {NodeJS.Platform} platform */
function executableIn(platform) {
  if (platform === 'win32') return 'electron.exe';
  if (platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return 'electron';
}

/**
 * The Electron to run: one answer for start, dev, tests and packaging. `ELECTRON_OVERRIDE_DIST_PATH` wins,
 * then the official download, then the fallback; null if none has been provisioned.
 * @returns {ElectronFound | null}
 */
export function findElectron() {
  /** @type {[ElectronSource, string | undefined][]} */
  const candidates = [
    ['override', process.env.ELECTRON_OVERRIDE_DIST_PATH],
    ['official', join(projectRoot, 'node_modules/electron/dist')],
    ['fallback', fallbackFolder],
  ];
  for (const [source, folder] of candidates) {
    if (!folder) continue;
    const path = resolve(folder, executableIn(process.platform));
    const versionFile = join(folder, 'version'); // unpacked last, so its absence means half an Electron
    if (!existsSync(path) || !existsSync(versionFile)) continue;
    const version = readFileSync(versionFile, 'utf8').trim().replace(/^v/, '');
    return { source, folder: resolve(folder), path, version };
  }
  return null;
}
