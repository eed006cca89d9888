import { ALERT_KINDS, ALERT_STATES, type Alert, type AlertCause, SEVERITIES } from '../domain/alarm.ts';
import { DOMAINS } from '../domain/ticket.ts';
import { readCause } from './fastDecode.ts';
import { encodeInstants } from './instants.ts';
import { LAST_INSTANT, type TicketPacking } from './packedTicket.ts';
import type { Encoded } from './wire.ts';

/**
 * Alerts as rows, beside the tickets that they are about (protocol/packedTicket.ts): a fifth of the bytes of their JSON. Only
 * those that nobody has touched have a row, for an outage leaves a thousand of them; the others go as objects. At the place
 * of each column what a null in it stands for; trailing nulls are left out.
 */
const COLUMNS = [
  'ticketId',
  /** The place in the closed list, as those of severity, domain and state. */
  'kind',
  'severity',
  /** Ms from the packing's `fromAt`. */
  'raisedAt',
  'cause',
  'level',
  /** Ms from the raise; none. */
  'climbAt',
  /** None, as for the four after it, which are places in the packing's `labels` where they stand there. */
  'domain',
  'category',
  'department',
  'gridId',
  'communityId',
  /** Unacknowledged. */
  'state',
  /** True. */
  'active',
  /** Ms from the raise; the raise. */
  'changedAt',
  /** Ms from the raise, false: nobody is waited for; the raise. */
  'unacknowledgedSinceAt',
] as const;

type Column = (typeof COLUMNS)[number];
const at = Object.fromEntries(COLUMNS.map((column, i) => [column, i])) as Readonly<Record<Column, number>>;
const LABELS = ['category', 'department', 'gridId', 'communityId'] as const;

type Cell = string | number | boolean | null | Encoded<AlertCause>;
export type PackedAlert = readonly Cell[];

/** What a row says: its columns, and the id that follows from them. */
const SAID: ReadonlySet<string> = new Set(['id', ...COLUMNS]);

function isUntouched(alert: Alert): boolean {
  return (
    alert.ticketId !== undefined &&
    alert.id === idOf(alert.kind, alert.ticketId) &&
    Object.entries(alert).every(([key, value]) => SAID.has(key) || value === undefined)
  );
}

function idOf(kind: string, ticketId: string): string {
  return `${kind}:${ticketId}`;
}

export function createAlertPacker({ fromAt, labels }: TicketPacking): (alert: Alert) => PackedAlert | undefined {
  const places = new Map(labels.map((label, i) => [label, i]));
  const label = (text: string | undefined): Cell => (text === undefined ? null : (places.get(text) ?? text));
  return (alert) => {
    if (!isUntouched(alert)) return undefined;
    const { raisedAt, climbAt, domain, state, changedAt, unacknowledgedSinceAt: sinceAt } = alert;
    const cells: Record<Column, Cell> = {
      ticketId: alert.ticketId ?? null,
      kind: ALERT_KINDS.indexOf(alert.kind),
      severity: SEVERITIES.indexOf(alert.severity),
      raisedAt: raisedAt - fromAt,
      cause: encodeInstants(alert.cause, () => 0),
      level: alert.level,
      climbAt: climbAt === undefined ? null : climbAt - raisedAt,
      domain: domain === undefined ? null : DOMAINS.indexOf(domain),
      category: label(alert.category),
      department: label(alert.department),
      gridId: label(alert.gridId),
      communityId: label(alert.communityId),
      state: state === 'unacknowledged' ? null : ALERT_STATES.indexOf(state),
      active: alert.active ? null : false,
      changedAt: changedAt === raisedAt ? null : changedAt - raisedAt,
      unacknowledgedSinceAt: sinceAt === raisedAt ? null : sinceAt === undefined ? false : sinceAt - raisedAt,
    };
    const row = COLUMNS.map((column) => cells[column]);
    while (row.at(-1) === null) row.pop();
    return row;
  };
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Rows off the wire, parsed but not looked at; undefined for whatever is no row of this packing. */
export function createAlertUnpacker({ fromAt, labels }: TicketPacking): (row: unknown) => Alert | undefined {
  const instant = (cell: unknown, from: number): number | undefined => {
    const written = Number.isFinite(cell) ? (cell as number) + from : Number.NaN;
    return Math.abs(written) <= LAST_INSTANT && Number.isInteger(written) ? written : undefined;
  };
  const isSet = (cell: unknown) => cell !== undefined && cell !== null;
  const oneOf = <T>(values: readonly T[], cell: unknown): T | undefined =>
    typeof cell === 'number' ? values[cell] : undefined;

  return (row) => {
    if (!Array.isArray(row)) return undefined;
    const ticketId = row[at.ticketId];
    const kind = oneOf(ALERT_KINDS, row[at.kind]);
    const severity = oneOf(SEVERITIES, row[at.severity]);
    const raisedAt = instant(row[at.raisedAt], fromAt);
    const cause = readCause(row[at.cause]);
    const level = row[at.level];
    if (typeof ticketId !== 'string' || kind === undefined || severity === undefined) return undefined;
    if (raisedAt === undefined || cause === undefined || !Number.isSafeInteger(level) || level < 0) return undefined;
    const state = isSet(row[at.state]) ? oneOf(ALERT_STATES, row[at.state]) : 'unacknowledged';
    const active = isSet(row[at.active]) ? row[at.active] : true;
    const changedAt = isSet(row[at.changedAt]) ? instant(row[at.changedAt], raisedAt) : raisedAt;
    if (state === undefined || typeof active !== 'boolean' || changedAt === undefined) return undefined;
    const alert: Writable<Alert> = {
      id: idOf(kind, ticketId),
      kind,
      severity,
      state,
      active,
      ticketId,
      raisedAt,
      cause,
      level,
      changedAt,
    };
    if (row[at.unacknowledgedSinceAt] !== false) {
      const cell = row[at.unacknowledgedSinceAt];
      const sinceAt = isSet(cell) ? instant(cell, raisedAt) : raisedAt;
      if (sinceAt === undefined) return undefined;
      alert.unacknowledgedSinceAt = sinceAt;
    }
    if (isSet(row[at.climbAt])) {
      const climbAt = instant(row[at.climbAt], raisedAt);
      if (climbAt === undefined) return undefined;
      alert.climbAt = climbAt;
    }
    if (isSet(row[at.domain])) {
      const domain = oneOf(DOMAINS, row[at.domain]);
      if (domain === undefined) return undefined;
      alert.domain = domain;
    }
    for (const key of LABELS) {
      const cell = row[at[key]];
      if (!isSet(cell)) continue;
      const label = typeof cell === 'string' ? cell : oneOf(labels, cell);
      if (label === undefined) return undefined;
      alert[key] = label;
    }
    return alert;
  };
}
