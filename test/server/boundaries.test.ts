import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../domain/deployment.ts';
import { decodeSubscribeAnswer } from '../../protocol/decode.ts';
import { encodeInstants } from '../../protocol/instants.ts';
import { ringsOf } from '../../renderer/panels/map/areas.ts';
import { readBoundaries } from '../../server/boundaries.ts';
import { loadDeployment } from '../../server/deploymentFile.ts';
import { createProjection } from '../../server/live/projection.ts';
import { emptySnapshot } from '../renderer/wallMessages.ts';
import { smallDeployment } from '../support/domainBuilders.ts';
import { temporaryFolder } from '../support/openStore.ts';

const MARSH = fileURLToPath(new URL('../fixtures/boundaries/marsh.geojson', import.meta.url));
const JINING = fileURLToPath(new URL('../../../shared/data/geo/jining.geojson', import.meta.url));

interface FeatureCollection {
  type: string;
  crs?: unknown;
  features: {
    id?: unknown;
    properties: Record<string, unknown> | null;
    geometry: { type: string; coordinates: unknown } | null;
  }[];
}
type Ring = [number, number][];

/** Nine grids of four communities in two streets: g1–g3 a, g4–g5 b, g6 c (north); g7–g9 d (south). */
const COMMUNITY_OF: Readonly<Record<string, string>> = {
  g1: 'a',
  g2: 'a',
  g3: 'a',
  g4: 'b',
  g5: 'b',
  g6: 'c',
  g7: 'd',
  g8: 'd',
  g9: 'd',
};
const STREET_OF: Readonly<Record<string, string>> = { a: 'north', b: 'north', c: 'north', d: 'south' };
const UNITS = {
  ids: Object.keys(COMMUNITY_OF),
  communityOf: (id: string) => COMMUNITY_OF[id],
  streetOf: (id: string) => STREET_OF[COMMUNITY_OF[id] ?? ''],
};
const SOURCE = { level: 'grid', property: 'code' } as const;

function marsh(): FeatureCollection {
  return JSON.parse(readFileSync(MARSH, 'utf8'));
}

/** The problem with the fixture after a change. */
async function problemAfter(change: (file: FeatureCollection) => object): Promise<string> {
  const path = join(await temporaryFolder(), 'changed.geojson');
  writeFileSync(path, JSON.stringify(change(marsh())));
  const read = readBoundaries(path, SOURCE, UNITS);
  if (read.ok) throw new Error('taken as sound');
  expect(read.problem).toContain(path);
  return read.problem;
}

function areaOf(path: string): number {
  return ringsOf(path).reduce((sum, ring) => {
    const twice = ring.reduce((total, { x, y }, i) => {
      const next = ring[(i + 1) % ring.length] ?? { x, y };
      return total + x * next.y - next.x * y;
    }, 0);
    return sum + Math.abs(twice) / 2;
  }, 0);
}

describe('a district of nine invented grids', () => {
  const read = readBoundaries(MARSH, SOURCE, UNITS);
  if (!read.ok) throw new Error(read.problem);
  const { boundaries } = read;

  it('becomes one cell a unit, in a box, with far fewer points and the same area', () => {
    expect(boundaries.cells.map(({ id }) => id)).toEqual(UNITS.ids);
    expect(Math.max(boundaries.width, boundaries.height)).toBe(10_000);
    const points = boundaries.cells.flatMap(({ path }) => ringsOf(path).flat());
    expect(points.length).toBeLessThan(1500);
    expect(points.length).toBeGreaterThan(100);
    for (const { x, y } of points) {
      expect(x >= 0 && x <= boundaries.width && y >= 0 && y <= boundaries.height).toBe(true);
    }
    const total = boundaries.cells.reduce((sum, { path }) => sum + areaOf(path), 0);
    // Three by three cells of about 0.06 × 0.045 degrees, within a box that their wavy edge makes a little larger
    expect(total / (boundaries.width * boundaries.height)).toBeGreaterThan(0.85);
    expect(total / (boundaries.width * boundaries.height)).toBeLessThanOrEqual(1);
  });

  it('is what the stories of the map draw', () => {
    const stored = readFileSync(MARSH.replace('marsh.geojson', 'marsh.drawn.json'), 'utf8');
    expect(boundaries).toEqual(JSON.parse(stored));
  });

  it('keeps an island, and puts the mark on the larger part', () => {
    const cell = boundaries.cells.find(({ id }) => id === 'g3');
    expect(ringsOf(cell?.path ?? '')).toHaveLength(2);
    const island = ringsOf(cell?.path ?? '').at(-1) ?? [];
    expect(cell?.x).toBeLessThan(Math.min(...island.map(({ x }) => x)));
  });

  it('keeps borders shared: two neighbours have the same points along their common line', () => {
    const corners = (id: string) =>
      new Set(
        ringsOf(boundaries.cells.find((cell) => cell.id === id)?.path ?? '')
          .flat()
          .map(({ x, y }) => `${x},${y}`),
      );
    const common = [...corners('g1')].filter((corner) => corners('g2').has(corner));
    expect(common.length).toBeGreaterThan(5);
    // What lies between the two is on both: nothing of g1 is near g2 without being shared
    expect([...corners('g1')].filter((corner) => corners('g9').has(corner))).toEqual([]);
  });

  it('draws lines between communities of a street and, apart from them, between streets', () => {
    const lines = (path: string) => path.split('M').length - 1;
    expect(lines(boundaries.communityBorders)).toBeGreaterThan(0);
    expect(lines(boundaries.streetBorders)).toBeGreaterThan(0);
    // The street's line runs across the whole district, from west to east
    const street = ringsOf(boundaries.streetBorders).flat();
    expect(Math.min(...street.map(({ x }) => x))).toBeLessThan(boundaries.width * 0.1);
    expect(Math.max(...street.map(({ x }) => x))).toBeGreaterThan(boundaries.width * 0.8);
    const community = ringsOf(boundaries.communityBorders).flat();
    const lowest = Math.max(...community.map(({ y }) => y));
    expect(lowest).toBeGreaterThan(Math.min(...street.map(({ y }) => y)));
  });
});

