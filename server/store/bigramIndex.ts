/**
 * Which texts hold a word: an inverted index over pairs of neighbouring characters. Chinese has no blanks to split at, and
 * a reader types any part of a word; a pair of characters is the shortest piece that still tells texts apart. Texts are
 * lines, pairs do not span them.
 */
export interface BigramIndex {
  /** Adds lines to the text of a slot. Slots are small whole numbers; adding in their order packs tightest. */
  add(slot: number, text: string): void;
  /** No more texts than this hold the word (a text that was added to in parts may count twice). */
  atMost(word: string): number;
  /**
   * By slot, 1 where the text may hold the word: where it holds every pair of it. Of a word of one or two characters that
   * is certain, else the caller compares. The word is not empty; slots beyond `size` are left out.
   */
  candidates(word: string, size: number): Uint8Array;
  /** Bytes that the lists take up. */
  readonly bytes: number;
}

const LINE_END = 0x0a;
/** A word's rarest pairs; further ones hardly tell more texts apart. */
const MOST_LISTS = 4;
/** What most lists need; they grow by half. */
const FIRST_BYTES = 8;
/** The most that one number takes: 32 bits in groups of seven. */
const NUMBER_BYTES = 5;

/** Slots in the order of their addition, each as its distance from the one before: most fit into a byte. */
interface Posting {
  bytes: Uint8Array;
  length: number;
  count: number;
  last: number;
}

/** Within 32 bits, so that a Map keeps it without a box. */
function pair(first: number, second: number): number {
  return (first << 16) | second;
}

function append(posting: Posting, slot: number): void {
  if (posting.length + NUMBER_BYTES > posting.bytes.length) {
    const larger = new Uint8Array(posting.bytes.length + (posting.bytes.length >> 1) + NUMBER_BYTES);
    larger.set(posting.bytes);
    posting.bytes = larger;
  }
  const distance = slot - posting.last;
  // Backwards too: an officer's name comes to a ticket after later tickets came in
  let rest = distance >= 0 ? distance * 2 : -distance * 2 - 1;
  while (rest > 0x7f) {
    posting.bytes[posting.length] = (rest & 0x7f) | 0x80;
    posting.length += 1;
    rest >>>= 7;
  }
  posting.bytes[posting.length] = rest;
  posting.length += 1;
  posting.count += 1;
  posting.last = slot;
}

function eachSlot({ bytes, length }: Posting, visit: (slot: number) => void): void {
  let slot = 0;
  let at = 0;
  while (at < length) {
    let value = 0;
    let shift = 0;
    let byte: number;
    do {
      byte = bytes[at] as number;
      value |= (byte & 0x7f) << shift;
      shift += 7;
      at += 1;
    } while (byte > 0x7f);
    slot += (value & 1) === 0 ? value >>> 1 : -((value + 1) >>> 1);
    visit(slot);
  }
}

export function createBigramIndex(): BigramIndex {
  const postings = new Map<number, Posting>();
  /** For words of one character: the pairs that begin with it, the last of a line being paired with the line's end. */
  const beginningWith = new Map<number, Posting[]>();
  let bytes = 0;

  function postingOf(first: number, second: number): Posting {
    const key = pair(first, second);
    let posting = postings.get(key);
    if (posting === undefined) {
      posting = { bytes: new Uint8Array(FIRST_BYTES), length: 0, count: 0, last: 0 };
      bytes += FIRST_BYTES;
      postings.set(key, posting);
      const beginning = beginningWith.get(first);
      if (beginning === undefined) beginningWith.set(first, [posting]);
      else beginning.push(posting);
    }
    return posting;
  }

  /** The lists of a word's pairs, the shortest first; undefined: no text holds one of them. */
  function pairsOf(word: string): Posting[] | undefined {
    const lists: Posting[] = [];
    for (let i = 0; i + 1 < word.length; i += 1) {
      const posting = postings.get(pair(word.charCodeAt(i), word.charCodeAt(i + 1)));
      if (posting === undefined) return undefined;
      lists.push(posting);
    }
    return lists.sort((a, b) => a.count - b.count);
  }

  return {
    add(slot, text) {
      for (let i = 0; i < text.length; i += 1) {
        const first = text.charCodeAt(i);
        if (first === LINE_END) continue;
        const posting = postingOf(first, i + 1 < text.length ? text.charCodeAt(i + 1) : LINE_END);
        if (posting.count > 0 && posting.last === slot) continue;
        const before = posting.bytes.length;
        append(posting, slot);
        bytes += posting.bytes.length - before;
      }
    },
    atMost(word) {
      if (word.length > 1) return pairsOf(word)?.[0]?.count ?? 0;
      return (beginningWith.get(word.charCodeAt(0)) ?? []).reduce((sum, { count }) => sum + count, 0);
    },
    candidates(word, size) {
      const hits = new Uint8Array(size);
      if (word.length === 1) {
        for (const posting of beginningWith.get(word.charCodeAt(0)) ?? []) {
          eachSlot(posting, (slot) => {
            if (slot < size) hits[slot] = 1;
          });
        }
        return hits;
      }
      // A slot has as many marks as lists, in their order, that name it
      for (const [before, posting] of (pairsOf(word) ?? []).slice(0, MOST_LISTS).entries()) {
        eachSlot(posting, (slot) => {
          if (slot < size && hits[slot] === before) hits[slot] = before + 1;
        });
      }
      const lists = Math.min(MOST_LISTS, word.length - 1);
      for (let slot = 0; slot < size; slot += 1) hits[slot] = hits[slot] === lists ? 1 : 0;
      return hits;
    },
    get bytes() {
      return bytes;
    },
  };
}
