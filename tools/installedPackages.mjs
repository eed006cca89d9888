import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './electron.mjs';

/** @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean, peer?: boolean }} LockedPackage */
/** @typedef {{ packages: Record<string, LockedPackage> }} LockFile */

/**
 * Whether node_modules holds what the lock file pins, by the record npm writes when an installation has finished.
 * Optional packages (other platforms' binaries) may be absent, but not at another version.
 * @param {LockFile} locked package-lock.json
 * @param {LockFile} installed node_modules/.package-lock.json
 */
export function holdsLockedPackages(locked, installed) {
  for (const [path, wanted] of Object.entries(locked.packages)) {
    if (path === '') continue;
    const found = installed.packages[path];
    if (found === undefined) {
      if (wanted.optional || wanted.devOptional) continue;
      return false;
    }
    if (found.version !== wanted.version || found.integrity !== wanted.integrity) return false;
  }
  return Object.keys(installed.packages).every((path) => path in locked.packages);
}

/** Whether `npm ci` has nothing to do here. */
export function packagesAreInstalled() {
  try {
    return holdsLockedPackages(
      JSON.parse(readFileSync(join(projectRoot, 'package-lock.json'), 'utf8')),
      JSON.parse(readFileSync(join(projectRoot, 'node_modules/.package-lock.json'), 'utf8')),
    );
  } catch {
    return false; // no record, or half a one: install again
  }
}
