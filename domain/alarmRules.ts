import type { Condition } from './alarmDecide.ts';
import type { Rules } from './decide.ts';
import { isDueSoon, isOverdue, lateByMs, overdueSeverity, subtractWorkingMs } from './sla.ts';
import { isEnded, type StepRecord, type Ticket } from './ticket.ts';

/** Minutes within which a stage must be left, where the deployment says so. */
export interface StageLimits {
  readonly dispatchWithinMinutes?: number;
  readonly verifyWithinMinutes?: number;
}

export interface TicketConditions {
  readonly conditions: readonly Condition[];
  /** The next instant at which this list changes by time alone; undefined where it never does. */
  readonly lookAgainAt: number | undefined;
}

function stageStart(ticket: Ticket): StepRecord {
  return ticket.steps.findLast((step) => ['report', 'return', 'handle'].includes(step.step)) as StepRecord;
}

/** The stage that a ticket is kept waiting in and the instant from which that is too long. */
function stageLimit(
  rules: Rules,
  stages: StageLimits,
  ticket: Ticket,
): { code: 'dispatchLate' | 'verifyLate'; minutes: number; lateFromAt: number } | undefined {
  if (rules.category(ticket.category) === undefined || ticket.suspendedAt !== undefined) return undefined;
  const { dispatchWithinMinutes, verifyWithinMinutes } = stages;
  const lateFromAt = (minutes: number) => stageStart(ticket).at + minutes * 60_000;
  if (ticket.status === 'reported' && dispatchWithinMinutes !== undefined) {
    return { code: 'dispatchLate', minutes: dispatchWithinMinutes, lateFromAt: lateFromAt(dispatchWithinMinutes) };
  }
  if (ticket.status === 'handled' && verifyWithinMinutes !== undefined) {
    return { code: 'verifyLate', minutes: verifyWithinMinutes, lateFromAt: lateFromAt(verifyWithinMinutes) };
  }
  return undefined;
}

/**
 * Every alert condition that one ticket fulfils at `now`, and when to look again. Overdue replaces due soon
 * (contract, Alert). An ended ticket fulfils none. O(steps) per call, independent of the size of the board.
 */
export function ticketConditions(
  rules: Rules,
  stages: StageLimits,
  communityOf: (gridId: string) => string | undefined,
  ticket: Ticket,
  now: number,
): TicketConditions {
  if (isEnded(ticket.status) || ticket.flags.includes('canary')) return { conditions: [], lookAgainAt: undefined };
  const gridId = ticket.location.gridId;
  const communityId = gridId === undefined ? undefined : communityOf(gridId);
  // Put together only where there is something to say: most looks find nothing
  const about = () => ({
    subject: ticket.id,
    ticketId: ticket.id,
    domain: ticket.domain,
    category: ticket.category,
    ...(ticket.department === undefined ? {} : { department: ticket.department }),
    ...(gridId === undefined ? {} : { gridId }),
    ...(communityId === undefined ? {} : { communityId }),
  });
  const conditions: Condition[] = [];
  let lookAgainAt: number | undefined;
  function changesAt(instant: number): void {
    if (instant > now && (lookAgainAt === undefined || instant < lookAgainAt)) lookAgainAt = instant;
  }
  const dueSoonMs = rules.deployment.dueSoonMinutes * 60_000;

  const severity = overdueSeverity(ticket, now);
  if (severity !== undefined) {
    const { dueAt } = ticket;
    conditions.push({
      ...about(),
      kind: 'overdue',
      severity,
      sinceAt: dueAt ?? ticket.reportedAt,
      cause:
        dueAt === undefined
          ? { code: 'overdueClaimed' }
          : {
              code: severity === 'critical' ? 'overdueCritical' : 'overdue',
              figures: { dueAt, lateMs: lateByMs(ticket, now) },
            },
    });
  } else if (isDueSoon(rules.working, ticket, now, dueSoonMs)) {
    const figures = { minutes: rules.deployment.dueSoonMinutes };
    conditions.push({
      ...about(),
      kind: 'dueSoon',
      severity: 'medium',
      sinceAt: now,
      cause: { code: 'dueSoon', figures },
    });
  }

  const running = ticket.handledAt === undefined && ticket.suspendedAt === undefined && ticket.dueAt !== undefined;
  if (running) {
    const dueAt = ticket.dueAt as number;
    if (!isOverdue(ticket, now)) {
      const working = ticket.clock !== undefined && ticket.clock !== 'clockHours';
      changesAt(working ? subtractWorkingMs(rules.working, dueAt, dueSoonMs) : dueAt - dueSoonMs);
      changesAt(dueAt + 1);
    }
    if (ticket.criticalAt !== undefined) changesAt(Math.max(ticket.criticalAt, dueAt + 1));
  }

  const stage = stageLimit(rules, stages, ticket);
  if (stage !== undefined) {
    if (now > stage.lateFromAt) {
      const { code, minutes, lateFromAt } = stage;
      const cause = { code, figures: { minutes } };
      conditions.push({ ...about(), kind: 'stageLate', severity: 'low', sinceAt: lateFromAt, cause });
    } else changesAt(stage.lateFromAt + 1);
  }

  if (ticket.priority === 'critical' && ticket.handledAt === undefined) {
    conditions.push({
      ...about(),
      kind: 'criticalTicket',
      severity: 'critical',
      sinceAt: ticket.reportedAt,
      cause: { code: 'criticalTicket' },
    });
  }

  return { conditions, lookAgainAt };
}
