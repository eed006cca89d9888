import { describe, expect, it } from 'vitest';
import type { Ticket } from '../../domain/ticket.ts';
import { NO_ARRIVALS, rowsInserted, withArrived } from '../../renderer/layout/slide.ts';
import { rowCapacity } from '../../renderer/layout/unit.ts';
import { rateAxis } from '../../renderer/panels/departments/axis.ts';
import { hourOfDay } from '../../renderer/panels/domain/DomainPanel.tsx';
import { dayLine, sparkOption, sparkShape, valueCeiling } from '../../renderer/panels/domain/option.ts';
import { lanePosition, lanePositions } from '../../renderer/panels/dueSoon/DueSoonPanel.tsx';
import { fitColumns, trustColumns } from '../../renderer/panels/header/trust.ts';
import { layoutMap } from '../../renderer/panels/map/geometry.ts';
import { placeLabels } from '../../renderer/panels/map/labels.ts';
import { placeOf } from '../../renderer/panels/place.ts';
import { overtakenCount, streamRow } from '../../renderer/panels/stream/rows.ts';
import { textEm } from '../../renderer/panels/textWidth.ts';
import { localDay } from '../../renderer/words/formats.ts';
import { CHART_THEME } from '../support/chartTheme.ts';
import { at, HOUR, handWorkingTime, MINUTE, smallDeployment, ticketAfter } from '../support/domainBuilders.ts';

const NOW = at('15:42');
describe('the rows of a panel', () => {
  it.each([
    [720, 60, 10],
    [450, 58, 6],
    [40, 58, 1],
  ])('gives a panel of %d room for rows of %d: %d', (height, row, rows) => expect(rowCapacity(height, row)).toBe(rows));
});

describe('a row of the stream', () => {
  const working = handWorkingTime();
  const reportedAt = at('15:00');
  const dueAt = at('16:00');
  const dispatch = { step: 'dispatch', at: at('15:02'), department: 'works' } as const;
  const handle = { step: 'handle', at: at('15:10'), by: '甲' } as const;
  const states: readonly (readonly [string, Parameters<typeof ticketAfter>, number, object])[] = [
    ['waits to be accepted', [{ reportedAt, dueAt }], at('15:01'), { kind: 'awaiting' }],
    [
      'was sent back',
      [{ reportedAt, dueAt }, [dispatch, { step: 'return', at: at('15:05') }]],
      NOW,
      { kind: 'returned' },
    ],
    [
      'is newly dispatched',
      [{ reportedAt, dueAt }, [dispatch]],
      at('15:02:59'),
      { kind: 'dispatched', department: 'works' },
    ],
    ['is being handled', [{ reportedAt, dueAt }, [dispatch]], NOW, { kind: 'handling', leftMs: 18 * MINUTE }],
    ['has no deadline', [{ reportedAt, category: 'idea' }, [dispatch]], NOW, { kind: 'handling', leftMs: undefined }],
    [
      'is late',
      [{ reportedAt, dueAt }, [dispatch]],
      at('16:05'),
      { kind: 'late', severity: 'high', lateMs: 5 * MINUTE },
    ],
    [
      'stands still',
      [{ reportedAt, dueAt }, [dispatch, { step: 'suspend', at: at('15:20') }]],
      NOW,
      { kind: 'suspended' },
    ],
    ['waits for verification', [{ reportedAt, dueAt }, [dispatch, handle]], NOW, { kind: 'verifying' }],
    [
      'was sent back by verification',
      [{ reportedAt, dueAt }, [dispatch, handle, { step: 'rework', at: at('15:20') }]],
      NOW,
      { kind: 'rework', leftMs: 18 * MINUTE },
    ],
    [
      'is closed, with its points',
      [{ reportedAt, dueAt }, [dispatch, handle, { step: 'verify', at: at('15:14'), by: '乙' }]],
      NOW,
      { kind: 'closed', points: 0 },
    ],
    ['is void', [{ reportedAt, dueAt }, [{ step: 'void', at: at('15:14') }]], NOW, { kind: 'void' }],
  ];
  it.each(states)('%s', (_, args, now, state) => {
    const ticket = ticketAfter(...args);
    const expected = 'points' in state ? { ...state, points: ticket.points } : state;
    expect(streamRow(ticket, working, now, 1).state).toEqual(expected);
  });

  it('keeps its mark for a real minute, also in a fast replay', () => {
    const ticket = ticketAfter({ reportedAt });
    expect(streamRow(ticket, working, reportedAt + 59_000, 1).fresh).toBe(true);
    expect(streamRow(ticket, working, reportedAt + 61_000, 1).fresh).toBe(false);
    expect(streamRow(ticket, working, reportedAt + HOUR, 3600).fresh).toBe(true);
  });

  it('is counted when newer ones have pushed it out while it was new', () => {
    const tickets = Array.from({ length: 14 }, (_, i) =>
      ticketAfter({ id: `T-${i}`, reportedAt: NOW - (14 - i) * 5000 }),
    );
    const board = { tickets: new Map(tickets.map((ticket) => [ticket.id, ticket])) };
    const snapshot = { arrivals: tickets.map(({ id }) => id), board: board as never };
    expect(overtakenCount(snapshot, 10, NOW, 1)).toBe(1);
    expect(overtakenCount(snapshot, 10, NOW, 2)).toBe(4);
    expect(overtakenCount(snapshot, 14, NOW, 2)).toBe(0);
  });
});

