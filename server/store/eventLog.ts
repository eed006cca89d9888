import { closeSync, constants, ftruncateSync, openSync } from 'node:fs';
import { mkdir, open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BoardEvent } from '../../domain/events.ts';
import { readCheckedLine } from './checkedLine.ts';
import { type DiskWrites, syncDirectory } from './durableFile.ts';
import type { StoreLog } from './ticketStore.ts';

/**
 * The journal: `journal/<seq of its first event, 12 digits>.ndjson`, append only, one event a line, its seqs without a
 * gap. A new file begins with every snapshot; old ones stay, for audit.
 */
export interface EventLog {
  /** Bytes in the file that is written to. */
  readonly segmentBytes: number;
  /** Appends whole lines and settles once they are on the disk. One call at a time. Rejects if disk or file fail: then the log's end is unknown. */
  append(lines: Buffer): Promise<void>;
  /** Goes on in a new file whose first event will be `nextSeq`; not while an append is under way. */
  beginSegment(nextSeq: number): Promise<void>;
  close(): void;
}

export type EventLogOpening =
  | { readonly ok: true; readonly log: EventLog; readonly lastSeq: number }
  | { readonly ok: false; readonly problem: string };

const LINE_FEED = 0x0a;
const SEGMENT_NAME = /^(\d{12})\.ndjson$/;

function segmentName(firstSeq: number): string {
  return `${String(firstSeq).padStart(12, '0')}.ndjson`;
}

/** What to tell the operator of a line that cannot be trusted. */
export function damagedLine(path: string, line: number, fault: string): string {
  return (
    `${path} line ${line} ${fault}. Nothing was changed. Restore the data folder from a backup, ` +
    'or move it away to start with an empty one.'
  );
}

/**
 * Reads the whole journal back and opens it for writing. Every line's checksum and place in the sequence is checked;
 * events after `afterSeq` go to `apply`. A torn last line, the trace of a write that was cut off, is cut and logged (it
 * was never acknowledged); anything else that is wrong stops with `problem`.
 */
