import { COMPOUND_SURNAMES, SINGLE_SURNAMES, WORDS_LIKE_NAMES } from './surnames.ts';

/**
 * What a wall may show of a text written by strangers (product point 9). Numbers, addresses and names are recognised on a
 * normalised view (full-width to half-width, exotic digits to 0–9, dashes to one hyphen, invisible characters left out) and
 * hidden in the original; whatever is not hidden is given back as it came, byte for byte.
 *
 * Where a text can be read both ways the person wins: it is hidden. Every scan is linear: chains of digits are tried only
 * with the fixed lengths of real numbers, and every repeated part of a pattern has an upper bound.
 */
export interface Masker {
  /** Masks free text. `known` are people of the ticket, whose names are hidden wherever they occur. Never throws. */
  text(input: string, known?: KnownPeople): string;
  /** Masks a field that holds a person, a post or a staff number: `赵*`, `欧阳*`, `A* L*`; 值班员 and G-0123 stay. */
  personName(name: string): string;
}

export interface KnownPeople {
  readonly reporterName?: string;
  readonly otherNames?: readonly string[];
}

export interface MaskerOptions {
  /** Telephone numbers that the deployment publishes; the way they are grouped does not matter. */
  readonly readableNumbers: readonly string[];
}

// ---------------------------------------------------------------------------------------------------------------------
// Characters

const DIGIT = 1;
const HAN_DIGIT = 2;
const AT = 4;
const NAME_CUE = 8;
const NAME_SUFFIX = 16;
const HOUSE_UNIT = 32;
const PROVINCE = 64;
const LATIN = 128;
const JOINER = 256;
const INVISIBLE = 512;
const BLANK = 1024;
const SURROGATE = 2048;
const CHANGED = 4096;
const HAN = 8192;

const charClass = new Uint16Array(0x10000);
const normalCode = Uint16Array.from({ length: 0x10000 }, (_, code) => code);
const digitValue = new Int8Array(0x10000).fill(-1);

function mark(characters: string, bits: number): void {
  for (let index = 0; index < characters.length; index += 1) {
    const code = characters.charCodeAt(index);
    charClass[code] = classOf(code) | bits;
  }
}

function markRange(from: number, to: number, bits: number): void {
  for (let code = from; code <= to; code += 1) charClass[code] = classOf(code) | bits;
}

function foldTo(characters: string, target: string): void {
  for (let index = 0; index < characters.length; index += 1) {
    const code = characters.charCodeAt(index);
    normalCode[code] = target.charCodeAt(0);
    charClass[code] = classOf(target.charCodeAt(0)) | CHANGED;
  }
}

function foldDigits(firstCode: number, firstValue: number, count: number): void {
  for (let step = 0; step < count; step += 1) foldTo(String.fromCharCode(firstCode + step), String(firstValue + step));
}

function classOf(code: number): number {
  return charClass[code] ?? 0;
}

const HAN_DIGITS: readonly string[] = [
  '〇零○',
  '一壹幺',
  '二贰',
  '三叁',
  '四肆',
  '五伍',
  '六陆',
  '七柒',
  '八捌',
  '九玖',
];
const PROVINCES = '京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼';

/** After these a name follows: 居民王小明. Those of `NO_NAME_GLUED` also build words such as 居民楼 and 家属区. */
const NAME_CUES: readonly string[] = (
  '居民 业主 住户 租户 租客 房东 户主 机主 商户 店主 店员 老板 车主 司机 驾驶员 骑手 快递员 外卖员 家属 家长 老人 老太 老汉 患者 病人 伤者 死者 学生 村民 市民 群众 网民 网友 ' +
  '联系人 举报人 投诉人 报案人 报警人 反映人 来电人 申请人 当事人 负责人 责任人 经办人 处置人 诉求人 信访人 求助人 报修人 上报人 承租人 被投诉人 网格员 网格长 值班员 调度员 ' +
  '巡查员 坐席员 楼长 单元长 志愿者 工作人员 保安 民警 辅警 姓名 名叫 我叫 我是 本人'
).split(' ');
const NO_NAME_GLUED = new Set('楼区向');
const NAME_SUFFIXES = [
  '先生',
  '女士',
  '小姐',
  '太太',
  '同志',
  '师傅',
  '老师',
  '阿姨',
  '大爷',
  '大妈',
  '大叔',
  '奶奶',
  '爷爷',
];

