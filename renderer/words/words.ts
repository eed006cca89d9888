import type { Name } from '../../domain/deployment.ts';
import type deskZhCN from './desk/zh-CN.json';
import type deskEntryZhCN from './deskEntry/zh-CN.json';
import en from './en.json' with { type: 'json' };
import enKiosk from './kiosk/en.json' with { type: 'json' };
import zhCNKiosk from './kiosk/zh-CN.json' with { type: 'json' };
import { type Language, startLanguage } from './language.ts';
import zhCN from './zh-CN.json' with { type: 'json' };

export { chosenLanguage, LANGUAGES, type Language, nameIn } from './language.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof zhCN; kiosk: typeof zhCNKiosk; desk: typeof deskZhCN & typeof deskEntryZhCN };
  }
}

/** The wall's own words in both languages; they are part of its page, nothing is loaded later. */
export const WALL_WORDS = {
  'zh-CN': { translation: zhCN, kiosk: zhCNKiosk },
  en: { translation: en, kiosk: enKiosk },
} as const;

export async function startWords(language: Language): Promise<void> {
  await startLanguage(language, WALL_WORDS);
}

/** The short name, where the language on screen has one: whole names do not fit where it is wanted. */
export function shortNameIn(language: string, unit: { readonly short?: Name }): string | undefined {
  return language === 'en' ? unit.short?.en : unit.short?.zh;
}
