import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Name } from '../../domain/deployment.ts';
import en from './en.json' with { type: 'json' };
import zhCN from './zh-CN.json' with { type: 'json' };

export const LANGUAGES = ['zh-CN', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Where a chosen language is kept between visits. */
const LANGUAGE_KEY = 'taibai-wall.language';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof zhCN };
  }
}

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

/** Both message files are part of the page; nothing is loaded later. */
export async function startWords(language: Language): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'zh-CN',
    resources: { 'zh-CN': { translation: zhCN }, en: { translation: en } },
    interpolation: { escapeValue: false },
    returnEmptyString: true,
  });
}

/** The short name, where the language on screen has one: whole names do not fit where it is wanted. */
export function shortNameIn(language: string, unit: { readonly short?: Name }): string | undefined {
  return language === 'en' ? unit.short?.en : unit.short?.zh;
}

/** A name from the deployment in the language on screen. */
export function nameIn(language: string, name: Name): string {
  return language === 'en' ? (name.en ?? name.zh) : name.zh;
}
