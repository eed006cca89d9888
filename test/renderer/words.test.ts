import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'vite';
import { describe, expect, it } from 'vitest';
import { chosenLanguage, nameIn, shortNameIn } from '../../renderer/words/words.ts';

const renderer = join(import.meta.dirname, '../../renderer');

/** The wall's files, the kiosk's and the desk's, as one: `kiosk` and `desk` stand before their keys. */
function messages(language: string): Record<string, unknown> {
  const read = (file: string) => JSON.parse(readFileSync(join(renderer, `words/${file}.json`), 'utf8'));
  return { ...read(language), kiosk: read(`kiosk/${language}`), desk: read(`desk/${language}`) };
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

  it('have a text for every key, each in its own language', () => {
    for (const language of ['zh-CN', 'en']) {
      const empty = leaves(messages(language)).filter(([, text]) => text.trim() === '');
      // English counts without a classifier.
      expect(empty.map(([key]) => key)).toEqual(language === 'en' ? ['.unit.item'] : []);
    }
    const english = leaves(messages('en')).filter(([, text]) => /\p{Script=Han}/u.test(text));
    expect(english).toEqual([]);
    const foreign = leaves(messages('zh-CN')).filter(([, text]) => {
      const words = text.replaceAll(/\{\{\w+\}\}/g, '');
      return /\p{Letter}/u.test(words) && !/\p{Script=Han}/u.test(words);
    });
    expect(foreign).toEqual([]);
  });

  it('are where all words of the page are: no component holds a text or a label of its own', () => {
    const said: string[] = [];
    const labels = new Set(['aria-label', 'title', 'alt', 'placeholder']);
    const visit = (file: string, node: unknown): void => {
      if (Array.isArray(node)) for (const one of node) visit(file, one);
      if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
      const { type, value, name } = node as { type?: string; value?: unknown; name?: { name?: unknown } };
      if (type === 'JSXText' && /\p{Letter}/u.test(String(value))) said.push(`${file}: ${String(value).trim()}`);
      const literal = (value as { type?: string } | null)?.type === 'Literal';
      if (type === 'JSXAttribute' && literal && labels.has(String(name?.name))) said.push(`${file}: ${name?.name}`);
      for (const inner of Object.values(node)) visit(file, inner);
    };
    const components = globSync('**/*.tsx', { cwd: renderer });
    expect(components.length).toBeGreaterThan(20);
    for (const file of components) {
      const { program, errors } = parseSync(file, readFileSync(join(renderer, file), 'utf8'));
      expect(errors).toEqual([]);
      visit(file, program);
    }
    expect(said).toEqual([]);
  });

  it('are used: every key stands in some source', () => {
    const code = globSync('**/*.{ts,tsx}', { cwd: renderer })
      .map((file) => readFileSync(join(renderer, file), 'utf8'))
      .join('\n');
    const unused = leaves(messages('zh-CN'))
      .map(([key]) => key.replace(/^\.((desk|kiosk)\.)?/, ''))
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
