import { describe, expect, it } from 'vitest';
import type { Alert } from '../../domain/alarm.ts';
import { decideCondition } from '../../domain/alarmDecide.ts';
import { ticketConditions } from '../../domain/alarmRules.ts';
import {
  boardFigures,
  departmentRanking,
  enteredStatusAt,
  isFresh,
  lowestDepartments,
  median,
  stageOf,
  stepMarks,
  totalsFaults,
  upToMinute,
} from '../../domain/metrics.ts';
import type { StatisticsGroup } from '../../domain/statistics.ts';
import { STATUSES, type StepReport, type Ticket, type TicketReport } from '../../domain/ticket.ts';
import { initialWallState } from '../../domain/wallState.ts';
import { at, DAY, HOUR, handWorkingTime, MINUTE, smallRules, ticketAfter } from '../support/domainBuilders.ts';

const NOW = at('15:42');
const DAY_START = at('00:00');
const day = {
  startAt: DAY_START,
  hourStartsAt: Array.from({ length: 25 }, (_, hour) => DAY_START + hour * HOUR),
};

const rules = smallRules();
const { alarms, dispositions } = rules.deployment;
const handling = { ...alarms.handling, dispositions: dispositions.map(({ id }) => id) };

/** The alert that the server raised for a late ticket, as it would stand now. */
function overdueAlerts(tickets: readonly Ticket[]): Alert[] {
  return tickets.flatMap((late) =>
    ticketConditions(rules, {}, () => 'c1', late, NOW)
      .conditions.filter(({ kind }) => kind === 'overdue')
      .flatMap((condition) => {
        const at = condition.sinceAt;
        return decideCondition(undefined, condition, { at, recordedAt: at, handling })?.alert ?? [];
      }),
  );
}

function figuresOf(tickets: readonly Ticket[], overrides: Partial<Parameters<typeof boardFigures>[0]> = {}) {
  return boardFigures({
    board: initialWallState(tickets, overdueAlerts(tickets)),
    floodRule: alarms.flood,
    history: { dayStartAt: DAY_START, yesterday: null, working: handWorkingTime() },
    day,
    now: NOW,
    freshMs: MINUTE,
    streetOf: (gridId) => (gridId === 'g1' ? 's1' : undefined),
    ...overrides,
  });
}

let serial = 0;
function ticket(report: Partial<TicketReport>, ...steps: StepReport[]): Ticket {
  serial += 1;
  return ticketAfter({ id: `T-${serial}`, ...report }, steps);
}
const dispatch = (when: number): StepReport => ({ step: 'dispatch', at: when });
const handle = (when: number): StepReport => ({ step: 'handle', at: when, by: '甲' });
const verify = (when: number): StepReport => ({ step: 'verify', at: when, by: '乙' });

