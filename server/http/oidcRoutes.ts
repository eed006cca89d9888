import { stringifySetCookie } from 'cookie';
import { z } from 'zod';
import type { IdentityProvider, ProviderRefusal } from '../identity/identityProvider.ts';
import type { Sessions } from '../identity/sessions.ts';
import { hashOfToken } from '../identity/tokens.ts';
import { problem } from '../ingest/problem.ts';
import type { AuditLog } from '../store/auditLog.ts';
import { cookieName, sessionCookie } from './authentication.ts';
import { createBeginnings } from './perAddress.ts';
import { type Answer, type Route, route } from './route.ts';

const ATTEMPT_COOKIE = 'taibai_sign_in';
/** What the provider must know as an allowed address of ours. */
export const CALLBACK_PATH = '/api/v1/session/oidc/callback';
const ATTEMPT_SECONDS = 600;
/** The desk, which finds its cookie or says why there is none. */
const DESK = '/desk';

/** Comes back with a visit from another site, as the provider's answer is one; it opens nothing by itself. */
function attemptCookie(browserToken: string, secure: boolean): string {
  return stringifySetCookie({
    name: cookieName(ATTEMPT_COOKIE, secure),
    value: browserToken,
    httpOnly: true,
    sameSite: 'lax',
    path: '/',
    maxAge: browserToken === '' ? 0 : ATTEMPT_SECONDS,
    secure,
  });
}

function backToDesk(reason: ProviderRefusal | 'changedMeanwhile', secure: boolean): Answer {
  return {
    status: 302,
    headers: { Location: `${DESK}?signIn=${reason}`, 'Set-Cookie': attemptCookie('', secure) },
  };
}

/** Signing in through the identity provider of the house; without one only the question which ways there are. */
export function oidcRoutes(parts: {
  readonly provider: IdentityProvider | undefined;
  /** On the button. */
  readonly name: { readonly zh: string; readonly en?: string } | undefined;
  /** As the provider knows it. */
  readonly callbackUrl: URL | undefined;
  readonly sessions: Pick<Sessions, 'open'>;
  readonly audit: Pick<AuditLog, 'record'>;
}): Route[] {
  const { provider, name, callbackUrl, sessions, audit } = parts;
  const beginning = createBeginnings();
  const notSet = { problem: problem('not_found', 'no identity provider is set up') };

  return [
    route({
      method: 'get',
      path: '/api/v1/sign-in',
      operation: 'listSignInWays',
      summary: 'Which ways to sign in there are, for the sign-in page.',
      who: 'anyone',
      answers: {
        200: {
          description: 'A name and a password always; the identity provider where one is set up',
          schema: z.strictObject({
            provider: z
              .strictObject({
                name: z.strictObject({ zh: z.string(), en: z.string().optional() }),
                url: z.string().meta({ description: 'Where the browser goes to begin' }),
              })
              .nullable(),
          }),
        },
      },
      handle: () => ({
        status: 200,
        body: { provider: name === undefined ? null : { name, url: '/api/v1/session/oidc' } },
      }),
    }),
    route({
      method: 'get',
      path: '/api/v1/session/oidc',
      operation: 'beginProviderSignIn',
      summary: 'Begin to sign in at the identity provider: a page of the browser goes there, not a script.',
      who: 'anyone',
      answers: { 302: { description: 'To the provider' } },
      problems: ['not_found', 'too_many_requests', 'unavailable'],
      handle: async ({ address, secure }) => {
        if (provider === undefined) return notSet;
        const refused = await beginning(address);
        if (refused) return refused;
        const attempt = await provider.begin();
        if (attempt === undefined) return { problem: problem('unavailable', 'the identity provider does not answer') };
        return {
          status: 302,
          headers: { Location: attempt.url.href, 'Set-Cookie': attemptCookie(attempt.browserToken, secure) },
        };
      },
    }),
    route({
      method: 'get',
      path: CALLBACK_PATH,
      operation: 'finishProviderSignIn',
      summary: 'Where the identity provider sends the browser back to; opens the session and goes on to the desk.',
      who: 'anyone',
      query: z.looseObject({}),
      answers: { 302: { description: 'To the desk, signed in; or with `signIn`, the reason why not' } },
      problems: ['not_found'],
      handle: async ({ query, cookies, address, secure }) => {
        if (provider === undefined || callbackUrl === undefined) return notSet;
        const answerUrl = new URL(callbackUrl);
        for (const [key, value] of Object.entries(query)) {
          if (typeof value === 'string') answerUrl.searchParams.set(key, value);
        }
        const outcome = await provider.finish(answerUrl, cookies[cookieName(ATTEMPT_COOKIE, secure)]);
        if (!outcome.ok) {
          const { reason, accountId } = outcome;
          // Not taken down: nobody has shown who they are, and anybody could fill the disk with it
          if (reason === 'unknownAttempt') return backToDesk(reason, secure);
          await audit.record({
            kind: 'signInRefused',
            address,
            ...(accountId === undefined ? {} : { accountId }),
            detail: { by: 'provider', reason },
          });
          return backToDesk(reason, secure);
        }
        const { account, idToken } = outcome;
        const opened = await sessions.open(account);
        if (opened === undefined) return backToDesk('changedMeanwhile', secure);
        provider.remember(hashOfToken(opened.token), idToken);
        const { id: accountId, username } = account;
        await audit.record({ kind: 'signedIn', accountId, username, address, detail: { by: 'provider' } });
        return {
          status: 302,
          headers: {
            Location: DESK,
            'Set-Cookie': [attemptCookie('', secure), sessionCookie(opened.token, opened.expiresAt, secure)],
          },
        };
      },
    }),
  ];
}
