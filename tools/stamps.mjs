import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Every file below the paths, sorted, as paths relative to `root` with forward slashes. Paths that do not exist
 * give nothing.
 * @param {string} root
 * @param {string[]} paths files or folders relative to `root`
 * @returns {string[]}
 */
export function filesBelow(root, paths) {
  /** @type {string[]} */
  const found = [];
  for (const path of paths) {
    const entry = statSync(join(root, path), { throwIfNoEntry: false });
    if (entry?.isDirectory()) {
      found.push(
        ...filesBelow(
          root,
          readdirSync(join(root, path)).map((name) => `${path}/${name}`),
        ),
      );
    } else if (entry) {
      found.push(path);
    }
  }
  return found.sort();
}

/**
 * One hash over names and contents: changes when a file is edited, added, renamed or removed, and with nothing else
 * (times of modification differ in every clone).
 * @param {string} root
 * @param {string[]} paths
 */
export function contentHash(root, paths) {
  const hash = createHash('sha256');
  for (const path of filesBelow(root, paths)) {
    const content = readFileSync(join(root, path));
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/**
 * A stamp: a small file that remembers for which state of its inputs a piece of work was done.
 * @param {string} file
 */
export function createStamp(file) {
  return {
    /** @param {string} key */
    matches(key) {
      try {
        return readFileSync(file, 'utf8') === key;
      } catch {
        return false; // no stamp: never done, or undone by hand
      }
    },
    /** @param {string} key */
    write(key) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, key);
    },
    clear() {
      rmSync(file, { force: true });
    },
  };
}
