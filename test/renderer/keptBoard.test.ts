import { describe, expect, it, vi } from 'vitest';
import type { KeptBoard } from '../../protocol/ipc.ts';
import { createWallClock } from '../../renderer/live/clock.ts';
import type { LinkState } from '../../renderer/live/connection.ts';
import {
  type BoardKeeper,
  KEEP_EVERY_MS,
  keepLastBoard,
  RESTORE_AFTER_MS,
  readBoard,
  writeBoard,
} from '../../renderer/live/keptBoard.ts';
import { createWallStore, type WallStore } from '../../renderer/live/wallStore.ts';
import { FIXTURE_NOW } from '../support/boardFixture.ts';
import { handFrames } from './frames.ts';
import { emptySnapshot, reported } from './wallMessages.ts';

const HOUR_MS = 3_600_000;
const atOnce = () => Promise.resolve();
const source = { id: 'grid', kind: 'feed', state: 'live', lastEventAt: FIXTURE_NOW, ageMs: 500 } as const;

function emptyStore(real: { ms: number }): WallStore {
  return createWallStore({ monotonicNow: () => real.ms, requestFrame: handFrames().request });
}

/** A store that has heard of some tickets. */
function fullStore(real: { ms: number }, count = 500): WallStore {
  const store = emptyStore(real);
  store.resume(emptySnapshot());
  const events = Array.from({ length: count }, (_, i) => reported(`T-${i}`));
  store.apply({ epoch: 'e1', fromSeq: 1, toSeq: count, at: FIXTURE_NOW, events });
  store.pulse({
    epoch: 'e1',
    seq: count,
    at: FIXTURE_NOW,
    clock: { mode: 'live', speed: 1 },
    sources: [source],
  });
  return store;
}

function snapshotOf(store: WallStore) {
  const snapshot = store.snapshot();
  if (snapshot === undefined) throw new Error('there is no board');
  return snapshot;
}

describe('a kept board', () => {
  it('comes back as it was', async () => {
    const known = snapshotOf(fullStore({ ms: 0 }));
    const read = readBoard(await writeBoard(known, atOnce));
    expect(read?.answer.board.tickets).toEqual([...known.board.tickets.values()]);
    expect(read?.answer).toMatchObject({ epoch: 'e1', seq: 500, at: FIXTURE_NOW, history: known.history });
    expect(known.deployment).toMatchObject(read?.answer.board.deployment ?? {});
    expect(read?.answer.board.deployment).toMatchObject({ id: 'small', grids: known.deployment.grids });
    expect(read?.sources).toEqual([source]);
  });

  it('is written in slices, and stays one moment’s board while events come in between', async () => {
    const store = fullStore({ ms: 0 });
    let seq = 500;
    const text = await writeBoard(snapshotOf(store), async () => {
      seq += 1;
      const events = [reported(`T-late-${seq}`)];
      store.apply({ epoch: 'e1', fromSeq: seq, toSeq: seq, at: FIXTURE_NOW, events });
    });
    expect(seq).toBe(503);
    expect(readBoard(text)?.answer).toMatchObject({ seq: 500 });
    expect(readBoard(text)?.answer.board.tickets).toHaveLength(500);
  });

  it.each([
    '',
    'null',
    '{}',
    '[1]',
    '{"answer":{"board":{}},"pulse":{},"tickets":[]}',
    '{"answer":{"ok":false,"reason":"unauthorized","board":{}},"pulse":{},"tickets":[]}',
  ])('is passed over where it cannot be read: %s', (text) => {
    expect(readBoard(text)).toBeUndefined();
  });

  it('of another version is passed over as a whole', async () => {
    const text = await writeBoard(snapshotOf(fullStore({ ms: 0 })), atOnce);
    expect(readBoard(text.replaceAll('"status":"reported"', '"status":"imagined"'))).toBeUndefined();
  });
});

