import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import type { CustomScheme } from 'electron';
import { WALL_ORIGIN, WALL_SCHEME } from './navigation.ts';

/** To be declared before Electron is ready: a standard scheme has origins and relative addresses, a secure one all web APIs. */
export const wallScheme: CustomScheme = {
  scheme: WALL_SCHEME,
  privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
};

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.wav': 'audio/wav',
  '.webp': 'image/webp',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};

/** By the name's extension; what we do not know is bytes and never runs. */
export function contentTypeOf(path: string): string {
  return CONTENT_TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream';
}

export type PageFile =
  | { readonly ok: true; readonly path: string }
  | { readonly ok: false; readonly reason: 'foreign' | 'malformed' | 'outside' };

/**
 * Which file of `folder` an address stands for. `foreign`: not `wall://app`; `malformed`: not an address, or one
 * with bytes that no file of ours has; `outside`: would leave the folder.
 */
export function pageFileOf(address: string, folder: string): PageFile {
  if (!URL.canParse(address)) return { ok: false, reason: 'malformed' };
  const url = new URL(address);
  if (`${url.protocol}//${url.host}` !== WALL_ORIGIN) return { ok: false, reason: 'foreign' };
  let name: string;
  try {
    name = decodeURIComponent(url.pathname);
  } catch {
    return { ok: false, reason: 'malformed' };
  }
  if (name.includes('\0') || name.includes('\\') || name.endsWith('/')) return { ok: false, reason: 'malformed' };
  const root = normalize(folder + sep);
  const path = join(root, name);
  return path.startsWith(root) ? { ok: true, path } : { ok: false, reason: 'outside' };
}

/** What the page may load: its own files, and of the network nothing but its server. `data:` is for inlined fonts and marks. */
export function contentSecurityPolicy(serverUrl: string): string {
  const socketUrl = serverUrl.replace(/^http/, 'ws');
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self' data:",
    "img-src 'self' data:",
    "media-src 'self'",
    `connect-src ${serverUrl} ${socketUrl}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/**
 * Answers the page's requests for its own files. A file that is not there is a failed load, not an empty page: the
 * recovery then tries again.
 * @param folder the built pages
 * @param serverUrl the server at the moment: the set-up may choose another one
 */
export function createPageHandler(folder: string, serverUrl: () => string): (request: Request) => Promise<Response> {
  return async (request) => {
    const file = request.method === 'GET' ? pageFileOf(request.url, folder) : null;
    if (file === null || !file.ok) return Response.error();
    try {
      return new Response(await readFile(file.path), {
        headers: {
          'content-type': contentTypeOf(file.path),
          'content-security-policy': contentSecurityPolicy(serverUrl()),
          'x-content-type-options': 'nosniff',
          'referrer-policy': 'no-referrer',
        },
      });
    } catch {
      return Response.error();
    }
  };
}