describe('stages', () => {
  it('puts every open status into one stage and every ended one into none', () => {
    expect(STATUSES.map((status) => stageOf(status))).toEqual([
      'dispatch',
      'handle',
      'verify',
      'verify',
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('counts who waits where, and how long the middle one has waited in its stage', () => {
    const { pipeline } = figuresOf([
      ticket({ reportedAt: at('15:40') }),
      ticket({ reportedAt: at('15:00') }, dispatch(at('15:12'))),
      ticket({ reportedAt: at('15:00') }, dispatch(at('15:02'))),
      ticket({ reportedAt: at('15:00') }, dispatch(at('15:02')), handle(at('15:32'))),
    ]);
    expect(pipeline.stages).toEqual({
      dispatch: { count: 1, medianDwellMs: 2 * MINUTE, alerts: { critical: 0, high: 0 } },
      handle: { count: 2, medianDwellMs: 35 * MINUTE, alerts: { critical: 0, high: 0 } },
      verify: { count: 1, medianDwellMs: 10 * MINUTE, alerts: { critical: 0, high: 0 } },
    });
    expect(pipeline.open).toBe(4);
  });

  it('dates a stage by the step that moved the ticket, not by a note after it', () => {
    const noted = ticket({ reportedAt: at('15:00') }, dispatch(at('15:02')), { step: 'note', at: at('15:30') });
    expect(enteredStatusAt(noted)).toBe(at('15:02'));
    const returned = ticket({ reportedAt: at('15:00') }, dispatch(at('15:02')), { step: 'return', at: at('15:20') });
    expect(enteredStatusAt(returned)).toBe(at('15:20'));
  });
});

describe('the identity of the day', () => {
  const yesterdays = ticket({ reportedAt: at('22:00', -1), dueAt: NOW + HOUR }, dispatch(at('22:05', -1)));
  const yesterdaysClosedToday = ticket(
    { reportedAt: at('22:00', -1) },
    dispatch(at('22:05', -1)),
    handle(at('23:00', -1)),
    verify(at('08:30')),
  );
  const yesterdaysClosedYesterday = ticket(
    { reportedAt: at('20:00', -1) },
    dispatch(at('20:05', -1)),
    handle(at('20:30', -1)),
    verify(at('21:00', -1)),
  );
  const todays = ticket({ reportedAt: at('09:00') }, handle(at('09:10')), verify(at('09:20')));
  const open = ticket({ reportedAt: at('15:00') });
  const voided = ticket({ reportedAt: at('10:00') }, { step: 'void', at: at('10:05') });

  it('carried over + reported − closed is what waits in the stages', () => {
    const figures = figuresOf([yesterdays, yesterdaysClosedToday, yesterdaysClosedYesterday, todays, open, voided]);
    expect(figures.pipeline).toMatchObject({ carriedOver: 2, reportedToday: 2, closedToday: 2, open: 2 });
    expect(totalsFaults(figures)).toEqual([]);
  });

  it('counts an end that the source dates before the report at the report', () => {
    const backwards: Ticket = { ...todays, id: 'T-backwards', endedAt: at('23:00', -1) };
    const figures = figuresOf([backwards]);
    expect(figures.pipeline).toMatchObject({ carriedOver: 0, reportedToday: 1, closedToday: 1, open: 0 });
    expect(totalsFaults(figures)).toEqual([]);
  });

  it('names the check whose parts do not add up, with both numbers', () => {
    const figures = figuresOf([open, todays]);
    const wrong = { ...figures, pipeline: { ...figures.pipeline, carriedOver: 3 } };
    expect(totalsFaults(wrong)).toEqual([{ check: 'stages', sum: 4, total: 1 }]);
    expect(totalsFaults({ ...figures, openOutside: 2 })).toEqual([{ check: 'areas', sum: 3, total: 1 }]);
  });

  it('compares with yesterday up to the same minute, and with nothing when the history is of another day', () => {
    const yesterday = { reported: new Array(1440).fill(1), closed: new Array(1440).fill(2) };
    const history = { dayStartAt: DAY_START, yesterday, working: handWorkingTime() };
    expect(figuresOf([], { history }).pipeline).toMatchObject({ reportedYesterday: 942, closedYesterday: 1884 });
    expect(figuresOf([], { history: { ...history, dayStartAt: DAY_START - DAY } }).pipeline.reportedYesterday).toBe(
      null,
    );
    expect(upToMinute([1, 2, 3], 2)).toBe(3);
    expect(upToMinute([1, 2, 3], 9)).toBe(6);
  });
});

describe('overdue alerts', () => {
  it.each([
    ['a second before the deadline', -1000, undefined],
    ['exactly at it', 0, undefined],
    ['a ms after it', 1, 'high'],
    ['from twice the limit on', 2 * HOUR, 'critical'],
  ] as const)('%s', (_, lateMs, severity) => {
    const dueAt = NOW - lateMs;
    const { alerts } = figuresOf([ticket({ reportedAt: dueAt - 2 * HOUR, dueAt })]);
    expect(alerts.listed[0]?.severity).toBe(severity);
  });

  it('lists red before amber and the longest overdue first, each with an id of its own', () => {
    const late = (id: string, minutes: number, limit: number) =>
      ticketAfter({ id, reportedAt: NOW - (minutes + limit) * MINUTE, dueAt: NOW - minutes * MINUTE });
    const { alerts, pipeline, domains } = figuresOf([
      late('amber-short', 3, 60),
      late('red-short', 20, 10),
      late('amber-long', 50, 60),
      late('red-long', 90, 30),
    ]);
    expect(alerts.listed.map(({ alert: { id, state } }) => [id, state])).toEqual([
      ['overdue:red-long', 'unacknowledged'],
      ['overdue:red-short', 'unacknowledged'],
      ['overdue:amber-long', 'unacknowledged'],
      ['overdue:amber-short', 'unacknowledged'],
    ]);
    expect(alerts.listed.map(({ overdueMs }) => (overdueMs ?? 0) / MINUTE)).toEqual([90, 20, 50, 3]);
    expect(pipeline.stages.dispatch.alerts).toEqual({ critical: 2, high: 2 });
    expect(domains.traffic.alerts).toEqual({ critical: 0, high: 0 });
    expect(domains.urban.alerts).toEqual({ critical: 2, high: 2 });
  });

  it('keeps a case that was handled late until it is closed, its delay standing still', () => {
    const dueAt = NOW - HOUR;
    const handledLate = [dispatch(NOW - 3 * HOUR), handle(dueAt + 10 * MINUTE)];
    const open = ticket({ reportedAt: NOW - 4 * HOUR, dueAt }, ...handledLate);
    expect(figuresOf([open]).alerts.listed[0]).toMatchObject({ severity: 'high', overdueMs: 10 * MINUTE });
    const closed = ticket({ reportedAt: NOW - 4 * HOUR, dueAt }, ...handledLate, verify(NOW - MINUTE));
    const calm = figuresOf([closed]);
    expect(calm.alerts.listed).toEqual([]);
    expect(calm.lastCleared).toMatchObject({ ticket: { id: closed.id }, at: NOW - MINUTE });
  });

  it('takes a source’s own claim only where there is no deadline, and then knows no duration', () => {
    const claimed = ticket({ category: 'idea', reportedAt: NOW - HOUR, overdueClaim: true });
    expect(figuresOf([claimed]).alerts.listed[0]).toMatchObject({ severity: 'high', overdueMs: null });
    const dated = ticket({ reportedAt: NOW - HOUR, dueAt: NOW + HOUR, overdueClaim: true });
    expect(figuresOf([dated]).alerts.listed).toEqual([]);
  });

  it('leaves drills and the canary out of everything', () => {
    const dueAt = NOW - HOUR;
    const real = ticket({ reportedAt: NOW - 4 * HOUR, dueAt });
    for (const flag of ['drill', 'canary'] as const) {
      const figures = figuresOf([{ ...real, flags: [flag] }]);
      expect(figures.alerts.listed).toEqual([]);
      expect(figures.pipeline).toMatchObject({ reportedToday: 0, open: 0, carriedOver: 0 });
    }
  });
});

describe('the due-soon lane', () => {
  it('counts by the ticket’s own clock: half an hour before closing time, the next morning is near', () => {
    const evening = at('17:40');
    // 8 working hours from 09:00 end at 18:00; from 10:00 on the day before at 09:00 + 20 min of the next day.
    const today = ticket({ category: 'lamp', reportedAt: at('09:00') });
    const tomorrow = ticket({ category: 'lamp', reportedAt: at('09:20') });
    const { dueSoon } = figuresOf([tomorrow, today], { now: evening });
    expect(dueSoon.tickets.map(({ leftMs }) => leftMs / MINUTE)).toEqual([20, 40]);
    expect(dueSoon).toMatchObject({ near: 1, all: 2, departments: [{ id: 'works', count: 2 }] });
  });

  it('leaves out what is suspended, handled or already late', () => {
    const dueAt = NOW + 10 * MINUTE;
    const reportedAt = NOW - HOUR;
    const { dueSoon } = figuresOf([
      ticket({ reportedAt, dueAt }, { step: 'suspend', at: NOW - MINUTE }),
      ticket({ reportedAt, dueAt }, dispatch(NOW - 50 * MINUTE), handle(NOW - MINUTE)),
      ticket({ reportedAt, dueAt: NOW - 1 }),
      ticket({ reportedAt, dueAt: NOW + 61 * MINUTE }),
    ]);
    expect(dueSoon.all).toBe(0);
  });
});

describe('domains', () => {
  it('fills the hours that are over and keeps the last 60 minutes apart', () => {
    const { domains } = figuresOf([
      ticket({ reportedAt: at('00:00') }),
      ticket({ reportedAt: at('14:59') }),
      ticket({ reportedAt: at('15:00') }),
      ticket({ reportedAt: at('23:59', -1) }),
    ]);
    const { hourly, lastHour, reportedToday } = domains.urban;
    expect(hourly).toHaveLength(15);
    expect([hourly[0], hourly[14], lastHour, reportedToday]).toEqual([1, 1, 2, 3]);
  });

  it('counts an hour that comes twice as one, and gives one that is left out nothing', () => {
    const twice = {
      startAt: DAY_START,
      hourStartsAt: day.hourStartsAt.map((start, i) => (i > 1 ? start + HOUR : start)),
    };
    const { domains } = figuresOf([ticket({ reportedAt: at('01:30') }), ticket({ reportedAt: at('02:30') })], {
      day: twice,
    });
    expect(domains.urban.hourly.slice(0, 3)).toEqual([0, 2, 0]);
  });

  it('names the category reported most today, the first seen on a tie', () => {
    const { domains } = figuresOf([
      ticket({ reportedAt: at('08:00'), category: 'lamp' }),
      ticket({ reportedAt: at('09:00') }),
      ticket({ reportedAt: at('09:30') }),
      ticket({ reportedAt: at('09:40'), category: 'lamp' }),
    ]);
    expect(domains.urban.topCategory).toEqual({ category: 'lamp', count: 2 });
    expect(domains.traffic.topCategory).toBe(null);
  });

  it('measures the wait until something was done, notes aside', () => {
    const { domains } = figuresOf([
      ticket({ reportedAt: at('09:00') }, { step: 'note', at: at('09:01') }, dispatch(at('09:06'))),
      ticket({ reportedAt: at('10:00') }, dispatch(at('10:10'))),
      ticket({ reportedAt: at('11:00') }),
    ]);
    expect(domains.urban.medianWaitMs).toBe(8 * MINUTE);
  });

  it('counts groups of the same category from the same grid', () => {
    const { repeatGroups } = figuresOf([
      ticket({ reportedAt: at('09:00') }),
      ticket({ reportedAt: at('10:00') }),
      ticket({ reportedAt: at('10:00'), category: 'lamp' }),
      ticket({ reportedAt: at('11:00'), location: { gridId: 'g2' } }),
    ]);
    expect(repeatGroups).toBe(1);
  });
});

describe('areas', () => {
  it('counts tickets without a listed grid apart, so that the towns and the rest make the whole', () => {
    const figures = figuresOf([
      ticket({ reportedAt: at('15:00') }),
      ticket({ reportedAt: at('15:00'), location: { address: '便民大厅' } }),
      ticket({ reportedAt: at('15:00'), location: { gridId: 'elsewhere' } }),
    ]);
    expect([...figures.openByStreet]).toEqual([['s1', 1]]);
    expect(figures.openOutside).toBe(2);
    expect(figures.grids.get('g1')).toEqual({ open: 1, fresh: false });
  });
});

describe('what is new', () => {
  it.each([
    ['just now', 0, 0, true],
    ['a minute ago', MINUTE, MINUTE, false],
    ['sent with half an hour’s delay', 30 * MINUTE, 0, true],
    ['history brought in', 2 * DAY, 0, false],
  ])('%s', (_, reportedAgoMs, recordedAgoMs, fresh) => {
    const reported = ticket({ reportedAt: NOW - reportedAgoMs });
    expect(isFresh({ ...reported, recordedAt: NOW - recordedAgoMs }, NOW, MINUTE)).toBe(fresh);
  });
});

describe('median', () => {
  it.each([
    [[], null],
    [[7], 7],
    [[9, 1, 5], 5],
    [[4, 1, 3, 2], 2.5],
  ])('of %j is %s', (values, expected) => expect(median(values)).toBe(expected));
});

function group(key: string, onTimeRate: number | null, dueInPeriod: number): StatisticsGroup {
  return { key, opened: 0, closed: 0, closedOverdue: 0, open: 0, openOverdue: 0, dueInPeriod, onTimeRate };
}

describe('departments', () => {
  const groups = [
    group('tiny', 0.2, 4),
    group('none', null, 0),
    ...[0.9, 0.99, 0.95, 0.97, 0.93, 0.98].map((value, i) => group(`d${i}`, value, 100)),
  ];

  it('ranks best first, and those with too few tickets not at all', () => {
    const rows = departmentRanking(groups, 5);
    expect(rows.map(({ id, rank }) => [id, rank])).toEqual([
      ['d1', 1],
      ['d5', 2],
      ['d3', 3],
      ['d2', 4],
      ['d4', 5],
      ['d0', 6],
      ['tiny', null],
      ['none', null],
    ]);
  });

  it('shows the lowest ranks, and unranked ones only in room left over', () => {
    const rows = departmentRanking(groups, 5);
    expect(lowestDepartments(rows, 3).map(({ rank }) => rank)).toEqual([4, 5, 6]);
    expect(lowestDepartments(departmentRanking(groups.slice(0, 3), 5), 3).map(({ id }) => id)).toEqual([
      'd0',
      'tiny',
      'none',
    ]);
  });
});

describe('the five marks of a case', () => {
  const reportedAt = at('10:06');
  const cases: readonly (readonly [string, Ticket, readonly string[]])[] = [
    ['reported', ticket({ reportedAt }), ['current', 'pending', 'pending', 'pending', 'pending']],
    ['dispatched', ticket({ reportedAt }, dispatch(at('10:07'))), ['done', 'done', 'current', 'pending', 'pending']],
    [
      'handled on the spot',
      ticket({ reportedAt }, handle(at('10:11'))),
      ['done', 'skipped', 'done', 'current', 'pending'],
    ],
    [
      'closed on the spot',
      ticket({ reportedAt }, handle(at('10:11')), verify(at('10:14'))),
      ['done', 'skipped', 'done', 'done', 'done'],
    ],
    [
      'closed without verification',
      ticket({ reportedAt }, dispatch(at('10:07')), { step: 'close', at: at('10:20') }),
      ['done', 'done', 'skipped', 'skipped', 'done'],
    ],
  ];
  it.each(cases)('%s', (_, subject, marks) => expect(stepMarks(subject, false)).toEqual(marks));

  it('stands at the dispatch for as long as it is new', () => {
    const dispatched = ticket({ reportedAt }, dispatch(at('10:07')));
    expect(stepMarks(dispatched, true)).toEqual(['done', 'current', 'pending', 'pending', 'pending']);
  });
});
