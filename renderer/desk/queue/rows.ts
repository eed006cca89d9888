import type { Alert, Severity } from '../../../domain/alarm.ts';
import { isUnacknowledged, type ListedAlert, type Standing, standingOf } from '../../../domain/alertFigures.ts';
import type { Ticket } from '../../../domain/ticket.ts';
import type { WallState } from '../../../domain/wallState.ts';

/** One row of the queue: a listed alert, or one that the wall has no list for. */
export interface QueueEntry {
  readonly alert: Alert;
  readonly severity: Severity;
  readonly standing: Standing;
  readonly ticket?: Ticket;
  /** By how much the deadline is missed; null without a missed deadline. */
  readonly overdueMs: number | null;
}

export interface QueueView {
  /** Red and amber that want somebody, in the wall's order. */
  readonly waiting: readonly QueueEntry[];
  readonly held: readonly QueueEntry[];
  readonly shelved: readonly QueueEntry[];
  /** The server's own faults and silent sources, longest first. */
  readonly system: readonly QueueEntry[];
  /** Due soon and what is listed only, newest first. */
  readonly other: readonly QueueEntry[];
  /** Red and amber whose cause ended today and that somebody has seen; last cleared first. */
  readonly cleared: readonly { readonly alert: Alert; readonly ticket?: Ticket }[];
}

export const FILTERS = ['all', 'waiting', 'held'] as const;
export type Filter = (typeof FILTERS)[number];

function ticketOf(board: Pick<WallState, 'tickets'>, { ticketId }: Alert): { readonly ticket?: Ticket } {
  const ticket = ticketId === undefined ? undefined : board.tickets.get(ticketId);
  return ticket === undefined ? {} : { ticket };
}

/** Everything that the queue can show, of one look at the board. `listed` is the wall's own list and order. */
export function queueView(
  listed: readonly ListedAlert[],
  board: Pick<WallState, 'alerts' | 'tickets'>,
  dayStartAt: number,
): QueueView {
  const system: QueueEntry[] = [];
  const other: QueueEntry[] = [];
  const cleared: { alert: Alert; ticket?: Ticket }[] = [];
  for (const alert of board.alerts.values()) {
    const { kind, severity, state } = alert;
    const about = ticketOf(board, alert);
    if (about.ticket?.flags.some((flag) => flag === 'drill' || flag === 'canary')) continue;
    const standing = standingOf(state);
    const isSystem = kind === 'systemFault' || kind === 'sourceSilent';
    if (standing === undefined) {
      const wasListed = !isSystem && (severity === 'critical' || severity === 'high');
      if (state === 'normal' && wasListed && alert.changedAt >= dayStartAt) cleared.push({ alert, ...about });
      continue;
    }
    const entry: QueueEntry = { alert, severity, standing, ...about, overdueMs: null };
    if (isSystem) system.push(entry);
    else if (severity === 'medium' || severity === 'low') other.push(entry);
  }
  return {
    waiting: listed.filter(isUnacknowledged),
    held: listed.filter(({ standing }) => standing === 'acknowledged'),
    shelved: listed.filter(({ standing }) => standing === 'shelved'),
    system: system.sort((a, b) => a.alert.raisedAt - b.alert.raisedAt),
    other: other.sort((a, b) => b.alert.raisedAt - a.alert.raisedAt),
    cleared: cleared.sort((a, b) => b.alert.changedAt - a.alert.changedAt),
  };
}

/** What a filter leaves of a view. Due soon and hints stand under `all` only: nobody has to acknowledge them. */
export function filtered(view: QueueView, filter: Filter): QueueView {
  switch (filter) {
    case 'all':
      return view;
    case 'waiting':
      return { ...view, held: [], shelved: [], system: view.system.filter(isUnacknowledged), other: [], cleared: [] };
    case 'held':
      return {
        ...view,
        waiting: [],
        system: view.system.filter((entry) => !isUnacknowledged(entry)),
        other: [],
        cleared: [],
      };
  }
}

/** Rows that a filter counts. */
export function countOf({ waiting, held, shelved, system }: QueueView): number {
  return waiting.length + held.length + shelved.length + system.length;
}
