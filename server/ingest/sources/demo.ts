import { DateTime } from 'luxon';
import type { TicketId } from '../../../domain/ticket.ts';
import { buildWorkingTime } from '../../calendar.ts';
import type { DomainClock } from '../../clock.ts';
import type { IngestResult, Origin } from '../ingest.ts';
import type { Source, SourceContext } from '../source.ts';
import { startDemoOfficers } from './demoOfficers.ts';
import { createDemoPlan, type DemoPlan, demoIdPrefix, type PlannedTicket } from './demoPlan.ts';
import { playMoments } from './playback.ts';

/** What panels compare today with (domain/history.ts). */
const HISTORY_DAYS = 28;
/** Where time is not real a demo must end some day: after this much of it at `max`. */
const DAYS_AT_MAX = 1;
const DAY_MS = 24 * 3_600_000;

interface Moment {
  readonly at: number;
  readonly ticket: PlannedTicket;
  /** Index of the step; undefined: the report. */
  readonly step?: number;
}

/** By time; at one instant the order of the ids, and a ticket's own steps in theirs. */
function isBefore(a: Moment, b: Moment): boolean {
  if (a.at !== b.at) return a.at < b.at;
  if (a.ticket !== b.ticket) return a.ticket.report.id < b.ticket.report.id;
  return (a.step ?? -1) < (b.step ?? -1);
}

/** Reports and steps of the demo in the order of time, from a local day on and for ever; each day is planned when it begins. */
function* momentsOf(
  plan: DemoPlan,
  firstDay: DateTime,
  unfinished: readonly PlannedTicket[],
  onDay: (day: string, daysDone: number) => void,
): Generator<Moment, never> {
  /** What lies ahead of tickets that are reported, sorted backwards: the next one is the last. */
  const ahead: Moment[] = [];
  const insert = (moment: Moment) => {
    let low = 0;
    let high = ahead.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isBefore(moment, ahead[middle] as Moment)) low = middle + 1;
      else high = middle;
    }
    ahead.splice(low, 0, moment);
  };
  const follow = (ticket: PlannedTicket, step: number) => {
    const at = ticket.steps[step]?.at;
    if (at !== undefined) insert({ at, ticket, step });
  };
  for (const ticket of unfinished) follow(ticket, 0);
  for (let daysDone = 0; ; daysDone += 1) {
    const day = firstDay.plus({ days: daysDone });
    const dayText = day.toISODate() as string;
    onDay(dayText, daysDone);
    for (const ticket of plan.ticketsOf(dayText)) insert({ at: ticket.report.reportedAt, ticket });
    const dayEndAt = day.plus({ days: 1 }).toMillis();
    for (let next = ahead.at(-1); next !== undefined && next.at < dayEndAt; next = ahead.at(-1)) {
      ahead.pop();
      yield next;
      follow(next.ticket, next.step === undefined ? 0 : next.step + 1);
    }
  }
}

/** Demo tickets that the store knows, with the ids of their steps. */
function playedBefore(store: SourceContext['store'], plan: DemoPlan): Map<TicketId, ReadonlySet<string | undefined>> {
  const played = new Map<TicketId, ReadonlySet<string | undefined>>();
  for (const ticket of store.facts()) {
    if (plan.dayOf(ticket.id) !== undefined) played.set(ticket.id, new Set(ticket.steps.map((step) => step.id)));
  }
  return played;
}

/**
 * A believable district without a real source: 28 days of history through the ordinary way in, then life at the pace
 * of the clock. Everything follows from the seed and the local day, ids included, so a restart makes up the time it
 * was away (at most those 28 days) and doubles nothing; open tickets go on as they would have. At `max` it ends after
 * one day.
 */
