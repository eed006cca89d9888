import { renameSync, rmSync, writeFileSync } from 'node:fs';

/**
 * Replaces a file as a whole, for its owner's eyes only: whoever reads meets the old content or the new, also after a
 * power cut. Throws the file system's error.
 */
export function replaceFile(path: string, content: string): void {
  const next = `${path}.next`;
  rmSync(next, { force: true }); // a leftover would keep its own mode
  writeFileSync(next, content, { mode: 0o600, flush: true });
  renameSync(next, path);
}
