import { z } from 'zod';
import type { Deployment } from '../../domain/deployment.ts';
import type { AccountRefusal, Accounts } from '../identity/accounts.ts';
import { invalid, problem } from '../ingest/problem.ts';
import { text } from '../ingest/reportSchemas.ts';
import { type Account, ROLES } from '../store/settingsDb.ts';
import { ADMINS, type Answer, type Route, route } from './route.ts';
import type { WireInstant } from './wireInstant.ts';

const MIN_PASSWORD = 8;
const password = z.string().min(MIN_PASSWORD, `must have at least ${MIN_PASSWORD} characters`).max(1000);

const accountOut = z.strictObject({
  id: z.string(),
  username: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  scope: z.string().nullable().meta({ description: 'A street; null: the whole district' }),
  createdAt: z.iso.datetime({ offset: true }),
});
const oneAccount = z.strictObject({ account: accountOut });

/** A scope must be a street of the deployment. */
export function wrongScope(
  deployment: Pick<Deployment, 'streets'>,
  scope: string | null | undefined,
): Answer | undefined {
  if (scope === undefined || scope === null || deployment.streets.some((street) => street.id === scope))
    return undefined;
  return { problem: invalid([{ path: 'scope', message: 'no street of this deployment' }]) };
}

function refused(reason: AccountRefusal): Answer {
  switch (reason) {
    case 'notFound':
      return { problem: problem('not_found', 'no account has this id') };
    case 'usernameTaken':
      return { problem: problem('conflict', 'this username is taken') };
    case 'lastAdmin':
      return { problem: problem('last_admin') };
  }
}

export function accountRoutes(parts: {
  readonly accounts: Accounts;
  readonly deployment: Deployment;
  readonly instant: WireInstant;
}): Route[] {
  const { accounts, deployment, instant } = parts;
  const out = (account: Account): z.infer<typeof accountOut> => ({
    id: account.id,
    username: account.username,
    name: account.name,
    role: account.role,
    scope: account.scope ?? null,
    createdAt: instant(account.createdAt),
  });

  return [
    route({
      method: 'post',
      path: '/api/v1/accounts',
      operation: 'createAccount',
      summary: 'Give somebody of the staff an account.',
      who: ADMINS,
      body: z.object({
        username: text(64),
        name: text(200),
        role: z.enum(ROLES),
        scope: z.string().optional().meta({ description: 'A street that the account is limited to' }),
        password,
      }),
      answers: { 201: { description: 'The account', schema: oneAccount } },
      problems: ['conflict'],
      handle: async ({ body: { scope, ...wanted } }) => {
        const wrong = wrongScope(deployment, scope);
        if (wrong) return wrong;
        const result = await accounts.create({ ...wanted, ...(scope === undefined ? {} : { scope }) });
        return result.ok ? { status: 201, body: { account: out(result.account) } } : refused(result.reason);
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/accounts',
      operation: 'listAccounts',
      summary: 'All accounts.',
      who: ADMINS,
      answers: {
        200: { description: 'In order of their making', schema: z.strictObject({ items: z.array(accountOut) }) },
      },
      handle: () => ({ status: 200, body: { items: accounts.list().map(out) } }),
    }),
    route({
      method: 'patch',
      path: '/api/v1/accounts/{accountId}',
      operation: 'changeAccount',
      summary: 'Change name, role, scope or password. All but a new name ends the sessions of the account.',
      who: ADMINS,
      body: z.object({
        name: text(200).optional(),
        role: z.enum(ROLES).optional(),
        scope: z.string().nullable().optional(),
        password: password.optional(),
      }),
      answers: { 200: { description: 'The account as it is now', schema: oneAccount } },
      problems: ['not_found', 'last_admin'],
      handle: async ({ params, body: { name, role, scope, password: changed } }) => {
        const wrong = wrongScope(deployment, scope);
        if (wrong) return wrong;
        const result = await accounts.change(params.accountId as string, {
          ...(name === undefined ? {} : { name }),
          ...(role === undefined ? {} : { role }),
          ...(scope === undefined ? {} : { scope }),
          ...(changed === undefined ? {} : { password: changed }),
        });
        return result.ok ? { status: 200, body: { account: out(result.account) } } : refused(result.reason);
      },
    }),
    route({
      method: 'delete',
      path: '/api/v1/accounts/{accountId}',
      operation: 'deleteAccount',
      summary: 'Remove an account and end its sessions.',
      who: ADMINS,
      answers: { 204: { description: 'Removed' } },
      problems: ['not_found', 'last_admin'],
      handle: async ({ params }) => {
        const result = await accounts.remove(params.accountId as string);
        return result.ok ? { status: 204 } : refused(result.reason);
      },
    }),
  ];
}
