import type { ConfirmedFindings, Finding } from '../../domain/findings.ts';
import type { SettingsDb } from './settingsDb.ts';

/** 本月研判 as somebody confirmed it, by month and by who it speaks to: a street, or without one the district. Kept in `accounts.json`. */
export interface Findings {
  /** @param month `yyyy-MM` of the deployment's zone */
  of(month: string, scope: string | undefined): ConfirmedFindings | undefined;
  /** Replaces what was confirmed before; no sentences take it back. Settles once it is on disk. */
  confirm(
    month: string,
    scope: string | undefined,
    confirmation: { readonly sentences: readonly Finding[]; readonly by: string; readonly at: number },
  ): Promise<ConfirmedFindings>;
}

function keyOf(month: string, scope: string | undefined): string {
  return scope === undefined ? month : `${month} ${scope}`;
}

export function createFindings(settings: Pick<SettingsDb, 'data' | 'update'>): Findings {
  const of: Findings['of'] = (month, scope) => settings.data.findings?.[keyOf(month, scope)];
  return {
    of,
    async confirm(month, scope, { sentences, by, at }) {
      const key = keyOf(month, scope);
      const confirmed = { sentences: sentences.map((one) => ({ ...one })), confirmedBy: by, confirmedAt: at };
      await settings.update((kept) => {
        const revision = (kept.findings?.[key]?.revision ?? 0) + 1;
        kept.findings = { ...kept.findings, [key]: { revision, ...confirmed } };
      });
      return of(month, scope) as ConfirmedFindings;
    },
  };
}
