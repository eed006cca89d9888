import {
  BLANK,
  HAN,
  JOINER,
  LATIN,
  NAME_CUE,
  NAME_CUES,
  NAME_SUFFIX,
  NAME_SUFFIXES,
  NO_NAME_GLUED,
  SURROGATE,
} from './characters.ts';
import { COMPOUND_SURNAMES, SINGLE_SURNAMES, WORDS_LIKE_NAMES } from './surnames.ts';
import { eachMatch, SHOWN, View } from './view.ts';

export const singleSurnames = new Set(SINGLE_SURNAMES);
export const compoundSurnames = new Set(COMPOUND_SURNAMES);
export const wordsLikeNames = byFirstCharacter(WORDS_LIKE_NAMES);
const nameCues = byFirstCharacter(NAME_CUES);

/** What comes after a name; the first list cannot be part of one, so it ends the name wherever it stands. */
const AFTER_NAME = byFirstCharacter(
  (
    '反映 来电 投诉 举报 报警 报修 报案 报称 咨询 求助 表示 要求 希望 建议 认为 发现 诉求 致电 打电话 拨打 电话 手机 联系 家中 家门 家里 家楼 家的 居住 住在 现住 家住 突发 突然 摔倒 摔伤 晕倒 走失 走丢 骑车 骑行 驾驶 驾车 开车 先生 女士 小姐 同志 师傅 老师 阿姨 大爷 大妈 大叔 奶奶 爷爷 上报 巡查 处置 核实 到场 申请 提出 提供 身份 住址 地址 年龄 在家 在小 在社 在该 在楼 因为 因家 与邻 和邻 向社 向我 向物 向网 将车 将电 把车 被困 被打 被骗 已经 多次 再次 今天 昨天 今日 昨日 称其 称家 称小 不满 没有 未经 使用 占用 乱停 私拉 私搭 违规 违建 诉称 来访 来到 离家 独居 患有 需要 需帮 请求 ' +
    '等人 占道 占路 说'
  ).split(' '),
);
const ENDS_SHORT_NAME = new Set('的被因称说诉把吗了也又没这那');

export const POSTS_HAN =
  /^(?:系统|管理|匿名|市民|居民|群众|平台|业主|未知|保密|机器人|无|本人|单位)$|^.{1,}(?:中心|平台|系统|公司|物业|社区|街道|坐席|热线|大厅|窗口|干部|队长|站长|所长|局长|处长|科长|组长|班长|网格长)$|^.{2,}[员局办所组站处室部队镇]$/;
export const POSTS_LATIN =
  /^(?:system|operator|dispatcher|dispatch|admin|administrator|duty|officer|source|sensor|anonymous|unknown|hotline|call|cent(?:er|re)|centre|desk|team|crew|department|public|works|city|staff|supervisor|manager|engineer|inspector|clerk|contractor|resident|citizen|robot|demo|replay|service|services|section|division|office|unit|the|of|and|on|grid)$/i;
export const PARTICLES = /^(?:van|von|de|da|di|del|der|den|la|le|al|bin|el|ter|ten|dos|du|y)$/;
export const CAPITALISED = /^\p{Lu}[\p{L}'’.-]*$/u;

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

export function maskNamesAfterCues(view: View): void {
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
export function maskNamesBeforeSuffixes(view: View): void {
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

export function maskNamesAfterLatinTitles(view: View): void {
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
export function collapseLatinWords(view: View, from: number, to: number): void {
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
export interface KnownName {
  /** Without blanks, in lower case. */
  readonly compact: string;
  readonly isLatin: boolean;
  /** Han signs that stay. */
  readonly surnameLength: number;
}

/** The name as it is searched for, or null where it is a post, a number or too short to be told from other words. */
export function knownName(name: string): KnownName | null {
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
export function spellingsOf(name: string): readonly string[] {
  const words = name.split(/[\s,]+/).filter((word) => word !== '');
  return /\p{Script=Han}/u.test(name) || words.length !== 2 ? [name] : [words.join(' '), words.reverse().join(' ')];
}

export function maskKnownNames(view: View, names: readonly KnownName[]): void {
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
