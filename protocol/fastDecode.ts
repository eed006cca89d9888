import {
  ALERT_KINDS,
  ALERT_STATES,
  type Alert,
  type AlertCause,
  type AlertChanged,
  SEVERITIES,
  STIMULI,
} from '../domain/alarm.ts';
import type { StepTaken, TicketReported } from '../domain/events.ts';
import { LIMIT_CLOCKS } from '../domain/sla.ts';
import {
  DOMAINS,
  FLAGS,
  type Location,
  PRIORITIES,
  type Reporter,
  STATUSES,
  STEPS,
  type StepRecord,
  type Ticket,
} from '../domain/ticket.ts';
import { isInstantKey, parseInstant } from './instants.ts';

/**
 * What comes by the thousand, read by hand: a tenth of the schemas' time (docs/performance.md). Each
 * reader gives what the schema in decode.ts would give, or undefined where it is not sure; then the schema decides and
 * names the fault. So a reader can be too careful, but it must never take what its schema refuses: a property test
 * holds the two against each other. Input is as it stands on the wire, instants written out, and is left as it is.
 */

type Writable<T> = { -readonly [Key in keyof T]?: T[Key] };
type Fields = Readonly<Record<string, unknown>>;

const domains: ReadonlySet<unknown> = new Set(DOMAINS);
const priorities: ReadonlySet<unknown> = new Set(PRIORITIES);
const statuses: ReadonlySet<unknown> = new Set(STATUSES);
const steps: ReadonlySet<unknown> = new Set(STEPS);
const flags: ReadonlySet<unknown> = new Set(FLAGS);
const limitClocks: ReadonlySet<unknown> = new Set(LIMIT_CLOCKS);
const alertKinds: ReadonlySet<unknown> = new Set(ALERT_KINDS);
const alertStates: ReadonlySet<unknown> = new Set(ALERT_STATES);
const severities: ReadonlySet<unknown> = new Set(SEVERITIES);
const stimuli: ReadonlySet<unknown> = new Set(STIMULI);

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** NaN where it is none. */
function instant(value: unknown): number {
  return typeof value === 'string' ? parseInstant(value) : Number.NaN;
}

function isListOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  if (!Array.isArray(value)) return false;
  for (const item of value) if (!isItem(item)) return false;
  return true;
}

/** Messages name a few hundred grids, categories, departments and people again and again. */
const MOST_NAMES = 4096;
const LONGEST_NAME = 200;

/** What is made of a name, made once for all the tickets that have it alike. */
function keptOnce<T>(make: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const made = make(name);
    if (known.size >= MOST_NAMES) known.clear();
    if (name.length <= LONGEST_NAME) known.set(name, made);
    return made;
  };
}

const sharedText = keptOnce((name) => name);
/** A grid and nothing else, as most tickets have it. */
const sharedPlace = keptOnce((gridId): Location => ({ gridId }));
const NONE: readonly never[] = [];

/** The list, or the one empty list. */
function sharedIfEmpty<T>(list: readonly T[]): readonly T[] {
  return list.length === 0 ? NONE : list;
}

const isText = (value: unknown) => typeof value === 'string';
const isFlag = (value: unknown) => flags.has(value);

function readLocation(input: unknown): Location | undefined {
  if (!isFields(input)) return undefined;
  const location: Writable<Location> = {};
  for (const key in input) {
    const value = input[key];
    switch (key) {
      case 'gridId':
        if (typeof value !== 'string') return undefined;
        location.gridId = value;
        break;
      case 'address':
        if (typeof value !== 'string') return undefined;
        location.address = value;
        break;
      case 'lng':
      case 'lat':
        if (!Number.isFinite(value)) return undefined;
        location[key] = value as number;
        break;
    }
  }
  const { gridId, address, lng, lat } = location;
  const isGridAlone = gridId !== undefined && address === undefined && lng === undefined && lat === undefined;
  return isGridAlone ? sharedPlace(gridId) : location;
}

