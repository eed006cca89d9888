/** What somebody has begun to say about an alert; instants are not kept, they would be past when it is taken up again. */
export interface Draft {
  readonly disposition: string | undefined;
  readonly nextCheck: string | undefined;
  readonly assignTo: string;
  readonly note: string;
}

export const EMPTY_DRAFT: Draft = { disposition: undefined, nextCheck: undefined, assignTo: '', note: '' };

/** Drafts by alert, in the memory of the page only: they hold what people wrote about people. */
export interface Drafts {
  of(alertId: string): Draft;
  keep(alertId: string, draft: Draft): void;
  drop(alertId: string): void;
  clear(): void;
}

export function createDrafts(): Drafts {
  const drafts = new Map<string, Draft>();
  return {
    of: (alertId) => drafts.get(alertId) ?? EMPTY_DRAFT,
    keep: (alertId, draft) => void drafts.set(alertId, draft),
    drop: (alertId) => void drafts.delete(alertId),
    clear: () => drafts.clear(),
  };
}
