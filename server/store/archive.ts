import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { StepRecord, Ticket, TicketId } from '../../domain/ticket.ts';
import type { AlertRecord } from './alertRecords.ts';
import { checkedLine, readCheckedLine } from './checkedLine.ts';
import { type DiskWrites, syncDirectory } from './durableFile.ts';
import { damagedLine } from './eventLog.ts';
import { reporterTextOf, wordsOf } from './searchText.ts';
import type { StoreLog } from './ticketStore.ts';

/**
 * What stays in memory of an archived ticket: all that lists, statistics and decisions about later steps need. Its
 * description, its reporter and the notes of its steps are in the file only.
 */
export interface ArchivedTicket extends Omit<Ticket, 'description' | 'reporter'> {
  /** Who its points went to (domain/events.ts, PointsAwarded). */
  readonly officer?: string;
  /** `wordsOf` the whole ticket. */
  readonly searchText: string;
  /** `reporterTextOf` its reporter. */
  readonly reporterText: string;
}

/** A ticket as it stands in the archive, with what became of its alerts. */
export interface ArchiveEntry extends Ticket {
  readonly alerts?: readonly AlertRecord[];
}

function withoutNote(step: StepRecord): StepRecord {
  if (step.note === undefined) return step;
  const { note: _note, ...rest } = step;
  return rest;
}

export function archivedTicketOf(ticket: Ticket): ArchivedTicket {
  const { description: _description, reporter, alerts: _alerts, ...rest }: ArchiveEntry = ticket;
  const officer = reporter?.id ?? reporter?.name;
  return {
    ...rest,
    steps: ticket.steps.map(withoutNote),
    ...(officer === undefined ? {} : { officer }),
    searchText: wordsOf(ticket),
    reporterText: reporterTextOf(reporter),
  };
}

/** An archived ticket after one more entry in its timeline (`evolved` by domain/wallState.ts). */
export function archivedAfterStep(ticket: ArchivedTicket, evolved: Ticket): ArchivedTicket {
  const { searchText, reporterText, officer } = ticket;
  return {
    ...evolved,
    steps: evolved.steps.map(withoutNote),
    ...(officer === undefined ? {} : { officer }),
    searchText,
    reporterText,
  };
}

/** Where the newest line of a ticket lies, and the event up to which it tells the ticket's story. */
interface Place {
  readonly month: string;
  readonly offset: number;
  readonly bytes: number;
  readonly seq: number;
}

/**
 * `archive/<yyyy-MM of the end>.ndjson`: one whole ticket a line with the seq it stands at; the last line of a ticket
 * holds. Whether a ticket is in the archive at all is for the journal to say: a line that it does not know of is the
 * trace of a move that was cut off, and is passed over.
 */
export interface Archive {
  /** Appends and settles once the lines are on the disk. Calls must not overlap. */
  append(tickets: readonly ArchiveEntry[], seq: number): Promise<void>;
  read(id: TicketId): Promise<ArchiveEntry>;
  /** The event up to which the newest line of a ticket goes; undefined without a line. */
  standsAt(id: TicketId): number | undefined;
  close(): Promise<void>;
}

const LINE_FEED = 0x0a;
const FILE_NAME = /^(-?\d{4,}-\d\d)\.ndjson$/;

/**
 * Opens the archive folder and reads every line. `wanted` says whether the journal knows the ticket as archived; the
 * newest line of each such ticket is reported once to `found`. Lines beyond `lastSeq` belong to a later journal than the
 * one at hand (a backup copies the archive last) and are passed over.
 */
