import * as oidc from 'openid-client';
import type { Account, Role, SettingsDb } from '../store/settingsDb.ts';
import type { AccountChange, Accounts } from './accounts.ts';
import { createToken, hashOfToken } from './tokens.ts';

/** How staff sign in through the identity provider of the house (OpenID Connect). */
export interface ProviderSettings {
  readonly issuer: string;
  readonly clientId: string;
  /** Absent: a public client, protected by PKCE alone. */
  readonly clientSecret?: string;
  /** Asked of the provider, `openid` among them. */
  readonly scopes: readonly string[];
  /** Claims may be named by a path: `realm_access.roles`. */
  readonly usernameClaim: string;
  readonly nameClaim: string;
  /** What a role here is there; the first that fits counts. Without it roles are given by hand. */
  readonly roles?: ClaimMapping<Role>;
  /** What a street here is there; nothing that fits: the whole district. Without it scopes are given by hand. */
  readonly streets?: ClaimMapping<string>;
  /** Whether somebody without an account gets one at the first sign-in; needs `roles`. */
  readonly createAccounts: boolean;
}

export interface ClaimMapping<Value> {
  readonly claim: string;
  readonly values: Readonly<Record<string, Value>>;
}

export type ProviderRefusal =
  /** Begun elsewhere, too long ago, or twice. */
  | 'unknownAttempt'
  /** The provider said no, or what it said does not hold. */
  | 'refused'
  | 'unreachable'
  | 'noUsername'
  | 'noAccount'
  /** The account belongs to somebody else at the provider. */
  | 'otherPerson'
  | 'noRole'
  | 'lastAdmin';

export type ProviderOutcome =
  /** `idToken` names the session at the provider, for `remember`. */
  | { readonly ok: true; readonly account: Account; readonly idToken: string }
  | { readonly ok: false; readonly reason: ProviderRefusal; readonly accountId?: string };

/** A sign-in on its way: where to send the browser, and what binds it to that browser. */
export interface ProviderAttempt {
  readonly url: URL;
  /** For a cookie of the browser that began; the answer counts from there alone. */
  readonly browserToken: string;
}

/** Code flow with PKCE, state and nonce; the identity token's signature, issuer, audience and time are checked. */
export interface IdentityProvider {
  begin(): Promise<ProviderAttempt | undefined>;
  /** @param answerUrl the address that the provider sent the browser back to, with its query */
  finish(answerUrl: URL, browserToken: string | undefined): Promise<ProviderOutcome>;
  /** Remembers which session here came of which there, so that it can be ended there too. In memory: not after a restart. */
  remember(sessionHash: string, idToken: string): void;
  /** Where a browser ends its session at the provider; undefined for sessions that came by password. */
  endUrl(sessionHash: string): Promise<string | undefined>;
}

/** From the way there to the way back: time to type a password and a second factor. */
const ATTEMPT_MS = 10 * 60_000;
/** More at once is somebody filling memory; the oldest goes first. */
const MAX_ATTEMPTS = 1000;
const TIMEOUT_SECONDS = 10;

interface Attempt {
  readonly codeVerifier: string;
  readonly nonce: string;
  readonly browserHash: string;
  readonly endsAt: number;
}

type Claims = Readonly<Record<string, unknown>>;

function claimAt(claims: Claims, path: string): unknown {
  if (path in claims) return claims[path];
  return path
    .split('.')
    .reduce<unknown>(
      (value, key) => (typeof value === 'object' && value !== null ? (value as Claims)[key] : undefined),
      claims,
    );
}

