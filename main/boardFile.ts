import { createHash } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { KeptBoard } from '../protocol/ipc.ts';

/** A board of 50,000 tickets has some 30 million characters. */
export const LONGEST_BOARD = 64 * 1024 * 1024;

export interface BoardFile {
  /** Replaces what was kept; a second text meanwhile waits, a third takes its place. Throws what the disk says. */
  keep(text: string): Promise<void>;
  /** Null: none, of another server, or damaged (then it is gone and `complain` was told). */
  read(): Promise<KeptBoard | null>;
}

/** The first line of the file; the board's text follows as it is. */
interface Head {
  readonly serverUrl: string;
  readonly keptAt: number;
  readonly sha256: string;
}

/**
 * Keeps the last board over a cold start, for one server. A board is a cache: whatever is wrong with it, the wall does
 * without.
 * @param now the machine's date in epoch ms
 */
export function createBoardFile(
  path: string,
  serverUrl: string,
  { now, complain }: { readonly now: () => number; readonly complain: (line: string) => void },
): BoardFile {
  let writing: Promise<void> | null = null;
  let waiting: string | null = null;

  const write = async (text: string) => {
    const head: Head = { serverUrl, keptAt: now(), sha256: digest(text) };
    const next = `${path}.next`;
    await writeFile(next, `${JSON.stringify(head)}\n${text}`, { mode: 0o600, flush: true });
    await rename(next, path);
  };
  const writeAll = async () => {
    while (waiting !== null) {
      const text = waiting;
      waiting = null;
      await write(text);
    }
  };

  return {
    keep(text) {
      waiting = text;
      writing ??= writeAll().finally(() => {
        waiting = null;
        writing = null;
      });
      return writing;
    },
    async read() {
      let content: string;
      try {
        content = await readFile(path, 'utf8');
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) {
          complain(`the kept board cannot be read: ${error instanceof Error ? error.message : String(error)}`);
        }
        return null;
      }
      const end = content.indexOf('\n');
      const head = decodeHead(content.slice(0, end));
      const text = content.slice(end + 1);
      if (head === null || head.sha256 !== digest(text)) {
        complain(`the kept board ${path} is damaged; it is thrown away`);
        await rm(path, { force: true });
        return null;
      }
      // The one place where the machine's date counts: nobody else knows how long it was off. It may have been set back.
      return head.serverUrl === serverUrl ? { text, ageMs: Math.max(0, now() - head.keptAt) } : null;
    },
  };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function decodeHead(line: string): Head | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { serverUrl, keptAt, sha256 } = value as Partial<Record<keyof Head, unknown>>;
  if (typeof serverUrl !== 'string' || typeof keptAt !== 'number' || typeof sha256 !== 'string') return null;
  return { serverUrl, keptAt, sha256 };
}
