import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import express, { type Express, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { callerOf, type Identity } from '../identity/identity.ts';
import { invalid, type Problem, problem } from '../ingest/problem.ts';
import { faultyFields } from '../ingest/reportSchemas.ts';
import type { Log } from '../log.ts';
import { type Authenticate, cookiesOf, credentialsOf, isFromOwnPage } from './authentication.ts';
import { type Answer, MALFORMED_LINE, type Route } from './route.ts';

/** Larger bodies are refused with 413 (contract, HTTP). */
export const MAX_BODY_BYTES = 1024 * 1024;

const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;
const LINES_TYPE = /^application\/(?:x-)?(?:ndjson|jsonlines|jsonl)\s*(?:;|$)/i;

export function sendProblem(
  response: Response,
  refused: Problem,
  headers: Readonly<Record<string, string>> = {},
): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (refused.code === 'unauthorized') response.setHeader('WWW-Authenticate', 'Bearer');
  response.statusCode = refused.status;
  response.setHeader('Content-Type', 'application/problem+json; charset=utf-8');
  response.end(JSON.stringify(refused));
}

/** The caller went away, which is no fault of anybody's. */
function isHangUp(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE';
}

async function send(response: Response, answer: Answer): Promise<void> {
  if ('problem' in answer) {
    sendProblem(response, answer.problem, answer.headers);
    return;
  }
  response.statusCode = answer.status;
  if ('stream' in answer) {
    for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
    try {
      await pipeline(Readable.from(answer.stream, { objectMode: false }), response);
    } catch (error) {
      if (!isHangUp(error)) throw error;
    }
    return;
  }
  if (answer.body !== undefined && typeof answer.body !== 'string') {
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
  }
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  if (answer.body === undefined) response.end();
  else response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
}

/** How strictly callers are looked at before any route is asked. */
export interface EntranceRules {
  /** Passwords are taken over plain HTTP from other machines too. */
  readonly plainPasswords?: boolean;
  /** Where staff reach this server, if that is not what requests say (a proxy that rewrites `Host`): its own pages come from there. */
  readonly publicUrl?: URL;
}

/** On the server's own machine: by the loopback, or from one of its own addresses to itself; never through a proxy. */
function isOnHost(request: Request): boolean {
  const { remoteAddress, localAddress } = request.socket;
  if (request.headers['x-forwarded-for'] !== undefined || request.headers.forwarded !== undefined) return false;
  return (
    remoteAddress !== undefined &&
    (/^(?:::ffff:)?127\./.test(remoteAddress) || remoteAddress === '::1' || remoteAddress === localAddress)
  );
}

type Admission = { readonly identity: Identity | undefined } | { readonly problem: Problem };

function admissionOf(
  request: Request,
  { who, method, takesPassword }: Route,
  authenticate: Authenticate,
  rules: EntranceRules,
): Admission {
  if (takesPassword === true && rules.plainPasswords !== true && !request.secure && !isOnHost(request)) {
    return {
      problem: problem(
        'insecure_transport',
        'this connection is not encrypted, so the password could be read on its way; use https, or have the administrator of the server look at docs/operations.md, “Encryption”',
      ),
    };
  }
  if (who === 'anyone' || who === 'pairing') return { identity: undefined };
  if (who === 'host') {
    return isOnHost(request)
      ? { identity: undefined }
      : { problem: problem('forbidden', 'only from the machine that the server runs on') };
  }
  const credentials = credentialsOf(request);
  const identity = credentials && authenticate(credentials.token);
  if (credentials === undefined || identity === undefined) return { problem: problem('unauthorized') };
  if (credentials.by === 'cookie' && method !== 'get' && !isFromOwnPage(request, rules.publicUrl)) {
    return { problem: problem('cross_site', 'send the token as a bearer instead') };
  }
  const caller = callerOf(identity);
  if (who.includes(caller)) return { identity };
  return { problem: problem('forbidden', `this is for ${who.join(', ')}; you are ${caller}`) };
}

const decoder = new TextDecoder('utf-8', { fatal: true });

