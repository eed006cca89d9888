import i18next from 'i18next';
import { chosenLanguage, LANGUAGES, type Language, startLanguage } from './language.ts';

/** Of the desk's own words only the language on screen is loaded: a stranger at the sign-in page waits for no other. */
const DESK_WORDS = {
  'zh-CN': () => import('./desk/zh-CN.json'),
  en: () => import('./desk/en.json'),
} as const;

async function addDeskWords(language: Language): Promise<void> {
  if (i18next.hasResourceBundle(language, 'desk')) return;
  const words = await DESK_WORDS[language]();
  i18next.addResourceBundle(language, 'desk', words.default);
}

/** The desk's words, in the namespace `desk`. */
export async function startDeskWords(language: Language): Promise<void> {
  await startLanguage(language, {});
  await addDeskWords(language);
}

/** The wall's words, for whatever the desk shows as the wall does. */
export async function addWallWords(): Promise<void> {
  const { WALL_WORDS } = await import('./words.ts');
  for (const language of LANGUAGES) {
    i18next.addResourceBundle(language, 'translation', WALL_WORDS[language].translation);
  }
}

/** Changes the language on screen and remembers it. */
export async function chooseDeskLanguage(language: Language): Promise<void> {
  await addDeskWords(language);
  chosenLanguage(`?lang=${language}`, localStorage);
  document.documentElement.lang = language;
  await i18next.changeLanguage(language);
}
