import { createRules, type Decision, decideReport, decideStep, type Rules } from '../../../domain/decide.ts';
import type { Ticket, TicketReport } from '../../../domain/ticket.ts';
import { evolveTicket, initialWallState } from '../../../domain/wallState.ts';
import { buildWorkingTime } from '../../../server/calendar.ts';
import { createSteppedClock } from '../../../server/clock.ts';
import { DEFAULT_DEPLOYMENT, loadDeployment } from '../../../server/deploymentFile.ts';
import { type AlarmKeeper, createAlarmKeeper } from '../../../server/store/alarmKeeper.ts';
import { type Bench, check, type Measurement, median, spread } from '../figures.ts';
import { reportBodies } from '../reports.ts';

/** A weekday morning: every clock of the deployment runs. */
const NOW = Date.parse('2026-03-18T10:06:00+08:00');
const SMALL = 500;
const LARGE = 50_000;

/** A ticket as its report leaves it and as its end does. */
interface Life {
  readonly reported: Ticket;
  readonly closed: Ticket;
}

function evolved(ticket: Ticket | undefined, decision: Decision): Ticket {
  if (decision.outcome !== 'accepted') throw new Error(`the bench's own entry was ${decision.outcome}`);
  let after = ticket;
  for (const event of decision.events) after = evolveTicket(after, event);
  return after as Ticket;
}

function lives(rules: Rules): (fields: Pick<TicketReport, 'priority'>) => Life {
  const { grids, categories } = rules.deployment;
  const body = reportBodies({ grids: grids.map(({ id }) => id), categories: categories.map(({ id }) => id) });
  return (fields) => {
    const report = { ...(body(fields) as unknown as TicketReport & { id: string }), reportedAt: NOW };
    const context = { rules, now: NOW, contentHash: report.id };
    const reported = evolved(undefined, decideReport(report, undefined, { ...context, number: () => report.id }));
    const step = decideStep(reported, { step: 'close', at: NOW }, { ...context, mergeTarget: undefined });
    return { reported, closed: evolved(reported, step) };
  };
}

/** The keeper of a board with so many open tickets, each with its timer. */
function keeperOf(rules: Rules, open: readonly Ticket[]): AlarmKeeper {
  const known = new Map(open.map((ticket) => [ticket.id, ticket]));
  const keeper = createAlarmKeeper({
    rules,
    clock: createSteppedClock({ mode: 'live', startAt: NOW }),
    board: initialWallState(open),
    reports: () => [],
    tickets: () => known.values(),
    ticket: (id) => known.get(id),
    emit() {},
  });
  keeper.begin();
  return keeper;
}

/** Processor time of an event in microseconds; each ticket is reported critical, acknowledged and closed, and leaves. */
function eventMicroseconds(keeper: AlarmKeeper, tickets: readonly Life[]): number {
  let events = 0;
  const before = process.cpuUsage();
  for (const { reported, closed } of tickets) {
    events += keeper.follow(reported, true).length;
    const answer = keeper.command(`criticalTicket:${reported.id}`, {
      kind: 'acknowledge',
      actor: '值班员',
      disposition: 'phoned',
    });
    if (answer?.outcome !== 'accepted') throw new Error(`an acknowledgement was ${answer?.outcome}`);
    events += keeper.follow(closed, false).length;
    keeper.forget(reported.id);
  }
  if (events < 2 * tickets.length) throw new Error('the bench raised no alerts');
  const { user, system } = process.cpuUsage(before);
  return (user + system) / (3 * tickets.length);
}

/** The alarm core alone: what an event costs must not depend on how much is open. */
export async function alarmCost(bench: Bench): Promise<Measurement> {
  const loaded = loadDeployment(DEFAULT_DEPLOYMENT);
  if (!loaded.ok) throw new Error(loaded.problem);
  const { deployment } = loaded;
  const rules = createRules(deployment, buildWorkingTime(deployment.calendar, deployment.timeZone, NOW).working);
  const life = lives(rules);
  const keepers = new Map(
    [SMALL, LARGE].map((size) => [
      size,
      keeperOf(
        rules,
        Array.from({ length: size }, () => life({}).reported),
      ),
    ]),
  );
  const times = new Map<number, number[]>([SMALL, LARGE].map((size) => [size, []]));
  const rounds = bench.effort.pick(120, 60);
  for (let round = 0; round < rounds; round += 1) {
    const tickets = Array.from({ length: 150 }, () => life({ priority: 'critical' }));
    // Whoever comes first finds the caches cold
    const order = round % 2 === 0 ? [SMALL, LARGE] : [LARGE, SMALL];
    for (const size of order) {
      const took = eventMicroseconds(keepers.get(size) as AlarmKeeper, tickets);
      // The first rounds are compiled while they run
      if (round >= 20) times.get(size)?.push(took);
    }
  }
  for (const keeper of keepers.values()) keeper.close();
  const [small = [], large = []] = [times.get(SMALL), times.get(LARGE)];
  const ratios = large.map((took, i) => took / (small[i] as number));
  return {
    name: 'what an event costs the alarm core, 50,000 open tickets against 500',
    method:
      'both boards in one process, by turns, the median of the ratios of each turn: 150 tickets reported as critical, acknowledged and closed, decided by the alarm keeper of the standard district; the open tickets each hold a timer',
    checks: [check('processor time per event, 50,000 against 500', median(ratios), 1.3, '× with 500 open')],
    figures: { processorMicrosecondsPerEvent: { [SMALL]: spread(small), [LARGE]: spread(large) } },
  };
}