export async function openArchive(options: {
  readonly directory: string;
  readonly lastSeq: number;
  readonly monthOf: (at: number) => string;
  readonly wanted: (id: TicketId) => boolean;
  readonly found: (ticket: Ticket) => void;
  readonly disk: DiskWrites;
  readonly log: StoreLog;
}): Promise<{ readonly ok: true; readonly archive: Archive } | { readonly ok: false; readonly problem: string }> {
  const { directory, lastSeq, monthOf, wanted, found, disk, log } = options;
  await mkdir(directory, { recursive: true });
  const places = new Map<TicketId, Place>();
  const files = new Map<string, { readonly handle: FileHandle; bytes: number }>();
  const pathOf = (month: string) => join(directory, `${month}.ndjson`);

  async function close(): Promise<void> {
    for (const { handle } of files.values()) await handle.close();
    files.clear();
  }

  const months = (await readdir(directory)).flatMap((name) => FILE_NAME.exec(name)?.[1] ?? []).sort();
  for (const month of months) {
    const path = pathOf(month);
    // A ticket's lines are all in the month of its end, so its newest one is known at the end of the file
    const newest = new Map<TicketId, Ticket>();
    let line = 0;
    let problem: string | undefined;
    const keptBytes = await eachLine(path, (bytes, offset) => {
      line += 1;
      const read = readCheckedLine(bytes, 0, bytes.length, 'ticket');
      if (!read.ok) {
        problem = damagedLine(path, line, read.fault);
        return false;
      }
      if (read.seq > lastSeq) return true;
      const ticket = JSON.parse(bytes.toString('utf8', read.from, read.to)) as Ticket;
      if (!wanted(ticket.id)) return true;
      newest.set(ticket.id, ticket);
      places.set(ticket.id, { month, offset, bytes: bytes.length, seq: read.seq });
      return true;
    });
    if (problem !== undefined) {
      await close();
      return { ok: false, problem };
    }
    for (const ticket of newest.values()) found(ticket);
    const handle = await open(path, 'a+');
    files.set(month, { handle, bytes: keptBytes });
    const { size } = await handle.stat();
    if (size > keptBytes) {
      await handle.truncate(keptBytes);
      await handle.sync();
      log.warn(
        { file: path, keptBytes, cutBytes: size - keptBytes },
        'cut off a torn last line: the server was stopped while it moved a ticket to the archive; the ticket is on the board still',
      );
    }
  }

  async function fileOf(month: string): Promise<{ readonly handle: FileHandle; bytes: number }> {
    const known = files.get(month);
    if (known !== undefined) return known;
    const file = { handle: await open(pathOf(month), 'a+'), bytes: 0 };
    files.set(month, file);
    await syncDirectory(directory);
    return file;
  }

  return {
    ok: true,
    archive: {
      async append(tickets, seq) {
        const byMonth = new Map<string, Ticket[]>();
        for (const ticket of tickets) {
          const month = monthOf(ticket.endedAt ?? ticket.reportedAt);
          const ended = byMonth.get(month);
          if (ended === undefined) byMonth.set(month, [ticket]);
          else ended.push(ticket);
        }
        for (const [month, ended] of byMonth) {
          const file = await fileOf(month);
          const lines = ended.map((ticket) => Buffer.from(checkedLine(seq, 'ticket', JSON.stringify(ticket))));
          await disk.append(file.handle.fd, Buffer.concat(lines));
          await disk.sync(file.handle.fd);
          for (const [i, ticket] of ended.entries()) {
            const bytes = (lines[i] as Buffer).length;
            places.set(ticket.id, { month, offset: file.bytes, bytes: bytes - 1, seq });
            file.bytes += bytes;
          }
        }
      },
      async read(id) {
        const place = places.get(id);
        if (place === undefined) throw new Error(`ticket ${id} has no line in the archive`);
        const { handle } = await fileOf(place.month);
        const bytes = Buffer.alloc(place.bytes);
        await handle.read(bytes, 0, place.bytes, place.offset);
        const read = readCheckedLine(bytes, 0, bytes.length, 'ticket');
        if (!read.ok) throw new Error(`${pathOf(place.month)} at byte ${place.offset} ${read.fault}`);
        return JSON.parse(bytes.toString('utf8', read.from, read.to)) as ArchiveEntry;
      },
      standsAt: (id) => places.get(id)?.seq,
      close,
    },
  };
}

/** Calls `line` with each whole line and its offset until that returns false; gives the bytes up to the last line feed seen. */
async function eachLine(path: string, line: (bytes: Buffer, offset: number) => boolean): Promise<number> {
  let offset = 0;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let from = 0;
    for (;;) {
      const to = bytes.indexOf(LINE_FEED, from);
      if (to === -1) break;
      if (!line(bytes.subarray(from, to), offset + from)) return offset + from;
      from = to + 1;
    }
    offset += from;
    rest = bytes.subarray(from);
  }
  return offset;
}
