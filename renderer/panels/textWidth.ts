/** Widths in em of Noto Sans SC and Barlow 500, rounded up: digits are tabular, capitals no wider. */
const HAN_EM = 1;
const DIGIT_EM = 0.61;
const LETTER_EM = 0.52;

/** Estimated width of a text, in units of its font size: good enough to keep texts apart. */
export function textEm(text: string): number {
  let width = 0;
  for (const character of text) {
    if ((character.codePointAt(0) as number) > 0x2e7f) width += HAN_EM;
    else width += /[0-9A-Z]/.test(character) ? DIGIT_EM : LETTER_EM;
  }
  return width;
}
