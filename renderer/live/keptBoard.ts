import { decodePulse, decodeSubscribeAnswer } from '../../protocol/decode.ts';
import { encodeInstants } from '../../protocol/instants.ts';
import type { KeptBoard } from '../../protocol/ipc.ts';
import type { SourceStatus, SubscribeAnswer } from '../../protocol/wire.ts';
import type { WallClock } from './clock.ts';
import type { Connection } from './connection.ts';
import type { WallSnapshot, WallStore } from './wallStore.ts';

/** Where a wall keeps its last board over a cold start; the kiosk's main process, which has a disk. */
export interface BoardKeeper {
  keep(text: string): Promise<void>;
  kept(): Promise<KeptBoard | null>;
}

/** How old a kept board is at worst when the power fails; a large one costs a second of a slow machine's time. */
export const KEEP_EVERY_MS = 60_000;
/** A server that is there answers sooner: until then the wall waits rather than show what is old. */
export const RESTORE_AFTER_MS = 3_000;
/** Tickets written in one go, in a millisecond or two. */
const SLICE = 200;

const utc = () => 0;
const written = (value: object): string => JSON.stringify(encodeInstants(value, utc));

/**
 * The board as the messages that would bring it, so that reading it back is checked like the wire.
 * @param breathe waited for between slices
 */
export async function writeBoard(snapshot: WallSnapshot, breathe: () => Promise<void>): Promise<string> {
  const { epoch, seq, heardAt, clock, history, deployment, sources, board } = snapshot;
  const { flood, canary } = board;
  const tickets = [...board.tickets.values()]; // a ticket never changes, the board may go on meanwhile
  const head = written({
    ok: true,
    kind: 'snapshot',
    epoch,
    seq,
    at: heardAt,
    history,
    clock,
    board: {
      deployment,
      tickets: [],
      alerts: [...board.alerts.values()],
      raises: board.raises,
      ...(flood === undefined ? {} : { flood }),
      ...(canary === undefined ? {} : { canary }),
    },
  });
  const pulse = written({ epoch, seq, at: heardAt, clock, sources });
  const rows: string[] = [];
  for (let from = 0; from < tickets.length; from += SLICE) {
    for (const ticket of tickets.slice(from, from + SLICE)) rows.push(written(ticket));
    await breathe();
  }
  return `{"answer":${head},"pulse":${pulse},"tickets":[${rows.join(',')}]}`;
}

export interface ReadBoard {
  readonly answer: Extract<SubscribeAnswer, { readonly kind: 'snapshot' }>;
  readonly sources: readonly SourceStatus[];
}

/** Undefined where the text is none that this page can read: it may stem from another version. */
export function readBoard(text: string): ReadBoard | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { answer, pulse, tickets } = (value ?? {}) as { answer?: unknown; pulse?: unknown; tickets?: unknown };
  const { board } = (answer ?? {}) as { board?: object };
  if (typeof board !== 'object' || board === null || !Array.isArray(tickets)) return undefined;
  const decoded = decodeSubscribeAnswer(Object.assign(answer as object, { board: { ...board, tickets } }));
  const sources = decodePulse(pulse);
  if (!decoded.ok || !decoded.value.ok || decoded.value.kind !== 'snapshot' || !sources.ok) return undefined;
  return { answer: decoded.value, sources: sources.value.sources };
}

/**
 * Keeps the board each minute while the link is live, and shows the one that was kept where no server has answered soon
 * after the start: as old as it is, until a server answers.
 * @param keeps whether this page is the one that keeps it; every page may show it
 * @param after runs something after so many ms until its result is called
 */
export function keepLastBoard(options: {
  readonly store: WallStore;
  readonly clock: WallClock;
  readonly connection: Pick<Connection, 'state'>;
  readonly keeper: BoardKeeper;
  readonly keeps: boolean;
  readonly after: (ms: number, run: () => void) => () => void;
}): () => void {
  const { store, clock, connection, keeper, keeps, after } = options;
  let closed = false;
  let keptSeq: number | undefined;
  let cancelKeep = () => {};

  const breathe = () => new Promise<void>((resolve) => void after(0, resolve));
  const keep = async () => {
    const snapshot = store.snapshot();
    const link = connection.state();
    if (snapshot === undefined || link.kind !== 'linked' || link.feed !== 'live') return;
    const text = await writeBoard(snapshot, breathe);
    if (closed) return;
    await keeper.keep(text);
    keptSeq = snapshot.seq;
  };
  const keepOn = (ms: number) => {
    cancelKeep = after(ms, () => {
      keep()
        .catch((error: unknown) => console.error(error))
        // Before the first one the next chance comes soon: a machine may lose its power in its first minute, too
        .finally(() => !closed && keepOn(keptSeq === undefined ? RESTORE_AFTER_MS : KEEP_EVERY_MS));
    });
  };
  const restore = async () => {
    const kept = store.snapshot() === undefined ? await keeper.kept() : null;
    if (kept === null || closed || store.snapshot() !== undefined) return;
    const read = readBoard(kept.text);
    if (read === undefined) return;
    const { answer, sources } = read;
    store.restore(answer, sources, kept.ageMs);
    const pace = answer.clock.speed === 'max' ? 0 : answer.clock.speed;
    clock.sync(answer.at + kept.ageMs * pace, answer.clock);
  };

  if (keeps) keepOn(RESTORE_AFTER_MS);
  const cancelRestore = after(RESTORE_AFTER_MS, () => {
    restore().catch((error: unknown) => console.error(error));
  });
  return () => {
    closed = true;
    cancelKeep();
    cancelRestore();
  };
}
