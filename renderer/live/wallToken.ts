import type { KioskBridge } from '../../protocol/ipc.ts';

/** Where a browser keeps its token; the kiosk's is kept by its main process. */
const TOKEN_KEY = 'taibai-wall.token';

/** What the wall keeps its token in, and the server it belongs to. */
export interface TokenStore {
  /** An origin without a path. */
  readonly serverUrl: string;
  readonly token: string | null;
  save(token: string): Promise<void>;
  /** Drops a token that the server has refused. */
  forget(): void;
}

/** The token of an address such as `/wall#token=…`; undefined without one. */
export function tokenInHash(hash: string): string | undefined {
  const token = new URLSearchParams(hash.replace(/^#/, '')).get('token');
  return token === null || token === '' ? undefined : token;
}

/**
 * Asks the kiosk, or a browser's own storage. A token in the address is kept and taken out of the address bar at once,
 * so that it is not photographed with the wall.
 */
export async function openTokenStore(
  view: Pick<Window, 'location' | 'history' | 'localStorage'> & { readonly kiosk?: KioskBridge },
): Promise<TokenStore> {
  const { kiosk, location, history, localStorage } = view;
  if (kiosk !== undefined) {
    const { serverUrl, token } = await kiosk.settings();
    return { serverUrl, token, save: (fresh) => kiosk.saveToken(fresh), forget: () => {} };
  }
  const given = tokenInHash(location.hash);
  if (given !== undefined) {
    localStorage.setItem(TOKEN_KEY, given);
    history.replaceState(null, '', `${location.pathname}${location.search}`);
  }
  return {
    serverUrl: location.origin,
    token: localStorage.getItem(TOKEN_KEY),
    save: async (fresh) => localStorage.setItem(TOKEN_KEY, fresh),
    forget: () => localStorage.removeItem(TOKEN_KEY),
  };
}
