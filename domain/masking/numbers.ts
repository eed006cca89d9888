import { DIGIT, digitValue, HAN_DIGIT, JOINER, LATIN } from './characters.ts';
import { View } from './view.ts';

/** Joining characters allowed between two digits of one number. */
const MAX_JOINERS = 4;
/** Fewer digits are no number of a person. */
export const MIN_DIGITS = 7;

const NUMBER_CUE =
  /(?:电话|座机|手机|号码|联系|联系方式|拨打|致电|来电|固话|传真|宅电|微信|电联|tel|telephone|phone|mobile|cell|call|fax|contact|qq|wechat|whatsapp|联系人[^0-9]{0,8})[号码]{0,2}(?: {0,2}(?:[:,(#.=-]|是|为|number|no|at|us|me|him|her|on|：)){0,3} {0,2}\(?$/i;
const CUE_REACH = 28;
const LIST_GAP = /^ {0,2}(?:[,/、;或和]|or|and) {0,2}\(?$/i;
const ID_PREFIX = /(?:#[A-Za-z]{0,6}|(?:^|[^A-Za-z])[A-Z]{1,3}-?)$/;
const TICKET_NUMBER = /(?<![0-9A-Za-z])[A-Z]{2,4}-\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])-\d{4,6}(?![0-9-])/g;

/** GB/T 2260: the first two digits of an identity number. */
const PROVINCE_CODES = new Set([
  11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63,
  64, 65, 71, 81, 82, 83, 91,
]);
/** GB 11643: weights of the first 17 digits and the check characters by remainder. */
const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const ID_CHECKS = '10X98765432';
/** 110 119 120 122, 12345 and its family, 95xxx of banks and carriers, 96xxx(x) of provinces. */
const HOTLINE = /^(?:110|119|120|122|12\d{3}|95\d{3}|96\d{3,4}|100\d{2})$/;

const SCRIPT_EDGE = 1;
const GAP_EDGE = 2;

/** Digits that may belong to one number: at most `MAX_JOINERS` joining characters between two of them. */
class Chain {
  readonly view: View;
  readonly digits: string;
  /** Place in the view, a digit. */
  readonly places: readonly number[];
  /** Where a number may begin or end: `GAP_EDGE` before this digit, `SCRIPT_EDGE` between 3, 三 and ③. */
  private readonly edges: Uint8Array;
  /** Where the date begins that this digit belongs to, else −1. */
  private readonly dateStarts: Int32Array;

  constructor(view: View, digits: string, places: readonly number[]) {
    this.view = view;
    this.digits = digits;
    this.places = places;
    this.edges = new Uint8Array(places.length + 1);
    this.dateStarts = new Int32Array(places.length + 1).fill(-1);
    for (let index = 0; index <= places.length; index += 1) {
      if (index === 0 || index === places.length || this.place(index - 1) + 1 !== this.place(index)) {
        this.edges[index] = GAP_EDGE;
      } else if (view.scriptAt(this.place(index - 1)) !== view.scriptAt(this.place(index))) {
        this.edges[index] = SCRIPT_EDGE;
      }
    }
    for (let index = 0; index < places.length; index += 1) {
      const length = this.dateLength(index);
      if (length > 0) {
        this.dateStarts.fill(index, index, index + length);
        index += length - 1;
      }
    }
  }

  place(index: number): number {
    return this.places[index] ?? this.view.length;
  }

  isEdge(index: number): boolean {
    return this.edges[index] !== 0;
  }

  private isGap(index: number): boolean {
    return this.edges[index] === GAP_EDGE;
  }

  /** Length of the group of digits before `end`, up to `limit`. */
  lastGroupLength(end: number, limit: number): number {
    let length = 1;
    while (length < limit && !this.isGap(end - length)) length += 1;
    return length;
  }

  /** Gaps strictly inside lie only at these distances from the start. */
  isGroupedAt(start: number, length: number, distances: readonly number[]): boolean {
    for (let step = 1; step < length; step += 1) {
      if (this.isGap(start + step) && !distances.includes(step)) return false;
    }
    return true;
  }

  /** A number that begins within a date, or ends within one, is that date and its neighbours. */
  cutsDate(start: number, end: number): boolean {
    const startDate = this.dateStarts[start] ?? -1;
    // 199-2-31 could also open a mobile number that begins with 199; such years are past.
    if (startDate !== -1 && !(startDate === start && this.digits.startsWith('19', start))) return true;
    const endDate = this.dateStarts[end] ?? -1;
    return endDate !== -1 && endDate < end;
  }

  /** Digits of the date 2026-03-18, 2026/3/18 or 2026.03.18 that begins here, else 0. */
  private dateLength(start: number): number {
    if (!this.isEdge(start) || !/^(?:19|20)/.test(this.digits.slice(start, start + 2))) return 0;
    if (this.groupLength(start) !== 4) return 0;
    const separator = this.view.text.charAt(this.place(start + 3) + 1);
    if (separator === '' || !'-./ '.includes(separator)) return 0;
    const month = this.groupLength(start + 4);
    const day = this.groupLength(start + 4 + month);
    if (month < 1 || month > 2 || day < 1 || day > 2) return 0;
    if (this.place(start + 4) !== this.place(start + 3) + 2) return 0;
    const dayStart = start + 4 + month;
    if (this.place(dayStart) !== this.place(dayStart - 1) + 2) return 0;
    if (this.view.text.charAt(this.place(dayStart) - 1) !== separator) return 0;
    return isMonthAndDay(this.digits.slice(start + 4, dayStart), this.digits.slice(dayStart, dayStart + day))
      ? 4 + month + day
      : 0;
  }

  /** Length of the group that begins here, up to 5; 0 at the end. */
  private groupLength(start: number): number {
    if (start >= this.places.length) return 0;
    let length = 1;
    while (length < 5 && !this.isGap(start + length)) length += 1;
    return length;
  }
}

function isMonthAndDay(month: string, day: string): boolean {
  return Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= 31;
}

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const value = digits.charCodeAt(digits.length - 1 - index) - 0x30;
    sum += index % 2 === 0 ? value : value > 4 ? value * 2 - 9 : value * 2;
  }
  return sum % 10 === 0;
}

/** `check` is the 18th character. A right check character, or province and birth date in their places (a mistyped number is a person too). */
function isIdentityNumber(first17: string, check: string): boolean {
  let sum = 0;
  for (let index = 0; index < 17; index += 1) sum += (first17.charCodeAt(index) - 0x30) * (ID_WEIGHTS[index] ?? 0);
  if (ID_CHECKS.charAt(sum % 11) === check) return true;
  return (
    PROVINCE_CODES.has(Number(first17.slice(0, 2))) &&
    /^(?:19|20)/.test(first17.slice(6)) &&
    isMonthAndDay(first17.slice(10, 12), first17.slice(12, 14))
  );
}

function isOldIdentityNumber(digits: string): boolean {
  return PROVINCE_CODES.has(Number(digits.slice(0, 2))) && isMonthAndDay(digits.slice(8, 10), digits.slice(10, 12));
}

/** 20260318100600: a time stamp, not a card. */
function isTimestamp(digits: string): boolean {
  return (
    digits.length === 14 &&
    /^20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d[0-5]\d$/.test(digits)
  );
}

interface Found {
  /** Digits. */
  readonly length: number;
  /** An X that ends an identity number: its place in the view. */
  readonly checkAt?: number;
}

export class NumberMasking {
  private readonly readable: ReadonlySet<string>;
  private readonly readableLengths: readonly number[];

  constructor(readableNumbers: readonly string[]) {
    const digits = readableNumbers.map((number) => digitsOf(number)).filter((number) => number !== '');
    this.readable = new Set(digits);
    this.readableLengths = [...new Set(digits.map((number) => number.length))].sort((a, b) => b - a);
  }

  mask(view: View): void {
    TICKET_NUMBER.lastIndex = 0;
    for (let match = TICKET_NUMBER.exec(view.text); match !== null; match = TICKET_NUMBER.exec(view.text)) {
      view.pin(match.index, match.index + match[0].length);
    }
    let digits = '';
    let places: number[] = [];
    let lastMaskedEnd = -1;
    const finish = (): void => {
      if (places.length >= 3) lastMaskedEnd = this.maskChain(new Chain(view, digits, places), lastMaskedEnd);
      digits = '';
      places = [];
    };
    let joiners = 0;
    for (let index = 0; index < view.length; index += 1) {
      const bits = view.classAt(index);
      if ((bits & (DIGIT | HAN_DIGIT)) !== 0 && view.pinned[index] === 0) {
        digits += String(digitValue[view.text.charCodeAt(index)]);
        places.push(index);
        joiners = 0;
      } else if ((bits & JOINER) !== 0 && joiners < MAX_JOINERS) {
        joiners += 1;
      } else {
        finish();
        joiners = 0;
      }
    }
    finish();
  }

  /** Returns where in the view the last hidden number ended. */
  private maskChain(chain: Chain, lastMaskedEnd: number): number {
    const view = chain.view;
    let maskedEnd = lastMaskedEnd;
    let cued = this.isCued(view, chain.place(0), lastMaskedEnd);
    for (let start = 0; start < chain.places.length; start += 1) {
      if (!chain.isEdge(start)) continue;
      const readable = this.readableLength(chain, start);
      if (readable > 0) {
        view.pin(chain.place(start), chain.place(start + readable - 1) + 1);
        start += readable - 1;
        continue;
      }
      const found = this.findAt(chain, start, cued);
      if (found === null) {
        cued = cued && this.isHotline(chain, start);
        continue;
      }
      for (let index = start; index < start + found.length; index += 1) view.star(chain.place(index));
      if (found.checkAt !== undefined) view.star(found.checkAt);
      start += found.length - 1;
      maskedEnd = (found.checkAt ?? chain.place(start)) + 1;
    }
    return maskedEnd;
  }

  private readableLength(chain: Chain, start: number): number {
    for (const length of this.readableLengths) {
      const end = start + length;
      if (end <= chain.places.length && chain.isEdge(end) && this.readable.has(chain.digits.slice(start, end)))
        return length;
    }
    // 400 and 800 are numbers of companies.
    if (
      (chain.digits.startsWith('400', start) || chain.digits.startsWith('800', start)) &&
      chain.isEdge(start + 10) &&
      start + 10 <= chain.places.length &&
      chain.isGroupedAt(start, 10, [3, 4, 6, 7]) &&
      !this.isCard(chain, start)
    ) {
      return 10;
    }
    return 0;
  }

  private isHotline(chain: Chain, start: number): boolean {
    for (const length of [3, 5, 6]) {
      if (chain.isEdge(start + length) && chain.isGroupedAt(start, length, [])) {
        return HOTLINE.test(chain.digits.slice(start, start + length));
      }
    }
    return false;
  }

  private isCued(view: View, place: number, lastMaskedEnd: number): boolean {
    const before = view.text.slice(Math.max(0, place - CUE_REACH), place);
    if (NUMBER_CUE.test(before)) return true;
    return lastMaskedEnd !== -1 && place - lastMaskedEnd <= 8 && LIST_GAP.test(view.text.slice(lastMaskedEnd, place));
  }

  private findAt(chain: Chain, start: number, cued: boolean): Found | null {
    const left = chain.places.length - start;
    if (left < MIN_DIGITS) return null;
    const digits = chain.digits;
    const identity = this.identityAt(chain, start);
    if (identity !== null) return identity;
    const card = this.cardLength(chain, start);
    if (card > 0) return { length: card };
    if (this.fits(chain, start, 15) && isOldIdentityNumber(digits.slice(start, start + 15))) return { length: 15 };
    for (const [prefix, length] of [
      ['', 11],
      ['0', 12],
      ['86', 13],
      ['0086', 15],
    ] as const) {
      if (
        digits.startsWith(`${prefix}1`, start) &&
        digits.charAt(start + prefix.length + 1) >= '3' &&
        this.fits(chain, start, length)
      ) {
        return { length };
      }
    }
    const place = chain.place(start);
    const looksLikeId = !cued && ID_PREFIX.test(chain.view.text.slice(Math.max(0, place - 8), place));
    if (this.follows(chain.view, place, '+') || (digits.startsWith('00', start) && !looksLikeId)) {
      const length = this.longestFit(chain, start, 8, 17);
      if (length > 0) return { length };
    }
    if (!looksLikeId && digits.startsWith('0', start) && digits.charAt(start + 1) !== '0') {
      const isShortArea = /^0(?:10|2\d)/.test(digits.slice(start, start + 3));
      const area = isShortArea ? 3 : 4;
      if (digits.charAt(start + area) >= '2') {
        const length = this.firstFit(chain, start, area + 7, area + 8);
        if (length > 0) return { length };
      }
    }
    const american = this.americanLength(chain, start);
    if (american > 0 && !(looksLikeId && chain.isGroupedAt(start, american, []))) return { length: american };
    if (cued && !this.isHotline(chain, start)) {
      const length = this.firstFit(chain, start, 7, 12);
      if (length > 0) return { length };
    }
    return null;
  }

  private fits(chain: Chain, start: number, length: number): boolean {
    const end = start + length;
    return end <= chain.places.length && chain.isEdge(end) && !chain.cutsDate(start, end);
  }

  /** The first length at which the number ends in a group of at least 3, else the longest possible; 0 where none fits. */
  private firstFit(chain: Chain, start: number, minLength: number, maxLength: number): number {
    let longest = 0;
    for (let length = minLength; length <= maxLength; length += 1) {
      if (!this.fits(chain, start, length)) continue;
      if (chain.lastGroupLength(start + length, 3) >= 3) return length;
      longest = length;
    }
    return longest;
  }

  /** As `firstFit`, but the longest: the grouping of foreign numbers is not known. */
  private longestFit(chain: Chain, start: number, minLength: number, maxLength: number): number {
    let longest = 0;
    for (let length = maxLength; length >= minLength; length -= 1) {
      if (!this.fits(chain, start, length)) continue;
      if (chain.lastGroupLength(start + length, 3) >= 3) return length;
      longest = Math.max(longest, length);
    }
    return longest;
  }

  private follows(view: View, place: number, sign: string): boolean {
    const before = view.text.slice(Math.max(0, place - 3), place);
    return before.endsWith(sign) || before.endsWith(`${sign} `) || before.endsWith(`${sign}(`);
  }

  private identityAt(chain: Chain, start: number): Found | null {
    const first17 = chain.digits.slice(start, start + 17);
    if (first17.length < 17 || first17.startsWith('0')) return null;
    if (this.fits(chain, start, 18)) {
      return isIdentityNumber(first17, chain.digits.charAt(start + 17)) ? { length: 18 } : null;
    }
    if (start + 17 !== chain.places.length) return null;
    // The chain ends at the digits: an X may follow, joined as the digits are.
    let checkAt = chain.place(start + 16) + 1;
    for (let joiners = 0; joiners < MAX_JOINERS && chain.view.has(checkAt, JOINER); joiners += 1) checkAt += 1;
    const isX = /[Xx]/.test(chain.view.text.charAt(checkAt)) && !chain.view.has(checkAt + 1, LATIN | DIGIT);
    return isX && isIdentityNumber(first17, 'X') ? { length: 17, checkAt } : null;
  }

  private isCard(chain: Chain, start: number): boolean {
    return this.cardLength(chain, start) > 0;
  }

  /** ISO/IEC 7812: 13–19 digits; 0 and 1 open no bank card. */
  private cardLength(chain: Chain, start: number): number {
    if (chain.digits.charAt(start) < '2') return 0;
    for (let length = 19; length >= 13; length -= 1) {
      if (!this.fits(chain, start, length)) continue;
      const digits = chain.digits.slice(start, start + length);
      if (passesLuhn(digits) && !isTimestamp(digits)) return length;
    }
    return 0;
  }

  /** North American numbering plan: 617-635-4951, with or without the leading 1. */
  private americanLength(chain: Chain, start: number): number {
    const withOne = chain.digits.charAt(start) === '1' ? 1 : 0;
    const length = 10 + withOne;
    if (!/^[2-9]\d\d[2-9]\d{6}$/.test(chain.digits.slice(start + withOne, start + length))) return 0;
    if (!this.fits(chain, start, length)) return 0;
    const grouped = chain.isGroupedAt(start, length, withOne === 1 ? [1, 4, 7] : [3, 6]);
    return grouped || this.isSpacedOut(chain, start, length) ? length : 0;
  }

  /** 6 1 7 6 3 5 …: an edge between all digits. */
  private isSpacedOut(chain: Chain, start: number, length: number): boolean {
    for (let step = 1; step < length; step += 1) if (!chain.isEdge(start + step)) return false;
    return true;
  }
}

function digitsOf(text: string): string {
  const view = new View(text, true);
  let digits = '';
  for (let index = 0; index < view.length; index += 1) {
    if (view.has(index, DIGIT | HAN_DIGIT)) digits += String(digitValue[view.text.charCodeAt(index)]);
  }
  return digits;
}
