import { DIGIT, LATIN } from './characters.ts';
import { eachMatch, SHOWN, type View } from './view.ts';

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

export function maskHouseNumbers(view: View): void {
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

export function maskEnglishAddresses(view: View): void {
  const star = (match: RegExpExecArray): void => {
    const number = match[1] ?? '';
    const start = match.index + match[0].indexOf(number);
    view.starWhere(start, start + number.length, DIGIT | LATIN);
  };
  eachMatch(ENGLISH_HOUSE, view, star);
  eachMatch(ENGLISH_HOUSE_LOWER, view, star);
  eachMatch(ENGLISH_UNIT, view, star);
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
