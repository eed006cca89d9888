import { z } from 'zod';
import {
  ALERT_KINDS,
  ALERT_STATES,
  type Alert,
  alertId,
  SEVERITIES,
  STIMULI,
  TICKET_ALERT_KINDS,
} from '../../domain/alarm.ts';
import type { Deployment } from '../../domain/deployment.ts';
import type { Masker } from '../../domain/masking.ts';
import { DOMAINS } from '../../domain/ticket.ts';
import { encodeInstants } from '../../protocol/instants.ts';
import { invalid, type Problem, problem } from '../ingest/problem.ts';
import { instant as instantIn, text } from '../ingest/reportSchemas.ts';
import type { LocalTime } from '../localTime.ts';
import type { AuditKind, AuditLog } from '../store/auditLog.ts';
import type { AlarmCommand, AlarmResult, AlertRecord, AlertTransition, TicketStore } from '../store/ticketStore.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { problemBody } from './problemBody.ts';
import { queryInteger } from './queryFields.ts';
import {
  type Answer,
  callerNote,
  DUTY,
  type Route,
  type RouteRequest,
  route,
  STAFF,
  scopeOf,
  staffOf,
} from './route.ts';
import { seesOriginals } from './ticketOut.ts';

const DEFAULT_PAGE = 50;
const MAX_PAGE = 200;
/** Nobody looks at more alerts than this before acknowledging them together. */
export const MAX_GROUP = 20;
const MAX_NOTE = 2000;

const AUDITED: Readonly<Record<AlarmCommand['kind'], AuditKind>> = {
  acknowledge: 'alertAcknowledged',
  release: 'alertReleased',
  shelve: 'alertShelved',
};

const wireInstant = z.iso.datetime({ offset: true });
const name = z.strictObject({ zh: z.string(), en: z.string().optional() });

const alertOut = z
  .strictObject({
    id: z.string(),
    kind: z.enum(ALERT_KINDS),
    severity: z.enum(SEVERITIES),
    state: z.enum(ALERT_STATES),
    active: z.boolean().meta({ description: 'Whether its condition holds now, whatever people did about it' }),
    ticketId: z.string().optional(),
    ticketNumber: z.string().optional(),
    domain: z.enum(DOMAINS).optional(),
    category: z.string().optional(),
    department: z.string().optional(),
    gridId: z.string().optional(),
    communityId: z.string().optional(),
    raisedAt: wireInstant.meta({ description: 'When it was last raised' }),
    unacknowledgedSinceAt: wireInstant.optional(),
    cause: z
      .strictObject({
        code: z.string(),
        figures: z.record(z.string(), z.union([z.number(), z.string()])).optional(),
      })
      .meta({ description: 'Why it was raised: a rule and its figures; instants among them are ISO 8601' }),
    acknowledgedBy: z.string().optional(),
    acknowledgedAt: wireInstant.optional(),
    disposition: z.string().optional(),
    note: z.string().optional(),
    assignTo: z.string().optional(),
    nextCheckAt: wireInstant
      .optional()
      .meta({ description: 'It is asked for again then, unless somebody worked on it' }),
    lapsedAt: wireInstant.optional().meta({ description: 'Its last acknowledgement ran out then' }),
    shelvedBy: z.string().optional(),
    shelvedUntilAt: wireInstant.optional(),
    shelveReason: z.string().optional(),
    level: z.number().int().meta({ description: 'Rung of the escalation ladder, 0 first' }),
    heldBy: name.meta({ description: 'Who holds it on that rung' }),
    climbAt: wireInstant.optional().meta({ description: 'It climbs to the next rung then, unless acknowledged' }),
    changedAt: wireInstant,
  })
  .meta({ description: 'An alert. Names, notes and reasons in the original only for duty and admin.' });
type AlertOut = z.infer<typeof alertOut>;

const transitionOut = z.strictObject({
  at: wireInstant,
  recordedAt: wireInstant,
  stimulus: z.enum(STIMULI),
  from: z.enum(ALERT_STATES),
  to: z.enum(ALERT_STATES),
  severity: z.enum(SEVERITIES),
  level: z.number().int(),
  actor: z.string().optional().meta({ description: 'Absent where the process or a timer did it' }),
  reason: z.string(),
});