function readReporter(input: unknown): Reporter | undefined {
  if (!isFields(input)) return undefined;
  const reporter: Writable<Reporter> = {};
  for (const key in input) {
    const value = input[key];
    switch (key) {
      case 'id':
      case 'name':
      case 'phone':
        if (typeof value !== 'string') return undefined;
        reporter[key] = value;
        break;
    }
  }
  return reporter;
}

function readStep(input: unknown): StepRecord | undefined {
  if (!isFields(input)) return undefined;
  const record: Writable<StepRecord> = {};
  for (const key in input) {
    const value = input[key];
    switch (key) {
      case 'step':
        if (!steps.has(value)) return undefined;
        record.step = value as StepRecord['step'];
        break;
      case 'at':
      case 'recordedAt':
      case 'dueAt': {
        const at = instant(value);
        if (Number.isNaN(at)) return undefined;
        record[key] = at;
        break;
      }
      case 'by':
      case 'department':
        if (typeof value !== 'string') return undefined;
        record[key] = sharedText(value);
        break;
      case 'id':
      case 'note':
      case 'into':
      case 'contentHash':
        if (typeof value !== 'string') return undefined;
        record[key] = value;
        break;
      case 'points':
        if (!Number.isFinite(value)) return undefined;
        record.points = value as number;
        break;
    }
  }
  return record.step === undefined || record.at === undefined || record.recordedAt === undefined
    ? undefined
    : (record as StepRecord);
}

function readSteps(input: unknown): readonly StepRecord[] | undefined {
  if (!Array.isArray(input)) return undefined;
  const records: StepRecord[] = [];
  for (const item of input) {
    const record = readStep(item);
    if (record === undefined) return undefined;
    records.push(record);
  }
  return records;
}

/** Takes a field that tickets and reports of tickets have in common; false where it does not fit. */
function takeReported(
  into: Writable<Pick<TicketReported, Extract<keyof Ticket, keyof TicketReported>>>,
  key: string,
  value: unknown,
): boolean {
  switch (key) {
    case 'source':
    case 'category':
    case 'department':
      if (typeof value !== 'string') return false;
      into[key] = sharedText(value);
      return true;
    case 'number':
    case 'title':
    case 'description':
    case 'contentHash':
      if (typeof value !== 'string') return false;
      into[key] = value;
      return true;
    case 'domain':
      if (!domains.has(value)) return false;
      into.domain = value as Ticket['domain'];
      return true;
    case 'priority':
      if (!priorities.has(value)) return false;
      into.priority = value as Ticket['priority'];
      return true;
    case 'clock':
      if (!limitClocks.has(value)) return false;
      into.clock = value as NonNullable<Ticket['clock']>;
      return true;
    case 'location': {
      const location = readLocation(value);
      if (location === undefined) return false;
      into.location = location;
      return true;
    }
    case 'reporter': {
      const reporter = readReporter(value);
      if (reporter === undefined) return false;
      into.reporter = reporter;
      return true;
    }
    case 'assistDepartments':
      if (!isListOf(value, isText)) return false;
      into.assistDepartments = sharedIfEmpty(value as readonly string[]);
      return true;
    case 'flags':
      if (!isListOf(value, isFlag)) return false;
      into.flags = sharedIfEmpty(value as Ticket['flags']);
      return true;
    case 'overdueClaim':
      if (typeof value !== 'boolean') return false;
      into.overdueClaim = value;
      return true;
    case 'recordedAt':
    case 'dueAt':
    case 'criticalAt': {
      const at = instant(value);
      if (Number.isNaN(at)) return false;
      into[key] = at;
      return true;
    }
    default:
      // Added by a newer sender
      return true;
  }
}

function hasReported(fields: Writable<Pick<TicketReported, Extract<keyof Ticket, keyof TicketReported>>>): boolean {
  return (
    fields.number !== undefined &&
    fields.source !== undefined &&
    fields.domain !== undefined &&
    fields.category !== undefined &&
    fields.title !== undefined &&
    fields.priority !== undefined &&
    fields.location !== undefined &&
    fields.assistDepartments !== undefined &&
    fields.recordedAt !== undefined &&
    fields.flags !== undefined
  );
}

