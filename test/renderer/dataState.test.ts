import { describe, expect, it } from 'vitest';
import { CANARY_PERIOD_MS } from '../../domain/canary.ts';
import type { Domain } from '../../domain/ticket.ts';
import type { SourceStatus } from '../../protocol/wire.ts';
import { DISCONNECTED_AFTER_MS, dataState, LOADING_MS } from '../../renderer/live/dataState.ts';
import { createWallStore, lateCanaryMs, STALE_AFTER_MS } from '../../renderer/live/wallStore.ts';
import { FIXTURE_NOW } from '../support/boardFixture.ts';
import { handFrames } from './frames.ts';
import { emptySnapshot } from './wallMessages.ts';

const LISTED = [
  { id: 'grid', name: { zh: '网格员' }, periodSeconds: 10 },
  { id: 'traffic', name: { zh: '交通' }, periodSeconds: 60, domains: ['traffic'] },
] as const;

function source(id: string, ageMs: number | null, state: SourceStatus['state'] = 'live'): SourceStatus {
  return { id, kind: 'client', state, lastEventAt: ageMs === null ? null : FIXTURE_NOW - ageMs, ageMs };
}

type Input = Parameters<typeof dataState>[0];
function stateOf(sources: readonly SourceStatus[], domain?: Domain, overrides: Partial<Input> = {}) {
  return dataState({
    domain,
    listed: LISTED,
    sources,
    clock: { mode: 'live', speed: 1 },
    newest: undefined,
    heardAt: FIXTURE_NOW,
    silentMs: 0,
    shownMs: 0,
    ...overrides,
  });
}

describe('the data behind a panel', () => {
  it('is as fresh as the freshest source that feeds its domain', () => {
    const sources = [source('grid', 500_000), source('traffic', 120_000)];
    expect(stateOf(sources, 'traffic')).toEqual({ kind: 'normal', ageMs: 120_000 });
    expect(stateOf(sources, 'urban')).toEqual({ kind: 'stale', ageMs: 500_000 });
    expect(stateOf(sources)).toEqual({ kind: 'normal', ageMs: 120_000 });
  });

  it.each([
    ['within two periods', 20_000, 'normal'],
    ['past two periods', 20_001, 'stale'],
    ['for a quarter of an hour', DISCONNECTED_AFTER_MS, 'stale'],
    ['for longer', DISCONNECTED_AFTER_MS + 1, 'disconnected'],
  ])('%s', (_, ageMs, kind) => {
    expect(stateOf([source('grid', ageMs)], 'urban')).toEqual({ kind, ageMs });
    // The age grows though nothing is heard of the server either
    expect(stateOf([source('grid', 0)], 'urban', { silentMs: ageMs })).toEqual({ kind, ageMs });
  });

  it('is fresh with a ticket, whoever sent it', () => {
    const sources = [source('grid', 500_000)];
    const newest = { recordedAt: FIXTURE_NOW - 30_000 };
    expect(stateOf(sources, 'urban', { newest })).toEqual({ kind: 'normal', ageMs: 30_000 });
    const demo = { mode: 'demo', speed: 3600 } as const;
    expect(stateOf(sources, 'urban', { newest, clock: demo })).toMatchObject({ kind: 'normal', ageMs: 30_000 / 3600 });
  });

  it('is awaited for ten seconds where nothing was ever heard, then missed', () => {
    const never = [source('grid', null), source('traffic', null)];
    expect(stateOf(never, 'traffic', { shownMs: LOADING_MS })).toEqual({
      kind: 'loading',
      ageMs: null,
      sources: [{ zh: '网格员' }, { zh: '交通' }],
    });
    expect(stateOf(never, 'traffic', { shownMs: LOADING_MS + 1 })).toEqual({ kind: 'disconnected', ageMs: null });
  });

  it('is not missed from a source that is finished, nor where no source is known', () => {
    expect(stateOf([source('grid', 2 * DISCONNECTED_AFTER_MS, 'finished')])).toMatchObject({ kind: 'normal' });
    expect(stateOf([])).toEqual({ kind: 'normal', ageMs: null });
  });

  it('is only as old as the link in a replay', () => {
    const clock = { mode: 'replay', speed: 'max' } as const;
    const sources = [source('grid', 2 * DISCONNECTED_AFTER_MS)];
    expect(stateOf(sources, 'urban', { clock, silentMs: STALE_AFTER_MS })).toMatchObject({ kind: 'normal' });
    expect(stateOf(sources, 'urban', { clock, silentMs: STALE_AFTER_MS + 1 })).toMatchObject({ kind: 'stale' });
    expect(stateOf(sources, 'urban', { clock, silentMs: DISCONNECTED_AFTER_MS + 1 })).toMatchObject({
      kind: 'disconnected',
    });
  });
});

