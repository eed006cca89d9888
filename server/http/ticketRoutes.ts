import { z } from 'zod';
import { STATUSES, type Ticket } from '../../domain/ticket.ts';
import type { Ingest, IngestResult, Origin } from '../ingest/ingest.ts';
import { invalid, type Problem, problem } from '../ingest/problem.ts';
import { stepIn, ticketIn } from '../ingest/reportSchemas.ts';
import type { AuditLog } from '../store/auditLog.ts';
import type { TicketIndex } from '../store/ticketIndex.ts';
import type { TicketStore } from '../store/ticketStore.ts';
import { problemBody } from './problemBody.ts';
import { queryInteger } from './queryFields.ts';
import {
  type Answer,
  callerNote,
  MALFORMED_LINE,
  REPORTERS,
  type Route,
  type RouteRequest,
  route,
  STAFF,
  scopeOf,
} from './route.ts';
import { personal, seesOriginals, type TicketView, type TicketWriter, ticketOut, viewFor } from './ticketOut.ts';
import { findTickets, ticketFilterFields } from './ticketSearch.ts';

/** Rows of one batch (contract, HTTP). */
export const MAX_BATCH_ROWS = 1000;
const DEFAULT_PAGE = 50;
const MAX_PAGE = 200;

const taken = z.strictObject({
  ticket: ticketOut,
  seq: z.number().int().meta({ description: 'Of the last durable event when this was answered' }),
});

function originOf({ identity }: Pick<RouteRequest, 'identity'>): Origin {
  if (identity === undefined) throw new Error('a route for reporters was entered by nobody');
  const scope = identity.scope === undefined ? {} : { scope: identity.scope };
  return identity.kind === 'staff'
    ? { sourceId: identity.accountId, kind: 'staff', by: identity.name, ...scope }
    : { sourceId: identity.clientId, kind: 'client', name: identity.name, ...scope };
}

