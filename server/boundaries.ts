import { statSync } from 'node:fs';
import { geoMercatorRaw } from 'd3-geo';
import type { Feature, FeatureCollection, MultiPolygon, Polygon, Position } from 'geojson';
import polylabel from 'polylabel';
import { feature, mesh } from 'topojson-client';
import { topology } from 'topojson-server';
import { presimplify, simplify } from 'topojson-simplify';
import type { GeometryCollection, Topology } from 'topojson-specification';
import { z } from 'zod';
import type { Boundaries, BoundaryLevel } from '../domain/deployment.ts';
import { describeFaults, type Fault, readJsonFile } from './jsonFile.ts';

/** What a deployment says of its own boundaries. */
export interface BoundarySource {
  readonly level: BoundaryLevel;
  /** The property of each feature that carries the unit's id; absent: the feature's own `id`. */
  readonly property?: string;
}

/** The units of the level, and what each belongs to. */
export interface BoundaryUnits {
  readonly ids: readonly string[];
  readonly streetOf: (id: string) => string | undefined;
  /** Undefined for streets. */
  readonly communityOf: (id: string) => string | undefined;
}

export type ReadBoundaries =
  | { readonly ok: true; readonly boundaries: Boundaries }
  | { readonly ok: false; readonly problem: string };

const WHAT = 'boundaries';
const MAX_BYTES = 32 * 1024 * 1024;
const MAX_POSITIONS = 400_000;
/** A wall draws so many points without being felt (docs/performance.md: recolouring touches attributes only). */
const MAX_DRAWN_POINTS = 20_000;
/** The longer side of the box that shapes are told in: about ten of its units to one design unit of a wall. */
const BOX = 10_000;
/**
 * Points whose triangle is smaller than this, in square units of the box, are left out; the first weight that leaves few
 * enough is taken. 48 is half a design unit's square at the size at which a whole district is drawn.
 */
const WEIGHTS = [48, 192, 768] as const;
/** Named in one sentence; the rest is counted. */
const MOST_NAMED = 3;

type Shape = Polygon | MultiPolygon;

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function ringsOf({ type, coordinates }: Shape): readonly (readonly Position[])[] {
  return type === 'Polygon' ? coordinates : coordinates.flat();
}

function shown(position: unknown): string {
  return Array.isArray(position) ? position.slice(0, 2).join(', ') : String(position);
}

function positionFault(position: unknown): string | undefined {
  if (!Array.isArray(position) || position.length < 2) return 'is no position';
  const [lng, lat] = position as readonly unknown[];
  if (typeof lng !== 'number' || typeof lat !== 'number' || !Number.isFinite(lng) || !Number.isFinite(lat)) {
    return `${shown(position)} is no position`;
  }
  if (Math.abs(lng) > 180 || Math.abs(lat) > 90) {
    return `${shown(position)} lies outside WGS 84 (longitude −180 to 180, then latitude −90 to 90)`;
  }
  // The poles are infinitely far away on the map
  return Math.abs(lat) > 85 ? `${shown(position)} lies too near to a pole` : undefined;
}

/** A ring may touch or cross itself: much public data does, having been snapped to a grid, and is drawn all the same. */
function ringFault(ring: unknown): string | undefined {
  if (!Array.isArray(ring) || ring.length < 4) return 'a ring must have at least four positions';
  for (const position of ring) {
    const fault = positionFault(position);
    if (fault !== undefined) return fault;
  }
  const [first, last] = [ring[0], ring.at(-1)] as [Position, Position];
  return first[0] === last[0] && first[1] === last[1]
    ? undefined
    : `the ring is not closed: it begins at ${shown(first)} and ends at ${shown(last)}`;
}

function shapeFault(geometry: unknown): { readonly path: string; readonly message: string } | undefined {
  if (!isObject(geometry)) return { path: '', message: 'is missing' };
  const { type, coordinates } = geometry;
  if (type !== 'Polygon' && type !== 'MultiPolygon') {
    return { path: '.type', message: `must be Polygon or MultiPolygon, not ${String(type)}` };
  }
  const polygons: unknown = type === 'Polygon' ? [coordinates] : coordinates;
  if (!Array.isArray(polygons) || polygons.length === 0) return { path: '.coordinates', message: 'must not be empty' };
  for (const [p, polygon] of polygons.entries()) {
    const path = type === 'Polygon' ? '.coordinates' : `.coordinates[${p}]`;
    if (!Array.isArray(polygon) || polygon.length === 0) return { path, message: 'must hold at least one ring' };
    for (const [r, ring] of polygon.entries()) {
      const message = ringFault(ring);
      if (message !== undefined) return { path: `${path}[${r}]`, message };
    }
  }
  return undefined;
}

interface Unit {
  readonly id: string;
  readonly shape: Shape;
}

