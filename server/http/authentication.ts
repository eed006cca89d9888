import type { IncomingMessage } from 'node:http';
import { parseCookie, stringifySetCookie } from 'cookie';
import type { Clients } from '../identity/clients.ts';
import type { Identity } from '../identity/identity.ts';
import type { Sessions } from '../identity/sessions.ts';
import { hashOfToken } from '../identity/tokens.ts';

const COOKIE_NAME = 'taibai_session';

export interface Credentials {
  readonly token: string;
  readonly by: 'bearer' | 'cookie';
}

/** A bearer token goes before a cookie, also where it is wrong: who names credentials means them. */
export function credentialsOf(request: IncomingMessage): Credentials | undefined {
  const { authorization, cookie } = request.headers;
  if (authorization !== undefined) {
    const token = /^Bearer +([A-Za-z0-9._~+/=-]{1,4096}) *$/i.exec(authorization)?.[1];
    return { token: token ?? '', by: 'bearer' };
  }
  const token = cookie === undefined ? undefined : parseCookie(cookie)[COOKIE_NAME];
  return token === undefined ? undefined : { token, by: 'cookie' };
}

export type Authenticate = (token: string) => Identity | undefined;

export function createAuthenticate(clients: Clients, sessions: Sessions): Authenticate {
  return (token) => {
    const tokenHash = hashOfToken(token);
    return clients.find(tokenHash) ?? sessions.find(tokenHash);
  };
}

function isSameHost(origin: string, host: string | undefined): boolean {
  return URL.canParse(origin) && new URL(origin).host === host;
}

/**
 * Whether an unsafe request with a cookie was made by one of our own pages. A browser says so by `Sec-Fetch-Site` or
 * `Origin`; without either word the cookie does not count. (Programs use the bearer token.)
 */
export function isFromOwnPage(request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' && (origin === undefined || isSameHost(origin, host));
  return origin !== undefined && isSameHost(origin, host);
}

/** The origin of the kiosk's page, which is loaded from disk by a protocol of its own. */
export const KIOSK_ORIGIN = 'wall://app';

/** Browsers say where a page comes from; other programs say nothing. Foreign pages get no socket. */
export function mayOpenSocket(request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  return origin === undefined || origin === KIOSK_ORIGIN || isSameHost(origin, host);
}

export function sessionCookie(token: string, expiresAt: number, secure: boolean): string {
  return stringifySetCookie({
    name: COOKIE_NAME,
    value: token,
    httpOnly: true,
    sameSite: 'strict',
    path: '/',
    expires: new Date(expiresAt),
    secure,
  });
}

export function clearedSessionCookie(secure: boolean): string {
  return sessionCookie('', 0, secure);
}
