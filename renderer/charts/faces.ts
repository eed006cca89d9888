/** Weights in use, by family. */
const FACES = ['400 20px Barlow', '500 20px Barlow', '600 20px Barlow', '450 20px "Noto Sans SC Variable"'] as const;
const DIGITS = '0123456789:+,.−';

/** A canvas does not redraw when a font arrives: the faces must be there, with this very text, before the first chart. */
export async function loadFaces(text: string): Promise<void> {
  await Promise.all(FACES.map((face) => document.fonts.load(face, `${DIGITS}${text}`)));
}

let said = '';

/** The words of charts, which no chart knows: those of the message files. */
export function sayInCharts(text: string): void {
  said = text;
}

/** Where they do not come, other faces than ours will do. */
export async function loadChartFaces(): Promise<void> {
  await loadFaces(said).catch((error: unknown) => console.error(error));
  await document.fonts.ready;
}
