import { ALERT_KINDS } from '../../domain/alarm.ts';
import { createRules, type Decision, decideReport, decideStep, type Rules } from '../../domain/decide.ts';
import type { AlarmPolicy, Deployment } from '../../domain/deployment.ts';
import type { TicketEvent } from '../../domain/events.ts';
import type { WorkingTime } from '../../domain/sla.ts';
import type { StepReport, Ticket, TicketReport } from '../../domain/ticket.ts';
import { evolveTicket } from '../../domain/wallState.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Wednesday 18 March 2026 in Asia/Shanghai, given as `HH:mm` of that day. */
export function at(clock: string, daysLater = 0): number {
  return Date.parse(`2026-03-18T${clock.length === 5 ? `${clock}:00` : clock}+08:00`) + daysLater * DAY;
}

/** Monday–Friday 09:00–12:00 and 13:00–18:00 from 2 to 29 March 2026: a calendar small enough to reckon by hand. */
export function handWorkingTime(): WorkingTime {
  const days = Array.from({ length: 20 }, (_, i) => at('00:00') + (Math.floor(i / 5) * 7 + (i % 5) - 16) * DAY);
  return {
    windowStartsAt: days.flatMap((day) => [day + 9 * HOUR, day + 13 * HOUR]),
    windowEndsAt: days.flatMap((day) => [day + 12 * HOUR, day + 18 * HOUR]),
    dayStartsAt: days,
    dayEndsAt: days.map((day) => day + 18 * HOUR),
    holidaysKnownFromAt: days[0] as number,
    holidaysKnownUntilAt: (days.at(-1) as number) + DAY,
  };
}

export function smallAlarms(overrides: Partial<AlarmPolicy> = {}): AlarmPolicy {
  return {
    kinds: ALERT_KINDS,
    handling: {
      selfClearing: ['dueSoon', 'stageLate', 'repeat', 'sourceSilent'],
      nextCheckMinutes: {
        low: { standard: 120, most: 480 },
        medium: { standard: 60, most: 240 },
        high: { standard: 30, most: 120 },
        critical: { standard: 15, most: 60 },
      },
      climbMinutes: { low: 0, medium: 0, high: 30, critical: 10 },
      shelveMinutesAtMost: 480,
    },
    stages: { dispatchWithinMinutes: 15, verifyWithinMinutes: 30 },
    surge: { windowMinutes: 60, least: 5, raiseBelow: 0.001, clearAbove: 0.05, usualDays: 28, leastDays: 7 },
    repeat: { count: 3, withinHours: 168, clearAt: 1 },
    flood: { windowMinutes: 10, beginsAbove: 10, endsBelow: 5 },
    system: { diskLowBelowMiB: 100, diskEnoughAboveMiB: 200, clockJumpSeconds: 5, clockSteadyMinutes: 10 },
    ladder: [{ zh: '网格' }, { zh: '社区' }, { zh: '镇街' }, { zh: '区' }],
    ...overrides,
  };
}

