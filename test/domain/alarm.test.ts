import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ALERT_STATES,
  type Alert,
  type AlertState,
  nextState,
  SEVERITIES,
  type Severity,
  STIMULI,
} from '../../domain/alarm.ts';
import {
  type AlarmHandling,
  alertDueAt,
  type Condition,
  decideAcknowledge,
  decideCondition,
  decideRelease,
  decideShelve,
  decideTimer,
} from '../../domain/alarmDecide.ts';
import { at, HOUR, MINUTE } from '../support/domainBuilders.ts';

const handling: AlarmHandling = {
  selfClearing: ['dueSoon'],
  nextCheckMinutes: {
    low: { standard: 120, most: 480 },
    medium: { standard: 60, most: 240 },
    high: { standard: 30, most: 120 },
    critical: { standard: 15, most: 60 },
  },
  climbMinutes: { low: 0, medium: 0, high: 30, critical: 10 },
  shelveMinutesAtMost: 480,
  dispositions: ['phoned', 'onSite', 'extension', 'transferred'],
};

function moment(instant: number) {
  return { at: instant, recordedAt: instant, handling };
}

function overdue(severity: Severity = 'high'): Condition {
  return {
    kind: 'overdue',
    subject: 'T-1',
    ticketId: 'T-1',
    severity,
    sinceAt: at('10:00'),
    cause: { code: 'overdue' },
  };
}

function raised(severity: Severity = 'high', when = at('10:00')): Alert {
  return decideCondition(undefined, overdue(severity), moment(when))?.alert as Alert;
}

function acknowledged(by = '赵甲', when = at('10:05'), alert = raised()): Alert {
  const decision = decideAcknowledge(alert, { actor: by, disposition: 'phoned' }, moment(when));
  if (decision.outcome !== 'accepted') throw new Error(JSON.stringify(decision));
  return decision.event.alert;
}

describe('the table of transitions', () => {
  // ISA-18.2 §5 as this product reads it, typed in by hand: from, stimulus, condition holds afterwards → to.
  test.each<[AlertState, (typeof STIMULI)[number], boolean, AlertState | undefined]>([
    ['normal', 'raise', true, 'unacknowledged'],
    ['normal', 'acknowledge', false, undefined],
    ['normal', 'clear', false, undefined],
    ['unacknowledged', 'acknowledge', true, 'acknowledged'],
    ['unacknowledged', 'clear', false, 'returnedUnacknowledged'],
    ['unacknowledged', 'lapse', true, undefined],
    ['acknowledged', 'clear', false, 'normal'],
    ['acknowledged', 'worsen', true, 'unacknowledged'],
    ['acknowledged', 'ease', true, 'acknowledged'],
    ['acknowledged', 'lapse', true, 'unacknowledged'],
    ['acknowledged', 'acknowledge', true, undefined],
    ['returnedUnacknowledged', 'acknowledge', false, 'normal'],
    ['returnedUnacknowledged', 'raise', true, 'unacknowledged'],
    ['returnedUnacknowledged', 'shelve', false, undefined],
    ['shelved', 'unshelve', true, 'unacknowledged'],
    ['shelved', 'unshelve', false, 'normal'],
    ['shelved', 'clear', false, 'shelved'],
    ['shelved', 'worsen', true, 'unacknowledged'],
    ['suppressed', 'worsen', true, 'suppressed'],
    ['suppressed', 'unsuppress', true, 'unacknowledged'],
    ['suppressed', 'unsuppress', false, 'normal'],
    ['outOfService', 'raise', true, 'outOfService'],
    ['outOfService', 'enable', true, 'unacknowledged'],
    ['outOfService', 'acknowledge', true, undefined],
  ])('%s on %s (condition %s) → %s', (from, stimulus, active, to) => {
    expect(nextState(from, stimulus, active)).toBe(to);
  });

  test('no state is a trap: from each, some stimulus leads on, and normal can be reached', () => {
    for (const start of ALERT_STATES) {
      const seen = new Set<AlertState>([start]);
      for (const state of seen) {
        for (const stimulus of STIMULI) {
          for (const active of [true, false]) {
            const next = nextState(state, stimulus, active);
            if (next !== undefined) seen.add(next);
          }
        }
      }
      expect(seen).toContain('normal');
    }
  });
});

