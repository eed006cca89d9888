import { DIGIT, HAN_DIGIT, JOINER, LATIN, PROVINCE } from './characters.ts';
import type { View } from './view.ts';

const PLATE_ENDINGS = '挂学警港澳使领超试';

/** GA 36: province, letter, then five characters, or six for new energy (D, F … at either end). */
export function maskPlates(view: View): void {
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
