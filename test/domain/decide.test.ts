import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allowedSteps } from '../../domain/decide.ts';
import { isOverdue, lateByMs, overdueSeverity } from '../../domain/sla.ts';
import { isEnded, STEPS, type Status, type StepReport, type Ticket } from '../../domain/ticket.ts';
import { evolveTicket } from '../../domain/wallState.ts';
import {
  at,
  DAY,
  decideFirst,
  decideNext,
  eventsOf,
  MINUTE,
  smallRules,
  ticketAfter,
  ticketReport,
} from '../support/domainBuilders.ts';

describe('a report', () => {
  test('takes domain, department and deadline from its category', () => {
    const ticket = ticketAfter({});
    expect(ticket).toMatchObject({ domain: 'urban', department: 'patrol', status: 'reported', flags: [], points: 0 });
    expect(ticket.dueAt).toBe(at('12:06'));
    expect(ticket.steps).toEqual([
      { step: 'report', at: at('10:06'), recordedAt: at('10:06'), by: '吴己', department: 'patrol' },
    ]);
  });

  test.each([
    [
      'a category nobody listed',
      { category: '外星人' },
      { domain: 'analysis', department: 'patrol', flags: ['unlisted'] },
    ],
    [
      'such a category with a domain',
      { category: '外星人', domain: 'traffic' as const },
      { domain: 'traffic', flags: ['unlisted'] },
    ],
    ['a department nobody listed', { department: '外事办' }, { department: '外事办', flags: ['unlisted'] }],
    [
      'an area nobody listed',
      { location: { gridId: 'Roxbury' } },
      { location: { gridId: 'Roxbury' }, flags: ['unlisted'] },
    ],
    ['no area at all', { location: {} }, { flags: [] }],
    ['a helper nobody listed', { assistDepartments: ['works', '外事办'] }, { flags: ['unlisted'] }],
  ])('keeps %s as given', (_what, report, expected) => {
    expect(ticketAfter(report)).toMatchObject(expected);
  });

  test('an unlisted category gets no deadline of its own, a given one stands', () => {
    expect(ticketAfter({ category: '外星人' }).dueAt).toBeUndefined();
    expect(ticketAfter({ category: '外星人', dueAt: at('11:00') }).dueAt).toBe(at('11:00'));
    expect(ticketAfter({ dueAt: at('11:00') }).dueAt).toBe(at('11:00'));
  });

  test.each([
    [5 * MINUTE, 'accepted'],
    [5 * MINUTE + 1, 'refused'],
    [-400 * DAY, 'accepted'],
  ])('dated %i ms after the server clock is %s', (aheadMs, outcome) => {
    const report = ticketReport({ reportedAt: at('10:06') + aheadMs });
    const decision = decideFirst(report, at('10:06'));
    expect(decision.outcome).toBe(outcome);
    if (decision.outcome === 'refused') {
      expect(decision.refusal).toMatchObject({ reason: 'invalid', errors: [{ path: 'reportedAt' }] });
    }
  });

  test('the same again is a retry, the same id with other content a conflict', () => {
    const ticket = ticketAfter({});
    expect(decideFirst(ticketReport(), at('10:20'), smallRules(), ticket)).toEqual({ outcome: 'repeated' });
    expect(decideFirst(ticketReport({ title: '别的事' }), at('10:20'), smallRules(), ticket)).toEqual({
      outcome: 'refused',
      refusal: { reason: 'conflict' },
    });
  });

  test('a deadline in a year whose holidays are unknown says so', () => {
    const ticket = ticketAfter({ category: 'permit', reportedAt: at('10:00', 9) });
    expect(ticket.flags).toContain('calendarMissing');
  });
});

/** The contract's status table, typed in by hand from the page, so that code and page are two statements. */
const CONTRACT: Record<Status, readonly string[]> = {
  reported: ['dispatch', 'handle', 'close', 'note', 'extend', 'suspend', 'escalate', 'merge', 'void'],
  dispatched: ['dispatch', 'handle', 'return', 'close', 'note', 'extend', 'suspend', 'escalate', 'merge', 'void'],
  handled: ['verify', 'rework', 'close', 'note', 'extend', 'suspend', 'escalate', 'merge', 'void'],
  verified: ['rework', 'close', 'note', 'extend', 'suspend', 'escalate', 'merge', 'void'],
  closed: ['note'],
  void: ['note'],
  merged: ['note'],
};

