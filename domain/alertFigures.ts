import { type Alert, type AlertState, type Severity, wantsAcknowledgement } from './alarm.ts';
import {
  countsTowardsFlood,
  type FloodChanged,
  type FloodGroup,
  type FloodRule,
  floodGroups,
  floodStands,
} from './flood.ts';
import { lateByMs } from './sla.ts';
import type { Ticket, TicketId } from './ticket.ts';
import type { WallState } from './wallState.ts';

const MINUTE_MS = 60_000;
/** The flood box looks this far back, one bar a minute (visual specification §5). */
export const HISTOGRAM_MINUTES = 30;

/** Red and amber: the severities that the overdue list shows. */
export type ListedSeverity = Extract<Severity, 'critical' | 'high'>;

export interface SeverityCounts {
  readonly critical: number;
  readonly high: number;
}

/** `returned`: its cause is over, but nobody has seen it yet. */
export type Standing = 'unacknowledged' | 'returned' | 'acknowledged' | 'shelved';

/** An alert about tickets as the wall lists it. */
export interface ListedAlert {
  readonly alert: Alert;
  readonly severity: ListedSeverity;
  readonly standing: Standing;
  /** Absent where the alert is about several tickets at once. */
  readonly ticket?: Ticket;
  /** By how much the deadline is missed, standing still once the ticket is handled; null without a missed deadline. */
  readonly overdueMs: number | null;
}

export interface FloodFigures {
  /** Alerts raised within the window of the flood's rule. */
  readonly recent: number;
  readonly rule: FloodRule;
  /** Raises per minute, oldest first; the last entry is the minute that is running. */
  readonly histogram: { readonly startAt: number; readonly counts: readonly number[] };
  /** By cause, area and department, most urgent first; none is left out. */
  readonly groups: readonly FloodGroup[];
  /** 首发: what came first; null where it has left the board. */
  readonly first: Alert | null;
}

export interface AlertFigures {
  /** In the order of the list (visual specification §5). It changes with a state, never with time alone. */
  readonly listed: readonly ListedAlert[];
  /** What the trust lane names: the server's own faults that stand, longest first. */
  readonly systemFaults: readonly Alert[];
  /** All standing alerts about tickets, by priority: what 80/15/5 is held against (EEMUA 191). */
  readonly bySeverity: Readonly<Record<Severity, number>>;
  /** Null while the list is a list. */
  readonly flood: FloodFigures | null;
}

export interface AlertInput {
  readonly board: Pick<WallState, 'alerts' | 'raises' | 'flood'> & { readonly tickets: ReadonlyMap<TicketId, Ticket> };
  readonly floodRule: FloodRule;
  readonly now: number;
  /** Street of a listed grid; undefined for any other. */
  readonly streetOf: (gridId: string) => string | undefined;
}

/** How an alert stands in a list; undefined for what no list shows. */
export function standingOf(state: AlertState): Standing | undefined {
  switch (state) {
    case 'unacknowledged':
    case 'acknowledged':
    case 'shelved':
      return state;
    case 'returnedUnacknowledged':
      return 'returned';
    case 'normal':
    case 'suppressed':
    case 'outOfService':
      return undefined;
  }
}

function isListedSeverity(severity: Severity): severity is ListedSeverity {
  return severity === 'critical' || severity === 'high';
}

function orderOf({ standing, severity }: ListedAlert): number {
  const red = severity === 'critical';
  switch (standing) {
    case 'unacknowledged':
      return red ? 0 : 1;
    case 'returned':
      return 2;
    case 'acknowledged':
      return red ? 3 : 4;
    case 'shelved':
      return 5;
  }
}

/** Longest first; by the deadline and not by the lateness, which stands still for some and would re-sort the list as time passes. */
function sinceAt({ ticket, alert }: ListedAlert): number {
  return ticket?.dueAt ?? alert.raisedAt;
}

function inOrder(a: ListedAlert, b: ListedAlert): number {
  return orderOf(a) - orderOf(b) || sinceAt(a) - sinceAt(b) || (a.alert.id < b.alert.id ? -1 : 1);
}

/** Raises in each of the last `HISTOGRAM_MINUTES` local-clock minutes. */
function histogramOf(raises: WallState['raises'], now: number): FloodFigures['histogram'] {
  const startAt = (Math.floor(now / MINUTE_MS) - HISTOGRAM_MINUTES + 1) * MINUTE_MS;
  const counts = new Array<number>(HISTOGRAM_MINUTES).fill(0);
  for (const { at } of raises) {
    const minute = Math.floor((at - startAt) / MINUTE_MS);
    if (minute >= 0 && minute < HISTOGRAM_MINUTES) counts[minute] = (counts[minute] as number) + 1;
  }
  return { startAt, counts };
}

/**
 * The wall stays in its flood state until the rate is down and every alert of the flood has been seen: those that were
 * raised before it ended (visual specification §5).
 */
function floodStandsOnWall({ flood, alerts }: Pick<WallState, 'flood' | 'alerts'>): boolean {
  if (flood === undefined || flood.active) return flood !== undefined;
  for (const { kind, state, severity, raisedAt } of alerts.values()) {
    if (!countsTowardsFlood(kind) || severity === 'low' || raisedAt > flood.at) continue;
    if (wantsAcknowledgement(state)) return true;
  }
  return false;
}

