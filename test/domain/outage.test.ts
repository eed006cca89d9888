import { describe, expect, it } from 'vitest';
import type { Alert, AlertChanged } from '../../domain/alarm.ts';
import { beginOutage, missedOf } from '../../domain/outage.ts';
import type { StepReport, TicketReport } from '../../domain/ticket.ts';
import { evolve, initialWallState } from '../../domain/wallState.ts';
import { at, ticketAfter } from '../support/domainBuilders.ts';

const CUT = at('15:38');
const NOW = at('15:42');

function ticket(id: string, reportedAt: string, dueAt: string | undefined, ...steps: readonly StepReport[]) {
  const report: Partial<TicketReport> = { id, category: 'idea', reportedAt: at(reportedAt) };
  return ticketAfter(dueAt === undefined ? report : { ...report, dueAt: at(dueAt) }, steps);
}

function acknowledged(id: string): AlertChanged {
  const alert = { id, state: 'acknowledged' } as Alert;
  return {
    type: 'alertChanged',
    at: NOW,
    recordedAt: NOW,
    stimulus: 'acknowledge',
    from: 'unacknowledged',
    reason: '',
    alert,
  };
}

describe('the receipt of an outage', () => {
  const before = [
    ticket('dueMeanwhile', '15:00', '15:39'),
    ticket('overdueBefore', '14:00', '14:30'),
    ticket('inTime', '15:00', '16:00'),
    ticket('finishedInTime', '15:00', '15:40', { step: 'handle', at: at('15:20') }),
  ];

  it('counts what came in, and each deadline that was missed meanwhile', () => {
    const board = initialWallState(before);
    const outage = beginOutage(board, CUT);
    expect(outage.gap).toEqual({ sinceAt: CUT, knownAt: at('15:20') });
    const after = initialWallState([
      ...before,
      ticket('new', '15:40', '16:40'),
      ticket('newAndLate', '15:40', '15:41'),
    ]);
    expect(outage.receipt(after, NOW)).toEqual({
      fromAt: CUT,
      toAt: NOW,
      caughtUp: 2,
      newlyOverdue: 2,
      acknowledged: 0,
    });
  });

  it('counts what came and left again, and alerts once, however often they were acknowledged', () => {
    const board = initialWallState(before);
    const outage = beginOutage(board, CUT);
    const gone = ticket('gone', '15:39', '15:40', { step: 'close', at: at('15:41') });
    board.tickets.set(gone.id, gone);
    const leaving = { type: 'ticketArchived', ticketId: gone.id, at: NOW, recordedAt: NOW } as const;
    for (const event of [leaving, acknowledged('a'), acknowledged('a'), acknowledged('b')]) {
      outage.note(event);
      if (event.type === 'ticketArchived') evolve(board, event);
    }
    expect(outage.receipt(board, NOW)).toMatchObject({ caughtUp: 1, newlyOverdue: 2, acknowledged: 2 });
  });

  it('takes from the server what a new board does not tell', () => {
    const outage = beginOutage(initialWallState(before), CUT);
    const left = [
      ticket('cameAndWent', '15:39', undefined, { step: 'close', at: at('15:40') }),
      ticket('wentLate', '15:00', '15:39', { step: 'close', at: at('15:40') }),
      ticket('wentBefore', '10:00', '10:30', { step: 'close', at: at('11:00') }),
    ];
    const missed = { ...missedOf(left, outage.gap, NOW), acknowledged: 3 };
    expect(missed).toEqual({ reported: 1, newlyOverdue: 1, acknowledged: 3 });
    expect(outage.receipt(initialWallState(), NOW, missed)).toMatchObject({
      caughtUp: 1,
      newlyOverdue: 1,
      acknowledged: 3,
    });
  });

  it('knows nothing of an empty board', () => {
    expect(beginOutage(initialWallState(), CUT).gap).toEqual({ sinceAt: CUT, knownAt: CUT });
  });
});
