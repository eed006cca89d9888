/** What a canvas needs of the tokens: it cannot read CSS variables by itself. */
export interface ChartTheme {
  readonly surface: string;
  readonly band: string;
  readonly rule: string;
  readonly label: string;
  readonly line: string;
  readonly lineOld: string;
  /** A second line beside the first, dotted. */
  readonly second: string;
  /** The upper and the lower end of an area that fades out below its line. */
  readonly fade: readonly [from: string, to: string];
  readonly dot: string;
  readonly font: string;
}

/** Reads the tokens as they stand for this element. */
export function readTheme(element: Element): ChartTheme {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(name).trim();
  return {
    surface: token('--bg1'),
    band: token('--bg3'),
    rule: token('--line'),
    label: token('--fg2'),
    line: token('--lake'),
    lineOld: token('--fg3'),
    second: token('--fg1'),
    fade: [`${token('--lake')}29`, `${token('--lake')}00`],
    dot: token('--fg0'),
    font: token('--font'),
  };
}
