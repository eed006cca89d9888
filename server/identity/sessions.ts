import type { Account, Session, SettingsDb } from '../store/settingsDb.ts';
import type { StaffIdentity } from './identity.ts';
import { createToken, hashOfToken } from './tokens.ts';

/** One shift and its handover: no session lasts longer. */
export const SESSION_MS = 12 * 3600_000;
/** A session that nobody uses ends after this long. An open desk uses it: watching is the work. */
export const SESSION_IDLE_MS = 2 * 3600_000;
/** Of one account at a time; the oldest goes first. */
const MAX_SESSIONS = 20;
/** How far the last use on disk may lag behind: after a restart a session counts as idle for so much longer. */
const USE_WRITTEN_EVERY_MS = 10 * 60_000;

export interface OpenedSession {
  readonly token: string;
  readonly expiresAt: number;
}

/** Sign-ins of staff. Kept on disk as hashes, so a restart of the server signs nobody out; they end by real time. */
export interface Sessions {
  /** Undefined where the account has been removed, or its password changed, since it was looked at. */
  open(account: Pick<Account, 'id' | 'passwordHash'>): Promise<OpenedSession | undefined>;
  /** Whose session this is, while it lasts. Counts as a use of it. */
  use(tokenHash: string): StaffIdentity | undefined;
  /** When it ends if nobody uses it any more, and when in any case. */
  endsOf(sessionHash: string): { readonly idleEndsAt: number; readonly expiresAt: number } | undefined;
  end(sessionHash: string): Promise<void>;
}

/** `onEnded` hears of a session that somebody ended; `onWriteFailed` that the last use could not be written down. */
export function createSessions(
  db: SettingsDb,
  parts: {
    readonly now: () => number;
    readonly onEnded: (sessionHash: string) => void;
    readonly onWriteFailed: (error: unknown) => void;
  },
): Sessions {
  const { now } = parts;
  /** Later than what stands on disk. */
  const usedAt = new Map<string, number>();
  let usesWrittenAt = 0;

  const lastUseOf = ({ tokenHash, createdAt, usedAt: written = createdAt }: Session) =>
    Math.max(written, usedAt.get(tokenHash) ?? written);
  const idleEndOf = (session: Session) => lastUseOf(session) + SESSION_IDLE_MS;
  const isOver = (session: Session) => Math.min(session.expiresAt, idleEndOf(session)) <= now();

  function writeUses(): void {
    if (now() - usesWrittenAt < USE_WRITTEN_EVERY_MS) return;
    usesWrittenAt = now();
    const written = db.update(({ sessions }) => {
      for (const session of sessions) session.usedAt = lastUseOf(session);
    });
    written.catch(parts.onWriteFailed);
  }

  function standing(tokenHash: string): Session | undefined {
    const session = db.data.sessions.find((known) => known.tokenHash === tokenHash);
    return session === undefined || isOver(session) ? undefined : session;
  }

  return {
    async open({ id, passwordHash }) {
      const token = createToken();
      const openedAt = now();
      const expiresAt = openedAt + SESSION_MS;
      const opened = await db.update((document) => {
        const account = document.accounts.find((known) => known.id === id);
        if (account === undefined || account.passwordHash !== passwordHash) return false;
        const kept = document.sessions.filter((session) => !isOver(session));
        const own = kept.filter((session) => session.accountId === id);
        const surplus = new Set(own.slice(0, Math.max(0, own.length - MAX_SESSIONS + 1)));
        document.sessions = [
          ...kept.filter((session) => !surplus.has(session)),
          { tokenHash: hashOfToken(token), accountId: id, createdAt: openedAt, expiresAt },
        ];
        return true;
      });
      if (!opened) return undefined;
      const hashes = new Set(db.data.sessions.map(({ tokenHash }) => tokenHash));
      for (const hash of usedAt.keys()) if (!hashes.has(hash)) usedAt.delete(hash);
      return { token, expiresAt };
    },
    use(tokenHash) {
      const session = standing(tokenHash);
      const account = session && db.data.accounts.find((known) => known.id === session.accountId);
      if (session === undefined || account === undefined) return undefined;
      usedAt.set(tokenHash, now());
      writeUses();
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
    endsOf(sessionHash) {
      const session = standing(sessionHash);
      return session && { idleEndsAt: idleEndOf(session), expiresAt: session.expiresAt };
    },
    async end(sessionHash) {
      await db.update((document) => {
        document.sessions = document.sessions.filter((session) => session.tokenHash !== sessionHash);
      });
      parts.onEnded(sessionHash);
    },
  };
}