export async function openEventLog(options: {
  readonly directory: string;
  /** The snapshot's seq, 0 without one. */
  readonly afterSeq: number;
  readonly apply: (seq: number, event: BoardEvent) => string | undefined;
  readonly disk: DiskWrites;
  readonly log: StoreLog;
}): Promise<EventLogOpening> {
  const { directory, afterSeq, apply, disk, log } = options;
  await mkdir(directory, { recursive: true });
  const firstSeqs = (await readdir(directory))
    .flatMap((name) => SEGMENT_NAME.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
  const [oldest] = firstSeqs;
  if (oldest === undefined && afterSeq > 0) {
    return {
      ok: false,
      problem: `${directory} holds no journal, but board.json stands at event ${afterSeq}: they do not belong together. Restore both from one backup.`,
    };
  }
  if (oldest !== undefined && oldest > afterSeq + 1) {
    return {
      ok: false,
      problem: `${directory} begins with event ${oldest}, events ${afterSeq + 1} to ${oldest - 1} are missing. Restore the missing files, or the data folder, from a backup.`,
    };
  }

  let lastSeq = (oldest ?? 1) - 1;
  let tail: { readonly path: string; readonly bytes: number } | undefined;
  for (const [index, firstSeq] of firstSeqs.entries()) {
    const path = join(directory, segmentName(firstSeq));
    if (firstSeq !== lastSeq + 1) {
      return {
        ok: false,
        problem: `${path} should begin with event ${lastSeq + 1}: a file of the journal is missing or incomplete. Nothing was changed. Restore the data folder from a backup.`,
      };
    }
    const bytes = await readFile(path);
    const isLast = index === firstSeqs.length - 1;
    const read = readSegment(bytes, { path, lastSeq, afterSeq, isLast, apply });
    if (!read.ok) return read;
    lastSeq = read.lastSeq;
    if (!isLast) continue;
    tail = { path, bytes: read.keptBytes };
    if (read.keptBytes < bytes.length || read.unterminated) await mend(path, read.keptBytes, read.unterminated);
    if (read.keptBytes < bytes.length) {
      log.warn(
        { file: path, keptBytes: read.keptBytes, cutBytes: bytes.length - read.keptBytes },
        'cut off a torn last line: the server was stopped in the middle of a write, nobody had been told of it',
      );
    }
    if (read.unterminated) tail = { path, bytes: read.keptBytes + 1 };
  }
  if (lastSeq < afterSeq) {
    return {
      ok: false,
      problem: `board.json stands at event ${afterSeq}, but the journal in ${directory} ends with event ${lastSeq}: the snapshot is newer than the journal. Nothing was changed. Restore both from one backup.`,
    };
  }

  const appending = constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY | (disk.writeThrough ?? 0);
  let segmentBytes = tail?.bytes ?? 0;
  let fd: number;
  if (tail === undefined) {
    fd = openSync(join(directory, segmentName(lastSeq + 1)), appending);
    await syncDirectory(directory);
  } else {
    fd = openSync(tail.path, appending);
  }

  return {
    ok: true,
    lastSeq,
    log: {
      get segmentBytes() {
        return segmentBytes;
      },
      async append(lines) {
        await disk.append(fd, lines);
        if (disk.writeThrough === undefined) await disk.sync(fd);
        segmentBytes += lines.length;
      },
      async beginSegment(nextSeq) {
        const next = openSync(join(directory, segmentName(nextSeq)), appending | constants.O_EXCL);
        await syncDirectory(directory);
        closeSync(fd);
        fd = next;
        segmentBytes = 0;
      },
      close() {
        closeSync(fd);
      },
    },
  };
}

/** Brings a file with a torn end to a whole last line, on the disk. */
async function mend(path: string, keptBytes: number, unterminated: boolean): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    ftruncateSync(handle.fd, keptBytes);
    if (unterminated) await handle.write('\n', keptBytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

type SegmentRead =
  /** `unterminated`: the last line is whole but for its line feed. */
  | { readonly ok: true; readonly lastSeq: number; readonly keptBytes: number; readonly unterminated: boolean }
  | { readonly ok: false; readonly problem: string };

function readSegment(
  bytes: Buffer,
  context: {
    readonly path: string;
    readonly lastSeq: number;
    readonly afterSeq: number;
    readonly isLast: boolean;
    readonly apply: (seq: number, event: BoardEvent) => string | undefined;
  },
): SegmentRead {
  const { path, afterSeq, isLast, apply } = context;
  let { lastSeq } = context;
  let line = 0;
  let from = 0;
  while (from < bytes.length) {
    line += 1;
    const lineFeed = bytes.indexOf(LINE_FEED, from);
    const to = lineFeed === -1 ? bytes.length : lineFeed;
    const read = readCheckedLine(bytes, from, to, 'event');
    if (lineFeed === -1 && isLast && !read.ok) return { ok: true, lastSeq, keptBytes: from, unterminated: false };
    if (!read.ok) return { ok: false, problem: damagedLine(path, line, read.fault) };
    if (lineFeed === -1 && !isLast) return { ok: false, problem: damagedLine(path, line, 'has no end') };
    if (read.seq !== lastSeq + 1) {
      return {
        ok: false,
        problem: damagedLine(path, line, `holds event ${read.seq} where event ${lastSeq + 1} belongs`),
      };
    }
    lastSeq = read.seq;
    if (lastSeq > afterSeq) {
      const fault = apply(lastSeq, JSON.parse(bytes.toString('utf8', read.from, read.to)) as BoardEvent);
      if (fault !== undefined) return { ok: false, problem: damagedLine(path, line, fault) };
    }
    if (lineFeed === -1) return { ok: true, lastSeq, keptBytes: bytes.length, unterminated: true };
    from = to + 1;
  }
  return { ok: true, lastSeq, keptBytes: bytes.length, unterminated: false };
}
