import { z } from 'zod';
import { PROBLEMS, type ProblemCode } from '../ingest/problem.ts';
import { problemBody } from './problemBody.ts';
import type { Route, Who } from './route.ts';

type JsonObject = Record<string, unknown>;

/** Written as what goes over the wire, before any conversion. */
function schemaOf(schema: z.ZodType): JsonObject {
  const { $schema: _schema, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonObject;
  return rest;
}

/** Every refusal that a route can end in, its own and those that follow from its shape. */
export function problemsOf(route: Route): ProblemCode[] {
  // What the listener answers before any route is known
  const codes = new Set<ProblemCode>(['malformed_request', 'timeout', 'headers_too_large', ...(route.problems ?? [])]);
  // Whatever changes something needs a disk that takes it
  if (route.method !== 'get') codes.add('unavailable');
  if (route.who === 'host') codes.add('forbidden');
  if (Array.isArray(route.who)) {
    codes.add('unauthorized').add('forbidden');
    if (route.method !== 'get') codes.add('cross_site');
  }
  if (route.takesPassword === true) codes.add('insecure_transport');
  if (route.query !== undefined || route.body !== undefined) codes.add('invalid');
  if (route.body !== undefined) codes.add('malformed_json').add('too_large').add('unsupported_media_type');
  return [...codes];
}

function securityOf(who: Who): JsonObject[] {
  if (who === 'anyone' || who === 'host') return [];
  if (who === 'pairing') return [{ pairingSecret: [] }];
  return who.some((caller) => caller !== 'source' && caller !== 'wall')
    ? [{ bearer: [] }, { cookie: [] }]
    : [{ bearer: [] }];
}

function whoInWords(who: Who): string {
  switch (who) {
    case 'anyone':
      return 'For anyone.';
    case 'host':
      return 'For anyone on the machine that the server runs on.';
    case 'pairing':
      return 'For the wall that holds the secret of the pairing.';
    default:
      return `For ${(who as readonly string[]).join(', ')}.`;
  }
}

function parametersOf({ path, query }: Route): JsonObject[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  if (query === undefined) return inPath;
  const { properties = {}, required = [] } = schemaOf(query) as {
    properties?: Record<string, JsonObject>;
    required?: string[];
  };
  const inQuery = Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema,
  }));
  return [...inPath, ...inQuery];
}

function requestBodyOf(route: Route): JsonObject | undefined {
  const body = route.documentedBody ?? route.body;
  if (body === undefined) return undefined;
  const content: JsonObject = { 'application/json': { schema: schemaOf(body) } };
  if (route.lines === true) {
    content['application/x-ndjson'] = { schema: { type: 'string', description: 'One JSON value a line' } };
  }
  return { required: true, content };
}

function responsesOf(route: Route): JsonObject {
  const responses: JsonObject = {};
  for (const [status, { description, schema, mediaType = 'application/json' }] of Object.entries(route.answers)) {
    const content = schema === undefined ? { type: 'string' } : schemaOf(schema);
    const hasBody = schema !== undefined || mediaType !== 'application/json';
    const types = [mediaType].flat().map((type) => [type, { schema: content }]);
    responses[status] = { description, ...(hasBody ? { content: Object.fromEntries(types) } : {}) };
  }
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of problemsOf(route)) {
    const { status } = PROBLEMS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  for (const [status, codes] of byStatus) {
    responses[status] = {
      description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title}`).join('. '),
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    };
  }
  return responses;
}

/** The whole of the HTTP side as OpenAPI 3.1, from the table that is mounted. */
export function openApiOf(routes: readonly Route[], version: string): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const route of routes) {
    const requestBody = requestBodyOf(route);
    const item = paths[route.path] ?? {};
    paths[route.path] = item;
    item[route.method] = {
      operationId: route.operation,
      summary: route.summary,
      description: whoInWords(route.who),
      tags: [route.path.split('/')[3] ?? 'operation'],
      security: securityOf(route.who),
      parameters: parametersOf(route),
      ...(requestBody === undefined ? {} : { requestBody }),
      responses: responsesOf(route),
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Taibai Wall',
      version,
      license: { name: 'MIT', identifier: 'MIT' },
      description:
        'Instants are ISO 8601 with offset. Bodies have at most 1 MiB. Unknown fields are ignored. Refusals are RFC 9457 problems with a stable `code`. The live side is Socket.IO: namespaces `/feed`, `/wall` and `/desk`.',
    },
    paths,
    components: {
      schemas: { Problem: schemaOf(problemBody) },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'The token of a session or of a client' },
        cookie: {
          type: 'apiKey',
          in: 'cookie',
          name: 'taibai_session',
          description:
            'Set by signing in, over TLS as `__Host-taibai_session`; for our own pages: unsafe methods need `Sec-Fetch-Site` or `Origin` of this server',
        },
        pairingSecret: { type: 'http', scheme: 'bearer', description: 'The secret of the pairing' },
      },
    },
  };
}
