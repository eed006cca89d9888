import { z } from 'zod';
import type { Deployment } from '../../domain/deployment.ts';
import { remembering } from '../../domain/labels.ts';
import type { Masker } from '../../domain/masking.ts';
import { DOMAINS, STATUSES, type Ticket } from '../../domain/ticket.ts';
import type { Ingest, IngestResult, Origin } from '../ingest/ingest.ts';
import { invalid, type Problem, problem } from '../ingest/problem.ts';
import { stepIn, ticketIn } from '../ingest/reportSchemas.ts';
import { searchTextOf } from '../store/archive.ts';
import type { TicketStore } from '../store/ticketStore.ts';
import { problemBody } from './problemBody.ts';
import { queryBoolean, queryInstant, queryInteger, queryText } from './queryFields.ts';
import {
  type Answer,
  MALFORMED_LINE,
  REPORTERS,
  type Route,
  type RouteRequest,
  route,
  STAFF,
  scopeOf,
} from './route.ts';
import { seesOriginals, type TicketWriter, ticketOut } from './ticketOut.ts';
import { createTicketSearch, folded, type Searchable, SORTS } from './ticketSearch.ts';

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
  readonly store: Pick<TicketStore, 'find' | 'facts'>;
  readonly ingest: Ingest;
  readonly deployment: Deployment;
  readonly masker: Masker;
  /** For labels that strangers may have sent (`createLabelMasking`). */
  readonly labelMask: (label: string) => string;
  readonly writerFor: (originals: boolean) => TicketWriter;
  readonly streetOf: (gridId: string) => string | undefined;
  readonly now: () => number;
}): Route[] {
  const { store, ingest, deployment, masker, labelMask, writerFor, streetOf, now } = parts;
  const search = createTicketSearch(deployment, streetOf);
  // A ticket is a new object after each event, so a text reckoned once holds for as long as the object lives
  const originalTexts = new WeakMap<Searchable, string>();
  const maskedTexts = new WeakMap<Searchable, string>();

  function originalText(ticket: Searchable): string {
    if ('searchText' in ticket) return ticket.searchText as string;
    let text = originalTexts.get(ticket);
    if (text === undefined) {
      text = searchTextOf(ticket);
      originalTexts.set(ticket, text);
    }
    return text;
  }

  function maskedText(ticket: Searchable): string {
    let text = maskedTexts.get(ticket);
    if (text === undefined) {
      const known = ticket.reporter?.name === undefined ? undefined : { reporterName: ticket.reporter.name };
      const fields = [ticket.title, ticket.description, ticket.location.address];
      text = folded(fields.map((field) => (field === undefined ? '' : masker.text(field, known))).join('\n'));
      maskedTexts.set(ticket, text);
    }
    return text;
  }

  function answerTo({ identity }: Pick<RouteRequest, 'identity'>, result: IngestResult): Answer {
    if (!result.ok) return { problem: result.problem };
    const { outcome, ticket, seq } = result;
    const write = writerFor(seesOriginals(identity));
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
        return overspent(origin, 1) ?? answerTo(request, await ingest.step(origin, ticketId, request.body));
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/tickets',
      operation: 'listTickets',
      summary: 'Find tickets, archived ones too. Every filter given must fit.',
      who: STAFF,
      query: z.object({
        status: z.enum(STATUSES).optional(),
        domain: z.enum(DOMAINS).optional(),
        category: queryText.optional(),
        department: queryText.optional(),
        grid: queryText.optional(),
        from: queryInstant.optional().meta({ description: 'Reported then or later' }),
        to: queryInstant.optional().meta({ description: 'Reported before' }),
        q: queryText.optional().meta({
          description:
            'Words, all of which must occur in number, id, title, description, address, reporter or in the names of grid, community, street, category and department; case and width do not matter',
        }),
        overdue: queryBoolean.optional(),
        sort: z.enum(SORTS).default('-reportedAt'),
        limit: queryInteger(1, MAX_PAGE).default(DEFAULT_PAGE),
        cursor: z.string('give it once').max(1000).optional(),
      }),
      answers: {
        200: {
          description: 'A page; `total` counts all that fit',
          schema: z.strictObject({
            items: z.array(ticketOut),
            total: z.number().int(),
            nextCursor: z.string().nullable().meta({ description: 'Null on the last page' }),
          }),
        },
      },
      handle: async (request) => {
        const { sort, limit, cursor, ...filter } = request.query;
        const originals = seesOriginals(request.identity);
        const page = search.find(
          store.facts() as Iterable<Searchable>,
          { ...filter, scope: scopeOf(request) },
          { sort, limit, cursor, now: now() },
          originals ? [originalText] : [originalText, maskedText],
          originals ? (label) => label : remembering(labelMask),
        );
        if (!page.ok) {
          return { problem: invalid([{ path: 'cursor', message: 'is not of this list in this order' }]) };
        }
        const tickets = await Promise.all(page.items.map((item) => store.find(item.id)));
        const items = tickets.filter((ticket) => ticket !== undefined).map(writerFor(originals));
        return { status: 200, body: { items, total: page.total, nextCursor: page.nextCursor } };
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/tickets/{ticketId}',
      operation: 'getTicket',
      summary: 'A ticket by its id or number, with its whole timeline.',
      who: STAFF,
      answers: { 200: { description: 'The ticket', schema: z.strictObject({ ticket: ticketOut }) } },
      problems: ['not_found'],
      handle: async (request) => {
        const ticket = await store.find(request.params.ticketId as string);
        if (ticket === undefined || !inScope(ticket, scopeOf(request))) {
          return { problem: problem('not_found', 'no ticket has this id or number') };
        }
        return { status: 200, body: { ticket: writerFor(seesOriginals(request.identity))(ticket) } };
      },
    }),
  ];
}
