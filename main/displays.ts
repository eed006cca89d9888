import type { DisplayBinding, WallMode } from '../protocol/kioskConfig.ts';

/** Pixels as Electron counts them (device-independent), in the coordinates of the whole desktop. */
export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What of Electron's `Display` decides where the wall hangs. */
export interface Screen {
  readonly id: number;
  /** Empty where the display gives itself no name. */
  readonly label: string;
  readonly bounds: Bounds;
  readonly scaleFactor: number;
}

/** One window of the wall. */
export interface Place {
  /** The same for one binding as long as the configuration stays: its window goes with it. */
  readonly key: string;
  readonly bounds: Bounds;
  /** Across several displays: window managers know full screen on one only. */
  readonly spans: boolean;
  readonly scene: string | null;
}

/**
 * Where the wall hangs.
 * `each`: a window on every bound display that is there. `span`: one window across all of them. Without bindings the
 * whole of the primary display (`span`: of all displays); so too while none of the bound ones is there, for a wall
 * in the wrong place beats none. Two displays that show the same get one window.
 * @returns first the window that leads (it alone sounds, keeps the board and reports); empty without any display
 */
export function placesForWall(
  wanted: { readonly mode: WallMode; readonly displays: readonly DisplayBinding[]; readonly scene: string | null },
  screens: readonly Screen[],
  primaryId: number,
): readonly Place[] {
  const bound = bindDisplays(wanted.displays, screens);
  const found = wanted.displays.flatMap((binding, index) => {
    const screen = bound[index];
    return screen === undefined || screen === null ? [] : [{ binding, screen, key: String(index) }];
  });
  if (wanted.mode === 'span') {
    const across = found.length > 0 ? found.map(({ screen }) => screen.bounds) : screens.map(({ bounds }) => bounds);
    if (across.length === 0) return [];
    return [{ key: '0', bounds: hull(across), spans: across.length > 1, scene: wanted.scene }];
  }
  if (found.length === 0) {
    const bounds = mainBounds(screens, primaryId);
    return bounds === null ? [] : [{ key: '0', bounds, spans: false, scene: wanted.scene }];
  }
  const places: Place[] = [];
  for (const { binding, screen, key } of found) {
    if (places.some(({ bounds }) => sameBounds(bounds, screen.bounds))) continue;
    places.push({ key, bounds: screen.bounds, spans: false, scene: binding.scene ?? wanted.scene });
  }
  return places;
}

/** How many displays stand side by side in a window: the page lets nothing cross the seams between them. */
export function columnsIn(window: Bounds, screens: readonly Screen[]): number {
  const inside = screens.filter(
    ({ bounds: { x, y, width, height } }) =>
      x >= window.x && y >= window.y && x + width <= window.x + window.width && y + height <= window.y + window.height,
  );
  return Math.max(1, new Set(inside.map(({ bounds }) => bounds.x)).size);
}

/** How a display is found again, the surest way first. */
const SIGNS: readonly ((binding: DisplayBinding, screen: Screen) => boolean)[] = [
  (binding, screen) => sameName(binding, screen) && binding.id === screen.id,
  (binding, screen) => sameName(binding, screen) && sameSize(binding, screen),
  sameName,
  (binding, screen) => binding.id === screen.id,
  (binding, screen) => samePlace(binding, screen) && sameSize(binding, screen),
  // Another display where it stood: it was exchanged. Size alone says nothing, an operator's own may have it too.
  samePlace,
];

/**
 * Which display each binding means, by its index; null where it is not there. No display is given away twice, and
 * none by a weaker sign while another binding has a stronger one.
 */
export function bindDisplays(
  bindings: readonly DisplayBinding[],
  screens: readonly Screen[],
): readonly (Screen | null)[] {
  const bound: (Screen | null)[] = bindings.map(() => null);
  const free = new Set(screens);
  for (const isSame of SIGNS) {
    for (const [index, binding] of bindings.entries()) {
      if (bound[index] !== null) continue;
      const [nearest] = [...free]
        .filter((screen) => isSame(binding, screen))
        .toSorted((a, b) => distance(binding, a) - distance(binding, b) || a.id - b.id);
      if (nearest === undefined) continue;
      bound[index] = nearest;
      free.delete(nearest);
    }
  }
  return bound;
}

/** A display as it is now, to be found again later. */
export function bindingOf(screen: Screen): Omit<DisplayBinding, 'scene'> {
  const { width, height } = pixelsOf(screen);
  return { label: screen.label, id: screen.id, width, height, x: screen.bounds.x, y: screen.bounds.y };
}

/** The primary display; while the system names none that is there, the largest, of equals the one furthest left, then up. */
function mainBounds(screens: readonly Screen[], primaryId: number): Bounds | null {
  const primary = screens.find((screen) => screen.id === primaryId);
  const [largest] = screens.toSorted(
    (a, b) => area(b) - area(a) || a.bounds.x - b.bounds.x || a.bounds.y - b.bounds.y || a.id - b.id,
  );
  return (primary ?? largest)?.bounds ?? null;
}

function hull(all: readonly Bounds[]): Bounds {
  const x = Math.min(...all.map((bounds) => bounds.x));
  const y = Math.min(...all.map((bounds) => bounds.y));
  const width = Math.max(...all.map((bounds) => bounds.x + bounds.width)) - x;
  const height = Math.max(...all.map((bounds) => bounds.y + bounds.height)) - y;
  return { x, y, width, height };
}

export function sameBounds(one: Bounds, other: Bounds): boolean {
  return one.x === other.x && one.y === other.y && one.width === other.width && one.height === other.height;
}

function sameName(binding: DisplayBinding, screen: Screen): boolean {
  return binding.label !== '' && binding.label === screen.label;
}

/** In pixels, so that another scale does not count; nor does a quarter turn. */
function sameSize(binding: DisplayBinding, screen: Screen): boolean {
  const { width, height } = pixelsOf(screen);
  const turned = binding.width === height && binding.height === width;
  return turned || (binding.width === width && binding.height === height);
}

function samePlace(binding: DisplayBinding, { bounds }: Screen): boolean {
  return binding.x === bounds.x && binding.y === bounds.y;
}

function distance(binding: DisplayBinding, { bounds }: Screen): number {
  return Math.hypot(binding.x - bounds.x, binding.y - bounds.y);
}

function pixelsOf({ bounds, scaleFactor }: Screen): { readonly width: number; readonly height: number } {
  return { width: Math.round(bounds.width * scaleFactor), height: Math.round(bounds.height * scaleFactor) };
}

function area({ bounds }: Screen): number {
  return bounds.width * bounds.height;
}
