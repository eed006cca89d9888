/** Widths in em, Barlow and Noto Sans SC as measured: good enough to keep labels apart. */
const HAN_EM = 1;
const LATIN_EM = 0.58;

/** Estimated width of a text, in units of its font size. */
export function textEm(text: string): number {
  let width = 0;
  for (const character of text) width += (character.codePointAt(0) as number) > 0x2e7f ? HAN_EM : LATIN_EM;
  return width;
}
