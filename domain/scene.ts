import type { Name } from './deployment.ts';
import type { Domain } from './ticket.ts';

/** Shapes of wall that a scene may lay out for itself (visual specification §2); the others are re-flowed from `std`. */
export const ASPECTS = ['std', 'wide3', 'ultra'] as const;
export type Aspect = (typeof ASPECTS)[number];

/** What may stand in a slot; each has its component in renderer/panels/registry.ts. */
export const PANELS = [
  'overdue',
  'departments',
  'pipeline',
  'dueSoon',
  'map',
  'stream',
  'domains',
  'focusMonth',
  'hourly',
  'categories',
  'limitUse',
  'hotGrids',
  'areaMap',
  'areaSummary',
  'areaRanking',
  'ticketCase',
  'ticketPlace',
  'ticketTimeline',
  'briefHero',
  'briefTrend',
  'briefFigures',
  'gridStrip',
  'briefDepartments',
  'briefDomains',
  'findings',
  'departmentTable',
  'departmentLoad',
] as const;
export type PanelName = (typeof PANELS)[number];

/**
 * What the header over a screen holds: all of it or, on a wall of several screens, the centre's name, the map's title and
 * legend, the scene's title, or the trust strip with the clock.
 */
export const HEADERS = ['whole', 'name', 'map', 'scene', 'trust'] as const;
export type HeaderPart = (typeof HEADERS)[number];

/** Breadth of a column or row: design units, or a share of what is left, `2fr`. */
export type Track = number | `${number}fr`;

/** Where a slot stands in the grid of its screen, counted from 1; it spans one column and row unless it says more. */
export interface SlotArea {
  readonly column: number;
  readonly row: number;
  readonly columnSpan?: number;
  readonly rowSpan?: number;
}

/** What a panel is told by its scene, whatever it makes of it. */
export type PanelOptions = Readonly<Record<string, string | number | boolean>>;

export interface Slot {
  readonly panel: PanelName;
  readonly area: SlotArea;
  /** Where it stands during an alarm flood; null: it gives up its place. Absent: where it always stands. */
  readonly duringFlood?: SlotArea | null;
  readonly options?: PanelOptions;
}

/** A self-contained grid on one physical screen, below its header. */
export interface ScreenGrid {
  readonly header: HeaderPart;
  readonly columns: readonly Track[];
  readonly rows: readonly Track[];
  /** Design units between columns or rows: the same everywhere, or one for each gap. */
  readonly columnGap?: number | readonly number[];
  readonly rowGap?: number | readonly number[];
  readonly slots: readonly Slot[];
}

/**
 * One grid for each physical screen, from left to right, so that nothing lies across a seam. More than one on a wall
 * without seams are drawn side by side all the same.
 */
export interface Layout {
  readonly screens: readonly ScreenGrid[];
}

/** What a wall shows at a time, as data. A deployment may bring its own, or its own version of a bundled one. */
export interface Scene {
  /** What `data-scene` carries and a command names. */
  readonly id: string;
  readonly title: Name;
  /** The domain that it is about, whose name follows the title. */
  readonly domain?: Domain;
  readonly layouts: { readonly std: Layout } & { readonly [aspect in Exclude<Aspect, 'std'>]?: Layout };
}

/** Shown where nothing else is asked for, or what is asked for is not there: 实时调度. */
export const FIRST_SCENE = 'dispatch';
