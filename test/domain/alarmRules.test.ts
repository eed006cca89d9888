import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Alert, Severity } from '../../domain/alarm.ts';
import { ticketConditions } from '../../domain/alarmRules.ts';
import { countsTowardsFlood, floodGroups, floodStands } from '../../domain/flood.ts';
import { createRecentReports, poissonTail, repeatStands, surgeStands } from '../../domain/surge.ts';
import type { StepReport, Ticket, TicketReport } from '../../domain/ticket.ts';
import { at, DAY, HOUR, MINUTE, smallRules, ticketAfter } from '../support/domainBuilders.ts';

const rules = smallRules();
const stages = { dispatchWithinMinutes: 15, verifyWithinMinutes: 30 };

function look(ticket: Ticket, now: number) {
  const { conditions, lookAgainAt } = ticketConditions(rules, stages, () => 'c1', ticket, now);
  return { kinds: conditions.map((condition) => `${condition.kind}/${condition.severity}`), lookAgainAt };
}

describe('what raises an alert about a ticket', () => {
  test.each<[string, Partial<TicketReport>, readonly StepReport[], string, string[], string | undefined]>([
    ['fresh', {}, [], '10:06', [], '10:21:00.001'],
    ['not dispatched in 15 minutes', {}, [], '10:22', ['stageLate/low'], '11:06'],
    [
      'an hour before the deadline',
      {},
      [{ step: 'dispatch', at: at('10:10') }],
      '11:06',
      ['dueSoon/medium'],
      '12:06:00.001',
    ],
    ['at the deadline', {}, [{ step: 'dispatch', at: at('10:10') }], '12:06', ['dueSoon/medium'], '12:06:00.001'],
    [
      'past it: overdue replaces due soon',
      {},
      [{ step: 'dispatch', at: at('10:10') }],
      '12:07',
      ['overdue/high'],
      '14:06',
    ],
    ['at twice the limit', {}, [{ step: 'dispatch', at: at('10:10') }], '14:06', ['overdue/critical'], undefined],
    [
      'a safety category, late',
      { category: 'manhole' },
      [{ step: 'dispatch', at: at('10:10') }],
      '11:07',
      ['overdue/critical'],
      undefined,
    ],
    [
      'handled in time, not verified in 30 minutes',
      {},
      [{ step: 'handle', at: at('11:00') }],
      '11:31',
      ['stageLate/low'],
      undefined,
    ],
    [
      'handled late: stays late while open',
      {},
      [{ step: 'handle', at: at('12:20') }],
      '12:30',
      ['overdue/high'],
      '12:50:00.001',
    ],
    ['closed late', {}, [{ step: 'close', at: at('13:00') }], '15:00', [], undefined],
    ['suspended before the deadline', {}, [{ step: 'suspend', at: at('11:00') }], '15:00', [], undefined],
    [
      'critical priority',
      { priority: 'critical' },
      [{ step: 'dispatch', at: at('10:10') }],
      '10:30',
      ['criticalTicket/critical'],
      '11:06',
    ],
    ['a foreign category is asked no stages', { category: '外星人' }, [], '15:00', [], undefined],
  ])('%s', (_what, report, steps, clock, kinds, again) => {
    const seen = look(ticketAfter(report, steps), at(clock));
    expect(seen.kinds).toEqual(kinds);
    expect(seen.lookAgainAt).toBe(again === undefined ? undefined : at(again));
  });

  test.each<[string, Partial<TicketReport>, readonly StepReport[], string, object]>([
    ['late', {}, [], '12:07', { code: 'overdue', figures: { dueAt: at('12:06'), lateMs: MINUTE } }],
    [
      'late for safety',
      { category: 'manhole' },
      [],
      '11:07',
      { code: 'overdueCritical', figures: { dueAt: at('11:06'), lateMs: MINUTE } },
    ],
    ['late as its source says', { category: '外星人', overdueClaim: true }, [], '10:07', { code: 'overdueClaimed' }],
    ['due soon', {}, [], '11:30', { code: 'dueSoon', figures: { minutes: 60 } }],
    ['not dispatched', {}, [], '10:30', { code: 'dispatchLate', figures: { minutes: 15 } }],
    [
      'not verified',
      {},
      [{ step: 'handle', at: at('10:30') }],
      '11:05',
      { code: 'verifyLate', figures: { minutes: 30 } },
    ],
    ['critical', { priority: 'critical' }, [], '10:06', { code: 'criticalTicket' }],
  ])('%s: the cause says why, with its figures', (_what, report, steps, clock, cause) => {
    const { conditions } = ticketConditions(rules, stages, () => 'c1', ticketAfter(report, steps), at(clock));
    expect(conditions.map((condition) => condition.cause)).toContainEqual(expect.objectContaining(cause));
    for (const { cause: told } of conditions) {
      if (told.code === 'overdueClaimed') expect(told).not.toHaveProperty('figures');
    }
  });

  test('looking again at the instants named misses nothing that a look every minute would see', () => {
    const arrangement = fc.record({
      category: fc.constantFrom('parking', 'lamp', 'permit', 'manhole'),
      minutes: fc.integer({ min: 0, max: 6 * 24 * 60 }),
      priority: fc.constantFrom('normal' as const, 'critical' as const),
    });
    fc.assert(
      fc.property(arrangement, ({ category, minutes, priority }) => {
        const reportedAt = at('00:00', -8) + minutes * MINUTE;
        const ticket = ticketAfter({ category, priority, reportedAt });
        let named = look(ticket, reportedAt);
        for (let now = reportedAt; now < reportedAt + 8 * DAY; now += 7 * MINUTE) {
          while (named.lookAgainAt !== undefined && named.lookAgainAt <= now) named = look(ticket, named.lookAgainAt);
          expect(look(ticket, now).kinds).toEqual(named.kinds);
        }
      }),
      { seed: 3, numRuns: 25 },
    );
  });
});

