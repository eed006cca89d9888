import { randomInt } from 'node:crypto';
import type { Clients } from './clients.ts';
import { createToken, hashOfToken, isToken } from './tokens.ts';

/** How long a code may be approved and its token collected (contract). */
export const PAIRING_MS = 10 * 60_000;
/** No hall hangs this many walls at once; more is somebody filling memory. */
const MAX_OUTSTANDING = 100;
/** Without 0 O 1 I L 8 B 5 S 2 Z: read off a wall from across a hall. */
const CODE_LETTERS = 'ACDEFGHJKMNPQRTUVWXY34679';
const CODE_LENGTH = 6;

export type PairingView = {
  readonly status: 'pending' | 'approved';
  readonly token?: string;
  readonly expiresAt: number;
};

/** Walls that wait for an administrator's word. In memory: after a restart of the server a wall shows a new code. */
export interface Pairings {
  /** Undefined where too many wait already. */
  begin(): { readonly code: string; readonly secret: string; readonly expiresAt: number } | undefined;
  /** What the wall with this secret may know. The token is made and handed out once, when it is collected. */
  collect(code: string, secret: string): Promise<PairingView | 'notFound' | 'wrongSecret'>;
  approve(code: string, wall: { readonly name: string; readonly scope?: string }): 'approved' | 'notFound';
}

interface Pairing {
  readonly secretHash: string;
  readonly expiresAt: number;
  wall?: { readonly name: string; readonly scope?: string };
  collected: boolean;
}

export function createPairings(clients: Clients, now: () => number): Pairings {
  const pairings = new Map<string, Pairing>();

  function standing(code: string): Pairing | undefined {
    const pairing = pairings.get(code.toUpperCase());
    return pairing !== undefined && pairing.expiresAt > now() ? pairing : undefined;
  }

  return {
    begin() {
      for (const [code, pairing] of pairings) if (pairing.expiresAt <= now()) pairings.delete(code);
      if (pairings.size >= MAX_OUTSTANDING) return undefined;
      let code: string;
      do {
        code = Array.from({ length: CODE_LENGTH }, () => CODE_LETTERS[randomInt(CODE_LETTERS.length)]).join('');
      } while (pairings.has(code));
      const secret = createToken();
      const expiresAt = now() + PAIRING_MS;
      pairings.set(code, { secretHash: hashOfToken(secret), expiresAt, collected: false });
      return { code, secret, expiresAt };
    },
    async collect(code, secret) {
      const pairing = standing(code);
      if (pairing === undefined) return 'notFound';
      if (!isToken(secret, pairing.secretHash)) return 'wrongSecret';
      const { wall, expiresAt } = pairing;
      if (wall === undefined) return { status: 'pending', expiresAt };
      if (pairing.collected) return { status: 'approved', expiresAt };
      pairing.collected = true;
      const { token } = await clients.create({ kind: 'wall', ...wall });
      return { status: 'approved', token, expiresAt };
    },
    approve(code, wall) {
      const pairing = standing(code);
      if (pairing === undefined) return 'notFound';
      pairing.wall ??= wall;
      return 'approved';
    },
  };
}
