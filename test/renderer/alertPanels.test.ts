import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Alert } from '../../domain/alarm.ts';
import type { ListedAlert } from '../../domain/alertFigures.ts';
import { BADGE_HEIGHT, type Badge, type PlacedBadge, placeBadges } from '../../renderer/panels/map/badges.ts';
import type { Box, Point } from '../../renderer/panels/map/geometry.ts';
import { floodLayout, groupLook, priorityShare, ticksOf } from '../../renderer/panels/overdue/flood.ts';
import { holdingOf, overdueRows } from '../../renderer/panels/overdue/rows.ts';
import { at, MINUTE, ticketAfter } from '../support/domainBuilders.ts';

const NOW = at('15:42');

function listed(id: string, overrides: Partial<Alert> = {}, standing: ListedAlert['standing'] = 'unacknowledged') {
  const alert: Alert = {
    id,
    kind: 'overdue',
    severity: 'high',
    state: 'unacknowledged',
    active: true,
    raisedAt: NOW - 9 * MINUTE,
    unacknowledgedSinceAt: NOW - 9 * MINUTE,
    cause: { code: 'overdue' },
    level: 0,
    changedAt: NOW - 9 * MINUTE,
    ...overrides,
  };
  const severity = alert.severity === 'critical' ? 'critical' : 'high';
  return { alert, severity, standing, overdueMs: 1 } satisfies ListedAlert;
}

describe('the rows of the overdue list', () => {
  const reds = Array.from({ length: 8 }, (_, i) => listed(`red-${i}`, { severity: 'critical' }));
  const ambers = Array.from({ length: 4 }, (_, i) => listed(`amber-${i}`));

  it('are all there are while they fit', () => {
    expect(overdueRows(ambers, 4, [])).toEqual({ shown: ambers, hidden: null });
  });

  it('give up one to count the rest by level', () => {
    const two = reds.slice(0, 2);
    const { shown, hidden } = overdueRows([...two, ...ambers], 4, two);
    expect(shown).toEqual([...two, ambers[0]]);
    expect(hidden).toEqual({ count: 3, counts: { critical: 0, high: 3 }, unacknowledged: 3 });
  });

  it('leave the rows to the reds whose turn it is where there are more reds than rows', () => {
    const turn = [reds[6], reds[7], reds[2]] as ListedAlert[];
    const { shown, hidden } = overdueRows([...reds, ...ambers], 4, turn);
    expect(shown).toEqual(turn);
    expect(hidden).toEqual({ count: 9, counts: { critical: 5, high: 4 }, unacknowledged: 9 });
  });

  it('say who has it', () => {
    expect(holdingOf(listed('a', { level: 2 }))).toEqual({
      kind: 'unacknowledged',
      sinceAt: NOW - 9 * MINUTE,
      level: 2,
    });
    expect(holdingOf(listed('a', { lapsedAt: NOW - 4 * MINUTE }))).toMatchObject({
      kind: 'checkMissed',
      sinceAt: NOW - 4 * MINUTE,
    });
    const held = listed(
      'a',
      { state: 'acknowledged', acknowledgedBy: '赵*', acknowledgedAt: NOW, nextCheckAt: NOW + MINUTE },
      'acknowledged',
    );
    expect(holdingOf(held)).toEqual({ kind: 'acknowledged', by: '赵*', at: NOW, nextCheckAt: NOW + MINUTE });
    const shelf = listed('a', { state: 'shelved', shelvedBy: '钱*', shelvedUntilAt: NOW + MINUTE }, 'shelved');
    expect(holdingOf(shelf)).toEqual({ kind: 'shelved', by: '钱*', untilAt: NOW + MINUTE });
    const open = { ...listed('a', { state: 'returnedUnacknowledged' }, 'returned'), ticket: ticketAfter({}) };
    expect(holdingOf(open).kind).toBe('cleared');
    const closed = { ...open, ticket: ticketAfter({}, [{ step: 'close', at: at('10:20') }]) };
    expect(holdingOf(closed).kind).toBe('closed');
  });
});

