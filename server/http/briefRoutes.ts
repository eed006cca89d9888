import { z } from 'zod';
import {
  BRIEF_FORMULAS,
  type BriefFigures,
  type BriefPeriods,
  type BriefTally,
  createBriefTally,
  gridStrip,
  TICKET_FIGURES,
  ticketBehind,
} from '../../domain/brief.ts';
import type { Deployment, Name } from '../../domain/deployment.ts';
import { type ConfirmedFindings, MOST_FINDINGS, proposeFindings } from '../../domain/findings.ts';
import { listedLabels, remembering } from '../../domain/labels.ts';
import type { Masker } from '../../domain/masking.ts';
import { departmentRanking } from '../../domain/metrics.ts';
import { groupKey, STATISTICS_FORMULAS, type TicketFacts } from '../../domain/statistics.ts';
import { DOMAINS, type TicketId } from '../../domain/ticket.ts';
import { encodeInstants } from '../../protocol/instants.ts';
import { monthPeriods, spanPeriods } from '../briefPeriods.ts';
import { invalid, type Problem } from '../ingest/problem.ts';
import { text } from '../ingest/reportSchemas.ts';
import type { LocalTime } from '../localTime.ts';
import { inSlices } from '../slices.ts';
import type { AuditLog } from '../store/auditLog.ts';
import type { Findings } from '../store/findings.ts';
import type { TicketStore } from '../store/ticketStore.ts';
import { queryInstant, queryInteger, queryText } from './queryFields.ts';
import { callerNote, type Route, type RouteRequest, route, STAFF, scopeOf, staffOf } from './route.ts';
import { countsOut } from './statisticsRoutes.ts';
import { seesOriginals } from './ticketOut.ts';
import type { WireInstant } from './wireInstant.ts';

/** Who writes and confirms what the brief says besides its figures (contract: leaders also brief). */
const BRIEFERS = ['leader', 'duty', 'admin'] as const;

/** Longer spans are no brief; the days of one are listed. */
const MOST_DAYS = 366;
const DAY_MS = 24 * 3_600_000;
/** Ids in one answer. */
const MOST_IDS = 200;

const MONTH = /^\d{4}-(?:0[1-9]|1[0-2])$/;

const count = z.number().int().nonnegative();
const wireInstant = z.iso.datetime({ offset: true });
const rate = z.number().min(0).max(1).nullable();
const medianMs = z.number().nonnegative().nullable();

const totalOut = z.strictObject({ ...countsOut, medianFinishMs: medianMs, judged: count, passedAtOnce: count });
const daysOut = z.array(z.strictObject({ startAt: wireInstant, opened: count, dueInPeriod: count, onTimeRate: rate }));
const seen = { fromAt: wireInstant, toAt: wireInstant, at: wireInstant };
const sentence = z.strictObject({ subject: z.string(), text: z.string() });
const findingsOut = z
  .strictObject({ sentences: z.array(sentence), confirmedBy: z.string(), confirmedAt: wireInstant })
  .nullable()
  .meta({ description: '本月研判 as somebody confirmed it; null: nobody has, or the span is no month' });
const briefOut = z
  .strictObject({
    month: z.string().nullable().meta({ description: '`yyyy-MM`; null for another span' }),
    ...seen,
    timeZone: z.string(),
    centre: z.strictObject({ zh: z.string(), en: z.string().optional() }),
    onTimeTarget: z.number(),
    rankFloor: z.number().meta({ description: 'Fewer due than this: no rank' }),
    total: totalOut,
    days: daysOut,
    departments: z.array(
      z.strictObject({
        key: z.string().meta({ description: 'Empty for tickets of no department' }),
        name: z.string(),
        rank: z.number().int().positive().nullable().meta({ description: '1 = best; null: too few due' }),
        ...countsOut,
        medianFinishMs: medianMs,
        openAll: count,
        openOverdueAll: count,
      }),
    ),
    domains: z.array(z.strictObject({ key: z.enum(DOMAINS), name: z.string(), ...countsOut })),
    streets: z.array(z.strictObject({ key: z.string(), name: z.string(), grids: count, gridsWithOverdue: count })),
    grids: z.array(z.strictObject({ key: z.string(), name: z.string(), opened: count, overdue: count })),
    points: z.number(),
    previous: z
      .strictObject({ ...seen, total: totalOut, days: daysOut })
      .nullable()
      .meta({ description: 'The period before at the same stage; null where the data does not reach back over it' }),
    findings: findingsOut,
    formulas: z.record(z.string(), z.string()),
  })
  .meta({
    description:
      'Tickets reported in [fromAt, toAt), in the state they had at `at`; the same question gives the same bytes.',
  });

