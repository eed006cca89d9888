import { isFields, type Reader } from '../api.ts';

/** Who may sign in (contract, Roles). */
export const ROLES = ['viewer', 'leader', 'duty', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Who sits at the desk. */
export interface User {
  readonly id: string;
  readonly username: string;
  readonly name: string;
  readonly role: Role;
  /** The street that the account is limited to. */
  readonly scope?: string;
}

function isRole(value: unknown): value is Role {
  return (ROLES as readonly unknown[]).includes(value);
}

/** Of the answers to a sign-in and to the question whose session it is. */
export const readUser: Reader<User> = (body) => {
  if (!isFields(body) || !isFields(body.user)) return undefined;
  const { id, username, name, role, scope } = body.user;
  if (typeof id !== 'string' || typeof username !== 'string' || typeof name !== 'string' || !isRole(role))
    return undefined;
  return { id, username, name, role, ...(typeof scope === 'string' ? { scope } : {}) };
};

/** Who deals with alerts and drives walls (contract, Roles). */
export function mayHandle({ role }: User): boolean {
  return role === 'duty' || role === 'admin';
}
