import { z } from 'zod';
import type { Deployment } from '../../domain/deployment.ts';
import { countTicket } from '../../domain/statistics.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { MAX_EXPORT_ROWS } from '../../protocol/exports.ts';
import { problem } from '../ingest/problem.ts';
import type { LocalTime } from '../localTime.ts';
import type { AuditLog } from '../store/auditLog.ts';
import type { HeldTicket, TicketIndex } from '../store/ticketIndex.ts';
import type { TicketStore } from '../store/ticketStore.ts';
import { EXPORT_FORMATS, EXPORT_MEDIA_TYPES, type ExportColumn, type ExportFormat, exportFile } from './exportTable.ts';
import { EXPORT_LANGUAGES, type ExportLanguage, exportWords, nameIn } from './exportWords.ts';
import { type Answer, callerNote, type Route, route, STAFF } from './route.ts';
import { personal, seesOriginals } from './ticketOut.ts';
import { findTickets, ticketFilterFields } from './ticketSearch.ts';

export const language = z
  .enum(EXPORT_LANGUAGES)
  .default('zh-CN')
  .meta({ description: 'Of the head line, names and states' });

const ALL_TIME = { fromAt: Number.NEGATIVE_INFINITY, toAt: Number.POSITIVE_INFINITY };

/** The file as an answer; its name tells what it holds and when, local time, it was asked for. */
export function fileAnswer(
  file: { readonly name: string; readonly format: ExportFormat; readonly bytes: AsyncIterable<string | Uint8Array> },
  at: number,
  localTime: Pick<LocalTime, 'offsetMinutes'>,
): Answer {
  const minute = new Date(at + localTime.offsetMinutes(at) * 60_000).toISOString().slice(0, 16).replace(/[-:]/g, '');
  return {
    status: 200,
    headers: {
      'Content-Type': EXPORT_MEDIA_TYPES[file.format],
      'Content-Disposition': `attachment; filename="${file.name}-${minute}.${file.format}"`,
    },
    stream: file.bytes,
  };
}

/** A ticket as its reader may see it, and how it counts in statistics now. */
interface ExportRow {
  readonly ticket: Ticket;
  readonly count: ReturnType<typeof countTicket>;
}

function columnsOf(deployment: Deployment, inLanguage: ExportLanguage): ExportColumn<ExportRow>[] {
  const words = exportWords(inLanguage);
  const namesOf = (listed: readonly { readonly id: string; readonly name: Parameters<typeof nameIn>[1] }[]) =>
    new Map(listed.map(({ id, name }) => [id, nameIn(inLanguage, name)]));
  const domains = namesOf(deployment.domains);
  const categories = namesOf(deployment.categories);
  const departments = namesOf(deployment.departments);
  const grids = namesOf(deployment.grids);
  const communities = namesOf(deployment.communities);
  const streets = namesOf(deployment.streets);
  const communityOf = new Map(deployment.grids.map((grid) => [grid.id, grid.communityId]));
  const streetOf = new Map(deployment.communities.map((community) => [community.id, community.streetId]));
  const named = (names: ReadonlyMap<string, string>, id: string | undefined) =>
    id === undefined ? null : (names.get(id) ?? id);
  const instant = (at: number | undefined) => (at === undefined ? null : { at });
  const yesNo = (yes: boolean | undefined) => (yes === undefined ? null : yes ? words.yes : words.no);
  const column = (
    key: Exclude<keyof typeof words.tickets, 'sheet'>,
    width: number,
    cell: ExportColumn<ExportRow>['cell'],
  ): ExportColumn<ExportRow> => ({ title: words.tickets[key], width, cell });

  return [
    column('number', 17, ({ ticket }) => ticket.number),
    column('title', 30, ({ ticket }) => ticket.title),
    column('status', 12, ({ ticket }) => words.status[ticket.status]),
    column('domain', 12, ({ ticket }) => named(domains, ticket.domain)),
    column('category', 16, ({ ticket }) => named(categories, ticket.category)),
    column('department', 16, ({ ticket }) => named(departments, ticket.department)),
    column('assistDepartments', 20, ({ ticket }) =>
      ticket.assistDepartments.map((id) => departments.get(id) ?? id).join(words.separator),
    ),
    column('street', 12, ({ ticket: { location } }) => {
      const communityId = communityOf.get(location.gridId ?? '');
      return named(streets, streetOf.get(communityId ?? ''));
    }),
    column('community', 14, ({ ticket: { location } }) => named(communities, communityOf.get(location.gridId ?? ''))),
    column('grid', 16, ({ ticket: { location } }) => named(grids, location.gridId)),
    column('address', 30, ({ ticket: { location } }) => location.address ?? null),
    column('source', 12, ({ ticket }) => ticket.source),
    column('reporter', 12, ({ ticket: { reporter } }) => reporter?.name ?? reporter?.id ?? null),
    column('reporterPhone', 14, ({ ticket: { reporter } }) => reporter?.phone ?? null),
    column('reportedAt', 17, ({ ticket }) => instant(ticket.reportedAt)),
    column('dueAt', 17, ({ ticket }) => instant(ticket.dueAt)),
    column('handledAt', 17, ({ ticket }) => instant(ticket.handledAt)),
    column('endedAt', 17, ({ ticket }) => instant(ticket.endedAt)),
    column('points', 8, ({ ticket }) => ticket.points),
    column('counted', 10, ({ count }) => yesNo(count !== undefined)),
    column('closed', 10, ({ count }) => yesNo(count?.closed)),
    column('overdue', 10, ({ count }) => yesNo(count?.overdue)),
    column('due', 10, ({ count }) => yesNo(count?.due)),
    column('onTime', 10, ({ count }) => yesNo(count?.onTime)),
    column('description', 60, ({ ticket }) => ticket.description ?? null),
    column('id', 20, ({ ticket }) => ticket.id),
  ];
}

