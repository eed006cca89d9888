import * as z from 'zod/mini';
import { ALERT_KINDS, ALERT_STATES, type Alert, SEVERITIES, STIMULI } from '../domain/alarm.ts';
import { BOUNDARY_LEVELS } from '../domain/deployment.ts';
import type { BoardEvent } from '../domain/events.ts';
import { LIMIT_CLOCKS } from '../domain/sla.ts';
import { DOMAINS, FLAGS, PRIORITIES, STATUSES, STEPS, type Step, type Ticket } from '../domain/ticket.ts';
import { readAlert, readEvent, readTicket } from './fastDecode.ts';
import { decodeInstantsInPlace, parseInstant } from './instants.ts';
import { pushedConfig } from './kioskConfig.ts';
import { createAlertUnpacker } from './packedAlert.ts';
import { createTicketUnpacker, type TicketPacking } from './packedTicket.ts';
import { sceneSchema } from './scene.ts';
import {
  type BoardPart,
  type EventFrame,
  PROTOCOL_VERSION,
  type Pulse,
  type SubscribeAnswer,
  type SubscribeRequest,
  type WallBrief,
  type WallCommand,
  type WallHistory,
  type WallReport,
} from './wire.ts';

/** Nothing off the wire is used before it went through here. `reason` names the path of the fault. */
export type Decoded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

// ---- The same shapes as in wire.ts; fields that a newer sender adds are left out. The types are compared below.

const text = z.string();
const count = z.int().check(z.nonnegative());
const maybe = z.exactOptional;

/** Epoch ms; `decodeInstantsInPlace` has been there before. */
const instant = z.number('not an instant');
const instants = z.array(instant);

const domain = z.enum(DOMAINS);
const status = z.enum(STATUSES);
const flags = z.array(z.enum(FLAGS));
const limitClock = z.enum(LIMIT_CLOCKS);
const location = z.object({
  gridId: maybe(text),
  address: maybe(text),
  lng: maybe(z.number()),
  lat: maybe(z.number()),
});
const reporter = z.object({ id: maybe(text), name: maybe(text), phone: maybe(text) });

const stepRecord = z.object({
  step: z.enum(STEPS),
  at: instant,
  recordedAt: instant,
  id: maybe(text),
  by: maybe(text),
  department: maybe(text),
  note: maybe(text),
  into: maybe(text),
  dueAt: maybe(instant),
  points: maybe(z.number()),
  contentHash: maybe(text),
});

const ticket = z.object({
  id: text,
  number: text,
  source: text,
  domain,
  category: text,
  title: text,
  description: maybe(text),
  priority: z.enum(PRIORITIES),
  location,
  department: maybe(text),
  assistDepartments: z.array(text),
  reporter: maybe(reporter),
  reportedAt: instant,
  recordedAt: instant,
  dueAt: maybe(instant),
  originalDueAt: maybe(instant),
  criticalAt: maybe(instant),
  clock: maybe(limitClock),
  overdueClaim: maybe(z.boolean()),
  status,
  steps: z.array(stepRecord),
  suspendedAt: maybe(instant),
  handledAt: maybe(instant),
  endedAt: maybe(instant),
  level: count,
  points: z.number(),
  flags,
  contentHash: maybe(text),
}) satisfies z.ZodMiniType<Ticket>;

const alert = z.object({
  id: text,
  kind: z.enum(ALERT_KINDS),
  severity: z.enum(SEVERITIES),
  state: z.enum(ALERT_STATES),
  active: z.boolean(),
  ticketId: maybe(text),
  domain: maybe(domain),
  category: maybe(text),
  department: maybe(text),
  gridId: maybe(text),
  communityId: maybe(text),
  raisedAt: instant,
  unacknowledgedSinceAt: maybe(instant),
  cause: z.object({ code: text, figures: maybe(z.record(text, z.union([z.number(), text]))) }),
  acknowledgedBy: maybe(text),
  acknowledgedById: maybe(text),
  acknowledgedAt: maybe(instant),
  disposition: maybe(text),
  note: maybe(text),
  assignTo: maybe(text),
  nextCheckAt: maybe(instant),
  lapsedAt: maybe(instant),
  shelvedBy: maybe(text),
  shelvedUntilAt: maybe(instant),
  shelveReason: maybe(text),
  level: count,
  climbAt: maybe(instant),
  changedAt: instant,
}) satisfies z.ZodMiniType<Alert>;