for (const code of [0x00ad, 0x034f, 0x061c, 0x180e, 0x20e3, 0xfeff]) markRange(code, code, INVISIBLE);
for (const [from, to] of [
  [0x0300, 0x036f],
  [0x200b, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x206f],
  [0xfe00, 0xfe0f],
] as const) {
  markRange(from, to, INVISIBLE);
}
markRange(0xd800, 0xdfff, SURROGATE);
markRange(0x3400, 0x4dbf, HAN);
markRange(0x4e00, 0x9fff, HAN);
markRange(0xf900, 0xfaff, HAN);
mark('〇', HAN);
mark('0123456789', DIGIT);
for (let value = 0; value <= 9; value += 1) digitValue[0x30 + value] = value;
HAN_DIGITS.forEach((characters, value) => {
  mark(characters, HAN_DIGIT);
  for (let index = 0; index < characters.length; index += 1) digitValue[characters.charCodeAt(index)] = value;
});
markRange(0x41, 0x5a, LATIN);
markRange(0x61, 0x7a, LATIN);
markRange(0xc0, 0x24f, LATIN);
mark('@', AT);
mark(' ', JOINER | BLANK);
mark("-.·()_~'", JOINER);
mark(PROVINCES, PROVINCE);
mark('号单栋幢座室户房牌弄-', HOUSE_UNIT);
for (const cue of NAME_CUES) mark(cue.charAt(0), NAME_CUE);
for (const suffix of NAME_SUFFIXES) mark(suffix.charAt(0), NAME_SUFFIX);
for (let code = 0xff01; code <= 0xff5e; code += 1)
  foldTo(String.fromCharCode(code), String.fromCharCode(code - 0xfee0));
foldTo(
  '\t\n\v\f\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000',
  ' ',
);
foldTo('‐‑‒–—―⁃−﹘﹣ー─━', '-');
foldTo('•‧∙⋅・･●', '·');
foldTo('〜∼', '~');
foldTo('﹒․', '.');
foldTo('﹫', '@');
foldTo('﹢⁺', '+');
for (const zero of [0x0660, 0x06f0, 0x0966, 0x09e6, 0x0e50, 0x2080]) foldDigits(zero, 0, 10);
foldDigits(0x2070, 0, 1);
foldTo('¹', '1');
foldTo('²', '2');
foldTo('³', '3');
foldDigits(0x2074, 4, 6);
foldDigits(0x24ea, 0, 1);
for (const one of [0x2460, 0x2474, 0x2488, 0x2776, 0x2780, 0x278a]) foldDigits(one, 1, 9);

// ---------------------------------------------------------------------------------------------------------------------
// The normalised view and what of it is to be hidden

const SHOWN = 0;
const STARRED = 1;
const DROPPED = 2;