/** Every feature of the file as the unit that it is, or what is wrong with the file. */
function unitsOf(
  json: unknown,
  { property }: BoundarySource,
  { ids }: BoundaryUnits,
): { readonly units: readonly Unit[]; readonly faults: readonly Fault[] } {
  if (!isObject(json) || json.type !== 'FeatureCollection' || !Array.isArray(json.features)) {
    return { units: [], faults: [{ path: 'type', message: 'must be a GeoJSON FeatureCollection' }] };
  }
  const { crs } = json;
  if (crs !== undefined && crs !== null && !/CRS84|4326/.test(JSON.stringify(crs))) {
    return { units: [], faults: [{ path: 'crs', message: 'must be WGS 84 (EPSG:4326); convert the file first' }] };
  }
  const known = new Set(ids);
  const found = new Map<string, number>();
  const units: Unit[] = [];
  const faults: Fault[] = [];
  let positions = 0;
  for (const [i, one] of json.features.entries()) {
    const path = `features[${i}]`;
    if (!isObject(one)) {
      faults.push({ path, message: 'is no feature' });
      continue;
    }
    const properties = isObject(one.properties) ? one.properties : {};
    const idPath = property === undefined ? `${path}.id` : `${path}.properties.${property}`;
    const given = property === undefined ? one.id : properties[property];
    if (typeof given !== 'string' && typeof given !== 'number') {
      faults.push({ path: idPath, message: 'carries no id' });
      continue;
    }
    const id = String(given);
    if (!known.has(id)) faults.push({ path: idPath, message: `the deployment has no unit ${id} of this level` });
    const before = found.get(id);
    if (before !== undefined) faults.push({ path: idPath, message: `${id} is features[${before}] already` });
    found.set(id, i);
    const fault = shapeFault(one.geometry);
    if (fault !== undefined) {
      faults.push({ path: `${path}.geometry${fault.path}`, message: `of ${id}: ${fault.message}` });
      continue;
    }
    const shape = one.geometry as unknown as Shape;
    positions += ringsOf(shape).reduce((sum, ring) => sum + ring.length, 0);
    units.push({ id, shape });
  }
  const missing = ids.filter((id) => !found.has(id));
  if (missing.length > 0) {
    const more = missing.length > MOST_NAMED ? ` and ${missing.length - MOST_NAMED} more` : '';
    faults.push({
      path: 'features',
      message: `there is no polygon for ${missing.slice(0, MOST_NAMED).join(', ')}${more}`,
    });
  }
  if (positions > MAX_POSITIONS) {
    faults.push({ path: 'features', message: `${positions} positions are too many; at most ${MAX_POSITIONS}` });
  }
  return { units, faults };
}

/** From longitude and latitude to a plane in which angles are true, y downwards. */
function onPlane([lng, lat]: Position): Position {
  const [x, y] = geoMercatorRaw((Number(lng) * Math.PI) / 180, (Number(lat) * Math.PI) / 180);
  return [x, -y];
}

function mapShape({ type, coordinates }: Shape, change: (position: Position) => Position): Shape {
  return type === 'Polygon'
    ? { type, coordinates: coordinates.map((ring) => ring.map(change)) }
    : { type, coordinates: coordinates.map((polygon) => polygon.map((ring) => ring.map(change))) };
}

/** All shapes in one box whose longer side is `BOX` long. */
function inBox(units: readonly Unit[]): { units: readonly Unit[]; width: number; height: number } {
  const plane = units.map(({ id, shape }) => ({ id, shape: mapShape(shape, onPlane) }));
  const edge = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const { shape } of plane) {
    for (const ring of ringsOf(shape)) {
      for (const [x, y] of ring as [number, number][]) {
        edge.left = Math.min(edge.left, x);
        edge.right = Math.max(edge.right, x);
        edge.top = Math.min(edge.top, y);
        edge.bottom = Math.max(edge.bottom, y);
      }
    }
  }
  const scale = BOX / Math.max(edge.right - edge.left, edge.bottom - edge.top, Number.MIN_VALUE);
  const place = ([x, y]: Position): Position => [(Number(x) - edge.left) * scale, (Number(y) - edge.top) * scale];
  return {
    units: plane.map(({ id, shape }) => ({ id, shape: mapShape(shape, place) })),
    width: Math.ceil((edge.right - edge.left) * scale),
    height: Math.ceil((edge.bottom - edge.top) * scale),
  };
}

interface CellProperties {
  readonly id: string;
}
type Cells = Topology<{ cells: GeometryCollection<CellProperties> }>;

function area(ring: readonly Position[]): number {
  let twice = 0;
  for (const [i, [x, y]] of (ring as [number, number][]).entries()) {
    const [nextX, nextY] = ring[(i + 1) % ring.length] as [number, number];
    twice += x * nextY - nextX * y;
  }
  return Math.abs(twice) / 2;
}

/** Whole numbers, points that fall together once, rings that enclose nothing left out. */
function drawn(shape: Shape): readonly (readonly (readonly Position[])[])[] {
  const polygons = shape.type === 'Polygon' ? [shape.coordinates] : shape.coordinates;
  const whole = (ring: readonly Position[]) =>
    ring
      .map(([x, y]): Position => [Math.round(Number(x)), Math.round(Number(y))])
      .filter((position, i, all) => i === 0 || position[0] !== all[i - 1]?.[0] || position[1] !== all[i - 1]?.[1]);
  return polygons
    .map((polygon) => polygon.map(whole).filter((ring) => area(ring) >= 1))
    .filter((polygon) => polygon.length > 0);
}