describe('places', () => {
  const nameOf = ({ zh }: { zh: string }) => zh;
  it('names grid and department, or address and domain, and takes unlisted ones as they are', () => {
    const deployment = smallDeployment();
    const ticket = ticketAfter({});
    expect(placeOf(ticket, deployment, nameOf, 'department')).toBe('荷韵花园-03 · 城管执法大队');
    expect(placeOf(ticket, deployment, nameOf, 'domain')).toBe('城市管理 · 荷韵花园-03');
    const elsewhere = ticketAfter({ location: { address: '便民大厅' }, department: 'PWDx' });
    expect(placeOf(elsewhere, deployment, nameOf, 'department')).toBe('便民大厅 · PWDx');
    expect(placeOf(ticketAfter({ location: {} }), deployment, nameOf, 'domain')).toBe('城市管理');
  });
});

describe('the trust strip', () => {
  const expected = [{ id: 'grid', name: { zh: '网格员' }, periodSeconds: 10 }];
  const source = { id: 'grid', kind: 'client', state: 'live', lastEventAt: NOW, ageMs: 0 } as const;
  it.each([
    ['whose pulse may still come', { ...source, ageMs: 15_000 }, false],
    ['whose pulse was missed', { ...source, ageMs: 15_001 }, true],
    ['that was never heard of, while it may be', { ...source, lastEventAt: null, ageMs: null }, false],
    ['called silent', { ...source, state: 'silent' as const }, true],
    ['failed', { ...source, state: 'failed' as const }, true],
    ['finished', { ...source, state: 'finished' as const, ageMs: HOUR }, false],
    ['not expected by the deployment', { ...source, id: 'other', ageMs: HOUR }, false],
    ['replayed', { ...source, kind: 'replay', ageMs: HOUR }, false],
  ])('a source %s', (_, status, late) => expect(trustColumns(expected, [status], 0, 1)[0]?.late).toBe(late));

  it('grows older by itself, in real time, and names what is missed though the server is gone', () => {
    const heard = { ...source, ageMs: 9000 };
    expect(trustColumns(expected, [heard], 6000, 3600)[0]).toMatchObject({ ageMs: 15_000, late: false });
    expect(trustColumns(expected, [heard], 6001, 3600)[0]).toMatchObject({ ageMs: 15_001, late: true });
    const replayed = { ...heard, kind: 'replay' };
    expect(trustColumns(expected, [replayed], 1000, 60)[0]).toMatchObject({ ageMs: 69_000, late: false });
  });

  it('shows what there is room for, late sources first, and counts the rest', () => {
    const columns = ['一二三四', '一二三四', '一二三四', '一二三四'].map((label, i) => ({
      label,
      id: i,
      late: i === 3,
    }));
    expect(fitColumns(columns, 1000)).toEqual({ shown: columns, hidden: 0, hiddenLate: 0 });
    const tight = fitColumns(columns, 340);
    expect(tight.shown.map(({ id }) => id)).toEqual([3, 0]);
    expect(tight).toMatchObject({ hidden: 2, hiddenLate: 0 });
    expect(fitColumns(columns, 0)).toMatchObject({ shown: [], hidden: 4, hiddenLate: 1 });
  });
});

describe('the lane', () => {
  it.each([
    [0, 0],
    [59_999, 0],
    [30 * MINUTE, 0.5],
    [HOUR, 1],
  ])('puts %d ms left at %d', (leftMs, position) => expect(lanePosition(leftMs)).toBe(position));

  it('has one bar a minute, however many tickets are due then', () => {
    const ticket = {} as Ticket;
    const leftMs = [0, 1, MINUTE, 30 * MINUTE, 30 * MINUTE + 1, 31 * MINUTE];
    const tickets = leftMs.flatMap((left) => Array.from({ length: 100 }, () => ({ ticket, leftMs: left })));
    expect([...lanePositions(tickets)]).toEqual([
      [0, 'near'],
      [lanePosition(MINUTE), 'near'],
      [lanePosition(30 * MINUTE), 'near'],
      [lanePosition(31 * MINUTE), 'far'],
    ]);
  });
});