describe('a file that is wrong is refused, naming file, feature and field', () => {
  /** The fixture with another first feature. */
  const withFirst = (change: Partial<FeatureCollection['features'][number]>) => (file: FeatureCollection) => ({
    ...file,
    features: file.features.map((one, i) => (i === 0 ? { ...one, ...change } : one)),
  });
  /** The fixture with another ring around its first feature. */
  const withRing = (change: (ring: Ring) => unknown) => (file: FeatureCollection) => {
    const [ring] = (file.features[0] as { geometry: { coordinates: Ring[] } }).geometry.coordinates;
    return withFirst({ geometry: { type: 'Polygon', coordinates: [change(ring as Ring)] } })(file);
  };
  const inRing = (position: readonly unknown[]) => withRing((ring) => ring.toSpliced(3, 1, position as never));

  it.each<[string, (file: FeatureCollection) => object, string]>([
    ['no collection', (file) => ({ ...file, type: 'Feature' }), 'at type: must be a GeoJSON FeatureCollection'],
    [
      'another reference system',
      (file) => ({ ...file, crs: { type: 'name', properties: { name: 'EPSG:3857' } } }),
      'at crs: must be WGS 84',
    ],
    [
      'an unknown id',
      withFirst({ properties: { code: 'g77' } }),
      'at features[0].properties.code: the deployment has no unit g77 of this level',
    ],
    ['no id', withFirst({ properties: null }), 'at features[0].properties.code: carries no id'],
    [
      'an id twice',
      withFirst({ properties: { code: 'g2' } }),
      'at features[1].properties.code: g2 is features[0] already',
    ],
    [
      'missing units',
      (file) => ({ ...file, features: file.features.slice(5) }),
      'at features: there is no polygon for g1, g2, g3 and 2 more',
    ],
    ['no geometry', withFirst({ geometry: null }), 'at features[0].geometry: of g1: is missing'],
    [
      'a point',
      withFirst({ geometry: { type: 'Point', coordinates: [116, 35] } }),
      'at features[0].geometry.type: of g1: must be Polygon or MultiPolygon, not Point',
    ],
    [
      'an empty polygon',
      withFirst({ geometry: { type: 'Polygon', coordinates: [] } }),
      'at features[0].geometry.coordinates: of g1: must hold at least one ring',
    ],
    [
      'too short a ring',
      withRing((ring) => ring.slice(0, 2)),
      'at features[0].geometry.coordinates[0]: of g1: a ring must have at least four positions',
    ],
    [
      'an open ring',
      withRing((ring) => ring.slice(0, -1)),
      'of g1: the ring is not closed: it begins at 116.56, 35.29',
    ],
    ['latitude first', inRing([35.3, 116.6]), 'of g1: 35.3, 116.6 lies outside WGS 84'],
    ['metres', inRing([12_980_000, 4_200_000]), 'lies outside WGS 84'],
    ['a pole', inRing([116, 89]), 'of g1: 116, 89 lies too near to a pole'],
    ['a word', inRing(['116', 35]), 'of g1: 116, 35 is no position'],
    [
      'too many positions',
      withRing(() => Array.from({ length: 400_001 }, (_, i) => [116 + (i % 400_000) / 1e6, 35])),
      'positions are too many; at most 400000',
    ],
    [
      'an area of nothing',
      withRing(() => [
        [116.57, 35.3],
        [116.58, 35.3],
        [116.57, 35.3],
        [116.57, 35.3],
      ]),
      'at features: a polygon encloses nothing',
    ],
  ])('%s', async (_, change, expected) => {
    expect(await problemAfter(change)).toContain(expected);
  });

  it('by the feature’s own id where no property is named', () => {
    const read = readBoundaries(MARSH, { level: 'grid' }, UNITS);
    expect(read).toMatchObject({ ok: false, problem: expect.stringContaining('at features[0].id: carries no id') });
  });

  it('a file that is not there, and one that is not JSON', async () => {
    const folder = await temporaryFolder();
    expect(readBoundaries(join(folder, 'none.geojson'), SOURCE, UNITS)).toMatchObject({
      problem: expect.stringContaining('none.geojson cannot be read'),
    });
    writeFileSync(join(folder, 'bad.geojson'), '{');
    expect(readBoundaries(join(folder, 'bad.geojson'), SOURCE, UNITS)).toMatchObject({
      problem: expect.stringContaining('bad.geojson is not JSON'),
    });
  });
});

