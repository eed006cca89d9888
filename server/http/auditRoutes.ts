import { z } from 'zod';
import { invalid, problem } from '../ingest/problem.ts';
import { AUDIT_KINDS, type AuditLog } from '../store/auditLog.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { queryInstant, queryInteger, queryText } from './queryFields.ts';
import { ADMINS, type Route, route, scopeOf } from './route.ts';
import type { WireInstant } from './wireInstant.ts';

const DEFAULT_PAGE = 50;
const MAX_PAGE = 200;
/** An export may name tens of thousands; who looks for one of them asks by `subject`. */
const MAX_SUBJECTS = 200;

const entryOut = z
  .strictObject({
    seq: z.number().int(),
    at: z.iso.datetime({ offset: true }),
    kind: z.enum(AUDIT_KINDS),
    accountId: z.string().optional().meta({ description: 'Who did it, or whose password was tried' }),
    username: z.string().optional(),
    address: z.string().optional().meta({ description: 'The network address that it came from' }),
    subjects: z
      .array(z.string())
      .optional()
      .meta({
        description: `Ids of the tickets, alerts, accounts, clients or walls that it was done to; the first ${MAX_SUBJECTS}`,
      }),
    subjectCount: z.number().int().optional(),
    detail: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  })
  .meta({ description: 'What somebody did, by ids alone: nothing that people wrote is in it.' });

const place = z.tuple([z.string().regex(/^\d{4}-\d\d-\d\d$/), z.number().int()]);

export function auditRoutes({
  audit,
  instant,
}: {
  readonly audit: Pick<AuditLog, 'read'>;
  readonly instant: WireInstant;
}): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/v1/audit',
      operation: 'listAudit',
      summary: 'Who came in, who read personal originals, who changed accounts, who dealt with alerts; newest first.',
      who: ADMINS,
      query: z.object({
        kind: z.enum(AUDIT_KINDS).optional(),
        account: queryText.optional().meta({ description: 'The id of an account' }),
        subject: queryText.optional().meta({ description: 'The id of a ticket, alert, account, client or wall' }),
        from: queryInstant.optional(),
        to: queryInstant.optional(),
        limit: queryInteger(1, MAX_PAGE).default(DEFAULT_PAGE),
        cursor: z.string('give it once').max(1000).optional(),
      }),
      answers: {
        200: {
          description: 'A page',
          schema: z.strictObject({
            items: z.array(entryOut),
            nextCursor: z.string().nullable().meta({ description: 'Null on the last page' }),
          }),
        },
      },
      problems: ['out_of_scope', 'unavailable'],
      handle: async (request) => {
        if (scopeOf(request) !== undefined) {
          return { problem: problem('out_of_scope', 'the log is the whole district’s; you are limited to a street') };
        }
        const { cursor, account, ...rest } = request.query;
        const before = cursor === undefined ? undefined : decodeCursor(cursor, place);
        if (cursor !== undefined && before === undefined) {
          return { problem: invalid([{ path: 'cursor', message: 'is not of this list' }]) };
        }
        const page = await audit.read({
          ...rest,
          accountId: account,
          before: before && { day: before[0], seq: before[1] },
        });
        if (!page.ok) return { problem: problem('unavailable', page.problem) };
        return {
          status: 200,
          body: {
            items: page.entries.map(({ subjects, ...entry }) => ({
              ...entry,
              at: instant(entry.at),
              ...(subjects === undefined
                ? {}
                : { subjects: subjects.slice(0, MAX_SUBJECTS), subjectCount: subjects.length }),
            })),
            nextCursor: page.nextPlace === null ? null : encodeCursor([page.nextPlace.day, page.nextPlace.seq]),
          },
        };
      },
    }),
  ];
}
