import type { AlertKind } from './alarm.ts';
import type { AlarmHandling } from './alarmDecide.ts';
import type { StageLimits } from './alarmRules.ts';
import type { FloodRule } from './flood.ts';
import type { Scene } from './scene.ts';
import type { LimitClock } from './sla.ts';
import type { RepeatRule, SurgeRule } from './surge.ts';
import type { Domain } from './ticket.ts';

/** A name in both languages of the product; English falls back to Chinese where absent. */
export interface Name {
  readonly zh: string;
  readonly en?: string;
}

/** Axial coordinates of a hexagon (pointy top): column `q`, row `r`. */
export interface Tile {
  readonly q: number;
  readonly r: number;
}

/** Which units a deployment's own boundaries are of. */
export const BOUNDARY_LEVELS = ['street', 'community', 'grid'] as const;
export type BoundaryLevel = (typeof BOUNDARY_LEVELS)[number];

/**
 * Real boundaries in place of hexagons, as the server made them of a GeoJSON file: outlines as SVG paths of whole
 * numbers in a box of `width` × `height`, y downwards, one unit the same length along both sides. A path is `M` with a
 * position, `l` with relative ones, `z`, again and again.
 */
export interface Boundaries {
  readonly level: BoundaryLevel;
  readonly width: number;
  readonly height: number;
  /** One for each unit of the level; `x`, `y` is where its mark stands. */
  readonly cells: readonly { readonly id: string; readonly path: string; readonly x: number; readonly y: number }[];
  /** Lines between communities of one street, and between streets. */
  readonly communityBorders: string;
  readonly streetBorders: string;
}

export interface Street {
  readonly id: string;
  readonly name: Name;
}

export interface Community {
  readonly id: string;
  readonly name: Name;
  readonly streetId: string;
  readonly kind: 'urban' | 'rural';
}

export interface Grid {
  readonly id: string;
  /** As shown: `荷韵花园-03`. */
  readonly name: Name;
  readonly communityId: string;
  readonly tile: Tile;
}

/** A time limit: `amount` minutes for the hour clocks, whole days for working days. */
export interface Limit {
  readonly clock: LimitClock;
  readonly amount: number;
}

export interface Category {
  readonly id: string;
  readonly name: Name;
  readonly domain: Domain;
  readonly department?: string;
  /** Absent: no deadline. */
  readonly limit?: Limit;
  /** Awarded after verification. */
  readonly points: number;
  /** Overdue at once critical (red). */
  readonly safety?: boolean;
}

/** A line under a domain's chart: the category seen most often, the median wait, or groups of repeat requests. */
export type Signature = 'topCategory' | 'medianWait' | 'repeatGroups';

/** Everything that is particular to one district. Another city runs the same program with another file. */
export interface Deployment {
  readonly id: string;
  /** The centre, as in the header: 太白湖新区社会治理服务中心. */
  readonly name: Name;
  /** Prefix of ticket numbers: `GD`. */
  readonly numberPrefix: string;
  /** IANA zone of every time on screen and of every local day. */
  readonly timeZone: string;
  readonly streets: readonly Street[];
  readonly communities: readonly Community[];
  readonly grids: readonly Grid[];
  readonly map: {
    readonly water: readonly Tile[];
    readonly waterName?: Name;
    readonly boundaries?: Boundaries;
    /** 审图号 of those boundaries, in place of 示意图. */
    readonly approvalNumber?: string;
  };
  readonly domains: readonly { readonly id: Domain; readonly name: Name; readonly signature: Signature }[];
  readonly categories: readonly Category[];
  /** Taken by a category that the deployment does not list and that comes without a domain. Such a ticket gets no deadline of its own. */
  readonly fallback: { readonly domain: Domain; readonly department?: string };
  readonly departments: readonly { readonly id: string; readonly name: Name; readonly short?: Name }[];
  readonly dispositions: readonly { readonly id: string; readonly name: Name }[];
  /** Who closes by itself after verification; absent: somebody must close. */
  readonly closeAfterVerify?: { readonly by: string };
  readonly calendar: CalendarRules;
  /** Share of tickets that must be in time, 0–1; the target line of the wall. */
  readonly onTimeTarget: number;
  /** Fewer tickets due than this in the period: no rank (件数少). */
  readonly rankFloor: number;
  /** Minutes of its own clock left at which a ticket counts as due soon. */
  readonly dueSoonMinutes: number;
  /** Hours after its end that a ticket leaves the live board for the archive. At least 24, so that a day's figures stay whole. */
  readonly archiveAfterHours: number;
  /** Numbers that stay readable on a wall: hotlines and the like. */
  readonly readableNumbers: readonly string[];
  /** What the trust strip expects, in its order. */
  readonly sources: readonly ExpectedSource[];
  readonly alarms: AlarmPolicy;
  /** How walls care for their screens; absent: they do nothing of it. */
  readonly screens?: ScreenCare;
  /** Scenes of its own, or its own versions of bundled ones. */
  readonly scenes?: readonly Scene[];
}

export interface ScreenCare {
  /** The whole canvas goes round by ±2 units in ten minutes, so that an LCD keeps no picture. An LED wall needs it not. */
  readonly orbit: boolean;
  /** Local times of day, `HH:mm`, between which a wall gives 60 % of its light. */
  readonly night?: { readonly from: string; readonly until: string };
  /** Scenes that walls show in turns while nobody asks for another; absent: they stay with the first. */
  readonly turns?: readonly SceneTurn[];
}

export interface SceneTurn {
  readonly scene: string;
  readonly seconds: number;
}

export interface ExpectedSource {
  /** The `source` of its tickets. */
  readonly id: string;
  readonly name: Name;
  /** How often it should be heard of. */
  readonly periodSeconds: number;
  /** The domains whose tickets it brings; absent: any. A panel is old when all that feeds it is. */
  readonly domains?: readonly Domain[];
}

export interface CalendarRules {
  /** Local working hours of a working day, `HH:mm`, in order, not overlapping. */
  readonly hours: readonly { readonly start: string; readonly end: string }[];
  /** ISO weekdays that are worked in an ordinary week, 1 = Monday. */
  readonly weekdays: readonly number[];
  /** `CN`: public holidays and make-up workdays of the State Council; `none`: weekdays only. */
  readonly holidays: 'CN' | 'none';
  /** Local exceptions, `yyyy-MM-dd`, over the above. */
  readonly extraHolidays?: readonly string[];
  readonly extraWorkdays?: readonly string[];
  /** Complained of when the holidays of so many days ahead are not known. */
  readonly warningDays: number;
}

/** What raises alerts here and how they are handled. */
export interface AlarmPolicy {
  /** What is raised at all; surges and repeats also need their rule. */
  readonly kinds: readonly AlertKind[];
  readonly handling: Omit<AlarmHandling, 'dispositions'>;
  readonly stages: StageLimits;
  readonly surge?: SurgeRule;
  readonly repeat?: RepeatRule;
  readonly flood: FloodRule;
  readonly system: SystemRules;
  /** Who holds an unanswered alert, from the lowest rung up: 网格, 社区, 镇街, 区. */
  readonly ladder: readonly [Name, Name, Name, Name];
}

/** When the server complains of itself. */
export interface SystemRules {
  /** Free space on the disk of the data folder: too little below the one, enough again above the other. */
  readonly diskLowBelowMiB: number;
  readonly diskEnoughAboveMiB: number;
  /** The system clock jumped by more than this against the time that really passed … */
  readonly clockJumpSeconds: number;
  /** … and is trusted again after so long without another jump. */
  readonly clockSteadyMinutes: number;
}