describe('the flood state', () => {
  it.each([
    [720, 5, 0, { groupRows: 5, lines: 0, columns: 1 }],
    [720, 5, 1, { groupRows: 4, lines: 1, columns: 1 }],
    [720, 5, 8, { groupRows: 4, lines: 2, columns: 1 }],
    [720, 12, 40, { groupRows: 3, lines: 5, columns: 2 }],
    [900, 12, 40, { groupRows: 4, lines: 8, columns: 1 }],
  ] as const)('shares a column of %d among %d groups and %d criticals', (height, groups, criticals, layout) => {
    expect(floodLayout(height, groups, criticals)).toEqual(layout);
  });

  it('never gives away more room than there is', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 500, max: 1400 }),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 0, max: 300 }),
        (height, groups, criticals) => {
          const { groupRows, lines } = floodLayout(height, groups, criticals);
          const lane = lines === 0 ? 0 : lines * 28 + 14;
          expect(58 + 186 + 44 + lane + groupRows * 84).toBeLessThanOrEqual(Math.max(height, 58 + 186 + 44 + 42 + 84));
          expect(lines === 0).toBe(criticals === 0);
        },
      ),
    );
  });

  it('gives each alert one tick, waiting reds first, and the group the level that still waits', () => {
    const alerts = [
      listed('held', { severity: 'critical', state: 'acknowledged' }).alert,
      listed('amber').alert,
      listed('red', { severity: 'critical', state: 'returnedUnacknowledged' }).alert,
    ];
    const group = {
      key: 'k',
      category: 'c',
      department: 'd',
      streetId: 's',
      alerts,
      critical: 2,
      high: 1,
      unacknowledged: 2,
      oldestAt: NOW,
      grids: 1,
    };
    expect(ticksOf(group)).toEqual([
      { id: 'red', tick: 'critical' },
      { id: 'amber', tick: 'high' },
      { id: 'held', tick: 'held' },
    ]);
    expect(groupLook(group)).toEqual({ severity: 'critical', held: false });
    expect(groupLook({ ...group, alerts: alerts.slice(0, 2) })).toEqual({ severity: 'high', held: false });
    expect(groupLook({ ...group, alerts: alerts.slice(0, 1) })).toEqual({ severity: 'critical', held: true });
  });

  it('gives shares that add up', () => {
    expect(priorityShare({ low: 0, medium: 0, high: 0, critical: 0 })).toEqual({ critical: 0, high: 0, rest: 0 });
    expect(priorityShare({ low: 60, medium: 20, high: 15, critical: 5 })).toEqual({ critical: 5, high: 15, rest: 80 });
    fc.assert(
      fc.property(
        fc.nat(99),
        fc.nat(99),
        fc.nat(99),
        fc.integer({ min: 1, max: 99 }),
        (low, medium, high, critical) => {
          const share = priorityShare({ low, medium, high, critical });
          expect(share.critical + share.high + share.rest).toBe(100);
          expect(Math.min(share.critical, share.high, share.rest)).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });
});

describe('badges on the map', () => {
  const slot = { width: 800, height: 460 };
  const radius = 17;
  const inside = ({ left, top, right, bottom }: Box) =>
    left >= 0 && top >= 0 && right <= slot.width && bottom <= slot.height;
  const overlap = (a: Box, b: Box) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  const distance = ({ left, top, right, bottom }: Box, { x, y }: Point) =>
    Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));

  it('sit beside the tiles that they name, over no mark', () => {
    const tiles = [
      { x: 300, y: 200 },
      { x: 330, y: 200 },
    ];
    const [badge] = placeBadges({
      badges: [{ key: 'roads', width: 180, tiles }],
      marks: tiles,
      obstacles: [],
      slot,
      radius,
    });
    expect(badge).toBeDefined();
    const { box, leader } = badge as PlacedBadge;
    for (const tile of tiles) expect(distance(box, tile)).toBeGreaterThanOrEqual(radius * 0.99);
    expect(Math.min(...tiles.map((tile) => distance(box, tile)))).toBeLessThan(3 * radius);
    expect(leader === undefined || distance(box, leader[0]) < 0.01).toBe(true);
  });

  it('collide with nothing, wherever the tiles are', () => {
    const point = fc.record({ x: fc.integer({ min: 20, max: 780 }), y: fc.integer({ min: 20, max: 440 }) });
    const badge = fc.record({
      width: fc.integer({ min: 90, max: 260 }),
      tiles: fc.array(point, { minLength: 1, maxLength: 8 }),
    });
    fc.assert(
      fc.property(fc.array(badge, { maxLength: 6 }), (wanted) => {
        const obstacles = [{ left: 0, top: 0, right: 200, bottom: 66 }];
        const badges: Badge[] = wanted.map((one, i) => ({ key: `${i}`, ...one }));
        const marks = badges.flatMap(({ tiles }) => tiles);
        const placed = placeBadges({ badges, marks, obstacles, slot, radius });
        for (const [i, { box, leader }] of placed.entries()) {
          expect(inside(box)).toBe(true);
          expect(box.bottom - box.top).toBe(BADGE_HEIGHT);
          for (const mark of marks) expect(distance(box, mark)).toBeGreaterThan(0);
          for (const other of [...placed.slice(0, i).map((one) => one.box), ...obstacles]) {
            expect(overlap(box, other)).toBe(false);
          }
          if (leader !== undefined) expect(distance(box, leader[0])).toBeLessThan(0.01);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('leave a group out for which there is no room', () => {
    const tiles = [{ x: 100, y: 100 }];
    const everywhere = [{ left: 0, top: 0, right: 800, bottom: 460 }];
    expect(
      placeBadges({ badges: [{ key: 'a', width: 100, tiles }], marks: tiles, obstacles: everywhere, slot, radius }),
    ).toEqual([]);
  });
});
