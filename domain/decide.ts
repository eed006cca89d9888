import type { Category, Deployment } from './deployment.ts';
import type { PointsAwarded, StepTaken, TicketEvent, TicketReported } from './events.ts';
import { criticalFrom, deadline, type LimitClock, resumedDeadline, type WorkingTime } from './sla.ts';
import {
  type Flag,
  isEnded,
  type Status,
  type StepRecord,
  type StepReport,
  statusAfter,
  type Ticket,
  type TicketId,
  type TicketReport,
} from './ticket.ts';

/** A report or step may be dated this much ahead of the server, no further (contract, Ticket in). */
export const MAX_AHEAD_MS = 5 * 60_000;

/** The last rung: grid 0, community 1, street 2, district 3. */
const HIGHEST_LEVEL = 3;

type SentStep = StepReport['step'];

const WORK_STEPS: Record<Status, readonly SentStep[]> = {
  reported: ['dispatch', 'handle', 'close'],
  dispatched: ['dispatch', 'handle', 'return', 'close'],
  handled: ['verify', 'rework', 'close'],
  verified: ['rework', 'close'],
  closed: [],
  void: [],
  merged: [],
};

const FLAG_OF: Partial<Record<SentStep, Flag>> = {
  return: 'returned',
  rework: 'reworked',
  extend: 'extended',
  suspend: 'suspended',
  escalate: 'escalated',
};

/** The steps that a ticket can take now (contract, status table). */
export function allowedSteps(ticket: Ticket): readonly SentStep[] {
  if (isEnded(ticket.status)) return ['note'];
  const side: SentStep[] = ['note', 'extend', ticket.suspendedAt === undefined ? 'suspend' : 'resume'];
  if (ticket.level < HIGHEST_LEVEL) side.push('escalate');
  return [...WORK_STEPS[ticket.status], ...side, 'merge', 'void'];
}

/** A deployment prepared for look-ups. */
export interface Rules {
  readonly deployment: Deployment;
  readonly working: WorkingTime;
  readonly category: (id: string) => Category | undefined;
  readonly isDepartment: (id: string) => boolean;
  readonly isGrid: (id: string) => boolean;
}

export function createRules(deployment: Deployment, working: WorkingTime): Rules {
  const categories = new Map(deployment.categories.map((category) => [category.id, category]));
  const departments = new Set(deployment.departments.map((department) => department.id));
  const grids = new Set(deployment.grids.map((grid) => grid.id));
  return {
    deployment,
    working,
    category: (id) => categories.get(id),
    isDepartment: (id) => departments.has(id),
    isGrid: (id) => grids.has(id),
  };
}

export interface FieldProblem {
  readonly path: string;
  readonly message: string;
}

export type Refusal =
  /** The same id came before with other content. */
  | { readonly reason: 'conflict' }
  /** The step is not allowed from here. */
  | { readonly reason: 'illegalStep'; readonly status: Status; readonly allowed: readonly SentStep[] }
  /** Who handled may not verify. */
  | { readonly reason: 'samePerson'; readonly by: string }
  | { readonly reason: 'invalid'; readonly errors: readonly FieldProblem[] };

export type Decision =
  | { readonly outcome: 'accepted'; readonly events: readonly TicketEvent[] }
  /** Already so: nothing to log, the answer is the ticket as it is. */
  | { readonly outcome: 'repeated' }
  | { readonly outcome: 'refused'; readonly refusal: Refusal };

function invalid(path: string, message: string): Decision {
  return { outcome: 'refused', refusal: { reason: 'invalid', errors: [{ path, message }] } };
}

function aheadOf(now: number, path: string, at: number | undefined): Decision | undefined {
  return at !== undefined && at > now + MAX_AHEAD_MS
    ? invalid(path, 'lies more than 5 minutes ahead of the server clock')
    : undefined;
}

/** `dueAt`, `criticalAt` and `clock` of a ticket, and whether the calendar could tell. */
function deadlineOf(
  rules: Rules,
  category: Category | undefined,
  reportedAt: number,
  given: number | undefined,
): { dueAt?: number; criticalAt?: number; clock?: LimitClock; calendarMissing: boolean } {
  const limit = category?.limit;
  const dueAt = given ?? (limit && deadline(rules.working, limit, reportedAt));
  if (dueAt === undefined) return { calendarMissing: false };
  const clock = limit?.clock ?? 'clockHours';
  return { ...datedFrom(rules, clock, category, reportedAt, dueAt), clock };
}

