import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { STAFF } from '../../server/http/route.ts';
import { ticketIn } from '../support/builders.ts';
import { arbitraryJson, arbitraryOf, type JsonSchema } from '../support/jsonSchemaArbitrary.ts';
import { startServer, type TestServer } from '../support/startServer.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 });

/** Name another one to look for more; a failure prints it with the request. */
const SEED = Number(process.env.TRUST_SEED ?? 20_260_318);
const REQUESTS_EACH = 60;
/** Passwords are hashed slowly on purpose. */
const SLOW_REQUESTS_EACH = 15;
const SLOW = [
  'post /api/v1/session',
  'post /api/v1/session/password',
  'post /api/v1/accounts',
  'patch /api/v1/accounts/{accountId}',
];
/** Nothing that is sent changes what they say: there is no identity provider here, and figures are figures. */
const ALWAYS_THE_SAME = [
  'get /healthz',
  'get /readyz',
  'get /metrics',
  'get /api/v1/sign-in',
  'get /api/v1/session/oidc',
  'get /api/v1/session/oidc/callback',
];

interface Operation {
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: JsonSchema }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>> };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: JsonSchema }>> }>
  >;
}

let server: TestServer;
/** What is in paths: things that are there, once were, or never. */
const known: string[] = [];
// biome-ignore lint/suspicious/noExplicitAny: a JSON document of another standard
let page: any;

beforeAll(async () => {
  server = await startServer();
  page = (await server.request('GET', '/openapi.json')).body;
  const source = (await server.makeClient('source')).token;
  for (const id of ['A', 'B', 'C']) {
    const { body } = await server.request('POST', '/api/v1/tickets', { token: source, body: ticketIn({ id }) });
    known.push(id, body.ticket.number);
  }
  for (const role of STAFF) known.push((await server.makeStaff(role)).id);
  known.push((await server.makeClient('wall')).id);
  known.push((await server.request('POST', '/api/v1/pairings')).body.code);
  const { body } = await server.request('GET', '/api/v1/alerts', { token: server.adminToken });
  for (const alert of body.items ?? []) known.push(alert.id);
});
afterAll(() => server.close());

const CALLERS = [...STAFF, 'source', 'wall', 'scoped duty', 'nobody', 'stranger'] as const;
type Caller = (typeof CALLERS)[number];

/** New credentials each time: a request may revoke its own. */
async function tokenOf(caller: Caller): Promise<string | undefined> {
  switch (caller) {
    case 'nobody':
      return undefined;
    case 'stranger':
      return 'x'.repeat(43);
    case 'scoped duty':
      return (await server.makeStaff('duty', server.deployment.streets[0]?.id)).token;
    case 'source':
    case 'wall':
      return (await server.makeClient(caller)).token;
    default:
      return (await server.makeStaff(caller)).token;
  }
}

interface Attempt {
  readonly caller: Caller;
  readonly path: Readonly<Record<string, string>>;
  readonly query: readonly (readonly [string, string])[];
  readonly body: string | undefined;
  readonly type: string;
}

function attemptsAt({ parameters, requestBody }: Operation): fc.Arbitrary<Attempt> {
  const oddText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.constantFrom('__proto__', '..', '%', 'null', '', '-1', '1e9', '\u0000'),
  );
  const inPath = parameters.filter((parameter) => parameter.in === 'path');
  const inQuery = parameters.filter((parameter) => parameter.in === 'query');
  const schemas = Object.values(requestBody?.content ?? {}).map(({ schema }) => schema);
  const [schema] = schemas;
  const json =
    schema === undefined
      ? fc.constant(undefined)
      : fc.oneof({ weight: 3, arbitrary: arbitraryOf(schema) }, { weight: 1, arbitrary: arbitraryJson });
  return fc.record({
    caller: fc.constantFrom(...CALLERS, 'admin', 'duty', 'source'),
    path: fc.record(
      Object.fromEntries(
        inPath.map(({ name }) => [
          name,
          fc.oneof(
            { weight: 3, arbitrary: fc.constantFrom(...known) },
            { weight: 1, arbitrary: oddText.filter((text) => text !== '') },
          ),
        ]),
      ),
    ),
    query: fc
      .subarray(inQuery)
      .chain((chosen) =>
        fc.tuple(
          ...chosen.map(({ name, schema: wanted }) =>
            fc
              .oneof({ weight: 3, arbitrary: arbitraryOf(wanted).map(plain) }, { weight: 1, arbitrary: oddText })
              .map((value) => [name, value] as const),
          ),
        ),
      ),
    body: fc.oneof(
      { weight: 9, arbitrary: json.map((value) => (value === undefined ? undefined : JSON.stringify(value))) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
    ),
    type: fc.constantFrom(
      'application/json',
      'application/json',
      'application/json',
      'application/json; charset=utf-8',
      'application/x-ndjson',
      'text/plain',
    ),
  }) as fc.Arbitrary<Attempt>;
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Encoded, as a client has to; a lone surrogate has no encoding and cannot be sent at all. */
function encoded(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));
}