/** `M12,30l5,3 4,-2` as a line; a ring ends in `z` instead of its first point again. */
function pathOf(line: readonly Position[], closed: boolean): string {
  const points = (closed ? line.slice(0, -1) : line) as readonly [number, number][];
  const [first, ...rest] = points;
  if (first === undefined) return '';
  let [x, y] = first;
  const steps = rest.map(([nextX, nextY]) => {
    const step = `${nextX - x},${nextY - y}`;
    [x, y] = [nextX, nextY];
    return step;
  });
  return `M${first[0]},${first[1]}l${steps.join(' ')}${closed ? 'z' : ''}`;
}

function lines(topologyOf: Cells, between: (a: string, b: string) => boolean): string {
  const { coordinates } = mesh(topologyOf, topologyOf.objects.cells, (a, b) => {
    // A line with a cell on one side only is met with that cell on both
    const [one, other] = [a.properties as CellProperties, b.properties as CellProperties];
    return one !== other && between(one.id, other.id);
  });
  return coordinates
    .map((line) => line.map(([x, y]): Position => [Math.round(Number(x)), Math.round(Number(y))]))
    .map((line) => pathOf(line, false))
    .join('');
}

interface Drawing {
  readonly cells: Boundaries['cells'];
  readonly points: number;
  readonly topologyOf: Cells;
}

/** The cells at one grade of simplification; undefined where a unit would vanish. */
function drawingOf(full: Cells, weight: number): Drawing | undefined {
  const topologyOf = simplify(full, weight) as Cells;
  const collection = feature(topologyOf, topologyOf.objects.cells);
  const cells: { id: string; path: string; x: number; y: number }[] = [];
  let points = 0;
  for (const one of collection.features as Feature<Shape, CellProperties>[]) {
    const polygons = drawn(one.geometry);
    const largest = polygons.toSorted((a, b) => area(b[0] as Position[]) - area(a[0] as Position[]))[0];
    if (largest === undefined) return undefined;
    const [x, y] = polylabel(largest as [number, number][][], 1);
    const rings = polygons.flat();
    points += rings.reduce((sum, ring) => sum + ring.length, 0);
    cells.push({
      id: one.properties.id,
      path: rings.map((ring) => pathOf(ring, true)).join(''),
      x: Math.round(x as number),
      y: Math.round(y as number),
    });
  }
  return { cells, points, topologyOf };
}

/** The first grade with few enough points; else the coarsest one in which no unit vanishes. Undefined where one has no area at all. */
function simplified(full: Cells): Drawing | undefined {
  let coarsest = drawingOf(full, 0);
  for (const weight of WEIGHTS) {
    const drawing = drawingOf(full, weight);
    if (drawing === undefined) return coarsest;
    if (drawing.points <= MAX_DRAWN_POINTS) return drawing;
    coarsest = drawing;
  }
  return coarsest;
}

/**
 * Reads, checks and simplifies a deployment's boundaries (GeoJSON, WGS 84). Every unit of the level must have its
 * polygon and every polygon its unit: on a map with holes an alert would be missed. `problem` is one sentence with the
 * file, the feature and the field.
 */
export function readBoundaries(path: string, source: BoundarySource, units: BoundaryUnits): ReadBoundaries {
  const wrong = (...faults: readonly Fault[]): ReadBoundaries => ({
    ok: false,
    problem: describeFaults(path, WHAT, faults),
  });
  const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (bytes > MAX_BYTES) return wrong({ path: '', message: `${bytes} bytes are too many; at most ${MAX_BYTES}` });
  const read = readJsonFile(path, WHAT, z.unknown());
  if (!read.ok) return read;
  const checked = unitsOf(read.value, source, units);
  if (checked.faults.length > 0) return wrong(...checked.faults);

  const box = inBox(checked.units);
  const cells: FeatureCollection<Shape, CellProperties> = {
    type: 'FeatureCollection',
    features: box.units.map(({ id, shape }) => ({ type: 'Feature', properties: { id }, geometry: shape })),
  };
  const full = presimplify(topology({ cells }, BOX) as unknown as Cells) as Cells;
  const drawing = simplified(full);
  if (drawing === undefined) return wrong({ path: 'features', message: 'a polygon encloses nothing' });
  if (drawing.points > MAX_DRAWN_POINTS) {
    return wrong({
      path: 'features',
      message: `${drawing.points} points are left once simplified; a wall draws at most ${MAX_DRAWN_POINTS}`,
    });
  }
  const { streetOf, communityOf } = units;
  return {
    ok: true,
    boundaries: {
      level: source.level,
      width: box.width,
      height: box.height,
      cells: drawing.cells,
      communityBorders: lines(
        drawing.topologyOf,
        (a, b) => streetOf(a) === streetOf(b) && communityOf(a) !== communityOf(b),
      ),
      streetBorders: lines(drawing.topologyOf, (a, b) => streetOf(a) !== streetOf(b)),
    },
  };
}
