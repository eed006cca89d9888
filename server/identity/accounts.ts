import { randomUUID } from 'node:crypto';
import type { Account, Role, SettingsDb, SettingsDocument } from '../store/settingsDb.ts';
import { foldedUsername } from './foldedUsername.ts';
import { hashPassword, isOutdatedHash, isPassword } from './passwords.ts';

export type AccountRefusal = 'notFound' | 'usernameTaken' | 'lastAdmin';
export type AccountResult =
  | { readonly ok: true; readonly account: Account }
  | { readonly ok: false; readonly reason: AccountRefusal };

export interface NewAccount {
  readonly username: string;
  readonly name: string;
  readonly role: Role;
  readonly scope?: string;
  /** Absent: it signs in through the identity provider alone. */
  readonly password?: string;
  /** A password that was generated must be replaced by then. */
  readonly passwordEndsAt?: number;
}

export interface AccountChange {
  readonly name?: string;
  readonly role?: Role;
  /** null: the whole district. */
  readonly scope?: string | null;
  readonly password?: string;
  /** Of this password, where it was generated. */
  readonly passwordEndsAt?: number;
}

export type PasswordCheck =
  | { readonly ok: true; readonly account: Account }
  /** `accountId`: whose password was tried; absent where there is no such user. `ended`: it was right, but its time is over. */
  | { readonly ok: false; readonly accountId?: string; readonly ended?: true };

export interface Accounts {
  list(): readonly Account[];
  find(id: string): Account | undefined;
  findByUsername(username: string): Account | undefined;
  create(wanted: NewAccount): Promise<AccountResult>;
  /** Whatever bears on what the account may do ends its sessions. */
  change(id: string, change: AccountChange): Promise<AccountResult>;
  remove(id: string): Promise<AccountResult>;
  /** Whether the password is the account's own; takes as long for an unknown user. */
  check(username: string, password: string): Promise<PasswordCheck>;
}

function ofUsername(accounts: readonly Account[], username: string): Account | undefined {
  const folded = foldedUsername(username);
  return accounts.find((account) => foldedUsername(account.username) === folded);
}

function isLastAdmin({ accounts }: SettingsDocument, account: Account): boolean {
  return account.role === 'admin' && accounts.filter((other) => other.role === 'admin').length === 1;
}

function endSessions(document: SettingsDocument, accountId: string): void {
  document.sessions = document.sessions.filter((session) => session.accountId !== accountId);
}

/** `onRevoked` hears of an account whose sessions have just ended. */
export function createAccounts(
  db: SettingsDb,
  parts: { readonly now: () => number; readonly onRevoked: (accountId: string) => void },
): Accounts {
  /** Decides on the draft: what else was asked for meanwhile has been done there already. */
  async function decide(change: (document: SettingsDocument) => AccountResult): Promise<AccountResult> {
    return db.update(change);
  }

  return {
    list: () => db.data.accounts,
    find: (id) => db.data.accounts.find((account) => account.id === id),
    findByUsername: (username) => ofUsername(db.data.accounts, username),
    async create({ password, ...wanted }) {
      if (ofUsername(db.data.accounts, wanted.username)) return { ok: false, reason: 'usernameTaken' };
      const secret = password === undefined ? {} : { passwordHash: await hashPassword(password) };
      const account: Account = { id: randomUUID(), ...wanted, ...secret, createdAt: parts.now() };
      return decide(({ accounts }) => {
        if (ofUsername(accounts, wanted.username)) return { ok: false, reason: 'usernameTaken' };
        accounts.push(account);
        return { ok: true, account };
      });
    },
    async change(id, { password, passwordEndsAt, scope, ...change }) {
      const passwordHash = password === undefined ? undefined : await hashPassword(password);
      const revokes = passwordHash !== undefined || scope !== undefined || change.role !== undefined;
      const result = await decide((document) => {
        const account = document.accounts.find((known) => known.id === id);
        if (account === undefined) return { ok: false, reason: 'notFound' };
        if (change.role !== undefined && change.role !== 'admin' && isLastAdmin(document, account)) {
          return { ok: false, reason: 'lastAdmin' };
        }
        Object.assign(account, change);
        if (passwordHash !== undefined) {
          account.passwordHash = passwordHash;
          delete account.passwordEndsAt;
          if (passwordEndsAt !== undefined) account.passwordEndsAt = passwordEndsAt;
        }
        if (scope === null) delete account.scope;
        else if (scope !== undefined) account.scope = scope;
        if (revokes) endSessions(document, id);
        return { ok: true, account };
      });
      if (result.ok && revokes) parts.onRevoked(id);
      return result;
    },
    async remove(id) {
      const result = await decide((document) => {
        const account = document.accounts.find((known) => known.id === id);
        if (account === undefined) return { ok: false, reason: 'notFound' };
        if (isLastAdmin(document, account)) return { ok: false, reason: 'lastAdmin' };
        document.accounts = document.accounts.filter((other) => other.id !== id);
        endSessions(document, id);
        return { ok: true, account };
      });
      if (result.ok) parts.onRevoked(id);
      return result;
    },
    async check(username, password) {
      const account = ofUsername(db.data.accounts, username);
      if (!(await isPassword(password, account?.passwordHash))) {
        return { ok: false, ...(account === undefined ? {} : { accountId: account.id }) };
      }
      // Only an account has a hash that anything fits
      if (account?.passwordHash === undefined) throw new Error('a password fitted no account');
      if ((account.passwordEndsAt ?? Number.POSITIVE_INFINITY) <= parts.now()) {
        return { ok: false, accountId: account.id, ended: true };
      }
      if (isOutdatedHash(account.passwordHash)) {
        const renewed = await hashPassword(password);
        await db.update(({ accounts }) => {
          const known = accounts.find(({ id }) => id === account.id);
          // Unless it was changed meanwhile
          if (known !== undefined && known.passwordHash === account.passwordHash) known.passwordHash = renewed;
        });
      }
      return { ok: true, account: db.data.accounts.find(({ id }) => id === account.id) ?? account };
    },
  };
}
