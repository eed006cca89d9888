import type { z } from 'zod';
import type { Caller, Identity, StaffIdentity } from '../identity/identity.ts';
import type { Problem, ProblemCode } from '../ingest/problem.ts';
import type { AuditNote } from '../store/auditLog.ts';

/**
 * Who may call: `anyone`; `host`, whoever is on the server's own machine; `pairing`, the wall that holds the secret of
 * a pairing; or the roles and kinds of client named.
 */
export type Who = 'anyone' | 'host' | 'pairing' | readonly Caller[];

export const STAFF = ['viewer', 'leader', 'duty', 'admin'] as const satisfies readonly Caller[];
export const STAFF_AND_SOURCES = [...STAFF, 'source'] as const satisfies readonly Caller[];
export const REPORTERS = ['source', 'duty', 'admin'] as const satisfies readonly Caller[];
/** Who deals with alerts and drives walls. */
export const DUTY = ['duty', 'admin'] as const satisfies readonly Caller[];
export const ADMINS = ['admin'] as const satisfies readonly Caller[];

/** A line of a batch that is no JSON; it fails alone. */
export const MALFORMED_LINE: unique symbol = Symbol('malformed line');

export interface RouteRequest<Body = unknown, Query = unknown> {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: Body;
  /** Set where the route names callers. */
  readonly identity: Identity | undefined;
  /** The bearer token as sent, for routes that check it themselves. */
  readonly bearer: string | undefined;
  /** The caller's network address: behind a trusted proxy the one that it names. */
  readonly address: string;
  /** Whether it came over TLS, to the server itself or to a trusted proxy. */
  readonly secure: boolean;
  readonly cookies: Readonly<Record<string, string | undefined>>;
}

/** Several values of one name are sent one after the other (`Set-Cookie`). */
export type AnswerHeaders = Readonly<Record<string, string | readonly string[]>>;

export type Answer =
  | { readonly status: number; readonly body?: unknown; readonly headers?: AnswerHeaders }
  /** Sent as it comes, no faster than the caller takes it; what fails on the way cuts the connection, so that no half file looks whole. */
  | {
      readonly status: number;
      readonly stream: AsyncIterable<Uint8Array | string>;
      readonly headers: Readonly<Record<string, string>>;
    }
  | { readonly problem: Problem; readonly headers?: Readonly<Record<string, string>> };

export interface AnswerDescription {
  readonly description: string;
  readonly schema?: z.ZodType;
  /** JSON where nothing is said; several where the caller chooses. */
  readonly mediaType?: string | readonly string[];
}

/** One thing that can be asked over HTTP. The same entry is mounted, described in /openapi.json and walked by a test. */
export interface Route {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** OpenAPI spelling: `/api/v1/tickets/{ticketId}`. */
  readonly path: string;
  /** Unique name for generated clients. */
  readonly operation: string;
  readonly summary: string;
  readonly who: Who;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** Its body holds a password, which is not taken over plain HTTP from another machine. */
  readonly takesPassword?: boolean;
  /** What /openapi.json says of the body where `handle` checks it, not `body`. */
  readonly documentedBody?: z.ZodType;
  /** The body is a list and may come as one JSON value a line; rows are checked one by one, by `handle`. */
  readonly lines?: boolean;
  readonly answers: Readonly<Record<number, AnswerDescription>>;
  /** Refusals of its own; those that follow from `who`, `query` and `body` are added by themselves. */
  readonly problems?: readonly ProblemCode[];
  readonly handle: (request: RouteRequest) => Answer | Promise<Answer>;
}

/** A route whose handler sees body and query with the types of their schemas. */
export function route<Body extends z.ZodType = z.ZodUndefined, Query extends z.ZodType = z.ZodUndefined>(
  definition: Omit<Route, 'query' | 'body' | 'handle'> & {
    readonly query?: Query;
    readonly body?: Body;
    readonly handle: (request: RouteRequest<z.output<Body>, z.output<Query>>) => Answer | Promise<Answer>;
  },
): Route {
  return definition as unknown as Route;
}

/** The member of the staff who calls; only for routes that no one else may call. */
export function staffOf(request: Pick<RouteRequest, 'identity'>): StaffIdentity {
  if (request.identity?.kind !== 'staff') throw new Error('a route for staff was entered by somebody else');
  return request.identity;
}

/** Who calls, for the audit log. */
export function callerNote({
  identity,
  address,
}: Pick<RouteRequest, 'identity' | 'address'>): Pick<AuditNote, 'accountId' | 'username' | 'address'> {
  if (identity?.kind !== 'staff') return { address };
  return { accountId: identity.accountId, username: identity.username, address };
}

/** Those who are limited to a street see that street; everybody else the whole district. */
export function scopeOf(request: Pick<RouteRequest, 'identity'>): string | undefined {
  return request.identity?.scope;
}
