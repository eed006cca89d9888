import { describe, expect, it } from 'vitest';
import type { Alert } from '../../domain/alarm.ts';
import { alertFigures } from '../../domain/alertFigures.ts';
import { initialWallState } from '../../domain/wallState.ts';
import { handlingOf, whyNot } from '../../renderer/desk/alert/handling.ts';
import { countOf, filtered, queueView } from '../../renderer/desk/queue/rows.ts';
import type { User } from '../../renderer/desk/session/user.ts';
import type { LinkState } from '../../renderer/live/connection.ts';
import { at, MINUTE, smallAlarms, ticketAfter } from '../support/domainBuilders.ts';

const NOW = at('15:42');
const DAY_START = at('00:00');

function alert(id: string, overrides: Partial<Alert> = {}): Alert {
  return {
    id: `overdue:${id}`,
    kind: 'overdue',
    severity: 'high',
    state: 'unacknowledged',
    active: true,
    raisedAt: at('13:00'),
    unacknowledgedSinceAt: at('13:00'),
    cause: { code: 'overdue' },
    level: 0,
    changedAt: at('13:00'),
    ...overrides,
  };
}

function view(...alerts: readonly Alert[]) {
  const board = initialWallState([], alerts);
  const { listed } = alertFigures({ board, floodRule: smallAlarms().flood, now: NOW, streetOf: () => undefined });
  return queueView(listed, board, DAY_START);
}
const idsOf = (entries: readonly { readonly alert: Alert }[]) => entries.map(({ alert: { id } }) => id.split(':')[1]);

describe('the queue', () => {
  const held = { state: 'acknowledged', acknowledgedBy: '赵甲', acknowledgedAt: at('13:30') } as const;

  it('lists what waits as the wall does: reds, ambers, then what is over unseen; held and shelved below', () => {
    const {
      waiting,
      held: below,
      shelved,
    } = view(
      alert('amber', { raisedAt: at('12:00') }),
      alert('heldAmber', held),
      alert('over', { state: 'returnedUnacknowledged', active: false }),
      alert('red', { severity: 'critical' }),
      alert('away', { state: 'shelved', shelvedBy: '钱乙', shelvedUntilAt: NOW + MINUTE }),
      alert('heldRed', { severity: 'critical', ...held }),
    );
    expect(idsOf(waiting)).toEqual(['red', 'amber', 'over']);
    expect(idsOf(below)).toEqual(['heldRed', 'heldAmber']);
    expect(idsOf(shelved)).toEqual(['away']);
  });

  it('keeps what the wall has no list for: faults of the system, silent sources, due soon and hints', () => {
    const { system, other, waiting } = view(
      alert('x', { id: 'systemFault:diskLow', kind: 'systemFault', raisedAt: at('14:00') }),
      alert('x', { id: 'sourceSilent:12345', kind: 'sourceSilent', severity: 'medium' }),
      alert('x', { id: 'dueSoon:t', kind: 'dueSoon', severity: 'medium' }),
      alert('x', { id: 'stageLate:t', kind: 'stageLate', severity: 'low', raisedAt: at('15:00') }),
    );
    expect(waiting).toEqual([]);
    expect(system.map(({ alert: { kind } }) => kind)).toEqual(['sourceSilent', 'systemFault']);
    expect(other.map(({ alert: { kind } }) => kind)).toEqual(['stageLate', 'dueSoon']);
  });

  it('counts what was cleared today, and only what had been listed', () => {
    const over = { state: 'normal', active: false } as const;
    const { cleared } = view(
      alert('early', { ...over, changedAt: at('09:00') }),
      alert('late', { ...over, changedAt: at('15:00') }),
      alert('yesterday', { ...over, changedAt: DAY_START - 1 }),
      alert('hint', { ...over, severity: 'low', changedAt: at('15:30') }),
    );
    expect(idsOf(cleared)).toEqual(['late', 'early']);
  });

  it('leaves drills out, as the wall does', () => {
    const ticket = { ...ticketAfter({}), flags: ['drill' as const] };
    const about = alert('d', { ticketId: ticket.id, severity: 'low' });
    const board = initialWallState([ticket], [about]);
    expect(queueView([], board, DAY_START).other).toEqual([]);
  });

  it('is filtered by whether somebody holds it; the counts of the filters add up', () => {
    const whole = view(
      alert('a'),
      alert('b', held),
      alert('c', { state: 'shelved', shelvedBy: '钱乙', shelvedUntilAt: NOW + MINUTE }),
      alert('x', { id: 'systemFault:diskLow', kind: 'systemFault' }),
      alert('x', { id: 'dueSoon:t', kind: 'dueSoon', severity: 'medium' }),
    );
    const counts = (['all', 'waiting', 'held'] as const).map((filter) => countOf(filtered(whole, filter)));
    expect(counts).toEqual([4, 2, 2]);
    expect(filtered(whole, 'waiting').held).toEqual([]);
    expect(filtered(whole, 'held').other).toEqual([]);
  });
});

describe('what may be done', () => {
  const user = (role: User['role']): User => ({ id: '1', username: 'zhao', name: '赵甲', role });
  const link = (feed: 'live' | 'stale' | 'offline'): LinkState => ({ kind: 'linked', feed, retries: 0, lostForMs: 0 });

  it('is told by role, then by the link: no acknowledgement waits silently for a network', () => {
    expect(whyNot(user('viewer'), link('live'))).toBe('role');
    expect(whyNot(user('leader'), link('offline'))).toBe('role');
    expect(whyNot(user('duty'), link('offline'))).toBe('offline');
    expect(whyNot(user('duty'), link('stale'))).toBe('offline');
    expect(whyNot(user('duty'), { kind: 'refused', reason: 'unauthorized' })).toBe('offline');
    expect(whyNot(user('duty'), link('live'))).toBe(undefined);
    expect(whyNot(user('admin'), link('live'))).toBe(undefined);
  });

  it('follows the state of the alert', () => {
    expect(handlingOf(alert('a'))).toBe('acknowledge');
    expect(handlingOf(alert('a', { state: 'returnedUnacknowledged' }))).toBe('acknowledge');
    expect(handlingOf(alert('a', { state: 'acknowledged' }))).toBe('held');
    expect(handlingOf(alert('a', { state: 'shelved' }))).toBe('shelved');
    expect(handlingOf(alert('a', { state: 'normal' }))).toBe('over');
  });
});
