import {
  type Alert,
  type AlertCause,
  type AlertChanged,
  type AlertKind,
  alertId,
  type CauseCode,
  nextState,
  SEVERITIES,
  type Severity,
  type Stimulus,
} from './alarm.ts';
import type { FieldProblem } from './decide.ts';
import type { Domain, TicketId } from './ticket.ts';

/** What the deployment says about handling alerts; minutes throughout. */
export interface AlarmHandling {
  /** Kinds that leave by themselves when their condition ends, asking nobody. */
  readonly selfClearing: readonly AlertKind[];
  /** Until an acknowledgement is asked for again: offered, and at most. */
  readonly nextCheckMinutes: Readonly<Record<Severity, { readonly standard: number; readonly most: number }>>;
  /** Unacknowledged this long, an alert climbs one rung: grid, community, street, district. 0 = never. */
  readonly climbMinutes: Readonly<Record<Severity, number>>;
  readonly shelveMinutesAtMost: number;
  readonly dispositions: readonly string[];
}

export const HIGHEST_RUNG = 3;

/** A condition that holds now and what it would be called; its absence is the all-clear. */
export interface Condition {
  readonly kind: AlertKind;
  /** The deduplication key within the kind. */
  readonly subject: string;
  readonly severity: Severity;
  readonly cause: AlertCause & { readonly code: CauseCode };
  /** When it began to hold, which may lie before it was noticed. */
  readonly sinceAt: number;
  readonly ticketId?: TicketId;
  readonly domain?: Domain;
  readonly category?: string;
  readonly department?: string;
  readonly gridId?: string;
  readonly communityId?: string;
}

export type AlarmRefusal =
  | { readonly reason: 'alreadyAcknowledged'; readonly by: string }
  | { readonly reason: 'illegalState'; readonly state: Alert['state'] }
  | { readonly reason: 'invalid'; readonly errors: readonly FieldProblem[] };

export type AlarmDecision =
  | { readonly outcome: 'accepted'; readonly event: AlertChanged }
  | { readonly outcome: 'repeated' }
  | { readonly outcome: 'refused'; readonly refusal: AlarmRefusal };

interface Moment {
  /** When it counts as having happened (a timer's own instant, however late the server woke). */
  readonly at: number;
  readonly recordedAt: number;
  readonly handling: AlarmHandling;
}

function rank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}

type Patch = { -readonly [Key in keyof Alert]?: Alert[Key] | undefined };

/** The alert after a transition; rungs, lapses and acknowledgements follow from the state reached. */
function changed(
  alert: Alert,
  stimulus: Stimulus,
  moment: Moment,
  patch: Patch,
  by: { readonly actor?: string; readonly reason: string },
): AlertChanged | undefined {
  const active = patch.active ?? alert.active;
  let state = nextState(alert.state, stimulus, active);
  if (state === undefined) return undefined;
  if (state === 'returnedUnacknowledged' && moment.handling.selfClearing.includes(alert.kind)) state = 'normal';
  const severity = patch.severity ?? alert.severity;
  const startsWaiting = state === 'unacknowledged' && (alert.state !== 'unacknowledged' || stimulus === 'worsen');
  const acknowledged = state === 'acknowledged' || (state === 'normal' && stimulus === 'acknowledge');
  const level = patch.level ?? alert.level;
  const climbMs = moment.handling.climbMinutes[severity] * 60_000;
  const all: Patch = {
    ...alert,
    ...patch,
    state,
    active,
    changedAt: moment.at,
    ...(acknowledged
      ? {}
      : {
          acknowledgedBy: undefined,
          acknowledgedById: undefined,
          acknowledgedAt: undefined,
          disposition: undefined,
          note: undefined,
          assignTo: undefined,
          nextCheckAt: undefined,
        }),
    ...(state === 'shelved' ? {} : { shelvedBy: undefined, shelvedUntilAt: undefined, shelveReason: undefined }),
    ...(state === 'unacknowledged' ? {} : { climbAt: undefined }),
    ...(state === 'unacknowledged' || state === 'returnedUnacknowledged' ? {} : { unacknowledgedSinceAt: undefined }),
    ...(stimulus === 'acknowledge' || state === 'normal' ? { lapsedAt: undefined } : {}),
    ...(startsWaiting ? { unacknowledgedSinceAt: moment.at } : {}),
    ...(state === 'unacknowledged' && (startsWaiting || stimulus === 'climb')
      ? { climbAt: climbMs > 0 && level < HIGHEST_RUNG ? moment.at + climbMs : undefined }
      : {}),
  };
  // Not by deleting what is undefined: an object that has lost a field is slow from then on, to read and to write down
  const next: Record<string, unknown> = {};
  for (const key in all) if (all[key as keyof Patch] !== undefined) next[key] = all[key as keyof Patch];
  return {
    type: 'alertChanged',
    at: moment.at,
    recordedAt: moment.recordedAt,
    stimulus,
    from: alert.state,
    ...(by.actor === undefined ? {} : { actor: by.actor }),
    reason: by.reason,
    alert: next as unknown as Alert,
  };
}

