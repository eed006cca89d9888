import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import type { PinAnswer } from '../protocol/ipc.ts';
import type { KioskConfig } from '../protocol/kioskConfig.ts';

export type PinHash = NonNullable<KioskConfig['exitPin']>;

/** A PIN: 4 to 12 digits. */
export function isPin(text: string): boolean {
  return /^\d{4,12}$/.test(text);
}

/** Memory-hard (16 MiB): the file alone shall not give a PIN away in a moment. */
const COST = { N: 2 ** 14, r: 8, p: 1 } as const;
const HASH_BYTES = 32;
const SALT_BYTES = 16;

export function hashPin(pin: string, salt: Buffer = randomBytes(SALT_BYTES)): PinHash {
  return { salt: salt.toString('base64'), hash: scryptSync(pin, salt, HASH_BYTES, COST).toString('base64') };
}

/** So many wrong PINs are forgiven; from then on each one locks the entry, twice as long as the one before. */
const FREE_TRIES = 3;
const FIRST_LOCK_MS = 30_000;
const LONGEST_LOCK_MS = 15 * 60_000;

/** What the entry remembers while the kiosk runs; windows share it. Instants on the same clock as `nowMs`. */
export interface PinTries {
  readonly wrongInARow: number;
  readonly lockedUntilMs: number;
}
export const initialTries: PinTries = { wrongInARow: 0, lockedUntilMs: 0 };

/** Whether a PIN is the right one; while the entry is locked not even the right one is looked at. */
export function tryPin(
  tries: PinTries,
  expected: PinHash | null,
  pin: string,
  nowMs: number,
): { readonly tries: PinTries; readonly answer: PinAnswer } {
  if (expected === null) return { tries, answer: { ok: false, reason: 'none', waitMs: 0 } };
  if (nowMs < tries.lockedUntilMs) {
    return { tries, answer: { ok: false, reason: 'locked', waitMs: tries.lockedUntilMs - nowMs } };
  }
  const salt = Buffer.from(expected.salt, 'base64');
  const hash = Buffer.from(expected.hash, 'base64');
  const given = scryptSync(pin, salt, HASH_BYTES, COST);
  if (hash.length === given.length && timingSafeEqual(hash, given)) {
    return { tries: initialTries, answer: { ok: true } };
  }
  const wrongInARow = tries.wrongInARow + 1;
  if (wrongInARow < FREE_TRIES) {
    return { tries: { wrongInARow, lockedUntilMs: 0 }, answer: { ok: false, reason: 'wrong', waitMs: 0 } };
  }
  const waitMs = Math.min(FIRST_LOCK_MS * 2 ** (wrongInARow - FREE_TRIES), LONGEST_LOCK_MS);
  return {
    tries: { wrongInARow, lockedUntilMs: nowMs + waitMs },
    answer: { ok: false, reason: 'locked', waitMs },
  };
}
