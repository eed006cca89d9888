import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chosenLanguage, nameIn, shortNameIn } from '../../renderer/words/words.ts';

const renderer = join(import.meta.dirname, '../../renderer');

function messages(language: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(renderer, `words/${language}.json`), 'utf8'));
}

function leaves(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  return Object.entries(value as Record<string, unknown>).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`));
}

describe('the message files', () => {
  it('have the same keys and ask for the same values', () => {
    const parameters = (text: string) => (text.match(/\{\{\w+\}\}/g) ?? []).sort();
    const shape = (language: string) => leaves(messages(language)).map(([key, text]) => [key, parameters(text)]);
    expect(shape('en')).toEqual(shape('zh-CN'));
  });

  it('are where all Chinese of the page is', () => {
    const sources = globSync('**/*.{ts,tsx}', { cwd: renderer });
    expect(sources.length).toBeGreaterThan(30);
    const strays = sources.flatMap((file) => {
      const code = readFileSync(join(renderer, file), 'utf8')
        .replace(/\/\*[\s\S]*?\*\//g, '')
        .replace(/(^|\s)\/\/.*$/gm, '');
      return /\p{Script=Han}/u.test(code) ? [file] : [];
    });
    expect(strays).toEqual([]);
  });

  it('are used: every key stands in some source', () => {
    const code = globSync('**/*.{ts,tsx}', { cwd: renderer })
      .map((file) => readFileSync(join(renderer, file), 'utf8'))
      .join('\n');
    const unused = leaves(messages('zh-CN'))
      .map(([key]) => key.slice(1))
      .filter((key) => {
        const parent = key.slice(0, key.lastIndexOf('.'));
        return !code.includes(`'${key}'`) && !code.includes(`\`${parent}.\${`);
      });
    expect(unused).toEqual([]);
  });
});

describe('the language', () => {
  const storage = (kept: string | null) => {
    const written: string[] = [];
    return { written, getItem: () => kept, setItem: (_: string, value: string) => void written.push(value) };
  };

  it('is asked for in the address and then remembered', () => {
    const kept = storage(null);
    expect(chosenLanguage('?lang=en', kept)).toBe('en');
    expect(kept.written).toEqual(['en']);
    expect(chosenLanguage('', storage('en'))).toBe('en');
  });

  it.each(['', '?lang=xx'])('is Chinese without a choice (%j)', (search) => {
    expect(chosenLanguage(search, storage(null))).toBe('zh-CN');
  });

  it('falls back to the Chinese name of a unit, but to no short name', () => {
    expect(nameIn('en', { zh: '荷韵花园', en: 'Lotus Charm Garden' })).toBe('Lotus Charm Garden');
    expect(nameIn('en', { zh: '荷韵花园' })).toBe('荷韵花园');
    expect(shortNameIn('zh-CN', { short: { zh: '建设' } })).toBe('建设');
    expect(shortNameIn('en', { short: { zh: '建设' } })).toBe(undefined);
  });
});