function textAt(claims: Claims, path: string): string | undefined {
  const value = claimAt(claims, path);
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** In the order of the mapping, so that who is several things gets the first one named. */
function mapped<Value>(claims: Claims, { claim, values }: ClaimMapping<Value>): Value | undefined {
  const given = [claimAt(claims, claim)].flat();
  return Object.entries(values).find(([theirs]) => given.includes(theirs))?.[1];
}

export function createIdentityProvider(
  settings: ProviderSettings,
  parts: {
    readonly accounts: Pick<Accounts, 'find' | 'findByUsername' | 'list' | 'create' | 'change'>;
    readonly db: Pick<SettingsDb, 'update'>;
    /** Where the provider sends browsers back to. */
    readonly redirectUrl: URL;
    /** Where it sends them after the end of their session. */
    readonly afterEndUrl: URL;
    readonly now: () => number;
    readonly onFault: (error: unknown) => void;
  },
): IdentityProvider {
  const { accounts, db, redirectUrl, afterEndUrl, now, onFault } = parts;
  const attempts = new Map<string, Attempt>();
  const idTokens = new Map<string, string>();
  let discovered: Promise<oidc.Configuration> | undefined;

  /** Asked for at the first use: a provider that is down must not keep the wall from starting. */
  async function configuration(): Promise<oidc.Configuration | undefined> {
    const issuer = new URL(settings.issuer);
    // Only a provider on this very machine is asked without TLS (server/identity/providerFile.ts)
    const execute = [
      oidc.enableNonRepudiationChecks,
      ...(issuer.protocol === 'http:' ? [oidc.allowInsecureRequests] : []),
    ];
    const authentication =
      settings.clientSecret === undefined ? oidc.None() : oidc.ClientSecretBasic(settings.clientSecret);
    discovered ??= oidc.discovery(issuer, settings.clientId, undefined, authentication, {
      execute,
      timeout: TIMEOUT_SECONDS,
    });
    try {
      return await discovered;
    } catch (error) {
      discovered = undefined;
      onFault(error);
      return undefined;
    }
  }

  async function claimsOf(
    config: oidc.Configuration,
    answerUrl: URL,
    { codeVerifier, nonce }: Attempt,
    state: string,
  ): Promise<{ readonly claims: Claims; readonly idToken: string } | undefined> {
    try {
      const tokens = await oidc.authorizationCodeGrant(config, answerUrl, {
        pkceCodeVerifier: codeVerifier,
        expectedNonce: nonce,
        expectedState: state,
        idTokenExpected: true,
      });
      const told = tokens.claims();
      if (told === undefined || tokens.id_token === undefined) return undefined;
      const more =
        config.serverMetadata().userinfo_endpoint === undefined
          ? {}
          : await oidc.fetchUserInfo(config, tokens.access_token, told.sub);
      return { claims: { ...more, ...told }, idToken: tokens.id_token };
    } catch (error) {
      onFault(error);
      return undefined;
    }
  }

  /** The account of a person at the provider, its role and scope brought up to what the claims say. */
  async function accountOf(
    claims: Claims,
  ): Promise<Exclude<ProviderOutcome, { ok: true }> | { readonly account: Account }> {
    const person = `${settings.issuer} ${String(claims.sub)}`;
    const username = textAt(claims, settings.usernameClaim);
    if (username === undefined) return { ok: false, reason: 'noUsername' };
    const role = settings.roles && mapped(claims, settings.roles);
    const street = settings.streets && mapped(claims, settings.streets);
    const known = accounts.list().find(({ provider }) => provider === person) ?? accounts.findByUsername(username);
    if (known?.provider !== undefined && known.provider !== person) {
      return { ok: false, reason: 'otherPerson', accountId: known.id };
    }
    if (settings.roles !== undefined && role === undefined) {
      return { ok: false, reason: 'noRole', ...(known === undefined ? {} : { accountId: known.id }) };
    }
    if (known === undefined && (!settings.createAccounts || role === undefined)) {
      return { ok: false, reason: 'noAccount' };
    }
    const account = known ?? (await create(username, textAt(claims, settings.nameClaim), role as Role, street));
    if (account === undefined) return { ok: false, reason: 'noAccount' };
    const change: AccountChange = {
      ...(role === undefined || role === account.role ? {} : { role }),
      ...(settings.streets === undefined || street === account.scope ? {} : { scope: street ?? null }),
    };
    if (Object.keys(change).length > 0) {
      const changed = await accounts.change(account.id, change);
      if (!changed.ok) {
        return { ok: false, reason: changed.reason === 'lastAdmin' ? 'lastAdmin' : 'noAccount', accountId: account.id };
      }
    }
    await db.update((document) => {
      const kept = document.accounts.find(({ id }) => id === account.id);
      if (kept !== undefined) kept.provider = person;
    });
    const current = accounts.find(account.id);
    return current === undefined ? { ok: false, reason: 'noAccount' } : { account: current };
  }

  async function create(
    username: string,
    name: string | undefined,
    role: Role,
    street: string | undefined,
  ): Promise<Account | undefined> {
    const scope = street === undefined ? {} : { scope: street };
    const created = await accounts.create({ username, name: name ?? username, role, ...scope });
    return created.ok ? created.account : undefined;
  }

  return {
    async begin() {
      const config = await configuration();
      if (config === undefined) return undefined;
      for (const [state, { endsAt }] of attempts) if (endsAt <= now()) attempts.delete(state);
      const [oldest] = attempts.keys();
      if (attempts.size >= MAX_ATTEMPTS && oldest !== undefined) attempts.delete(oldest);
      const state = oidc.randomState();
      const nonce = oidc.randomNonce();
      const codeVerifier = oidc.randomPKCECodeVerifier();
      const browserToken = createToken();
      attempts.set(state, {
        codeVerifier,
        nonce,
        browserHash: hashOfToken(browserToken),
        endsAt: now() + ATTEMPT_MS,
      });
      const url = oidc.buildAuthorizationUrl(config, {
        redirect_uri: redirectUrl.href,
        scope: settings.scopes.join(' '),
        state,
        nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
      });
      return { url, browserToken };
    },
    async finish(answerUrl, browserToken) {
      const state = answerUrl.searchParams.get('state') ?? '';
      const attempt = attempts.get(state);
      const isSameBrowser = browserToken !== undefined && hashOfToken(browserToken) === attempt?.browserHash;
      if (attempt === undefined || attempt.endsAt <= now() || !isSameBrowser) {
        return { ok: false, reason: 'unknownAttempt' };
      }
      attempts.delete(state);
      const config = await configuration();
      if (config === undefined) return { ok: false, reason: 'unreachable' };
      const told = await claimsOf(config, answerUrl, attempt, state);
      if (told === undefined) return { ok: false, reason: 'refused' };
      const found = await accountOf(told.claims);
      return 'account' in found ? { ok: true, account: found.account, idToken: told.idToken } : found;
    },
    remember(sessionHash, idToken) {
      const [oldest] = idTokens.keys();
      if (idTokens.size >= MAX_ATTEMPTS && oldest !== undefined) idTokens.delete(oldest);
      idTokens.set(sessionHash, idToken);
    },
    async endUrl(sessionHash) {
      const idToken = idTokens.get(sessionHash);
      if (idToken === undefined) return undefined;
      idTokens.delete(sessionHash);
      const config = await configuration();
      if (config?.serverMetadata().end_session_endpoint === undefined) return undefined;
      return oidc.buildEndSessionUrl(config, {
        id_token_hint: idToken,
        post_logout_redirect_uri: afterEndUrl.href,
      }).href;
    },
  };
}
