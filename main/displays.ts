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
  readonly bounds: Bounds;
}

/**
 * Where the wall hangs: the whole of the primary display; while the system names none that is there, the largest,
 * and of equals the one furthest left, then furthest up. Null without a display.
 */
export function boundsForWall(screens: readonly Screen[], primaryId: number): Bounds | null {
  const primary = screens.find((screen) => screen.id === primaryId);
  const [largest] = screens.toSorted(
    (a, b) => area(b) - area(a) || a.bounds.x - b.bounds.x || a.bounds.y - b.bounds.y || a.id - b.id,
  );
  return (primary ?? largest)?.bounds ?? null;
}

function area({ bounds }: Screen): number {
  return bounds.width * bounds.height;
}