/** When the flood that stands, or stood last, was called one; of one that is over, as its raises tell. */
function floodBeganAt(flood: FloodChanged, raises: WallState['raises'], rule: FloodRule): number {
  if (flood.active) return flood.at;
  const windowMs = rule.windowMinutes * MINUTE_MS;
  let beganAt = raises[0]?.at ?? flood.at;
  let stood = false;
  let oldest = 0;
  for (const [i, { at }] of raises.entries()) {
    if (at > flood.at) break;
    while ((raises[oldest]?.at ?? at) <= at - windowMs) oldest += 1;
    const stands = floodStands(rule, i - oldest + 1, stood);
    if (stands && !stood) beganAt = at;
    stood = stands;
  }
  return beganAt;
}

/** How much a group wants somebody: a waiting red, anything that waits, nothing. The sort of `floodGroups` stands within. */
function callsOf({ alerts, unacknowledged }: FloodGroup): 0 | 1 | 2 {
  if (unacknowledged === 0) return 2;
  return alerts.some(({ severity, state }) => severity === 'critical' && wantsAcknowledgement(state)) ? 0 : 1;
}

function floodFigures({ board, floodRule, now, streetOf }: AlertInput, counted: readonly Alert[]): FloodFigures | null {
  const { flood, raises } = board;
  if (flood === undefined || !floodStandsOnWall(board)) return null;
  const windowMs = floodRule.windowMinutes * MINUTE_MS;
  // The alerts that made it a flood came within the window before it was called one
  const fromAt = floodBeganAt(flood, raises, floodRule) - windowMs;
  let first: Alert | null = null;
  for (const alert of board.alerts.values()) {
    if (!countsTowardsFlood(alert.kind) || alert.severity === 'low' || alert.raisedAt <= fromAt) continue;
    if (first === null || alert.raisedAt < first.raisedAt) first = alert;
  }
  return {
    recent: raises.filter(({ at }) => at > now - windowMs && at <= now).length,
    rule: floodRule,
    histogram: histogramOf(raises, now),
    groups: floodGroups(counted, streetOf, Number.POSITIVE_INFINITY).sort((a, b) => callsOf(a) - callsOf(b)),
    first,
  };
}

/** One pass over the standing alerts. Drills and the canary are in none of them; the system's own stand apart. */
export function alertFigures(input: AlertInput): AlertFigures {
  const { board, now } = input;
  const listed: ListedAlert[] = [];
  const systemFaults: Alert[] = [];
  const counted: Alert[] = [];
  const bySeverity = { low: 0, medium: 0, high: 0, critical: 0 };
  for (const alert of board.alerts.values()) {
    const standing = standingOf(alert.state);
    if (standing === undefined) continue;
    if (alert.kind === 'systemFault') systemFaults.push(alert);
    if (alert.kind === 'systemFault' || alert.kind === 'sourceSilent') continue;
    const ticket = alert.ticketId === undefined ? undefined : board.tickets.get(alert.ticketId);
    if (ticket?.flags.some((flag) => flag === 'drill' || flag === 'canary')) continue;
    counted.push(alert);
    bySeverity[alert.severity] += 1;
    const { severity } = alert;
    if (!isListedSeverity(severity)) continue;
    const lateMs = ticket === undefined ? 0 : lateByMs(ticket, now);
    listed.push({
      alert,
      severity,
      standing,
      ...(ticket === undefined ? {} : { ticket }),
      overdueMs: lateMs > 0 ? lateMs : null,
    });
  }
  return {
    listed: listed.sort(inOrder),
    systemFaults: systemFaults.sort((a, b) => a.raisedAt - b.raisedAt),
    bySeverity,
    flood: floodFigures(input, counted),
  };
}

export function severityCounts(alerts: Iterable<{ readonly severity: ListedSeverity }>): SeverityCounts {
  const counts = { critical: 0, high: 0 };
  for (const { severity } of alerts) counts[severity] += 1;
  return counts;
}

/** Nobody has seen it, or its acknowledgement has run out, or its end has not been seen. */
export function isUnacknowledged({ standing }: Pick<ListedAlert, 'standing'>): boolean {
  return standing === 'unacknowledged' || standing === 'returned';
}

/** What must be on screen whatever the scene, and what sounds. */
export function isUrgent(listed: ListedAlert): boolean {
  return listed.severity === 'critical' && listed.standing === 'unacknowledged';
}

/** One call for attention: an alert that is asked for again, after a lapse or a rise, is another. */
export function callOf({ id, unacknowledgedSinceAt, raisedAt }: Alert): string {
  return `${id} ${unacknowledgedSinceAt ?? raisedAt}`;
}

/**
 * The groups that fit into `rows`: where not all do, the last ones as one under the key `''` (其他), which adds up. A
 * critical in it is not hidden: the wall lists those one by one besides.
 */
export function foldGroups(groups: readonly FloodGroup[], rows: number): readonly FloodGroup[] {
  if (groups.length <= rows) return groups;
  const shown = groups.slice(0, Math.max(0, rows - 1));
  const rest = groups.slice(shown.length);
  const alerts = rest.flatMap((group) => group.alerts).sort((a, b) => a.raisedAt - b.raisedAt);
  const sum = (part: 'critical' | 'high' | 'unacknowledged') => rest.reduce((total, group) => total + group[part], 0);
  return [
    ...shown,
    {
      key: '',
      category: undefined,
      department: undefined,
      streetId: undefined,
      alerts,
      critical: sum('critical'),
      high: sum('high'),
      unacknowledged: sum('unacknowledged'),
      oldestAt: Math.min(...rest.map(({ oldestAt }) => oldestAt)),
      grids: new Set(alerts.flatMap(({ gridId }) => gridId ?? [])).size,
    },
  ];
}
