import type { ClientKind, Role } from '../store/settingsDb.ts';

export interface StaffIdentity {
  readonly kind: 'staff';
  readonly accountId: string;
  readonly username: string;
  readonly name: string;
  readonly role: Role;
  /** The street that the account is limited to. */
  readonly scope?: string;
  readonly sessionHash: string;
}

export interface ClientIdentity {
  readonly kind: ClientKind;
  readonly clientId: string;
  readonly name: string;
  readonly scope?: string;
}

export type Identity = StaffIdentity | ClientIdentity;

/** What routes name as allowed: a role of the staff, or a kind of client. */
export type Caller = Role | ClientKind;

export function callerOf(identity: Identity): Caller {
  return identity.kind === 'staff' ? identity.role : identity.kind;
}

/** The room that all live sockets of these credentials are in, so that revoking them can cut the sockets. */
export function roomOf(identity: Identity): string {
  return identity.kind === 'staff' ? `account:${identity.accountId}` : `client:${identity.clientId}`;
}

/** The room of one sign-in, besides that of its account. */
export function roomOfSession(sessionHash: string): string {
  return `session:${sessionHash}`;
}
