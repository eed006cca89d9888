import { readdirSync, readFileSync } from 'node:fs';

/**
 * The processes whose environment holds `name=value`: everything a marked run has started, however detached. Knows
 * only Linux's /proc; elsewhere it finds none.
 * @param {string} name
 * @param {string} value
 * @returns {{ pid: number, command: string }[]}
 */
export function processesMarked(name, value) {
  if (process.platform !== 'linux') return [];
  /** @type {{ pid: number, command: string }[]} */
  const found = [];
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
      if (!environment.includes(`${name}=${value}`)) continue;
      // a zombie's environment cannot be read, so what is found here runs
      found.push({ pid, command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim() });
    } catch {
      // ended meanwhile, or not ours to read
    }
  }
  return found;
}