describe('the rate axis', () => {
  const row = (onTimeRate: number | null, rank: number | null = 1) => ({ id: 'd', rank, onTimeRate, dueInPeriod: 50 });
  it.each([
    ['starts at ninety', [row(0.97), row(0.93)], 0.9],
    ['goes down with the lowest', [row(0.97), row(0.64)], 0.6],
    ['ends at nothing', [row(0)], 0],
    ['does not heed the unranked', [row(0.2, null), row(0.97)], 0.9],
  ])('%s', (_, rows, from) => {
    const axis = rateAxis(rows, 0.95);
    expect(axis.from).toBeCloseTo(from);
    expect(axis.position(1)).toBe(1);
    expect(axis.position(from)).toBeCloseTo(0);
  });
});

describe('the sparkline', () => {
  it('has a point for each hour that is over and one for the last 60 minutes', () => {
    expect(dayLine([3, 4], 7, 2.5)).toEqual([
      { hour: 1, value: 3 },
      { hour: 2, value: 4 },
      { hour: 2.5, value: 7 },
    ]);
    expect(dayLine([3, 4], 4, 2)).toEqual([
      { hour: 1, value: 3 },
      { hour: 2, value: 4 },
    ]);
  });

  it('leaves room above the highest value, and some in an empty day', () => {
    expect(valueCeiling([{ hour: 1, value: 50 }], { p10: [1], p90: [80] })).toBeCloseTo(89.6);
    expect(valueCeiling([], null)).toBeCloseTo(4.48);
  });

  const option = (old: boolean, count: number) =>
    sparkOption({
      shape: sparkShape(dayLine(new Array(count).fill(2), 3, count + 0.5), {
        p10: new Array(24).fill(1),
        p90: new Array(24).fill(5),
      }),
      theme: CHART_THEME,
      unit: 2,
      old,
      hourLabel: (hour) => `${hour}h`,
      description: 'Urban, hourly',
    }) as { series: { id: string; data: { symbol?: string }[]; lineStyle: { color?: string } }[]; animation: boolean };

  it('is another picture only where a pixel is: not when the peak grows and the scale with it', () => {
    const day = (last: number) => sparkShape(dayLine([40, 90], last, 2.5), { p10: [5, 5], p90: [60, 60] });
    expect(day(80)).not.toEqual(day(81));
    expect(day(20_000).points.at(-1)).toEqual(day(20_007).points.at(-1));
    expect(day(20_000)).toEqual(day(20_007));
    expect(day(90).points.map(({ value }) => value)).toEqual([0.39625, 0.8925, 0.8925]);
    expect(sparkShape([], null)).toEqual({ points: [], p10: [], p90: [] });
  });

  it('keeps the length of its arrays through the day', () => {
    const lengths = [1, 9, 23].map((count) => option(false, count).series.map(({ data }) => data.length));
    expect(lengths).toEqual([
      [24, 24, 25],
      [24, 24, 25],
      [24, 24, 25],
    ]);
  });

  it('marks the last point only, and none when the feed is old', () => {
    const symbols = (old: boolean) => option(old, 5).series[2]?.data.filter(({ symbol }) => symbol === 'circle').length;
    expect(symbols(false)).toBe(1);
    expect(symbols(true)).toBe(0);
    expect(option(true, 5).series[2]?.lineStyle.color).toBe('lineOld');
    expect(option(false, 5).animation).toBe(false);
  });

  it('knows the hour of the day to the minute', () => {
    const day = localDay(NOW, 'Asia/Shanghai');
    expect(hourOfDay(at('15:42:59'), day)).toBeCloseTo(15.7);
    expect(hourOfDay(at('00:00'), day)).toBe(0);
  });
});

