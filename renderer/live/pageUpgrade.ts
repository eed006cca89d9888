import type { WallStore } from './wallStore.ts';

/** The scripts that a page names, which carry their content in their names; in order. */
export function scriptsOf(html: string): readonly string[] {
  return [...html.matchAll(/<script\b[^>]*\bsrc="([^"]+)"/g)].map(([, source]) => source as string);
}

/**
 * Loads the page anew where the server has brought a newer one: asked after each restart of the server, which begins a
 * new epoch. For a browser; a kiosk's page comes from its own disk.
 * @param fetchPage the page's HTML as the server has it now
 * @param ownHtml that of the page which runs
 */
export function followUpgrades(options: {
  readonly store: Pick<WallStore, 'snapshot' | 'subscribe'>;
  readonly fetchPage: () => Promise<string>;
  readonly ownHtml: string;
  readonly reload: () => void;
}): () => void {
  const { store, fetchPage, ownHtml, reload } = options;
  const own = scriptsOf(ownHtml).join();
  let epoch: string | undefined;
  const look = () => {
    const now = store.snapshot()?.epoch;
    if (now === epoch || now === undefined) return;
    const isFirst = epoch === undefined;
    epoch = now;
    if (isFirst) return; // the page has only just come from there
    fetchPage().then(
      (html) => {
        const there = scriptsOf(html).join();
        if (there !== '' && there !== own) reload();
      },
      (error: unknown) => console.error(error), // it is away again: its next start is another chance
    );
  };
  look();
  return store.subscribe(look);
}
