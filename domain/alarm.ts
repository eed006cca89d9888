import type { Domain, TicketId } from './ticket.ts';

export const ALERT_KINDS = [
  'overdue',
  'dueSoon',
  'stageLate',
  'surge',
  'repeat',
  'criticalTicket',
  'sourceSilent',
  'systemFault',
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/** The kinds whose subject is a ticket; they leave the board with it. */
export const TICKET_ALERT_KINDS: readonly AlertKind[] = ['overdue', 'dueSoon', 'stageLate', 'criticalTicket'];

export function alertId(kind: AlertKind, subject: string): string {
  return `${kind}:${subject}`;
}

export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** The alarm states of ISA-18.2 / IEC 62682, by the contract's names. */
export const ALERT_STATES = [
  'normal',
  'unacknowledged',
  'acknowledged',
  'returnedUnacknowledged',
  'shelved',
  'suppressed',
  'outOfService',
] as const;
export type AlertState = (typeof ALERT_STATES)[number];

/**
 * What can happen to an alert. `raise`, `worsen`, `ease` and `clear` come from the process, `lapse`, `renew`, `unshelve`
 * and `climb` from timers, `acknowledge`, `release` and `shelve` from people, `disable` and `enable` from the deployment
 * file. No rule leads to `suppress` (docs/alarms.md).
 */
export const STIMULI = [
  'raise',
  'worsen',
  'ease',
  'clear',
  'acknowledge',
  'release',
  'lapse',
  'renew',
  'shelve',
  'unshelve',
  'climb',
  'suppress',
  'unsuppress',
  'disable',
  'enable',
] as const;
export type Stimulus = (typeof STIMULI)[number];

/** An alert as the server and every screen hold it; never mutated. Instants are epoch ms of the domain clock. */
export interface Alert {
  /** `<kind>:<subject>`; the subject is the deduplication key, so one cause never stands twice. */
  readonly id: string;
  readonly kind: AlertKind;
  readonly severity: Severity;
  readonly state: AlertState;
  /** Whether the condition holds now, whatever people did about it. */
  readonly active: boolean;
  readonly ticketId?: TicketId;
  readonly domain?: Domain;
  readonly category?: string;
  readonly department?: string;
  readonly gridId?: string;
  readonly communityId?: string;
  /** When it was last raised. */
  readonly raisedAt: number;
  /** Since when somebody has been waited for: the age of “未确认”. */
  readonly unacknowledgedSinceAt?: number;
  /** Why it fired: a message key and its figures; the sentence stands in the message files. */
  readonly cause: AlertCause;
  /** The name as it is shown. */
  readonly acknowledgedBy?: string;
  /** Tells two people of one name apart; server only. */
  readonly acknowledgedById?: string;
  readonly acknowledgedAt?: number;
  readonly disposition?: string;
  readonly note?: string;
  readonly assignTo?: string;
  readonly nextCheckAt?: number;
  /** The acknowledgement ran out at its next-check time (复查超时). */
  readonly lapsedAt?: number;
  readonly shelvedBy?: string;
  readonly shelvedUntilAt?: number;
  readonly shelveReason?: string;
  /** Rung of the escalation ladder, 0 first. */
  readonly level: number;
  /** When the next rung is due; absent on the last rung, and while acknowledged or shelved. */
  readonly climbAt?: number;
  readonly changedAt: number;
}

/** Every reason for an alert; the message files have a sentence for each. */
export const CAUSE_CODES = [
  'overdue',
  'overdueCritical',
  'overdueClaimed',
  'dueSoon',
  'dispatchLate',
  'verifyLate',
  'criticalTicket',
  'surge',
  'repeat',
  'sourceSilent',
  'sourceFailed',
  'snapshotFailed',
  'diskLow',
  'clockJumped',
  'calendarEnds',
] as const;
export type CauseCode = (typeof CAUSE_CODES)[number];

export function isCauseCode(code: string): code is CauseCode {
  return (CAUSE_CODES as readonly string[]).includes(code);
}

export interface AlertCause {
  /** A `CauseCode`, or one of a newer server. Figures are named with their unit, instants end in `At`. */
  readonly code: string;
  readonly figures?: Readonly<Record<string, string | number>>;
}

/** One transition, logged with time, actor and reason. Carries every field as it stands afterwards. */
export interface AlertChanged {
  readonly type: 'alertChanged';
  readonly at: number;
  readonly recordedAt: number;
  readonly stimulus: Stimulus;
  readonly from: AlertState;
  /** Who did it; absent where the process or a timer did. */
  readonly actor?: string;
  readonly reason: string;
  readonly alert: Alert;
}

/**
 * The one table of transitions. A stimulus that is missing in a row is not possible in that state. `active` decides
 * where two ways are open: leaving a shelf, a suppression or a disablement re-evaluates the condition.
 */
export const TRANSITIONS: Readonly<Record<AlertState, Partial<Record<Stimulus, AlertState | 'reevaluate'>>>> = {
  normal: {
    raise: 'unacknowledged',
    suppress: 'suppressed',
    disable: 'outOfService',
  },
  unacknowledged: {
    worsen: 'unacknowledged',
    ease: 'unacknowledged',
    clear: 'returnedUnacknowledged',
    acknowledge: 'acknowledged',
    shelve: 'shelved',
    climb: 'unacknowledged',
    suppress: 'suppressed',
    disable: 'outOfService',
  },
  acknowledged: {
    worsen: 'unacknowledged',
    ease: 'acknowledged',
    clear: 'normal',
    release: 'unacknowledged',
    lapse: 'unacknowledged',
    renew: 'acknowledged',
    shelve: 'shelved',
    suppress: 'suppressed',
    disable: 'outOfService',
  },
  returnedUnacknowledged: {
    raise: 'unacknowledged',
    acknowledge: 'normal',
    suppress: 'suppressed',
    disable: 'outOfService',
  },
  // A rise in severity ends a shelf: what was set aside was something milder.
  shelved: {
    raise: 'shelved',
    worsen: 'unacknowledged',
    ease: 'shelved',
    clear: 'shelved',
    release: 'reevaluate',
    unshelve: 'reevaluate',
    suppress: 'suppressed',
    disable: 'outOfService',
  },
  suppressed: {
    raise: 'suppressed',
    worsen: 'suppressed',
    ease: 'suppressed',
    clear: 'suppressed',
    unsuppress: 'reevaluate',
    disable: 'outOfService',
  },
  outOfService: {
    raise: 'outOfService',
    worsen: 'outOfService',
    ease: 'outOfService',
    clear: 'outOfService',
    enable: 'reevaluate',
  },
};

/** The state after a stimulus, or undefined where the table does not allow it. `active` is the condition afterwards. */
export function nextState(state: AlertState, stimulus: Stimulus, active: boolean): AlertState | undefined {
  const next = TRANSITIONS[state][stimulus];
  return next === 'reevaluate' ? (active ? 'unacknowledged' : 'normal') : next;
}

/** Somebody must still look at it. */
export function wantsAcknowledgement(state: AlertState): boolean {
  return state === 'unacknowledged' || state === 'returnedUnacknowledged';
}
