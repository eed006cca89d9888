import type { Alert } from '../domain/alarm.ts';
import type { BriefFigures } from '../domain/brief.ts';
import type { CanaryPassed } from '../domain/canary.ts';
import type { AlarmPolicy, Deployment } from '../domain/deployment.ts';
import type { BoardEvent } from '../domain/events.ts';
import type { ConfirmedFindings } from '../domain/findings.ts';
import type { FloodChanged } from '../domain/flood.ts';
import type { BoardHistory } from '../domain/history.ts';
import type { Gap, Missed } from '../domain/outage.ts';
import type { WorkingTime } from '../domain/sla.ts';
import type { Ticket } from '../domain/ticket.ts';
import type { Raise } from '../domain/wallState.ts';
import type { PushedConfig } from './kioskConfig.ts';
import type { TicketPacking } from './packedTicket.ts';

/** Raised when an older wall could misread a newer server. */
export const PROTOCOL_VERSION = 1;

/**
 * The same value as JSON on the wire: every number under a key that is `at` or ends in `At` is an ISO 8601 instant
 * with offset there (protocol/instants.ts converts both ways).
 */
export type Encoded<T> = T extends readonly (infer Item)[]
  ? Encoded<Item>[]
  : T extends object
    ? { [Key in keyof T]: Key extends 'at' | `${string}At` ? EncodedInstant<T[Key]> : Encoded<T[Key]> }
    : T;
type EncodedInstant<T> = T extends number ? string : T extends readonly number[] ? string[] : T;

/** What a wall needs of its deployment: everything but what only the server decides. */
export type WallDeployment = Pick<
  Deployment,
  | 'id'
  | 'name'
  | 'timeZone'
  | 'streets'
  | 'communities'
  | 'grids'
  | 'map'
  | 'domains'
  | 'departments'
  | 'onTimeTarget'
  | 'rankFloor'
  | 'dueSoonMinutes'
  | 'sources'
  | 'dispositions'
  | 'screens'
  | 'scenes'
> & {
  readonly categories: readonly Pick<Deployment['categories'][number], 'id' | 'name' | 'domain'>[];
  readonly alarms: Pick<AlarmPolicy, 'ladder' | 'flood'>;
};

export type ClockMode = 'live' | 'replay' | 'demo';

/** How the server's domain clock runs: `speed` is how many domain seconds pass in a real one, `max` jumps from event to event. */
export interface ClockState {
  readonly mode: ClockMode;
  readonly speed: number | 'max';
}

export type SourceState = 'live' | 'silent' | 'finished' | 'failed';

/** One column of the trust strip. Instants are epoch ms on the server's domain clock. */
export interface SourceStatus {
  readonly id: string;
  readonly kind: string;
  readonly state: SourceState;
  /** When it was last heard of; null: never. */
  readonly lastEventAt: number | null;
  /** How long ago that is: real ms, but of the data's own time for a replayed table, whose past no clock on a wall measures. */
  readonly ageMs: number | null;
}

/**
 * What arrives as aggregates, not as events, because it moves slowly: bands, yesterday, ranking, and the working
 * calendar around today. Sent with every subscription and again whenever it changes (`board:history`).
 */
export interface WallHistory extends BoardHistory {
  readonly working: WorkingTime;
  readonly brief: WallBrief;
}

/** 运行简报 of the running month. Findings only as somebody confirmed them; null: nobody has. */
export interface WallBrief extends BriefFigures {
  readonly findings: Pick<ConfirmedFindings, 'sentences' | 'confirmedBy' | 'confirmedAt'> | null;
}

/** The whole board as one audience may see it. Tickets are in order of arrival, alerts in order of their raise. */
export interface Board {
  readonly deployment: WallDeployment;
  readonly tickets: readonly Ticket[];
  readonly alerts: readonly Alert[];
  /** Raises of the last hour that count towards a flood, oldest first. */
  readonly raises: readonly Raise[];
  /** The last change; absent before the first flood, and for those who see one street only. */
  readonly flood?: FloodChanged;
  /** The last one; absent before the first, and in a replay. */
  readonly canary?: CanaryPassed;
  /** On the wire only: how to read those of `tickets` and `alerts` that stand there as rows. */
  readonly packing?: TicketPacking;
  /** On the wire only: so many messages of tickets came ahead of it (`BoardPart`); absent: none. */
  readonly parts?: number;
}

