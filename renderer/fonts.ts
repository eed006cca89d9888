import '@fontsource-variable/noto-sans-sc/wght.css';
import '@fontsource/barlow/latin-400.css';
import '@fontsource/barlow/latin-500.css';
import '@fontsource/barlow/latin-600.css';
import i18next from 'i18next';

/** Weights in use, by family. */
const FACES = ['400 20px Barlow', '500 20px Barlow', '600 20px Barlow', '450 20px "Noto Sans SC Variable"'] as const;

/** A canvas does not redraw when a font arrives: the faces must be there, with this very text, before the first chart. */
export async function loadFonts(text: string): Promise<void> {
  await Promise.all(FACES.map((face) => document.fonts.load(face, text)));
}

const DIGITS = '0123456789:+,.−';

/** What a chart of hours says. */
export function loadChartFonts(): Promise<void> {
  return loadFonts(`${DIGITS}${i18next.t('domain.hour', { hour: 12 })}`);
}