describe('an acknowledgement', () => {
  test('names who, what and when to look again, and closes nothing', () => {
    expect(acknowledged()).toMatchObject({
      state: 'acknowledged',
      active: true,
      acknowledgedBy: '赵甲',
      acknowledgedAt: at('10:05'),
      disposition: 'phoned',
      nextCheckAt: at('10:35'),
    });
    expect(acknowledged()).not.toHaveProperty('climbAt');
  });

  test('has one winner', () => {
    const held = acknowledged('赵甲');
    expect(decideAcknowledge(held, { actor: '钱乙', disposition: 'onSite' }, moment(at('10:06')))).toEqual({
      outcome: 'refused',
      refusal: { reason: 'alreadyAcknowledged', by: '赵甲' },
    });
    expect(decideAcknowledge(held, { actor: '赵甲', disposition: 'phoned' }, moment(at('10:06')))).toEqual({
      outcome: 'repeated',
    });
  });

  test.each([
    ['an unknown disposition', { disposition: 'ignored' }, 'disposition'],
    ['a check in the past', { disposition: 'phoned', nextCheckAt: at('10:05') }, 'nextCheckAt'],
    ['a check too far ahead', { disposition: 'phoned', nextCheckAt: at('12:05') + 1 }, 'nextCheckAt'],
  ])('with %s is refused by field', (_what, command, path) => {
    const decision = decideAcknowledge(raised(), { actor: '赵甲', ...command }, moment(at('10:05')));
    expect(decision).toMatchObject({ outcome: 'refused', refusal: { reason: 'invalid', errors: [{ path }] } });
  });

  test('lapses at its next check, at the instant it was set for, and the ladder starts anew', () => {
    const held = acknowledged();
    expect(alertDueAt(held)).toBe(at('10:35'));
    expect(decideTimer(held, undefined, moment(at('10:34')))).toBeUndefined();
    const lapsed = decideTimer(held, undefined, moment(at('10:35')))?.alert as Alert;
    expect(lapsed).toMatchObject({ state: 'unacknowledged', lapsedAt: at('10:35'), climbAt: at('11:05') });
    expect(lapsed).not.toHaveProperty('acknowledgedBy');
  });

  test('moves its next check on where somebody worked on the ticket since', () => {
    const event = decideTimer(acknowledged(), at('10:20'), moment(at('10:35')));
    expect(event).toMatchObject({ stimulus: 'renew', alert: { state: 'acknowledged', nextCheckAt: at('11:05') } });
    const again = decideTimer(event?.alert as Alert, at('10:20'), moment(at('11:05')));
    expect(again?.stimulus).toBe('lapse');
  });

  test('is asked for again when the severity rises, not when it falls', () => {
    const worse = decideCondition(acknowledged(), overdue('critical'), moment(at('10:10')))?.alert as Alert;
    expect(worse).toMatchObject({ state: 'unacknowledged', severity: 'critical', climbAt: at('10:20') });
    const critical = acknowledged('赵甲', at('10:05'), raised('critical'));
    expect(decideCondition(critical, overdue('high'), moment(at('10:10')))?.alert).toMatchObject({
      state: 'acknowledged',
      acknowledgedBy: '赵甲',
    });
  });

  test('survives whatever the sender repeats', () => {
    expect(decideCondition(acknowledged(), overdue(), moment(at('10:20')))).toBeUndefined();
  });
});

describe('a shelf', () => {
  test('needs a reason and an end within the limit', () => {
    const refuse = (untilAt: number, reason: string) =>
      decideShelve(raised(), { actor: '钱乙', untilAt, reason }, moment(at('10:05'))).outcome;
    expect(refuse(at('12:00'), ' ')).toBe('refused');
    expect(refuse(at('10:05'), '待料')).toBe('refused');
    expect(refuse(at('10:05') + 8 * HOUR + 1, '待料')).toBe('refused');
    expect(refuse(at('10:05') + 8 * HOUR, '待料')).toBe('accepted');
  });

  test.each([
    [true, 'unacknowledged'],
    [false, 'normal'],
  ])('ends by force and looks again: condition holds %s → %s', (holds, state) => {
    const decision = decideShelve(
      raised(),
      { actor: '钱乙', untilAt: at('12:00'), reason: '待料' },
      moment(at('10:05')),
    );
    let alert = decision.outcome === 'accepted' ? decision.event.alert : raised();
    if (!holds) alert = decideCondition(alert, undefined, moment(at('11:00')))?.alert as Alert;
    expect(alert.state).toBe('shelved');
    expect(decideTimer(alert, undefined, moment(at('12:00')))?.alert).toMatchObject({ state });
  });
});

test('an unanswered alert climbs the ladder to the district and no further', () => {
  let alert = raised('critical');
  const rungs: [number, number][] = [];
  for (let due = alertDueAt(alert); due !== undefined; due = alertDueAt(alert)) {
    alert = decideTimer(alert, undefined, moment(due))?.alert as Alert;
    rungs.push([alert.level, (due - at('10:00')) / MINUTE]);
  }
  expect(rungs).toEqual([
    [1, 10],
    [2, 20],
    [3, 30],
  ]);
});

test('what clears by itself asks nobody', () => {
  const dueSoon: Condition = { ...overdue('medium'), kind: 'dueSoon' };
  const alert = decideCondition(undefined, dueSoon, moment(at('10:00')))?.alert as Alert;
  expect(decideCondition(alert, undefined, moment(at('10:30')))?.alert.state).toBe('normal');
  expect(decideCondition(raised(), undefined, moment(at('10:30')))?.alert.state).toBe('returnedUnacknowledged');
});

