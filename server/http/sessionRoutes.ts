import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { z } from 'zod';
import { type Accounts, foldedUsername } from '../identity/accounts.ts';
import type { StaffIdentity } from '../identity/identity.ts';
import type { Sessions } from '../identity/sessions.ts';
import { problem } from '../ingest/problem.ts';
import type { Log } from '../log.ts';
import { ROLES } from '../store/settingsDb.ts';
import { clearedSessionCookie, sessionCookie } from './authentication.ts';
import { type Answer, type Route, route, STAFF, staffOf } from './route.ts';
import type { WireInstant } from './wireInstant.ts';

/** Wrong passwords for one user from one address, and from one address at all, before it must wait. */
const FAILURES_PER_USER = 5;
const FAILURES_PER_ADDRESS = 50;
const FAILURE_WINDOW_SECONDS = 300;
/** Each try takes 32 MiB and a core for a while; more at once would starve tickets. */
const MAX_CHECKS_AT_ONCE = 8;

function mustWait(waitMs: number): Answer {
  return {
    problem: problem('too_many_requests', 'too many wrong passwords'),
    headers: { 'Retry-After': String(Math.max(1, Math.ceil(waitMs / 1000))) },
  };
}

const userOut = z.strictObject({
  id: z.string(),
  username: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  scope: z.string().optional(),
});

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

export function sessionRoutes(parts: {
  readonly accounts: Pick<Accounts, 'check'>;
  readonly sessions: Sessions;
  readonly instant: WireInstant;
  readonly log: Log;
}): Route[] {
  const { accounts, sessions, instant, log } = parts;
  const perUser = new RateLimiterMemory({ points: FAILURES_PER_USER, duration: FAILURE_WINDOW_SECONDS });
  const perAddress = new RateLimiterMemory({ points: FAILURES_PER_ADDRESS, duration: FAILURE_WINDOW_SECONDS });
  let checks = 0;

  function waitMsOf(spent: RateLimiterRes | null, allowed: number): number {
    return spent !== null && spent.consumedPoints >= allowed ? spent.msBeforeNext : 0;
  }

  return [
    route({
      method: 'post',
      path: '/api/v1/session',
      operation: 'signIn',
      summary: 'Sign in. The token also comes as an HttpOnly cookie.',
      who: 'anyone',
      body: z.object({ username: z.string().min(1).max(200), password: z.string().min(1).max(1000) }),
      answers: {
        201: {
          description: 'Signed in',
          schema: z.strictObject({
            token: z.string(),
            expiresAt: z.iso.datetime({ offset: true }),
            user: userOut,
          }),
        },
      },
      problems: ['unauthorized', 'too_many_requests'],
      handle: async ({ body: { username, password }, address, secure }) => {
        const userKey = JSON.stringify([foldedUsername(username), address]);
        const [byUser, byAddress] = await Promise.all([perUser.get(userKey), perAddress.get(address)]);
        const waitMs = Math.max(waitMsOf(byUser, FAILURES_PER_USER), waitMsOf(byAddress, FAILURES_PER_ADDRESS));
        if (waitMs > 0) return mustWait(waitMs);
        if (checks >= MAX_CHECKS_AT_ONCE) return mustWait(1000);
        // Spent before the answer is known and given back after: tries made at the same time count as well
        checks += 1;
        await Promise.all([perUser.penalty(userKey, 1), perAddress.penalty(address, 1)]);
        const account = await accounts.check(username, password).finally(() => {
          checks -= 1;
        });
        if (account === undefined) {
          log.warn({ address }, 'a sign-in was refused');
          return { problem: problem('unauthorized', 'wrong username or password') };
        }
        await Promise.all([perUser.delete(userKey), perAddress.reward(address, 1)]);
        const { token, expiresAt } = await sessions.open(account);
        return {
          status: 201,
          headers: { 'Set-Cookie': sessionCookie(token, expiresAt, secure) },
          body: {
            token,
            expiresAt: instant(expiresAt),
            user: userOf(account.id, account),
          },
        };
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/session',
      operation: 'getSession',
      summary: 'Whose session this is: what a page that holds only the cookie asks first.',
      who: STAFF,
      answers: { 200: { description: 'Signed in', schema: z.strictObject({ user: userOut }) } },
      handle: (request) => {
        const staff = staffOf(request);
        return { status: 200, body: { user: userOf(staff.accountId, staff) } };
      },
    }),
    route({
      method: 'delete',
      path: '/api/v1/session',
      operation: 'signOut',
      summary: 'Sign out: ends the session whose token is used.',
      who: STAFF,
      answers: { 204: { description: 'Signed out' } },
      handle: async (request) => {
        await sessions.end(staffOf(request).sessionHash);
        return { status: 204, headers: { 'Set-Cookie': clearedSessionCookie(request.secure) } };
      },
    }),
  ];
}