const raise = z.object({ at: instant, gridId: maybe(text), communityId: maybe(text) });
const floodChanged = z.object({
  type: z.literal('floodChanged'),
  at: instant,
  recordedAt: instant,
  active: z.boolean(),
  recent: count,
});

const canaryPassed = z.object({ type: z.literal('canaryPassed'), at: instant, recordedAt: instant });

const eventHead = { ticketId: text, at: instant, recordedAt: instant };
const sentSteps = STEPS.filter((step): step is Exclude<Step, 'report'> => step !== 'report');

const event = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('ticketReported'),
    ...eventHead,
    number: text,
    source: text,
    domain,
    category: text,
    title: text,
    description: maybe(text),
    priority: z.enum(PRIORITIES),
    location,
    department: maybe(text),
    assistDepartments: z.array(text),
    reporter: maybe(reporter),
    dueAt: maybe(instant),
    criticalAt: maybe(instant),
    clock: maybe(limitClock),
    overdueClaim: maybe(z.boolean()),
    flags,
    contentHash: maybe(text),
  }),
  z.object({
    type: z.literal('stepTaken'),
    ...eventHead,
    step: z.enum(sentSteps),
    status,
    stepId: maybe(text),
    by: maybe(text),
    department: maybe(text),
    note: maybe(text),
    into: maybe(text),
    dueAt: maybe(instant),
    criticalAt: maybe(instant),
    flags,
    contentHash: maybe(text),
  }),
  z.object({
    type: z.literal('pointsAwarded'),
    ...eventHead,
    officer: maybe(text),
    gridId: maybe(text),
    points: z.number(),
  }),
  z.object({ type: z.literal('ticketArchived'), ...eventHead }),
  z.object({
    type: z.literal('alertChanged'),
    at: instant,
    recordedAt: instant,
    stimulus: z.enum(STIMULI),
    from: z.enum(ALERT_STATES),
    actor: maybe(text),
    reason: text,
    alert,
  }),
  floodChanged,
  canaryPassed,
]) satisfies z.ZodMiniType<BoardEvent>;

const name = z.object({ zh: text, en: maybe(text) });
const tile = z.object({ q: z.int(), r: z.int() });
const deployment = z.object({
  id: text,
  name,
  timeZone: text,
  streets: z.array(z.object({ id: text, name })),
  communities: z.array(z.object({ id: text, name, streetId: text, kind: z.enum(['urban', 'rural']) })),
  grids: z.array(z.object({ id: text, name, communityId: text, tile })),
  map: z.object({
    water: z.array(tile),
    waterName: maybe(name),
    boundaries: maybe(
      z.object({
        level: z.enum(BOUNDARY_LEVELS),
        width: z.number(),
        height: z.number(),
        cells: z.array(z.object({ id: text, path: text, x: z.number(), y: z.number() })),
        communityBorders: text,
        streetBorders: text,
      }),
    ),
    approvalNumber: maybe(text),
  }),
  domains: z.array(z.object({ id: domain, name, signature: z.enum(['topCategory', 'medianWait', 'repeatGroups']) })),
  departments: z.array(z.object({ id: text, name, short: maybe(name) })),
  onTimeTarget: z.number(),
  rankFloor: z.number(),
  dueSoonMinutes: z.number(),
  sources: z.array(z.object({ id: text, name, periodSeconds: z.number(), domains: maybe(z.array(domain)) })),
  categories: z.array(z.object({ id: text, name, domain })),
  dispositions: z.array(z.object({ id: text, name })),
  scenes: maybe(z.array(sceneSchema)),
  screens: maybe(
    z.object({
      orbit: z.boolean(),
      night: maybe(z.object({ from: text, until: text })),
      turns: maybe(z.array(z.object({ scene: text, seconds: z.number() }))),
    }),
  ),
  alarms: z.object({
    ladder: z.tuple([name, name, name, name]),
    flood: z.object({ windowMinutes: z.number(), beginsAbove: z.number(), endsBelow: z.number() }),
  }),
});

