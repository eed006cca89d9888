import { type Alert, alertId, TICKET_ALERT_KINDS } from './alarm.ts';
import type { CanaryPassed } from './canary.ts';
import type { BoardEvent, StepTaken, TicketEvent, TicketReported } from './events.ts';
import { countsTowardsFlood, type FloodChanged } from './flood.ts';
import { type Flag, isEnded, type StepRecord, type Ticket, type TicketId } from './ticket.ts';

/**
 * The live board: what the server keeps in memory and every wall shows. `tickets` is in order of arrival, `alerts` in
 * order of their first raise; an alert that is over and seen stays until its ticket leaves the board. The maps are
 * changed in place (a copy per event would cost O(board)); what is in them never is.
 */
export interface WallState {
  readonly tickets: Map<TicketId, Ticket>;
  readonly alerts: Map<string, Alert>;
  /** When and where alerts that count towards a flood were raised, oldest first; older ones than an hour may be gone. */
  readonly raises: Raise[];
  /** The last change; undefined before the first flood. */
  flood: FloodChanged | undefined;
  /** The last one; undefined before the first. */
  canary: CanaryPassed | undefined;
}

export interface Raise {
  readonly at: number;
  readonly gridId?: string;
  readonly communityId?: string;
}

/** Long enough for the histogram of half an hour, and for any window that a flood is counted in. */
export const RAISES_KEPT_MS = 3_600_000;

export function initialWallState(
  tickets: Iterable<Ticket> = [],
  alerts: Iterable<Alert> = [],
  raises: readonly Raise[] = [],
  flood?: FloodChanged,
  canary?: CanaryPassed,
): WallState {
  const state: WallState = { tickets: new Map(), alerts: new Map(), raises: [...raises], flood, canary };
  for (const ticket of tickets) state.tickets.set(ticket.id, ticket);
  for (const alert of alerts) state.alerts.set(alert.id, alert);
  return state;
}

function withFlags(flags: readonly Flag[], added: readonly Flag[]): readonly Flag[] {
  const missing = added.filter((flag) => !flags.includes(flag));
  return missing.length === 0 ? flags : [...flags, ...missing];
}

/** An object without the keys whose value is undefined, so that a ticket read back from JSON equals the one written. */
function present<T extends object>(value: { readonly [K in keyof T]: T[K] | undefined }): T {
  const result: Partial<T> = {};
  for (const key of Object.keys(value) as (keyof T)[])
    if (value[key] !== undefined) result[key] = value[key] as T[keyof T];
  return result as T;
}

/** For putting an object together; optional fields are set where there is a value, never to undefined. */
type Writable<T> = { -readonly [K in keyof T]: T[K] };

function reportedTicket(event: TicketReported): Ticket {
  const { type: _type, ticketId, at, ...facts } = event;
  const first: Writable<StepRecord> = { step: 'report', at, recordedAt: event.recordedAt };
  const by = event.reporter?.name ?? event.reporter?.id;
  if (by !== undefined) first.by = by;
  if (event.department !== undefined) first.department = event.department;
  const ticket: Writable<Ticket> = {
    ...facts,
    id: ticketId,
    reportedAt: at,
    status: 'reported',
    steps: [first],
    level: 0,
    points: 0,
  };
  if (event.dueAt !== undefined) ticket.originalDueAt = event.dueAt;
  return ticket;
}

function recordOf(event: StepTaken): StepRecord {
  const record: Writable<StepRecord> = { step: event.step, at: event.at, recordedAt: event.recordedAt };
  if (event.stepId !== undefined) record.id = event.stepId;
  if (event.by !== undefined) record.by = event.by;
  if (event.department !== undefined) record.department = event.department;
  if (event.note !== undefined) record.note = event.note;
  if (event.into !== undefined) record.into = event.into;
  if (event.dueAt !== undefined) record.dueAt = event.dueAt;
  if (event.contentHash !== undefined) record.contentHash = event.contentHash;
  return record;
}

