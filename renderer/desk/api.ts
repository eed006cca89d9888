/** Why the server did not do what it was asked. `code` and the members after it are those of its problem (RFC 9457). */
export type Refusal =
  /** No answer at all: the network, or no server. */
  | { readonly reason: 'unreachable' }
  /** The session has ended, or there is none. */
  | { readonly reason: 'unauthorized' }
  /** An answer that this page cannot read. */
  | { readonly reason: 'unreadable' }
  | {
      readonly reason: 'refused';
      readonly code: string;
      /** Who holds the alert, or who handled the ticket. */
      readonly by?: string;
      /** Real ms to wait before the next try. */
      readonly retryAfterMs?: number;
      readonly errors?: readonly { readonly path: string; readonly message: string }[];
    };

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

/** Nothing of an answer is used before it went through here; undefined where it does not fit. */
export type Reader<T> = (body: unknown) => T | undefined;

/** For answers whose body says nothing that the page needs. */
export const readNothing: Reader<true> = () => true;

export interface Api {
  /** `path` below `/api/v1`. The session's cookie, which no script can read, goes with every call. */
  get<T>(path: string, read: Reader<T>): Promise<Result<T>>;
  /** Ends the session; the value is where the session at the identity provider ends, where there is one. */
  signOut(): Promise<Result<string | null>>;
  send<T>(
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body: unknown,
    read: Reader<T>,
  ): Promise<Result<T>>;
}

/** An object of the answer whose members are still to be looked at. */
export function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refusalOf(response: Response, body: unknown): Refusal {
  if (response.status === 401) return { reason: 'unauthorized' };
  if (!isFields(body) || typeof body.code !== 'string') return { reason: 'unreadable' };
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  const waitMs = typeof body.retryAfterMs === 'number' ? body.retryAfterMs : seconds * 1000;
  return {
    reason: 'refused',
    code: body.code,
    ...(typeof body.by === 'string' ? { by: body.by } : {}),
    ...(Number.isFinite(waitMs) ? { retryAfterMs: waitMs } : {}),
    ...(Array.isArray(body.errors) ? { errors: body.errors as { path: string; message: string }[] } : {}),
  };
}

/** The address of a `Link` header with `rel="end-session"`. */
function endSessionUrl(header: string | null): string | null {
  const [, address] = /<([^<>]+)>; *rel="end-session"/.exec(header ?? '') ?? [];
  return address !== undefined && /^https?:\/\//.test(address) ? address : null;
}

/** Speaks HTTP with the page's own server. `onUnauthorized` hears of every answer that the session is over. */
export function createApi(options: { readonly fetch: typeof fetch; readonly onUnauthorized: () => void }): Api {
  async function ask<T>(
    path: string,
    init: RequestInit,
    read: (body: unknown, headers: Headers) => T | undefined,
  ): Promise<Result<T>> {
    let response: Response;
    let text: string;
    try {
      response = await options.fetch(`/api/v1${path}`, { credentials: 'same-origin', cache: 'no-store', ...init });
      text = await response.text();
    } catch {
      return { ok: false, refusal: { reason: 'unreachable' } };
    }
    let body: unknown;
    try {
      body = text === '' ? undefined : JSON.parse(text);
    } catch {
      return { ok: false, refusal: { reason: 'unreadable' } };
    }
    if (!response.ok) {
      const refusal = refusalOf(response, body);
      if (refusal.reason === 'unauthorized') options.onUnauthorized();
      return { ok: false, refusal };
    }
    const value = read(body, response.headers);
    return value === undefined ? { ok: false, refusal: { reason: 'unreadable' } } : { ok: true, value };
  }
  return {
    get: (path, read) => ask(path, {}, read),
    signOut: () => ask('/session', { method: 'DELETE' }, (_, headers) => endSessionUrl(headers.get('link'))),
    send(method, path, body, read) {
      if (body === undefined) return ask(path, { method }, read);
      const headers = { 'content-type': 'application/json' };
      return ask(path, { method, headers, body: JSON.stringify(body) }, read);
    },
  };
}
