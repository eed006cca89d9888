import { describe, expect, it } from 'vitest';
import { APART_MS, type Heard, NOTHING_HEARD, nextSound, type Sounding } from '../../renderer/live/annunciator.ts';
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
