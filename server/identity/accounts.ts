import { randomUUID } from 'node:crypto';
import type { Account, Role, SettingsDb } from '../store/settingsDb.ts';
import { hashPassword, isPassword } from './passwords.ts';

export type AccountRefusal = 'notFound' | 'usernameTaken' | 'lastAdmin';
export type AccountResult =
  | { readonly ok: true; readonly account: Account }
  | { readonly ok: false; readonly reason: AccountRefusal };

export interface NewAccount {
  readonly username: string;
  readonly name: string;
  readonly role: Role;
  readonly scope?: string;
  readonly password: string;
}

export interface AccountChange {
  readonly name?: string;
  readonly role?: Role;
  /** null: the whole district. */
  readonly scope?: string | null;
  readonly password?: string;
}

export interface Accounts {
  list(): readonly Account[];
  find(id: string): Account | undefined;
  create(wanted: NewAccount): Promise<AccountResult>;
  /** Whatever bears on what the account may do ends its sessions. */
  change(id: string, change: AccountChange): Promise<AccountResult>;
  remove(id: string): Promise<AccountResult>;
  /** The account, if the password is its own; takes as long for an unknown user. */
  check(username: string, password: string): Promise<Account | undefined>;
}

/** Usernames are compared without case and width. */
export function foldedUsername(username: string): string {
  return username.normalize('NFKC').toLowerCase();
}

export function createAccounts(
  db: SettingsDb,
  parts: { readonly now: () => number; readonly onRevoked: (accountId: string) => void },
): Accounts {
  const { data } = db;
  const byName = (username: string) => {
    const folded = foldedUsername(username);
    return data.accounts.find((account) => foldedUsername(account.username) === folded);
  };
  const find = (id: string) => data.accounts.find((account) => account.id === id);
  const isLastAdmin = (account: Account) =>
    account.role === 'admin' && data.accounts.filter((other) => other.role === 'admin').length === 1;

  return {
    list: () => data.accounts,
    find,
    async create({ password, ...wanted }) {
      if (byName(wanted.username)) return { ok: false, reason: 'usernameTaken' };
      const passwordHash = await hashPassword(password);
      // Asked again: hashing takes long enough for a second request to get in between
      if (byName(wanted.username)) return { ok: false, reason: 'usernameTaken' };
      const account: Account = { id: randomUUID(), ...wanted, passwordHash, createdAt: parts.now() };
      await db.update(({ accounts }) => accounts.push(account));
      return { ok: true, account };
    },
    async change(id, { password, scope, ...change }) {
      const passwordHash = password === undefined ? undefined : await hashPassword(password);
      const account = find(id);
      if (account === undefined) return { ok: false, reason: 'notFound' };
      if (change.role !== undefined && change.role !== 'admin' && isLastAdmin(account)) {
        return { ok: false, reason: 'lastAdmin' };
      }
      const revokes = passwordHash !== undefined || scope !== undefined || change.role !== undefined;
      const changed = db.update((document) => {
        Object.assign(account, change);
        if (passwordHash !== undefined) account.passwordHash = passwordHash;
        if (scope === null) delete account.scope;
        else if (scope !== undefined) account.scope = scope;
        if (revokes) document.sessions = document.sessions.filter((session) => session.accountId !== id);
      });
      if (revokes) parts.onRevoked(id);
      await changed;
      return { ok: true, account };
    },
    async remove(id) {
      const account = find(id);
      if (account === undefined) return { ok: false, reason: 'notFound' };
      if (isLastAdmin(account)) return { ok: false, reason: 'lastAdmin' };
      const removed = db.update((document) => {
        document.accounts = document.accounts.filter((other) => other.id !== id);
        document.sessions = document.sessions.filter((session) => session.accountId !== id);
      });
      parts.onRevoked(id);
      await removed;
      return { ok: true, account };
    },
    async check(username, password) {
      const account = byName(username);
      return (await isPassword(password, account?.passwordHash)) ? account : undefined;
    },
  };
}
