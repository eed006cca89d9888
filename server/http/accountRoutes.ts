import { z } from 'zod';
import type { Deployment } from '../../domain/deployment.ts';
import type { AccountRefusal, Accounts } from '../identity/accounts.ts';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH, PASSWORD_FAULTS } from '../identity/passwordPolicy.ts';
import { problem } from '../ingest/problem.ts';
import { text } from '../ingest/reportSchemas.ts';
import type { AuditLog } from '../store/auditLog.ts';
import { type Account, ROLES } from '../store/settingsDb.ts';
import { manages, wrongScope } from './grantedScope.ts';
import { ADMINS, type Answer, callerNote, type Route, route } from './route.ts';
import { refusedPassword } from './sessionRoutes.ts';
import type { WireInstant } from './wireInstant.ts';

const password = z
  .string()
  .min(MIN_PASSWORD_LENGTH, PASSWORD_FAULTS.tooShort)
  .max(MAX_PASSWORD_LENGTH)
  .meta({ description: 'Not the username, not a common one; any characters' });

const accountOut = z.strictObject({
  id: z.string(),
  username: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  scope: z.string().nullable().meta({ description: 'A street; null: the whole district' }),
  createdAt: z.iso.datetime({ offset: true }),
});
const oneAccount = z.strictObject({ account: accountOut });

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
  readonly audit: Pick<AuditLog, 'record'>;
  readonly instant: WireInstant;
}): Route[] {
  const { accounts, deployment, audit, instant } = parts;
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
      takesPassword: true,
      body: z.object({
        username: text(64),
        name: text(200),
        role: z.enum(ROLES),
        scope: z.string().optional().meta({ description: 'A street that the account is limited to' }),
        password,
      }),
      answers: { 201: { description: 'The account', schema: oneAccount } },
      problems: ['conflict', 'out_of_scope'],
      handle: async (request) => {
        const { scope, ...wanted } = request.body;
        const wrong =
          wrongScope(request, deployment, scope) ??
          (await refusedPassword(wanted.password, wanted.username, 'password'));
        if (wrong) return wrong;
        const result = await accounts.create({ ...wanted, ...(scope === undefined ? {} : { scope }) });
        if (!result.ok) return refused(result.reason);
        const { account } = result;
        await audit.record({
          kind: 'accountCreated',
          ...callerNote(request),
          subjects: [account.id],
          detail: { role: account.role, ...(scope === undefined ? {} : { scope }) },
        });
        return { status: 201, body: { account: out(account) } };
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/accounts',
      operation: 'listAccounts',
      summary: 'All accounts; for who is limited to a street those of that street.',
      who: ADMINS,
      answers: {
        200: { description: 'In order of their making', schema: z.strictObject({ items: z.array(accountOut) }) },
      },
      handle: (request) => {
        const known = accounts.list().filter(({ scope }) => manages(request, scope));
        return { status: 200, body: { items: known.map(out) } };
      },
    }),
    route({
      method: 'patch',
      path: '/api/v1/accounts/{accountId}',
      operation: 'changeAccount',
      summary: 'Change name, role, scope or password. All but a new name ends the sessions of the account.',
      who: ADMINS,
      takesPassword: true,
      body: z.object({
        name: text(200).optional(),
        role: z.enum(ROLES).optional(),
        scope: z.string().nullable().optional(),
        password: password.optional(),
      }),
      answers: { 200: { description: 'The account as it is now', schema: oneAccount } },
      problems: ['not_found', 'last_admin', 'out_of_scope'],
      handle: async (request) => {
        const { name, role, scope, password: changed } = request.body;
        const id = request.params.accountId as string;
        const known = accounts.find(id);
        if (known === undefined || !manages(request, known.scope)) return refused('notFound');
        const wrong =
          (scope === undefined ? undefined : wrongScope(request, deployment, scope)) ??
          (await refusedPassword(changed, known.username, 'password'));
        if (wrong) return wrong;
        const result = await accounts.change(id, {
          ...(name === undefined ? {} : { name }),
          ...(role === undefined ? {} : { role }),
          ...(scope === undefined ? {} : { scope }),
          ...(changed === undefined ? {} : { password: changed }),
        });
        if (!result.ok) return refused(result.reason);
        const fields = { name, role, scope, password: changed };
        const what = Object.entries(fields).filter(([, value]) => value !== undefined);
        await audit.record({
          kind: 'accountChanged',
          ...callerNote(request),
          subjects: [id],
          detail: {
            fields: what.map(([field]) => field).join(' '),
            role: result.account.role,
            ...(result.account.scope === undefined ? {} : { scope: result.account.scope }),
          },
        });
        return { status: 200, body: { account: out(result.account) } };
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
      handle: async (request) => {
        const id = request.params.accountId as string;
        if (!manages(request, accounts.find(id)?.scope)) return refused('notFound');
        const result = await accounts.remove(id);
        if (!result.ok) return refused(result.reason);
        await audit.record({ kind: 'accountRemoved', ...callerNote(request), subjects: [id] });
        return { status: 204 };
      },
    }),
  ];
}
