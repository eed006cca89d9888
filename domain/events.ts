import type { AlertChanged } from './alarm.ts';
import type { CanaryPassed } from './canary.ts';
import type { FloodChanged } from './flood.ts';
import type { LimitClock } from './sla.ts';
import type { Domain, Flag, Location, Priority, Reporter, Status, Step, TicketId } from './ticket.ts';

/** A ticket came in. Carries every decision taken then: number, deadline, domain and department. */
export interface TicketReported {
  readonly type: 'ticketReported';
  readonly ticketId: TicketId;
  /** = reportedAt: when the source says it happened. */
  readonly at: number;
  readonly recordedAt: number;
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
  readonly dueAt?: number;
  /** When lateness turns from amber to red; present with `dueAt`. */
  readonly criticalAt?: number;
  /** The clock that the deadline is counted in; present with `dueAt`. */
  readonly clock?: LimitClock;
  readonly overdueClaim?: boolean;
  readonly flags: readonly Flag[];
  readonly contentHash?: string;
}

/** Something was done to a ticket. `status` is the status it has afterwards. */
export interface StepTaken {
  readonly type: 'stepTaken';
  readonly ticketId: TicketId;
  readonly at: number;
  readonly recordedAt: number;
  readonly step: Exclude<Step, 'report'>;
  readonly status: Status;
  readonly stepId?: string;
  readonly by?: string;
  readonly department?: string;
  readonly note?: string;
  readonly into?: TicketId;
  /** The deadline from now on, where the step moved it. */
  readonly dueAt?: number;
  readonly criticalAt?: number;
  /** Flags that the step adds. */
  readonly flags: readonly Flag[];
  readonly contentHash?: string;
}

/** Points entered the ledger: who, for which ticket, when, how many. */
export interface PointsAwarded {
  readonly type: 'pointsAwarded';
  readonly ticketId: TicketId;
  readonly at: number;
  readonly recordedAt: number;
  /** The reporter's staff number, else name; absent where the report named nobody (the grid still earns). */
  readonly officer?: string;
  readonly gridId?: string;
  readonly points: number;
}

/** An ended ticket left the live board for the archive. */
export interface TicketArchived {
  readonly type: 'ticketArchived';
  readonly ticketId: TicketId;
  readonly at: number;
  readonly recordedAt: number;
}

export type TicketEvent = TicketReported | StepTaken | PointsAwarded | TicketArchived;

/** The one currency: logged, sent and applied alike. */
export type BoardEvent = TicketEvent | AlertChanged | FloodChanged | CanaryPassed;
