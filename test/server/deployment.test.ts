import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Deployment, Tile } from '../../domain/deployment.ts';
import { LIMIT_CLOCKS } from '../../domain/sla.ts';
import { DOMAINS } from '../../domain/ticket.ts';
import { BUNDLED_DEPLOYMENTS, DEFAULT_DEPLOYMENT, loadDeployment } from '../../server/deploymentFile.ts';

function load(path: string): Deployment {
  const loaded = loadDeployment(path);
  if (!loaded.ok) throw new Error(loaded.problem);
  return loaded.deployment;
}

const key = ({ q, r }: Tile) => `${q},${r}`;

/** Whether the tiles hang together over shared edges. */
function isContiguous(tiles: readonly Tile[]): boolean {
  const open = new Map(tiles.map((tile) => [key(tile), tile]));
  const reached = tiles.slice(0, 1);
  for (const tile of reached) {
    open.delete(key(tile));
    for (const [q, r] of [
      [1, 0],
      [1, -1],
      [0, -1],
      [-1, 0],
      [-1, 1],
      [0, 1],
    ] as const) {
      const neighbour = open.get(key({ q: tile.q + q, r: tile.r + r }));
      if (neighbour === undefined) continue;
      open.delete(key(neighbour));
      reached.push(neighbour);
    }
  }
  return open.size === 0;
}

describe('the default district', () => {
  const district = load(DEFAULT_DEPLOYMENT);
  const community = new Map(district.communities.map((entry) => [entry.id, entry]));
  const gridsOf = (test: (communityId: string) => boolean) => district.grids.filter((grid) => test(grid.communityId));

  test('has the units that the district has', () => {
    expect(district.name.zh).toBe('太白湖新区社会治理服务中心');
    expect(district.streets.map((street) => street.name.zh)).toEqual(['许庄街道', '石桥镇']);
    expect(district.communities).toHaveLength(57);
    expect(district.grids).toHaveLength(219);
    const perStreet = district.streets.map(
      (street) => gridsOf((id) => community.get(id)?.streetId === street.id).length,
    );
    expect(perStreet).toEqual([147, 72]);
    expect(gridsOf((id) => community.get(id)?.kind === 'urban')).toHaveLength(162);
    expect(gridsOf((id) => community.get(id)?.kind === 'rural')).toHaveLength(57);
  });

  test('names each grid after its community, numbered from 01', () => {
    for (const { id, name } of district.communities) {
      const grids = gridsOf((communityId) => communityId === id);
      expect(grids.map((grid) => grid.name.zh)).toEqual(
        grids.map((_grid, i) => `${name.zh}-${String(i + 1).padStart(2, '0')}`),
      );
    }
    const names = district.grids.map((grid) => grid.name.zh);
    expect(new Set(names).size).toBe(219);
    expect(names).toEqual(
      expect.arrayContaining(['荷韵花园-03', '荷塘村-02', '运河苑-04', '东滩社区-01', '石桥南村-03']),
    );
  });

  test('puts every community and each town in one piece on the map', () => {
    for (const { id } of district.communities) {
      expect(isContiguous(gridsOf((communityId) => communityId === id).map((grid) => grid.tile)), id).toBe(true);
    }
    for (const { id } of district.streets) {
      const tiles = gridsOf((communityId) => community.get(communityId)?.streetId === id).map((grid) => grid.tile);
      expect(isContiguous(tiles), id).toBe(true);
    }
    expect(isContiguous(district.map.water)).toBe(true);
  });

  test('is as wide and as high as the map panel has room for', () => {
    const tiles = [...district.grids.map((grid) => grid.tile), ...district.map.water];
    const columns = tiles.map(({ q, r }) => q + r / 2);
    expect(Math.max(...columns) - Math.min(...columns) + 1).toBeLessThanOrEqual(22);
    expect(new Set(tiles.map((tile) => tile.r)).size).toBeLessThanOrEqual(14);
    const water = district.map.water.map((tile) => tile.r);
    expect(Math.min(...water)).toBeGreaterThan(Math.min(...tiles.map((tile) => tile.r)));
    expect(Math.max(...water)).toBeLessThan(Math.max(...tiles.map((tile) => tile.r)));
  });

  test('has categories in every domain and in all three clocks', () => {
    expect(district.categories.length).toBeGreaterThanOrEqual(40);
    for (const domain of DOMAINS) {
      expect(district.categories.filter((category) => category.domain === domain).length).toBeGreaterThanOrEqual(5);
    }
    expect(new Set(district.categories.map((category) => category.limit?.clock))).toEqual(new Set(LIMIT_CLOCKS));
    expect(district.categories.find((category) => category.id === 'nonMotorParking')).toMatchObject({
      name: { zh: '电动车乱停乱放' },
      points: 7,
      limit: { clock: 'clockHours', amount: 120 },
    });
    const safety = district.categories.filter((category) => category.safety).map((category) => category.name.zh);
    expect(safety).toEqual(expect.arrayContaining(['井盖缺失', '燃气异味', '高空坠物', '电梯困人']));
  });

  test('gives every category a department, and every department a name for narrow places', () => {
    expect(district.departments.length).toBeGreaterThanOrEqual(10);
    for (const category of district.categories) expect(category.department, category.id).toBeDefined();
    for (const department of district.departments) expect(department.short?.zh.length, department.id).toBe(2);
  });

  test('says everything in both languages', () => {
    const named = [district, ...district.streets, ...district.communities, ...district.grids, ...district.domains];
    const all = [
      ...named,
      ...district.categories,
      ...district.departments,
      ...district.dispositions,
      ...district.sources,
    ];
    for (const { id, name } of all) expect(name.en, id).toBeTruthy();
  });
});