describe('a surge', () => {
  const rule = { windowMinutes: 60, least: 5, raiseBelow: 0.001, clearAbove: 0.05, usualDays: 28, leastDays: 7 };

  test.each([
    [0, 2, 1],
    [1, 2, 1 - Math.exp(-2)],
    [3, 2, 1 - Math.exp(-2) * (1 + 2 + 2)],
    [5, 0, 0],
  ])('P(X ≥ %i | mean %d)', (count, mean, probability) => {
    expect(poissonTail(count, mean)).toBeCloseTo(probability, 12);
  });

  test.each([
    ['rare, but too few to matter', 4, 0.01, false, false],
    ['five where one in ten hours is usual', 5, 0.1, false, true],
    ['five where two are usual', 5, 2, false, false],
    ['still unusual: stands', 4, 0.5, true, true],
    ['back to usual: over', 2, 1, true, false],
    ['a single one never stands', 1, 0.001, true, false],
  ])('%s', (_what, count, usual, stood, stands) => {
    expect(surgeStands(rule, count, usual, stood)).toBe(stands);
  });
});

test('a repeat complaint stands from its count until the window has all but emptied', () => {
  const rule = { count: 3, withinHours: 168, clearAt: 1 };
  expect([2, 3].map((count) => repeatStands(rule, count, false))).toEqual([false, true]);
  expect([2, 1].map((count) => repeatStands(rule, count, true))).toEqual([true, false]);
});

test('recent reports: counted in the window, in whatever order they come, forgotten after it', () => {
  const recent = createRecentReports(HOUR);
  for (const clock of ['10:30', '10:00', '10:45']) recent.add('a', at(clock));
  expect(recent.count('a', at('10:40'))).toBe(2);
  expect(recent.count('a', at('10:59'))).toBe(3);
  expect(recent.fallsAt('a', at('10:59'))).toBe(at('11:00'));
  expect(recent.count('a', at('11:00'))).toBe(2);
  expect(recent.count('a', at('12:00'))).toBe(0);
  expect(recent.fallsAt('a', at('12:00'))).toBeUndefined();
});

describe('a flood', () => {
  const rule = { windowMinutes: 10, beginsAbove: 10, endsBelow: 5 };

  test.each([
    [10, false, false],
    [11, false, true],
    [10, true, true],
    [5, true, true],
    [4, true, false],
  ])('%i alerts in 10 minutes, standing before: %s → %s', (recent, stood, stands) => {
    expect(floodStands(rule, recent, stood)).toBe(stands);
  });

  test('due soon and the system’s own faults do not count', () => {
    expect(['dueSoon', 'sourceSilent', 'systemFault'].map((kind) => countsTowardsFlood(kind as Alert['kind']))).toEqual(
      [false, false, false],
    );
  });

  function alert(id: number, category: string, severity: Severity, state: Alert['state'] = 'unacknowledged'): Alert {
    return {
      id: `overdue:${id}`,
      kind: 'overdue',
      severity,
      state,
      active: true,
      category,
      department: 'works',
      gridId: `g${id}`,
      raisedAt: at('10:00') + id * MINUTE,
      cause: { code: 'overdue' },
      level: 0,
      changedAt: at('10:00'),
    };
  }

  test('groups by cause, area and department; an unacknowledged critical is never folded away', () => {
    const alerts = [
      ...[1, 2, 3].map((id) => alert(id, 'water', 'high')),
      ...[4, 5].map((id) => alert(id, 'tree', 'high')),
      alert(6, 'drain', 'high'),
      alert(7, 'signal', 'critical'),
      alert(8, 'lamp', 'low'),
    ];
    const groups = floodGroups(alerts, () => 's1', 2);
    expect(groups.map((group) => [group.category, group.critical, group.high, group.unacknowledged])).toEqual([
      ['signal', 1, 0, 1],
      ['water', 0, 3, 3],
      [undefined, 0, 3, 3],
    ]);
    expect(groups.flatMap((group) => group.alerts)).toHaveLength(7);
    expect(groups[1]).toMatchObject({ oldestAt: at('10:01'), grids: 3, streetId: 's1' });
  });

  test('more criticals than groups fit are all shown', () => {
    const alerts = ['a', 'b', 'c', 'd'].map((category, i) => alert(i, category, 'critical'));
    expect(floodGroups(alerts, () => 's1', 2)).toHaveLength(4);
  });
});