export function createDemo(parts: { readonly seed: number }): Source {
  const isOwn = (ticketId: TicketId) => ticketId.startsWith(demoIdPrefix(parts.seed));
  return {
    id: 'demo',
    kind: 'demo',
    isOwn,
    async start({ clock, ingest, registry, store, deployment, log, tell, stopping }) {
      const origin: Origin = { sourceId: 'demo', kind: 'demo' };
      registry.register(origin.sourceId, 'demo');
      const { timeZone } = deployment;
      const { working } = buildWorkingTime(deployment.calendar, timeZone, clock.now());
      const plan = createDemoPlan(deployment, working, parts.seed);
      const startedAt = clock.now();
      const firstDay = DateTime.fromMillis(startedAt, { zone: timeZone }).startOf('day').minus({ days: HISTORY_DAYS });

      const played = playedBefore(store, plan);
      const unfinished = openFromBefore(store, plan, firstDay.toISODate() as string);
      const isFresh = played.size === 0;
      let isCaughtUp = false;
      const moments = momentsOf(plan, firstDay, unfinished, (day, daysDone) => {
        if (isFresh && daysDone <= HISTORY_DAYS && daysDone % 7 === 0) {
          tell(`Demo: writing its history, day ${daysDone} of ${HISTORY_DAYS} (${day})`);
        }
        // Day by day, so that a wall that comes meanwhile is not sent a month
        if (!isCaughtUp) void store.archiveEnded();
      });

      function send({ ticket, step }: Moment): Promise<IngestResult> | undefined {
        const { id } = ticket.report;
        const known = played.get(id);
        if (step === undefined) return known === undefined ? ingest.reportChecked(origin, ticket.report) : undefined;
        const planned = ticket.steps[step];
        if (planned === undefined || known?.has(planned.id) === true) return undefined;
        // Somebody at a desk may have ended it meanwhile
        if (isCaughtUp && store.board.tickets.get(id)?.endedAt !== undefined) return undefined;
        return ingest.stepChecked(origin, id, planned);
      }

      const endAt = clock.state().speed === 'max' ? startedAt + DAYS_AT_MAX * DAY_MS : Number.POSITIVE_INFINITY;
      let stopOfficers = () => {};
      function beginAlarms(): void {
        // First, so that they come to what fell due in the past in its own order of time
        stopOfficers = startDemoOfficers({ clock, store, deployment }, { seed: parts.seed, isOwn });
        store.beginAlarms();
      }

      const playback = playMoments({ clock, moments, endAt, send, onCaughtUp: beginAlarms });
      const cancelPulses = pulse(deployment.sources, clock, (label) =>
        registry.heard(label, clock.now(), origin.sourceId),
      );
      playback.ended.then((end) => {
        cancelPulses();
        stopOfficers();
        if (end.state === 'stopped') return;
        if (end.state === 'failed') log.error({ err: end.error }, 'the demo stopped: the store takes no more');
        registry.setState(origin.sourceId, end.state);
      });
      stopping.addEventListener('abort', () => void playback.stop(), { once: true });
      await playback.caughtUp;
      if (stopping.aborted) return playback.stop;
      isCaughtUp = true;
      played.clear();
      await store.archiveEnded();
      tell(`Demo: ready, ${store.board.tickets.size} tickets on the board`);
      return playback.stop;
    },
  };
}

/** Tickets reported before the history begins that are still open, so that they come to their end too. */
function openFromBefore(store: SourceContext['store'], plan: DemoPlan, firstDay: string): PlannedTicket[] {
  const open = new Map<string, Set<TicketId>>();
  for (const { id, endedAt } of store.board.tickets.values()) {
    const day = endedAt === undefined ? plan.dayOf(id) : undefined;
    if (day === undefined || day >= firstDay) continue;
    open.set(day, (open.get(day) ?? new Set()).add(id));
  }
  return [...open].flatMap(([day, ids]) => plan.ticketsOf(day).filter((ticket) => ids.has(ticket.report.id)));
}

/** Lets each source label be heard once a period of real time, each at its own moment of it; at `max`, of the clock's. */
function pulse(
  sources: SourceContext['deployment']['sources'],
  clock: DomainClock,
  heard: (label: string) => void,
): () => void {
  const cancellers = new Map<string, () => void>();
  const { speed } = clock.state();
  const pace = speed === 'max' ? 1 : speed;
  for (const { id, periodSeconds } of sources) {
    const beat = () => {
      heard(id);
      cancellers.set(id, clock.at(clock.now() + periodSeconds * 1000 * pace, beat));
    };
    beat();
  }
  return () => {
    for (const cancel of cancellers.values()) cancel();
  };
}
