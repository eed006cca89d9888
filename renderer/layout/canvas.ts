import type { Aspect } from '../../domain/scene.ts';
import { farthestSeat, unitForSeat } from './legibility.ts';

/** What is known of the wall besides its pixels; asked once by the setup page. */
export interface ViewingPlace {
  /** From one picture element to the next, in mm. */
  readonly pitchMm?: number | undefined;
  /** From the wall to the farthest seat, in mm. */
  readonly seatMm?: number | undefined;
  /** Physical screens side by side, with seams between them; absent: as the shape of the viewport suggests. */
  readonly screens?: number | undefined;
}

/** How a wall of this size is laid out: by which layout, on how many screens, with how many pixels a design unit. */
export interface Canvas {
  readonly aspect: Aspect;
  /** Physical screens side by side. */
  readonly screens: number;
  /** Pixels of one design unit. */
  readonly unit: number;
  /** Of one screen, in design units. */
  readonly width: number;
  readonly height: number;
  /** The viewport in CSS pixels, and what is known besides. */
  readonly viewport: { readonly width: number; readonly height: number };
  readonly place: ViewingPlace;
}

/** The smallest canvas of a layout's screen in design units (visual specification §2); it fixes the default unit. */
const LEAST_CANVAS: Readonly<Record<Aspect, { readonly width: number; readonly height: number }>> = {
  std: { width: 1920, height: 1080 },
  wide3: { width: 1536, height: 864 },
  ultra: { width: 3840, height: 1080 },
};

/** A viewport is `ultra` from this ratio of width to height on (the layout's own is 3.56), and several screens from the next. */
const ULTRA_FROM = 3.2;
const SEVERAL_SCREENS_FROM = 4.4;
const SCREEN_RATIO = 16 / 9;

export function screensOf(width: number, height: number): number {
  const ratio = width / height;
  return ratio < SEVERAL_SCREENS_FROM ? 1 : Math.max(2, Math.round(ratio / SCREEN_RATIO));
}

export function aspectOf(width: number, height: number, screens: number): Aspect {
  if (screens > 1) return 'wide3';
  return width / height >= ULTRA_FROM ? 'ultra' : 'std';
}

/**
 * The canvas of a viewport in CSS pixels. The unit is the largest at which the layout's own canvas fits, or the one that
 * the farthest seat asks for where that is larger: then less fits on the wall (layout/sceneFit.ts says what no longer does).
 */
export function canvasOf(width: number, height: number, place: ViewingPlace = {}): Canvas {
  const screens = place.screens ?? screensOf(width, height);
  const aspect = aspectOf(width, height, screens);
  const screenWidth = width / screens;
  const least = LEAST_CANVAS[aspect];
  const usual = Math.min(screenWidth / least.width, height / least.height);
  const { pitchMm, seatMm } = place;
  const isNear = pitchMm === undefined || seatMm === undefined || seatMm <= farthestSeat(usual, pitchMm);
  const unit = isNear ? usual : unitForSeat(seatMm, pitchMm);
  return {
    aspect,
    screens,
    unit,
    width: screenWidth / unit,
    height: height / unit,
    viewport: { width, height },
    place,
  };
}