/** A district of one grid with one category per clock; every test that needs another district overrides a part. */
export function smallDeployment(overrides: Partial<Deployment> = {}): Deployment {
  return {
    id: 'small',
    name: { zh: '试验中心' },
    numberPrefix: 'GD',
    timeZone: 'Asia/Shanghai',
    streets: [{ id: 's1', name: { zh: '许庄街道' } }],
    communities: [{ id: 'c1', name: { zh: '荷韵花园' }, streetId: 's1', kind: 'urban' }],
    grids: [{ id: 'g1', name: { zh: '荷韵花园-03' }, communityId: 'c1', tile: { q: 0, r: 0 } }],
    map: { water: [] },
    domains: [{ id: 'urban', name: { zh: '城市管理' }, signature: 'topCategory' }],
    categories: [
      {
        id: 'parking',
        name: { zh: '乱停乱放' },
        domain: 'urban',
        department: 'patrol',
        limit: { clock: 'clockHours', amount: 120 },
        points: 7,
      },
      {
        id: 'lamp',
        name: { zh: '路灯不亮' },
        domain: 'urban',
        department: 'works',
        limit: { clock: 'workingHours', amount: 480 },
        points: 5,
      },
      {
        id: 'permit',
        name: { zh: '证照办理' },
        domain: 'government',
        department: 'works',
        limit: { clock: 'workingDays', amount: 3 },
        points: 0,
      },
      {
        id: 'manhole',
        name: { zh: '井盖缺失' },
        domain: 'urban',
        department: 'works',
        limit: { clock: 'clockHours', amount: 60 },
        points: 8,
        safety: true,
      },
      { id: 'idea', name: { zh: '建议' }, domain: 'livelihood', points: 1 },
    ],
    fallback: { domain: 'analysis', department: 'patrol' },
    departments: [
      { id: 'patrol', name: { zh: '城管执法大队' } },
      { id: 'works', name: { zh: '建设局' } },
    ],
    dispositions: [{ id: 'phoned', name: { zh: '已电话催办' } }],
    closeAfterVerify: { by: '系统' },
    calendar: {
      hours: [
        { start: '09:00', end: '12:00' },
        { start: '13:00', end: '18:00' },
      ],
      weekdays: [1, 2, 3, 4, 5],
      holidays: 'none',
      warningDays: 30,
    },
    onTimeTarget: 0.95,
    rankFloor: 5,
    dueSoonMinutes: 60,
    archiveAfterHours: 48,
    readableNumbers: [],
    sources: [{ id: '网格员', name: { zh: '网格员' }, periodSeconds: 30 }],
    alarms: smallAlarms(),
    ...overrides,
  };
}

export function smallRules(overrides: Partial<Deployment> = {}): Rules {
  return createRules(smallDeployment(overrides), handWorkingTime());
}

export function ticketReport(overrides: Partial<TicketReport> = {}): TicketReport & { id: string } {
  return {
    id: 'T-1',
    source: '网格员',
    category: 'parking',
    title: '电动车乱停乱放',
    location: { gridId: 'g1' },
    reporter: { id: 'G-0103', name: '吴己' },
    reportedAt: at('10:06'),
    ...overrides,
  };
}

/** Ids in these tests are their own fingerprints, so that a changed report is a changed fingerprint. */
export function fingerprint(content: object): string {
  return JSON.stringify(content);
}

export function decideFirst(
  report: TicketReport & { id: string },
  now: number,
  rules = smallRules(),
  existing?: Ticket,
): Decision {
  return decideReport(report, existing, {
    rules,
    now,
    contentHash: fingerprint(report),
    number: () => 'GD-260318-0001',
  });
}

export function decideNext(
  ticket: Ticket,
  step: StepReport,
  now: number,
  rules = smallRules(),
  mergeTarget?: Ticket,
): Decision {
  return decideStep(ticket, step, { rules, now, contentHash: fingerprint(step), mergeTarget });
}

export function eventsOf(decision: Decision): readonly TicketEvent[] {
  if (decision.outcome !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(decision)}`);
  return decision.events;
}

/** A ticket after a report and steps, each step taken down at the moment it is dated. */
export function ticketAfter(
  report: Partial<TicketReport>,
  steps: readonly StepReport[] = [],
  rules = smallRules(),
): Ticket {
  const full = ticketReport(report);
  let ticket: Ticket | undefined;
  for (const event of eventsOf(decideFirst(full, full.reportedAt as number, rules)))
    ticket = evolveTicket(ticket, event);
  for (const step of steps) {
    const now = Math.max(step.at ?? 0, (ticket as Ticket).recordedAt);
    for (const event of eventsOf(decideNext(ticket as Ticket, step, now, rules))) ticket = evolveTicket(ticket, event);
  }
  return ticket as Ticket;
}
