import { readFile } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { type Adapter, Low } from 'lowdb';
import type { FloodChanged } from '../../domain/flood.ts';
import type { Ticket, TicketId } from '../../domain/ticket.ts';
import type { Raise } from '../../domain/wallState.ts';
import type { AlertRecord } from './alertRecords.ts';
import { hex } from './checkedLine.ts';
import { replaceFile } from './durableFile.ts';

/** `board.json`: the live board after event `seq`. Tickets are in order of arrival, instants epoch ms. */
export interface BoardSnapshot {
  readonly version: 2;
  readonly seq: number;
  /** Last ticket number given out on each local day (`yyMMdd`). */
  readonly numbers: Readonly<Record<string, number>>;
  /** Tickets that are in the archive as of `seq`. */
  readonly archived: readonly TicketId[];
  readonly tickets: readonly Ticket[];
  readonly alerts: readonly AlertRecord[];
  readonly raises: readonly Raise[];
  /** Null before the first flood. */
  readonly flood: FloodChanged | null;
}

export interface SnapshotDb {
  /** Replaces `board.json`, in slices between which other work goes on. What it holds must not be mutated meanwhile. */
  write(snapshot: BoardSnapshot): Promise<void>;
}

const EMPTY_SNAPSHOT: BoardSnapshot = {
  version: 2,
  seq: 0,
  numbers: {},
  archived: [],
  tickets: [],
  alerts: [],
  raises: [],
  flood: null,
};

/** Serialising may hold the event loop this long at a time; encoding and checksum come on top, about as much again. */
const SLICE_MS = 2;
/** Synced each so many bytes, so that no single flush holds up the journal's for long. */
const SYNC_EACH_BYTES = 4 * 1024 * 1024;
const SUM_LENGTH = 8;
const BEFORE_SUM = '\n,"sum":"';
const AFTER_SUM = '"}\n';

class SnapshotDamage extends Error {}

/** lowdb's file adapter rewrites in one breath and unsynced; ours slices, syncs, and closes with a checksum of all that precedes it. */
function slicedFile(path: string): Adapter<BoardSnapshot> {
  return {
    async read() {
      let bytes: Buffer;
      try {
        bytes = await readFile(path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
      }
      const sumAt = bytes.length - AFTER_SUM.length - SUM_LENGTH;
      const bodyEnd = sumAt - BEFORE_SUM.length;
      if (bodyEnd < 0 || bytes.toString('latin1', bodyEnd, sumAt) !== BEFORE_SUM)
        throw new SnapshotDamage('has no end');
      if (hex(crc32(bytes.subarray(0, bodyEnd))) !== bytes.toString('latin1', sumAt, sumAt + SUM_LENGTH)) {
        throw new SnapshotDamage('does not match its checksum');
      }
      const snapshot = JSON.parse(bytes.toString('utf8')) as
        | BoardSnapshot
        | (Omit<BoardSnapshot, 'version'> & { readonly version: 1 });
      // Version 1 knew no alerts
      if (snapshot.version === 1) return { ...EMPTY_SNAPSHOT, ...snapshot, version: 2 };
      if (snapshot.version !== 2) throw new SnapshotDamage('was written by a newer version of the server');
      return snapshot;
    },
    write: (snapshot) =>
      replaceFile(path, async (handle) => {
        let sum = 0;
        let unsyncedBytes = 0;
        async function put(text: string): Promise<void> {
          const bytes = Buffer.from(text);
          sum = crc32(bytes, sum);
          await handle.appendFile(bytes);
          unsyncedBytes += bytes.length;
          if (unsyncedBytes < SYNC_EACH_BYTES) return;
          unsyncedBytes = 0;
          await handle.datasync();
        }
        async function putItems(items: readonly unknown[]): Promise<void> {
          let next = 0;
          while (next < items.length) {
            const startedAt = performance.now();
            let text = '';
            do {
              text += `${next === 0 ? '\n' : ',\n'}${JSON.stringify(items[next])}`;
              next += 1;
            } while (next < items.length && performance.now() - startedAt < SLICE_MS);
            await put(text);
            await setImmediate();
          }
        }
        const { version, seq, numbers, archived, tickets, alerts, raises, flood } = snapshot;
        await put(`{"version":${version},"seq":${seq},"numbers":${JSON.stringify(numbers)},"archived":[`);
        await putItems(archived);
        await put('],"tickets":[');
        await putItems(tickets);
        await put('],"alerts":[');
        await putItems(alerts);
        await put(`],"raises":${JSON.stringify(raises)},"flood":${JSON.stringify(flood)}`);
        await handle.appendFile(`${BEFORE_SUM}${hex(sum)}${AFTER_SUM}`);
      }),
  };
}

/** Reads `board.json`; without one the snapshot is the empty board at seq 0. */
export async function openSnapshotDb(
  path: string,
): Promise<
  | { readonly ok: true; readonly snapshot: BoardSnapshot; readonly db: SnapshotDb }
  | { readonly ok: false; readonly problem: string }
> {
  const low = new Low<BoardSnapshot>(slicedFile(path), EMPTY_SNAPSHOT);
  try {
    await low.read();
  } catch (error) {
    if (!(error instanceof SnapshotDamage || error instanceof SyntaxError)) throw error;
    return {
      ok: false,
      problem: `${path} line 1 and following: the snapshot ${error instanceof SnapshotDamage ? error.message : 'is not JSON'}. Nothing was changed. Restore the data folder from a backup; if the journal is whole from event 1 on, moving board.json away is enough.`,
    };
  }
  const snapshot = low.data;
  // Held no longer than needed: each snapshot keeps the tickets of its moment in memory
  low.data = EMPTY_SNAPSHOT;
  return {
    ok: true,
    snapshot,
    db: {
      async write(next) {
        low.data = next;
        try {
          await low.write();
        } finally {
          low.data = EMPTY_SNAPSHOT;
        }
      },
    },
  };
}
