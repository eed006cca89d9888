import i18next, { type Resource } from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Name } from '../../domain/deployment.ts';

export const LANGUAGES = ['zh-CN', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Where a chosen language is kept between visits. */
const LANGUAGE_KEY = 'taibai-wall.language';

function isLanguage(value: string | null): value is Language {
  return (LANGUAGES as readonly (string | null)[]).includes(value);
}

/** `?lang=en` chooses and is remembered; then what was chosen before; then Chinese. */
export function chosenLanguage(search: string, storage: Pick<Storage, 'getItem' | 'setItem'>): Language {
  const asked = new URLSearchParams(search).get('lang');
  if (isLanguage(asked)) {
    storage.setItem(LANGUAGE_KEY, asked);
    return asked;
  }
  const kept = storage.getItem(LANGUAGE_KEY);
  return isLanguage(kept) ? kept : 'zh-CN';
}

/** What a language calls itself: `中文`, `English`. */
export function nativeName(language: Language): string {
  return new Intl.DisplayNames([language], { type: 'language' }).of(language.replace(/-.*/, '')) ?? language;
}

/** A name from the deployment in the language on screen. */
export function nameIn(language: string, name: Name): string {
  return language === 'en' ? (name.en ?? name.zh) : name.zh;
}

/** Starts the words with those that are there already. */
export async function startLanguage(language: Language, resources: Resource): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'zh-CN',
    resources,
    interpolation: { escapeValue: false },
    returnEmptyString: true,
  });
}