describe('the canary', () => {
  const LIMIT_MS = 2 * CANARY_PERIOD_MS;

  function wall() {
    const real = { ms: 0 };
    const store = createWallStore({ monotonicNow: () => real.ms, requestFrame: handFrames().request });
    const snapshot = emptySnapshot({ seq: 1 });
    let seq = 1;
    const pulse = (clock = snapshot.clock) => store.pulse({ epoch: 'e1', seq, at: FIXTURE_NOW, clock, sources: [] });
    return {
      store,
      snapshot,
      late() {
        const now = store.snapshot();
        return now && lateCanaryMs(now, store.elapsedMs);
      },
      pulse,
      /** Pulses come each second. */
      pass(ms: number) {
        for (let left = ms; left > 0; left -= 1000) {
          real.ms += Math.min(1000, left);
          pulse();
        }
      },
      passInSilence(ms: number) {
        real.ms += ms;
      },
      canary() {
        seq += 1;
        const event = { type: 'canaryPassed', at: FIXTURE_NOW, recordedAt: FIXTURE_NOW } as const;
        store.apply({ epoch: 'e1', fromSeq: seq, toSeq: seq, at: FIXTURE_NOW, events: [event] });
      },
    };
  }

  it('is late when two periods have gone by though pulses came, until it is seen again', () => {
    const { store, snapshot, late, pass, canary } = wall();
    store.resume(snapshot);
    canary();
    pass(LIMIT_MS);
    expect(late()).toBeUndefined();
    pass(1000);
    expect(late()).toBe(LIMIT_MS + 1000);
    canary();
    expect(late()).toBeUndefined();
    expect(store.snapshot()?.board.tickets.size).toBe(0);
    expect(store.snapshot()?.arrivals).toEqual([]);
  });

  it('brings its age along with a board, at the pace of the clock', () => {
    const { store, snapshot, late, pulse } = wall();
    const seen = (agoMs: number) => {
      const at = FIXTURE_NOW - agoMs;
      return { ...snapshot.board, canary: { type: 'canaryPassed', at, recordedAt: at } as const };
    };
    store.resume({ ...snapshot, board: seen(LIMIT_MS + 1) });
    expect(late()).toBe(LIMIT_MS + 1);
    store.resume({ ...snapshot, board: seen(LIMIT_MS) });
    expect(late()).toBeUndefined();
    const clock = { mode: 'demo', speed: 3600 } as const;
    store.resume({ ...snapshot, clock, board: seen(3600 * LIMIT_MS) });
    pulse();
    expect(late()).toBeUndefined();
  });

  it('is not missed in a replay, nor while the link says nothing', () => {
    const { store, snapshot, late, pass, pulse, passInSilence } = wall();
    store.resume(snapshot);
    pass(LIMIT_MS + 5000);
    expect(late()).toBeDefined();
    passInSilence(STALE_AFTER_MS + 1);
    expect(late()).toBeUndefined();
    pulse({ mode: 'replay', speed: 1 });
    expect(late()).toBeUndefined();
  });
});