const WAY_TO: Record<Status, readonly StepReport[]> = {
  reported: [],
  dispatched: [{ step: 'dispatch' }],
  handled: [{ step: 'handle', by: '王辛' }],
  verified: [
    { step: 'handle', by: '王辛' },
    { step: 'verify', by: '郑庚' },
  ],
  closed: [{ step: 'close' }],
  void: [{ step: 'void' }],
  merged: [{ step: 'merge', into: 'T-2' }],
};

const byHand = smallRules();
const { closeAfterVerify: _closes, ...withoutAutomaticClose } = byHand.deployment;
const manualRules = { ...byHand, deployment: withoutAutomaticClose };
const other = ticketAfter({ id: 'T-2' });

function reach(status: Status): Ticket {
  let ticket = ticketAfter({});
  for (const step of WAY_TO[status]) {
    for (const event of eventsOf(decideNext(ticket, step, at('10:20'), manualRules, other))) {
      ticket = evolveTicket(ticket, event) as Ticket;
    }
  }
  expect(ticket.status).toBe(status);
  return ticket;
}

describe('a step', () => {
  const cases = (Object.keys(CONTRACT) as Status[]).flatMap((status) =>
    STEPS.filter((step) => step !== 'report' && step !== 'resume').map((step) => [status, step] as const),
  );
  test.each(cases)('from %s: %s as the contract says', (status, step) => {
    const ticket = reach(status);
    const decision = decideNext(
      ticket,
      { step: step as StepReport['step'], dueAt: at('23:00'), into: 'T-2' },
      at('10:30'),
      manualRules,
      other,
    );
    if (step === 'close' && status === 'closed') expect(decision).toEqual({ outcome: 'repeated' });
    else if (CONTRACT[status].includes(step)) expect(decision.outcome).toBe('accepted');
    else {
      expect(decision).toEqual({
        outcome: 'refused',
        refusal: { reason: 'illegalStep', status, allowed: allowedSteps(ticket) },
      });
    }
  });

  test('the case of 荷韵花园: 10:06, 10:11, 10:14, then 7 points to the officer', () => {
    const ticket = ticketAfter({}, [
      { step: 'handle', by: '王辛', at: at('10:11') },
      { step: 'verify', by: '郑庚', at: at('10:14') },
    ]);
    expect(ticket.status).toBe('closed');
    expect(ticket.points).toBe(7);
    expect(ticket.flags).toEqual([]);
    expect(ticket.steps.map(({ step, at: when, by, points }) => [step, when, by, points])).toEqual([
      ['report', at('10:06'), '吴己', undefined],
      ['handle', at('10:11'), '王辛', undefined],
      ['verify', at('10:14'), '郑庚', undefined],
      ['close', at('10:14'), '系统', 7],
    ]);
    const decision = decideNext(
      ticketAfter({}, [{ step: 'handle', by: '王辛', at: at('10:11') }]),
      { step: 'verify', by: '郑庚', at: at('10:14') },
      at('10:14'),
    );
    expect(eventsOf(decision).at(-1)).toEqual({
      type: 'pointsAwarded',
      ticketId: 'T-1',
      at: at('10:14'),
      recordedAt: at('10:14'),
      officer: 'G-0103',
      gridId: 'g1',
      points: 7,
    });
  });

  test('who handled may not verify, blanks or not; an empty name proves nothing', () => {
    const handled = ticketAfter({}, [{ step: 'handle', by: '王辛', at: at('10:11') }]);
    expect(decideNext(handled, { step: 'verify', by: ' 王辛 ' }, at('10:14'))).toEqual({
      outcome: 'refused',
      refusal: { reason: 'samePerson', by: '王辛' },
    });
    const nameless = ticketAfter({}, [{ step: 'handle', by: ' ', at: at('10:11') }]);
    expect(decideNext(nameless, { step: 'verify', by: ' ' }, at('10:14')).outcome).toBe('accepted');
  });

  test('after a rework only the new handler is barred from verifying', () => {
    const again = ticketAfter({}, [
      { step: 'handle', by: '王辛', at: at('10:11') },
      { step: 'rework', by: '郑庚', at: at('10:20') },
      { step: 'handle', by: '周戊', at: at('10:30') },
    ]);
    expect(decideNext(again, { step: 'verify', by: '周戊' }, at('10:40')).outcome).toBe('refused');
    expect(decideNext(again, { step: 'verify', by: '王辛' }, at('10:40')).outcome).toBe('accepted');
  });

  test('closing without verification earns nothing and is flagged', () => {
    const closed = ticketAfter({}, [{ step: 'close', at: at('10:30') }]);
    expect(closed).toMatchObject({ status: 'closed', points: 0, flags: ['unverified'] });
  });

  test('where nobody closes by itself, the points wait for the close', () => {
    const verified = reach('verified');
    expect(verified.points).toBe(0);
    const events = eventsOf(decideNext(verified, { step: 'close' }, at('10:40'), manualRules));
    expect(events.map((event) => event.type)).toEqual(['stepTaken', 'pointsAwarded']);
  });

  test('dated before its predecessor it is accepted and flagged; the same instant is in order', () => {
    const early = ticketAfter({}, [{ step: 'close', at: at('10:00') }]);
    expect(early.flags).toContain('outOfOrder');
    const same = ticketAfter({}, [{ step: 'close', at: at('10:06') }]);
    expect(same.flags).not.toContain('outOfOrder');
  });

  test('with an id it may be sent again; other content under that id is a conflict', () => {
    const step: StepReport = { id: 's-1', step: 'dispatch', department: 'works', at: at('10:07') };
    const ticket = ticketAfter({}, [step]);
    expect(decideNext(ticket, step, at('10:08'))).toEqual({ outcome: 'repeated' });
    expect(decideNext(ticket, { ...step, department: 'patrol' }, at('10:08'))).toEqual({
      outcome: 'refused',
      refusal: { reason: 'conflict' },
    });
  });

  test.each([
    ['extend without a deadline', { step: 'extend' } as const, 'dueAt'],
    ['extend to before the deadline in force', { step: 'extend', dueAt: at('12:06') } as const, 'dueAt'],
    ['merge into nothing', { step: 'merge' } as const, 'into'],
    ['merge into a ticket nobody knows', { step: 'merge', into: 'T-9' } as const, 'into'],
    ['a step dated too far ahead', { step: 'note', at: at('10:36') } as const, 'at'],
  ])('%s is refused by field', (_what, step, path) => {
    expect(decideNext(ticketAfter({}), step, at('10:30'))).toMatchObject({
      outcome: 'refused',
      refusal: { reason: 'invalid', errors: [{ path }] },
    });
  });

  test('merge into itself or into a merged ticket is refused', () => {
    const ticket = ticketAfter({});
    const merged = reach('merged');
    for (const target of [ticket, { ...merged, id: 'T-3' }]) {
      expect(decideNext(ticket, { step: 'merge', into: target.id }, at('10:30'), byHand, target).outcome).toBe(
        'refused',
      );
    }
  });

  test('escalation ends at the district', () => {
    const steps = [1, 2, 3].map((minute) => ({ step: 'escalate', at: at('10:06') + minute * MINUTE }) as const);
    const ticket = ticketAfter({}, steps);
    expect(ticket.level).toBe(3);
    expect(allowedSteps(ticket)).not.toContain('escalate');
  });
});