export function readTicket(input: unknown): Ticket | undefined {
  if (!isFields(input)) return undefined;
  const ticket: Writable<Ticket> = {};
  for (const key in input) {
    const value = input[key];
    switch (key) {
      case 'id':
        if (typeof value !== 'string') return undefined;
        ticket.id = value;
        break;
      case 'status':
        if (!statuses.has(value)) return undefined;
        ticket.status = value as Ticket['status'];
        break;
      case 'steps': {
        const records = readSteps(value);
        if (records === undefined) return undefined;
        ticket.steps = records;
        break;
      }
      case 'reportedAt':
      case 'originalDueAt':
      case 'suspendedAt':
      case 'handledAt':
      case 'endedAt': {
        const at = instant(value);
        if (Number.isNaN(at)) return undefined;
        ticket[key] = at;
        break;
      }
      case 'level':
        if (!Number.isSafeInteger(value) || (value as number) < 0) return undefined;
        ticket.level = value as number;
        break;
      case 'points':
        if (!Number.isFinite(value)) return undefined;
        ticket.points = value as number;
        break;
      default:
        if (!takeReported(ticket, key, value)) return undefined;
    }
  }
  return hasReported(ticket) &&
    ticket.id !== undefined &&
    ticket.reportedAt !== undefined &&
    ticket.status !== undefined &&
    ticket.steps !== undefined &&
    ticket.level !== undefined &&
    ticket.points !== undefined
    ? (ticket as Ticket)
    : undefined;
}

function readTicketReported(input: Fields): TicketReported | undefined {
  const event: Writable<TicketReported> = { type: 'ticketReported' };
  for (const key in input) {
    const value = input[key];
    switch (key) {
      case 'ticketId':
        if (typeof value !== 'string') return undefined;
        event.ticketId = value;
        break;
      case 'at': {
        const at = instant(value);
        if (Number.isNaN(at)) return undefined;
        event.at = at;
        break;
      }
      default:
        if (!takeReported(event, key, value)) return undefined;
    }
  }
  return hasReported(event) && event.ticketId !== undefined && event.at !== undefined
    ? (event as TicketReported)
    : undefined;
}

function readStepTaken(input: Fields): StepTaken | undefined {
  const event: Writable<StepTaken> = { type: 'stepTaken' };
  for (const key in input) {
    const value = input[key];
    switch (key) {
      case 'by':
      case 'department':
        if (typeof value !== 'string') return undefined;
        event[key] = sharedText(value);
        break;
      case 'ticketId':
      case 'stepId':
      case 'note':
      case 'into':
      case 'contentHash':
        if (typeof value !== 'string') return undefined;
        event[key] = value;
        break;
      case 'at':
      case 'recordedAt':
      case 'dueAt':
      case 'criticalAt': {
        const at = instant(value);
        if (Number.isNaN(at)) return undefined;
        event[key] = at;
        break;
      }
      case 'step':
        if (value === 'report' || !steps.has(value)) return undefined;
        event.step = value as StepTaken['step'];
        break;
      case 'status':
        if (!statuses.has(value)) return undefined;
        event.status = value as StepTaken['status'];
        break;
      case 'flags':
        if (!isListOf(value, isFlag)) return undefined;
        event.flags = sharedIfEmpty(value as StepTaken['flags']);
        break;
    }
  }
  return event.ticketId !== undefined &&
    event.at !== undefined &&
    event.recordedAt !== undefined &&
    event.step !== undefined &&
    event.status !== undefined &&
    event.flags !== undefined
    ? (event as StepTaken)
    : undefined;
}

export function readCause(input: unknown): AlertCause | undefined {
  if (!isFields(input) || typeof input.code !== 'string') return undefined;
  if (input.figures === undefined) return 'figures' in input ? undefined : { code: input.code };
  if (!isFields(input.figures)) return undefined;
  const figures: Record<string, string | number> = {};
  for (const key in input.figures) {
    const written = input.figures[key];
    const value = isInstantKey(key) ? instant(written) : written;
    // A plain object cannot hold every name
    if (key === '__proto__' || (typeof value !== 'string' && !Number.isFinite(value))) return undefined;
    figures[key] = value as string | number;
  }
  return { code: input.code, figures };
}

