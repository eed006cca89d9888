import { existsSync } from 'node:fs';
import { chmod, mkdir, open, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { type PayloadKey, readCheckedLine } from './checkedLine.ts';
import { syncDirectory } from './durableFile.ts';
import { damagedLine } from './eventLog.ts';

export type BackupResult =
  | { readonly ok: true; readonly lastSeq: number; readonly files: number; readonly bytes: number }
  /** One sentence for the operator. What was copied until then is left, without `accounts.json`, as no server takes it. */
  | { readonly ok: false; readonly problem: string };

const LINE_FEED = 0x0a;

class BackupRefusal extends Error {}

/**
 * Copies a data folder to a new one, also while a server writes in it. The order makes the copy whole: the snapshot
 * first, so that the journal, which only grows, reaches beyond it; then the archive, where a ticket stands before the
 * journal says so. Growing files are copied to their last whole line, and every line is checked on the way: a folder
 * that a server would refuse makes no backup.
 */
export async function backUpDataFolder(from: string, to: string): Promise<BackupResult> {
  let files = 0;
  let bytes = 0;

  async function put(name: string, content: Buffer, mode = 0o600): Promise<void> {
    const handle = await open(join(to, name), 'wx', mode);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    files += 1;
    bytes += content.length;
  }

  async function copyIfThere(name: string): Promise<void> {
    const content = await readFile(join(from, name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (content !== undefined) await put(name, content);
  }

  /** Every `.ndjson` of a folder in order of name; tells the last seq seen. */
  async function copyLines(folder: string, key: PayloadKey): Promise<number> {
    await mkdir(join(to, folder), { mode: 0o700 });
    const names = (await readdir(join(from, folder))).filter((name) => name.endsWith('.ndjson')).sort();
    let lastSeq = 0;
    for (const name of names) {
      const path = join(from, folder, name);
      const all = await readFile(path);
      const whole = all.subarray(0, all.lastIndexOf(LINE_FEED) + 1);
      let line = 0;
      for (let at = 0; at < whole.length; ) {
        line += 1;
        const end = whole.indexOf(LINE_FEED, at);
        const read = readCheckedLine(whole, at, end, key);
        if (!read.ok) throw new BackupRefusal(damagedLine(path, line, read.fault));
        lastSeq = read.seq;
        at = end + 1;
      }
      await put(join(folder, name), whole);
    }
    await syncDirectory(join(to, folder));
    return lastSeq;
  }

  try {
    if (!(await stat(join(from, 'journal'))).isDirectory()) throw new BackupRefusal(`${from} holds no journal.`);
    const inside = relative(resolve(from), resolve(to));
    if (!inside.startsWith('..') && !isAbsolute(inside)) {
      throw new BackupRefusal(`${to} lies inside the data folder ${from}. Name a place outside it.`);
    }
    await mkdir(to, { recursive: true, mode: 0o700 });
    if ((await readdir(to)).length > 0)
      throw new BackupRefusal(`${to} is not empty. Name a folder that is not there yet.`);
    await chmod(to, 0o700);
    await copyIfThere('board.json');
    const lastSeq = await copyLines('journal', 'event');
    await copyLines('archive', 'ticket');
    if (existsSync(join(from, 'audit'))) await copyLines('audit', 'entry');
    await copyIfThere('accounts.json');
    await syncDirectory(to);
    await syncDirectory(dirname(resolve(to)));
    return { ok: true, lastSeq, files, bytes };
  } catch (error) {
    if (error instanceof BackupRefusal) return { ok: false, problem: error.message };
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return { ok: false, problem: `The backup of ${from} to ${to} failed: ${message}.` };
  }
}
