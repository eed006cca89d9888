import { BLANK } from './characters.ts';
import {
  CAPITALISED,
  collapseLatinWords,
  compoundSurnames,
  PARTICLES,
  POSTS_HAN,
  POSTS_LATIN,
  singleSurnames,
  wordsLikeNames,
} from './names.ts';
import { View } from './view.ts';

/** Masks the names in a field of people: 王小明、值班员 李四(物业). */
export function maskPeople(field: string): string {
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