async function send(method: string, path: string, attempt: Attempt) {
  const token = await tokenOf(attempt.caller);
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encoded(attempt.path[name] ?? ''));
  const query = attempt.query.map(([name, value]) => `${name}=${encoded(value)}`).join('&');
  return server.request(method.toUpperCase(), query === '' ? filled : `${filled}?${query}`, {
    ...(token === undefined ? {} : { token }),
    ...(attempt.body === undefined || method === 'get'
      ? {}
      : { body: attempt.body, headers: { 'content-type': attempt.type } }),
  });
}

/** With the components in reach of its references. */
function schemaOf(schema: JsonSchema): z.ZodType {
  return z.fromJSONSchema({ ...schema, components: page.components } as never);
}

it('answers every request at every path as /openapi.json says, and never 500', async () => {
  const operations = Object.entries(page.paths as Record<string, Record<string, Operation>>).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
  );
  const problemSchema = z.fromJSONSchema(page.components.schemas.Problem);
  const seen = new Map<string, Set<number>>();
  for (const { path, method, operation } of operations) {
    const name = `${method} ${path}`;
    const statuses = new Set<number>();
    seen.set(name, statuses);
    const schemas = new Map<string, z.ZodType>();
    const declared = (status: number, type: string): z.ZodType | undefined => {
      const key = `${status} ${type}`;
      const content = operation.responses[status]?.content?.[type];
      if (content === undefined) return undefined;
      if (!schemas.has(key)) schemas.set(key, '$ref' in content.schema ? problemSchema : schemaOf(content.schema));
      return schemas.get(key);
    };
    await fc.assert(
      fc.asyncProperty(attemptsAt(operation), async (attempt) => {
        // A path of dots is another path before it is sent
        fc.pre(!Object.values(attempt.path).some((part) => /^\.{1,2}$/.test(part)));
        const { status, headers, body } = await send(method, path, attempt);
        statuses.add(status);
        expect(Object.keys(operation.responses).map(Number), `${name} answered ${status}`).toContain(status);
        const type = headers.get('content-type')?.split(';')[0];
        if (status === 204) return;
        expect(type).toBeDefined();
        const schema = declared(status, type as string);
        expect(schema, `${name}: ${status} with ${type}`).toBeDefined();
        const read = schema?.safeParse(body);
        expect(read?.success, `${name}: ${status} ${JSON.stringify(body)} ${read?.error?.message}`).toBe(true);
        if (status >= 400 && type === 'application/problem+json') expect(body.status).toBe(status);
      }),
      { seed: SEED, numRuns: SLOW.includes(name) ? SLOW_REQUESTS_EACH : REQUESTS_EACH },
    );
  }
  // The fuzz got past the doors: where nothing else is in the way, some attempts succeeded and some were refused
  for (const [name, statuses] of seen)
    expect(statuses.size, `${name} answered ${[...statuses]} only`).toBeGreaterThan(
      ALWAYS_THE_SAME.includes(name) ? 0 : 1,
    );
  expect([...(seen.get('post /api/v1/tickets') ?? [])]).toEqual(expect.arrayContaining([201, 400, 401, 403, 415]));
  expect([...(seen.get('get /api/v1/tickets') ?? [])]).toEqual(expect.arrayContaining([200, 400, 401, 403]));
});

it('paths, methods and heads that nobody declared are answered as problems', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'),
      fc.oneof(
        fc.webPath(),
        fc.constantFrom(
          '/api/v1/%',
          '/api/v1/tickets/%E0%A4%A',
          '/api/v1/tickets/%00',
          '/api',
          '//',
          '/api/v1/tickets/',
          '/docs/%2e%2e/package.json',
          '/assets/..%2f..%2fpackage.json',
        ),
      ),
      async (method, path) => {
        const { status, headers, body } = await server.request(method, path);
        expect(status).toBeLessThan(500);
        expect(JSON.stringify(body)).not.toMatch(/node_modules|\.ts:\d|at .*\(/);
        if (status >= 400) expect(headers.get('content-type')).toContain('application/problem+json');
      },
    ),
    { seed: SEED, numRuns: 300 },
  );
});
