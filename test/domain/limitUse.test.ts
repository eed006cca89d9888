import { expect, it } from 'vitest';
import { limitShare, limitUses } from '../../domain/limitUse.ts';
import { at, handWorkingTime, MINUTE, ticketAfter } from '../support/domainBuilders.ts';

const working = handWorkingTime();
const NOW = at('15:00');
const share = (ticket: Parameters<typeof limitShare>[1], now = NOW) => limitShare(working, ticket, now);

it('uses a limit of clock hours up in real time: 1 at the deadline, more after it', () => {
  const ticket = ticketAfter({ reportedAt: at('14:00'), dueAt: at('15:00') });
  expect(share(ticket, at('14:00'))).toBe(0);
  expect(share(ticket, at('14:15'))).toBe(0.25);
  expect(share(ticket, at('15:00'))).toBe(1);
  expect(share(ticket, at('16:24'))).toBe(2.4);
});

it('counts working hours by the calendar: nights, lunch and weekends use nothing up', () => {
  // Monday 16 March 17:00; the limit of 480 working minutes ends on Tuesday 17:00
  const ticket = ticketAfter({ category: 'lamp', reportedAt: at('17:00', -2) });
  expect(ticket.dueAt).toBe(at('17:00', -1));
  expect(share(ticket, at('23:00', -2))).toBe(0.125);
  expect(share(ticket, at('09:00', -1))).toBe(0.125);
  expect(share(ticket, at('13:00', -1))).toBe(0.5);
});

it('counts in real time where the calendar does not reach', () => {
  const old = { ...ticketAfter({ category: 'lamp', reportedAt: at('10:00', -30) }), dueAt: at('10:00', 10) };
  expect(share(old, at('10:00', -20))).toBe(0.25);
});

it('stands still while the ticket is suspended and once it is handled', () => {
  const reportedAt = at('14:00');
  const suspended = ticketAfter({ reportedAt, dueAt: at('16:00') }, [
    { step: 'dispatch', at: at('14:05') },
    { step: 'suspend', at: at('14:30') },
  ]);
  expect(share(suspended, at('23:00'))).toBe(0.25);
  const handled = ticketAfter({ reportedAt, dueAt: at('15:00') }, [{ step: 'handle', at: at('14:30'), by: '甲' }]);
  expect(share(handled, at('23:00'))).toBe(0.5);
});

it('says nothing of a ticket without a deadline, and all of one whose deadline left no time', () => {
  expect(share(ticketAfter({ category: 'idea', domain: 'urban' }))).toBeUndefined();
  const late = ticketAfter({ reportedAt: at('14:00'), dueAt: at('13:00') });
  expect(share(late)).toBe(Number.POSITIVE_INFINITY);
  expect(share({ ...late, handledAt: at('12:00') })).toBe(0);
});

it('puts the most used first, equals by their deadline, and leaves out what has none', () => {
  const ticket = (id: string, minutesAgo: number, limit: number) =>
    ticketAfter({ id, reportedAt: NOW - minutesAgo * MINUTE, dueAt: NOW + (limit - minutesAgo) * MINUTE });
  const uses = limitUses(
    working,
    [
      ticket('half', 30, 60),
      ticket('double', 120, 60),
      ticket('halfEarlier', 15, 30),
      ticketAfter({ id: 'free', category: 'idea' }),
    ],
    NOW,
  );
  expect(uses.map(({ ticket: { id }, share: used, leftMs }) => [id, used, leftMs / MINUTE])).toEqual([
    ['double', 2, -60],
    ['halfEarlier', 0.5, 15],
    ['half', 0.5, 30],
  ]);
});