/** A deployment of one street, community and grid for each of these ids. */
function plain(ids: readonly string[]): Pick<Deployment, 'streets' | 'communities' | 'grids'> {
  return {
    streets: ids.map((id) => ({ id, name: { zh: id } })),
    communities: ids.map((id) => ({ id: `c${id}`, name: { zh: id }, streetId: id, kind: 'urban' as const })),
    grids: ids.map((id, i) => ({ id: `g${id}`, name: { zh: id }, communityId: `c${id}`, tile: { q: i, r: 0 } })),
  };
}

async function deploymentFile(map: object, ids: readonly string[]): Promise<string> {
  const folder = await temporaryFolder();
  const path = join(folder, 'district.json');
  const domains = ['livelihood', 'traffic', 'government', 'analysis', 'urban'].map((id) => ({
    id,
    name: { zh: id },
    signature: 'topCategory',
  }));
  writeFileSync(path, JSON.stringify({ ...smallDeployment(), ...plain(ids), domains, map }));
  return path;
}

describe('a deployment with boundaries', () => {
  it('names its file beside itself, and carries the shapes and the approval number', async () => {
    const ids = ['one', 'two'];
    const path = await deploymentFile(
      {
        water: [],
        boundaries: { file: 'towns.geojson', level: 'street', property: 'name' },
        approvalNumber: 'GS(2026)0001号',
      },
      ids,
    );
    const square = (name: string, west: number) => ({
      type: 'Feature',
      properties: { name },
      geometry: {
        type: 'Polygon',
        coordinates: [
          [
            [west, 35],
            [west + 1, 35],
            [west + 1, 36],
            [west, 36],
            [west, 35],
          ],
        ],
      },
    });
    const file = { type: 'FeatureCollection', features: [square('one', 116), square('two', 117)] };
    writeFileSync(path.replace('district.json', 'towns.geojson'), JSON.stringify(file));
    const loaded = loadDeployment(path);
    if (!loaded.ok) throw new Error(loaded.problem);
    const { boundaries, approvalNumber } = loaded.deployment.map;
    expect(approvalNumber).toBe('GS(2026)0001号');
    expect(boundaries?.level).toBe('street');
    expect(boundaries?.cells.map(({ id }) => id)).toEqual(ids);
    expect(boundaries?.streetBorders).toMatch(/^M500[01],\d+l0,-?\d+$/);
    expect(boundaries?.communityBorders).toBe('');
  });

  it('is refused with the sentence about its boundaries', async () => {
    const loaded = loadDeployment(
      await deploymentFile({ water: [], boundaries: { file: 'none.geojson', level: 'street' } }, ['one']),
    );
    expect(loaded).toMatchObject({ ok: false, problem: expect.stringContaining('none.geojson cannot be read') });
    const misspelt = loadDeployment(
      await deploymentFile({ water: [], boundaries: { file: 'x', level: 'town' } }, ['one']),
    );
    expect(misspelt).toMatchObject({ ok: false, problem: expect.stringContaining('at map.boundaries.level') });
  });

  it('sends its outlines to walls whole', () => {
    const read = readBoundaries(MARSH, SOURCE, UNITS);
    if (!read.ok) throw new Error(read.problem);
    const map = { water: [], boundaries: read.boundaries, approvalNumber: '演S(2026)0001号' };
    const snapshot = emptySnapshot();
    const { deployment } = createProjection(smallDeployment({ map }));
    const sent = encodeInstants({ ...snapshot, board: { ...snapshot.board, deployment } }, () => 480);
    const taken = decodeSubscribeAnswer(JSON.parse(JSON.stringify(sent)));
    if (!taken.ok || !taken.value.ok || taken.value.kind !== 'snapshot') throw new Error(JSON.stringify(taken));
    expect(taken.value.board.deployment.map).toEqual(map);
  });

  it.skipIf(!existsSync(JINING))('draws the counties of Jining from real data', async () => {
    const file: FeatureCollection = JSON.parse(readFileSync(JINING, 'utf8'));
    const ids = file.features.map(({ id }) => String(id));
    const loaded = loadDeployment(
      await deploymentFile({ water: [], boundaries: { file: JINING, level: 'street' } }, ids),
    );
    if (!loaded.ok) throw new Error(loaded.problem);
    const { boundaries } = loaded.deployment.map;
    expect(boundaries?.cells.map(({ id }) => id).sort()).toEqual(ids.toSorted());
    const positions = JSON.stringify(file.features.map(({ geometry }) => geometry?.coordinates)).match(
      /\],\[/g,
    )?.length;
    const points = boundaries?.cells.flatMap(({ path }) => ringsOf(path).flat()).length ?? 0;
    expect(points).toBeLessThan((positions ?? 0) * 0.6);
    expect(JSON.stringify(boundaries).length).toBeLessThan(120_000);
  });
});
