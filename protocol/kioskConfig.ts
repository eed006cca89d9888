import * as z from 'zod/mini';

/** How the wall fills the displays of its machine: one window on each, or one window across all of them. */
export const WALL_MODES = ['each', 'span'] as const;
export type WallMode = (typeof WALL_MODES)[number];

/**
 * One display that carries the wall, as it was when it was chosen. It is found again by what of this still fits
 * (main/displays.ts): name and number of the system, size, place.
 */
export interface DisplayBinding {
  /** The name that the display gives itself; empty where it gives none. */
  readonly label: string;
  /** The system's number for it: made from the display's own data where it has any, else from its socket. */
  readonly id: number;
  /** Its pixels, and its place on the desktop in Electron's device-independent ones. */
  readonly width: number;
  readonly height: number;
  readonly x: number;
  readonly y: number;
  /** The scene it begins with; absent: that of the whole wall. */
  readonly scene?: string;
}

/** Local times of day of the deployment, `HH:mm`; over midnight where `until` is not later than `from`. */
export interface NightHours {
  readonly from: string;
  readonly until: string;
}

/** What a server may tell a paired wall to keep: how it looks and sounds, never whom it trusts. */
export interface PushedConfig {
  readonly mode?: WallMode;
  /** Empty: the primary display alone. */
  readonly displays?: readonly DisplayBinding[];
  /** The scene to begin with; null: the product's own choice. */
  readonly scene?: string | null;
  /** Distance between two pixels of the wall in mm, and of the farthest reader in metres; null: unknown. */
  readonly pitchMm?: number | null;
  readonly farthestSeatM?: number | null;
  /** 0 (silent) to 1. */
  readonly volume?: number;
  /** Null: as the deployment says. */
  readonly night?: NightHours | null;
}

/** The kiosk's own file, `kiosk.json`. */
export interface KioskConfig extends Required<PushedConfig> {
  readonly version: 1;
  /** The server's address: an http or https origin without a path. */
  readonly serverUrl: string;
  /** `sha256/` and base64: the one certificate that is taken from an https server; null: what the system trusts. */
  readonly certificatePin: string | null;
  /** Of the PIN that ends the kiosk or opens its set-up: scrypt, both base64; null: neither is possible by keyboard. */
  readonly exitPin: { readonly salt: string; readonly hash: string } | null;
}

/** What stands where the file says nothing. */
export const DEFAULT_CONFIG: Omit<KioskConfig, 'serverUrl'> = {
  version: 1,
  certificatePin: null,
  mode: 'each',
  displays: [],
  scene: null,
  pitchMm: null,
  farthestSeatM: null,
  exitPin: null,
  volume: 1,
  night: null,
};

const MAX_DISPLAYS = 16;
const MAX_PIXELS = 100_000;

const within = (from: number, to: number) => z.number('not a number').check(...range(from, to));
const whole = (from: number, to: number) => z.int('not a whole number').check(...range(from, to));
function range(from: number, to: number) {
  const message = `not between ${from} and ${to}`;
  return [z.minimum(from, message), z.maximum(to, message)] as const;
}

const sceneChoice = z
  .string('not a text')
  .check(z.regex(/^[\w-]{1,64}(:[\w.:-]{1,64})?$/, 'not a scene, such as brief or grid:xuzhuang'));
const timeOfDay = z.string('not a text').check(z.regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'not a time of day such as 22:00'));
const base64 = z.string('not a text').check(z.regex(/^[A-Za-z0-9+/]{16,128}={0,2}$/, 'not base64'));

const display = z.strictObject({
  label: z.string('not a text').check(z.maxLength(200, 'longer than 200 characters')),
  id: z.int('not a whole number'),
  width: whole(1, MAX_PIXELS),
  height: whole(1, MAX_PIXELS),
  x: whole(-MAX_PIXELS, MAX_PIXELS),
  y: whole(-MAX_PIXELS, MAX_PIXELS),
  scene: z.exactOptional(sceneChoice),
}) satisfies z.ZodMiniType<DisplayBinding>;

/** `DisplayBinding`s on their way from the server, and everything else that it may push. */
const pushable = {
  mode: z.exactOptional(z.enum(WALL_MODES, 'neither each nor span')),
  displays: z.exactOptional(
    z.array(display, 'not a list').check(z.maxLength(MAX_DISPLAYS, `more than ${MAX_DISPLAYS}`)),
  ),
  scene: z.exactOptional(z.nullable(sceneChoice)),
  pitchMm: z.exactOptional(z.nullable(within(0.1, 50))),
  farthestSeatM: z.exactOptional(z.nullable(within(0.5, 200))),
  volume: z.exactOptional(within(0, 1)),
  night: z.exactOptional(z.nullable(z.strictObject({ from: timeOfDay, until: timeOfDay }, 'not the hours of a night'))),
};
export const pushedConfig = z.strictObject(pushable) satisfies z.ZodMiniType<PushedConfig>;
/** As callers of the server's HTTP interface send it: what they add is left out, as everywhere there. */
const askedConfig = z.object(pushable);

const serverUrl = z
  .string('missing or not a text')
  .check(
    z.regex(
      /^https?:\/\/(\[[\da-f:.]+\]|[a-z\d.-]+)(:\d{1,5})?$/,
      'not scheme, host and port, like http://10.0.0.5:8311',
    ),
  );

const kioskFile = z.strictObject({
  version: z.literal(1, 'a version that this kiosk does not know'),
  serverUrl,
  certificatePin: z.exactOptional(
    z.nullable(z.string('not a text').check(z.regex(/^sha256\/[A-Za-z0-9+/]{43}=$/, 'not sha256/ and base64'))),
  ),
  exitPin: z.exactOptional(z.nullable(z.strictObject({ salt: base64, hash: base64 }))),
  ...pushable,
});

export interface ConfigFault {
  /** `displays.0.width`; empty for the whole. */
  readonly path: string;
  readonly message: string;
}

export type DecodedConfig<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly faults: readonly ConfigFault[] };

/** The file's content with what it leaves out; every fault is named by its field, also a field that is not known. */
export function decodeKioskConfig(input: unknown): DecodedConfig<KioskConfig> {
  const read = z.safeParse(kioskFile, input);
  return read.success ? { ok: true, value: { ...DEFAULT_CONFIG, ...read.data } } : failure(read.error.issues);
}

export function decodePushedConfig(input: unknown): DecodedConfig<PushedConfig> {
  const read = z.safeParse(pushedConfig, input);
  return read.success ? { ok: true, value: read.data } : failure(read.error.issues);
}

export function decodeAskedConfig(input: unknown): DecodedConfig<PushedConfig> {
  const read = z.safeParse(askedConfig, input);
  return read.success ? { ok: true, value: read.data } : failure(read.error.issues);
}

function failure(issues: readonly z.core.$ZodIssue[]): { readonly ok: false; readonly faults: readonly ConfigFault[] } {
  const faults = issues.flatMap((issue): ConfigFault[] => {
    const path = issue.path.map(String);
    if (issue.code !== 'unrecognized_keys') return [{ path: path.join('.'), message: issue.message }];
    return issue.keys.map((key) => ({ path: [...path, key].join('.'), message: 'not a field of this file' }));
  });
  return { ok: false, faults };
}

/** One line that names every fault. */
export function describeFaults(faults: readonly ConfigFault[]): string {
  return faults.map(({ path, message }) => `${path === '' ? 'the whole' : path}: ${message}`).join('; ');
}
