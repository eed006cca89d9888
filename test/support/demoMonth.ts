import type { BoardEvent } from '../../domain/events.ts';
import { createSteppedClock, type SteppedClock } from '../../server/clock.ts';
import { createDemoPlan, type PlannedTicket } from '../../server/ingest/sources/demoPlan.ts';
import { openTicketStore, type TicketStore } from '../../server/store/ticketStore.ts';
import { deploymentOf, rulesOf } from './builtInSources.ts';
import { DAY, MINUTE } from './domainBuilders.ts';

const district = deploymentOf();
const rules = rulesOf(district);
const LARGE = 1_000_000_000;

interface Moment {
  readonly at: number;
  readonly ticket: PlannedTicket;
  readonly step?: PlannedTicket['steps'][number];
}

/** Reports and steps of the demo district on so many days from a local midnight on, in the order of time. */
export function demoMoments(firstDayAt: number, days: number): Moment[] {
  const plan = createDemoPlan(district, rules.working, 1);
  const endAt = firstDayAt + days * DAY;
  const moments: Moment[] = [];
  for (let day = 0; day < days; day += 1) {
    // Shanghai has no summer time: every local day has 24 hours
    const text = new Date(firstDayAt + day * DAY + 8 * 60 * MINUTE).toISOString().slice(0, 10);
    for (const ticket of plan.ticketsOf(text)) {
      moments.push({ at: ticket.report.reportedAt, ticket });
      for (const step of ticket.steps) if (step.at < endAt) moments.push({ at: step.at, ticket, step });
    }
  }
  return moments.sort((a, b) => a.at - b.at);
}

export interface DemoDistrict {
  readonly directory: string;
  readonly store: TicketStore;
  readonly clock: SteppedClock;
  /** Alert and flood events as they became durable, as JSON. */
  readonly alarms: string[];
  /** Lives through the moments; after every hundredth, officers look at what stands. Settles when all is durable. */
  live(moments: readonly Moment[], first: number): Promise<void>;
}

/** The bundled district on a folder, alerts running, its clock standing at `startAt`. */
export async function openDemoDistrict(directory: string, startAt: number): Promise<DemoDistrict> {
  const clock = createSteppedClock({ mode: 'demo', startAt });
  const opened = await openTicketStore({
    directory,
    rules,
    clock,
    log: { info() {}, warn() {}, error() {} },
    onFatal(reason) {
      throw new Error(reason);
    },
    // No file needs more than a glance, and a month is quicker told without a snapshot in the way
    snapshotEvery: { events: LARGE, bytes: LARGE },
  });
  if (!opened.ok) throw new Error(opened.problem);
  const { store } = opened;
  const alarms: string[] = [];
  store.onCommit(({ events }) => {
    for (const event of events) if (isAlarm(event)) alarms.push(JSON.stringify(event));
  });
  store.beginAlarms();

  /** Four officers, each with their own habits; what they do follows from what stands alone. */
  async function look(): Promise<void> {
    const now = clock.now();
    for (const { id, severity, state, raisedAt } of [...store.board.alerts.values()]) {
      const waits = state === 'unacknowledged' || state === 'returnedUnacknowledged';
      if (!waits || severity === 'low' || severity === 'medium' || now - raisedAt < 5 * MINUTE) continue;
      const officer = [...id].reduce((sum, letter) => sum + (letter.codePointAt(0) as number), 0) % 5;
      if (officer === 4) continue;
      const actor = ['赵甲', '钱乙', '孙丙', '李丁'][officer] as string;
      const command =
        officer === 3 && state === 'unacknowledged'
          ? ({ kind: 'shelve', untilAt: now + 90 * MINUTE, reason: '待料' } as const)
          : ({ kind: 'acknowledge', disposition: 'phoned' } as const);
      const answer = await store.alarm(id, { ...command, actor });
      if (!answer.ok) throw new Error(JSON.stringify(answer.refusal));
    }
  }

  return {
    directory,
    store,
    clock,
    alarms,
    async live(moments, first) {
      let inFlight: Promise<unknown>[] = [];
      for (const [i, { at, ticket, step }] of moments.entries()) {
        clock.advanceTo(at);
        inFlight.push(
          step === undefined
            ? store.report(ticket.report, ticket.report.id)
            : store.step(ticket.report.id, step, step.id),
        );
        if ((first + i + 1) % 100 !== 0 && i < moments.length - 1) continue;
        await Promise.all(inFlight);
        inFlight = [];
        await look();
      }
    },
  };
}

function isAlarm(event: BoardEvent): boolean {
  return event.type === 'alertChanged' || event.type === 'floodChanged';
}
