import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { IANAZone } from 'luxon';
import { z } from 'zod';
import { ALERT_KINDS } from '../domain/alarm.ts';
import { BOUNDARY_LEVELS, type BoundaryLevel, type Deployment } from '../domain/deployment.ts';
import { sceneFault } from '../domain/sceneChoice.ts';
import { sceneFaults } from '../domain/sceneFaults.ts';
import { LIMIT_CLOCKS } from '../domain/sla.ts';
import { DOMAINS } from '../domain/ticket.ts';
import { RAISES_KEPT_MS } from '../domain/wallState.ts';
import { sceneSchema } from '../protocol/scene.ts';
import { type BoundaryUnits, readBoundaries } from './boundaries.ts';
import { describeFaults, type Fault, readJsonFile } from './jsonFile.ts';

/** Deployments and mappings lie beside the server: beside `server/` in the repository, beside `out/server/` once built. */
export const BUNDLED_DEPLOYMENTS = fileURLToPath(new URL('../deployments/', import.meta.url));
export const DEFAULT_DEPLOYMENT = fileURLToPath(new URL('../deployments/taibai-lake.json', import.meta.url));

const id = z.string().min(1).max(200);
const name = z.strictObject({ zh: z.string().min(1), en: z.exactOptional(z.string().min(1)) });
const tile = z.strictObject({ q: z.int(), r: z.int() });
/** Less is not long enough to read a wall. */
const LEAST_TURN_S = 10;

const clock = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'must be HH:mm, 00:00 to 24:00');
const day = z.iso.date('must be a date, yyyy-MM-dd');
const domain = z.enum(DOMAINS);

const minutes = z.number().positive();
const alertKind = z.enum(ALERT_KINDS);

function perSeverity<T extends z.ZodType>(each: T) {
  return z.strictObject({ low: each, medium: each, high: each, critical: each });
}

const alarms = z.strictObject({
  kinds: z.array(alertKind),
  handling: z.strictObject({
    selfClearing: z.array(alertKind),
    nextCheckMinutes: perSeverity(
      z
        .strictObject({ standard: minutes, most: minutes })
        .refine((check) => check.standard <= check.most, 'standard must not exceed most'),
    ),
    climbMinutes: perSeverity(z.number().min(0)),
    // The contract ends every shelf within 8 hours
    shelveMinutesAtMost: z.number().positive().max(480),
  }),
  stages: z.strictObject({
    dispatchWithinMinutes: z.exactOptional(minutes),
    verifyWithinMinutes: z.exactOptional(minutes),
  }),
  surge: z.exactOptional(
    z
      .strictObject({
        windowMinutes: minutes,
        least: z.int().min(2),
        raiseBelow: z.number().gt(0).lt(1),
        clearAbove: z.number().gt(0).lt(1),
        usualDays: z.number().positive(),
        leastDays: z.number().positive(),
      })
      .refine((rule) => rule.raiseBelow < rule.clearAbove, 'raiseBelow must lie below clearAbove')
      .refine((rule) => rule.leastDays <= rule.usualDays, 'leastDays must not exceed usualDays'),
  ),
  repeat: z.exactOptional(
    z
      .strictObject({ count: z.int().min(2), withinHours: z.number().positive(), clearAt: z.int().min(0) })
      .refine((rule) => rule.clearAt < rule.count, 'clearAt must lie below count'),
  ),
  flood: z
    .strictObject({
      windowMinutes: z
        .number()
        .positive()
        .max(RAISES_KEPT_MS / 60_000),
      beginsAbove: z.int().min(1),
      endsBelow: z.int().min(1),
    })
    .refine((rule) => rule.endsBelow <= rule.beginsAbove, 'endsBelow must not exceed beginsAbove'),
  system: z
    .strictObject({
      diskLowBelowMiB: z.number().min(0),
      diskEnoughAboveMiB: z.number().min(0),
      clockJumpSeconds: z.number().positive(),
      clockSteadyMinutes: z.number().positive(),
    })
    .refine(
      (rule) => rule.diskLowBelowMiB <= rule.diskEnoughAboveMiB,
      'diskLowBelowMiB must not exceed diskEnoughAboveMiB',
    ),
  ladder: z.tuple([name, name, name, name]),
});

