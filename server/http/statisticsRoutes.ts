import { z } from 'zod';
import type { Deployment, Name } from '../../domain/deployment.ts';
import type { PointsAwarded } from '../../domain/events.ts';
import { remembering } from '../../domain/labels.ts';
import type { Masker } from '../../domain/masking.ts';
import {
  GROUPINGS,
  type Grouping,
  groupKey,
  STATISTICS_FORMULAS,
  statistics,
  type TicketFacts,
} from '../../domain/statistics.ts';
import { invalid } from '../ingest/problem.ts';
import type { LocalTime } from '../localTime.ts';
import type { TicketStore } from '../store/ticketStore.ts';
import { fileAnswer, language } from './exportRoutes.ts';
import { type ExportColumn, exportFile } from './exportTable.ts';
import { exportWords, nameIn } from './exportWords.ts';
import { queryInstant } from './queryFields.ts';
import { type Route, type RouteRequest, route, STAFF, scopeOf } from './route.ts';
import { seesOriginals } from './ticketOut.ts';
import type { WireInstant } from './wireInstant.ts';

const STATISTICS_FIGURES = [
  'opened',
  'closed',
  'closedOverdue',
  'open',
  'openOverdue',
  'dueInPeriod',
  'onTimeRate',
] as const;
const count = z.number().int().nonnegative();
/** The figures of one group, as statistics and the brief send them. */
export const countsOut = {
  opened: count,
  closed: count,
  closedOverdue: count,
  open: count,
  openOverdue: count,
  dueInPeriod: count,
  onTimeRate: z.number().min(0).max(1).nullable(),
};
const wireInstant = z.iso.datetime({ offset: true });

function reversed(from: number, to: number) {
  return from <= to ? undefined : { problem: invalid([{ path: 'to', message: 'lies before from' }]) };
}

const statisticsQuery = z.object({
  from: queryInstant,
  to: queryInstant,
  at: queryInstant.optional().meta({ description: 'Event time; may lie ahead of the clock; default now' }),
  groupBy: z.enum(GROUPINGS),
});

