import type { Name } from '../../domain/deployment.ts';
import en from './exportWords.en.json' with { type: 'json' };
import zhCN from './exportWords.zh-CN.json' with { type: 'json' };

export const EXPORT_LANGUAGES = ['zh-CN', 'en'] as const;
export type ExportLanguage = (typeof EXPORT_LANGUAGES)[number];
/** Both files have the same keys: the types hold them to it. */
export type ExportWords = typeof zhCN & typeof en;

export function exportWords(language: ExportLanguage): ExportWords {
  return language === 'en' ? en : zhCN;
}

export function nameIn(language: ExportLanguage, name: Name): string {
  return language === 'en' ? (name.en ?? name.zh) : name.zh;
}