/** Undefined where it is no JSON, which itself can never mean undefined. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function bodyOf(request: Request, lines: boolean): { readonly value: unknown } | { readonly problem: Problem } {
  const bytes: unknown = request.body;
  if (!(bytes instanceof Buffer) || bytes.length === 0) return { value: undefined };
  const type = request.headers['content-type'] ?? '';
  const asLines = lines && LINES_TYPE.test(type);
  if (!asLines && !JSON_TYPE.test(type)) {
    const wanted = lines ? 'send application/json or application/x-ndjson' : 'send application/json';
    return { problem: problem('unsupported_media_type', wanted) };
  }
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return { problem: problem('malformed_json', 'the body is not UTF-8') };
  }
  if (asLines) {
    const rows = text.split('\n').filter((line) => line.trim() !== '');
    return { value: rows.map((line) => parsed(line) ?? MALFORMED_LINE) };
  }
  const value = parsed(text);
  return value === undefined ? { problem: problem('malformed_json') } : { value };
}

function handlerOf(route: Route): RequestHandler {
  const { query, body, who, lines = false } = route;
  return async (request, response) => {
    const checkedQuery = query?.safeParse(request.query);
    if (checkedQuery?.success === false) {
      sendProblem(response, invalid(faultyFields(checkedQuery.error)));
      return;
    }
    let checkedBody: unknown;
    if (body !== undefined) {
      const given = bodyOf(request, lines);
      if ('problem' in given) {
        sendProblem(response, given.problem);
        return;
      }
      const checked = body.safeParse(given.value);
      if (!checked.success) {
        sendProblem(response, invalid(faultyFields(checked.error)));
        return;
      }
      checkedBody = checked.data;
    }
    const answer = await route.handle({
      params: request.params as Readonly<Record<string, string>>,
      query: checkedQuery?.data,
      body: checkedBody,
      identity: response.locals.identity as Identity | undefined,
      bearer: who === 'pairing' ? credentialsOf(request)?.token : undefined,
      address: request.ip ?? '',
      secure: request.secure,
      cookies: cookiesOf(request),
    });
    await send(response, answer);
  };
}

/** `/api/{id}` → `/api/:id` */
function expressPath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1');
}

/** Mounts every route; a path that is there answers other methods with 405. */
export function mountRoutes(
  app: Express,
  routes: readonly Route[],
  parts: {
    readonly authenticate: Authenticate;
    readonly rules: EntranceRules;
    /** Called once per answer. */
    readonly onAnswered: (route: Route, status: number) => void;
  },
): void {
  const readBody = express.raw({ type: () => true, limit: MAX_BODY_BYTES });
  for (const route of routes) {
    const admit: RequestHandler = (request, response, next) => {
      response.on('finish', () => parts.onAnswered(route, response.statusCode));
      response.setHeader('Cache-Control', 'no-store');
      const admission = admissionOf(request, route, parts.authenticate, parts.rules);
      if ('problem' in admission) {
        sendProblem(response, admission.problem);
        return;
      }
      response.locals.identity = admission.identity;
      next();
    };
    const handlers = route.body === undefined ? [admit, handlerOf(route)] : [admit, readBody, handlerOf(route)];
    app[route.method](expressPath(route.path), ...handlers);
  }
  for (const path of new Set(routes.map((route) => route.path))) {
    const methods = routes.filter((route) => route.path === path).map((route) => route.method.toUpperCase());
    const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
    app.all(expressPath(path), (request, response) => {
      if (request.method === 'OPTIONS') response.status(204).setHeader('Allow', allow).end();
      else sendProblem(response, problem('method_not_allowed', `this takes ${allow}`), { Allow: allow });
    });
  }
}

function problemOfError(error: unknown): Problem | undefined {
  const { type, status, errno } = error as {
    readonly type?: string;
    readonly status?: number;
    readonly errno?: number;
  };
  // Broken compression has a number too, and the status that express gave it
  if (errno !== undefined && status === undefined)
    return problem('unavailable', 'the disk did not take this; look at the log of the server');
  if (type === 'entity.too.large') return problem('too_large', 'a body may have 1 MiB');
  if (type === 'encoding.unsupported')
    return problem('unsupported_media_type', 'this content encoding is not known here');
  if (error instanceof URIError) return invalid([{ path: '', message: 'the address holds a wrong % escape' }]);
  // The rest of what reading a body can end in: cut off, wrong length, broken compression
  return status !== undefined && status >= 400 && status < 500
    ? problem('malformed_json', 'the body could not be read')
    : undefined;
}

/** The end of the line: unknown paths, and whatever went wrong on the way. Bugs are logged, never shown. */
export function mountEnd(app: Express, log: Log): void {
  app.use((_request, response) => sendProblem(response, problem('not_found')));
  app.use((error: unknown, request: Request, response: Response, next: NextFunction) => {
    const known = problemOfError(error);
    if (known === undefined || known.code === 'unavailable')
      log.error({ err: error, method: request.method, path: request.route?.path }, 'a request failed');
    if (response.headersSent) {
      next(error);
      return;
    }
    sendProblem(response, known ?? problem('internal'));
  });
}