const acknowledgement = {
  disposition: z.string().meta({ description: 'An id of the dispositions of GET /deployment' }),
  nextCheckAt: instantIn
    .optional()
    .meta({ description: 'When it is asked for again; absent: the standard span of its severity' }),
  note: text(MAX_NOTE, 'mayBeEmpty').optional(),
  assignTo: text(200).optional().meta({ description: 'A department or a person' }),
};

const alertAnswer = z.strictObject({ alert: alertOut });
const recordOut = z.strictObject({ alert: alertOut, log: z.array(transitionOut) });

const place = z.tuple([z.number(), z.string()]);

/** Newest raise first, then by id. */
function compare(a: readonly [number, string], b: readonly [number, string]): number {
  return b[0] - a[0] || (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0);
}

function problemOfAlarm(refusal: Extract<AlarmResult, { ok: false }>['refusal']): Problem {
  switch (refusal.reason) {
    case 'alreadyAcknowledged':
      return problem('already_acknowledged', `${refusal.by} holds it`, { by: refusal.by });
    case 'illegalState':
      return problem('illegal_state', `the alert is ${refusal.state}`, { state: refusal.state });
    case 'invalid':
      return invalid(refusal.errors);
    case 'notFound':
      return problem('not_found', 'no alert has this id');
    case 'unavailable':
      return problem('unavailable', refusal.detail);
  }
}

