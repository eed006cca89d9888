/** An LCD that shows the same picture for years keeps it: the canvas goes round by ±2 units in ten minutes (§6). */
const RADIUS = 2;
const ROUND_MS = 10 * 60_000;
/** One step moves the canvas by less than half a unit, which nobody sees. */
export const ORBIT_STEP_MS = 10_000;

/** Where the canvas stands at a moment, in design units. */
export function orbitOffset(atMs: number): { readonly x: number; readonly y: number } {
  const angle = ((atMs % ROUND_MS) / ROUND_MS) * 2 * Math.PI;
  return { x: RADIUS * Math.cos(angle), y: RADIUS * Math.sin(angle) };
}
