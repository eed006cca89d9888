import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { groupKey, statistics, ticketAt } from '../../domain/statistics.ts';
import type { StepReport, Ticket } from '../../domain/ticket.ts';
import { evolveTicket } from '../../domain/wallState.ts';
import { at, DAY, decideNext, eventsOf, MINUTE, ticketAfter } from '../support/domainBuilders.ts';

const day = { fromAt: at('00:00'), toAt: at('00:00', 1), at: at('23:00') };
const byDepartment = groupKey('department', () => undefined);

function count(tickets: readonly Ticket[], when = day) {
  return statistics(tickets, when, byDepartment);
}

describe('statistics', () => {
  test.each<[string, Parameters<typeof ticketAfter>, object]>([
    [
      'open, in time',
      [{ dueAt: at('23:30') }],
      { opened: 1, open: 1, openOverdue: 0, closed: 0, dueInPeriod: 0, onTimeRate: null },
    ],
    ['open, late', [{}], { open: 1, openOverdue: 1, dueInPeriod: 1, onTimeRate: 0 }],
    [
      'open without a deadline',
      [{ category: 'idea', department: 'patrol' }],
      { open: 1, openOverdue: 0, dueInPeriod: 0, onTimeRate: null },
    ],
    [
      'closed in time',
      [{}, [{ step: 'close', at: at('12:06') }]],
      { closed: 1, closedOverdue: 0, open: 0, dueInPeriod: 1, onTimeRate: 1 },
    ],
    [
      'closed late',
      [{}, [{ step: 'close', at: at('12:07') }]],
      { closed: 1, closedOverdue: 1, dueInPeriod: 1, onTimeRate: 0 },
    ],
    [
      'handled in time, closed late',
      [
        {},
        [
          { step: 'handle', at: at('11:00') },
          { step: 'close', at: at('15:00') },
        ],
      ],
      { closed: 1, closedOverdue: 0, onTimeRate: 1 },
    ],
    [
      'handled in time, still open',
      [{}, [{ step: 'handle', at: at('11:00') }]],
      { open: 1, openOverdue: 0, dueInPeriod: 1, onTimeRate: 1 },
    ],
    [
      'handled late, still open: counted once',
      [{}, [{ step: 'handle', at: at('13:00') }]],
      { open: 1, openOverdue: 1, dueInPeriod: 1, onTimeRate: 0 },
    ],
    [
      'claimed late, closed',
      [{ category: 'idea', department: 'patrol', overdueClaim: true }, [{ step: 'close', at: at('11:00') }]],
      { closed: 1, closedOverdue: 1, dueInPeriod: 0, onTimeRate: null },
    ],
  ])('%s', (_what, given, expected) => {
    expect(count([ticketAfter(...given)])).toEqual([
      expect.objectContaining({ key: 'patrol', opened: 1, ...expected }),
    ]);
  });

  test('a merge ends a ticket like a close', () => {
    const other = ticketAfter({ id: 'T-2', reportedAt: at('00:00', -1) });
    let merged: Ticket | undefined = ticketAfter({});
    const step = { step: 'merge', into: 'T-2', at: at('12:10') } as const;
    for (const event of eventsOf(decideNext(merged, step, at('12:10'), undefined, other)))
      merged = evolveTicket(merged, event);
    expect(count([merged as Ticket])).toMatchObject([{ closed: 1, closedOverdue: 1, open: 0 }]);
  });

  test('void tickets are out, whenever they were voided, but count before that', () => {
    const voided = ticketAfter({}, [{ step: 'void', at: at('11:00') }]);
    expect(count([voided])).toEqual([]);
    expect(count([voided], { ...day, at: at('10:59') })).toMatchObject([{ opened: 1, open: 1 }]);
  });

  test('the period takes its first instant and leaves its last', () => {
    const first = ticketAfter({ id: 'a', reportedAt: day.fromAt });
    const last = ticketAfter({ id: 'b', reportedAt: day.toAt });
    expect(count([first, last], { ...day, at: at('00:00', 2) })).toMatchObject([{ opened: 1 }]);
  });

  test('a deadline that lies ahead of the clock is judged by `at`', () => {
    const ticket = ticketAfter({ dueAt: at('12:00', 3) });
    expect(count([ticket], { ...day, at: at('12:00', 3) })).toMatchObject([{ openOverdue: 0 }]);
    expect(count([ticket], { ...day, at: at('12:00', 3) + 1 })).toMatchObject([{ openOverdue: 1 }]);
  });

  test('unlisted areas stand for themselves, none is the empty key', () => {
    const community = groupKey('community', (grid) => (grid === 'g1' ? 'c1' : undefined));
    const tickets = [
      ticketAfter({ id: 'a' }),
      ticketAfter({ id: 'b', location: { gridId: 'Roxbury' } }),
      ticketAfter({ id: 'c', location: {} }),
    ];
    expect(statistics(tickets, day, community).map((group) => group.key)).toEqual(['c1', 'Roxbury', '']);
  });
});

describe('the state at an earlier instant', () => {
  const history: readonly StepReport[] = [
    { step: 'dispatch', department: 'works', at: at('10:10') },
    { step: 'extend', dueAt: at('20:00'), at: at('11:00') },
    { step: 'handle', by: '王辛', at: at('12:30') },
    { step: 'rework', by: '郑庚', at: at('13:00') },
    { step: 'handle', by: '周戊', at: at('14:00') },
    { step: 'verify', by: '郑庚', at: at('15:00') },
  ];
  const whole = ticketAfter({}, history);

  test.each([
    ['10:05', undefined],
    ['10:06', { status: 'reported', department: 'patrol', dueAt: at('12:06') }],
    ['10:30', { status: 'dispatched', department: 'works', dueAt: at('12:06') }],
    ['11:00', { status: 'dispatched', dueAt: at('20:00') }],
    ['12:40', { status: 'handled', handledAt: at('12:30') }],
    ['13:30', { status: 'dispatched' }],
    ['15:00', { status: 'closed', handledAt: at('14:00') }],
  ])('at %s', (clock, expected) => {
    const past = ticketAt(whole, at(clock));
    if (expected === undefined) expect(past).toBeUndefined();
    else expect(past).toMatchObject(expected);
    if (clock === '13:30') expect(past?.handledAt).toBeUndefined();
  });

  test('agrees with the ticket as it stood then, for any history without loose ends', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: history.length }), fc.integer({ min: 0, max: 29 }), (taken, minutes) => {
        const then = ticketAfter({}, history.slice(0, taken));
        const lastAt = then.steps.at(-1)?.at as number;
        const nextAt = history[taken]?.at ?? lastAt + DAY;
        const when = Math.min(lastAt + minutes * MINUTE, nextAt - 1);
        const period = { ...day, at: when };
        expect(statistics([whole], period, byDepartment)).toEqual(statistics([then], period, byDepartment));
      }),
      { seed: 7, numRuns: 200 },
    );
  });
});
