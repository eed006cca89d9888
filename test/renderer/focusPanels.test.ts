import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Boundaries, Deployment } from '../../domain/deployment.ts';
import type { CategoryTimes } from '../../domain/domainHistory.ts';
import { DOMAINS } from '../../domain/ticket.ts';
import { ticketsOf } from '../../renderer/panels/areas/AreaTickets.tsx';
import { above, areaOf, gridsIn, unitsIn } from '../../renderer/panels/areas/area.ts';
import { timesAxis } from '../../renderer/panels/categories/axis.ts';
import { reportClass } from '../../renderer/panels/hotGrids/HotGridsPanel.tsx';
import { hourlyOption, valueStep } from '../../renderer/panels/hourly/option.ts';
import { ringsOf } from '../../renderer/panels/map/areas.ts';
import { gridMap, sumByCell } from '../../renderer/panels/map/gridMap.ts';
import { bundledScenes, titleOf } from '../../renderer/scenes/index.ts';
import { at, HOUR, handWorkingTime, MINUTE, ticketAfter } from '../support/domainBuilders.ts';

const deployment: Deployment = JSON.parse(
  readFileSync(new URL('../../deployments/taibai-lake.json', import.meta.url), 'utf8'),
);

describe('scenes of the domains', () => {
  const scenes = bundledScenes();

  it('are one for each, and tell every slot which domain it is about', () => {
    for (const domain of DOMAINS) {
      const scene = scenes.find(({ id }) => id === `domain-${domain}`);
      const layouts = Object.values(scene?.layouts ?? {});
      expect(layouts).toHaveLength(3);
      const slots = layouts.flatMap(({ screens }) => screens.flatMap((grid) => grid.slots));
      expect(slots.length).toBeGreaterThan(10);
      for (const slot of slots) expect(slot.options?.domain).toBe(domain);
    }
  });

  it('carry the domain in their title, as the deployment names it', () => {
    const urban = scenes.find(({ id }) => id === 'domain-urban');
    const grid = scenes.find(({ id }) => id === 'grid');
    if (urban === undefined || grid === undefined) throw new Error('a scene is missing');
    expect(titleOf(urban, deployment.domains)).toEqual({
      zh: '领域专题 · 城市管理',
      en: expect.stringContaining(' · '),
    });
    expect(titleOf(urban, [{ id: 'urban', name: { zh: '城管' } }])).toEqual({
      zh: '领域专题 · 城管',
      en: 'Domain focus · 城管',
    });
    expect(titleOf(grid, deployment.domains)).toEqual(grid.title);
  });
});

describe('the area of 网格态势', () => {
  it('is what the argument names: a street, a community, a grid of one, else the whole district', () => {
    expect(areaOf({}, deployment)).toEqual({ level: 'district' });
    expect(areaOf({ argument: 'nowhere' }, deployment)).toEqual({ level: 'district' });
    expect(areaOf({ argument: 'xuzhuang' }, deployment)).toEqual({ level: 'street', streetId: 'xuzhuang' });
    const heyun = { level: 'community', communityId: 'heyun', streetId: 'xuzhuang' };
    expect(areaOf({ argument: 'heyun' }, deployment)).toEqual({ ...heyun, gridId: undefined });
    expect(areaOf({ argument: 'heyun-03' }, deployment)).toEqual({ ...heyun, gridId: 'heyun-03' });
  });

  it('goes down from 2 streets over 57 communities to 219 grids, and up again', () => {
    const district = areaOf({}, deployment);
    expect(unitsIn(district, deployment).map(({ level, units }) => [level, units.length])).toEqual([
      ['streets', 2],
      ['communities', 57],
    ]);
    expect(gridsIn(district, deployment)).toHaveLength(219);
    expect(above(district)).toBeUndefined();
    const streets = deployment.streets.map(({ id }) => areaOf({ argument: id }, deployment));
    const communities = streets.flatMap((street) => unitsIn(street, deployment).flatMap(({ units }) => units));
    expect(communities).toHaveLength(57);
    expect(streets.map((street) => gridsIn(street, deployment).length)).toEqual([147, 72]);
    expect(streets.map(above)).toEqual(['', '']);
    const areas = communities.map(({ id }) => areaOf({ argument: id }, deployment));
    expect(areas.flatMap((area) => unitsIn(area, deployment).flatMap(({ units }) => units))).toHaveLength(219);
    expect(new Set(areas.map(above))).toEqual(new Set(['xuzhuang', 'shiqiao']));
  });

  it('lists the tickets behind its figures: open ones by their limit, then what ended today, newest first', () => {
    const open = (id: string, limitMinutes: number, gridId = 'g1') =>
      ticketAfter({
        id,
        reportedAt: at('14:00'),
        dueAt: at('14:00') + limitMinutes * MINUTE,
        location: { gridId },
      });
    const closed = (id: string, when: number, reportedAt = when - HOUR) =>
      ticketAfter({ id, reportedAt, location: { gridId: 'g1' } }, [{ step: 'close', at: when }]);
    const tickets = [
      closed('early', at('09:00')),
      open('relaxed', 300),
      closed('late', at('14:30')),
      open('urgent', 60),
      open('elsewhere', 60, 'g2'),
      closed('yesterday', at('23:00', -1)),
    ];
    const listed = ticketsOf(tickets, new Set(['g1']), { startAt: at('00:00') }, handWorkingTime(), at('15:00'));
    expect(listed.map(({ id }) => id)).toEqual(['urgent', 'relaxed', 'late', 'early']);
  });
});

