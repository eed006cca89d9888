import { type Alert, alertId, wantsAcknowledgement } from '../../../domain/alarm.ts';
import { isEnded, type Ticket, type TicketId } from '../../../domain/ticket.ts';
import type { SourceContext } from '../source.ts';
import { inventedName } from './demoContent.ts';
import { createSeededRandom, type SeededRandom, seedOf } from './seededRandom.ts';

const MINUTE_MS = 60_000;

/** How the officers of the demo are: mostly quick, at times busy elsewhere. Minutes. */
const HABITS = {
  officers: 6,
  busyElsewhere: 0.2,
  quick: { median: 5, sigma: 0.5 },
  busy: { least: 35, spread: 60 },
  checkAgain: { least: 25, spread: 30 },
  surge: { least: 15, spread: 30 },
  assigned: 0.3,
} as const;
/** Invented names that the demo's reporters and seats do not use first. */
const FIRST_OFFICER = 60;

/**
 * The duty officers of the demo: each overdue alert of its own tickets is acknowledged some minutes after it rose, and
 * again after its next check. When they come follows from seed and ticket alone. Alerts about tickets of other senders
 * they leave to real people.
 */
export function startDemoOfficers(
  { clock, store, deployment }: Pick<SourceContext, 'clock' | 'store' | 'deployment'>,
  parts: { readonly seed: number; readonly isOwn: (ticketId: TicketId) => boolean },
): () => void {
  const { seed, isOwn } = parts;
  const visits = new Map<string, () => void>();

  function plan(key: string, at: number, run: () => void): void {
    visits.get(key)?.();
    visits.set(
      key,
      clock.at(at, () => {
        visits.delete(key);
        run();
      }),
    );
  }

  function delayMs(random: SeededRandom, isNew: boolean): number {
    const { quick, busy, busyElsewhere } = HABITS;
    const minutes =
      isNew && random.chance(busyElsewhere)
        ? busy.least + random.below(busy.spread)
        : random.logNormal(quick.median, quick.sigma);
    return Math.max(1, Math.round(minutes * MINUTE_MS));
  }

  /** Somebody looks at an alert at `at`, and after its next check again, until nothing is left to look at. */
  function visit(id: string, ticketId: TicketId | undefined, at: number, count: number): void {
    plan(id, at, () => {
      const random = createSeededRandom(seedOf(seed, id, count));
      const { least, spread } = HABITS.checkAgain;
      const nextCheckAt = at + (least + random.below(spread)) * MINUTE_MS;
      const department = ticketId === undefined ? undefined : store.board.tickets.get(ticketId)?.department;
      const disposition = random.pick(deployment.dispositions)?.id ?? '';
      void store.alarm(id, {
        kind: 'acknowledge',
        actor: inventedName(FIRST_OFFICER + random.below(HABITS.officers)),
        disposition,
        nextCheckAt,
        ...(department !== undefined && random.chance(HABITS.assigned) ? { assignTo: department } : {}),
        at,
      });
      if (isOver(id, ticketId)) return;
      visit(id, ticketId, nextCheckAt + delayMs(random, false), count + 1);
    });
  }

  function isOver(id: string, ticketId: TicketId | undefined): boolean {
    const alert = store.board.alerts.get(id);
    if (alert !== undefined && wantsAcknowledgement(alert.state)) return false;
    const ticket = ticketId === undefined ? undefined : store.board.tickets.get(ticketId);
    return ticket === undefined || isEnded(ticket.status);
  }

  function expect(ticket: Ticket): void {
    if (!isOwn(ticket.id) || isEnded(ticket.status) || ticket.dueAt === undefined) return;
    const id = alertId('overdue', ticket.id);
    const random = createSeededRandom(seedOf(seed, id, 'first'));
    visit(id, ticket.id, ticket.dueAt + delayMs(random, true), 0);
    // It is asked for again when it turns red
    const { criticalAt } = ticket;
    if (criticalAt === undefined || criticalAt <= ticket.dueAt) return;
    const again = createSeededRandom(seedOf(seed, id, 'worse'));
    const at = criticalAt + delayMs(again, true);
    plan(`${id} worse`, at, () => visit(id, ticket.id, at, 1000));
  }

  function lookAt({ id, kind, raisedAt }: Alert): void {
    if (kind !== 'surge') return;
    const { least, spread } = HABITS.surge;
    const random = createSeededRandom(seedOf(seed, id, raisedAt));
    visit(id, undefined, raisedAt + (least + random.below(spread)) * MINUTE_MS, 0);
  }

  for (const ticket of store.board.tickets.values()) expect(ticket);
  for (const alert of store.board.alerts.values()) lookAt(alert);
  const stop = store.onCommit(({ events }) => {
    for (const event of events) {
      if (event.type === 'alertChanged' && event.stimulus === 'raise') lookAt(event.alert);
      const moved = event.type === 'ticketReported' || (event.type === 'stepTaken' && event.dueAt !== undefined);
      const ticket = moved ? store.board.tickets.get(event.ticketId) : undefined;
      if (ticket !== undefined) expect(ticket);
    }
  });
  return () => {
    stop();
    for (const cancel of visits.values()) cancel();
    visits.clear();
  };
}
