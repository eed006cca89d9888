import { readFileSync } from 'node:fs';
import { replaceFile } from './replaceFile.ts';

/** The part of Electron's `safeStorage` that is used; it speaks for the platform's secret store, where there is one. */
export interface SecretStore {
  isEncryptionAvailable(): boolean;
  encryptString(plainText: string): Buffer;
  decryptString(encrypted: Buffer): string;
}

/** `keyring`: readable with the platform's secret store only. `file`: as it is, in a file that only its owner reads. */
export type Protection = 'keyring' | 'file';

export type SavedToken =
  | { readonly kind: 'saved'; readonly token: string; readonly protection: Protection }
  | { readonly kind: 'none' }
  /** Paired, but with another server: a token goes to the server that gave it and nowhere else. */
  | { readonly kind: 'otherServer'; readonly serverUrl: string }
  /** Left as it is until the next pairing replaces it. */
  | { readonly kind: 'unreadable'; readonly detail: string };

export interface TokenStore {
  read(): SavedToken;
  /** Replaces what was kept; throws the file system's error when the disk refuses. */
  save(token: string): Protection;
}

interface TokenFile {
  readonly serverUrl: string;
  readonly protection: Protection;
  /** Base64 of the encrypted bytes, or the token itself, by `protection`. */
  readonly token: string;
}

/**
 * Keeps one server's token over restarts.
 * @param path the file it is kept in
 */
export function createTokenStore(path: string, serverUrl: string, secrets: SecretStore): TokenStore {
  return {
    read() {
      let text: string;
      try {
        text = readFileSync(path, 'utf8');
      } catch (error) {
        return isMissing(error) ? { kind: 'none' } : { kind: 'unreadable', detail: `${path}: ${messageOf(error)}` };
      }
      const file = decode(text);
      if (file === null) return { kind: 'unreadable', detail: `${path}: not a token file` };
      if (file.serverUrl !== serverUrl) return { kind: 'otherServer', serverUrl: file.serverUrl };
      if (file.protection === 'file') return { kind: 'saved', token: file.token, protection: 'file' };
      try {
        const token = secrets.decryptString(Buffer.from(file.token, 'base64'));
        return { kind: 'saved', token, protection: 'keyring' };
      } catch (error) {
        return { kind: 'unreadable', detail: `${path}: ${messageOf(error)}` };
      }
    },
    save(token) {
      const protection = secrets.isEncryptionAvailable() ? 'keyring' : 'file';
      const kept = protection === 'keyring' ? secrets.encryptString(token).toString('base64') : token;
      const file: TokenFile = { serverUrl, protection, token: kept };
      replaceFile(path, `${JSON.stringify(file)}\n`);
      return protection;
    },
  };
}

function decode(text: string): TokenFile | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { serverUrl, protection, token } = value as Partial<Record<keyof TokenFile, unknown>>;
  if (typeof serverUrl !== 'string' || typeof token !== 'string') return null;
  if (protection !== 'keyring' && protection !== 'file') return null;
  return { serverUrl, protection, token };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
