import { z } from 'zod';
import { DOMAINS, STATUSES } from '../../domain/ticket.ts';
import type { FoundTickets, SortField, SortKey, TicketFilter, TicketIndex } from '../store/ticketIndex.ts';
import { SORT_FIELDS } from '../store/ticketIndex.ts';
import { queryBoolean, queryInstant, queryText } from './queryFields.ts';
import { type RouteRequest, scopeOf } from './route.ts';
import { seesOriginals } from './ticketOut.ts';

/** A field, or `-field` for the other way round. Tickets without the value come last either way. */
export const SORTS = SORT_FIELDS.flatMap((field) => [field, `-${field}`]) as readonly Sort[];
export type Sort = SortField | `-${SortField}`;

/** What every list of tickets can be narrowed by, in the address. */
export const ticketFilterFields = {
  status: z.enum(STATUSES).optional(),
  domain: z.enum(DOMAINS).optional(),
  category: queryText.optional(),
  department: queryText.optional(),
  grid: queryText.optional(),
  community: queryText.optional(),
  street: queryText.optional(),
  from: queryInstant.optional().meta({ description: 'Reported then or later' }),
  to: queryInstant.optional().meta({ description: 'Reported before' }),
  q: queryText.optional().meta({
    description:
      'Words, all of which must occur, each whole or in part, in number, id, title, description, address, in the names and numbers of reporter and officers, or in the names of grid, community, street, domain, category and department; case and width do not matter. Who reads no personal originals finds only by what is shown to such a reader',
  }),
  overdue: queryBoolean.optional(),
  sort: z.enum(SORTS).default('-reportedAt'),
};

function orderOf(sort: Sort): { readonly field: SortField; readonly falling: boolean } {
  const falling = sort.startsWith('-');
  return { field: (falling ? sort.slice(1) : sort) as SortField, falling };
}

function encodeCursor(sort: Sort, { value, recordedAt, id }: SortKey): string {
  return Buffer.from(JSON.stringify([sort, value, recordedAt, id])).toString('base64url');
}

function decodeCursor(sort: Sort, cursor: string): SortKey | undefined {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts) || parts.length !== 4) return undefined;
  const [cursorSort, value, recordedAt, id] = parts as unknown[];
  const valueFits = value === null || typeof value === (sort.endsWith('number') ? 'string' : 'number');
  if (cursorSort !== sort || !valueFits || typeof recordedAt !== 'number' || typeof id !== 'string') return undefined;
  return { value: value as SortKey['value'], recordedAt, id };
}

export type TicketPage =
  | ({ readonly ok: true; readonly nextCursor: string | null } & Pick<FoundTickets, 'tickets' | 'total' | 'byStatus'>)
  | { readonly ok: false; readonly reason: 'wrongCursor' };

export interface TicketPageRequest {
  readonly filter: TicketFilter;
  readonly sort: Sort;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Asks the index on behalf of whoever calls; a cursor is a place in the order, so tickets that come in meanwhile shift nothing. */
export async function findTickets(
  index: Pick<TicketIndex, 'find' | 'keyOf'>,
  request: Pick<RouteRequest, 'identity'>,
  { filter, sort, limit, cursor }: TicketPageRequest,
  now: number,
): Promise<TicketPage> {
  const after = cursor === undefined ? undefined : decodeCursor(sort, cursor);
  if (cursor !== undefined && after === undefined) return { ok: false, reason: 'wrongCursor' };
  const order = orderOf(sort);
  const { tickets, total, byStatus, more } = await index.find({
    filter,
    scope: scopeOf(request),
    originals: seesOriginals(request.identity),
    order,
    after,
    limit,
    now,
  });
  const last = tickets.at(-1);
  const nextCursor = last !== undefined && more ? encodeCursor(sort, index.keyOf(last, order.field)) : null;
  return { ok: true, tickets, total, byStatus, nextCursor };
}
