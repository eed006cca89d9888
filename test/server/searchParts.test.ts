import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createBigramIndex } from '../../server/store/bigramIndex.ts';
import { createFirstInOrder } from '../../server/store/firstInOrder.ts';

const character = fc.constantFrom('电', '动', '车', 'a', 'b', '\n', '\ud83d', '\ude00', '1');
const text = fc.string({ unit: character, maxLength: 12 });
/** Far apart, so that distances take several bytes, and out of order. */
const slot = fc.constantFrom(0, 1, 2, 63, 64, 5000, 70_000);
const SLOTS = 70_001;

it('names every text that holds a word, whatever was added when, and no more than it promised', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(slot, text), { maxLength: 20 }),
      fc.string({ unit: character, minLength: 1, maxLength: 4 }).filter((word) => !word.includes('\n')),
      (additions, word) => {
        const index = createBigramIndex();
        const texts = new Map<number, string>();
        for (const [at, lines] of additions) {
          index.add(at, lines);
          texts.set(at, `${texts.get(at) ?? ''}\n${lines}`);
        }
        const hits = index.candidates(word, SLOTS);
        let held = 0;
        for (const [at, lines] of texts) {
          if (lines.includes(word)) expect(hits[at]).toBe(1);
          // Up to two characters a pair says all; longer words are for the caller to compare
          if (word.length <= 2) expect(hits[at] === 1).toBe(lines.includes(word));
          if (lines.includes(word)) held += 1;
        }
        expect(hits.reduce((sum, hit) => sum + hit, 0)).toBeLessThanOrEqual(texts.size);
        expect(index.atMost(word)).toBeGreaterThanOrEqual(held);
        expect(index.candidates(word, 64)).toEqual(hits.slice(0, 64));
      },
    ),
  );
});

it('keeps the first of what it is offered, in order', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 30 })), fc.integer({ min: 1, max: 12 }), (offered, limit) => {
      const first = createFirstInOrder<number>(limit, (a, b) => a - b);
      for (const item of offered) first.offer(item);
      expect(first.sorted()).toEqual(offered.toSorted((a, b) => a - b).slice(0, limit));
    }),
  );
});
