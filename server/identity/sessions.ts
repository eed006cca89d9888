import type { Account, SettingsDb } from '../store/settingsDb.ts';
import type { StaffIdentity } from './identity.ts';
import { createToken, hashOfToken } from './tokens.ts';

/** One shift and its handover. */
export const SESSION_MS = 12 * 3600_000;
/** Of one account at a time; the oldest goes first. */
const MAX_SESSIONS = 20;

/** Sign-ins of staff. Kept on disk as hashes, so a restart of the server signs nobody out; they end by real time. */
export interface Sessions {
  open(account: Account): Promise<{ readonly token: string; readonly expiresAt: number }>;
  find(tokenHash: string): StaffIdentity | undefined;
  end(sessionHash: string): Promise<void>;
}

export function createSessions(
  db: SettingsDb,
  parts: { readonly now: () => number; readonly onEnded: (sessionHash: string) => void },
): Sessions {
  const { now } = parts;
  return {
    async open(account) {
      const token = createToken();
      const openedAt = now();
      const expiresAt = openedAt + SESSION_MS;
      await db.update((document) => {
        const standing = document.sessions.filter((session) => session.expiresAt > openedAt);
        const own = standing.filter((session) => session.accountId === account.id);
        const surplus = new Set(own.slice(0, Math.max(0, own.length - MAX_SESSIONS + 1)));
        document.sessions = [
          ...standing.filter((session) => !surplus.has(session)),
          { tokenHash: hashOfToken(token), accountId: account.id, createdAt: openedAt, expiresAt },
        ];
      });
      return { token, expiresAt };
    },
    find(tokenHash) {
      const session = db.data.sessions.find((standing) => standing.tokenHash === tokenHash);
      if (session === undefined || session.expiresAt <= now()) return undefined;
      const account = db.data.accounts.find((known) => known.id === session.accountId);
      if (account === undefined) return undefined;
      return {
        kind: 'staff',
        accountId: account.id,
        username: account.username,
        name: account.name,
        role: account.role,
        ...(account.scope === undefined ? {} : { scope: account.scope }),
        sessionHash: tokenHash,
      };
    },
    async end(sessionHash) {
      await db.update((document) => {
        document.sessions = document.sessions.filter((session) => session.tokenHash !== sessionHash);
      });
      parts.onEnded(sessionHash);
    },
  };
}