function datedFrom(
  rules: Rules,
  clock: LimitClock,
  category: Category | undefined,
  reportedAt: number,
  dueAt: number,
): { dueAt?: number; criticalAt?: number; calendarMissing: boolean } {
  const { holidaysKnownFromAt, holidaysKnownUntilAt } = rules.working;
  const calendarMissing = clock !== 'clockHours' && (reportedAt < holidaysKnownFromAt || dueAt > holidaysKnownUntilAt);
  if (!Number.isFinite(dueAt)) return { calendarMissing };
  const criticalAt = criticalFrom(rules.working, clock, reportedAt, dueAt, category?.safety === true);
  return { dueAt, calendarMissing, ...(Number.isFinite(criticalAt) ? { criticalAt } : {}) };
}

/**
 * What a report comes to. `existing` is the ticket that has the report's id already, if any; `number` is asked for a
 * fresh ticket number only when the report is accepted. Same id and same fingerprint is a retry, another fingerprint
 * a conflict. Equal times keep the order of arrival; a report dated before others is simply accepted.
 */
export function decideReport(
  report: TicketReport & { readonly id: TicketId },
  existing: Ticket | undefined,
  context: {
    readonly rules: Rules;
    readonly now: number;
    readonly contentHash: string;
    readonly number: (reportedAt: number) => string;
  },
): Decision {
  const { rules, now, contentHash } = context;
  if (existing !== undefined) {
    return existing.contentHash === contentHash
      ? { outcome: 'repeated' }
      : { outcome: 'refused', refusal: { reason: 'conflict' } };
  }
  const ahead = aheadOf(now, 'reportedAt', report.reportedAt);
  if (ahead) return ahead;

  const reportedAt = report.reportedAt ?? now;
  const category = rules.category(report.category);
  const domain = report.domain ?? category?.domain ?? rules.deployment.fallback.domain;
  const department =
    report.department ??
    category?.department ??
    (category === undefined ? rules.deployment.fallback.department : undefined);
  const { calendarMissing, ...dates } = deadlineOf(rules, category, reportedAt, report.dueAt);
  const gridId = report.location.gridId;
  const unlisted =
    category === undefined ||
    (report.department !== undefined && !rules.isDepartment(report.department)) ||
    (report.assistDepartments ?? []).some((id) => !rules.isDepartment(id)) ||
    (gridId !== undefined && !rules.isGrid(gridId));
  const flags: Flag[] = [];
  if (unlisted) flags.push('unlisted');
  if (calendarMissing) flags.push('calendarMissing');

  const event: TicketReported = {
    type: 'ticketReported',
    ticketId: report.id,
    at: reportedAt,
    recordedAt: now,
    number: context.number(reportedAt),
    source: report.source,
    domain,
    category: report.category,
    title: report.title,
    ...(report.description === undefined ? {} : { description: report.description }),
    priority: report.priority ?? 'normal',
    location: report.location,
    ...(department === undefined ? {} : { department }),
    assistDepartments: report.assistDepartments ?? [],
    ...(report.reporter === undefined ? {} : { reporter: report.reporter }),
    ...dates,
    ...(report.overdueClaim === undefined ? {} : { overdueClaim: report.overdueClaim }),
    flags,
    contentHash,
  };
  return { outcome: 'accepted', events: [event] };
}

function standingHandler(ticket: Ticket): string {
  let by = '';
  for (const step of ticket.steps) {
    if (step.step === 'handle') by = step.by?.trim() ?? '';
    if (step.step === 'rework') by = '';
  }
  return by;
}

/** The last entry that moved the ticket along; a note or a later-recorded side entry does not date its successor. */
function predecessorAt(steps: readonly StepRecord[]): number {
  return Math.max(...steps.filter((entry) => entry.step !== 'note').map((entry) => entry.at));
}

/**
 * What a step comes to. Same step id and same fingerprint is a retry; a repeated `close` of a closed ticket is one
 * too. Work that is finished while the clock stands still (挂账) ends the pause first, so the deadline moves with it.
 * `mergeTarget` is the ticket named by `into`.
 */
