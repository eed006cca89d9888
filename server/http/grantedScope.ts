import type { Deployment } from '../../domain/deployment.ts';
import { invalid, problem } from '../ingest/problem.ts';
import { type Answer, type RouteRequest, scopeOf } from './route.ts';

/** What an account, source or wall may be limited to: a street of the deployment, and for a caller who is limited to one just that. */
export function wrongScope(
  request: Pick<RouteRequest, 'identity'>,
  deployment: Pick<Deployment, 'streets'>,
  scope: string | null | undefined,
): Answer | undefined {
  const own = scopeOf(request);
  if (own !== undefined && scope !== own) {
    return { problem: problem('out_of_scope', `you are limited to ${own}, and so is whom you let in`) };
  }
  if (scope === undefined || scope === null || deployment.streets.some((street) => street.id === scope))
    return undefined;
  return { problem: invalid([{ path: 'scope', message: 'no street of this deployment' }]) };
}

/** Whether a caller may know of somebody of this scope: who is limited to a street knows those of that street alone. */
export function manages(request: Pick<RouteRequest, 'identity'>, scope: string | undefined): boolean {
  const own = scopeOf(request);
  return own === undefined || scope === own;
}
