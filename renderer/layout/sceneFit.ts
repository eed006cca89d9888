import type { PanelName, Scene } from '../../domain/scene.ts';
import { PANEL_ENTRIES } from '../panels/registry.ts';
import { type Canvas, canvasOf, type ViewingPlace } from './canvas.ts';
import { farthestSeat, type TextRole, UNIT_STEP, unreadableRoles } from './legibility.ts';
import { layoutFor, type Placed, placeArea, roomOf } from './reflow.ts';

/** A panel that a scene gives less room than it needs. Sizes in design units; `screen` counts from 0. */
export interface TightSlot {
  readonly panel: PanelName;
  readonly screen: number;
  readonly has: Placed;
  readonly least: { readonly width: number; readonly height: number };
}

/** Where every panel of a scene lies on a canvas, in design units from the upper left corner of its screen's slots. */
export function placedSlots(
  scene: Scene,
  canvas: Canvas,
): readonly { readonly panel: PanelName; readonly screen: number; readonly placed: Placed }[] {
  const { screens } = layoutFor(scene, canvas);
  // More screens than the wall has are drawn side by side.
  const width = (canvas.width * canvas.screens) / screens.length;
  const room = roomOf({ width, height: canvas.height });
  return screens.flatMap((grid, screen) =>
    grid.slots.map(({ panel, area }) => ({ panel, screen, placed: placeArea(grid, area, room) })),
  );
}

const SLACK = 0.5;

export function tightSlots(scene: Scene, canvas: Canvas): readonly TightSlot[] {
  return placedSlots(scene, canvas).flatMap(({ panel, screen, placed }) => {
    const { least } = PANEL_ENTRIES[panel];
    const fits = placed.width >= least.width - SLACK && placed.height >= least.height - SLACK;
    return fits ? [] : [{ panel, screen, has: placed, least }];
  });
}

/** Why a scene is refused: a panel's text that the farthest seat cannot read where the panel fits at all. */
export interface UnreadableText {
  readonly panel: PanelName;
  readonly role: TextRole;
  /** At the largest unit at which the whole scene fits on the wall. */
  readonly arcMinutes: number;
  readonly least: number;
}

/** How a scene and the farthest seat of a wall go together. */
export type SceneFit =
  /** Every text is readable from every seat, or nobody has said where the seats are. */
  | { readonly kind: 'readable' }
  /** `mostUnit`: the largest unit at which the scene fits; `mostSeatMm`: the farthest seat that reads it then. */
  | {
      readonly kind: 'refused';
      readonly mostUnit: number;
      readonly mostSeatMm: number;
      readonly tight: readonly TightSlot[];
      readonly texts: readonly UnreadableText[];
    };

/** The largest unit, in steps, at which every panel has the room that it needs; that of the plain canvas where none is. */
function mostUnitOf(scene: Scene, viewport: Canvas['viewport'], place: ViewingPlace, asked: number): number {
  const plain = canvasOf(viewport.width, viewport.height, { screens: place.screens });
  const resized = (unit: number): Canvas => ({
    ...plain,
    unit,
    width: viewport.width / plain.screens / unit,
    height: viewport.height / unit,
  });
  for (let steps = Math.round(asked / UNIT_STEP); steps * UNIT_STEP > plain.unit; steps -= 1) {
    if (tightSlots(scene, resized(steps * UNIT_STEP)).length === 0) return steps * UNIT_STEP;
  }
  return plain.unit;
}

/** Whether the farthest seat of a wall can read a scene, and which text of which panel it cannot. */
export function sceneFit(scene: Scene, canvas: Canvas): SceneFit {
  const { pitchMm, seatMm } = canvas.place;
  if (pitchMm === undefined || seatMm === undefined) return { kind: 'readable' };
  const tight = tightSlots(scene, canvas);
  if (tight.length === 0) return { kind: 'readable' };
  const mostUnit = mostUnitOf(scene, canvas.viewport, canvas.place, canvas.unit);
  const blamed = [...new Set(tight.map(({ panel }) => panel))];
  const texts = blamed.flatMap((panel) =>
    unreadableRoles(PANEL_ENTRIES[panel].texts ?? USUAL_TEXTS, { unit: mostUnit, pitchMm, seatMm }).map((text) => ({
      panel,
      ...text,
    })),
  );
  if (texts.length === 0) return { kind: 'readable' };
  return { kind: 'refused', mostUnit, mostSeatMm: farthestSeat(mostUnit, pitchMm), tight, texts };
}

/** What nearly every panel holds. */
const USUAL_TEXTS: readonly TextRole[] = ['title', 'body', 'meta', 'digits'];