/** The text as it is read, and for each of its characters where in the original it begins. */
class View {
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

// ---------------------------------------------------------------------------------------------------------------------
// Numbers

/** Joining characters allowed between two digits of one number. */
const MAX_JOINERS = 4;
/** Fewer digits are no number of a person. */
const MIN_DIGITS = 7;

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

class NumberMasking {
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

// ---------------------------------------------------------------------------------------------------------------------
// E-mail addresses

/** Endings for which blanks within the address are overlooked. */
const COMMON_ENDING = /^(?:com|cn|net|org|edu|gov|io|cc|hk|tw|vip|info)$/i;

function maskEmailAddresses(view: View): void {
  // Left and right searches stop at the next @, so that the whole stays linear.
  for (let at = view.text.indexOf('@'); at !== -1; at = view.text.indexOf('@', at + 1)) {
    let blanks = 0;
    let localEnd = at;
    while (blanks < 2 && view.has(localEnd - 1, BLANK)) {
      localEnd -= 1;
      blanks += 1;
    }
    let localStart = localEnd;
    while (view.has(localStart - 1, LATIN | DIGIT) || isLocalSign(view, localStart - 1)) localStart -= 1;
    if (localStart === localEnd) continue;
    let place = at + 1;
    while (place - at <= 2 && view.has(place, BLANK)) {
      place += 1;
      blanks += 1;
    }
    const domainStart = place;
    let domainEnd = -1;
    let labels = 0;
    for (;;) {
      const labelStart = place;
      while (view.has(place, LATIN | DIGIT) || view.text.charAt(place) === '-') place += 1;
      if (place === labelStart) break;
      labels += 1;
      const label = view.text.slice(labelStart, place);
      if (labels > 1 && /^[^\d-][^\d]+$/.test(label) && (blanks === 0 || COMMON_ENDING.test(label))) domainEnd = place;
      let next = place;
      let gap = 0;
      while (gap < 2 && view.has(next, BLANK)) {
        next += 1;
        gap += 1;
      }
      const dot = view.text.charAt(next);
      if (dot !== '.' && dot !== '。') break;
      next += 1;
      let after = 0;
      while (after < 2 && view.has(next, BLANK)) {
        next += 1;
        after += 1;
      }
      blanks += gap + after;
      place = next;
    }
    if (domainEnd === -1) continue;
    view.starWhere(localStart, localEnd, LATIN | DIGIT);
    view.starWhere(domainStart, domainEnd, LATIN | DIGIT);
  }
}

function isLocalSign(view: View, index: number): boolean {
  return index >= 0 && view.fate[index] === SHOWN && "._%+-'!#$&/=?^`{|}~".includes(view.text.charAt(index));
}

// ---------------------------------------------------------------------------------------------------------------------
// Number plates

const PLATE_ENDINGS = '挂学警港澳使领超试';

/** GA 36: province, letter, then five characters, or six for new energy (D, F … at either end). */
function maskPlates(view: View): void {
  for (let index = 0; index < view.length; index += 1) {
    if (!view.has(index, PROVINCE)) continue;
    const letterAt = skipJoiners(view, index + 1, 2);
    if (!/[A-Za-z]/.test(view.text.charAt(letterAt)) || !view.has(letterAt, LATIN)) continue;
    const places: number[] = [];
    let digits = 0;
    let pattern = '';
    let place = letterAt + 1;
    while (places.length < 7) {
      place = skipJoiners(view, place, places.length === 0 ? 3 : 2);
      const bits = view.classAt(place);
      const character = view.text.charAt(place);
      const isLetter = (bits & LATIN) !== 0;
      const isDigit = (bits & (DIGIT | HAN_DIGIT)) !== 0;
      if (!isLetter && !isDigit && !(bits !== 0 && PLATE_ENDINGS.includes(character))) break;
      if (isDigit) digits += 1;
      pattern += isDigit ? '0' : character.toUpperCase();
      places.push(place);
      place += 1;
      if (!isLetter && !isDigit) break;
    }
    if (digits < 2) continue;
    const isNewEnergy = /^(?:[A-HJK][A-HJ-NP-Z0]0000|00000[A-HJK])/.test(pattern);
    const length = isNewEnergy ? 6 : 5;
    if (places.length < length) continue;
    const last = places[length - 1] ?? index;
    // Longer without a gap is a code that only begins like a plate.
    if (view.has(last + 1, LATIN | DIGIT)) continue;
    for (const hidden of places.slice(0, length)) view.star(hidden);
  }
}

function skipJoiners(view: View, index: number, limit: number): number {
  let place = index;
  while (place - index < limit && view.has(place, JOINER)) place += 1;
  return place;
}

// ---------------------------------------------------------------------------------------------------------------------
// House numbers

const D = '[0-9一二三四五六七八九〇零十百]';
const GAP = ' {0,2}';
const N = `[A-Za-z]?${D}(?:${GAP}${D}){0,5}[A-Za-z]?`;
const STREET_NUMBER = new RegExp(
  `((?<![0-9] ?)[路街巷弄道]|胡同|花园|[村庄组苑园院区里坊寨屯])${GAP}(?:${N}(?: ?[-之附] ?${N}){0,2}${GAP}(?:号院|号楼|号|弄|巷|支弄)(?!线|公路) ?){1,4}`,
  'g',
);
const BUILDING = new RegExp(
  `(?:${N}|[A-Za-z])${GAP}(?:号楼|号院|栋|幢|座|单元)(?:[ ,-]{0,3}${N}${GAP}(?:号楼|栋|幢|座|单元|楼|层|号室|室|户|号房|房|号)|[ ,-]{0,3}[A-Za-z]座|[ ,-]{0,3}[东西中南北]{1,2}户){0,6}(?:[ ,-]{0,3}[A-Za-z]?[0-9一二三四五六七八九〇零](?: ?[0-9一二三四五六七八九〇零]){2,3}(?![0-9A-Za-z一二三四五六七八九十百千万]| ?[-.:年月日时分秒米元个人户次辆台块点度层楼多余%厘公斤吨平方件位名号路国省县]))?`,
  'g',
);
const ROOM = new RegExp(
  `(?<![0-9A-Za-z])(?:[0-9A-Za-z]{1,3} ?- ?){0,2}[A-Za-z]?[0-9一二三四五六七八九〇零](?:[ -]{0,2}[0-9一二三四五六七八九〇零]){2,4}[A-Za-z]?${GAP}(?:号室|室|号房|房(?![屋产租源地价东型]))`,
  'g',
);
const HYPHENATED_ROOM = /(?<![0-9A-Za-z.-] ?)[0-9]{1,3} ?- ?[0-9]{1,2} ?- ?[0-9]{3,4}(?! ?[0-9A-Za-z-])/g;
const DOORPLATE = new RegExp(`门牌号?码?[ :为是]{0,3}${N}`, 'g');
const TIME_FOLLOWS = /^ ?(?:上午|下午|晚|早|凌晨|中午|清晨|夜|起|至|到|前|后|以前|之前|之后|开始|[0-9]{1,2}[:点时])/;
const HOUSE_ALONE = new RegExp(`^${D}{1,3}号$`);

/** Ends of street names, from the address columns of Boston and Kansas City and the postal abbreviations. */
const STREET_SUFFIX =
  '(?:Avenue|Ave|Street|Str|St|Road|Rd|Boulevard|Blvd|Drive|Dr|Terrace|Terr|Ter|Parkway|Pkwy|Plaza|Plz|Square|Sq|Place|Pl|Paseo|Court|Ct|Park|Pk|Way|Wy|Trafficway|Trfy|Highway|Hwy|Broadway|Lane|Ln|Circle|Cirt|Cir|Jamaicaway|Fenway|Wharf|Whf|Arborway|Pennway|Green|Grn|Crescent|Cres|Trail|Trl|Lawn|Riverway|Ctof|Row|View|Vw|Charlesgate|Archways|Alley|Aly|Marketplace|Esplanade|Embankment|Path|Walk|Mall|Bridge|Brg|Heights|Hts|Close|Gardens|Louis Pasteur|De Lafayette)';
const ENGLISH_HOUSE = new RegExp(
  `(?<![0-9A-Za-z.,#$-] ?|[#$])([0-9]{1,6}(?:hf|[A-Za-z])?(?: ?[-&] ?[0-9]{1,6}[A-Za-z]?){0,2}(?:-[A-Z])?(?: 1/2)?) {1,3}(?:(?:[A-Z][A-Za-z'.-]{0,30}|[0-9]{1,3}(?:st|nd|rd|th|s|ST|ND|RD|TH)?) {1,3}){0,4}(?:${STREET_SUFFIX}|${STREET_SUFFIX.toUpperCase()})\\b(?! {0,2}(?:Lights?|Lamps?|Signs?|Clean|Sweep|Tree|Repair|Report|[Ll]ights?|[Ss]igns?))`,
  'g',
);
const ENGLISH_HOUSE_LOWER = new RegExp(
  `(?<![0-9A-Za-z.,#$-] ?)([0-9]{2,5}[a-z]?) {1,2}(?:[nsew] )?[a-z']{3,20} (?:${STREET_SUFFIX.toLowerCase()})\\b(?! {0,2}(?:lights?|lamps?|signs?|clean|sweep|tree|repair|report))`,
  'g',
);
const ENGLISH_UNIT =
  /\b(?:Apartment|Apt|Suite|Ste|Unit|Flat|APT|STE|UNIT|apt|unit|suite)[.# ]{0,3}([A-Za-z]?[0-9]{1,5}[A-Za-z]?)\b/g;

function maskHouseNumbers(view: View): void {
  eachMatch(STREET_NUMBER, view, (match) => {
    const start = match.index + (match[1] ?? '').length;
    const number = match[0].slice((match[1] ?? '').length).trim();
    const isStreet = /^(?:[路街巷弄道]|胡同)$/.test(match[1] ?? '');
    const rest = view.text.slice(match.index + match[0].length, match.index + match[0].length + 8);
    // 许庄12号下午: a day of the month.
    if (!isStreet && HOUSE_ALONE.test(number) && TIME_FOLLOWS.test(rest)) return;
    // 小区5号门, 园区3号楼: gate and building stay, as they do without the estate before them.
    if (!isStreet && (rest.startsWith('门') || number.endsWith('号楼'))) return;
    starNumerals(view, start, match.index + match[0].length);
  });
  eachMatch(BUILDING, view, (match) => {
    if (isFlat(match[0])) starNumerals(view, match.index, match.index + match[0].length);
  });
  for (const pattern of [ROOM, HYPHENATED_ROOM, DOORPLATE]) {
    eachMatch(pattern, view, (match) => starNumerals(view, match.index, match.index + match[0].length));
  }
}

/** 3号楼2单元, 3栋501, 2单元东户 lead to a door; 3号楼, 2单元 or 3号楼6层 alone do not. */
function isFlat(address: string): boolean {
  const units = address.match(/号楼|号院|栋|幢|座|单元|楼|层|室|户|房|号/g) ?? [];
  const leadsToDoor = units.some((unit, index) => /室|户|房|单元/.test(unit) || (unit === '号' && index > 0));
  return (units.length >= 2 && leadsToDoor) || /[0-9A-Za-z一二三四五六七八九〇零]$/.test(address);
}

function maskEnglishAddresses(view: View): void {
  const star = (match: RegExpExecArray): void => {
    const number = match[1] ?? '';
    const start = match.index + match[0].indexOf(number);
    view.starWhere(start, start + number.length, DIGIT | LATIN);
  };
  eachMatch(ENGLISH_HOUSE, view, star);
  eachMatch(ENGLISH_HOUSE_LOWER, view, star);
  eachMatch(ENGLISH_UNIT, view, star);
}

function eachMatch(pattern: RegExp, view: View, use: (match: RegExpExecArray) => void): void {
  pattern.lastIndex = 0;
  for (let match = pattern.exec(view.text); match !== null; match = pattern.exec(view.text)) use(match);
}

/** Digits, Han numerals and the letters that touch a digit (A501); unit words are none of these. */
function starNumerals(view: View, from: number, to: number): void {
  const isNumeral = (index: number): boolean =>
    index >= from && index < to && /[0-9一二三四五六七八九〇零十百]/.test(view.text.charAt(index));
  for (let index = from; index < to; index += 1) {
    const touchesDigit = view.has(index, LATIN) && (isNumeral(index - 1) || isNumeral(index + 1));
    if (view.fate[index] === SHOWN && (isNumeral(index) || touchesDigit)) view.star(index);
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// Names

const singleSurnames = new Set(SINGLE_SURNAMES);
const compoundSurnames = new Set(COMPOUND_SURNAMES);
const wordsLikeNames = byFirstCharacter(WORDS_LIKE_NAMES);
const nameCues = byFirstCharacter(NAME_CUES);

/** What comes after a name; the first list cannot be part of one, so it ends the name wherever it stands. */
const AFTER_NAME = byFirstCharacter(
  (
    '反映 来电 投诉 举报 报警 报修 报案 报称 咨询 求助 表示 要求 希望 建议 认为 发现 诉求 致电 打电话 拨打 电话 手机 联系 家中 家门 家里 家楼 家的 居住 住在 现住 家住 突发 突然 摔倒 摔伤 晕倒 走失 走丢 骑车 骑行 驾驶 驾车 开车 先生 女士 小姐 同志 师傅 老师 阿姨 大爷 大妈 大叔 奶奶 爷爷 上报 巡查 处置 核实 到场 申请 提出 提供 身份 住址 地址 年龄 在家 在小 在社 在该 在楼 因为 因家 与邻 和邻 向社 向我 向物 向网 将车 将电 把车 被困 被打 被骗 已经 多次 再次 今天 昨天 今日 昨日 称其 称家 称小 不满 没有 未经 使用 占用 乱停 私拉 私搭 违规 违建 诉称 来访 来到 离家 独居 患有 需要 需帮 请求 ' +
    '等人 占道 占路 说'
  ).split(' '),
);
const ENDS_SHORT_NAME = new Set('的被因称说诉把吗了也又没这那');

const POSTS_HAN =
  /^(?:系统|管理|匿名|市民|居民|群众|平台|业主|未知|保密|机器人|无|本人|单位)$|^.{1,}(?:中心|平台|系统|公司|物业|社区|街道|坐席|热线|大厅|窗口|干部|队长|站长|所长|局长|处长|科长|组长|班长|网格长)$|^.{2,}[员局办所组站处室部队镇]$/;
const POSTS_LATIN =
  /^(?:system|operator|dispatcher|dispatch|admin|administrator|duty|officer|source|sensor|anonymous|unknown|hotline|call|cent(?:er|re)|centre|desk|team|crew|department|public|works|city|staff|supervisor|manager|engineer|inspector|clerk|contractor|resident|citizen|robot|demo|replay|service|services|section|division|office|unit|the|of|and|on|grid)$/i;
const PARTICLES = /^(?:van|von|de|da|di|del|der|den|la|le|al|bin|el|ter|ten|dos|du|y)$/;
const CAPITALISED = /^\p{Lu}[\p{L}'’.-]*$/u;

/** The words that begin with a character. */
function byFirstCharacter(words: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const map = new Map<string, string[]>();
  for (const word of words) {
    const first = word.charAt(0);
    const list = map.get(first);
    if (list === undefined) map.set(first, [word]);
    else list.push(word);
  }
  // 联系人 before 联系.
  for (const list of map.values()) list.sort((a, b) => b.length - a.length);
  return map;
}

function wordAt(words: ReadonlyMap<string, readonly string[]>, view: View, index: number): string | null {
  return words.get(view.text.charAt(index))?.find((word) => view.startsWith(word, index)) ?? null;
}

/** Characters of the Han sign at `index`: 1, 2 for the rare ones beyond the basic plane, 0 where there is none. */
function hanLength(view: View, index: number): number {
  if (view.has(index, HAN)) return 1;
  const code = view.text.charCodeAt(index);
  return code >= 0xd840 && code <= 0xd888 && view.has(index, SURROGATE) ? 2 : 0;
}

function surnameLength(view: View, index: number): number {
  if (compoundSurnames.has(view.text.slice(index, index + 2)) && view.has(index, HAN) && view.has(index + 1, HAN))
    return 2;
  return view.has(index, HAN) && singleSurnames.has(view.text.charAt(index)) ? 1 : 0;
}

interface NamePlace {
  readonly givenStart: number;
  readonly end: number;
}

/** A name that begins at `index`: surname and one or two given characters, or both halves of 买买提·艾力. */
function nameAt(view: View, index: number): NamePlace | null {
  const dotted = dottedNameEnd(view, index);
  if (dotted !== null) return { givenStart: index + 1, end: dotted };
  if (wordAt(wordsLikeNames, view, index) !== null) return null;
  const surname = surnameLength(view, index);
  if (surname === 0) return null;
  let place = index + surname;
  const isSpacedOut = view.has(place, BLANK);
  if (isSpacedOut) place = skipBlanks(view, place);
  if (wordAt(AFTER_NAME, view, place) !== null) return null;
  const first = hanLength(view, place);
  if (first === 0 || view.startsWith('的', place) || view.startsWith('被', place)) return null;
  const shortEnd = place + first;
  let second = shortEnd;
  if (isSpacedOut && view.has(second, BLANK)) {
    // 王 小 明: a third sign must stand alone, or it is the next word.
    second = skipBlanks(view, second);
    const length = hanLength(view, second);
    if (length === 0 || hanLength(view, second + length) !== 0) return { givenStart: index + surname, end: shortEnd };
  }
  const length = hanLength(view, second);
  // 李四和张五: a second person follows, so 和 is no part of the first.
  const joinsPeople = '和与及'.includes(view.text.charAt(second)) && surnameLength(view, second + 1) > 0;
  if (
    length === 0 ||
    joinsPeople ||
    ENDS_SHORT_NAME.has(view.text.charAt(second)) ||
    wordAt(AFTER_NAME, view, second) !== null
  ) {
    return { givenStart: index + surname, end: shortEnd };
  }
  return { givenStart: index + surname, end: second + length };
}

function dottedNameEnd(view: View, index: number): number | null {
  let place = index;
  while (place - index < 6 && view.has(place, HAN)) place += 1;
  if (place - index < 2 || view.text.charAt(place) !== '·') return null;
  const dot = place;
  place += 1;
  while (place - dot <= 6 && view.has(place, HAN) && wordAt(AFTER_NAME, view, place) === null) place += 1;
  return place - dot > 2 ? place : null;
}

function skipBlanks(view: View, index: number): number {
  let place = index;
  while (place - index < 3 && view.has(place, BLANK)) place += 1;
  return place;
}

const AFTER_CUE = ' :,()"“”‘’/-为是叫';

function maskNamesAfterCues(view: View): void {
  for (let index = 0; index < view.length; index += 1) {
    if (!view.has(index, NAME_CUE)) continue;
    const cue = wordAt(nameCues, view, index);
    if (cue === null) continue;
    let place = index + cue.length;
    const cueEnd = place;
    while (place - cueEnd < 4 && place < view.length && AFTER_CUE.includes(view.text.charAt(place))) place += 1;
    if (place === cueEnd && NO_NAME_GLUED.has(view.text.charAt(place)) && surnameLength(view, place) < 2) continue;
    // 居民王小明、李四和张五
    for (let name = nameAt(view, place); name !== null; name = nameAt(view, place)) {
      view.collapse(name.givenStart, name.end);
      if (!'、,/和与及'.includes(view.text.charAt(name.end)) || name.end >= view.length) break;
      place = skipBlanks(view, name.end + 1);
    }
  }
}

/** 王小明先生: looks left from the suffix for surname and given name, the longest first. */
function maskNamesBeforeSuffixes(view: View): void {
  for (let index = 0; index < view.length; index += 1) {
    if (!view.has(index, NAME_SUFFIX) || !NAME_SUFFIXES.some((suffix) => view.startsWith(suffix, index))) continue;
    const end = view.has(index - 1, BLANK) ? index - 1 : index;
    for (const length of [4, 3, 2]) {
      const start = end - length;
      if (start < 0 || wordAt(wordsLikeNames, view, start) !== null) continue;
      const surname = surnameLength(view, start);
      if (surname === 0 || (surname === 1 && length > 3) || surname >= length) continue;
      let isName = true;
      for (let place = start; place < end; place += 1) if (!view.has(place, HAN)) isName = false;
      for (let place = start + 1; place < end - 1; place += 1) {
        // 王强请李女士: a word between two people is no given name.
        if (wordAt(AFTER_NAME, view, place) !== null || wordAt(nameCues, view, place) !== null) isName = false;
      }
      if (!isName) continue;
      view.collapse(start + surname, end);
      break;
    }
  }
}

const LATIN_TITLE = /(?<![\p{L}\p{N}])(Mr|Mrs|Ms|Miss|Dr|MR|MRS|MS|DR)\b\.? {0,3}(?=\p{Lu})/gu;
const LATIN_WORDS = /^(?:\p{Lu}[\p{L}'’-]{0,30}\.?)(?: {1,2}\p{Lu}[\p{L}'’-]{0,30}){0,2}/u;

function maskNamesAfterLatinTitles(view: View): void {
  eachMatch(LATIN_TITLE, view, (match) => {
    // 12 Cutler Dr Hyde Park: a Drive follows a house number or a street name.
    if (/^dr$/i.test(match[1] ?? '')) {
      const before = view.text.slice(Math.max(0, match.index - 40), match.index);
      if (/(?:\d|\*)[^,;:]*$/.test(before) || /[^\s.:!?,;]\s+\p{Lu}\p{L}+\s+$/u.test(before)) return;
    }
    const start = match.index + match[0].length;
    const words = LATIN_WORDS.exec(view.text.slice(start, start + 96))?.[0] ?? '';
    collapseLatinWords(view, start, start + words.length);
  });
}

/** Leaves the initial of each word. */
function collapseLatinWords(view: View, from: number, to: number): void {
  let wordStart = -1;
  for (let index = from; index <= to; index += 1) {
    const inWord = index < to && !view.has(index, BLANK);
    if (inWord && wordStart === -1) wordStart = index;
    if (!inWord && wordStart !== -1) {
      view.collapse(wordStart + 1, index);
      wordStart = -1;
    }
  }
}

/** A known person, ready to be looked for. */
interface KnownName {
  /** Without blanks, in lower case. */
  readonly compact: string;
  readonly isLatin: boolean;
  /** Han signs that stay. */
  readonly surnameLength: number;
}

/** The name as it is searched for, or null where it is a post, a number or too short to be told from other words. */
function knownName(name: string): KnownName | null {
  const view = new View(name, true);
  let plain = '';
  for (let index = 0; index < view.length; index += 1) if (!view.has(index, JOINER)) plain += view.text.charAt(index);
  for (const suffix of NAME_SUFFIXES) if (plain.endsWith(suffix)) plain = plain.slice(0, -suffix.length);
  if (plain.length < 2 || plain.length > 60 || /[\d*]/.test(plain) || POSTS_HAN.test(plain)) return null;
  const isLatin = !/\p{Script=Han}/u.test(plain);
  if (isLatin && view.text.split(' ').every((word) => POSTS_LATIN.test(word) || word === '')) return null;
  const surname = compoundSurnames.has(plain.slice(0, 2)) && plain.length > 2 ? 2 : 1;
  return { compact: plain.toLowerCase(), isLatin, surnameLength: surname };
}

/** Two orders for a Latin name: Ann Lee, Lee, Ann. */
function spellingsOf(name: string): readonly string[] {
  const words = name.split(/[\s,]+/).filter((word) => word !== '');
  return /\p{Script=Han}/u.test(name) || words.length !== 2 ? [name] : [words.join(' '), words.reverse().join(' ')];
}

function maskKnownNames(view: View, names: readonly KnownName[]): void {
  const places: number[] = [];
  let compact = '';
  for (let index = 0; index < view.length; index += 1) {
    if (view.fate[index] !== SHOWN || view.has(index, JOINER) || view.text.charAt(index) === ',') continue;
    const lower = view.text.charAt(index).toLowerCase();
    compact += lower.length === 1 ? lower : view.text.charAt(index);
    places.push(index);
  }
  for (const name of names) {
    const length = name.compact.length;
    for (let at = compact.indexOf(name.compact); at !== -1; at = compact.indexOf(name.compact, at + 1)) {
      const start = places[at] ?? 0;
      const end = (places[at + length - 1] ?? 0) + 1;
      // An earlier name may have hidden a part; a star in between separates people.
      if (view.fate.subarray(start, end).some((fate) => fate !== SHOWN)) continue;
      if (!name.isLatin) view.collapse((places[at + name.surnameLength - 1] ?? start) + 1, end);
      else if (!view.has(start - 1, LATIN) && !view.has(end, LATIN)) collapseLatinWords(view, start, end);
    }
  }
}

// ---------------------------------------------------------------------------------------------------------------------

/**
 * The masker of one deployment. It keeps no state between calls.
 *
 * Stays readable: ids, ticket numbers, grid codes, hotlines (12345, 110, 95xxx, 400-…), `readableNumbers`, dates, times,
 * counts, roads (G104), lines (3号线), gates (5号门), a building or a floor without a door (3号楼, 6层).
 */
export function createMasker({ readableNumbers }: MaskerOptions): Masker {
  const numbers = new NumberMasking(readableNumbers);

  const maskOnce = (input: string, known: readonly KnownName[]): string => {
    let seen = 0;
    let digits = 0;
    for (let index = 0; index < input.length; index += 1) {
      const bits = classOf(input.charCodeAt(index));
      seen |= bits;
      if ((bits & (DIGIT | HAN_DIGIT | SURROGATE)) !== 0) digits += 1;
    }
    const mayHaveNames = (seen & (NAME_CUE | NAME_SUFFIX | LATIN)) !== 0;
    if (digits < 1 && known.length === 0 && !mayHaveNames && (seen & AT) === 0) return input;
    const view = new View(input, (seen & (CHANGED | INVISIBLE | SURROGATE)) !== 0);
    if ((seen & AT) !== 0) maskEmailAddresses(view);
    if (digits >= MIN_DIGITS) numbers.mask(view);
    if (digits >= 2 && (seen & PROVINCE) !== 0 && (seen & LATIN) !== 0) maskPlates(view);
    if (digits >= 1 && (seen & HOUSE_UNIT) !== 0) maskHouseNumbers(view);
    if (digits >= 1 && (seen & LATIN) !== 0) maskEnglishAddresses(view);
    if (known.length > 0) maskKnownNames(view, known);
    if ((seen & NAME_CUE) !== 0) maskNamesAfterCues(view);
    if ((seen & NAME_SUFFIX) !== 0) maskNamesBeforeSuffixes(view);
    if ((seen & LATIN) !== 0) maskNamesAfterLatinTitles(view);
    return view.result();
  };

  /** A hidden part can uncover another reading of its neighbours; what is hidden only grows, so this ends. */
  const maskUntilStable = (input: string, known: readonly KnownName[]): string => {
    let text = input;
    for (;;) {
      const masked = maskOnce(text, known);
      if (masked === text) return text;
      text = masked;
    }
  };

  const text = (input: string, known?: KnownPeople): string => {
    if (known === undefined) return maskUntilStable(input, []);
    const names: KnownName[] = [];
    for (const person of [known.reporterName, ...(known.otherNames ?? [])]) {
      if (person === undefined || person.length < 2) continue;
      for (const spelling of spellingsOf(person)) {
        const name = knownName(spelling);
        if (name !== null) names.push(name);
      }
    }
    // The longer name first, or 王小 would leave the 明 of 王小明.
    names.sort((a, b) => b.compact.length - a.compact.length);
    return maskUntilStable(input, names);
  };

  return { text, personName: (name) => text(maskPeople(name)) };
}

/** Masks the names in a field of people: 王小明、值班员 李四(物业). */
function maskPeople(field: string): string {
  const view = new View(field, true);
  let start = 0;
  for (let index = 0; index <= view.length; index += 1) {
    if (index < view.length && !'()[]【】、,;/|:&+'.includes(view.text.charAt(index))) continue;
    maskPerson(view, start, index);
    start = index + 1;
  }
  return view.result();
}

function maskPerson(view: View, from: number, to: number): void {
  const words: { readonly start: number; readonly end: number; readonly text: string }[] = [];
  for (let index = from; index < to; index += 1) {
    if (view.has(index, BLANK)) continue;
    const start = index;
    while (index < to && !view.has(index, BLANK)) index += 1;
    words.push({ start, end: index, text: view.text.slice(start, index) });
  }
  const first = words[0];
  const last = words.at(-1);
  if (first === undefined || last === undefined) return;
  const latinWords = words.filter((word) => /^[\p{Script=Latin}'’.-]+$/u.test(word.text));
  if (latinWords.length === words.length) {
    const isPost =
      words.some((word) => POSTS_LATIN.test(word.text)) ||
      (words.length === 1 && /^\p{Lu}*[\p{Lu}-]\p{Lu}+\p{Ll}?$/u.test(first.text));
    const isName =
      words.every((word) => CAPITALISED.test(word.text) || PARTICLES.test(word.text)) && CAPITALISED.test(first.text);
    if (isName && !isPost) collapseLatinWords(view, first.start, last.end);
    return;
  }
  // 王 小 明 is one name, 值班员 王小明 a post and a name.
  const joined = words.map((word) => word.text).join('');
  const isSpacedOut = words.length > 1 && words.some((word) => word.text.length === 1) && [...joined].length <= 4;
  if (isSpacedOut && isHanName(joined)) {
    collapseHan(view, first.start, last.end);
    return;
  }
  for (const word of words) if (isHanName(word.text)) collapseHan(view, word.start, word.end);
}

/** A known surname with two to four characters in all, or two parts joined by a dot; a post is no name. */
function isHanName(word: string): boolean {
  if (/^\p{Script=Han}{2,10}·\p{Script=Han}{1,10}$/u.test(word)) return true;
  const length = [...word].length;
  if (!/^\p{Script=Han}+$/u.test(word) || length < 2 || length > 4 || POSTS_HAN.test(word)) return false;
  return compoundSurnames.has(word.slice(0, 2)) ? true : singleSurnames.has(word.charAt(0)) && !isOrdinaryWord(word);
}

/** 安全, 司机: the whole is a word of the list. */
function isOrdinaryWord(word: string): boolean {
  return wordsLikeNames.get(word.charAt(0))?.includes(word) ?? false;
}

function collapseHan(view: View, from: number, to: number): void {
  const isCompound = compoundSurnames.has(view.text.slice(from, from + 2)) && to - from > 2;
  view.collapse(from + (isCompound ? 2 : 1), to);
}