/**
 * The rules once more, as one would tell them to a new colleague, over plain facts instead of a table:
 * is the condition true, has somebody put their name to it, is it put aside, has nobody yet seen that it is over.
 */
interface Story {
  holds: boolean;
  severity: number;
  holder: string | undefined;
  aside: boolean;
  unseen: boolean;
}

function told(story: Story): AlertState {
  if (story.aside) return 'shelved';
  if (story.holds) return story.holder === undefined ? 'unacknowledged' : 'acknowledged';
  return story.unseen ? 'returnedUnacknowledged' : 'normal';
}

test('model: random histories end where the story told in plain words ends', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('condition' as const), severity: fc.constantFrom(-1, 2, 3) }),
    fc.record({ kind: fc.constant('acknowledge' as const), who: fc.constantFrom('赵甲', '钱乙') }),
    fc.record({ kind: fc.constant('release' as const), who: fc.constantFrom('赵甲', '钱乙') }),
    fc.record({ kind: fc.constant('shelve' as const), minutes: fc.integer({ min: 1, max: 40 }) }),
    fc.record({ kind: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 40 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (history) => {
      let now = at('10:00');
      let alert: Alert | undefined;
      const story: Story = { holds: false, severity: 0, holder: undefined, aside: false, unseen: false };
      let nextCheckAt = Number.POSITIVE_INFINITY;
      let shelfEndsAt = Number.POSITIVE_INFINITY;
      for (const happening of history) {
        switch (happening.kind) {
          case 'condition': {
            const condition =
              happening.severity < 0 ? undefined : overdue(SEVERITIES.at(happening.severity) as Severity);
            alert = decideCondition(alert, condition, moment(now))?.alert ?? alert;
            const worse = story.holds && happening.severity > story.severity;
            if (happening.severity < 0) {
              if (story.holds && story.holder === undefined && !story.aside) story.unseen = true;
              story.holds = false;
              story.holder = undefined;
            } else {
              if (worse || !story.holds) {
                story.holder = undefined;
                story.unseen = true;
              }
              if (worse) story.aside = false;
              story.holds = true;
              story.severity = happening.severity;
            }
            break;
          }
          case 'acknowledge': {
            if (alert === undefined) break;
            const decision = decideAcknowledge(alert, { actor: happening.who, disposition: 'onSite' }, moment(now));
            const free = !story.aside && (story.holds ? story.holder === undefined : story.unseen);
            expect(decision.outcome === 'accepted').toBe(free);
            if (decision.outcome === 'accepted') {
              alert = decision.event.alert;
              story.unseen = false;
              if (story.holds) {
                story.holder = happening.who;
                nextCheckAt = now + (story.severity === 3 ? 15 : 30) * MINUTE;
              }
            }
            break;
          }
          case 'release': {
            if (alert === undefined) break;
            const decision = decideRelease(alert, happening.who, moment(now));
            expect(decision.outcome === 'accepted').toBe(story.aside || story.holder !== undefined);
            if (decision.outcome === 'accepted') {
              alert = decision.event.alert;
              story.aside = false;
              story.holder = undefined;
              story.unseen = story.holds;
            }
            break;
          }
          case 'shelve': {
            if (alert === undefined) break;
            const untilAt = now + happening.minutes * MINUTE;
            const decision = decideShelve(alert, { actor: '钱乙', untilAt, reason: '待料' }, moment(now));
            expect(decision.outcome === 'accepted').toBe(story.holds && !story.aside);
            if (decision.outcome === 'accepted') {
              alert = decision.event.alert;
              story.aside = true;
              story.holder = undefined;
              story.unseen = false;
              shelfEndsAt = untilAt;
            }
            break;
          }
          case 'wait': {
            now += happening.minutes * MINUTE;
            for (
              let due = alert && alertDueAt(alert);
              due !== undefined && due <= now;
              due = alert && alertDueAt(alert)
            ) {
              alert = decideTimer(alert as Alert, undefined, moment(due))?.alert ?? alert;
            }
            if (story.aside && shelfEndsAt <= now) {
              story.aside = false;
              story.unseen = story.holds;
            } else if (story.holder !== undefined && nextCheckAt <= now) {
              story.holder = undefined;
              story.unseen = true;
            }
            break;
          }
        }
        if (alert !== undefined) {
          expect(alert.state).toBe(told(story));
          expect(alert.active).toBe(story.holds);
          expect(alert.acknowledgedBy !== undefined && alert.state === 'acknowledged').toBe(
            story.holds && story.holder !== undefined,
          );
        }
      }
    }),
    { seed: 18, numRuns: 1500 },
  );
});
