import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const renderer = join(import.meta.dirname, '../../renderer');

interface Rule {
  readonly file: string;
  /** Selectors and at-rules from the outside in. */
  readonly path: readonly string[];
  readonly property: string;
  readonly value: string;
}

/** Every declaration of the page's style sheets. Enough of a reader for what a formatter has laid out. */
function declarations(): Rule[] {
  return globSync('**/*.css', { cwd: renderer }).flatMap((file) => {
    const text = readFileSync(join(renderer, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
    const path: string[] = [];
    const rules: Rule[] = [];
    for (const [, part = '', end] of text.matchAll(/([^{};]*)([{};])/g)) {
      const said = part.trim().replace(/\s+/g, ' ');
      if (end === '{') path.push(said);
      else {
        const colon = said.indexOf(':');
        if (colon > 0) {
          const [property, value] = [said.slice(0, colon), said.slice(colon + 1).trim()];
          rules.push({ file, path: [...path], property, value });
        }
        if (end === '}') path.pop();
      }
    }
    return rules;
  });
}
const rules = declarations();

describe('the style sheets', () => {
  it('are read', () => expect(rules.length).toBeGreaterThan(500));

  it('hold one repeating movement: the edge of an unacknowledged red, at 0.5 Hz', () => {
    const repeating = rules.filter(
      ({ property, value }) =>
        /^animation(-iteration-count)?$/.test(property) && /infinite|\b([2-9]|\d\d+)$/.test(value),
    );
    expect(repeating.map(({ path, value }) => [path.at(-1), value])).toEqual([
      [expect.stringMatching(/\.overdueEdge$/), 'insist 2s steps(1, end) infinite'],
    ]);
  });

  it('move nothing else than the specification names', () => {
    const frames = rules.flatMap(({ path }) => path.filter((one) => one.startsWith('@keyframes')));
    expect(new Set(frames)).toEqual(
      new Set(['@keyframes insist', '@keyframes markAppears', '@keyframes sceneAppears']),
    );
    const moving = rules.filter(
      ({ file, property, value }) =>
        /^(animation|transition)/.test(property) && value !== 'none' && !file.endsWith('overdue.css'),
    );
    expect(moving.length).toBeGreaterThan(0);
    for (const { file, path } of moving) {
      expect(file).toBe('layout/motion.css');
      expect(path[0]).toBe('@media (prefers-reduced-motion: no-preference)');
      expect(path.at(-1)).toContain("[data-still='false']");
    }
  });

  it('have no gradient on a surface, no glow and no blinking', () => {
    const drawn = rules.filter(({ value }) => /gradient|blink/.test(value) || /filter: drop-shadow/.test(value));
    // The hatch over what is not known is lines, not a surface.
    expect(drawn.filter(({ value }) => !value.startsWith('repeating-linear-gradient('))).toEqual([]);
  });

  it('take colours from the tokens only', () => {
    const strays = rules.filter(
      ({ file, value }) => file !== 'tokens.css' && /#[0-9a-f]{3,8}\b|\b(rgb|hsl|oklch)a?\(/i.test(value),
    );
    expect(strays).toEqual([]);
  });

  it('have red and amber only where alerts are drawn', () => {
    const files = new Set(rules.filter(({ value }) => /var\(--(red|amber)/.test(value)).map(({ file }) => file));
    expect(files.size).toBeGreaterThan(0);
    for (const file of files) expect(file).toMatch(/^(panels\/(marks|map|overdue|stream)|desk)\//);
  });
});