describe('shown after a cold start', () => {
  async function restored(ageMs: number) {
    const { answer, sources } = readBoard(await writeBoard(snapshotOf(fullStore({ ms: 0 })), atOnce)) ?? {};
    if (answer === undefined || sources === undefined) throw new Error('not readable');
    const real = { ms: 5_000 };
    const store = emptyStore(real);
    store.restore(answer, sources, ageMs);
    return { store, real };
  }

  it('it is as old as it is, and nothing is asked to follow on from it', async () => {
    const { store } = await restored(12 * HOUR_MS);
    expect(store.elapsedMs(snapshotOf(store).pulsedMs)).toBe(12 * HOUR_MS);
    expect(store.position()).toBeUndefined();
    expect(store.gap()).toEqual({ sinceAt: FIXTURE_NOW, knownAt: FIXTURE_NOW });
    expect(store.cutOffSinceMs()).toBe(5_000 - 12 * HOUR_MS);
    expect(snapshotOf(store).sources).toEqual([source]);
  });

  it('the first board of the server takes its place, and the receipt tells of twelve hours', async () => {
    const { store, real } = await restored(12 * HOUR_MS);
    real.ms += 60_000;
    const missed = { reported: 3, newlyOverdue: 2, acknowledged: 1 };
    store.resume({ ...emptySnapshot({ seq: 900, epoch: 'e2' }), at: FIXTURE_NOW + 12 * HOUR_MS, missed });
    const now = snapshotOf(store);
    expect(now.board.tickets.size).toBe(0);
    expect(now.receipt).toMatchObject({ gapMs: 12 * HOUR_MS + 60_000, missed: { caughtUp: 3, acknowledged: 1 } });
    expect(store.cutOffSinceMs()).toBeUndefined();
  });

  it('it does not push aside what the server has sent', () => {
    const store = fullStore({ ms: 0 }, 3);
    store.restore(emptySnapshot({ epoch: 'old' }), [], HOUR_MS);
    expect(snapshotOf(store).epoch).toBe('e1');
  });
});

/** A page in its first minutes, its time run by hand. */
function page(options: {
  store: WallStore;
  real: { ms: number };
  keeps?: boolean;
  kept?: KeptBoard | null;
  feed?: 'live' | 'offline';
}) {
  const { store, real, keeps = true, kept = null, feed = 'live' } = options;
  const link: { state: LinkState } = { state: { kind: 'linked', feed, retries: 0, lostForMs: 0 } };
  const written: string[] = [];
  const keeper: BoardKeeper = {
    keep: async (text) => void written.push(text),
    kept: async () => kept,
  };
  const clock = createWallClock(() => real.ms);
  vi.useFakeTimers();
  const stop = keepLastBoard({
    store,
    clock,
    connection: { state: () => link.state },
    keeper,
    keeps,
    after: (ms, run) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
  });
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  const close = () => {
    stop();
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  };
  return { link, written, clock, pass, close };
}

describe('the page', () => {
  it('keeps its board soon after the first one, and then each minute', async () => {
    const real = { ms: 0 };
    const { written, pass, close } = page({ store: fullStore(real), real });
    await pass(RESTORE_AFTER_MS + 100);
    expect(written).toHaveLength(1);
    await pass(3 * KEEP_EVERY_MS + 500);
    expect(written).toHaveLength(4);
    close();
  });

  it('keeps nothing while it is offline: what is kept already is as good', async () => {
    const real = { ms: 0 };
    const { link, written, pass, close } = page({ store: fullStore(real), real, feed: 'offline' });
    await pass(2 * KEEP_EVERY_MS);
    expect(written).toEqual([]);
    link.state = { kind: 'linked', feed: 'live', retries: 0, lostForMs: 0 };
    await pass(RESTORE_AFTER_MS + 100);
    expect(written).toHaveLength(1);
    close();
  });

  it('that is not the one to keep it keeps nothing', async () => {
    const real = { ms: 0 };
    const { written, pass, close } = page({ store: fullStore(real), real, keeps: false });
    await pass(2 * KEEP_EVERY_MS);
    expect(written).toEqual([]);
    close();
  });

  it('without a server shows what was kept, at the time that it is by then', async () => {
    const real = { ms: 0 };
    const text = await writeBoard(snapshotOf(fullStore(real)), atOnce);
    const store = emptyStore(real);
    const { clock, pass, close } = page({ store, real, kept: { text, ageMs: 12 * HOUR_MS }, feed: 'offline' });
    await pass(RESTORE_AFTER_MS - 1);
    expect(store.snapshot()).toBeUndefined();
    await pass(1);
    expect(snapshotOf(store).board.tickets.size).toBe(500);
    expect(clock.now()).toBe(FIXTURE_NOW + 12 * HOUR_MS);
    close();
  });

  it.each([
    ['nothing was kept', null],
    ['what was kept cannot be read', { text: '{}', ageMs: 0 }],
  ])('goes on looking for its server where %s', async (_, kept) => {
    const real = { ms: 0 };
    const store = emptyStore(real);
    const { pass, close } = page({ store, real, kept, feed: 'offline' });
    await pass(KEEP_EVERY_MS);
    expect(store.snapshot()).toBeUndefined();
    close();
  });
});