const deployment = z.strictObject({
  id,
  name,
  numberPrefix: z.string().regex(/^[A-Z]{1,8}$/, 'must be 1–8 capital letters'),
  timeZone: z.string().refine((zone) => IANAZone.isValidZone(zone), 'must be an IANA time zone, such as Asia/Shanghai'),
  streets: z.array(z.strictObject({ id, name })),
  communities: z.array(z.strictObject({ id, name, streetId: id, kind: z.enum(['urban', 'rural']) })),
  grids: z.array(z.strictObject({ id, name, communityId: id, tile })),
  map: z.strictObject({
    water: z.array(tile),
    waterName: z.exactOptional(name),
    boundaries: z.exactOptional(
      z.strictObject({
        file: z.string().min(1),
        level: z.enum(BOUNDARY_LEVELS),
        property: z.exactOptional(z.string().min(1)),
      }),
    ),
    approvalNumber: z.exactOptional(z.string().min(1).max(60)),
  }),
  domains: z.array(
    z.strictObject({ id: domain, name, signature: z.enum(['topCategory', 'medianWait', 'repeatGroups']) }),
  ),
  categories: z.array(
    z.strictObject({
      id,
      name,
      domain,
      department: z.exactOptional(id),
      limit: z.exactOptional(
        z
          .strictObject({ clock: z.enum(LIMIT_CLOCKS), amount: z.number().positive() })
          .refine(
            (limit) => limit.clock !== 'workingDays' || Number.isInteger(limit.amount),
            'working days must be whole',
          ),
      ),
      points: z.int().min(0),
      safety: z.exactOptional(z.boolean()),
    }),
  ),
  fallback: z.strictObject({ domain, department: z.exactOptional(id) }),
  departments: z.array(z.strictObject({ id, name, short: z.exactOptional(name) })),
  dispositions: z.array(z.strictObject({ id, name })),
  closeAfterVerify: z.exactOptional(z.strictObject({ by: z.string().min(1) })),
  calendar: z.strictObject({
    hours: z.array(z.strictObject({ start: clock, end: clock })).min(1),
    weekdays: z.array(z.int().min(1).max(7)).min(1),
    holidays: z.enum(['CN', 'none']),
    extraHolidays: z.exactOptional(z.array(day)),
    extraWorkdays: z.exactOptional(z.array(day)),
    warningDays: z.int().min(0).max(366),
  }),
  onTimeTarget: z.number().min(0).max(1),
  rankFloor: z.int().min(0),
  dueSoonMinutes: z.number().positive(),
  archiveAfterHours: z.number().min(24),
  readableNumbers: z.array(z.string().min(1)),
  sources: z.array(
    z.strictObject({
      id: z.string().min(1).max(100),
      name,
      periodSeconds: z.number().positive(),
      domains: z.exactOptional(z.array(domain).min(1)),
    }),
  ),
  alarms,
  scenes: z.exactOptional(z.array(sceneSchema)),
  screens: z.exactOptional(
    z.strictObject({
      orbit: z.boolean(),
      night: z.exactOptional(z.strictObject({ from: clock, until: clock })),
      turns: z.exactOptional(z.array(z.strictObject({ scene: z.string(), seconds: z.number().min(LEAST_TURN_S) }))),
    }),
  ),
});

function listed<T>(
  faults: Fault[],
  list: readonly T[],
  path: string,
  idOf: (item: T) => string,
  what = 'id',
): Set<string> {
  const seen = new Set<string>();
  for (const [i, item] of list.entries()) {
    const itemId = idOf(item);
    if (seen.has(itemId)) faults.push({ path: `${path}[${i}].${what}`, message: `${itemId} occurs twice` });
    seen.add(itemId);
  }
  return seen;
}