const minuteCounts = z.array(count);
const band = z.nullable(z.object({ p10: z.array(z.number()), p90: z.array(z.number()) }));
const statisticsCounts = {
  opened: count,
  closed: count,
  closedOverdue: count,
  open: count,
  openOverdue: count,
  dueInPeriod: count,
  onTimeRate: z.nullable(z.number()),
};
const statisticsGroup = z.object({ key: text, ...statisticsCounts });
const domainHistory = z.object({
  yesterday: z.nullable(
    z.object({ reportedMinutes: minuteCounts, closedMinutes: minuteCounts, repeatedMinutes: minuteCounts }),
  ),
  month: z.nullable(statisticsGroup),
  medianMs: z.nullable(z.number()),
  categories: z.array(
    z.object({
      category: text,
      finished: count,
      p10Ms: z.number(),
      medianMs: z.number(),
      p90Ms: z.number(),
      limitMs: z.nullable(z.number()),
    }),
  ),
});
const briefTotal = z.object({
  ...statisticsCounts,
  medianFinishMs: z.nullable(z.number()),
  judged: count,
  passedAtOnce: count,
});
const briefDays = z.array(
  z.object({ startAt: instant, opened: count, dueInPeriod: count, onTimeRate: z.nullable(z.number()) }),
);
const brief = z.object({
  fromAt: instant,
  toAt: instant,
  at: instant,
  total: briefTotal,
  days: briefDays,
  departments: z.array(
    z.object({
      key: text,
      ...statisticsCounts,
      medianFinishMs: z.nullable(z.number()),
      openAll: count,
      openOverdueAll: count,
    }),
  ),
  domains: z.array(z.object({ key: domain, ...statisticsCounts })),
  grids: z.array(z.object({ key: text, opened: count, overdue: count })),
  points: z.number(),
  previous: z.nullable(z.object({ fromAt: instant, toAt: instant, at: instant, total: briefTotal, days: briefDays })),
  findings: z.nullable(
    z.object({
      sentences: z.array(z.object({ subject: text, text })),
      confirmedBy: text,
      confirmedAt: instant,
    }),
  ),
});
const history = z.object({
  dayStartAt: instant,
  yesterday: z.nullable(z.object({ reported: minuteCounts, closed: minuteCounts })),
  bands: z.object({ livelihood: band, traffic: band, government: band, analysis: band, urban: band }),
  month: z.object({
    fromAt: instant,
    groups: z.array(statisticsGroup),
  }),
  domains: z.object({
    livelihood: domainHistory,
    traffic: domainHistory,
    government: domainHistory,
    analysis: domainHistory,
    urban: domainHistory,
  }),
  working: z.object({
    windowStartsAt: instants,
    windowEndsAt: instants,
    dayStartsAt: instants,
    dayEndsAt: instants,
    holidaysKnownFromAt: instant,
    holidaysKnownUntilAt: instant,
  }),
  brief,
}) satisfies z.ZodMiniType<WallHistory>;

const clock = z.object({
  mode: z.enum(['live', 'replay', 'demo']),
  speed: z.union([z.number(), z.literal('max')]),
});

