import { describe, expect, it } from 'vitest';
import type { Alert } from '../../domain/alarm.ts';
import { alertFigures, foldGroups, isUnacknowledged, isUrgent, severityCounts } from '../../domain/alertFigures.ts';
import type { FloodChanged } from '../../domain/flood.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { initialWallState } from '../../domain/wallState.ts';
import { at, MINUTE, smallDeployment, ticketAfter } from '../support/domainBuilders.ts';

const NOW = at('15:42:08');
const RULE = smallDeployment().alarms.flood;

function alert(id: string, overrides: Partial<Alert> = {}): Alert {
  return {
    id,
    kind: 'overdue',
    severity: 'high',
    state: 'unacknowledged',
    active: true,
    category: 'parking',
    department: 'patrol',
    gridId: 'g1',
    domain: 'urban',
    raisedAt: NOW - 5 * MINUTE,
    cause: { code: 'overdue' },
    level: 0,
    changedAt: NOW - 5 * MINUTE,
    ...overrides,
  };
}

function lateTicket(id: string, lateMinutes: number): Ticket {
  return ticketAfter({ id, reportedAt: NOW - (lateMinutes + 60) * MINUTE, dueAt: NOW - lateMinutes * MINUTE });
}

function figures(
  alerts: readonly Alert[],
  rest: { tickets?: readonly Ticket[]; raisesAt?: readonly number[]; flood?: FloodChanged; now?: number } = {},
) {
  const raises = (rest.raisesAt ?? []).map((raisedAt) => ({ at: raisedAt }));
  return alertFigures({
    board: initialWallState(rest.tickets ?? [], alerts, raises, rest.flood),
    floodRule: RULE,
    now: rest.now ?? NOW,
    streetOf: (gridId) => (gridId === 'g1' ? 's1' : undefined),
  });
}

function flood(minutesAgo: number, active = true): FloodChanged {
  const when = NOW - minutesAgo * MINUTE;
  return { type: 'floodChanged', at: when, recordedAt: when, active, recent: active ? 11 : 4 };
}

describe('the list of alerts', () => {
  const states = [
    alert('held-amber', { state: 'acknowledged' }),
    alert('shelved-red', { state: 'shelved', severity: 'critical' }),
    alert('held-red', { state: 'acknowledged', severity: 'critical' }),
    alert('closed', { state: 'returnedUnacknowledged', severity: 'critical' }),
    alert('amber'),
    alert('red', { severity: 'critical' }),
  ];

  it('is in the order of the specification, shelved ones at its end', () => {
    expect(figures(states).listed.map(({ alert: { id } }) => id)).toEqual([
      'red',
      'amber',
      'closed',
      'held-red',
      'held-amber',
      'shelved-red',
    ]);
    expect(severityCounts(figures(states).listed)).toEqual({ critical: 4, high: 2 });
    expect(figures(states).listed.filter(isUnacknowledged)).toHaveLength(3);
    expect(
      figures(states)
        .listed.filter(isUrgent)
        .map(({ alert: { id } }) => id),
    ).toEqual(['red']);
  });

  it('puts the longest overdue first and never re-sorts by time alone', () => {
    const tickets = [lateTicket('young', 3), lateTicket('old', 90), lateTicket('handled', 60)];
    const handled = { ...(tickets[2] as Ticket), handledAt: NOW - 55 * MINUTE };
    const about = tickets.map(({ id }) => alert(`overdue:${id}`, { ticketId: id }));
    const order = (now: number) =>
      figures(about, { tickets: [...tickets.slice(0, 2), handled], now }).listed.map(({ ticket }) => ticket?.id);
    expect(order(NOW)).toEqual(['old', 'handled', 'young']);
    for (const hours of [1, 5, 50]) expect(order(NOW + hours * 60 * MINUTE)).toEqual(order(NOW));
    const [old, still] = figures(about, { tickets: [...tickets.slice(0, 2), handled] }).listed;
    expect(old?.overdueMs).toBe(90 * MINUTE);
    expect(still?.overdueMs).toBe(5 * MINUTE);
  });

  it('holds red and amber about tickets only; the system’s own stand apart, drills and the canary nowhere', () => {
    const drill = { ...lateTicket('drill', 5), flags: ['drill'] as const };
    const { listed, systemFaults, bySeverity } = figures(
      [
        alert('due', { kind: 'dueSoon', severity: 'medium' }),
        alert('late', { kind: 'stageLate', severity: 'low' }),
        alert('critical', { kind: 'criticalTicket', severity: 'critical' }),
        alert('surge', { kind: 'surge' }),
        alert('source', { kind: 'sourceSilent' }),
        alert('disk', { kind: 'systemFault' }),
        alert('over', { state: 'normal' }),
        alert('out', { state: 'outOfService' }),
        alert('practice', { ticketId: 'drill' }),
      ],
      { tickets: [drill] },
    );
    expect(listed.map(({ alert: { id } }) => id)).toEqual(['critical', 'surge']);
    expect(systemFaults.map(({ id }) => id)).toEqual(['disk']);
    expect(bySeverity).toEqual({ low: 1, medium: 1, high: 1, critical: 1 });
  });
});

