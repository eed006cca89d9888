import { z } from 'zod';
import type { Accounts, PasswordCheck } from '../identity/accounts.ts';
import type { StaffIdentity } from '../identity/identity.ts';
import type { IdentityProvider } from '../identity/identityProvider.ts';
import { faultOfPassword, MAX_PASSWORD_LENGTH, PASSWORD_FAULTS } from '../identity/passwordPolicy.ts';
import type { OpenedSession, Sessions } from '../identity/sessions.ts';
import type { SignInGuard } from '../identity/signInGuard.ts';
import { invalid, problem } from '../ingest/problem.ts';
import type { AuditLog } from '../store/auditLog.ts';
import { type Account, ROLES } from '../store/settingsDb.ts';
import { clearedSessionCookie, sessionCookie } from './authentication.ts';
import { tooMany } from './perAddress.ts';
import { type Answer, callerNote, type Route, route, STAFF, staffOf } from './route.ts';
import type { WireInstant } from './wireInstant.ts';

const wireInstant = z.iso.datetime({ offset: true });

const userOut = z.strictObject({
  id: z.string(),
  username: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  scope: z.string().optional(),
});

const signedIn = z.strictObject({ token: z.string(), expiresAt: wireInstant, user: userOut });

function userOf(
  id: string,
  {
    username,
    name,
    role,
    scope,
  }: Pick<StaffIdentity, 'username' | 'name' | 'role'> & { readonly scope?: string | undefined },
) {
  return { id, username, name, role, ...(scope === undefined ? {} : { scope }) };
}

/** A password that is being chosen: why it will not do. */
export async function refusedPassword(
  password: string | undefined,
  username: string,
  path: string,
): Promise<Answer | undefined> {
  const fault = password === undefined ? undefined : await faultOfPassword(password, username);
  return fault === undefined ? undefined : { problem: invalid([{ path, message: PASSWORD_FAULTS[fault] }]) };
}

