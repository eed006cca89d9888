import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/**
 * One of the equal settings of the OWASP Password Storage Cheat Sheet for scrypt: 32 MiB a try, three passes. Written
 * into each hash, so it can be raised later: a hash of another cost is made anew at the next sign-in.
 */
const COST = { N: 2 ** 15, r: 8, p: 3 } as const;
const KEY_BYTES = 32;

interface Cost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

function derive(password: string, salt: Buffer, cost: Cost): Promise<Buffer> {
  const maxmem = 129 * cost.N * cost.r * cost.p; // Node refuses more than 32 MiB unless told
  return new Promise((resolve, reject) => {
    // Composed form first: the same password typed on another keyboard may come as other code points
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, { ...cost, maxmem }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}

/** `scrypt$N$r$p$salt$key`, salt and key in base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, COST);
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

/** Whether a hash was made at another cost than passwords are hashed at now. */
export function isOutdatedHash(passwordHash: string): boolean {
  return !passwordHash.startsWith(['scrypt', COST.N, COST.r, COST.p, ''].join('$'));
}

/** Without a hash (no such user) it takes as long as with one, and says no. */
export async function isPassword(password: string, passwordHash: string | undefined): Promise<boolean> {
  const [, N, r, p, salt, key] = (passwordHash ?? '').split('$');
  if (N === undefined || r === undefined || p === undefined || salt === undefined || key === undefined) {
    await derive(password, Buffer.alloc(16), COST);
    return false;
  }
  const expected = Buffer.from(key, 'base64url');
  const given = await derive(password, Buffer.from(salt, 'base64url'), { N: Number(N), r: Number(r), p: Number(p) });
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** A first password that can be read off a screen and typed: 100 bits without look-alikes. */
export function createPassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
  const drawn: string[] = [];
  // Bytes past the last whole multiple would favour the first letters
  while (drawn.length < 20) {
    for (const byte of randomBytes(32)) {
      if (byte < 248 && drawn.length < 20) drawn.push(letters[byte % letters.length] as string);
    }
  }
  return drawn.join('').replace(/(.{5})(?=.)/g, '$1-');
}
