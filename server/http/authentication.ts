import type { IncomingMessage } from 'node:http';
import { parseCookie, stringifySetCookie } from 'cookie';
import type { Clients } from '../identity/clients.ts';
import type { Identity } from '../identity/identity.ts';
import type { Sessions } from '../identity/sessions.ts';
import { hashOfToken } from '../identity/tokens.ts';

const COOKIE_NAME = 'taibai_session';
/** What a browser takes over TLS only, for this host alone and from no script or neighbour (RFC 6265bis). */
const SECURE_PREFIX = '__Host-';

/** Cookies of ours have one name over TLS and another without it. */
export function cookieName(name: string, secure: boolean): string {
  return secure ? `${SECURE_PREFIX}${name}` : name;
}

export function cookiesOf({ headers: { cookie } }: IncomingMessage): Readonly<Record<string, string | undefined>> {
  return cookie === undefined ? {} : parseCookie(cookie);
}

export interface Credentials {
  readonly token: string;
  readonly by: 'bearer' | 'cookie';
}

/** A bearer token goes before a cookie, also where it is wrong: who names credentials means them. */
export function credentialsOf(request: IncomingMessage): Credentials | undefined {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const token = /^Bearer +([A-Za-z0-9._~+/=-]{1,4096}) *$/i.exec(authorization)?.[1];
    return { token: token ?? '', by: 'bearer' };
  }
  const cookies = cookiesOf(request);
  const token = cookies[cookieName(COOKIE_NAME, true)] ?? cookies[COOKIE_NAME];
  return token === undefined ? undefined : { token, by: 'cookie' };
}

export type Authenticate = (token: string) => Identity | undefined;

export function createAuthenticate(clients: Clients, sessions: Sessions): Authenticate {
  return (token) => {
    const tokenHash = hashOfToken(token);
    return clients.find(tokenHash) ?? sessions.use(tokenHash);
  };
}

/** Whether a page of `origin` is one of ours: of the host that was asked, or of the address that staff use. */
function isOurs(origin: string, host: string | undefined, publicUrl: URL | undefined): boolean {
  if (!URL.canParse(origin)) return false;
  const theirs = new URL(origin);
  return theirs.host === host || theirs.origin === publicUrl?.origin;
}

/**
 * Whether an unsafe request with a cookie was made by one of our own pages. A browser says so by `Sec-Fetch-Site` or
 * `Origin`; without either word the cookie does not count. (Programs use the bearer token.)
 */
export function isFromOwnPage(request: IncomingMessage, publicUrl?: URL): boolean {
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' && (origin === undefined || isOurs(origin, host, publicUrl));
  return origin !== undefined && isOurs(origin, host, publicUrl);
}

/** The origin of the kiosk's page, which is loaded from disk by a protocol of its own. */
export const KIOSK_ORIGIN = 'wall://app';

/** Browsers say where a page comes from; other programs say nothing. Foreign pages get no socket. */
export function mayOpenSocket(request: IncomingMessage, publicUrl?: URL): boolean {
  const { origin, host } = request.headers;
  return origin === undefined || origin === KIOSK_ORIGIN || isOurs(origin, host, publicUrl);
}

export function sessionCookie(token: string, expiresAt: number, secure: boolean): string {
  return stringifySetCookie({
    name: cookieName(COOKIE_NAME, secure),
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