describe('the clock of a ticket', () => {
  test('is in time up to and with the deadline, late one ms after it', () => {
    const ticket = ticketAfter({});
    expect(isOverdue(ticket, at('12:06'))).toBe(false);
    expect(lateByMs(ticket, at('12:06') + 1)).toBe(1);
  });

  test('is decided by the last standing handle, not by verification or close', () => {
    const inTime = ticketAfter({}, [
      { step: 'handle', by: '王辛', at: at('12:06') },
      { step: 'verify', by: '郑庚', at: at('16:00') },
    ]);
    expect(isOverdue(inTime, at('18:00'))).toBe(false);
    const reworked = ticketAfter({}, [
      { step: 'handle', by: '王辛', at: at('11:00') },
      { step: 'rework', by: '郑庚', at: at('11:30') },
    ]);
    expect(reworked.dueAt).toBe(at('12:06'));
    expect(lateByMs(reworked, at('12:16'))).toBe(10 * MINUTE);
  });

  test('turns red at twice the limit, at least 10 minutes late; at once for safety', () => {
    const parking = ticketAfter({});
    expect(overdueSeverity(parking, at('14:05'))).toBe('high');
    expect(overdueSeverity(parking, at('14:06'))).toBe('critical');
    const hurried = ticketAfter({ dueAt: at('10:08') });
    expect(overdueSeverity(hurried, at('10:17'))).toBe('high');
    expect(overdueSeverity(hurried, at('10:18'))).toBe('critical');
    const manhole = ticketAfter({ category: 'manhole' });
    expect(overdueSeverity(manhole, at('11:06'))).toBeUndefined();
    expect(overdueSeverity(manhole, at('11:06') + 1)).toBe('critical');
  });

  test('stands still while suspended; lateness from before stays as it was', () => {
    const suspended = ticketAfter({}, [{ step: 'suspend', at: at('11:06') }]);
    expect(isOverdue(suspended, at('20:00'))).toBe(false);
    const resumed = ticketAfter({}, [
      { step: 'suspend', at: at('11:06') },
      { step: 'resume', at: at('15:00') },
    ]);
    expect(resumed.dueAt).toBe(at('16:00'));
    expect(resumed.originalDueAt).toBe(at('12:06'));
    const late = ticketAfter({}, [
      { step: 'suspend', at: at('12:16') },
      { step: 'resume', at: at('15:00') },
    ]);
    expect(lateByMs(late, at('15:00'))).toBe(10 * MINUTE);
  });

  test('work finished while suspended ends the pause', () => {
    const finished = ticketAfter({}, [
      { step: 'suspend', at: at('11:06') },
      { step: 'handle', by: '王辛', at: at('15:00') },
    ]);
    expect(finished.suspendedAt).toBeUndefined();
    expect(isOverdue(finished, at('20:00'))).toBe(false);
  });

  test('an extension moves the deadline and keeps the old one on record', () => {
    const extended = ticketAfter({}, [{ step: 'extend', dueAt: at('18:00'), at: at('11:00') }]);
    expect(extended).toMatchObject({ dueAt: at('18:00'), originalDueAt: at('12:06'), flags: ['extended'] });
    expect(extended.steps.at(-1)).toMatchObject({ step: 'extend', dueAt: at('18:00') });
  });

  test('a claim of lateness counts only where there is no deadline', () => {
    expect(isOverdue(ticketAfter({ category: 'idea', overdueClaim: true }), at('10:07'))).toBe(true);
    expect(isOverdue(ticketAfter({ category: 'parking', overdueClaim: true }), at('10:07'))).toBe(false);
  });
});

