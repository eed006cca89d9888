import { ALERT_KINDS, type Alert, type AlertCause, SEVERITIES } from '../domain/alarm.ts';
import { DOMAINS } from '../domain/ticket.ts';
import { readCause } from './fastDecode.ts';
import { isInstantKey } from './instants.ts';
import type { TicketPacking } from './packedTicket.ts';

/**
 * Alerts as rows, beside the tickets that they are about (protocol/packedTicket.ts): a fifth of the bytes of their JSON. Only
 * the usual one has a row, about a ticket and as it was raised, for an outage leaves a thousand of those; whatever somebody
 * did something about goes as an object. What is missing is null, and trailing nulls are left out.
 */
const COLUMNS = [
  'ticketId',
  /** The place in the closed list, as the two after next and the domain. */
  'kind',
  'severity',
  /** Ms from the packing's `fromAt`. */
  'raisedAt',
  'cause',
  'level',
  /** Ms from the raise. */
  'climbAt',
  'domain',
  /** A place in the packing's `labels` where it stands there, as those after it. */
  'category',
  'department',
  'gridId',
  'communityId',
] as const;

type Column = (typeof COLUMNS)[number];
const at = Object.fromEntries(COLUMNS.map((column, i) => [column, i])) as Readonly<Record<Column, number>>;
const LABELS = ['category', 'department', 'gridId', 'communityId'] as const;

type Cell = string | number | null | AlertCause;
export type PackedAlert = readonly Cell[];

/** What a row says, in its columns and by being one. */
const SAID: ReadonlySet<string> = new Set([
  ...COLUMNS,
  'id',
  'state',
  'active',
  'changedAt',
  'unacknowledgedSinceAt',
] satisfies readonly (keyof Alert)[]);

function isAsRaised(alert: Alert): boolean {
  return (
    alert.ticketId !== undefined &&
    alert.id === idOf(alert.kind, alert.ticketId) &&
    alert.state === 'unacknowledged' &&
    alert.active &&
    alert.changedAt === alert.raisedAt &&
    alert.unacknowledgedSinceAt === alert.raisedAt &&
    !Object.keys(alert.cause.figures ?? {}).some(isInstantKey) &&
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
    if (!isAsRaised(alert)) return undefined;
    const { raisedAt, climbAt, domain } = alert;
    const cells: Record<Column, Cell> = {
      ticketId: alert.ticketId ?? null,
      kind: ALERT_KINDS.indexOf(alert.kind),
      severity: SEVERITIES.indexOf(alert.severity),
      raisedAt: raisedAt - fromAt,
      cause: alert.cause,
      level: alert.level,
      climbAt: climbAt === undefined ? null : climbAt - raisedAt,
      domain: domain === undefined ? null : DOMAINS.indexOf(domain),
      category: label(alert.category),
      department: label(alert.department),
      gridId: label(alert.gridId),
      communityId: label(alert.communityId),
    };
    const row = COLUMNS.map((column) => cells[column]);
    while (row.at(-1) === null) row.pop();
    return row;
  };
}

/** What a date can hold, in ms from 1970. */
const LAST_INSTANT = 8.64e15;

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Rows off the wire, parsed but not looked at; undefined for whatever is no row of this packing. */
export function createAlertUnpacker({ fromAt, labels }: TicketPacking): (row: unknown) => Alert | undefined {
  const instant = (cell: unknown, from: number): number | undefined => {
    const written = Number.isFinite(cell) ? (cell as number) + from : Number.NaN;
    return Math.abs(written) <= LAST_INSTANT && Number.isInteger(written) ? written : undefined;
  };
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
    const alert: Writable<Alert> = {
      id: idOf(kind, ticketId),
      kind,
      severity,
      state: 'unacknowledged',
      active: true,
      ticketId,
      raisedAt,
      unacknowledgedSinceAt: raisedAt,
      cause,
      level,
      changedAt: raisedAt,
    };
    if ((row[at.climbAt] ?? null) !== null) {
      const climbAt = instant(row[at.climbAt], raisedAt);
      if (climbAt === undefined) return undefined;
      alert.climbAt = climbAt;
    }
    if ((row[at.domain] ?? null) !== null) {
      const domain = oneOf(DOMAINS, row[at.domain]);
      if (domain === undefined) return undefined;
      alert.domain = domain;
    }
    for (const key of LABELS) {
      const cell = row[at[key]] ?? null;
      if (cell === null) continue;
      const label = typeof cell === 'string' ? cell : oneOf(labels, cell);
      if (label === undefined) return undefined;
      alert[key] = label;
    }
    return alert;
  };
}