const named = z.strictObject({ key: z.string(), onTimeRate: z.number() });
const proposalOut = z.discriminatedUnion('code', [
  z.strictObject({
    code: z.literal('departmentsBelowTarget'),
    departments: z.array(named),
    overdue: count,
    shareOfOverdue: z.number(),
  }),
  z.strictObject({
    code: z.literal('categoryGrew'),
    category: z.string(),
    opened: count,
    growth: z.number(),
    community: z.strictObject({ key: z.string(), share: z.number() }).nullable(),
  }),
  z.strictObject({
    code: z.literal('weakestDay'),
    startAt: wireInstant,
    onTimeRate: z.number(),
    dueInPeriod: count,
  }),
  z.strictObject({
    code: z.literal('gridsOverdue'),
    grids: count,
    of: count,
    most: z.strictObject({ key: z.string(), overdue: count }),
  }),
]);
const findingsPage = z.strictObject({
  month: z.string(),
  findings: findingsOut,
  proposals: z.array(proposalOut).meta({ description: 'What the figures suggest to say; nobody has confirmed it' }),
});

const periodQuery = {
  month: z.string('give it once').regex(MONTH, 'must be a month, yyyy-MM').optional(),
  from: queryInstant.optional(),
  to: queryInstant.optional(),
  at: queryInstant
    .optional()
    .meta({ description: 'Event time; default: the end of the period, or now where that lies ahead' }),
};
const periodSchema = z.object(periodQuery);
type PeriodQuery = z.output<typeof periodSchema>;

type Asked = { readonly month: string | undefined; readonly periods: BriefPeriods };