export function exportRoutes(parts: {
  readonly store: Pick<TicketStore, 'find'>;
  readonly index: Pick<TicketIndex, 'find' | 'keyOf'>;
  readonly deployment: Deployment;
  /** A ticket as it is shown to who reads no personal originals. */
  readonly masked: (ticket: Ticket) => Ticket;
  readonly localTime: Pick<LocalTime, 'offsetMinutes'>;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly now: () => number;
}): Route[] {
  const { store, index, deployment, masked, localTime, audit, now } = parts;

  async function* rowsOf(tickets: readonly HeldTicket[], originals: boolean, at: number): AsyncGenerator<ExportRow> {
    for (const { id } of tickets) {
      const ticket = await store.find(id);
      // A store that stops: better no file than one that lacks a row
      if (ticket === undefined) throw new Error(`ticket ${id} cannot be read any more`);
      yield { ticket: originals ? ticket : masked(ticket), count: countTicket(ticket, { ...ALL_TIME, at }) };
    }
  }

  return [
    route({
      method: 'get',
      path: '/api/v1/exports/tickets',
      operation: 'exportTickets',
      summary: `What GET /tickets finds, as a file of at most ${MAX_EXPORT_ROWS} rows; a longer list is refused whole. Each row tells how it counts in GET /statistics.`,
      who: STAFF,
      query: z.object({ ...ticketFilterFields, personal, language, format: z.enum(EXPORT_FORMATS) }),
      answers: {
        200: {
          description: 'CSV (UTF-8 with byte order mark) or an Office Open XML workbook; instants as local time',
          mediaType: ['text/csv', EXPORT_MEDIA_TYPES.xlsx],
        },
      },
      problems: ['too_large'],
      handle: async (request) => {
        const { sort, personal: wanted, language: inLanguage, format, ...filter } = request.query;
        const at = now();
        const page = await findTickets(index, request, { filter, sort, limit: MAX_EXPORT_ROWS }, at);
        if (!page.ok) throw new Error('a search without a cursor had a wrong one');
        if (page.total > MAX_EXPORT_ROWS) {
          const detail = `${page.total} tickets fit; an export takes at most ${MAX_EXPORT_ROWS}, so narrow it, by its period for one`;
          return { problem: problem('too_large', detail, { limit: MAX_EXPORT_ROWS }) };
        }
        const originals = wanted === 'originals' && seesOriginals(request.identity);
        await audit.record({
          kind: 'ticketsExported',
          ...callerNote(request),
          subjects: page.tickets.map(({ id }) => id),
          detail: { format, personal: originals ? 'originals' : 'masked', rows: page.tickets.length },
        });
        const table = {
          name: exportWords(inLanguage).tickets.sheet,
          columns: columnsOf(deployment, inLanguage),
          rows: rowsOf(page.tickets, originals, at),
        };
        return fileAnswer({ name: 'tickets', format, bytes: exportFile(format, table, localTime) }, at, localTime);
      },
    }),
  ];
}
