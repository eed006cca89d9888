import { readdirSync, readFileSync } from 'node:fs';

/** @typedef {{ pid: number, command: string }} RunningProcess */

/**
 * The processes whose environment holds `name=value`: what a marked run has started, however detached. Knows only
 * Linux's /proc; elsewhere it finds none. Chromium's helper processes wipe their environment: find them by session.
 * @param {string} name
 * @param {string} value
 */
export function processesMarked(name, value) {
  return runningProcesses((folder) =>
    readFileSync(`${folder}/environ`, 'utf8').split('\0').includes(`${name}=${value}`),
  );
}

/**
 * The processes of a session: what a detached process has started, itself included, unless detached in turn.
 * @param {number} leader process id of the session's first process
 */
export function processesOfSession(leader) {
  return runningProcesses((folder) => {
    // proc(5): pid (name) state parent group session …; the name may hold anything
    const [state, , , session] = readFileSync(`${folder}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return state !== 'Z' && Number(session) === leader;
  });
}

/** @param {(folder: string) => boolean} wanted asked with a process's folder below /proc */
function runningProcesses(wanted) {
  /** @type {RunningProcess[]} */
  const found = [];
  if (process.platform !== 'linux') return found;
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    try {
      if (!wanted(`/proc/${pid}`)) continue;
      found.push({ pid, command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim() });
    } catch {
      // ended meanwhile, or not ours to read
    }
  }
  return found;
}
