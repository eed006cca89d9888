import { BLANK, DIGIT, LATIN } from './characters.ts';
import { SHOWN, type View } from './view.ts';

/** Endings for which blanks within the address are overlooked. */
const COMMON_ENDING = /^(?:com|cn|net|org|edu|gov|io|cc|hk|tw|vip|info)$/i;

export function maskEmailAddresses(view: View): void {
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
