import { maskEnglishAddresses, maskHouseNumbers } from './masking/addresses.ts';
import {
  AT,
  CHANGED,
  classOf,
  DIGIT,
  HAN_DIGIT,
  HOUSE_UNIT,
  INVISIBLE,
  LATIN,
  NAME_CUE,
  NAME_SUFFIX,
  PROVINCE,
  SURROGATE,
} from './masking/characters.ts';
import { maskEmailAddresses } from './masking/emailAddresses.ts';
import {
  type KnownName,
  knownName,
  maskKnownNames,
  maskNamesAfterCues,
  maskNamesAfterLatinTitles,
  maskNamesBeforeSuffixes,
  spellingsOf,
} from './masking/names.ts';
import { MIN_DIGITS, NumberMasking } from './masking/numbers.ts';
import { maskPeople } from './masking/people.ts';
import { maskPlates } from './masking/plates.ts';
import { View } from './masking/view.ts';

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
