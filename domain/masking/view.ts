import { classOf, HAN_DIGIT, INVISIBLE, normalCode } from './characters.ts';

export const SHOWN = 0;
const STARRED = 1;
const DROPPED = 2;

/** The text as it is read, and for each of its characters where in the original it begins. */
export class View {
  readonly original: string;
  readonly text: string;
  readonly length: number;
  /** Absent where view and original are the same. */
  private readonly startsAt: Int32Array | null;
  /** Shown, starred or dropped, a character. */
  readonly fate: Uint8Array;
  /** Numbers that stay readable: nothing else may hide them. */
  readonly pinned: Uint8Array;
  private touched = false;

  constructor(original: string, needsFolding: boolean) {
    this.original = original;
    if (needsFolding) {
      const startsAt = new Int32Array(original.length + 1);
      let text = '';
      let length = 0;
      for (let index = 0; index < original.length; index += 1) {
        const code = original.charCodeAt(index);
        if ((classOf(code) & INVISIBLE) !== 0) continue;
        startsAt[length] = index;
        length += 1;
        const mathematical = mathematicalDigit(original, index);
        if (mathematical === null) {
          text += String.fromCharCode(normalCode[code] ?? code);
        } else {
          text += mathematical;
          index += 1;
        }
      }
      startsAt[length] = original.length;
      this.startsAt = startsAt;
      this.text = text;
    } else {
      this.startsAt = null;
      this.text = original;
    }
    this.length = this.text.length;
    this.fate = new Uint8Array(this.length + 1);
    this.pinned = new Uint8Array(this.length + 1);
  }

  /** The class of a character; 0 outside the text and where it is hidden already, so that nothing is matched across. */
  classAt(index: number): number {
    if (index < 0 || index >= this.length || this.fate[index] !== SHOWN) return 0;
    return classOf(this.text.charCodeAt(index));
  }

  has(index: number, bits: number): boolean {
    return (this.classAt(index) & bits) !== 0;
  }

  startsWith(word: string, index: number): boolean {
    if (!this.text.startsWith(word, index)) return false;
    for (let at = index; at < index + word.length; at += 1) if (this.fate[at] !== SHOWN) return false;
    return true;
  }

  /** Writings of a digit that a person tells apart at a glance: 3 and ３, 三, ③. */
  scriptAt(index: number): 'plain' | 'han' | 'ornate' {
    const code = this.original.charCodeAt(this.startsAt?.[index] ?? index);
    if ((classOf(code) & HAN_DIGIT) !== 0) return 'han';
    return code < 0x80 || (code >= 0xff10 && code <= 0xff19) ? 'plain' : 'ornate';
  }

  star(index: number): void {
    if (this.pinned[index] === 1) return;
    this.fate[index] = STARRED;
    this.touched = true;
  }

  /** Hides `from`…`to` behind one star, its length too. */
  collapse(from: number, to: number): void {
    if (from >= to) return;
    this.star(from);
    for (let index = from + 1; index < to; index += 1) this.fate[index] = DROPPED;
  }

  starWhere(from: number, to: number, bits: number): void {
    for (let index = from; index < to; index += 1) if (this.has(index, bits)) this.star(index);
  }

  pin(from: number, to: number): void {
    this.pinned.fill(1, from, to);
  }

  /** Where in the original a hidden character ends. Invisible ones after it go too, unless visible text follows. */
  private endOf(index: number): number {
    if (this.startsAt === null) return index + 1;
    const next = this.startsAt[index + 1] ?? this.original.length;
    if (index + 1 < this.length && this.fate[index + 1] !== SHOWN) return next;
    const start = this.startsAt[index] ?? 0;
    let end = start + (mathematicalDigit(this.original, start) === null ? 1 : 2);
    while (end < next && isAttachedMark(this.original.charCodeAt(end))) end += 1;
    return end;
  }

  result(): string {
    if (!this.touched) return this.original;
    let output = '';
    // What stands before the first visible character is kept.
    let shownFrom = 0;
    for (let index = 0; index < this.length; index += 1) {
      const fate = this.fate[index];
      if (fate === SHOWN) continue;
      const start = this.startsAt?.[index] ?? index;
      const end = this.endOf(index);
      output += this.original.slice(shownFrom, start);
      if (fate === STARRED) output += '*';
      shownFrom = end;
    }
    return output + this.original.slice(shownFrom);
  }
}

/** Keycaps, variation selectors and accents belong to the sign before them. */
function isAttachedMark(code: number): boolean {
  return (code >= 0x0300 && code <= 0x036f) || code === 0x20e3 || (code >= 0xfe00 && code <= 0xfe0f);
}

/** 𝟎…𝟿 (U+1D7CE–U+1D7FF) as an ASCII digit, or null. */
function mathematicalDigit(text: string, index: number): string | null {
  if (text.charCodeAt(index) !== 0xd835) return null;
  const low = text.charCodeAt(index + 1);
  return low >= 0xdfce && low <= 0xdfff ? String((low - 0xdfce) % 10) : null;
}

export function eachMatch(pattern: RegExp, view: View, use: (match: RegExpExecArray) => void): void {
  pattern.lastIndex = 0;
  for (let match = pattern.exec(view.text); match !== null; match = pattern.exec(view.text)) use(match);
}