describe('the scale of handling times', () => {
  const times = (p10: number, median: number, p90: number, limit: number | null): CategoryTimes => ({
    category: 'a',
    finished: 9,
    p10Ms: p10 * MINUTE,
    medianMs: median * MINUTE,
    p90Ms: p90 * MINUTE,
    limitMs: limit === null ? null : limit * MINUTE,
  });

  it('is logarithmic between round times that hold every range and limit', () => {
    const { position, labels } = timesAxis([times(6, 20, 50, 120), times(20, 60, 200, 5760)], 0.05);
    expect(position(5 * MINUTE)).toBe(0);
    expect(position(4 * 24 * HOUR)).toBe(1);
    expect(position(15 * MINUTE) - position(5 * MINUTE)).toBeCloseTo(position(3 * HOUR) - position(HOUR), 10);
    expect(labels.map(({ part }) => `${part.digits} ${part.unit}`)).toEqual([
      '5 minute',
      '15 minute',
      '1 hour',
      '4 hour',
      '1 day',
      '4 day',
    ]);
  });

  it('leaves out labels that would touch, and keeps what lies beyond at its ends', () => {
    const { position, labels } = timesAxis([times(0, 1, 1_000_000, null)], 0.3);
    expect(labels.length).toBeLessThan(5);
    expect(position(0)).toBe(0);
    expect(position(Number.MAX_SAFE_INTEGER)).toBe(1);
  });
});

describe('the hourly chart', () => {
  it.each([
    [4, 2],
    [10, 2],
    [11, 5],
    [40, 10],
    [51, 20],
    [260, 100],
  ])('divides an axis up to %i by %i', (most, step) => {
    expect(valueStep(most)).toBe(step);
  });

  it('keeps the length of its lines through the day and drops the last dot of old data', () => {
    const option = (hours: number, old: boolean) =>
      hourlyOption({
        reported: Array.from({ length: hours }, (_, i) => ({ hour: i + 1, value: i })),
        closed: [{ hour: 1, value: 2 }],
        band: null,
        nowHour: hours,
        nowLabel: '15:42',
        theme: new Proxy({}, { get: (_, name) => String(name) }) as never,
        unit: 1,
        old,
        hourLabel: String,
        labelEvery: 2,
        description: '',
      }) as { series: { id: string; data: unknown[] }[] };
    const lengths = [3, 20].map((hours) => option(hours, false).series.map(({ id, data }) => [id, data.length]));
    expect(lengths[0]).toEqual(lengths[1]);
    const last = (old: boolean) => option(5, old).series.find(({ id }) => id === 'last')?.data;
    expect(last(false)).toHaveLength(1);
    expect(last(true)).toEqual([]);
  });
});

