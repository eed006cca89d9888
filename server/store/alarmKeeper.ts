import { type Alert, type AlertChanged, type AlertKind, alertId, TICKET_ALERT_KINDS } from '../../domain/alarm.ts';
import {
  type AlarmDecision,
  type AlarmHandling,
  alertDueAt,
  type Condition,
  decideAcknowledge,
  decideCondition,
  decideRelease,
  decideService,
  decideShelve,
  decideTimer,
} from '../../domain/alarmDecide.ts';
import { ticketConditions } from '../../domain/alarmRules.ts';
import type { Rules } from '../../domain/decide.ts';
import { countsTowardsFlood, type FloodChanged, floodStands } from '../../domain/flood.ts';
import { finishedAt } from '../../domain/sla.ts';
import { createRecentReports, repeatStands, surgeStands } from '../../domain/surge.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { hasLeft, type WallState } from '../../domain/wallState.ts';
import type { DomainClock } from '../clock.ts';

export type AlarmEvent = AlertChanged | FloodChanged;

/** What people do to alerts. `actorId` is their account, `actor` the name that is shown. */
export type AlarmCommand = { readonly actor: string; readonly actorId?: string } & (
  | {
      readonly kind: 'acknowledge';
      readonly disposition: string;
      /** Absent: the standard span of its severity. */
      readonly nextCheckAt?: number;
      readonly note?: string;
      readonly assignTo?: string;
    }
  | { readonly kind: 'release' }
  | { readonly kind: 'shelve'; readonly untilAt: number; readonly reason: string }
) & {
    /** For built-in sources only: when it was done. Refused where the alert has changed since. */
    readonly at?: number;
  };

/** A condition that is no ticket's, and its subject. */
export type SystemKind = 'sourceSilent' | 'systemFault';

/**
 * Decides every alert, in the same turn as the event that causes it, so that ticket and alert become durable together.
 * Holds alerts as decided so far (the board shows them once durable) and at most one domain timer for each ticket and
 * each alert. Work per event is O(steps of the ticket + log n), whatever the size of the board.
 */
export interface AlarmKeeper {
  /** From here on alerts are raised and timers run, those first whose time came before, dated then. */
  begin(): void;
  /** What follows from a ticket's events. `isNew`: they hold its report. */
  follow(after: Ticket, isNew: boolean): AlarmEvent[];
  /** An ended ticket left the board: its alerts and timers go with it. */
  forget(ticketId: string): void;
  /** Whether somebody has still to deal with an alert about this ticket. */
  isWaited(ticketId: string): boolean;
  /** Undefined = it is over. */
  condition(kind: SystemKind, subject: string, condition: SystemCondition | undefined): AlarmEvent[];
  /** Undefined: there is no such alert. `events` are what an accepted command comes to. */
  command(id: string, command: AlarmCommand): AlarmAnswer | undefined;
  close(): void;
}

export type SystemCondition = Pick<Condition, 'severity' | 'cause'>;

export type AlarmAnswer =
  | { readonly outcome: 'accepted'; readonly alert: Alert; readonly events: readonly AlarmEvent[] }
  | { readonly outcome: 'repeated'; readonly alert: Alert }
  | Extract<AlarmDecision, { readonly outcome: 'refused' }>;

type CountedReport = Pick<Ticket, 'reportedAt' | 'category' | 'location' | 'flags'>;

