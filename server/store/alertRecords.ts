import {
  type Alert,
  type AlertChanged,
  type AlertState,
  alertId,
  type Severity,
  type Stimulus,
  TICKET_ALERT_KINDS,
} from '../../domain/alarm.ts';
import { hasLeft } from '../../domain/wallState.ts';

/** One transition of an alert. Instants are epoch ms of the domain clock. */
export interface AlertTransition {
  readonly at: number;
  readonly recordedAt: number;
  readonly stimulus: Stimulus;
  readonly from: AlertState;
  readonly to: AlertState;
  readonly severity: Severity;
  readonly level: number;
  /** Absent where the process or a timer did it. */
  readonly actor?: string;
  readonly reason: string;
}

/** An alert, on the board or gone from it, and how it came to be so: its last transitions, oldest first. */
export interface AlertRecord {
  readonly alert: Alert;
  readonly log: readonly AlertTransition[];
}

/** Transitions kept of one alert; the journal has them all. */
const KEPT_TRANSITIONS = 100;
/** Alerts that no ticket carries to the archive are remembered, once gone, until so many others are. */
const KEPT_GONE = 500;

/** The records of all alerts on the board, and of those about no ticket that went lately, in the board's order. */
export interface AlertRecords {
  take(event: AlertChanged): void;
  find(id: string): AlertRecord | undefined;
  ofTicket(ticketId: string): AlertRecord[];
  /** With their ticket, to the archive. */
  forgetTicket(ticketId: string): void;
  values(): Iterable<AlertRecord>;
}

export function createAlertRecords(known: Iterable<AlertRecord>): AlertRecords {
  const records = new Map<string, AlertRecord>();
  /** Oldest first. */
  const gone = new Set<string>();
  for (const record of known) {
    records.set(record.alert.id, record);
    if (hasLeft(record.alert)) gone.add(record.alert.id);
  }

  return {
    take({ alert, at, recordedAt, stimulus, from, actor, reason }) {
      const before = records.get(alert.id);
      const transition: AlertTransition = {
        at,
        recordedAt,
        stimulus,
        from,
        to: alert.state,
        severity: alert.severity,
        level: alert.level,
        ...(actor === undefined ? {} : { actor }),
        reason,
      };
      // What comes back to the board comes last, there and here
      if (gone.delete(alert.id)) records.delete(alert.id);
      records.set(alert.id, { alert, log: [...(before?.log ?? []), transition].slice(-KEPT_TRANSITIONS) });
      if (!hasLeft(alert)) return;
      gone.add(alert.id);
      const [oldest] = gone;
      if (gone.size <= KEPT_GONE || oldest === undefined) return;
      gone.delete(oldest);
      records.delete(oldest);
    },
    find: (id) => records.get(id),
    ofTicket: (ticketId) => TICKET_ALERT_KINDS.flatMap((kind) => records.get(alertId(kind, ticketId)) ?? []),
    forgetTicket(ticketId) {
      for (const kind of TICKET_ALERT_KINDS) records.delete(alertId(kind, ticketId));
    },
    values: () => records.values(),
  };
}

/** The ticket that an alert id names, whether or not there is such an alert. */
export function ticketOfAlertId(id: string): string | undefined {
  const kind = TICKET_ALERT_KINDS.find((candidate) => id.startsWith(`${candidate}:`));
  return kind === undefined ? undefined : id.slice(kind.length + 1);
}