function newAlert(condition: Condition, at: number): Alert {
  const { subject, sinceAt: _sinceAt, ...facts } = condition;
  return {
    ...facts,
    id: alertId(condition.kind, subject),
    state: 'normal',
    active: false,
    raisedAt: at,
    level: 0,
    changedAt: at,
  };
}

/**
 * What a condition, or its end, does to its alert. Pure process: a sender's update never touches what an operator
 * did, except that a rise in severity asks again. Undefined where nothing changes.
 */
export function decideCondition(
  alert: Alert | undefined,
  condition: Condition | undefined,
  moment: Moment,
): AlertChanged | undefined {
  if (condition === undefined) {
    if (alert === undefined || !alert.active) return undefined;
    return changed(alert, 'clear', moment, { active: false }, { reason: 'conditionEnded' });
  }
  const reason = condition.cause.code;
  if (alert === undefined || !alert.active) {
    const { subject: _subject, sinceAt: _sinceAt, ...facts } = condition;
    const fresh = alert === undefined || alert.state === 'normal';
    return changed(
      alert ?? newAlert(condition, moment.at),
      'raise',
      moment,
      { ...facts, active: true, raisedAt: moment.at, ...(fresh ? { level: 0 } : {}) },
      { reason },
    );
  }
  if (condition.severity === alert.severity) return undefined;
  const stimulus = rank(condition.severity) > rank(alert.severity) ? 'worsen' : 'ease';
  return changed(alert, stimulus, moment, { severity: condition.severity, cause: condition.cause }, { reason });
}

function refused(refusal: AlarmRefusal): AlarmDecision {
  return { outcome: 'refused', refusal };
}

function accepted(event: AlertChanged | undefined, alert: Alert): AlarmDecision {
  return event === undefined ? refused({ reason: 'illegalState', state: alert.state }) : { outcome: 'accepted', event };
}

/** When a check must follow at the latest, as offered to the officer. */
export function standardNextCheckAt(alert: Alert, now: number, handling: AlarmHandling): number {
  return now + handling.nextCheckMinutes[alert.severity].standard * 60_000;
}

/** Somebody's name stands under it: also where that took it off the list at once, its condition being over. */
function isHeld(alert: Alert): alert is Alert & { readonly acknowledgedBy: string } {
  return alert.acknowledgedBy !== undefined && (alert.state === 'acknowledged' || alert.state === 'normal');
}

/**
 * 确认: seen, mine. One winner: whoever comes second learns who holds it; the holder's own retry changes nothing.
 * Closes nothing and ends no condition.
 */
export function decideAcknowledge(
  alert: Alert,
  command: {
    readonly actor: string;
    /** Where names may not be unique. */
    readonly actorId?: string;
    readonly disposition: string;
    readonly nextCheckAt?: number;
    readonly note?: string;
    readonly assignTo?: string;
  },
  moment: Moment,
): AlarmDecision {
  const errors: FieldProblem[] = [];
  const { standard: _standard, most } = moment.handling.nextCheckMinutes[alert.severity];
  const nextCheckAt = command.nextCheckAt ?? standardNextCheckAt(alert, moment.at, moment.handling);
  if (!moment.handling.dispositions.includes(command.disposition)) {
    errors.push({ path: 'disposition', message: `must be one of ${moment.handling.dispositions.join(', ')}` });
  }
  // Before the next check is looked at: a retry may come after the time it names
  if (errors.length === 0 && isHeld(alert)) {
    const holder = alert.acknowledgedById ?? alert.acknowledgedBy;
    return holder === (command.actorId ?? command.actor)
      ? { outcome: 'repeated' }
      : refused({ reason: 'alreadyAcknowledged', by: alert.acknowledgedBy });
  }
  if (nextCheckAt <= moment.at) errors.push({ path: 'nextCheckAt', message: 'must lie ahead of the server clock' });
  if (nextCheckAt > moment.at + most * 60_000) {
    errors.push({
      path: 'nextCheckAt',
      message: `must lie at most ${most} minutes ahead for severity ${alert.severity}`,
    });
  }
  if (errors.length > 0) return refused({ reason: 'invalid', errors });
  const patch: Patch = {
    acknowledgedBy: command.actor,
    acknowledgedById: command.actorId,
    acknowledgedAt: moment.at,
    disposition: command.disposition,
    note: command.note,
    assignTo: command.assignTo,
    nextCheckAt: alert.active ? nextCheckAt : undefined,
  };
  return accepted(
    changed(alert, 'acknowledge', moment, patch, { actor: command.actor, reason: command.disposition }),
    alert,
  );
}

