import { execFileSync } from 'node:child_process';

export interface RunningProcess {
  readonly id: number;
  readonly parentId: number;
  /** With the id it names one process for good: ids are used again. */
  readonly startedAt: string;
  readonly command: string;
}

/** A process with everything below it. Chromium overwrites its children's environment, so no mark in there finds them. */
export function processTree(rootId: number): RunningProcess[] {
  const all = runningProcesses();
  const tree = all.filter(({ id }) => id === rootId);
  for (const parent of tree) tree.push(...all.filter(({ parentId }) => parentId === parent.id));
  return tree;
}

/** Those of them that have not ended yet. */
export function stillRunning(processes: readonly RunningProcess[]): RunningProcess[] {
  const now = runningProcesses();
  return processes.filter(({ id, startedAt }) => now.some((one) => one.id === id && one.startedAt === startedAt));
}

function runningProcesses(): RunningProcess[] {
  const listing = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,lstart=,args='], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, LC_ALL: 'C' },
  });
  return listing.split('\n').flatMap((line) => {
    const [, id, parentId, state, startedAt, command] =
      /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\S+\s+\S+\s+\d+\s+[\d:]+\s+\d+)\s+(.*)$/.exec(line) ?? [];
    if (id === undefined || parentId === undefined || startedAt === undefined || command === undefined) return [];
    if (state?.startsWith('Z')) return []; // it has ended, its parent has not asked yet
    return [{ id: Number(id), parentId: Number(parentId), startedAt, command }];
  });
}
