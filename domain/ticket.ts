import type { LimitClock } from './sla.ts';

/** The five domains in the order in which the wall shows them: 民生服务 交通出行 政务服务 综合研判 城市管理. */
export const DOMAINS = ['livelihood', 'traffic', 'government', 'analysis', 'urban'] as const;
export type Domain = (typeof DOMAINS)[number];

export const PRIORITIES = ['low', 'normal', 'high', 'critical'] as const;
export type Priority = (typeof PRIORITIES)[number];

export const STATUSES = ['reported', 'dispatched', 'handled', 'verified', 'closed', 'void', 'merged'] as const;
export type Status = (typeof STATUSES)[number];

/** Every entry a timeline can hold; `report` is always the first and never sent as a step. */
export const STEPS = [
  'report',
  'dispatch',
  'handle',
  'verify',
  'close',
  'return',
  'rework',
  'note',
  'extend',
  'suspend',
  'resume',
  'escalate',
  'merge',
  'void',
] as const;
export type Step = (typeof STEPS)[number];

/**
 * What is remarkable about a ticket, shown as given, never a reason to refuse it.
 * `unlisted`: category, department or area unknown to the deployment. `unverified`: closed without verification.
 * `outOfOrder`: a step is dated before its predecessor. `calendarMissing`: its deadline runs into a year
 * whose public holidays are not known yet, so only weekends were left out. `drill`, `canary`: in no statistic.
 */
export const FLAGS = [
  'unlisted',
  'unverified',
  'outOfOrder',
  'calendarMissing',
  'returned',
  'reworked',
  'extended',
  'suspended',
  'escalated',
  'drill',
  'canary',
] as const;
export type Flag = (typeof FLAGS)[number];

export type TicketId = string;

export interface Location {
  readonly gridId?: string;
  readonly address?: string;
  /** Degrees, −180…180. */
  readonly lng?: number;
  /** Degrees, −90…90. */
  readonly lat?: number;
}

export interface Reporter {
  readonly id?: string;
  readonly name?: string;
  readonly phone?: string;
}

/** What a source claims about a new ticket, checked for type and range, nothing decided yet. Instants are epoch ms. */
export interface TicketReport {
  readonly id?: TicketId;
  readonly source: string;
  readonly domain?: Domain;
  readonly category: string;
  readonly title: string;
  readonly description?: string;
  readonly priority?: Priority;
  readonly location: Location;
  readonly department?: string;
  readonly assistDepartments?: readonly string[];
  readonly reporter?: Reporter;
  readonly reportedAt?: number;
  readonly dueAt?: number;
  readonly overdueClaim?: boolean;
}

/** What somebody says was done to a ticket, checked for type and range, nothing decided yet. */
export interface StepReport {
  readonly id?: string;
  readonly step: Exclude<Step, 'report'>;
  readonly at?: number;
  readonly by?: string;
  readonly department?: string;
  readonly note?: string;
  /** `extend` only: the new deadline. */
  readonly dueAt?: number;
  /** `merge` only: the ticket that carries on. */
  readonly into?: TicketId;
}

/** One entry of a ticket's timeline. */
export interface StepRecord {
  readonly step: Step;
  /** When it happened, as told. */
  readonly at: number;
  /** When the server took it down. */
  readonly recordedAt: number;
  readonly id?: string;
  readonly by?: string;
  readonly department?: string;
  readonly note?: string;
  readonly into?: TicketId;
  /** The deadline from this step on, where the step moved it (extend, resume, or work finished while suspended). */
  readonly dueAt?: number;
  readonly points?: number;
  /** Fingerprint of what was sent, to tell a retry from a clash. Server only. */
  readonly contentHash?: string;
}

/**
 * A ticket as the server and every wall hold it; a wall's copy lacks what it may not show. Never mutated: each
 * event yields a new object, so references tell change.
 */
export interface Ticket {
  readonly id: TicketId;
  /** `GD-yyMMdd-nnnn`, the day being the local day of the report. */
  readonly number: string;
  readonly source: string;
  readonly domain: Domain;
  readonly category: string;
  readonly title: string;
  readonly description?: string;
  readonly priority: Priority;
  readonly location: Location;
  readonly department?: string;
  readonly assistDepartments: readonly string[];
  readonly reporter?: Reporter;
  readonly reportedAt: number;
  readonly recordedAt: number;
  /** The deadline in force; absent where neither source nor category sets one. */
  readonly dueAt?: number;
  /** The deadline at report, kept through extensions and suspensions. */
  readonly originalDueAt?: number;
  /** From here on an overdue ticket is critical (red): at once for safety categories, else at twice the limit. */
  readonly criticalAt?: number;
  /** The clock that `dueAt` is counted in. */
  readonly clock?: LimitClock;
  /** A source's own word on lateness; it counts only where there is no deadline. */
  readonly overdueClaim?: boolean;
  readonly status: Status;
  readonly steps: readonly StepRecord[];
  /** When the clock was stopped (挂账); absent while it runs. */
  readonly suspendedAt?: number;
  /** The last `handle` that no rework has struck out. */
  readonly handledAt?: number;
  /** When it was closed, merged or voided. */
  readonly endedAt?: number;
  /** How often it was escalated: grid 0, community 1, street 2, district 3. */
  readonly level: number;
  /** Points awarded so far. */
  readonly points: number;
  readonly flags: readonly Flag[];
  /** Fingerprint of the report as sent. Server only. */
  readonly contentHash?: string;
}

/** Closed, void and merged tickets take no more work. */
export function isEnded(status: Status): boolean {
  return status === 'closed' || status === 'void' || status === 'merged';
}

/** The status after a step; side steps leave it as it is. Works on any history, legal or not: legality is decided in decide.ts. */
export function statusAfter(status: Status, step: Step): Status {
  switch (step) {
    case 'report':
    case 'return':
      return 'reported';
    case 'dispatch':
    case 'rework':
      return 'dispatched';
    case 'handle':
      return 'handled';
    case 'verify':
      return 'verified';
    case 'close':
      return 'closed';
    case 'merge':
      return 'merged';
    case 'void':
      return 'void';
    case 'note':
    case 'extend':
    case 'suspend':
    case 'resume':
    case 'escalate':
      return status;
  }
}