/** Gives an acknowledged or shelved alert back; it is asked for again at once if its condition still holds. */
export function decideRelease(alert: Alert, actor: string, moment: Moment): AlarmDecision {
  return accepted(changed(alert, 'release', moment, {}, { actor, reason: 'released' }), alert);
}

/** 搁置 with a reason and a forced end, at most `shelveMinutesAtMost` ahead. */
export function decideShelve(
  alert: Alert,
  command: { readonly actor: string; readonly untilAt: number; readonly reason: string },
  moment: Moment,
): AlarmDecision {
  const errors: FieldProblem[] = [];
  const most = moment.handling.shelveMinutesAtMost;
  if (command.reason.trim() === '') errors.push({ path: 'reason', message: 'must say why' });
  if (command.untilAt <= moment.at) errors.push({ path: 'until', message: 'must lie ahead of the server clock' });
  if (command.untilAt > moment.at + most * 60_000) {
    errors.push({ path: 'until', message: `must lie at most ${most / 60} hours ahead` });
  }
  if (
    alert.state === 'shelved' &&
    alert.shelvedBy === command.actor &&
    alert.shelvedUntilAt === command.untilAt &&
    alert.shelveReason === command.reason.trim()
  ) {
    return { outcome: 'repeated' };
  }
  if (errors.length > 0) return refused({ reason: 'invalid', errors });
  const patch: Patch = {
    shelvedBy: command.actor,
    shelvedUntilAt: command.untilAt,
    shelveReason: command.reason.trim(),
  };
  return accepted(
    changed(alert, 'shelve', moment, patch, { actor: command.actor, reason: command.reason.trim() }),
    alert,
  );
}

/**
 * Out of service is what the deployment no longer raises; nothing about it reaches anybody until it is raised again.
 * `back`: it is raised again, and whether its condition holds now, as nobody has followed it meanwhile. Undefined where
 * the table does not allow it.
 */
export function decideService(
  alert: Alert,
  back: { readonly active: boolean } | undefined,
  moment: Moment,
): AlertChanged | undefined {
  return back === undefined
    ? changed(alert, 'disable', moment, {}, { reason: 'kindNotRaised' })
    : changed(alert, 'enable', moment, { active: back.active }, { reason: 'kindRaised' });
}

/** When a timer next touches this alert: its next check, the end of its shelf, or the next rung. */
export function alertDueAt(alert: Alert): number | undefined {
  const instants = [alert.nextCheckAt, alert.shelvedUntilAt, alert.climbAt].filter((at) => at !== undefined);
  return instants.length === 0 ? undefined : Math.min(...instants);
}

/**
 * What the clock does to an alert at `moment.at`. A shelf ends, a rung is climbed, an acknowledgement lapses —
 * unless somebody took a step on its ticket since (`workedAt`): then the next check moves on by the standard span.
 */
export function decideTimer(alert: Alert, workedAt: number | undefined, moment: Moment): AlertChanged | undefined {
  if (alert.shelvedUntilAt !== undefined && alert.shelvedUntilAt <= moment.at) {
    return changed(alert, 'unshelve', moment, {}, { reason: 'shelfEnded' });
  }
  if (alert.nextCheckAt !== undefined && alert.nextCheckAt <= moment.at) {
    if (
      workedAt !== undefined &&
      alert.acknowledgedAt !== undefined &&
      workedAt > alert.acknowledgedAt &&
      workedAt > alert.changedAt
    ) {
      const nextCheckAt = standardNextCheckAt(alert, moment.at, moment.handling);
      return changed(alert, 'renew', moment, { nextCheckAt }, { reason: 'workedOn' });
    }
    return changed(alert, 'lapse', moment, { lapsedAt: moment.at }, { reason: 'checkMissed' });
  }
  if (alert.climbAt !== undefined && alert.climbAt <= moment.at) {
    return changed(
      alert,
      'climb',
      moment,
      { level: Math.min(alert.level + 1, HIGHEST_RUNG) },
      { reason: 'unanswered' },
    );
  }
  return undefined;
}