export function ticketRoutes(parts: {
  readonly store: Pick<TicketStore, 'find' | 'findAll'>;
  readonly index: Pick<TicketIndex, 'find' | 'keyOf'>;
  readonly ingest: Ingest;
  readonly writerFor: (view: TicketView) => TicketWriter;
  readonly streetOf: (gridId: string) => string | undefined;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly now: () => number;
}): Route[] {
  const { store, index, ingest, writerFor, streetOf, audit, now } = parts;

  function answerTo({ identity }: Pick<RouteRequest, 'identity'>, result: IngestResult): Answer {
    if (!result.ok) return { problem: result.problem };
    const { outcome, ticket, seq } = result;
    const write = writerFor(viewFor(identity));
    return { status: outcome === 'accepted' ? 201 : 200, body: { ticket: write(ticket), seq } };
  }

  /** The refusal of somebody who has sent too much. */
  function overspent(origin: Origin, count: number): Answer | undefined {
    const refused = ingest.spend(origin, count);
    if (refused === undefined) return undefined;
    const waitSeconds = Math.ceil((refused.retryAfterMs ?? 0) / 1000);
    return { problem: refused, headers: { 'Retry-After': String(Math.max(1, waitSeconds)) } };
  }

  function inScope(ticket: Ticket, scope: string | undefined): boolean {
    const { gridId } = ticket.location;
    return scope === undefined || (gridId !== undefined && streetOf(gridId) === scope);
  }

  async function row(origin: Origin, input: unknown): Promise<{ status: number; id?: string; problem?: Problem }> {
    if (input === MALFORMED_LINE) {
      const refused = problem('malformed_json');
      return { status: refused.status, problem: refused };
    }
    const result = await ingest.report(origin, input);
    if (result.ok) return { status: result.outcome === 'accepted' ? 201 : 200, id: result.ticket.id };
    const sentId = (input as { readonly id?: unknown } | null)?.id;
    return {
      status: result.problem.status,
      ...(typeof sentId === 'string' ? { id: sentId } : {}),
      problem: result.problem,
    };
  }

  return [
    route({
      method: 'post',
      path: '/api/v1/tickets',
      operation: 'reportTicket',
      summary: 'Report a ticket. Sending the same id with the same content again is safe.',
      who: REPORTERS,
      // Checked by ingest, which every way in shares
      body: z.unknown(),
      documentedBody: ticketIn,
      answers: {
        201: { description: 'Taken down, durably', schema: taken },
        200: { description: 'Sent before with the same content', schema: taken },
      },
      problems: ['invalid', 'out_of_scope', 'conflict', 'rate_limited', 'unavailable'],
      handle: async (request) => {
        const origin = originOf(request);
        return overspent(origin, 1) ?? answerTo(request, await ingest.report(origin, request.body));
      },
    }),
    route({
      method: 'post',
      path: '/api/v1/tickets/batch',
      operation: 'reportTickets',
      summary: `Report up to ${MAX_BATCH_ROWS} tickets, decided in their order. A bad row fails alone.`,
      who: REPORTERS,
      body: z.array(z.unknown(), 'must be a list of tickets'),
      documentedBody: z.array(ticketIn).max(MAX_BATCH_ROWS),
      lines: true,
      problems: ['rate_limited'],
      answers: {
        200: {
          description: 'One result a row, in order; paths in its problem begin at the row',
          schema: z.strictObject({
            results: z.array(
              z.strictObject({
                status: z.number().int().meta({ description: 'What the row alone would have been answered with' }),
                id: z.string().optional(),
                problem: problemBody.optional(),
              }),
            ),
          }),
        },
      },
      handle: async (request) => {
        const rows = request.body;
        if (rows.length > MAX_BATCH_ROWS) {
          return { problem: problem('too_large', `a batch may have ${MAX_BATCH_ROWS} rows; this has ${rows.length}`) };
        }
        const origin = originOf(request);
        const refused = overspent(origin, rows.length);
        if (refused) return refused;
        return { status: 200, body: { results: await Promise.all(rows.map((input) => row(origin, input))) } };
      },
    }),
    route({
      method: 'post',
      path: '/api/v1/tickets/{ticketId}/steps',
      operation: 'takeStep',
      summary: 'Say what was done to a ticket, named by its id or number.',
      who: REPORTERS,
      body: z.unknown(),
      documentedBody: stepIn,
      answers: {
        201: { description: 'Taken down, durably', schema: taken },
        200: { description: 'Already so: sent before, or the closing of a closed ticket', schema: taken },
      },
      problems: ['invalid', 'not_found', 'conflict', 'illegal_step', 'same_person', 'rate_limited', 'unavailable'],
      handle: async (request) => {
        const origin = originOf(request);
        const ticketId = request.params.ticketId as string;
        const refused = overspent(origin, 1);
        if (refused) return refused;
        const result = await ingest.step(origin, ticketId, request.body);
        // The answer shows the whole ticket
        if (result.ok && seesOriginals(request.identity)) {
          await audit.record({ kind: 'ticketRead', ...callerNote(request), subjects: [result.ticket.id] });
        }
        return answerTo(request, result);
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/tickets',
      operation: 'listTickets',
      summary: 'Find tickets, archived ones too. Every filter given must fit.',
      who: STAFF,
      query: z.object({
        ...ticketFilterFields,
        personal,
        limit: queryInteger(1, MAX_PAGE).default(DEFAULT_PAGE),
        cursor: z.string('give it once').max(1000).optional(),
      }),
      answers: {
        200: {
          description: 'A page; `total` counts all that fit',
          schema: z.strictObject({
            items: z.array(ticketOut),
            total: z.number().int(),
            byStatus: z
              .record(z.enum(STATUSES), z.number().int())
              .meta({ description: 'How many of each status fit all other filters' }),
            nextCursor: z.string().nullable().meta({ description: 'Null on the last page' }),
          }),
        },
      },
      handle: async (request) => {
        const { sort, limit, cursor, personal: wanted, ...filter } = request.query;
        const page = await findTickets(index, request, { filter, sort, limit, cursor }, now());
        if (!page.ok) {
          return { problem: invalid([{ path: 'cursor', message: 'is not of this list in this order' }]) };
        }
        const { total, byStatus, nextCursor } = page;
        const tickets = await store.findAll(page.tickets.map(({ id }) => id));
        const view = viewFor(request.identity, wanted);
        const items = tickets.filter((ticket) => ticket !== undefined).map(writerFor(view));
        if (view === 'originals' && items.length > 0) {
          const subjects = items.map(({ id }) => id);
          await audit.record({ kind: 'ticketsListed', ...callerNote(request), subjects });
        }
        return { status: 200, body: { items, total, byStatus, nextCursor } };
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/tickets/{ticketId}',
      operation: 'getTicket',
      summary: 'A ticket by its id or number, with its whole timeline.',
      who: STAFF,
      query: z.object({ personal }),
      answers: { 200: { description: 'The ticket', schema: z.strictObject({ ticket: ticketOut }) } },
      problems: ['not_found'],
      handle: async (request) => {
        const ticket = await store.find(request.params.ticketId as string);
        if (ticket === undefined || !inScope(ticket, scopeOf(request))) {
          return { problem: problem('not_found', 'no ticket has this id or number') };
        }
        const view = viewFor(request.identity, request.query.personal);
        if (view === 'originals')
          await audit.record({ kind: 'ticketRead', ...callerNote(request), subjects: [ticket.id] });
        return { status: 200, body: { ticket: writerFor(view)(ticket) } };
      },
    }),
  ];
}