const refused = z.object({
  ok: z.literal(false),
  reason: z.enum(['incompatible', 'unauthorized', 'malformed']),
  version: maybe(text),
});
const answerHead = { ok: z.literal(true), epoch: text, at: instant, history, clock };
const resumed = z.object({
  ...answerHead,
  kind: z.literal('events'),
  fromSeq: count,
  toSeq: count,
  events: z.array(event),
});
const packing = z.object({ fromAt: instant, labels: z.array(text) });
const boardPart = z.object({ packing: maybe(packing), tickets: z.array(ticket) }) satisfies z.ZodMiniType<BoardPart>;
const snapshot = z.object({
  ...answerHead,
  kind: z.literal('snapshot'),
  seq: count,
  missed: maybe(z.object({ reported: count, newlyOverdue: count, acknowledged: count })),
  board: z.object({
    deployment,
    tickets: z.array(ticket),
    alerts: z.array(alert),
    raises: z.array(raise),
    flood: maybe(floodChanged),
    canary: maybe(canaryPassed),
    packing: maybe(packing),
    parts: maybe(count),
  }),
});
const subscribeAnswer = z.discriminatedUnion('ok', [
  refused,
  z.discriminatedUnion('kind', [snapshot, resumed]),
]) satisfies z.ZodMiniType<SubscribeAnswer>;

const eventFrame = z.object({
  epoch: text,
  fromSeq: count,
  toSeq: count,
  at: instant,
  events: z.array(event),
}) satisfies z.ZodMiniType<EventFrame>;

const pulse = z.object({
  epoch: text,
  seq: count,
  at: instant,
  clock,
  sources: z.array(
    z.object({
      id: text,
      kind: text,
      state: z.enum(['live', 'silent', 'finished', 'failed']),
      lastEventAt: z.nullable(instant),
      ageMs: z.nullable(z.number()),
    }),
  ),
}) satisfies z.ZodMiniType<Pulse>;

const command = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('reload') }),
  z.object({ kind: z.literal('configure'), config: pushedConfig }),
  z.object({
    kind: z.literal('show'),
    scene: z.nullable(text),
    spotlight: z.nullable(z.object({ ticketId: text, leftMs: z.number() })),
  }),
]) satisfies z.ZodMiniType<WallCommand>;

const MAX_VERSION_LENGTH = 64;
const wallReport = z.object({
  cpuPercent: z.number().check(z.minimum(0), z.maximum(100_000)),
  memoryMb: z.number().check(z.minimum(0), z.maximum(10_000_000)),
  frameMs: z.number().check(z.minimum(0), z.maximum(3_600_000)),
  version: text.check(z.maxLength(MAX_VERSION_LENGTH)),
}) satisfies z.ZodMiniType<WallReport>;

const MAX_EPOCH_LENGTH = 64;
const MAX_SCREENS = 16;
const pixels = z.number().check(z.positive(), z.maximum(100_000));
const spoken = z.object({ protocol: z.int() });
const writtenInstant = z.pipe(
  z.string(),
  z.transform((written, context) => {
    const at = parseInstant(written);
    if (Number.isNaN(at)) context.issues.push({ code: 'custom', message: 'not an instant', input: written });
    return at;
  }),
);
const subscribeRequest = z
  .object({
    protocol: z.literal(PROTOCOL_VERSION),
    epoch: maybe(text.check(z.maxLength(MAX_EPOCH_LENGTH))),
    seq: maybe(count),
    gap: maybe(z.object({ sinceAt: writtenInstant, knownAt: writtenInstant })),
    packed: maybe(z.boolean()),
    screens: maybe(
      z
        .array(z.object({ width: pixels, height: pixels, scale: maybe(z.number().check(z.positive(), z.maximum(16))) }))
        .check(z.maxLength(MAX_SCREENS)),
    ),
  })
  .check(
    z.refine((request) => (request.epoch === undefined) === (request.seq === undefined), 'epoch and seq come together'),
  ) satisfies z.ZodMiniType<SubscribeRequest>;

// ---- Decoders

function faultOf(issue: z.core.$ZodIssue | undefined, within: readonly string[] = []): string {
  const path = [...within, ...(issue?.path ?? []).map((part) => String(part))].join('.');
  return `${path === '' ? '(whole)' : path}: ${issue?.message ?? 'unreadable'}`;
}