export function briefRoutes(parts: {
  readonly store: Pick<TicketStore, 'facts' | 'pointsLedger'>;
  readonly deployment: Deployment;
  readonly findings: Findings;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly masker: Masker;
  /** For labels that strangers may have sent (`createLabelMasking`). */
  readonly labelMask: (label: string) => string;
  readonly streetOf: (gridId: string) => string | undefined;
  readonly localTime: LocalTime;
  readonly instant: WireInstant;
  readonly now: () => number;
}): Route[] {
  const { store, deployment, findings, audit, masker, labelMask, streetOf, localTime, instant, now } = parts;
  const communityIds = new Map(deployment.grids.map((grid) => [grid.id, grid.communityId]));
  const communityOf = (gridId: string) => communityIds.get(gridId);
  const namesById = (listed: readonly { readonly id: string; readonly name: Name }[]) =>
    new Map(listed.map(({ id, name }) => [id, name.zh]));
  const names = {
    departments: namesById(deployment.departments),
    domains: namesById(deployment.domains),
    streets: namesById(deployment.streets),
    grids: namesById(deployment.grids),
  };
  const listed = listedLabels(deployment);
  const communities = new Set(deployment.communities.map(({ id }) => id));
  const isListed = (id: string) => listed.has(id) || communities.has(id);
  const encode = <T>(value: T) => encodeInstants(value, localTime.offsetMinutes);

  const inScope = (gridId: string | undefined, scope: string | undefined) =>
    scope === undefined || (gridId !== undefined && streetOf(gridId) === scope);

  /** The local midnight that begins a month: whatever the zone, the second by UTC lies in it. */
  function monthAt(month: string): number {
    return localTime.monthStart(Date.parse(`${month}-02T00:00:00Z`));
  }

  /** The local midnight that begins a day, found from its noon. */
  function dayAt(day: string): number {
    const noonUtc = Date.parse(`${day}T12:00:00Z`);
    return localTime.dayStart(noonUtc - localTime.offsetMinutes(noonUtc) * 60_000);
  }

  /** A month that has not begun has no brief. */
  function monthAsked(month: string, at: number | undefined): Asked | { readonly problem: Problem } {
    const inMonthAt = monthAt(month);
    if (inMonthAt > (at ?? now())) return { problem: invalid([{ path: 'month', message: 'has not begun' }]) };
    const endAt = localTime.monthStart(inMonthAt, 1);
    return { month, periods: monthPeriods(localTime, inMonthAt, at ?? Math.min(now(), endAt)) };
  }

  function asked({ month, from, to, at }: PeriodQuery): Asked | { readonly problem: Problem } {
    if (month !== undefined) {
      return from === undefined && to === undefined
        ? monthAsked(month, at)
        : { problem: invalid([{ path: 'month', message: 'give a month, or from and to' }]) };
    }
    if (from === undefined || to === undefined) {
      return {
        problem: invalid([{ path: from === undefined ? 'from' : 'to', message: 'is missing, or give a month' }]),
      };
    }
    if (to <= from) return { problem: invalid([{ path: 'to', message: 'must lie after from' }]) };
    if (to - from > MOST_DAYS * DAY_MS) {
      return { problem: invalid([{ path: 'to', message: `lies more than ${MOST_DAYS} days after from` }]) };
    }
    const seenAt = at ?? Math.min(now(), to);
    if (seenAt < from) return { problem: invalid([{ path: 'at', message: 'lies before from' }]) };
    return { month: undefined, periods: spanPeriods(localTime, from, to, seenAt) };
  }

  async function reckon(periods: BriefPeriods, scope: string | undefined): Promise<BriefTally> {
    const grids = deployment.grids.filter(({ id }) => inScope(id, scope)).map(({ id }) => id);
    const tally = createBriefTally(periods, grids, communityOf);
    await inSlices([...store.facts()], (ticket) => {
      if (inScope(ticket.location.gridId, scope)) tally.add(ticket);
    });
    await inSlices([...store.pointsLedger()], (award) => {
      if (inScope(award.gridId, scope)) tally.addAward(award);
    });
    return tally;
  }

  function findingsFor(
    request: Pick<RouteRequest, 'identity'>,
    confirmed: ConfirmedFindings | undefined,
  ): z.infer<typeof findingsOut> {
    if (confirmed === undefined || confirmed.sentences.length === 0) return null;
    const originals = seesOriginals(request.identity);
    const shown = (words: string) => (originals ? words : masker.text(words));
    return {
      sentences: confirmed.sentences.map(({ subject, text: words }) => ({
        subject: shown(subject),
        text: shown(words),
      })),
      confirmedBy: originals ? confirmed.confirmedBy : masker.personName(confirmed.confirmedBy),
      confirmedAt: instant(confirmed.confirmedAt),
    };
  }

  function briefBody(request: Pick<RouteRequest, 'identity'>, month: string | undefined, figures: BriefFigures) {
    const scope = scopeOf(request);
    const originals = seesOriginals(request.identity);
    const label = (key: string) => (originals ? key : labelMask(key));
    const ranks = new Map(
      departmentRanking(figures.departments, deployment.rankFloor).map(({ id, rank }) => [id, rank]),
    );
    return {
      month: month ?? null,
      ...encode(figures),
      timeZone: deployment.timeZone,
      centre: deployment.name,
      onTimeTarget: deployment.onTimeTarget,
      rankFloor: deployment.rankFloor,
      departments: figures.departments.map((group) => ({
        ...group,
        key: label(group.key),
        name: names.departments.get(group.key) ?? label(group.key),
        rank: ranks.get(group.key) ?? null,
      })),
      domains: figures.domains.map((group) => ({ ...group, name: names.domains.get(group.key) ?? group.key })),
      streets: gridStrip(figures.grids, deployment.streets, streetOf).map(({ id, grids, withOverdue }) => ({
        key: id,
        name: names.streets.get(id) ?? id,
        grids: grids.length,
        gridsWithOverdue: withOverdue,
      })),
      grids: figures.grids.map((grid) => ({ ...grid, name: names.grids.get(grid.key) ?? grid.key })),
      findings: month === undefined ? null : findingsFor(request, findings.of(month, scope)),
      formulas: { ...STATISTICS_FORMULAS, ...BRIEF_FORMULAS },
    } satisfies z.infer<typeof briefOut>;
  }

  return [
    route({
      method: 'get',
      path: '/api/v1/brief',
      operation: 'getBrief',
      summary: 'The figures of 运行简报 for a month, or for [from, to).',
      who: STAFF,
      query: periodSchema,
      answers: { 200: { description: 'Groups in order of their key', schema: briefOut } },
      handle: async (request) => {
        const period = asked(request.query);
        if ('problem' in period) return period;
        const tally = await reckon(period.periods, scopeOf(request));
        return { status: 200, body: briefBody(request, period.month, tally.figures()) };
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/brief/tickets',
      operation: 'listBriefTickets',
      summary: 'The tickets behind a figure of the brief, or of one group of it.',
      who: STAFF,
      query: z.object({
        ...periodQuery,
        figure: z.enum(TICKET_FIGURES),
        department: queryText.optional().meta({ description: 'Empty: those of no department' }),
        domain: z.enum(DOMAINS).optional(),
        community: queryText.optional(),
        grid: queryText.optional(),
        day: z.iso.date('must be a day, yyyy-MM-dd').optional().meta({ description: 'Reported on this local day' }),
        limit: queryInteger(1, MOST_IDS).optional(),
        cursor: z.string('give it once').max(200).optional(),
      }),
      answers: {
        200: {
          description: 'In order of their report',
          schema: z.strictObject({
            ...seen,
            figure: z.enum(TICKET_FIGURES),
            ids: z.array(z.string()),
            total: count,
            nextCursor: z.string().nullable(),
          }),
        },
      },
      handle: async (request) => {
        const { figure, department, domain, community, grid, day, limit = MOST_IDS, cursor } = request.query;
        const period = asked(request.query);
        if ('problem' in period) return period;
        const { current } = period.periods;
        const scope = scopeOf(request);
        const originals = seesOriginals(request.identity);
        const shown = remembering((key: string) => (originals ? key : labelMask(key)));
        const communityKey = groupKey('community', communityOf);
        const dayStartAt = day === undefined ? undefined : dayAt(day);
        const dayEndAt = dayStartAt === undefined ? undefined : localTime.dayStart(dayStartAt, 1);
        const isAsked = (ticket: TicketFacts) =>
          (department === undefined || shown(ticket.department ?? '') === department) &&
          (domain === undefined || ticket.domain === domain) &&
          (community === undefined || shown(communityKey(ticket) ?? '') === community) &&
          (grid === undefined || shown(ticket.location.gridId ?? '') === grid) &&
          (dayStartAt === undefined ||
            dayEndAt === undefined ||
            (ticket.reportedAt >= dayStartAt && ticket.reportedAt < dayEndAt));

        const found: { readonly id: TicketId; readonly reportedAt: number }[] = [];
        await inSlices([...store.facts()], (ticket) => {
          if (!inScope(ticket.location.gridId, scope)) return;
          const behind = ticketBehind(figure, ticket, current);
          if (behind !== undefined && isAsked(behind)) found.push({ id: ticket.id, reportedAt: ticket.reportedAt });
        });
        found.sort((a, b) => a.reportedAt - b.reportedAt || (a.id < b.id ? -1 : 1));
        const start = cursor === undefined ? 0 : found.findIndex(({ id }) => id === cursor) + 1;
        if (cursor !== undefined && start === 0) {
          return { problem: invalid([{ path: 'cursor', message: 'is not of this list' }]) };
        }
        const page = found.slice(start, start + limit);
        const { fromAt, toAt, at } = current;
        return {
          status: 200,
          body: {
            ...encode({ fromAt, toAt, at }),
            figure,
            ids: page.map(({ id }) => id),
            total: found.length,
            nextCursor: start + limit < found.length ? (page.at(-1)?.id ?? null) : null,
          },
        };
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/brief/{month}/findings',
      operation: 'getFindings',
      summary: '本月研判 of a month as confirmed, and what its figures suggest to say.',
      who: STAFF,
      answers: {
        200: { description: 'Proposals are for whoever confirms; walls never show them', schema: findingsPage },
      },
      problems: ['invalid'],
      handle: async (request) => {
        const month = request.params.month as string;
        if (!MONTH.test(month)) return { problem: invalid([{ path: 'month', message: 'must be a month, yyyy-MM' }]) };
        const period = monthAsked(month, undefined);
        if ('problem' in period) return period;
        const scope = scopeOf(request);
        const tally = await reckon(period.periods, scope);
        const proposals = proposeFindings(tally.figures(), tally.categories(), deployment, isListed);
        return {
          status: 200,
          body: {
            month,
            findings: findingsFor(request, findings.of(month, scope)),
            proposals: encode(proposals) as z.infer<typeof proposalOut>[],
          },
        };
      },
    }),
    route({
      method: 'put',
      path: '/api/v1/brief/{month}/findings',
      operation: 'confirmFindings',
      summary: 'Confirm what the brief of a month says; walls show it at once. An empty list takes it back.',
      who: BRIEFERS,
      body: z.object({
        sentences: z
          .array(
            z
              .object({ subject: text(40), text: text(120) })
              .refine((one) => /\d/.test(`${one.subject}${one.text}`), 'each sentence rests on a number'),
          )
          .max(MOST_FINDINGS, `at most ${MOST_FINDINGS} sentences`),
      }),
      answers: {
        200: { description: 'As confirmed', schema: z.strictObject({ month: z.string(), findings: findingsOut }) },
      },
      handle: async (request) => {
        const month = request.params.month as string;
        if (!MONTH.test(month)) return { problem: invalid([{ path: 'month', message: 'must be a month, yyyy-MM' }]) };
        if (monthAt(month) > now()) return { problem: invalid([{ path: 'month', message: 'has not begun' }]) };
        const by = staffOf(request).name;
        const confirmed = await findings.confirm(month, scopeOf(request), {
          sentences: request.body.sentences,
          by,
          at: now(),
        });
        await audit.record({
          kind: 'findingsConfirmed',
          ...callerNote(request),
          detail: { month, sentences: confirmed.sentences.length },
        });
        return { status: 200, body: { month, findings: findingsFor(request, confirmed) } };
      },
    }),
  ];
}
