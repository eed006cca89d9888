import { z } from 'zod';
import type { Deployment } from '../../domain/deployment.ts';
import type { Clients } from '../identity/clients.ts';
import type { Pairings } from '../identity/pairings.ts';
import { problem } from '../ingest/problem.ts';
import { text } from '../ingest/reportSchemas.ts';
import type { AuditLog } from '../store/auditLog.ts';
import { CLIENT_KINDS } from '../store/settingsDb.ts';
import { manages, wrongScope } from './grantedScope.ts';
import { createBeginnings, tooMany } from './perAddress.ts';
import { ADMINS, callerNote, type Route, route } from './route.ts';
import type { WireInstant } from './wireInstant.ts';

const wireInstant = z.iso.datetime({ offset: true });
const scopeIn = z.string().optional().meta({ description: 'A street that it is limited to' });

/** Tokens for programs and walls: given by an administrator, or collected by a wall that an administrator approved. */
export function clientRoutes(parts: {
  readonly clients: Clients;
  readonly pairings: Pairings;
  readonly deployment: Deployment;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly instant: WireInstant;
}): Route[] {
  const { clients, pairings, deployment, audit, instant } = parts;
  const beginning = createBeginnings();

  return [
    route({
      method: 'post',
      path: '/api/v1/clients',
      operation: 'createClient',
      summary: 'Give a source or a wall a token of its own. It is shown this once.',
      who: ADMINS,
      body: z.object({ name: text(200), kind: z.enum(CLIENT_KINDS), scope: scopeIn }),
      answers: {
        201: { description: 'The token', schema: z.strictObject({ id: z.string(), token: z.string() }) },
      },
      problems: ['out_of_scope'],
      handle: async (request) => {
        const { scope, ...wanted } = request.body;
        const wrong = wrongScope(request, deployment, scope);
        if (wrong) return wrong;
        const limits = scope === undefined ? {} : { scope };
        const created = await clients.create({ ...wanted, ...limits });
        await audit.record({
          kind: 'clientCreated',
          ...callerNote(request),
          subjects: [created.id],
          detail: { kind: wanted.kind, ...limits },
        });
        return { status: 201, body: created };
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/clients',
      operation: 'listClients',
      summary: 'All sources and walls that hold a token.',
      who: ADMINS,
      answers: {
        200: {
          description: 'In order of their making',
          schema: z.strictObject({
            items: z.array(
              z.strictObject({
                id: z.string(),
                name: z.string(),
                kind: z.enum(CLIENT_KINDS),
                scope: z.string().nullable(),
                createdAt: wireInstant,
              }),
            ),
          }),
        },
      },
      handle: (request) => ({
        status: 200,
        body: {
          items: clients
            .list()
            .filter(({ scope }) => manages(request, scope))
            .map(({ id, name, kind, scope = null, createdAt }) => ({
              id,
              name,
              kind,
              scope,
              createdAt: instant(createdAt),
            })),
        },
      }),
    }),
    route({
      method: 'delete',
      path: '/api/v1/clients/{clientId}',
      operation: 'deleteClient',
      summary: 'Revoke a token and cut its live connections.',
      who: ADMINS,
      answers: { 204: { description: 'Revoked' } },
      problems: ['not_found'],
      handle: async (request) => {
        const id = request.params.clientId as string;
        const known = clients.list().find((client) => client.id === id);
        if (!manages(request, known?.scope) || !(await clients.remove(id)))
          return { problem: problem('not_found', 'no client has this id') };
        await audit.record({ kind: 'clientRemoved', ...callerNote(request), subjects: [id] });
        return { status: 204 };
      },
    }),
    route({
      method: 'post',
      path: '/api/v1/pairings',
      operation: 'beginPairing',
      summary: 'A wall without a token asks for a code to show.',
      who: 'anyone',
      answers: {
        201: {
          description: 'The code for people to read, and the secret to collect the token with',
          schema: z.strictObject({ code: z.string().length(6), secret: z.string(), expiresAt: wireInstant }),
        },
      },
      problems: ['too_many_requests'],
      handle: async ({ address }) => {
        const refused = await beginning(address);
        if (refused) return refused;
        const begun = pairings.begin();
        if (begun === undefined) return tooMany(60_000);
        return { status: 201, body: { ...begun, expiresAt: instant(begun.expiresAt) } };
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/pairings/{code}',
      operation: 'collectPairing',
      summary: 'The wall asks whether it was approved. The token is handed out once.',
      who: 'pairing',
      answers: {
        200: {
          description: '`token` comes with the first answer after the approval',
          schema: z.strictObject({
            status: z.enum(['pending', 'approved']),
            token: z.string().optional(),
            expiresAt: wireInstant,
          }),
        },
      },
      problems: ['unauthorized', 'not_found', 'unavailable'],
      handle: async ({ params, bearer }) => {
        if (bearer === undefined) return { problem: problem('unauthorized', 'send the secret as a bearer') };
        const view = await pairings.collect(params.code as string, bearer);
        if (view === 'notFound') return { problem: problem('not_found', 'unknown or expired code') };
        if (view === 'wrongSecret') return { problem: problem('unauthorized', 'not the secret of this code') };
        return { status: 200, body: { ...view, expiresAt: instant(view.expiresAt) } };
      },
    }),
    route({
      method: 'post',
      path: '/api/v1/pairings/{code}/approve',
      operation: 'approvePairing',
      summary: 'Let in the wall that shows this code.',
      who: ADMINS,
      body: z.object({ name: text(200), scope: scopeIn }),
      answers: {
        200: {
          description: 'The wall may collect its token',
          schema: z.strictObject({ status: z.literal('approved') }),
        },
      },
      problems: ['not_found', 'out_of_scope'],
      handle: async (request) => {
        const { name, scope } = request.body;
        const wrong = wrongScope(request, deployment, scope);
        if (wrong) return wrong;
        const limits = scope === undefined ? {} : { scope };
        const status = pairings.approve(request.params.code as string, { name, ...limits });
        if (status === 'notFound') return { problem: problem('not_found', 'unknown or expired code') };
        await audit.record({ kind: 'pairingApproved', ...callerNote(request), detail: limits });
        return { status: 200, body: { status } };
      },
    }),
  ];
}
