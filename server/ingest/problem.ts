import type { CommitRefusal } from '../store/ticketStore.ts';

/** Every way a request can be refused. `code` is stable and made for programs; `title` is for people. */
export const PROBLEMS = {
  malformed_request: { status: 400, title: 'This is not HTTP' },
  malformed_json: { status: 400, title: 'The body is not JSON' },
  invalid: { status: 400, title: 'Some values are missing or wrong' },
  unauthorized: { status: 401, title: 'Who are you? Credentials are missing, wrong or expired' },
  forbidden: { status: 403, title: 'Not allowed for this role' },
  out_of_scope: { status: 403, title: 'Outside the area that these credentials are limited to' },
  insecure_transport: { status: 403, title: 'Passwords are taken over encrypted connections only' },
  cross_site: { status: 403, title: 'A cookie counts only for requests from our own pages' },
  not_found: { status: 404, title: 'There is no such thing here' },
  method_not_allowed: { status: 405, title: 'Not done with this method' },
  timeout: { status: 408, title: 'The request took too long to arrive' },
  conflict: { status: 409, title: 'The id is taken by something else' },
  illegal_step: { status: 409, title: 'The ticket does not take this step now' },
  same_person: { status: 409, title: 'Who handled a ticket does not verify it' },
  already_acknowledged: { status: 409, title: 'Somebody else has acknowledged it' },
  illegal_state: { status: 409, title: 'The alert does not allow this now' },
  last_admin: { status: 409, title: 'The last administrator must stay one' },
  too_large: { status: 413, title: 'Too much at once' },
  unsupported_media_type: { status: 415, title: 'Send JSON' },
  too_many_requests: { status: 429, title: 'Too often; wait a little' },
  rate_limited: { status: 429, title: 'More than one sender may send in this time; wait as long as told' },
  headers_too_large: { status: 431, title: 'The head of the request is too long' },
  internal: { status: 500, title: 'A fault in the server; it has been logged' },
  unavailable: { status: 503, title: 'The server does not take this now' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

/** A fault in what was sent; `path` names the field (`location.lng`), empty for the whole. */
export interface FaultyField {
  readonly path: string;
  readonly message: string;
}

/** The body of every refusal (RFC 9457). Members after `detail` depend on the code. */
export interface Problem {
  readonly type: string;
  readonly status: number;
  readonly code: ProblemCode;
  readonly title: string;
  readonly detail?: string;
  /** `invalid`: every faulty field. */
  readonly errors?: readonly FaultyField[];
  /** `illegal_step`: the status the ticket has; `illegal_state`: the state of the alert. */
  readonly state?: string;
  /** `illegal_step`: the steps that it takes now. */
  readonly allowed?: readonly string[];
  /** `same_person`: who handled; `already_acknowledged`: who holds it. */
  readonly by?: string;
  /** `rate_limited`, `too_many_requests`: when to send it again. */
  readonly retryAfterMs?: number;
  /** `too_large`, for an export: the most rows that one takes. */
  readonly limit?: number;
}

export function problem(
  code: ProblemCode,
  detail?: string,
  members: Pick<Problem, 'errors' | 'state' | 'allowed' | 'by' | 'retryAfterMs' | 'limit'> = {},
): Problem {
  const { status, title } = PROBLEMS[code];
  return {
    type: `urn:taibai-wall:problem:${code}`,
    status,
    code,
    title,
    ...(detail === undefined ? {} : { detail }),
    ...members,
  };
}

export function invalid(errors: readonly FaultyField[]): Problem {
  const [first] = errors;
  const where = first?.path ? `${first.path}: ` : '';
  return problem(
    'invalid',
    `${where}${first?.message ?? 'wrong'}${errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''}`,
    {
      errors,
    },
  );
}

/** Sent too much in too short a time; nothing of it was taken. */
export function rateLimited(waitMs: number): Problem {
  return problem('rate_limited', `nothing of this was taken; send it again in ${waitMs} ms`, { retryAfterMs: waitMs });
}

/** What a refusal of the store is to the caller. */
export function problemOf(refusal: CommitRefusal): Problem {
  switch (refusal.reason) {
    case 'conflict':
      return problem('conflict', 'this id was sent before with other content');
    case 'illegalStep': {
      const { status, allowed } = refusal;
      return problem('illegal_step', `the ticket is ${status}; allowed now: ${allowed.join(', ')}`, {
        state: status,
        allowed,
      });
    }
    case 'samePerson':
      return problem('same_person', 'somebody else must verify what this person handled', { by: refusal.by });
    case 'invalid':
      return invalid(refusal.errors);
    case 'notFound':
      return problem('not_found', 'no ticket has this id or number');
    case 'unavailable':
      return problem('unavailable', refusal.detail);
  }
}
