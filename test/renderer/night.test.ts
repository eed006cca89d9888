import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isNight, nightInAddress } from '../../renderer/layout/night.ts';
import { orbitOffset } from '../../renderer/layout/orbit.ts';

type Tokens = ReadonlyMap<string, string>;

function tokens(block: string): Tokens {
  return new Map(
    [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = '', colour = '']) => [name, colour]),
  );
}
const [dayBlock = '', nightBlock = '', lightBlock = ''] = readFileSync(
  join(import.meta.dirname, '../../renderer/tokens.css'),
  'utf8',
).split(/:root\[data-(?:night='true'|theme='light')\]/);
const day = tokens(dayBlock);
const night = tokens(nightBlock);
const light = tokens(lightBlock);

/** Relative luminance by WCAG 2. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((from) => {
    const channel = Number.parseInt(colour.slice(from, from + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function of(palette: Tokens, name: string): number {
  const colour = palette.get(name);
  if (colour === undefined) throw new Error(`there is no token ${name}`);
  return luminance(colour);
}

function contrast(palette: Tokens, front: string, behind: string): number {
  const [darker = 0, lighter = 0] = [of(palette, front), of(palette, behind)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** What stands on what (visual specification §4), with the least contrast of a text and of a mark that tells a state. */
const TEXT = 4.5;
const MARK = 3;
const PAIRS: readonly (readonly [string, string, number])[] = [
  ...['fg0', 'fg1', 'fg2'].flatMap((front) => ['bg0', 'bg1', 'bg2'].map((behind) => [front, behind, TEXT] as const)),
  ...['red', 'amber', 'violet', 'lake'].flatMap((front) =>
    ['bg0', 'bg1'].map((behind) => [front, behind, TEXT] as const),
  ),
  ['fg0', 'red-tint', TEXT],
  ['fg1', 'red-tint', TEXT],
  ['red', 'red-tint', TEXT],
  ['fg0', 'amber-tint', TEXT],
  ['fg1', 'amber-tint', TEXT],
  ['amber', 'amber-tint', TEXT],
  ['fg1', 'violet-tint', TEXT],
  ['violet', 'violet-tint', TEXT],
  ['lake', 'water', TEXT],
  ['fg3', 'bg0', MARK],
  ['amber-fill', 'bg0', MARK],
  ['amber-fill', 'amber-tint', MARK],
];
/** In the light theme these are paler (2.97 and 2.6), and never without a label (visual specification §4). */
const DARK_PAIRS: typeof PAIRS = [...PAIRS, ['fg3', 'bg1', MARK], ['lake2', 'bg0', MARK], ['lake2', 'bg1', MARK]];

describe.each([
  ['day', day, DARK_PAIRS],
  ['night', night, DARK_PAIRS],
  ['light', light, PAIRS],
] as const)('the colours by %s', (_, palette, pairs) => {
  it.each(pairs)('%s on %s has at least %s : 1', (front, behind, least) =>
    expect(contrast(palette, front, behind)).toBeGreaterThanOrEqual(least),
  );
});

describe('the light theme', () => {
  it('has a colour for each of the dark one', () => expect(new Set(light.keys())).toEqual(new Set(day.keys())));
  it('leaves texts readable on the page around the panels', () => {
    for (const name of ['fg0', 'fg1', 'fg2']) expect(contrast(light, name, 'page')).toBeGreaterThanOrEqual(TEXT);
  });
});

describe('the night', () => {
  it('has a colour for each of the day, none brighter', () => {
    expect([...night.keys()]).toEqual([...day.keys()]);
    for (const name of day.keys()) expect(of(night, name)).toBeLessThan(of(day, name));
  });

  it('gives 60 % of the light of a white', () => expect(of(night, 'fg0') / of(day, 'fg0')).toBeCloseTo(0.6, 1));

  it.each([
    ['21:59', '22:00', '06:30', false],
    ['22:00', '22:00', '06:30', true],
    ['00:00:00', '22:00', '06:30', true],
    ['06:29:59', '22:00', '06:30', true],
    ['06:30', '22:00', '06:30', false],
    ['12:30', '12:00', '13:00', true],
    ['13:00', '12:00', '13:00', false],
    ['09:00', '00:00', '00:00', true],
  ])('at %s, from %s until %s: %s', (time, from, until, expected) =>
    expect(isNight(time, { from, until })).toBe(expected),
  );
});

describe('the orbit', () => {
  it('goes round once in ten minutes, two units from the middle', () => {
    const minute = 60_000;
    for (let at = 0; at < 10 * minute; at += minute) {
      const { x, y } = orbitOffset(at);
      expect(Math.hypot(x, y)).toBeCloseTo(2);
      expect(orbitOffset(at + 5 * minute).x).toBeCloseTo(-x);
      expect(orbitOffset(at + 10 * minute).x).toBeCloseTo(x);
    }
  });
});

describe('the night that a kiosk keeps', () => {
  it.each([
    ['?night=22:00-06:30', { from: '22:00', until: '06:30' }],
    ['?scene=brief&night=22%3A00-06%3A30', { from: '22:00', until: '06:30' }],
    ['', undefined],
    ['?night=', undefined],
    ['?night=22-6', undefined],
    ['?night=22:00', undefined],
  ])('is read from its address: %s', (search, hours) => {
    expect(nightInAddress(search)).toEqual(hours);
  });
});
