import { type FileHandle, mkdir, open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AUDIT_KINDS, type AuditKind } from '../../protocol/auditKinds.ts';
import { checkedLine, readCheckedLine } from './checkedLine.ts';
import { type DiskWrites, diskWrites, syncDirectory } from './durableFile.ts';
import { damagedLine } from './eventLog.ts';
import { createSharedWrite } from './sharedWrite.ts';
import type { StoreLog } from './ticketStore.ts';

/** What is taken down: who came in, who read personal originals, who changed what others may do, who dealt with alerts. */
export { AUDIT_KINDS, type AuditKind };

/** Names things by their ids alone: what it tells of must not be readable from it. */
export interface AuditNote {
  readonly kind: AuditKind;
  /** The account of whoever did it, or whose password was tried; absent where that is nobody's. */
  readonly accountId?: string;
  readonly username?: string;
  /** The network address that it came from. */
  readonly address?: string;
  /** Ids of the tickets, alerts, accounts, clients or walls that it was done to. */
  readonly subjects?: readonly string[];
  /** Words from closed lists and numbers, never text that people typed. */
  readonly detail?: Readonly<Record<string, string | number>>;
}

export interface AuditEntry extends AuditNote {
  readonly seq: number;
  /** Epoch ms of real time. */
  readonly at: number;
}