/** What no single field can show: references, order, things that exist once. */
function faultsBetween(checked: Deployment): Fault[] {
  const faults: Fault[] = [];
  const streets = listed(faults, checked.streets, 'streets', (street) => street.id);
  const communities = listed(faults, checked.communities, 'communities', (community) => community.id);
  listed(faults, checked.grids, 'grids', (grid) => grid.id);
  listed(faults, checked.categories, 'categories', (category) => category.id);
  listed(faults, checked.dispositions, 'dispositions', (disposition) => disposition.id);
  listed(faults, checked.sources, 'sources', (source) => source.id);
  const departments = listed(faults, checked.departments, 'departments', (department) => department.id);
  const domains = listed(faults, checked.domains, 'domains', (entry) => entry.id);
  const tiles = listed(faults, checked.grids, 'grids', (grid) => `${grid.tile.q},${grid.tile.r}`, 'tile');
  for (const [i, { q, r }] of checked.map.water.entries()) {
    if (tiles.has(`${q},${r}`)) faults.push({ path: `map.water[${i}]`, message: `${q},${r} is the tile of a grid` });
    tiles.add(`${q},${r}`);
  }

  const mustBe = (known: ReadonlySet<string>, value: string | undefined, path: string, what: string) => {
    if (value !== undefined && !known.has(value)) faults.push({ path, message: `there is no ${what} ${value}` });
  };
  for (const wanted of DOMAINS) mustBe(domains, wanted, 'domains', 'entry for');
  for (const [i, community] of checked.communities.entries()) {
    mustBe(streets, community.streetId, `communities[${i}].streetId`, 'street');
  }
  for (const [i, grid] of checked.grids.entries()) {
    mustBe(communities, grid.communityId, `grids[${i}].communityId`, 'community');
  }
  for (const [i, category] of checked.categories.entries()) {
    mustBe(departments, category.department, `categories[${i}].department`, 'department');
  }
  mustBe(departments, checked.fallback.department, 'fallback.department', 'department');

  for (const kind of ['surge', 'repeat'] as const) {
    if (checked.alarms.kinds.includes(kind) && checked.alarms[kind] === undefined) {
      faults.push({ path: `alarms.${kind}`, message: `is missing, but alarms.kinds lists ${kind}` });
    }
  }

  for (const [i, { scene }] of (checked.screens?.turns ?? []).entries()) {
    const message = sceneFault(scene, checked);
    if (message !== undefined) faults.push({ path: `screens.turns[${i}].scene`, message });
  }

  const scenes = checked.scenes ?? [];
  listed(faults, scenes, 'scenes', (scene) => scene.id);
  for (const [i, scene] of scenes.entries()) {
    for (const { path, message } of sceneFaults(scene)) faults.push({ path: `scenes[${i}].${path}`, message });
  }

  let previousEnd = '';
  for (const [i, { start, end }] of checked.calendar.hours.entries()) {
    if (start >= end) faults.push({ path: `calendar.hours[${i}].end`, message: 'must be later than start' });
    if (start < previousEnd) {
      faults.push({ path: `calendar.hours[${i}].start`, message: 'must not be earlier than the end before it' });
    }
    previousEnd = end;
  }
  return faults;
}

/** The units of one level, and what each belongs to. */
function boundaryUnits({ streets, communities, grids }: Deployment, level: BoundaryLevel): BoundaryUnits {
  const streetOf = new Map(communities.map((community) => [community.id, community.streetId]));
  const communityOf = new Map(grids.map((grid) => [grid.id, grid.communityId]));
  switch (level) {
    case 'street':
      return { ids: streets.map((street) => street.id), streetOf: (unit) => unit, communityOf: () => undefined };
    case 'community':
      return {
        ids: communities.map((community) => community.id),
        streetOf: (unit) => streetOf.get(unit),
        communityOf: (unit) => unit,
      };
    case 'grid':
      return {
        ids: grids.map((grid) => grid.id),
        streetOf: (unit) => streetOf.get(communityOf.get(unit) ?? ''),
        communityOf: (unit) => communityOf.get(unit),
      };
  }
}

/** Reads and checks a deployment file, and the boundaries that it names beside itself. `problem` is one sentence for the operator, with the file and the JSON path of the fault. */
export function loadDeployment(
  path: string,
): { readonly ok: true; readonly deployment: Deployment } | { readonly ok: false; readonly problem: string } {
  const read = readJsonFile(path, 'deployment', deployment);
  if (!read.ok) return read;
  const { boundaries: source, ...map } = read.value.map;
  const checked: Deployment = { ...read.value, map };
  const faults = faultsBetween(checked);
  if (faults.length > 0) return { ok: false, problem: describeFaults(path, 'deployment', faults) };
  if (source === undefined) return { ok: true, deployment: checked };
  const { file, ...what } = source;
  const drawn = readBoundaries(resolve(dirname(path), file), what, boundaryUnits(checked, what.level));
  return drawn.ok ? { ok: true, deployment: { ...checked, map: { ...map, boundaries: drawn.boundaries } } } : drawn;
}