export function readAlert(input: unknown): Alert | undefined {
  if (!isFields(input)) return undefined;
  const alert: Writable<Alert> = {};
  for (const key in input) {
    const value = input[key];
    switch (key) {
      case 'id':
      case 'ticketId':
      case 'category':
      case 'department':
      case 'gridId':
      case 'communityId':
      case 'acknowledgedBy':
      case 'acknowledgedById':
      case 'disposition':
      case 'note':
      case 'assignTo':
      case 'shelvedBy':
      case 'shelveReason':
        if (typeof value !== 'string') return undefined;
        alert[key] = value;
        break;
      case 'raisedAt':
      case 'unacknowledgedSinceAt':
      case 'acknowledgedAt':
      case 'nextCheckAt':
      case 'lapsedAt':
      case 'shelvedUntilAt':
      case 'climbAt':
      case 'changedAt': {
        const at = instant(value);
        if (Number.isNaN(at)) return undefined;
        alert[key] = at;
        break;
      }
      case 'kind':
        if (!alertKinds.has(value)) return undefined;
        alert.kind = value as Alert['kind'];
        break;
      case 'severity':
        if (!severities.has(value)) return undefined;
        alert.severity = value as Alert['severity'];
        break;
      case 'state':
        if (!alertStates.has(value)) return undefined;
        alert.state = value as Alert['state'];
        break;
      case 'active':
        if (typeof value !== 'boolean') return undefined;
        alert.active = value;
        break;
      case 'domain':
        if (!domains.has(value)) return undefined;
        alert.domain = value as NonNullable<Alert['domain']>;
        break;
      case 'cause': {
        const cause = readCause(value);
        if (cause === undefined) return undefined;
        alert.cause = cause;
        break;
      }
      case 'level':
        if (!Number.isSafeInteger(value) || (value as number) < 0) return undefined;
        alert.level = value as number;
        break;
    }
  }
  return alert.id !== undefined &&
    alert.kind !== undefined &&
    alert.severity !== undefined &&
    alert.state !== undefined &&
    alert.active !== undefined &&
    alert.raisedAt !== undefined &&
    alert.cause !== undefined &&
    alert.level !== undefined &&
    alert.changedAt !== undefined
    ? (alert as Alert)
    : undefined;
}

function readAlertChanged(input: Fields): AlertChanged | undefined {
  const event: Writable<AlertChanged> = { type: 'alertChanged' };
  for (const key in input) {
    const value = input[key];
    switch (key) {
      case 'at':
      case 'recordedAt': {
        const at = instant(value);
        if (Number.isNaN(at)) return undefined;
        event[key] = at;
        break;
      }
      case 'stimulus':
        if (!stimuli.has(value)) return undefined;
        event.stimulus = value as AlertChanged['stimulus'];
        break;
      case 'from':
        if (!alertStates.has(value)) return undefined;
        event.from = value as AlertChanged['from'];
        break;
      case 'actor':
      case 'reason':
        if (typeof value !== 'string') return undefined;
        event[key] = value;
        break;
      case 'alert': {
        const alert = readAlert(value);
        if (alert === undefined) return undefined;
        event.alert = alert;
        break;
      }
    }
  }
  return event.at !== undefined &&
    event.recordedAt !== undefined &&
    event.stimulus !== undefined &&
    event.from !== undefined &&
    event.reason !== undefined &&
    event.alert !== undefined
    ? (event as AlertChanged)
    : undefined;
}

/** The kinds of event that make up nearly all of a day; others are left to the schema. */
export function readEvent(input: unknown): TicketReported | StepTaken | AlertChanged | undefined {
  if (!isFields(input)) return undefined;
  switch (input.type) {
    case 'ticketReported':
      return readTicketReported(input);
    case 'stepTaken':
      return readStepTaken(input);
    case 'alertChanged':
      return readAlertChanged(input);
    default:
      return undefined;
  }
}