function decodeWith<T>(schema: z.ZodMiniType<T>, input: unknown): Decoded<T> {
  const read = z.safeParse(schema, input);
  return read.success ? { ok: true, value: read.data } : { ok: false, reason: faultOf(read.error.issues[0]) };
}

/** For messages of the server. They are taken over: their instants are converted in place, which is quicker than in the schema. */
function decodeMessage<T>(schema: z.ZodMiniType<T>, message: unknown): Decoded<T> {
  decodeInstantsInPlace(message);
  return decodeWith(schema, message);
}

/** What a list that may be long holds: how its items are read by hand, and the schema that has the last word. */
interface Items<T> {
  readonly path: readonly string[];
  readonly quick: (input: unknown) => T | undefined;
  readonly schema: z.ZodMiniType<T>;
}

const ticketItems: Items<Ticket> = { path: ['board', 'tickets'], quick: readTicket, schema: ticket };
const partTicketItems: Items<Ticket> = { ...ticketItems, path: ['tickets'] };
const alertItems: Items<Alert> = { path: ['board', 'alerts'], quick: readAlert, schema: alert };
const eventItems: Items<BoardEvent> = { path: ['events'], quick: readEvent, schema: event };

/** Tickets as rows, and objects among them where a ticket has no row. A faulty row is refused by the schema, which knows objects only. */
function rowItems(packing: TicketPacking, items: Items<Ticket>): Items<Ticket> {
  const unpack = createTicketUnpacker(packing);
  return { ...items, quick: (item) => unpack(item) ?? readTicket(item) };
}

/** Alerts the same. */
function alertRowItems(packing: TicketPacking): Items<Alert> {
  const unpack = createAlertUnpacker(packing);
  return { ...alertItems, quick: (item) => unpack(item) ?? readAlert(item) };
}

/** By the schemas alone, item by item: what protocol/fastDecode.ts is held against. */
export const bySchema = {
  ticket: (input: unknown): Decoded<Ticket> => decodeMessage(ticket, input),
  alert: (input: unknown): Decoded<Alert> => decodeMessage(alert, input),
  event: (input: unknown): Decoded<BoardEvent> => decodeMessage(event, input),
};

/** Takes a list out of a message, an empty one stays in its place; undefined where there is none. */
function takeItems(message: unknown, { path }: Items<unknown>): readonly unknown[] | undefined {
  let holder = message;
  for (const key of path.slice(0, -1)) holder = isHolder(holder) ? holder[key] : undefined;
  const last = path.at(-1) as string;
  if (!isHolder(holder) || !Array.isArray(holder[last])) return undefined;
  const items = holder[last];
  holder[last] = [];
  return items;
}