export function statisticsRoutes(parts: {
  readonly store: Pick<TicketStore, 'facts' | 'pointsLedger'>;
  readonly deployment: Deployment;
  readonly masker: Masker;
  /** For labels that strangers may have sent (`createLabelMasking`). */
  readonly labelMask: (label: string) => string;
  readonly streetOf: (gridId: string) => string | undefined;
  readonly instant: WireInstant;
  readonly localTime: Pick<LocalTime, 'offsetMinutes'>;
  readonly now: () => number;
}): Route[] {
  const { store, deployment, masker, labelMask, streetOf, instant, localTime, now } = parts;
  const communityOf = new Map(deployment.grids.map((grid) => [grid.id, grid.communityId]));
  const namesById = (listed: readonly { readonly id: string; readonly name: Name }[]) =>
    new Map(listed.map(({ id, name }) => [id, name]));
  const names: Record<Grouping, ReadonlyMap<string, Name>> = {
    department: namesById(deployment.departments),
    domain: namesById(deployment.domains),
    community: namesById(deployment.communities),
    grid: namesById(deployment.grids),
  };

  function* within<T extends { readonly gridId?: string | undefined }>(
    items: Iterable<T>,
    scope: string | undefined,
  ): Iterable<T> {
    for (const item of items) {
      if (scope === undefined || (item.gridId !== undefined && streetOf(item.gridId) === scope)) yield item;
    }
  }

  /** The one reckoning behind the answer and its export. */
  function groupsFor({
    identity,
    query,
  }: Pick<RouteRequest<unknown, z.output<typeof statisticsQuery>>, 'identity' | 'query'>) {
    const { from, to, at = now(), groupBy } = query;
    const scope = scopeOf({ identity });
    const facts = [...store.facts()].filter(
      ({ location: { gridId } }) => scope === undefined || (gridId !== undefined && streetOf(gridId) === scope),
    );
    const keyOf = groupKey(groupBy, (gridId) => communityOf.get(gridId));
    const shown = remembering((key) => (names[groupBy].has(key) ? key : labelMask(key)));
    const shownKeyOf = (ticket: TicketFacts) => {
      const key = keyOf(ticket);
      return key === undefined ? undefined : shown(key);
    };
    const originals = seesOriginals(identity);
    const groups = statistics(facts, { fromAt: from, toAt: to, at }, originals ? keyOf : shownKeyOf)
      .map(({ key, ...counts }) => ({ key, name: names[groupBy].get(key)?.zh ?? key, ...counts }))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
    return { at, groups };
  }

  return [
    route({
      method: 'get',
      path: '/api/v1/statistics',
      operation: 'getStatistics',
      summary: 'Tickets reported in [from, to), in the state they had at `at`.',
      who: STAFF,
      query: statisticsQuery,
      answers: {
        200: {
          description: 'Groups in order of their key; the key is empty for tickets that have none',
          schema: z.strictObject({
            at: wireInstant,
            from: wireInstant,
            to: wireInstant,
            groupBy: z.enum(GROUPINGS),
            groups: z.array(
              z.strictObject({
                key: z.string(),
                name: z.string().meta({ description: 'As the deployment names it, else the key' }),
                ...countsOut,
              }),
            ),
            formulas: z.record(z.string(), z.string()),
          }),
        },
      },
      handle: (request) => {
        const { from, to, groupBy } = request.query;
        const refused = reversed(from, to);
        if (refused) return refused;
        const { at, groups } = groupsFor(request);
        return {
          status: 200,
          body: {
            at: instant(at),
            from: instant(from),
            to: instant(to),
            groupBy,
            groups,
            formulas: STATISTICS_FORMULAS,
          },
        };
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/exports/statistics',
      operation: 'exportStatistics',
      summary: 'What GET /statistics answers, as a file; figures to the same digit.',
      who: STAFF,
      query: statisticsQuery.extend({ language, format: z.literal('csv') }),
      answers: { 200: { description: 'CSV, UTF-8 with byte order mark', mediaType: 'text/csv' } },
      handle: (request) => {
        const { from, to, groupBy, language: inLanguage, format } = request.query;
        const refused = reversed(from, to);
        if (refused) return refused;
        const { at, groups } = groupsFor(request);
        const words = exportWords(inLanguage).statistics;
        const nameOf = (key: string) => {
          const name = names[groupBy].get(key);
          return name === undefined ? key : nameIn(inLanguage, name);
        };
        const columns: ExportColumn<(typeof groups)[number]>[] = (['key', 'name', ...STATISTICS_FIGURES] as const).map(
          (field) => ({
            title: words[field],
            width: 14,
            cell: (group) => (field === 'name' ? nameOf(group.key) : group[field]),
          }),
        );
        const table = { name: groupBy, columns, rows: groups };
        return fileAnswer(
          { name: `statistics-${groupBy}`, format, bytes: exportFile(format, table, localTime) },
          at,
          localTime,
        );
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/points',
      operation: 'getPoints',
      summary: 'Points awarded in [from, to), by officer and grid.',
      who: STAFF,
      query: z.object({ from: queryInstant, to: queryInstant }),
      answers: {
        200: {
          description: 'Most points first',
          schema: z.strictObject({
            from: wireInstant,
            to: wireInstant,
            groups: z.array(
              z.strictObject({
                officer: z.string().nullable().meta({ description: 'Null where the report named nobody' }),
                gridId: z.string().nullable(),
                points: z.number(),
                tickets: z.array(z.string()).meta({ description: 'Ids, one per award' }),
              }),
            ),
          }),
        },
      },
      handle: (request) => {
        const { from, to } = request.query;
        const refused = reversed(from, to);
        if (refused) return refused;
        const originals = seesOriginals(request.identity);
        const groups = new Map<
          string,
          { officer: string | null; gridId: string | null; points: number; tickets: string[] }
        >();
        for (const award of within<PointsAwarded>(store.pointsLedger(), scopeOf(request))) {
          if (award.at < from || award.at >= to) continue;
          const { officer = null, gridId = null } = award;
          const key = JSON.stringify([officer, gridId]);
          let group = groups.get(key);
          if (group === undefined) {
            group = {
              officer: officer === null || originals ? officer : masker.personName(officer),
              gridId,
              points: 0,
              tickets: [],
            };
            groups.set(key, group);
          }
          group.points += award.points;
          group.tickets.push(award.ticketId);
        }
        const sorted = [...groups.values()].sort((a, b) => b.points - a.points);
        return { status: 200, body: { from: instant(from), to: instant(to), groups: sorted } };
      },
    }),
  ];
}
