import { describe, expect, it } from 'vitest';
import type { Alert } from '../../domain/alarm.ts';
import type { ListedAlert } from '../../domain/alertFigures.ts';
import {
  APART_MS,
  type Heard,
  NOTHING_HEARD,
  nextSound,
  type Sounding,
  soundings,
} from '../../renderer/live/annunciator.ts';
import { wantsSound } from '../../renderer/live/speaker.ts';

const alone = (id: string): Sounding => ({ id, group: id });

/** Looks once a second; returns at which second what sounded. */
function listen(
  soundingsAt: (second: number) => readonly Sounding[],
  seconds: number,
  floodAt = (_second: number) => false,
) {
  let heard: Heard = NOTHING_HEARD;
  const sounds: { readonly second: number; readonly soundsFor: readonly string[] }[] = [];
  for (let second = 0; second < seconds; second += 1) {
    const next = nextSound(heard, soundingsAt(second), floodAt(second), second * 1000);
    heard = next.heard;
    if (next.soundsFor.length > 0) sounds.push({ second, soundsFor: next.soundsFor });
  }
  return sounds;
}

describe('the annunciator', () => {
  it('is silent while nothing calls', () => expect(listen(() => [], 200)).toEqual([]));

  it('sounds once for a new critical and again each minute until it is acknowledged', () => {
    const sounds = listen((second) => (second >= 5 && second < 130 ? [alone('a')] : []), 300);
    expect(sounds.map(({ second }) => second)).toEqual([5, 65, 125]);
  });

  it('sounds once for each of several, one after another', () => {
    const sounds = listen(() => [alone('a'), alone('b'), alone('c')], 60);
    expect(sounds.map(({ soundsFor }) => soundsFor)).toEqual([['a'], ['b'], ['c']]);
    expect(sounds.map(({ second }) => second * 1000)).toEqual([0, APART_MS, 2 * APART_MS]);
  });

  it('sounds anew for one that went away and came back', () => {
    const sounds = listen((second) => (second < 10 || second >= 20 ? [alone('a')] : []), 40);
    expect(sounds.map(({ second }) => second)).toEqual([0, 20]);
  });

  it('sounds once for a group in a flood, however many join it', () => {
    const flood = (second: number) => Array.from({ length: 1 + second }, (_, i) => ({ id: `${i}`, group: 'roads' }));
    expect(listen(flood, 59, () => true)).toHaveLength(1);
    expect(listen(flood, 61, () => true)).toHaveLength(2);
  });

  it('sounds at most twice in any minute of a flood, and lets no group wait for ever', () => {
    const groups = ['roads', 'trees', 'drains', 'lights', 'water'];
    const flood = Array.from({ length: 500 }, (_, i) => ({ id: `${i}`, group: groups[i % 5] as string }));
    const sounds = listen(
      () => flood,
      600,
      () => true,
    );
    for (const { second } of sounds) {
      const within = sounds.filter((other) => other.second >= second && other.second < second + 60);
      expect(within.length).toBeLessThanOrEqual(2);
    }
    expect(sounds).toHaveLength(20);
    const called = sounds.slice(0, 5).map(({ soundsFor }) => Number(soundsFor[0]) % 5);
    expect(new Set(called).size).toBe(5);
  });

  it('sounds at most twice a minute for 500 criticals in ten minutes, from the moment they are a flood', () => {
    const arrived = (second: number) => Math.min(500, Math.floor(second / 1.2) + 1);
    const floodFrom = Array.from({ length: 60 }, (_, second) => second).find((second) => arrived(second) > 10) ?? 0;
    const sounds = listen(
      (second) => Array.from({ length: arrived(second) }, (_, i) => ({ id: `${i}`, group: `${i % 7}` })),
      900,
      (second) => second >= floodFrom,
    );
    const inMinuteFrom = (from: number) => sounds.filter(({ second }) => second >= from && second < from + 60).length;
    for (let from = floodFrom; from < 840; from += 1) expect(inMinuteFrom(from)).toBeLessThanOrEqual(2);
    // Before it is one, each new critical has its own, kept apart
    expect(sounds.filter(({ second }) => second < floodFrom).length).toBeLessThanOrEqual(
      (floodFrom * 1000) / APART_MS + 1,
    );
    expect(inMinuteFrom(780)).toBe(2);
  });

  it('does not begin again for what was heard before the flood', () => {
    const roads = { id: 'a', group: 'roads' };
    const sounds = listen(
      () => [roads],
      59,
      (second) => second > 10,
    );
    expect(sounds).toHaveLength(1);
  });

  it('keeps silent where the address asks for it', () => {
    expect(wantsSound('?sound=off')).toBe(false);
    expect(wantsSound('?lang=en')).toBe(true);
  });
});

describe('what calls', () => {
  const listed = (id: string, overrides: Partial<ListedAlert> = {}, since = 0): ListedAlert => ({
    alert: { id, raisedAt: 0, unacknowledgedSinceAt: since } as Alert,
    severity: 'critical',
    standing: 'unacknowledged',
    overdueMs: null,
    ...overrides,
  });
  const calls = (alerts: readonly ListedAlert[], groups: readonly object[] = []) =>
    soundings({ alerts: { listed: alerts, flood: groups.length === 0 ? null : { groups } } } as never);

  it('are criticals that nobody has taken: acknowledging, shelving and the end silence one', () => {
    const alerts = [
      listed('waits'),
      listed('held', { standing: 'acknowledged' }),
      listed('aside', { standing: 'shelved' }),
      listed('over', { standing: 'returned' }),
      listed('amber', { severity: 'high' }),
    ];
    expect(calls(alerts).map(({ group }) => group)).toEqual(['waits']);
  });

  it('is another call once an acknowledgement has run out, so it sounds at once', () => {
    const sounds = listen((second) => {
      if (second >= 10 && second < 20) return [];
      return calls([listed('a', {}, second < 10 ? 0 : 20_000)]);
    }, 40);
    expect(sounds.map(({ second }) => second)).toEqual([0, 20]);
    expect(calls([listed('a', {}, 0)])[0]?.id).not.toBe(calls([listed('a', {}, 20_000)])[0]?.id);
  });

  it('share a sound in the group that a flood gives them', () => {
    const groups = [{ key: 'roads', alerts: [{ id: 'a' }, { id: 'b' }] }];
    const found = calls([listed('a'), listed('b'), listed('c')], groups);
    expect(found.map(({ group }) => group)).toEqual(['roads', 'roads', 'c']);
  });
});