function isHolder(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function decodeItems<T>(items: readonly unknown[], { path, quick, schema }: Items<T>): Decoded<readonly T[]> {
  const values: T[] = [];
  for (const [i, item] of items.entries()) {
    const value = quick(item);
    if (value !== undefined) {
      values.push(value);
      continue;
    }
    decodeInstantsInPlace(item);
    const read = z.safeParse(schema, item);
    if (!read.success) return { ok: false, reason: faultOf(read.error.issues[0], [...path, String(i)]) };
    values.push(read.data);
  }
  return { ok: true, value: values };
}

/**
 * Reads one board: what comes ahead of its answer, at once and message by message, then the answer itself. Having
 * answered it is as new: whoever holds it longer, a socket's callback above all, holds no board.
 */
export interface BoardReader {
  part(message: unknown): void;
  /** Instants as epoch ms. A part that did not fit, or that is missing, refuses the answer. */
  answer(message: unknown): Decoded<SubscribeAnswer>;
}

export function createBoardReader(): BoardReader {
  let arrived: Ticket[] = [];
  let parts = 0;
  let items = partTicketItems;
  let fault: Extract<Decoded<never>, { readonly ok: false }> | undefined;

  function readPart(message: unknown): Decoded<readonly Ticket[]> {
    const taken = takeItems(message, items) ?? [];
    const rest = decodeMessage(boardPart, message);
    if (!rest.ok) return rest;
    if (rest.value.packing !== undefined) items = rowItems(rest.value.packing, partTicketItems);
    return decodeItems(taken, items);
  }

  return {
    part(message) {
      const read = readPart(message);
      parts += 1;
      if (read.ok) for (const ticket of read.value) arrived.push(ticket);
      else fault ??= read;
    },
    answer(message) {
      const [tickets, came, failed] = [arrived, parts, fault];
      arrived = [];
      parts = 0;
      items = partTicketItems;
      fault = undefined;
      // A message without a list keeps what stands there, for the schema to refuse
      const taken = {
        tickets: takeItems(message, ticketItems) ?? [],
        alerts: takeItems(message, alertItems) ?? [],
        events: takeItems(message, eventItems) ?? [],
      };
      const rest = decodeMessage(subscribeAnswer, message);
      if (!rest.ok || !rest.value.ok) return rest;
      if (rest.value.kind === 'events') {
        const events = decodeItems(taken.events, eventItems);
        return events.ok ? { ok: true, value: { ...rest.value, events: events.value } } : events;
      }
      if (failed !== undefined) return failed;
      const { packing, parts: sent = 0, ...load } = rest.value.board;
      if (sent !== came) return { ok: false, reason: `board.parts: ${sent} were sent, ${came} came` };
      const last = decodeItems(taken.tickets, packing === undefined ? ticketItems : rowItems(packing, ticketItems));
      if (!last.ok) return last;
      const alerts = decodeItems(taken.alerts, packing === undefined ? alertItems : alertRowItems(packing));
      if (!alerts.ok) return alerts;
      for (const ticket of last.value) tickets.push(ticket);
      return { ok: true, value: { ...rest.value, board: { ...load, tickets, alerts: alerts.value } } };
    },
  };
}

/** An answer to `board:subscribe` with nothing ahead of it, instants as epoch ms. */
export function decodeSubscribeAnswer(message: unknown): Decoded<SubscribeAnswer> {
  return createBoardReader().answer(message);
}

export function decodeEventFrame(message: unknown): Decoded<EventFrame> {
  const items = takeItems(message, eventItems) ?? [];
  const rest = decodeMessage(eventFrame, message);
  if (!rest.ok) return rest;
  const events = decodeItems(items, eventItems);
  return events.ok ? { ok: true, value: { ...rest.value, events: events.value } } : events;
}

export function decodePulse(message: unknown): Decoded<Pulse> {
  return decodeMessage(pulse, message);
}

export function decodeHistory(message: unknown): Decoded<WallHistory> {
  return decodeMessage(history, message);
}

/** The figures within `GET /api/v1/brief`, instants as epoch ms. */
export function decodeBrief(message: unknown): Decoded<WallBrief> {
  return decodeMessage(brief, message);
}

/** A command that this wall does not know is refused; it may come from a newer server. */
export function decodeWallCommand(message: unknown): Decoded<WallCommand> {
  return decodeMessage(command, message);
}

/** What a wall tells of its machine; the server keeps nothing that does not fit. */
export function decodeWallReport(input: unknown): Decoded<WallReport> {
  return decodeWith(wallReport, input);
}

/** What a wall asks for. Another protocol version is told apart from nonsense, whatever else the request holds. */
export function decodeSubscribeRequest(
  input: unknown,
):
  | { readonly ok: true; readonly value: SubscribeRequest }
  | { readonly ok: false; readonly reason: 'incompatible' | 'malformed' } {
  const version = decodeWith(spoken, input);
  if (!version.ok) return { ok: false, reason: 'malformed' };
  if (version.value.protocol !== PROTOCOL_VERSION) return { ok: false, reason: 'incompatible' };
  const request = decodeWith(subscribeRequest, input);
  return request.ok ? request : { ok: false, reason: 'malformed' };
}