export function sessionRoutes(parts: {
  readonly accounts: Pick<Accounts, 'check' | 'change' | 'find'>;
  readonly sessions: Sessions;
  readonly guard: SignInGuard;
  readonly provider: Pick<IdentityProvider, 'endUrl'> | undefined;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly instant: WireInstant;
}): Route[] {
  const { accounts, sessions, guard, provider, audit, instant } = parts;

  /** Whether the password is right; a wrong one is taken down, and answered here like a wait. */
  async function checked(
    username: string,
    password: string,
    address: string,
    purpose: 'signIn' | 'change',
  ): Promise<{ readonly account: Account } | { readonly refused: Answer }> {
    const result = await guard.run<PasswordCheck>(username, address, () => accounts.check(username, password));
    // Not taken down: nothing was tried, and whoever is told to wait could fill the disk
    if ('waitMs' in result) return { refused: tooMany(result.waitMs, 'too many wrong passwords') };
    if (result.ok) return { account: result.account };
    const { accountId, ended = false } = result;
    const owner = accountId === undefined ? undefined : accounts.find(accountId);
    // One that must be replaced is good for that still
    if (ended && purpose === 'change' && owner !== undefined) return { account: owner };
    // What was typed as a username may be a password, or somebody's name: it is not kept
    const whose =
      accountId === undefined
        ? { detail: { reason: 'unknownUser' } }
        : {
            accountId,
            username: owner?.username ?? '',
            detail: { reason: ended ? 'passwordEnded' : 'wrongPassword' },
          };
    await audit.record({ kind: 'signInRefused', address, ...whose });
    const why = ended
      ? 'this first password was to be replaced within a week; start the server again for another one'
      : 'wrong username or password';
    return { refused: { problem: problem('unauthorized', why) } };
  }

  function welcome(account: Account, { token, expiresAt }: OpenedSession, secure: boolean): Answer {
    return {
      status: 201,
      headers: { 'Set-Cookie': sessionCookie(token, expiresAt, secure) },
      body: { token, expiresAt: instant(expiresAt), user: userOf(account.id, account) },
    };
  }

  const changedMeanwhile = { problem: problem('unauthorized', 'the account was changed meanwhile; sign in again') };

  return [
    route({
      method: 'post',
      path: '/api/v1/session',
      operation: 'signIn',
      summary: 'Sign in. The token also comes as an HttpOnly cookie.',
      who: 'anyone',
      takesPassword: true,
      body: z.object({ username: z.string().min(1).max(200), password: z.string().min(1).max(MAX_PASSWORD_LENGTH) }),
      answers: { 201: { description: 'Signed in', schema: signedIn } },
      problems: ['unauthorized', 'too_many_requests'],
      handle: async ({ body: { username, password }, address, secure }) => {
        const result = await checked(username, password, address, 'signIn');
        if ('refused' in result) return result.refused;
        const { account } = result;
        const opened = await sessions.open(account);
        if (opened === undefined) return changedMeanwhile;
        const { id: accountId } = account;
        await audit.record({
          kind: 'signedIn',
          accountId,
          username: account.username,
          address,
          detail: { by: 'password' },
        });
        return welcome(account, opened, secure);
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/session',
      operation: 'getSession',
      summary: 'Whose session this is: what a page that holds only the cookie asks first.',
      who: STAFF,
      answers: {
        200: {
          description: 'Signed in',
          schema: z.strictObject({
            user: userOut,
            expiresAt: wireInstant.meta({ description: 'It lasts no longer than this' }),
            idleEndsAt: wireInstant.meta({ description: 'It ends then unless it is used; an open desk uses it' }),
            hasPassword: z.boolean().meta({ description: 'False: it signs in through the identity provider alone' }),
          }),
        },
      },
      handle: (request) => {
        const staff = staffOf(request);
        const ends = sessions.endsOf(staff.sessionHash);
        if (ends === undefined) return { problem: problem('unauthorized') };
        return {
          status: 200,
          body: {
            user: userOf(staff.accountId, staff),
            expiresAt: instant(ends.expiresAt),
            idleEndsAt: instant(ends.idleEndsAt),
            hasPassword: accounts.find(staff.accountId)?.passwordHash !== undefined,
          },
        };
      },
    }),
    route({
      method: 'delete',
      path: '/api/v1/session',
      operation: 'signOut',
      summary:
        'Sign out: ends the session whose token is used and its live sockets. `Link` with `rel="end-session"` leads to where the session at the identity provider ends.',
      who: STAFF,
      answers: { 204: { description: 'Signed out' } },
      handle: async (request) => {
        const { sessionHash } = staffOf(request);
        await sessions.end(sessionHash);
        await audit.record({ kind: 'signedOut', ...callerNote(request) });
        const endUrl = await provider?.endUrl(sessionHash);
        return {
          status: 204,
          headers: {
            'Set-Cookie': clearedSessionCookie(request.secure),
            ...(endUrl === undefined ? {} : { Link: `<${endUrl}>; rel="end-session"` }),
          },
        };
      },
    }),
    route({
      method: 'post',
      path: '/api/v1/session/password',
      operation: 'changeOwnPassword',
      summary: 'Choose a new password. Every session of the account ends; the answer opens a new one.',
      who: STAFF,
      takesPassword: true,
      body: z.object({
        password: z
          .string()
          .min(1)
          .max(MAX_PASSWORD_LENGTH)
          .meta({ description: 'The one so far; wrong ones count as when signing in' }),
        newPassword: z
          .string()
          .meta({ description: `${PASSWORD_FAULTS.tooShort}; not the username, not a common one; any characters` }),
      }),
      answers: { 201: { description: 'Changed, and signed in anew', schema: signedIn } },
      problems: ['invalid', 'too_many_requests'],
      handle: async (request) => {
        const { address, secure, body } = request;
        const { accountId, username } = staffOf(request);
        const faulty = await refusedPassword(body.newPassword, username, 'newPassword');
        if (faulty) return faulty;
        const result = await checked(username, body.password, address, 'change');
        if ('refused' in result) {
          const { refused } = result;
          // 401 would say that the session is over
          return 'problem' in refused && refused.problem.code === 'unauthorized'
            ? { problem: invalid([{ path: 'password', message: 'is not the password so far' }]) }
            : refused;
        }
        const changed = await accounts.change(accountId, { password: body.newPassword });
        if (!changed.ok) return { problem: problem('unauthorized') };
        await audit.record({ kind: 'passwordChanged', ...callerNote(request), subjects: [accountId] });
        const opened = await sessions.open(changed.account);
        return opened === undefined ? changedMeanwhile : welcome(changed.account, opened, secure);
      },
    }),
  ];
}