export interface AuditQuery {
  readonly limit: number;
  /** Only what stands before this place: `nextPlace` of the page before. */
  readonly before?: AuditPlace | undefined;
  readonly kind?: AuditKind | undefined;
  readonly accountId?: string | undefined;
  readonly subject?: string | undefined;
  /** [from, to), epoch ms. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

export interface AuditPlace {
  readonly day: string;
  readonly seq: number;
}

export type AuditPage =
  | { readonly ok: true; readonly entries: readonly AuditEntry[]; readonly nextPlace: AuditPlace | null }
  /** A file was damaged from outside; `problem` says which and where. */
  | { readonly ok: false; readonly problem: string };

/**
 * The audit log: `audit/<day of the entry, UTC>.ndjson`, append only, one entry a line. Nothing is ever removed from it
 * by the server; days that the house need not keep any longer may be moved away whole.
 */
export interface AuditLog {
  /** Settles once the entry is on the disk; rejects where the disk refuses, and then it is not there. */
  record(note: AuditNote): Promise<void>;
  /** Newest first. */
  read(query: AuditQuery): Promise<AuditPage>;
  /** Waits for what is on its way. */
  close(): Promise<void>;
}

const LINE_FEED = 0x0a;
const FILE_NAME = /^(\d{4}-\d\d-\d\d)\.ndjson$/;

type DayRead =
  | { readonly ok: true; readonly entries: readonly AuditEntry[]; readonly keptBytes: number }
  | { readonly ok: false; readonly problem: string };

/** The whole lines of a file; what follows the last line feed is the trace of a write that was cut off. */
function readDay(path: string, bytes: Buffer): DayRead {
  const entries: AuditEntry[] = [];
  const keptBytes = bytes.lastIndexOf(LINE_FEED) + 1;
  let line = 0;
  for (let from = 0; from < keptBytes; ) {
    line += 1;
    const to = bytes.indexOf(LINE_FEED, from);
    const read = readCheckedLine(bytes, from, to, 'entry');
    if (!read.ok) return { ok: false, problem: damagedLine(path, line, read.fault) };
    entries.push({ ...(JSON.parse(bytes.toString('utf8', read.from, read.to)) as AuditEntry), seq: read.seq });
    from = to + 1;
  }
  return { ok: true, entries, keptBytes };
}

function fits(entry: AuditEntry, { before, kind, accountId, subject, from, to }: AuditQuery): boolean {
  return (
    (before === undefined || entry.seq < before.seq) &&
    (kind === undefined || entry.kind === kind) &&
    (accountId === undefined || entry.accountId === accountId) &&
    (subject === undefined || entry.subjects?.includes(subject) === true) &&
    (from === undefined || entry.at >= from) &&
    (to === undefined || entry.at < to)
  );
}

/** Opens the folder; a torn last line is cut and logged, any other damage of the newest day is a `problem`. */
export async function openAuditLog(options: {
  readonly directory: string;
  /** Real time. */
  readonly now: () => number;
  readonly log: StoreLog;
  readonly disk?: DiskWrites;
}): Promise<{ readonly ok: true; readonly audit: AuditLog } | { readonly ok: false; readonly problem: string }> {
  const { directory, now, log, disk = diskWrites } = options;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const pathOf = (day: string) => join(directory, `${day}.ndjson`);
  const daysOnDisk = async () => (await readdir(directory)).flatMap((name) => FILE_NAME.exec(name)?.[1] ?? []).sort();

  let lastSeq = 0;
  /** Of the file that is written to; a clock that is set back does not go back to an older one. */
  let day = '';
  let file: { readonly handle: FileHandle; bytes: number } | undefined;
  /** The last write failed, so more may stand in the file than is known of. */
  let torn = false;

  for (const known of (await daysOnDisk()).reverse()) {
    const bytes = await readFile(pathOf(known));
    const read = readDay(pathOf(known), bytes);
    if (!read.ok) return read;
    if (read.keptBytes < bytes.length) {
      const handle = await open(pathOf(known), 'r+');
      await handle.truncate(read.keptBytes);
      await handle.sync();
      await handle.close();
      log.warn({ file: pathOf(known) }, 'cut off a torn last line of the audit log: nobody had been told of it');
    }
    if (day === '') day = known;
    lastSeq = read.entries.at(-1)?.seq ?? 0;
    if (lastSeq > 0) break;
  }

  async function fileOfToday(): Promise<{ readonly handle: FileHandle; bytes: number }> {
    const today = new Date(now()).toISOString().slice(0, 10);
    if (file !== undefined && today <= day) return file;
    if (today > day) day = today;
    const before = file;
    file = undefined;
    await before?.handle.close();
    const handle = await open(pathOf(day), 'a', 0o600);
    file = { handle, bytes: (await handle.stat()).size };
    await syncDirectory(directory);
    return file;
  }

  async function append(notes: readonly AuditNote[]): Promise<void> {
    if (torn && file !== undefined) await file.handle.truncate(file.bytes);
    torn = false;
    const target = await fileOfToday();
    const at = now();
    const lines = notes.map((note, i) => checkedLine(lastSeq + 1 + i, 'entry', JSON.stringify({ at, ...note })));
    const bytes = Buffer.from(lines.join(''));
    torn = true;
    await disk.append(target.handle.fd, bytes);
    await disk.sync(target.handle.fd);
    torn = false;
    target.bytes += bytes.length;
    lastSeq += notes.length;
  }

  const writes = createSharedWrite(append);

  return {
    ok: true,
    audit: {
      record: (note) => writes.add(note),
      async read(query) {
        await writes.idle();
        const found: (AuditEntry & { readonly day: string })[] = [];
        for (const known of (await daysOnDisk()).reverse()) {
          if (query.before !== undefined && known > query.before.day) continue;
          const read = readDay(pathOf(known), await readFile(pathOf(known)));
          if (!read.ok) return read;
          for (let i = read.entries.length - 1; i >= 0 && found.length <= query.limit; i -= 1) {
            const entry = read.entries[i] as AuditEntry;
            if (fits(entry, query)) found.push({ ...entry, day: known });
          }
          if (found.length > query.limit) break;
        }
        const page = found.slice(0, query.limit);
        const last = page.at(-1);
        return {
          ok: true,
          entries: page.map(({ day: _day, ...entry }) => entry),
          nextPlace: last !== undefined && found.length > query.limit ? { day: last.day, seq: last.seq } : null,
        };
      },
      async close() {
        await writes.idle();
        await file?.handle.close();
        file = undefined;
      },
    },
  };
}
