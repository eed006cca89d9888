import { expect, test } from 'vitest';
import type { Ticket } from '../../domain/ticket.ts';
import { initialWallState } from '../../domain/wallState.ts';
import { createSteppedClock } from '../../server/clock.ts';
import { createAlarmKeeper } from '../../server/store/alarmKeeper.ts';
import { at, HOUR, smallRules, ticketAfter } from '../support/domainBuilders.ts';

const EVENTS = 1000;

/** What deciding the alerts of one more ticket, and of one step, asks for on a board of so many open tickets. */
function costOn(openTickets: number) {
  const rules = smallRules();
  const model = ticketAfter({ category: 'permit', reportedAt: at('10:06') }, [{ step: 'dispatch', at: at('10:07') }]);
  const fresh = ticketAfter({ reportedAt: at('10:06') });
  const handled = ticketAfter({ reportedAt: at('10:06') }, [{ step: 'handle', at: at('10:08') }]);
  const tickets = new Map<string, Ticket>();
  for (let i = 0; i < openTickets; i += 1) tickets.set(`open-${i}`, { ...model, id: `open-${i}` });
  const asked = { timers: 0, cancelled: 0, tickets: 0, boards: 0, events: 0 };
  const clock = createSteppedClock({ mode: 'live', startAt: at('10:08') });
  const keeper = createAlarmKeeper({
    rules,
    clock: {
      now: () => clock.now(),
      at(when, run) {
        asked.timers += 1;
        const cancel = clock.at(when, run);
        return () => {
          asked.cancelled += 1;
          cancel();
        };
      },
    },
    board: initialWallState(tickets.values()),
    reports: () => [],
    *tickets() {
      asked.boards += 1;
      yield* tickets.values();
    },
    ticket(id) {
      asked.tickets += 1;
      return tickets.get(id);
    },
    emit: (events) => {
      asked.events += events.length;
    },
  });
  keeper.begin();
  expect(asked.timers).toBe(openTickets);
  Object.assign(asked, { timers: 0, cancelled: 0, tickets: 0, boards: 0, events: 0 });

  for (let i = 0; i < EVENTS; i += 1) {
    asked.events += keeper.follow({ ...fresh, id: `T-${i}`, location: {} }, true).length;
    asked.events += keeper.follow({ ...handled, id: `T-${i}`, location: {} }, false).length;
  }
  clock.advanceTo(at('10:08') + HOUR);
  const counted = { ...asked };
  keeper.close();
  return counted;
}

test('an event on a board of 50,000 open tickets asks for no more than on one of 500', () => {
  const small = costOn(500);
  const large = costOn(50_000);
  expect(large).toEqual(small);
  // Two timers a ticket: its report's next instant, replaced by its step's
  expect(small.timers).toBeLessThanOrEqual(3 * EVENTS);
  expect(small.boards).toBe(0);
});
