import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 random bits, as 43 characters that are safe in a URL. Whoever holds it is let in; only its hash is kept. */
export function createToken(): string {
  return randomBytes(32).toString('base64url');
}

/** SHA-256, hex. Enough for a random token: there is nothing to guess, so nothing to slow down. */
export function hashOfToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Takes the same time wherever the first difference is. */
export function isToken(token: string, tokenHash: string): boolean {
  return timingSafeEqual(Buffer.from(hashOfToken(token)), Buffer.from(tokenHash));
}