/** `board:part`: tickets of a board whose answer follows in the same turn, as rows; they stand before those in the answer. */
export interface BoardPart {
  /** In the first of them. */
  readonly packing?: TicketPacking;
  readonly tickets: readonly unknown[];
}

export interface SubscribeRequest {
  readonly protocol: number;
  /** Both or neither: where the wall stands. */
  readonly epoch?: string;
  readonly seq?: number;
  /** When it was cut off, for one that shows a board already; on the wire as ISO 8601 with offset. */
  readonly gap?: Gap;
  /** It reads tickets and alerts as rows (protocol/packedTicket.ts), tickets also in parts ahead of the answer. */
  readonly packed?: boolean;
  /** The wall's screens in pixels, for the fleet page. */
  readonly screens?: readonly { readonly width: number; readonly height: number; readonly scale?: number }[];
}

export type SubscribeRefusal = 'incompatible' | 'unauthorized' | 'malformed';

export type SubscribeAnswer =
  | {
      readonly ok: true;
      readonly kind: 'snapshot';
      readonly epoch: string;
      readonly seq: number;
      readonly at: number;
      readonly board: Board;
      /** For a wall that told its `gap`. */
      readonly missed?: Missed;
      readonly history: WallHistory;
      readonly clock: ClockState;
    }
  | {
      readonly ok: true;
      readonly kind: 'events';
      readonly epoch: string;
      readonly fromSeq: number;
      readonly toSeq: number;
      readonly at: number;
      readonly events: readonly BoardEvent[];
      readonly history: WallHistory;
      readonly clock: ClockState;
    }
  /** `version`: the server's, where the two are incompatible. */
  | { readonly ok: false; readonly reason: SubscribeRefusal; readonly version?: string };

/** Contiguous: `fromSeq` is the last `toSeq` + 1. `toSeq` also counts events that this audience does not get. */
export interface EventFrame {
  readonly epoch: string;
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly at: number;
  readonly events: readonly BoardEvent[];
}

/** Each second: the server lives, its clock says `at`, its sources are so. */
export interface Pulse {
  readonly epoch: string;
  readonly seq: number;
  readonly at: number;
  readonly clock: ClockState;
  readonly sources: readonly SourceStatus[];
}

/** A ticket put on the wall by somebody of the staff (上屏), for real ms from now. */
export interface Spotlight {
  readonly ticketId: string;
  readonly leftMs: number;
}

/**
 * `reload`: the server brought a newer page. `show`: all that is asked of the wall at present, sent after each connection
 * and again at each change; `scene` null: its own choice. `configure`: what a kiosk keeps in its own file from now on; a
 * page in a browser keeps none.
 */
export type WallCommand =
  | { readonly kind: 'reload' }
  | { readonly kind: 'configure'; readonly config: PushedConfig }
  | { readonly kind: 'show'; readonly scene: string | null; readonly spotlight: Spotlight | null };

/** How a wall's machine fares, told now and then. */
export interface WallReport {
  /** Of one core. */
  readonly cpuPercent: number;
  readonly memoryMb: number;
  /** 95th percentile of the time between frames. */
  readonly frameMs: number;
  readonly version: string;
}

/** Socket.IO event maps of `/wall`, as they stand on the wire. */
export interface WallServerEvents {
  'board:part': (part: BoardPart) => void;
  'board:events': (frame: Encoded<EventFrame>) => void;
  'board:pulse': (pulse: Encoded<Pulse>) => void;
  'board:history': (history: Encoded<WallHistory>) => void;
  'wall:command': (command: WallCommand) => void;
}
export interface WallClientEvents {
  'board:subscribe': (request: Encoded<SubscribeRequest>, answer: (answer: Encoded<SubscribeAnswer>) => void) => void;
  'wall:report': (report: WallReport) => void;
}