describe('the bundled deployments', () => {
  test.each(['taibai-lake', 'boston', 'kansas-city'])('%s is sound', (id) => {
    expect(load(`${BUNDLED_DEPLOYMENTS}${id}.json`).id).toBe(id);
  });

  test('Boston and Kansas City lie in their own time zones, without public holidays', () => {
    expect(load(`${BUNDLED_DEPLOYMENTS}boston.json`)).toMatchObject({
      timeZone: 'America/New_York',
      calendar: { holidays: 'none' },
    });
    expect(load(`${BUNDLED_DEPLOYMENTS}kansas-city.json`).timeZone).toBe('America/Chicago');
  });
});

/** A scene of a deployment's own, its second slot changed. */
function ownScene(change: object): object {
  const slots = [
    { panel: 'overdue', area: { column: 1, row: 1 } },
    { panel: 'stream', area: { column: 2, row: 1 }, ...change },
  ];
  const screens = [{ header: 'whole', columns: ['1fr', '1fr'], rows: ['1fr'], slots }];
  return { id: 'night-shift', title: { zh: '夜班' }, layouts: { std: { screens } } };
}

test('a deployment may bring scenes of its own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'deployment-'));
  const path = join(folder, 'district.json');
  writeFileSync(path, JSON.stringify({ ...load(DEFAULT_DEPLOYMENT), scenes: [ownScene({})] }));
  expect(load(path).scenes?.map(({ id }) => id)).toEqual(['night-shift']);
  rmSync(folder, { recursive: true });
});

describe('a faulty deployment file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'deployment-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const sound = load(DEFAULT_DEPLOYMENT);
  const [firstGrid] = sound.grids;

  function problemOf(content: string): string {
    const path = join(folder, 'district.json');
    writeFileSync(path, content);
    const loaded = loadDeployment(path);
    if (loaded.ok) throw new Error('accepted');
    expect(loaded.problem).toContain(path);
    expect(loaded.problem).not.toContain('\n');
    return loaded.problem;
  }

  /** The sound district with another value at `path`; undefined leaves the field out. */
  function spoiled(path: string, value: unknown): string {
    const keys = path.split('.');
    const last = keys.pop() as string;
    const district: unknown = structuredClone(sound);
    let place = district as Record<string, unknown>;
    for (const key of keys) place = place[key] as Record<string, unknown>;
    place[last] = value;
    return JSON.stringify(district);
  }

  test.each<[string, string, unknown, string]>([
    ['a wrong type', 'onTimeTarget', '95%', 'at onTimeTarget'],
    ['a missing field', 'grids.7.tile.q', undefined, 'at grids[7].tile.q'],
    ['a misspelt field', 'categories.2.savety', true, 'savety'],
    ['an unknown time zone', 'timeZone', 'Asia/Taibai', 'at timeZone'],
    ['an unknown domain', 'categories.0.domain', 'weather', 'at categories[0].domain'],
    ['a domain left out', 'domains', sound.domains.slice(0, 4), 'at domains: there is no entry for urban'],
    ['a grid of no community', 'grids.0.communityId', 'atlantis', 'at grids[0].communityId: there is no community atl'],
    ['a community of no street', 'communities.3.streetId', 'nowhere', 'at communities[3].streetId'],
    ['a category of no department', 'categories.1.department', 'magic', 'at categories[1].department'],
    ['an id used twice', 'grids.1.id', firstGrid?.id, 'at grids[1].id: beiwan-01 occurs twice'],
    ['a tile used twice', 'grids.1.tile', firstGrid?.tile, 'at grids[1].tile'],
    ['a grid in the water', 'map.water.0', firstGrid?.tile, 'at map.water[0]'],
    ['hours that end before they start', 'calendar.hours.0.end', '08:00', 'at calendar.hours[0].end'],
    ['hours that overlap', 'calendar.hours.1.start', '11:00', 'at calendar.hours[1].start'],
    ['half a working day', 'categories.0.limit', { clock: 'workingDays', amount: 0.5 }, 'at categories[0].limit'],
    ['tickets archived before their day is over', 'archiveAfterHours', 3, 'at archiveAfterHours'],
    [
      'a turn of no scene',
      'screens.turns',
      [
        { scene: 'dispatch', seconds: 60 },
        { scene: 'dispach', seconds: 60 },
      ],
      'at screens.turns[1].scene: must be one of dispatch',
    ],
    ['a turn too short to read', 'screens.turns', [{ scene: 'brief', seconds: 3 }], 'at screens.turns[0].seconds'],
    [
      'a scene with an unknown panel',
      'scenes',
      [ownScene({ panel: 'weather' })],
      'layouts.std.screens[0].slots[1].panel',
    ],
    ['a misspelt field of a scene', 'scenes', [ownScene({ opions: {} })], 'opions'],
    [
      'a panel over another',
      'scenes',
      [ownScene({ area: { column: 1, row: 1 } })],
      'at scenes[0].layouts.std.screens[0].slots[1]: stream overlaps overdue',
    ],
    ['two scenes of one id', 'scenes', [ownScene({}), ownScene({})], 'at scenes[1].id: night-shift occurs twice'],
  ])('%s is named with its place', (_what, path, value, expected) => {
    expect(problemOf(spoiled(path, value))).toContain(expected);
  });

  test('what is not JSON, or not there, is said', () => {
    expect(problemOf('{')).toContain('is not JSON');
    const missing = loadDeployment(join(folder, 'missing.json'));
    expect(missing).toMatchObject({ ok: false, problem: expect.stringContaining('cannot be read') });
  });
});
