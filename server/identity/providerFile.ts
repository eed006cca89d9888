import { z } from 'zod';
import type { Deployment } from '../../domain/deployment.ts';
import { describeFaults, type Fault, readJsonFile } from '../jsonFile.ts';
import { ROLES } from '../store/settingsDb.ts';
import type { ProviderSettings } from './identityProvider.ts';

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/** What a provider says travels through its answers: only on this very machine without TLS. */
function isTrustworthy(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname));
}

const label = z.string().trim().min(1);
const claim = label;
const schema = z.strictObject({
  issuer: z.string().refine(isTrustworthy, 'must be an https:// address'),
  clientId: label,
  clientSecret: z.exactOptional(label),
  /** On the button of the sign-in page. */
  name: z.strictObject({ zh: label, en: z.exactOptional(label) }),
  scopes: z
    .array(label)
    .refine((scopes) => scopes.includes('openid'), 'must hold openid')
    .default(['openid', 'profile']),
  usernameClaim: claim.default('preferred_username'),
  nameClaim: claim.default('name'),
  roles: z.exactOptional(z.strictObject({ claim, values: z.record(z.string(), z.enum(ROLES)) })),
  streets: z.exactOptional(z.strictObject({ claim, values: z.record(z.string(), z.string()) })),
  createAccounts: z.boolean().default(false),
});

export interface ProviderFile extends ProviderSettings {
  readonly name: { readonly zh: string; readonly en?: string };
}

/**
 * Reads the file that `--oidc` names (docs/operations.md, Sign-in through a provider). `secret` is
 * WALL_OIDC_CLIENT_SECRET, which goes before what the file says. The problem is one sentence.
 */
export function loadProviderFile(
  path: string,
  secret: string | undefined,
  deployment: Pick<Deployment, 'streets'>,
): { readonly ok: true; readonly provider: ProviderFile } | { readonly ok: false; readonly problem: string } {
  const read = readJsonFile(path, 'identity provider', schema);
  if (!read.ok) return read;
  const { value } = read;
  const faults: Fault[] = [];
  if (value.createAccounts && value.roles === undefined) {
    faults.push({ path: 'createAccounts', message: 'needs roles: a new account must get one' });
  }
  for (const [theirs, street] of Object.entries(value.streets?.values ?? {})) {
    if (deployment.streets.some(({ id }) => id === street)) continue;
    faults.push({ path: `streets.values.${theirs}`, message: `there is no street ${street}` });
  }
  if (faults.length > 0) return { ok: false, problem: describeFaults(path, 'identity provider', faults) };
  return { ok: true, provider: { ...value, ...(secret === undefined ? {} : { clientSecret: secret }) } };
}