it('counts a day’s reports of a grid in four classes', () => {
  expect([0, 1, 2, 3, 4, 9].map(reportClass)).toEqual([0, 1, 2, 2, 3, 3]);
});

describe('own boundaries on the map', () => {
  const square = (left: number, top: number) => `M${left},${top}l100,0 0,100 -100,0z`;
  const boundaries: Boundaries = {
    level: 'community',
    width: 200,
    height: 200,
    cells: [
      { id: 'a', path: square(0, 0), x: 50, y: 50 },
      { id: 'b', path: square(100, 0), x: 150, y: 50 },
      { id: 'c', path: `${square(0, 100)}M150,150l20,0 0,20 -20,0z`, x: 50, y: 150 },
    ],
    communityBorders: 'M100,0l0,100',
    streetBorders: 'M0,100l100,0',
  };
  const grid = (id: string, communityId: string, q: number) => ({
    id,
    name: { zh: id },
    communityId,
    tile: { q, r: 0 },
  });
  const district = {
    communities: [
      { id: 'a', name: { zh: 'a' }, streetId: 'north', kind: 'urban' as const },
      { id: 'b', name: { zh: 'b' }, streetId: 'north', kind: 'urban' as const },
      { id: 'c', name: { zh: 'c' }, streetId: 'south', kind: 'rural' as const },
    ],
    grids: [grid('a1', 'a', 0), grid('a2', 'a', 1), grid('b1', 'b', 2), grid('c1', 'c', 3)],
    map: { water: [], boundaries },
  };

  it('are read ring by ring', () => {
    expect(ringsOf(boundaries.cells[2]?.path ?? '').map((ring) => ring.length)).toEqual([4, 4]);
    expect(ringsOf('M1,2l3,4 -1,-1z')[0]).toEqual([
      { x: 1, y: 2 },
      { x: 4, y: 6 },
      { x: 3, y: 5 },
    ]);
  });

  it('fill the slot in their own proportions, a grid in the cell of its community', () => {
    const map = gridMap(district, 420, 220);
    expect(map.level).toBe('community');
    expect(map.cellOf('a1')).toBe(map.cellOf('a2'));
    expect(map.cellOf('c1')).toMatchObject({ id: 'c', streetId: 'south' });
    expect(map.cellOf('nowhere')).toBeUndefined();
    expect(map.areas?.transform).toMatch(/scale\(1\)$/);
    const [a, b] = [map.cellOf('a1'), map.cellOf('b1')];
    expect((b?.x ?? 0) - (a?.x ?? 0)).toBeCloseTo(100, 6);
    expect([
      ...sumByCell(map, [
        ['a1', 2],
        ['a2', 3],
        ['c1', 1],
        ['nowhere', 9],
      ]),
    ]).toEqual([
      ['a', 5],
      ['c', 1],
    ]);
  });

  it('are empty without room, as hexagons are', () => {
    expect(gridMap(district, 0, 0).cells).toEqual([]);
  });

  it.each([
    ['real cells', district],
    ['hexagons', { ...district, map: { water: [] } }],
  ])('a part is laid out by its own: %s', (_, where) => {
    const whole = gridMap(where, 420, 220);
    const part = gridMap(where, 420, 220, [], { gridIds: new Set(['a1', 'a2']), largestRadius: 400 });
    expect(part.isInFocus(part.cellOf('a1')?.id ?? '')).toBe(true);
    expect(part.isInFocus('c1') || part.isInFocus('c')).toBe(false);
    expect(part.cellOf('a1')).toBeDefined();
    const apart = (map: typeof whole) => Math.abs((map.cells[1]?.x ?? 0) - (map.cells[0]?.x ?? 0));
    expect(part.radius).toBeGreaterThanOrEqual(whole.radius);
    // What lies around it is drawn only where it lies wholly in the slot
    for (const { x, y } of part.cells) expect(x >= 0 && x <= 420 && y >= 0 && y <= 220).toBe(true);
    expect(apart(whole)).toBeGreaterThan(0);
  });
});