export function alertRoutes(parts: {
  readonly store: Pick<TicketStore, 'board' | 'alarm' | 'findAlert' | 'find'>;
  readonly deployment: Deployment;
  readonly masker: Masker;
  readonly streetOf: (gridId: string) => string | undefined;
  readonly localTime: Pick<LocalTime, 'offsetMinutes'>;
  readonly audit: Pick<AuditLog, 'record'>;
}): Route[] {
  const { store, deployment, masker, streetOf, localTime, audit } = parts;
  const { ladder } = deployment.alarms;
  const streetOfCommunity = new Map(deployment.communities.map((community) => [community.id, community.streetId]));
  const departments = new Set(deployment.departments.map((department) => department.id));

  function sees({ gridId, communityId }: Alert, scope: string | undefined): boolean {
    if (scope === undefined) return true;
    const street = gridId === undefined ? undefined : streetOf(gridId);
    return (street ?? (communityId === undefined ? undefined : streetOfCommunity.get(communityId))) === scope;
  }

  function masked(alert: Alert): Alert {
    const { note: _note, shelveReason: _reason, ...rest } = alert;
    const { acknowledgedBy, shelvedBy, assignTo } = alert;
    return {
      ...rest,
      ...(acknowledgedBy === undefined ? {} : { acknowledgedBy: masker.personName(acknowledgedBy) }),
      ...(shelvedBy === undefined ? {} : { shelvedBy: masker.personName(shelvedBy) }),
      ...(assignTo === undefined || departments.has(assignTo) ? {} : { assignTo: masker.personName(assignTo) }),
    };
  }

  function alertFor({ identity }: Pick<RouteRequest, 'identity'>): (alert: Alert) => AlertOut {
    const originals = seesOriginals(identity);
    return (held) => {
      const { acknowledgedById: _id, ...alert } = originals ? held : masked(held);
      const ticketNumber = alert.ticketId === undefined ? undefined : store.board.tickets.get(alert.ticketId)?.number;
      return {
        ...encodeInstants(alert, localTime.offsetMinutes),
        ...(ticketNumber === undefined ? {} : { ticketNumber }),
        heldBy: ladder[alert.level] ?? ladder[3],
      } as AlertOut;
    };
  }

  function transitionFor({ identity }: Pick<RouteRequest, 'identity'>) {
    const originals = seesOriginals(identity);
    return (entry: AlertTransition) => {
      const { actor, reason, ...rest } = encodeInstants(entry, localTime.offsetMinutes);
      const shown = originals ? reason : entry.stimulus === 'shelve' ? 'shelved' : reason;
      return {
        ...rest,
        ...(actor === undefined ? {} : { actor: originals ? actor : masker.personName(actor) }),
        reason: shown,
      };
    };
  }

  function recordFor(request: Pick<RouteRequest, 'identity'>) {
    const [alertShown, transitionShown] = [alertFor(request), transitionFor(request)];
    return ({ alert, log }: AlertRecord) => ({ alert: alertShown(alert), log: log.map(transitionShown) });
  }

  /** What lies outside the caller's street is not even confirmed to exist. */
  async function command(
    request: Pick<RouteRequest, 'identity' | 'address'>,
    id: string,
    asked: DistributiveOmit<AlarmCommand, 'actor' | 'actorId' | 'at'>,
  ): Promise<{ readonly alert: AlertOut } | { readonly problem: Problem }> {
    const { name: actor, accountId } = staffOf(request);
    const scope = scopeOf(request);
    if (scope !== undefined) {
      const known = await store.findAlert(id);
      if (known === undefined || !sees(known.alert, scope)) return { problem: problemOfAlarm({ reason: 'notFound' }) };
    }
    const result = await store.alarm(id, { ...asked, actor, actorId: accountId });
    if (!result.ok) return { problem: problemOfAlarm(result.refusal) };
    const disposition = asked.kind === 'acknowledge' ? { detail: { disposition: asked.disposition } } : {};
    await audit.record({ kind: AUDITED[asked.kind], ...callerNote(request), subjects: [id], ...disposition });
    return { alert: alertFor(request)(result.alert) };
  }

  function answerTo(outcome: { readonly alert: AlertOut } | { readonly problem: Problem }): Answer {
    return 'problem' in outcome ? outcome : { status: 200, body: outcome };
  }

  return [
    route({
      method: 'get',
      path: '/api/v1/alerts',
      operation: 'listAlerts',
      summary: 'Alerts on the board, the newest raised first. What is over and seen is listed only when asked for.',
      who: STAFF,
      query: z.object({
        state: z.enum(ALERT_STATES).optional(),
        kind: z.enum(ALERT_KINDS).optional(),
        severity: z.enum(SEVERITIES).optional(),
        limit: queryInteger(1, MAX_PAGE).default(DEFAULT_PAGE),
        cursor: z.string('give it once').max(1000).optional(),
      }),
      answers: {
        200: {
          description: 'A page; `total` counts all that fit',
          schema: z.strictObject({
            items: z.array(alertOut),
            total: z.number().int(),
            nextCursor: z.string().nullable().meta({ description: 'Null on the last page' }),
          }),
        },
      },
      handle: (request) => {
        const { state, kind, severity, limit, cursor } = request.query;
        const after = cursor === undefined ? undefined : decodeCursor(cursor, place);
        if (cursor !== undefined && after === undefined) {
          return { problem: invalid([{ path: 'cursor', message: 'is not of this list' }]) };
        }
        const scope = scopeOf(request);
        const found = [...store.board.alerts.values()].filter(
          (alert) =>
            (state === undefined ? alert.state !== 'normal' : alert.state === state) &&
            (kind === undefined || alert.kind === kind) &&
            (severity === undefined || alert.severity === severity) &&
            sees(alert, scope),
        );
        const rest = found
          .filter((alert) => after === undefined || compare([alert.raisedAt, alert.id], after) > 0)
          .sort((a, b) => compare([a.raisedAt, a.id], [b.raisedAt, b.id]));
        const page = rest.slice(0, limit);
        const last = page.at(-1);
        const nextCursor = last !== undefined && rest.length > limit ? encodeCursor([last.raisedAt, last.id]) : null;
        return { status: 200, body: { items: page.map(alertFor(request)), total: found.length, nextCursor } };
      },
    }),
    route({
      method: 'post',
      path: '/api/v1/alerts/acknowledge',
      operation: 'acknowledgeAlerts',
      summary: `Acknowledge alerts that were looked at together, at most ${MAX_GROUP}, each decided and logged by itself.`,
      who: DUTY,
      body: z.object({
        ids: z
          .array(z.string().max(1000))
          .min(1)
          .max(MAX_GROUP, `a group has at most ${MAX_GROUP} alerts`)
          .refine((ids) => new Set(ids).size === ids.length, 'names an alert twice'),
        ...acknowledgement,
      }),
      answers: {
        200: {
          description: 'One result each, in order',
          schema: z.strictObject({
            results: z.array(
              z.strictObject({
                id: z.string(),
                status: z.number().int().meta({ description: 'What the alert alone would have been answered with' }),
                alert: alertOut.optional(),
                problem: problemBody.optional(),
              }),
            ),
          }),
        },
      },
      handle: async (request) => {
        const { ids, ...fields } = request.body;
        const results = ids.map(async (id) => {
          const outcome = await command(request, id, { kind: 'acknowledge', ...given(fields) });
          return { id, status: 'problem' in outcome ? outcome.problem.status : 200, ...outcome };
        });
        return { status: 200, body: { results: await Promise.all(results) } };
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/alerts/{alertId}',
      operation: 'getAlert',
      summary: 'An alert with its last transitions, also once it has gone to the archive with its ticket.',
      who: STAFF,
      answers: {
        200: {
          description: 'The alert; `log` oldest first',
          schema: recordOut,
        },
      },
      problems: ['not_found'],
      handle: async (request) => {
        const record = await store.findAlert(request.params.alertId as string);
        if (record === undefined || !sees(record.alert, scopeOf(request))) {
          return { problem: problemOfAlarm({ reason: 'notFound' }) };
        }
        return { status: 200, body: recordFor(request)(record) };
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/tickets/{ticketId}/alerts',
      operation: 'listAlertsOfTicket',
      summary: 'Every alert that a ticket ever raised, with its last transitions, also from the archive.',
      who: STAFF,
      answers: {
        200: {
          description: 'By their first raise; `log` oldest first',
          schema: z.strictObject({ items: z.array(recordOut) }),
        },
      },
      problems: ['not_found'],
      handle: async (request) => {
        const ticket = await store.find(request.params.ticketId as string);
        const scope = scopeOf(request);
        const gridId = ticket?.location.gridId;
        const inScope = scope === undefined || (gridId !== undefined && streetOf(gridId) === scope);
        if (ticket === undefined || !inScope)
          return { problem: problem('not_found', 'no ticket has this id or number') };
        const asked = TICKET_ALERT_KINDS.map((kind) => store.findAlert(alertId(kind, ticket.id)));
        const records = (await Promise.all(asked)).filter((record) => record !== undefined);
        const firstAt = ({ alert, log }: AlertRecord) => log[0]?.at ?? alert.raisedAt;
        const items = records.sort((a, b) => firstAt(a) - firstAt(b)).map(recordFor(request));
        return { status: 200, body: { items } };
      },
    }),
    route({
      method: 'post',
      path: '/api/v1/alerts/{alertId}/acknowledge',
      operation: 'acknowledgeAlert',
      summary: 'Seen, mine (确认). Of two at once one wins; it closes nothing and lapses at the next check.',
      who: DUTY,
      body: z.object(acknowledgement),
      answers: { 200: { description: 'Acknowledged, or yours already', schema: alertAnswer } },
      problems: ['not_found', 'already_acknowledged', 'illegal_state', 'unavailable'],
      handle: async (request) =>
        answerTo(
          await command(request, request.params.alertId as string, { kind: 'acknowledge', ...given(request.body) }),
        ),
    }),
    route({
      method: 'post',
      path: '/api/v1/alerts/{alertId}/release',
      operation: 'releaseAlert',
      summary: 'Give an acknowledged or shelved alert back; if its condition holds it is asked for again at once.',
      who: DUTY,
      answers: { 200: { description: 'Released', schema: alertAnswer } },
      problems: ['not_found', 'illegal_state', 'unavailable'],
      handle: async (request) =>
        answerTo(await command(request, request.params.alertId as string, { kind: 'release' })),
    }),
    route({
      method: 'post',
      path: '/api/v1/alerts/{alertId}/shelve',
      operation: 'shelveAlert',
      summary: 'Set an alert aside (搁置), with a reason, until an end that comes by itself.',
      who: DUTY,
      body: z.object({
        until: instantIn.meta({
          description: `At most ${deployment.alarms.handling.shelveMinutesAtMost} minutes ahead`,
        }),
        reason: text(MAX_NOTE),
      }),
      answers: { 200: { description: 'Shelved, or shelved so by you already', schema: alertAnswer } },
      problems: ['not_found', 'illegal_state', 'unavailable'],
      handle: async (request) => {
        const { until, reason } = request.body;
        return answerTo(
          await command(request, request.params.alertId as string, { kind: 'shelve', untilAt: until, reason }),
        );
      },
    }),
  ];
}

type DistributiveOmit<Union, Key extends PropertyKey> = Union extends unknown ? Omit<Union, Key> : never;

type Given<Fields> = { [Key in keyof Fields]: Exclude<Fields[Key], undefined> };

/** Without the fields that were not sent. */
function given<Fields extends object>(fields: Fields): Given<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<Fields>;
}