describe('the flood state of the wall', () => {
  it('begins with the flood and counts what was raised in its window and in each minute', () => {
    expect(figures([alert('a')], { raisesAt: [NOW] }).flood).toBeNull();
    const raisesAt = [NOW - 29 * MINUTE, NOW - 11 * MINUTE, NOW - 4 * MINUTE, NOW - 4 * MINUTE, NOW];
    const shown = figures([alert('a')], { raisesAt, flood: flood(2) }).flood;
    expect(shown?.recent).toBe(3);
    expect(shown?.histogram.startAt).toBe(at('15:13'));
    const counts = shown?.histogram.counts ?? [];
    expect(counts).toHaveLength(30);
    expect([counts[0], counts[18], counts[25], counts[29]]).toEqual([1, 1, 2, 1]);
    expect(counts.reduce((sum, value) => sum + value, 0)).toBe(5);
  });

  it('names what came first within the flood, also when it is already over', () => {
    const shown = figures(
      [
        alert('long before', { raisedAt: NOW - 95 * MINUTE }),
        alert('first', { raisedAt: NOW - 9 * MINUTE, state: 'normal' }),
        alert('second', { raisedAt: NOW - 8 * MINUTE }),
      ],
      { flood: flood(2) },
    ).flood;
    expect(shown?.first?.id).toBe('first');
  });

  it('still names it when the flood is over, from the raises that made it one', () => {
    const raisedAt = (minutesAgo: number) => NOW - minutesAgo * MINUTE;
    const burst = Array.from({ length: 12 }, (_, i) => raisedAt(25) + i * 1000);
    const shown = figures(
      [
        alert('unrelated', { raisedAt: raisedAt(50) }),
        alert('first', { raisedAt: burst[0] as number, state: 'acknowledged' }),
        alert('last', { raisedAt: burst.at(-1) as number }),
      ],
      { raisesAt: [raisedAt(50), ...burst, raisedAt(3)], flood: flood(10, false) },
    ).flood;
    expect(shown?.first?.id).toBe('first');
  });

  it('stays until the rate is down and all that it brought has been seen', () => {
    const over = flood(1, false);
    expect(figures([alert('a')], { flood: over }).flood).not.toBeNull();
    expect(figures([alert('a', { state: 'returnedUnacknowledged' })], { flood: over }).flood).not.toBeNull();
    expect(figures([alert('a', { state: 'acknowledged' })], { flood: over }).flood).toBeNull();
    expect(figures([alert('later', { raisedAt: NOW - 1000 })], { flood: over }).flood).toBeNull();
    expect(figures([alert('soon', { kind: 'dueSoon', severity: 'medium' })], { flood: over }).flood).toBeNull();
    expect(figures([alert('a', { state: 'acknowledged' })], { flood: flood(2) }).flood).not.toBeNull();
  });

  it('puts groups that wait before groups that somebody holds, and folds none away uncounted', () => {
    const groups =
      figures(
        [
          alert('held', { category: 'manhole', severity: 'critical', state: 'acknowledged' }),
          alert('amber-1', { category: 'lamp' }),
          alert('amber-2', { category: 'lamp' }),
          alert('red', { category: 'parking', severity: 'critical' }),
          alert('elsewhere', { category: 'permit', gridId: 'g9' }),
        ],
        { flood: flood(2) },
      ).flood?.groups ?? [];
    expect(groups.map(({ category }) => category)).toEqual(['parking', 'lamp', 'permit', 'manhole']);
    expect(foldGroups(groups, 4)).toBe(groups);
    const folded = foldGroups(groups, 3);
    expect(folded.map(({ key, category }) => category ?? key)).toEqual(['parking', 'lamp', '']);
    expect(folded[2]).toMatchObject({ critical: 1, high: 1, unacknowledged: 1, grids: 2 });
    expect(folded.flatMap((group) => group.alerts)).toHaveLength(5);
  });
});
