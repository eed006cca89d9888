import { describe, expect, it } from 'vitest';
import { countBefore, createDomainHistoryTally } from '../../domain/domainHistory.ts';
import type { StepReport, Ticket, TicketReport } from '../../domain/ticket.ts';
import { at, DAY, HOUR, MINUTE, ticketAfter } from '../support/domainBuilders.ts';

const PERIOD = {
  oldestDayAt: at('00:00', -28),
  yesterdayStartAt: at('00:00', -1),
  dayStartAt: at('00:00'),
  monthStartAt: at('00:00', -17),
  now: at('15:42'),
};

let serial = 0;
function ticket(report: Partial<TicketReport>, ...steps: StepReport[]): Ticket {
  serial += 1;
  return ticketAfter({ id: `H-${serial}`, ...report }, steps);
}
function finished(reportedAt: number, tookMs: number, report: Partial<TicketReport> = {}): Ticket {
  return ticket({ reportedAt, ...report }, { step: 'handle', at: reportedAt + tookMs, by: '甲' });
}
function historyOf(tickets: readonly Ticket[], domain: 'urban' | 'traffic' = 'urban') {
  const tally = createDomainHistoryTally(PERIOD);
  for (const one of tickets) tally.add(one);
  return tally.of(domain, (category) => category);
}

describe('yesterday of a domain', () => {
  it('tells the minutes of reports, ends and second reports of a group, in order', () => {
    const { yesterday } = historyOf([
      ticket({ reportedAt: at('10:30', -1) }),
      ticket({ reportedAt: at('00:00', -1) }, { step: 'close', at: at('10:11', -1) }),
      ticket({ reportedAt: at('10:29', -1), category: 'lamp' }),
      ticket({ reportedAt: at('23:59:59', -2) }, { step: 'close', at: at('00:05', -1) }),
      ticket({ reportedAt: at('00:00') }, { step: 'close', at: at('00:01') }),
      ticket({ reportedAt: at('09:00', -1), category: 'permit' }),
      ticket({ reportedAt: at('09:00', -1) }, { step: 'void', at: at('09:01', -1) }),
    ]);
    expect(yesterday).toEqual({
      reportedMinutes: [0, 629, 630],
      closedMinutes: [5, 611],
      repeatedMinutes: [630],
    });
  });

  it('is none where the data begins today', () => {
    expect(historyOf([ticket({ reportedAt: at('08:00') })]).yesterday).toBeNull();
    expect(historyOf([]).yesterday).toBeNull();
    expect(historyOf([ticket({ reportedAt: at('08:00', -9) })]).yesterday?.reportedMinutes).toEqual([]);
  });

  it('counts what had happened before a minute', () => {
    expect(countBefore([0, 5, 5, 600], 0)).toBe(0);
    expect(countBefore([0, 5, 5, 600], 5)).toBe(1);
    expect(countBefore([0, 5, 5, 600], 6)).toBe(3);
    expect(countBefore([0, 5, 5, 600], 1440)).toBe(4);
  });
});

describe('times of 28 days', () => {
  it('are those of tickets finished on the days before today, per category and together', () => {
    const tickets = [
      ...[10, 20, 30, 40, 50].map((minutes) => finished(at('09:00', -3), minutes * MINUTE)),
      finished(at('09:00', -3), 90 * MINUTE, { category: 'lamp' }),
      finished(at('23:50', -1), 20 * MINUTE), // finished today
      finished(at('09:00', -29), 5 * MINUTE), // finished before the oldest day
      finished(at('23:00', -29), 90 * MINUTE), // reported before it, finished within
      ticket({ reportedAt: at('09:00', -3) }),
    ];
    const { categories, medianMs } = historyOf(tickets);
    expect(categories).toEqual([
      {
        category: 'parking',
        finished: 6,
        p10Ms: 15 * MINUTE,
        medianMs: 35 * MINUTE,
        p90Ms: 70 * MINUTE,
        limitMs: 2 * HOUR,
      },
      expect.objectContaining({ category: 'lamp', finished: 1, p10Ms: 90 * MINUTE, p90Ms: 90 * MINUTE }),
    ]);
    expect(medianMs).toBe(40 * MINUTE);
    expect(historyOf(tickets, 'traffic')).toEqual({
      yesterday: { reportedMinutes: [], closedMinutes: [], repeatedMinutes: [] },
      month: null,
      medianMs: null,
      categories: [],
    });
  });

  it('take the limit of the report, whatever was extended later, and none where there was none', () => {
    const reportedAt = at('09:00', -3);
    const extended = ticket(
      { reportedAt, dueAt: reportedAt + HOUR },
      { step: 'dispatch', at: reportedAt + MINUTE },
      { step: 'extend', at: reportedAt + 2 * MINUTE, dueAt: reportedAt + DAY },
      { step: 'handle', at: reportedAt + 3 * HOUR, by: '甲' },
    );
    expect(extended.dueAt).toBe(reportedAt + DAY);
    expect(historyOf([extended]).categories[0]?.limitMs).toBe(HOUR);
    const free = finished(reportedAt, HOUR, { category: 'idea', domain: 'urban' });
    expect(historyOf([free]).categories[0]?.limitMs).toBeNull();
  });
});

it('the month of a domain is what statistics say of it', () => {
  const { month } = historyOf([
    finished(at('09:00', -3), HOUR),
    finished(at('09:00', -3), 3 * HOUR),
    finished(at('09:00', -18), HOUR),
    ticket({ reportedAt: at('15:00') }),
  ]);
  expect(month).toEqual({
    key: 'urban',
    opened: 3,
    closed: 0,
    closedOverdue: 0,
    open: 3,
    openOverdue: 1,
    dueInPeriod: 2,
    onTimeRate: 0.5,
  });
});