export interface AlarmKeeperOptions {
  readonly rules: Rules;
  readonly clock: Pick<DomainClock, 'now' | 'at'>;
  /** The board as recovered; its alerts and flood are taken over. */
  readonly board: WallState;
  /** Every report that is known, for usual rates and repeats. */
  readonly reports: () => Iterable<CountedReport>;
  /** The live tickets as decided so far. */
  readonly tickets: () => Iterable<Ticket>;
  readonly ticket: (id: string) => Ticket | undefined;
  /** Takes events that a timer caused. */
  readonly emit: (events: readonly AlarmEvent[]) => void;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** What was taken down this much after it happened is no news: somebody is bringing in the past. */
const OLD_NEWS_MS = MINUTE_MS;
/** The alerts of an old report wait this long: an import brings the end of a ticket along, and what is over raises nothing. */
const OLD_NEWS_WAIT_MS = 2_000;
/** A report that is older than this says nothing about what is going on now. */
const PATTERN_NEWS_MS = HOUR_MS;

interface Timer {
  readonly at: number;
  readonly cancel: () => void;
}

/** A kind of report at a place; `id` is that of its alert. */
interface Pattern {
  readonly kind: 'surge' | 'repeat';
  readonly subject: string;
  readonly id: string;
}

/** What reports of a category from one grid are counted under; no surge without a listed community. */
interface Patterns {
  readonly surge: Pattern | undefined;
  readonly repeat: Pattern;
}

export function createAlarmKeeper(options: AlarmKeeperOptions): AlarmKeeper {
  const { rules, clock, board, ticket: ticketOf, emit } = options;
  const { deployment } = rules;
  const { alarms } = deployment;
  const handling: AlarmHandling = {
    ...alarms.handling,
    dispositions: deployment.dispositions.map((disposition) => disposition.id),
  };
  const isRaised = (kind: AlertKind) => alarms.kinds.includes(kind);
  const ticketKinds = TICKET_ALERT_KINDS.filter(isRaised);
  const communityOfGrid = new Map(deployment.grids.map((grid) => [grid.id, grid.communityId]));
  const communityOf = (gridId: string) => communityOfGrid.get(gridId);

  const alerts = new Map(board.alerts);
  /** Tickets that an alert is or was about: the others need not be looked through kind by kind. */
  const alerted = new Set<string>();
  for (const { ticketId } of alerts.values()) if (ticketId !== undefined) alerted.add(ticketId);
  let flood = board.flood;
  let begun = false;
  const alertTimers = new Map<string, Timer>();
  const ticketTimers = new Map<string, Timer>();
  const patternTimers = new Map<string, Timer>();
  const floodTimer = new Map<string, Timer>();
  const FLOOD = 'flood';
  /** When alerts that count towards a flood were raised. */
  const raised = createRecentReports(alarms.flood.windowMinutes * MINUTE_MS);

  const surge = isRaised('surge') ? alarms.surge : undefined;
  const repeat = isRaised('repeat') ? alarms.repeat : undefined;
  const recent = createRecentReports((surge?.windowMinutes ?? 0) * MINUTE_MS);
  const usual = createRecentReports((surge?.usualDays ?? 0) * DAY_MS);
  const repeats = createRecentReports((repeat?.withinHours ?? 0) * HOUR_MS);
  let firstReportAt = Number.POSITIVE_INFINITY;

  function moment(at: number) {
    return { at, recordedAt: clock.now(), handling };
  }

  /** `run` should be the same for all keys where there are many: each timer keeps what it is given. */
  function setTimer(
    timers: Map<string, Timer>,
    key: string,
    at: number | undefined,
    run: (key: string, at: number) => void,
  ): void {
    const before = timers.get(key);
    if (before !== undefined && before.at === at) return;
    before?.cancel();
    if (at === undefined || !Number.isFinite(at)) {
      timers.delete(key);
      return;
    }
    const cancel = clock.at(at, () => {
      timers.delete(key);
      run(key, at);
    });
    timers.set(key, { at, cancel });
  }

  /** Takes a decided change in: the alert as it is now, its timer, the flood. */
  function take(event: AlertChanged | undefined): AlarmEvent[] {
    if (event === undefined) return [];
    const { alert } = event;
    if (hasLeft(alert)) alerts.delete(alert.id);
    else alerts.set(alert.id, alert);
    if (alert.ticketId !== undefined) alerted.add(alert.ticketId);
    setAlertTimer(alert);
    if (event.stimulus !== 'raise' || !countsTowardsFlood(alert.kind)) return [event];
    raised.add(FLOOD, event.at);
    return [event, ...judgeFlood(event.at)];
  }

  function setAlertTimer(alert: Alert): void {
    setTimer(alertTimers, alert.id, alertDueAt(alert), runAlertTimer);
  }

  function runAlertTimer(id: string): void {
    const alert = alerts.get(id);
    const dueAt = alert && alertDueAt(alert);
    if (alert === undefined || dueAt === undefined) return;
    const ticket = alert.ticketId === undefined ? undefined : ticketOf(alert.ticketId);
    const events = take(decideTimer(alert, ticket && lastWorkAt(ticket), moment(dueAt)));
    if (events.length > 0) emit(events);
  }

  // ---- Flood

  function judgeFlood(at: number): FloodChanged[] {
    const count = raised.count(FLOOD, at);
    const stood = flood?.active === true;
    const stands = floodStands(alarms.flood, count, stood);
    setTimer(floodTimer, FLOOD, stands ? raised.fallsAt(FLOOD, at) : undefined, (_key, fallsAt) => {
      const events = judgeFlood(fallsAt);
      if (events.length > 0) emit(events);
    });
    if (stands === stood) return [];
    flood = { type: 'floodChanged', at, recordedAt: clock.now(), active: stands, recent: count };
    return [flood];
  }

  // ---- Alerts about tickets

  /** The alerts of one ticket, brought into line with its conditions at `at`; sets the timer for the next look. */
  function judgeTicket(ticket: Ticket, at: number, waits: boolean): AlarmEvent[] {
    const { conditions, lookAgainAt } = conditionsOf(ticket, at);
    const isPutOff = waits && conditions.length > 0;
    setTimer(ticketTimers, ticket.id, isPutOff ? at + OLD_NEWS_WAIT_MS : lookAgainAt, judgeDue);
    if (isPutOff || (conditions.length === 0 && !alerted.has(ticket.id))) return [];
    return ticketKinds.flatMap((kind) => {
      const condition = conditions.find((candidate) => candidate.kind === kind);
      return take(decideCondition(alerts.get(alertId(kind, ticket.id)), condition, moment(at)));
    });
  }

  function judgeDue(ticketId: string, dueAt: number): void {
    const ticket = ticketOf(ticketId);
    const events = ticket === undefined ? [] : judgeTicket(ticket, dueAt, false);
    if (events.length > 0) emit(events);
  }

  function conditionsOf(ticket: Ticket, at: number) {
    const { conditions, lookAgainAt } = ticketConditions(rules, alarms.stages, communityOf, ticket, at);
    return {
      conditions: conditions.length === 0 ? conditions : conditions.filter(({ kind }) => isRaised(kind)),
      lookAgainAt,
    };
  }

  /**
   * Goes on where a recovered ticket's alerts were left: at its last entry or the last change of one of its alerts.
   * What fell due since then is judged next, dated at the instant it fell due.
   */
  function resumeTicket(ticket: Ticket): void {
    const own = TICKET_ALERT_KINDS.flatMap((kind) => alerts.get(alertId(kind, ticket.id)) ?? []);
    // One told as a story of the past, alerts and all; where work stopped the clock, from then on
    const isUnjudged =
      own.length === 0 && isHistory(ticket) && finishedAt(ticket) === undefined && !isSuspended(ticket);
    const judgedAt = isUnjudged
      ? ticket.reportedAt
      : Math.max(lastEntryAt(ticket), ...own.map((alert) => alert.changedAt));
    const { conditions, lookAgainAt } = conditionsOf(ticket, judgedAt);
    const agrees = ticketKinds.every((kind) => {
      const alert = own.find((candidate) => candidate.kind === kind);
      const severity = conditions.find((candidate) => candidate.kind === kind)?.severity;
      return severity === (alert?.active === true ? alert.severity : undefined);
    });
    setTimer(ticketTimers, ticket.id, agrees ? lookAgainAt : judgedAt, judgeDue);
  }

  // ---- Alerts about several reports together

  /** What an alert about a pattern says, as the report says it that was looked at. */
  function aboutPattern(kind: Pattern['kind'], { category, domain, department, location }: Ticket) {
    const { gridId } = location;
    const communityId = gridId === undefined ? undefined : communityOf(gridId);
    return {
      category,
      domain,
      ...(communityId === undefined ? {} : { communityId }),
      ...(department === undefined ? {} : { department }),
      ...(kind === 'repeat' && gridId !== undefined ? { gridId } : {}),
    };
  }

  function judgePatterns(ticket: Ticket, at: number): AlarmEvent[] {
    const { gridId } = ticket.location;
    const communityId = gridId === undefined ? undefined : communityOf(gridId);
    // Ids of alerts are shown to everyone, so nothing that a sender wrote freely gets into them
    if (gridId === undefined || communityId === undefined || rules.category(ticket.category) === undefined) return [];
    const { surge: surging, repeat: repeating } = patternsOf(gridId, ticket.category);
    const events = surging === undefined ? [] : judgePattern(surging, ticket, at);
    return [...events, ...judgePattern(repeating, ticket, at)];
  }

  /** Made once for each listed place and category: a text put together anew for each report is dear to look up. */
  const patterns = new Map<string, Map<string, Patterns>>();

  function pattern(kind: Pattern['kind'], subject: string): Pattern {
    return { kind, subject, id: alertId(kind, subject) };
  }

  function patternsOf(gridId: string, category: string): Patterns {
    let ofGrid = patterns.get(gridId);
    if (ofGrid === undefined) {
      ofGrid = new Map();
      patterns.set(gridId, ofGrid);
    }
    let both = ofGrid.get(category);
    if (both === undefined) {
      const communityId = communityOf(gridId);
      both = {
        surge: communityId === undefined ? undefined : pattern('surge', `${communityId}:${category}`),
        repeat: pattern('repeat', `${gridId}:${category}`),
      };
      ofGrid.set(category, both);
    }
    return both;
  }

  function countReport({ reportedAt, category, location, flags }: CountedReport): void {
    const { gridId } = location;
    if (gridId === undefined || flags.includes('canary') || flags.includes('drill')) return;
    firstReportAt = Math.min(firstReportAt, reportedAt);
    // Nothing is ever said about unlisted ones, and they have no end
    if (rules.category(category) === undefined || !rules.isGrid(gridId)) return;
    const { surge: surging, repeat: repeating } = patternsOf(gridId, category);
    if (surge !== undefined && surging !== undefined) {
      recent.add(surging.subject, reportedAt);
      usual.add(surging.subject, reportedAt);
    }
    if (repeat !== undefined) repeats.add(repeating.subject, reportedAt);
  }

  /** Whether a pattern stands at `at`, and when time alone may end it. `report`: what it was looked at for. */
  function patternCondition(
    { kind, subject, id }: Pattern,
    report: Ticket | undefined,
    at: number,
  ): { readonly condition: Condition; readonly fallsAt: number | undefined } | undefined {
    const stood = alerts.get(id)?.active === true;
    const about = () => (report === undefined ? {} : aboutPattern(kind, report));
    if (kind === 'repeat') {
      if (repeat === undefined) return undefined;
      const count = repeats.count(subject, at);
      if (!repeatStands(repeat, count, stood)) return undefined;
      const cause = { code: kind, figures: { count, hours: repeat.withinHours } };
      return {
        condition: { ...about(), kind, subject, severity: 'low', sinceAt: at, cause },
        fallsAt: repeats.fallsAt(subject, at),
      };
    }
    if (surge === undefined) return undefined;
    const count = recent.count(subject, at);
    const knownMs = Math.min(at - firstReportAt, surge.usualDays * DAY_MS);
    if (!stood && knownMs < surge.leastDays * DAY_MS) return undefined;
    const windows = Math.max(knownMs / (surge.windowMinutes * MINUTE_MS), 1);
    // At least one report: what was never seen before is rare, not impossible
    const usually = Math.max(usual.count(subject, at) - count, 1) / windows;
    if (!surgeStands(surge, count, usually, stood)) return undefined;
    const cause = { code: kind, figures: { count, minutes: surge.windowMinutes, usual: usually } };
    return {
      condition: { ...about(), kind, subject, severity: 'high', sinceAt: at, cause },
      fallsAt: recent.fallsAt(subject, at),
    };
  }

  /** Looked at when a report comes in, and while it stands whenever the oldest report counted drops out. */
  function judgePattern(looked: Pattern, report: Ticket | undefined, at: number): AlarmEvent[] {
    const { id } = looked;
    const found = patternCondition(looked, report, at);
    const alert = alerts.get(id);
    // As with most reports
    if (found === undefined && alert === undefined) return [];
    setPatternTimer(looked, report, found?.fallsAt);
    return take(decideCondition(alert, found?.condition, moment(at)));
  }

  function setPatternTimer(looked: Pattern, report: Ticket | undefined, at: number | undefined): void {
    setTimer(patternTimers, looked.id, at, (_id, fallsAt) => {
      const events = judgePattern(looked, report, fallsAt);
      if (events.length > 0) emit(events);
    });
  }

  /** What is over and seen has nothing to be taken out of. */
  function judgeService(alert: Alert, at: number): AlarmEvent[] {
    const isOut = alert.state === 'outOfService';
    if (alert.state === 'normal' || isRaised(alert.kind) !== isOut) return [];
    return take(decideService(alert, isOut ? { active: holdsAt(alert, at) } : undefined, moment(at)));
  }

  /** Of the system's own it is not known before the next look; that one raises them anew. */
  function holdsAt(alert: Alert, at: number): boolean {
    const { kind, id, ticketId } = alert;
    if (kind === 'surge' || kind === 'repeat') {
      return patternCondition(pattern(kind, id.slice(kind.length + 1)), undefined, at) !== undefined;
    }
    const ticket = ticketId === undefined ? undefined : ticketOf(ticketId);
    return ticket !== undefined && conditionsOf(ticket, at).conditions.some((condition) => condition.kind === kind);
  }

  function resumePattern(alert: Alert): void {
    const { kind, id, changedAt } = alert;
    if (kind !== 'surge' && kind !== 'repeat') return;
    const stands = pattern(kind, id.slice(kind.length + 1));
    // A rule that was taken out of the deployment ends what it raised; what it is about has been said
    const fallsAt = alert.active ? (patternCondition(stands, undefined, changedAt)?.fallsAt ?? changedAt) : undefined;
    setPatternTimer(stands, undefined, fallsAt);
  }

  return {
    begin() {
      if (begun) return;
      begun = true;
      const now = clock.now();
      const longestMs = Math.max((surge?.usualDays ?? 0) * DAY_MS, (repeat?.withinHours ?? 0) * HOUR_MS);
      for (const report of options.reports()) {
        if (report.reportedAt > now - longestMs) countReport(report);
        else firstReportAt = Math.min(firstReportAt, report.reportedAt);
      }
      for (const { at } of board.raises) raised.add(FLOOD, at);
      if (flood?.active === true) judgeFlood(Math.max(flood.at, board.raises.at(-1)?.at ?? 0));
      // The deployment may raise other kinds than it did before the start
      const events = [...alerts.values()].flatMap((alert) => judgeService(alert, now));
      if (events.length > 0) emit(events);
      for (const alert of alerts.values()) {
        setAlertTimer(alert);
        resumePattern(alert);
      }
      for (const ticket of options.tickets()) resumeTicket(ticket);
    },
    follow(after, isNew) {
      if (!begun) return [];
      const at = (after.steps.at(-1) as Ticket['steps'][number]).recordedAt;
      const events = judgeTicket(after, at, isNew && isOldNews(after.reportedAt, at));
      if (!isNew) return events;
      countReport(after);
      if (after.reportedAt < at - PATTERN_NEWS_MS || after.flags.includes('canary')) return events;
      return [...events, ...judgePatterns(after, at)];
    },
    forget(ticketId) {
      setTimer(ticketTimers, ticketId, undefined, () => {});
      if (!alerted.delete(ticketId)) return;
      for (const kind of TICKET_ALERT_KINDS) {
        const id = alertId(kind, ticketId);
        alerts.delete(id);
        setTimer(alertTimers, id, undefined, () => {});
      }
    },
    isWaited: (ticketId) =>
      alerted.has(ticketId) &&
      TICKET_ALERT_KINDS.some((kind) => {
        const state = alerts.get(alertId(kind, ticketId))?.state ?? 'normal';
        return state !== 'normal' && state !== 'outOfService';
      }),
    condition(kind, subject, condition) {
      const now = clock.now();
      const holds: Condition | undefined =
        condition === undefined || !isRaised(kind) ? undefined : { ...condition, kind, subject, sinceAt: now };
      return take(decideCondition(alerts.get(alertId(kind, subject)), holds, moment(now)));
    },
    command(id, command) {
      const alert = alerts.get(id);
      if (alert === undefined) return undefined;
      const at = command.at ?? clock.now();
      if (command.at !== undefined && command.at < alert.changedAt) {
        return { outcome: 'refused', refusal: { reason: 'illegalState', state: alert.state } };
      }
      const decision = decideCommand(alert, command, moment(at));
      switch (decision.outcome) {
        case 'accepted':
          return { outcome: 'accepted', alert: decision.event.alert, events: take(decision.event) };
        case 'repeated':
          return { outcome: 'repeated', alert };
        case 'refused':
          return decision;
      }
    },
    close() {
      for (const timers of [alertTimers, ticketTimers, patternTimers, floodTimer]) {
        for (const { cancel } of timers.values()) cancel();
        timers.clear();
      }
    },
  };
}

function decideCommand(
  alert: Alert,
  command: AlarmCommand,
  moment: Parameters<typeof decideRelease>[2],
): AlarmDecision {
  switch (command.kind) {
    case 'acknowledge':
      return decideAcknowledge(alert, command, moment);
    case 'release':
      return decideRelease(alert, command.actor, moment);
    case 'shelve':
      return decideShelve(alert, command, moment);
  }
}

function isOldNews(at: number, recordedAt: number): boolean {
  return recordedAt - at > OLD_NEWS_MS;
}

/** When somebody last worked on a ticket; a note is no work. */
function lastWorkAt(ticket: Ticket): number | undefined {
  return ticket.steps.findLast((step) => step.step !== 'note' && step.step !== 'report')?.recordedAt;
}

/** Taken down long after it happened, from the report on. */
function isHistory(ticket: Ticket): boolean {
  return isOldNews(ticket.reportedAt, ticket.recordedAt);
}

function isSuspended(ticket: Ticket): boolean {
  return ticket.suspendedAt !== undefined;
}

/** When the last entry was taken down; where that was long after the fact, as in a history brought in, when it happened. */
function lastEntryAt(ticket: Ticket): number {
  const { recordedAt } = ticket.steps.at(-1) as Ticket['steps'][number];
  const at = Math.max(...ticket.steps.map((step) => step.at));
  return isOldNews(at, recordedAt) ? at : recordedAt;
}
