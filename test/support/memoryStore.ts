import { type Decision, decideReport, decideStep, type Rules } from '../../domain/decide.ts';
import type { PointsAwarded, TicketEvent } from '../../domain/events.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { evolveTicket, initialWallState } from '../../domain/wallState.ts';
import { createLocalTime } from '../../server/localTime.ts';
import type { Commit, CommitResult, TicketStore } from '../../server/store/ticketStore.ts';

/** A ticket store without a disk and without alerts: everything is durable at once. `events` is its whole journal. */
export interface MemoryStore extends TicketStore {
  readonly events: readonly TicketEvent[];
  /** As if it were opened again by a server with this clock. */
  reopen(clock: { now(): number }): MemoryStore;
}

export function createMemoryStore(parts: { readonly rules: Rules; readonly clock: { now(): number } }): MemoryStore {
  const { rules } = parts;
  let { clock } = parts;
  const localTime = createLocalTime(rules.deployment.timeZone);
  const board = initialWallState();
  const archived = new Map<string, Ticket>();
  const events: TicketEvent[] = [];
  const numbers = new Map<string, number>();
  const listeners = new Set<(commit: Commit) => void>();

  function numberOf(reportedAt: number): string {
    const day = localTime.dayCode(reportedAt);
    const next = (numbers.get(day) ?? 0) + 1;
    numbers.set(day, next);
    return `${rules.deployment.numberPrefix}-${day}-${String(next).padStart(4, '0')}`;
  }

  function commit(id: string, decision: Decision): CommitResult {
    if (decision.outcome === 'refused') return { ok: false, refusal: decision.refusal };
    if (decision.outcome === 'accepted') {
      const fromSeq = events.length + 1;
      let ticket = board.tickets.get(id) ?? archived.get(id);
      for (const event of decision.events) {
        ticket = evolveTicket(ticket, event);
        events.push(event);
      }
      (archived.has(id) ? archived : board.tickets).set(id, ticket as Ticket);
      for (const listener of listeners) listener({ fromSeq, toSeq: events.length, events: decision.events });
    }
    const ticket = (board.tickets.get(id) ?? archived.get(id)) as Ticket;
    return { ok: true, outcome: decision.outcome, ticket, seq: events.length };
  }

  const known = (id: string) => board.tickets.get(id) ?? archived.get(id);

  const store: MemoryStore = {
    epoch: 'memory',
    board,
    events,
    get seq() {
      return events.length;
    },
    async report(report, contentHash) {
      const context = { rules, now: clock.now(), contentHash, number: numberOf };
      return commit(report.id, decideReport(report, known(report.id), context));
    },
    async step(id, report, contentHash) {
      const ticket = known(id);
      if (ticket === undefined) return { ok: false, refusal: { reason: 'notFound' } };
      const mergeTarget = report.into === undefined ? undefined : known(report.into);
      return commit(id, decideStep(ticket, report, { rules, now: clock.now(), contentHash, mergeTarget }));
    },
    canary: async () => ({ ok: false, refusal: { reason: 'unavailable', detail: 'nothing to prove without a disk' } }),
    beginAlarms() {},
    alarm: async () => ({ ok: false, refusal: { reason: 'notFound' } }),
    condition() {},
    findAlert: async () => undefined,
    acknowledgedSince: () => [],
    find: async (id) => known(id),
    factsOf: known,
    findAll: async (ids) => ids.map(known),
    *facts() {
      yield* archived.values();
      yield* board.tickets.values();
    },
    *pointsLedger() {
      for (const event of events) if (event.type === 'pointsAwarded') yield event satisfies PointsAwarded;
    },
    onCommit(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async archiveEnded() {
      const before = clock.now() - rules.deployment.archiveAfterHours * 3_600_000;
      const ended = [...board.tickets.values()].filter((ticket) => (ticket.endedAt ?? before) < before);
      for (const ticket of ended) {
        archived.set(ticket.id, ticket);
        board.tickets.delete(ticket.id);
      }
      return ended.length;
    },
    async close() {},
    reopen(next) {
      clock = next;
      return store;
    },
  };
  return store;
}
