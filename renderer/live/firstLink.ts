import type { SubscribeRequest } from '../../protocol/wire.ts';
import { askAhead, type LiveSocket, openWallSocket } from './liveSocket.ts';
import { openTokenStore, type TokenStore } from './wallToken.ts';

/** What the page is begun with, while the rest of it is still on its way. */
interface FirstLink {
  readonly tokens: TokenStore;
  /**
   * Undefined where there is nothing to ask for yet: without a token, and in the set-up. A kiosk asks itself: it may have
   * kept a board, and then asks what it missed.
   */
  socket: LiveSocket | undefined;
}

let first: Promise<FirstLink> | undefined;
let begun: FirstLink | undefined;

export function screensOf(view: Window): NonNullable<SubscribeRequest['screens']> {
  return [{ width: view.innerWidth, height: view.innerHeight, scale: view.devicePixelRatio }];
}

/** Reads the token and asks its server for the board; only the first call does. */
export function beginFirstLink(view: Window): Promise<FirstLink> {
  first ??= openTokenStore(view).then((tokens) => {
    const { token, serverUrl } = tokens;
    const isSetup = new URLSearchParams(view.location.search).has('setup');
    const wanted = token !== null && view.kiosk === undefined && !isSetup;
    begun = { tokens, socket: wanted ? askAhead(openWallSocket(serverUrl, token), screensOf(view)) : undefined };
    return begun;
  });
  return first;
}

/** A wall's socket: once the one that was opened ahead, where it is that wall's. */
export function wallSocket(serverUrl: string, token: string): LiveSocket {
  const ahead = begun?.socket;
  if (begun === undefined || ahead === undefined) return openWallSocket(serverUrl, token);
  begun.socket = undefined;
  if (begun.tokens.serverUrl === serverUrl && begun.tokens.token === token) return ahead;
  ahead.disconnect();
  return openWallSocket(serverUrl, token);
}
