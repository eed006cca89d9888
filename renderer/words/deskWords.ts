import i18next, { type ResourceKey } from 'i18next';
import { chosenLanguage, LANGUAGES, type Language, startLanguage } from './language.ts';

/** What the sign-in page says, and what the desk behind it says: a stranger waits for the one, in one language. */
const ENTRY_WORDS = {
  'zh-CN': () => import('./deskEntry/zh-CN.json'),
  en: () => import('./deskEntry/en.json'),
} as const;
const DESK_WORDS = {
  'zh-CN': () => import('./desk/zh-CN.json'),
  en: () => import('./desk/en.json'),
} as const;

let behindTheDoor = false;

function add(language: Language, words: ResourceKey): void {
  i18next.addResourceBundle(language, 'desk', words, true);
}

async function addWords(language: Language): Promise<void> {
  add(language, (await ENTRY_WORDS[language]()).default);
  if (behindTheDoor) add(language, (await DESK_WORDS[language]()).default);
}

/** The words of the sign-in page, in the namespace `desk`. */
export async function startDeskWords(language: Language): Promise<void> {
  await startLanguage(language, {});
  await addWords(language);
}

/** All words of the desk, and the wall's for whatever it shows as the wall does. */
export async function addAllDeskWords(): Promise<void> {
  behindTheDoor = true;
  const [{ WALL_WORDS }] = await Promise.all([import('./words.ts'), addWords(i18next.language as Language)]);
  for (const language of LANGUAGES) {
    i18next.addResourceBundle(language, 'translation', WALL_WORDS[language].translation);
  }
}

/** Changes the language on screen and remembers it. */
export async function chooseDeskLanguage(language: Language): Promise<void> {
  await addWords(language);
  chosenLanguage(`?lang=${language}`, localStorage);
  document.documentElement.lang = language;
  await i18next.changeLanguage(language);
}
