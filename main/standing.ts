import { type Bounds, type Place, sameBounds } from './displays.ts';

/** What of a window shows whether the wall is seen. */
export interface Standing {
  readonly bounds: Bounds;
  readonly fullScreen: boolean;
  readonly minimised: boolean;
  readonly visible: boolean;
  /** Another program has the keyboard, so its window may lie on top. */
  readonly behind: boolean;
}

/** What is wrong with where a window stands; null: nothing. */
export type Displacement = 'minimised' | 'hidden' | 'moved' | 'notFullScreen' | 'behind';

export function displacementOf(standing: Standing, { bounds, spans }: Place, yields: boolean): Displacement | null {
  if (standing.minimised) return 'minimised';
  if (!standing.visible) return 'hidden';
  if (!sameBounds(standing.bounds, bounds)) return 'moved';
  if (!spans && !standing.fullScreen) return 'notFullScreen';
  return standing.behind && !yields ? 'behind' : null;
}

/** After so long without a displacement the next one is put right at once again. */
const CALM_AFTER_MS = 60_000;
const FIRST_DELAY_MS = 300;
const LONGEST_DELAY_MS = 30_000;

/** Displacements that keep coming: since when there was none, and how many were put right. */
export interface Struggle {
  readonly corrections: number;
  readonly lastMs: number;
}
export const initialStruggle: Struggle = { corrections: 0, lastMs: Number.NEGATIVE_INFINITY };

/** A window manager that will not have it otherwise is not fought: each correction waits twice as long, up to 30 s. */
export function correctionDelayMs({ corrections, lastMs }: Struggle, nowMs: number): number {
  const earlier = nowMs - lastMs >= CALM_AFTER_MS ? 0 : corrections;
  return Math.min(FIRST_DELAY_MS * 2 ** earlier, LONGEST_DELAY_MS);
}

/** One more was put right. */
export function corrected({ corrections, lastMs }: Struggle, nowMs: number): Struggle {
  return { corrections: nowMs - lastMs >= CALM_AFTER_MS ? 1 : corrections + 1, lastMs: nowMs };
}
