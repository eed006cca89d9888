import type { Name } from '../../../domain/deployment.ts';
import { isFields, type Reader } from '../api.ts';

/** How one may sign in: a name and a password always, and the identity provider of the house where there is one. */
export interface SignInWays {
  readonly provider: { readonly name: Name; readonly url: string } | null;
}

/** Of `GET /sign-in`. The address must be one of ours: a button of this page leads nowhere else. */
export const readSignInWays: Reader<SignInWays> = (body) => {
  if (!isFields(body)) return undefined;
  if (body.provider === null) return { provider: null };
  if (!isFields(body.provider) || !isFields(body.provider.name)) return undefined;
  const { name, url } = body.provider;
  if (typeof url !== 'string' || !url.startsWith('/api/') || typeof name.zh !== 'string') return undefined;
  return { provider: { name: { zh: name.zh, ...(typeof name.en === 'string' ? { en: name.en } : {}) }, url } };
};

const REFUSALS = [
  'unknownAttempt',
  'refused',
  'unreachable',
  'noUsername',
  'noAccount',
  'otherPerson',
  'noRole',
  'lastAdmin',
  'changedMeanwhile',
] as const;
/** Why a sign-in at the provider did not end here; `other` is one of a newer server. */
export type ProviderRefusal = (typeof REFUSALS)[number] | 'other';

/** The reason that the server sent the browser back with (`/desk?signIn=…`). */
export function providerRefusalIn(search: string): ProviderRefusal | undefined {
  const reason = new URLSearchParams(search).get('signIn');
  if (reason === null) return undefined;
  return REFUSALS.find((known) => known === reason) ?? 'other';
}
