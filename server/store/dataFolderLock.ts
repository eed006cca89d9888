import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';

export type DataFolderLocking =
  | { readonly ok: true; release(): void }
  /** One sentence for the operator: who holds it and what to do. */
  | { readonly ok: false; readonly problem: string };

/**
 * Who holds the folder. A process id alone may be given to another process; with the moment the process started (clock
 * ticks since the machine did) and the machine's boot it is unique.
 */
interface Holder {
  readonly pid: number;
  readonly startTicks: string;
  readonly boot: string;
  readonly host: string;
}

const LOCK = 'lock';
const CLAIM = /^lock\.claim-(\d+)-([\w]+)$/;
/** How long two servers that start at the same moment give each other to settle a dead server's lock. */
const SETTLE_MS = 2_000;
const POLL_MS = 10;

/** Start of a live process, undefined for one that is gone (or a zombie). */
function startTicksOf(pid: number): string | undefined {
  if (process.platform !== 'linux') {
    try {
      process.kill(pid, 0);
      return 'unknown';
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EPERM' ? 'unknown' : undefined;
    }
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The command's name is in brackets and may hold anything; what follows its last bracket is field 3, the state
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function bootOf(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  } catch {
    return 'unknown';
  }
}

function ownHolder(): Holder {
  return { pid: process.pid, startTicks: startTicksOf(process.pid) ?? 'unknown', boot: bootOf(), host: hostname() };
}

function readHolder(path: string): Holder | 'absent' | 'unreadable' {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'absent';
    throw error;
  }
  try {
    const value = JSON.parse(text) as Partial<Holder> | null;
    const { pid, startTicks, boot, host } = value ?? {};
    if (
      typeof pid === 'number' &&
      typeof startTicks === 'string' &&
      typeof boot === 'string' &&
      typeof host === 'string'
    ) {
      return { pid, startTicks, boot, host };
    }
  } catch {
    // Told apart below: not ours to overwrite
  }
  return 'unreadable';
}

function sameHolder(a: ReturnType<typeof readHolder>, b: Holder): boolean {
  return (
    typeof a === 'object' && a.pid === b.pid && a.startTicks === b.startTicks && a.boot === b.boot && a.host === b.host
  );
}

function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** Folder by folder: Node's recursive way never comes back where the system makes none, as below /proc. */
function makeFolder(directory: string): void {
  if (existsSync(directory)) return;
  makeFolder(dirname(directory));
  try {
    mkdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/**
 * Takes the data folder for this process: file `lock`. A live holder is refused; the lock of a process that is gone,
 * however it ended, is taken over at once. Of several that try at the same time at most one succeeds: whoever wants to
 * remove a dead lock first announces itself by a claim file, and removes nothing while another live claim is there.
 */
export function lockDataFolder(directory: string): DataFolderLocking {
  try {
    makeFolder(directory);
    return take(directory);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return { ok: false, problem: `The data folder ${directory} cannot be written: ${message}.` };
  }
}

function take(directory: string): DataFolderLocking {
  const own = ownHolder();
  const lockPath = join(directory, LOCK);
  const claimPath = join(directory, `lock.claim-${own.pid}-${own.startTicks}`);
  const giveUpAt = performance.now() + SETTLE_MS;
  try {
    for (;;) {
      writeClaim(claimPath, own);
      if (linkClaim(claimPath, lockPath)) {
        return {
          ok: true,
          release() {
            // Somebody may have deleted it by hand, and another server taken the folder since
            if (sameHolder(readHolder(lockPath), own)) unlinkSync(lockPath);
          },
        };
      }
      const holder = readHolder(lockPath);
      if (holder === 'absent') continue;
      if (holder === 'unreadable') {
        return {
          ok: false,
          problem: `${lockPath} is not a lock of this server. If no server runs on the data folder, delete that file and start again.`,
        };
      }
      if (holder.host !== own.host) {
        return {
          ok: false,
          problem: `The data folder ${directory} is held by process ${holder.pid} on ${holder.host}, which cannot be looked at from here. If no server runs there, delete ${lockPath} and start again.`,
        };
      }
      if (holder.boot === own.boot && startTicksOf(holder.pid) === holder.startTicks) {
        return {
          ok: false,
          problem: `The data folder ${directory} is in use by another server (process ${holder.pid}).`,
        };
      }
      if (isAlone(directory, own)) {
        // From here nobody else removes a lock while our claim stands; but somebody may have done so just before
        if (sameHolder(readHolder(lockPath), holder)) unlinkSync(lockPath);
        continue;
      }
      if (performance.now() > giveUpAt) {
        return {
          ok: false,
          problem: `The data folder ${directory} is being taken by another server that starts just now.`,
        };
      }
      // Both withdraw; the pauses differ, so one comes back alone
      removeIfThere(claimPath);
      sleep(POLL_MS * (1 + (own.pid % 7)));
    }
  } finally {
    removeIfThere(claimPath);
  }
}

/** On the disk before it becomes the lock, so that a power cut leaves no empty lock behind. */
function writeClaim(path: string, own: Holder): void {
  const fd = openSync(path, 'w');
  try {
    writeSync(fd, JSON.stringify(own));
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function linkClaim(claimPath: string, lockPath: string): boolean {
  try {
    linkSync(claimPath, lockPath);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** No other live process has a claim on the folder. Claims of dead ones are cleared away. */
function isAlone(directory: string, own: Holder): boolean {
  let alone = true;
  for (const name of readdirSync(directory)) {
    const [, pid, startTicks] = CLAIM.exec(name) ?? [];
    if (pid === undefined || (Number(pid) === own.pid && startTicks === own.startTicks)) continue;
    if (startTicksOf(Number(pid)) === startTicks) alone = false;
    else removeIfThere(join(directory, name));
  }
  return alone;
}