function afterStep(ticket: Ticket, event: StepTaken): Ticket {
  const { step, at, status } = event;
  const after: Writable<Ticket> = {
    ...ticket,
    status,
    steps: [...ticket.steps, recordOf(event)],
    level: step === 'escalate' ? ticket.level + 1 : ticket.level,
    flags: withFlags(ticket.flags, event.flags),
  };
  if (step === 'dispatch' && event.department !== undefined) after.department = event.department;
  if (event.dueAt !== undefined) after.dueAt = event.dueAt;
  if (event.criticalAt !== undefined) after.criticalAt = event.criticalAt;
  if (step === 'handle') after.handledAt = at;
  else if (step === 'rework') delete after.handledAt;
  if (step === 'suspend') after.suspendedAt = at;
  else if (after.suspendedAt !== undefined && (step === 'resume' || step === 'handle' || isEnded(status))) {
    delete after.suspendedAt;
  }
  if (isEnded(status) && !isEnded(ticket.status)) after.endedAt = at;
  return after;
}

/**
 * One ticket after one of its events; undefined once it has left the board. An event for a ticket that is not here
 * (it was archived) changes nothing.
 */
export function evolveTicket(ticket: Ticket | undefined, event: TicketEvent): Ticket | undefined {
  switch (event.type) {
    case 'ticketReported':
      return reportedTicket(event);
    case 'stepTaken':
      return ticket && afterStep(ticket, event);
    case 'pointsAwarded': {
      if (ticket === undefined) return undefined;
      const last = ticket.steps.at(-1) as StepRecord;
      return {
        ...ticket,
        points: ticket.points + event.points,
        steps: [...ticket.steps.slice(0, -1), { ...last, points: event.points }],
      };
    }
    case 'ticketArchived':
      return undefined;
  }
}

/**
 * Whether an alert has left the board: nothing holds any more, nobody must look, and nothing else will take it away
 * (an alert about a ticket goes with its ticket, so that the day's cleared ones can be listed).
 */
export function hasLeft(alert: Alert): boolean {
  return alert.state === 'normal' && !alert.active && alert.ticketId === undefined;
}

/** Keeps the order of time, and of arrival within an instant. */
function addRaise(raises: Raise[], raise: Raise): void {
  let i = raises.length;
  while (i > 0 && (raises[i - 1] as Raise).at > raise.at) i -= 1;
  raises.splice(i, 0, raise);
  const newestAt = (raises.at(-1) as Raise).at;
  const stale = raises.findIndex(({ at }) => at > newestAt - RAISES_KEPT_MS);
  if (stale > 0) raises.splice(0, stale);
}

/** Applies one event to the board. Server and walls share this reducer; no other code changes a board. */
export function evolve(state: WallState, event: BoardEvent): WallState {
  switch (event.type) {
    case 'alertChanged':
      if (hasLeft(event.alert)) state.alerts.delete(event.alert.id);
      else state.alerts.set(event.alert.id, event.alert);
      if (event.stimulus === 'raise' && countsTowardsFlood(event.alert.kind)) {
        const { gridId, communityId } = event.alert;
        addRaise(state.raises, present<Raise>({ at: event.at, gridId, communityId }));
      }
      return state;
    case 'floodChanged':
      state.flood = event;
      return state;
    case 'canaryPassed':
      state.canary = event;
      return state;
    case 'ticketReported':
    case 'stepTaken':
    case 'pointsAwarded':
    case 'ticketArchived': {
      const ticket = evolveTicket(state.tickets.get(event.ticketId), event);
      if (ticket !== undefined) state.tickets.set(event.ticketId, ticket);
      else {
        state.tickets.delete(event.ticketId);
        for (const kind of TICKET_ALERT_KINDS) state.alerts.delete(alertId(kind, event.ticketId));
      }
      return state;
    }
  }
}