test('whatever happens, a ticket is ended exactly if it allows nothing but notes, and its timeline only grows', () => {
  const step = fc.record({
    step: fc.constantFrom(...STEPS.filter((name): name is StepReport['step'] => name !== 'report')),
    minutes: fc.integer({ min: -600, max: 3 }),
    by: fc.constantFrom('王辛', '郑庚', ''),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (sequence) => {
      let ticket = ticketAfter({});
      for (const { step: name, minutes, by } of sequence) {
        const dueAt = (ticket.dueAt ?? 0) + DAY;
        const decision = decideNext(
          ticket,
          { step: name, at: at('18:00') + minutes * MINUTE, by, dueAt, into: 'T-2' },
          at('18:00'),
          byHand,
          other,
        );
        expect(decision.outcome === 'accepted').toBe(allowedSteps(ticket).includes(name) && !sameHand(decision));
        if (decision.outcome !== 'accepted') continue;
        const before = ticket.steps.length;
        for (const event of decision.events) ticket = evolveTicket(ticket, event) as Ticket;
        expect(ticket.steps.length).toBeGreaterThan(before);
        expect(isEnded(ticket.status)).toBe(allowedSteps(ticket).length === 1);
        expect(ticket.endedAt === undefined).toBe(!isEnded(ticket.status));
      }
    }),
    { seed: 20260318, numRuns: 400 },
  );
});

function sameHand(decision: ReturnType<typeof decideNext>): boolean {
  return decision.outcome === 'refused' && decision.refusal.reason === 'samePerson';
}