describe('the map', () => {
  const grid = (id: string, communityId: string, q: number, r: number) => ({
    id,
    name: { zh: id },
    communityId,
    tile: { q, r },
  });
  const deployment = {
    communities: [
      { id: 'a', name: { zh: 'a' }, streetId: 'north', kind: 'urban' as const },
      { id: 'b', name: { zh: 'b' }, streetId: 'north', kind: 'urban' as const },
      { id: 'c', name: { zh: 'c' }, streetId: 'south', kind: 'rural' as const },
    ],
    grids: [grid('a1', 'a', 0, 0), grid('b1', 'b', 1, 0), grid('c1', 'c', -1, 1), grid('c2', 'c', 0, 1)],
    map: { water: [{ q: 2, r: 0 }] },
  };
  const layout = layoutMap(deployment, 400, 300);

  it('keeps every tile inside its slot and none on another', () => {
    const all = [...layout.cells, ...layout.water];
    expect(all).toHaveLength(5);
    for (const { x, y } of all) {
      expect(x - layout.radius * 0.87).toBeGreaterThanOrEqual(0);
      expect(x + layout.radius * 0.87).toBeLessThanOrEqual(400);
      expect(y - layout.radius).toBeGreaterThanOrEqual(0);
      expect(y + layout.radius).toBeLessThanOrEqual(300);
    }
    const apart = all.flatMap((one, i) =>
      all.slice(i + 1).map((other) => Math.hypot(one.x - other.x, one.y - other.y)),
    );
    expect(Math.min(...apart)).toBeGreaterThanOrEqual(layout.radius * Math.sqrt(3) - 1e-6);
  });

  it('draws borders between communities of a street and a gap of 12 between streets', () => {
    expect(layout.borders).toHaveLength(1);
    const y = (id: string) => layout.cells.find((hex) => hex.id === id)?.y ?? 0;
    const rowPitch = 1.5 * layout.radius;
    expect(y('c1') - y('a1') - rowPitch).toBeGreaterThan(9);
    expect(y('c1') - y('a1') - rowPitch).toBeLessThanOrEqual(12 + 1e-6);
  });

  it('is empty without grids or without room', () => {
    expect(layoutMap({ ...deployment, grids: [] }, 400, 300).cells).toEqual([]);
    expect(layoutMap(deployment, 0, 0).cells).toEqual([]);
  });
});

describe('names on the map', () => {
  const slot = { width: 400, height: 300 };
  const place = (
    marks: readonly { id: string; x: number; y: number }[],
    obstacles: Parameters<typeof placeLabels>[0]['obstacles'] = [],
  ) =>
    placeLabels({
      marks: marks.map((mark) => ({ ...mark, text: '荷塘村-02' })),
      obstacles,
      slot,
      radius: 20,
      fontSize: 20,
    });

  it('estimates Han as full width', () => expect(textEm('荷塘-02')).toBeCloseTo(2 + 0.52 + 2 * 0.61));

  it('stand on the right, else on the left, above or below', () => {
    expect(place([{ id: 'a', x: 100, y: 100 }])[0]?.anchor).toBe('start');
    expect(place([{ id: 'a', x: 380, y: 100 }])[0]?.anchor).toBe('end');
    const bothSides = [
      { left: 0, right: 70, top: 0, bottom: 300 },
      { left: 130, right: 400, top: 0, bottom: 300 },
    ];
    expect(place([{ id: 'a', x: 100, y: 100 }], bothSides)).toEqual([]);
    expect(
      place(
        [{ id: 'a', x: 200, y: 100 }],
        [
          { left: 240, right: 400, top: 0, bottom: 300 },
          { left: 0, right: 160, top: 0, bottom: 300 },
        ],
      ),
    ).toEqual([]);
  });

  it('never lie on each other or on a mark, and the more urgent one wins', () => {
    const marks = Array.from({ length: 40 }, (_, i) => ({
      id: `m${i}`,
      x: 30 + (i % 8) * 48,
      y: 30 + Math.floor(i / 8) * 55,
    }));
    const placed = place(marks);
    expect(placed.length).toBeGreaterThan(0);
    expect(placed.length).toBeLessThan(40);
    for (const [i, { box }] of placed.entries()) {
      for (const { box: other } of placed.slice(i + 1)) {
        const overlap =
          box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom;
        expect(overlap).toBe(false);
      }
      for (const { x, y } of marks) {
        expect(x > box.left && x < box.right && y > box.top && y < box.bottom).toBe(false);
      }
    }
    const close = place([
      { id: 'first', x: 100, y: 100 },
      { id: 'second', x: 160, y: 100 },
    ]);
    expect(close[0]?.id).toBe('first');
  });
});

describe('rows sliding in', () => {
  it.each([
    [[], ['a'], 0],
    [['a', 'b'], ['a', 'b'], 0],
    [['a', 'b'], ['x', 'a', 'b'], 1],
    [['a', 'b'], ['x', 'y', 'a'], 2],
    [['a', 'b'], ['b', 'c'], 0],
  ])('from %j to %j: %d', (before, after, inserted) => expect(rowsInserted(before, after)).toBe(inserted));

  it('counts those as together that come without a slide’s time of rest between them', () => {
    const first = withArrived(NO_ARRIVALS, 2, 1000);
    expect(first.rows).toBe(2);
    expect(withArrived(first, 2, 1319).rows).toBe(4);
    expect(withArrived(first, 2, 1320).rows).toBe(2);
    expect(withArrived(withArrived(first, 1, 1300), 1, 1600).rows).toBe(4);
  });
});