export function decideStep(
  ticket: Ticket,
  report: StepReport,
  context: {
    readonly rules: Rules;
    readonly now: number;
    readonly contentHash: string;
    readonly mergeTarget: Ticket | undefined;
  },
): Decision {
  const { rules, now, contentHash, mergeTarget } = context;
  const { step } = report;
  const sentBefore = report.id === undefined ? undefined : ticket.steps.find((entry) => entry.id === report.id);
  if (sentBefore !== undefined) {
    return sentBefore.contentHash === contentHash
      ? { outcome: 'repeated' }
      : { outcome: 'refused', refusal: { reason: 'conflict' } };
  }
  const ahead = aheadOf(now, 'at', report.at);
  if (ahead) return ahead;
  if (step === 'close' && ticket.status === 'closed') return { outcome: 'repeated' };
  const allowed = allowedSteps(ticket);
  if (!allowed.includes(step)) {
    return { outcome: 'refused', refusal: { reason: 'illegalStep', status: ticket.status, allowed } };
  }

  const at = report.at ?? now;
  const by = report.by?.trim();
  if (step === 'extend') {
    if (report.dueAt === undefined) return invalid('dueAt', 'extend needs the new deadline');
    if (ticket.dueAt !== undefined && report.dueAt <= ticket.dueAt) {
      return invalid('dueAt', 'must lie after the deadline in force');
    }
  }
  if (step === 'merge') {
    if (report.into === undefined) return invalid('into', 'merge needs the ticket that carries on');
    if (mergeTarget === undefined) return invalid('into', 'no such ticket');
    if (mergeTarget.id === ticket.id) return invalid('into', 'a ticket cannot be merged into itself');
    if (mergeTarget.status === 'merged' || mergeTarget.status === 'void') {
      return invalid('into', `that ticket is ${mergeTarget.status} itself`);
    }
  }
  if (step === 'verify' && by && by === standingHandler(ticket)) {
    return { outcome: 'refused', refusal: { reason: 'samePerson', by } };
  }

  const category = rules.category(ticket.category);
  const flags: Flag[] = [];
  const ownFlag = FLAG_OF[step];
  if (ownFlag !== undefined) flags.push(ownFlag);
  if (at < predecessorAt(ticket.steps)) flags.push('outOfOrder');
  if (step === 'close' && ticket.status !== 'verified') flags.push('unverified');

  let moved: { dueAt?: number; criticalAt?: number; calendarMissing: boolean } = { calendarMissing: false };
  const status = statusAfter(ticket.status, step);
  const clock = ticket.clock ?? 'clockHours';
  if (step === 'extend' && report.dueAt !== undefined) {
    moved = datedFrom(rules, clock, category, ticket.reportedAt, report.dueAt);
  } else if (
    ticket.suspendedAt !== undefined &&
    ticket.dueAt !== undefined &&
    (step === 'resume' || step === 'handle' || isEnded(status))
  ) {
    const shift = (instant: number) =>
      resumedDeadline(rules.working, clock, instant, ticket.reportedAt, ticket.suspendedAt as number, at);
    const dueAt = shift(ticket.dueAt);
    const criticalAt = ticket.criticalAt === undefined ? Number.POSITIVE_INFINITY : shift(ticket.criticalAt);
    moved = {
      calendarMissing: clock !== 'clockHours' && dueAt > rules.working.holidaysKnownUntilAt,
      ...(Number.isFinite(dueAt) ? { dueAt } : {}),
      ...(Number.isFinite(criticalAt) ? { criticalAt } : {}),
    };
  }
  const { calendarMissing, ...dates } = moved;
  if (calendarMissing) flags.push('calendarMissing');

  const taken: StepTaken = {
    type: 'stepTaken',
    ticketId: ticket.id,
    at,
    recordedAt: now,
    step,
    status,
    ...(report.id === undefined ? {} : { stepId: report.id }),
    ...(by ? { by } : {}),
    ...(report.department === undefined ? {} : { department: report.department }),
    ...(report.note === undefined ? {} : { note: report.note }),
    ...(step === 'merge' && report.into !== undefined ? { into: report.into } : {}),
    ...dates,
    flags,
    contentHash,
  };
  const events: TicketEvent[] = [taken];
  if (step === 'verify' && rules.deployment.closeAfterVerify !== undefined) {
    events.push({
      type: 'stepTaken',
      ticketId: ticket.id,
      at,
      recordedAt: now,
      step: 'close',
      status: 'closed',
      by: rules.deployment.closeAfterVerify.by,
      flags: [],
    });
  }
  const closesVerified = events.length === 2 || (step === 'close' && ticket.status === 'verified');
  if (closesVerified && category !== undefined && category.points > 0) {
    events.push(award(ticket, at, now, category.points));
  }
  return { outcome: 'accepted', events };
}

function award(ticket: Ticket, at: number, now: number, points: number): PointsAwarded {
  const officer = ticket.reporter?.id ?? ticket.reporter?.name;
  return {
    type: 'pointsAwarded',
    ticketId: ticket.id,
    at,
    recordedAt: now,
    ...(officer === undefined ? {} : { officer }),
    ...(ticket.location.gridId === undefined ? {} : { gridId: ticket.location.gridId }),
    points,
  };
}
