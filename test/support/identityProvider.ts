import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type JWK } from 'oidc-provider';

export interface Person {
  readonly preferred_username?: string;
  readonly name?: string;
  readonly [claim: string]: unknown;
}

export interface TestProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** By the name they sign in with there, which is their `sub`; may be changed while it runs. */
  readonly people: Map<string, Person>;
  /** Changes the claims of identity tokens on their way to the wall, or the token itself; what it returns is signed anew. */
  spoilClaims: ((claims: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>) | undefined;
  spoilToken: ((idToken: string) => string) | undefined;
  close(): Promise<void>;
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** What an identity token says. */
export function claimsIn(idToken: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
}

/** A token as the provider would sign it. */
function signed(claims: Readonly<Record<string, unknown>>, key: KeyObject): string {
  const content = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`;
  return `${content}.${sign('sha256', Buffer.from(content), key).toString('base64url')}`;
}

/** A real OpenID provider on a free port, which takes any password. */
export async function startProvider(redirectUrl: string, afterEndUrl: string): Promise<TestProvider> {
  const httpServer = createServer();
  httpServer.listen(0, '127.0.0.1');
  await once(httpServer, 'listening');
  const issuer = `http://127.0.0.1:${(httpServer.address() as AddressInfo).port}`;
  const people = new Map<string, Person>();
  const clientId = 'taibai-wall';
  const clientSecret = 'a secret of the tests';
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const provider = new Provider(issuer, {
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' } as JWK] },
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [redirectUrl],
        post_logout_redirect_uris: [afterEndUrl],
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    ],
    pkce: { required: () => true },
    claims: { openid: ['sub'], profile: ['preferred_username', 'name', 'groups', 'place'] },
    cookies: { keys: ['a key of the tests'] },
    findAccount: (_context, id) => ({ accountId: id, claims: async () => ({ sub: id, ...people.get(id) }) }),
  });
  const test: TestProvider = {
    issuer,
    clientId,
    clientSecret,
    people,
    spoilClaims: undefined,
    spoilToken: undefined,
    async close() {
      httpServer.closeAllConnections();
      httpServer.close();
      await once(httpServer, 'close');
    },
  };
  provider.use(async (context, next) => {
    await next();
    const body = context.body as { id_token?: string } | undefined;
    if (context.path !== '/token' || body?.id_token === undefined) return;
    const { spoilClaims, spoilToken } = test;
    if (spoilClaims !== undefined) body.id_token = signed(spoilClaims(claimsIn(body.id_token)), privateKey);
    if (spoilToken !== undefined) body.id_token = spoilToken(body.id_token);
  });
  httpServer.on('request', provider.callback());
  return test;
}

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
}

/** As much of a browser as a sign-in needs: follows redirects, keeps cookies by host and path, sends forms. */
export interface TestBrowser {
  /** Where the last visit ended. */
  readonly url: URL;
  readonly status: number;
  readonly text: string;
  /** Every address that was gone to, in order. */
  readonly trail: readonly URL[];
  cookie(name: string): string | undefined;
  visit(url: string | URL, form?: Readonly<Record<string, string>>): Promise<void>;
}

export function openBrowser(): TestBrowser {
  const cookies = new Map<string, Cookie>();
  const trail: URL[] = [];
  let url = new URL('about:blank');
  let status = 0;
  let text = '';

  function take(header: string, from: URL): void {
    const [pair = '', ...attributes] = header.split(/; */);
    const name = pair.slice(0, pair.indexOf('='));
    const value = pair.slice(pair.indexOf('=') + 1);
    const attribute = (wanted: string) =>
      attributes.find((text) => text.toLowerCase().startsWith(`${wanted}=`))?.slice(wanted.length + 1);
    const path = attribute('path') ?? '/';
    const key = `${from.hostname} ${path} ${name}`;
    const expires = attribute('expires');
    const over = attribute('max-age') === '0' || (expires !== undefined && Date.parse(expires) <= Date.now());
    if (over) cookies.delete(key);
    else cookies.set(key, { name, value, path });
  }

  function sentTo({ hostname, pathname }: URL): string {
    return [...cookies]
      .filter(([key, { path }]) => key.startsWith(`${hostname} `) && pathname.startsWith(path))
      .map(([, { name, value }]) => `${name}=${value}`)
      .join('; ');
  }

  return {
    get url() {
      return url;
    },
    get status() {
      return status;
    },
    get text() {
      return text;
    },
    trail,
    cookie: (name) => [...cookies.values()].find((known) => known.name === name)?.value,
    async visit(target, form) {
      let next: URL | undefined = new URL(target);
      let body = form && new URLSearchParams(form);
      for (let hops = 0; next !== undefined && hops < 20; hops += 1) {
        url = next;
        trail.push(url);
        const answer: Response = await fetch(url, {
          redirect: 'manual',
          headers: { cookie: sentTo(url) },
          ...(body === undefined ? {} : { method: 'POST', body }),
        });
        for (const header of answer.headers.getSetCookie()) take(header, url);
        status = answer.status;
        text = await answer.text();
        const location = answer.headers.get('location');
        next = location === null ? undefined : new URL(location, url);
        body = undefined;
      }
    },
  };
}

/** Goes through the provider's own pages, from its sign-in form to where it sends the browser back to. */
export async function signInThere(browser: TestBrowser, startUrl: string, person: string): Promise<void> {
  await browser.visit(startUrl);
  for (const form of [{ prompt: 'login', login: person, password: 'any' }, { prompt: 'consent' }]) {
    if (!browser.url.pathname.startsWith('/interaction/')) return;
    const action = /<form[^>]* action="([^"]+)"/.exec(browser.text)?.[1];
    await browser.visit(new URL(action ?? browser.url.pathname, browser.url), form);
  }
}
