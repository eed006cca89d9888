import { createRules, decideReport, decideStep, type Rules } from '../../../domain/decide.ts';
import { boardFigures, FRESH_MS } from '../../../domain/metrics.ts';
import type { Ticket, TicketReport } from '../../../domain/ticket.ts';
import { evolveTicket, initialWallState } from '../../../domain/wallState.ts';
import { buildWorkingTime } from '../../../server/calendar.ts';
import { createLiveClock, type RealTime } from '../../../server/clock.ts';
import { DEFAULT_DEPLOYMENT, loadDeployment } from '../../../server/deploymentFile.ts';
import { streetsOfGrids } from '../../../server/ingest/ingest.ts';
import { createBriefHistory } from '../../../server/live/briefHistory.ts';
import { createHistoryBuilder } from '../../../server/live/history.ts';
import { createProjection } from '../../../server/live/projection.ts';
import { createLocalTime } from '../../../server/localTime.ts';
import { createAlarmKeeper } from '../../../server/store/alarmKeeper.ts';
import { type Bench, check, type Measurement, median, rounded, spread } from '../figures.ts';
import { reportBodies } from '../reports.ts';

/** A weekday morning: every clock of the deployment runs. */
const NOW = Date.parse('2026-03-18T10:06:00+08:00');
const DAY_MS = 24 * 3_600_000;
const TICKETS = 50_000;
const AT_ONCE = 10_000;
/** performance.md: what may hold the event loop, and the page, at a time. */
const LONGEST_STALL_MS = 60;

function cpuMsOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Tickets spread over so many days, two in three of the past days' ended. */
function tickets(rules: Rules, count: number, days: number): Ticket[] {
  const { grids, categories } = rules.deployment;
  const body = reportBodies({ grids: grids.map(({ id }) => id), categories: categories.map(({ id }) => id) });
  return Array.from({ length: count }, (_, i) => {
    const reportedAt = NOW - Math.floor(((count - i) / count) * days * DAY_MS) - 1;
    const report = { ...(body() as unknown as TicketReport & { id: string }), reportedAt };
    const context = { rules, now: reportedAt, contentHash: report.id };
    const decided = [decideReport(report, undefined, { ...context, number: () => report.id })];
    let ticket: Ticket | undefined;
    for (const decision of decided) {
      if (decision.outcome !== 'accepted') throw new Error(`the bench's own entry was ${decision.outcome}`);
      for (const event of decision.events) ticket = evolveTicket(ticket, event);
      if (decided.length > 1 || i % 3 === 0 || reportedAt > NOW - DAY_MS) continue;
      const closing = { ...context, now: reportedAt + 600_000, mergeTarget: undefined };
      decided.push(decideStep(ticket as Ticket, { step: 'close', at: reportedAt + 600_000 }, closing));
    }
    return ticket as Ticket;
  });
}

/** Real time that stands until it is told to go on, and then runs as the machine's does. */
function releasedTime(): RealTime & { release(at: number): void; readonly turns: number[] } {
  let zero = performance.now();
  let startAt = NOW;
  const waiting: { readonly dueAt: number; readonly run: () => void }[] = [];
  const turns: number[] = [];
  let released = false;
  const now = () => (released ? startAt + performance.now() - zero : startAt);
  return {
    turns,
    now,
    after(delayMs, run) {
      const entry = { dueAt: now() + delayMs, run };
      waiting.push(entry);
      return () => {
        const i = waiting.indexOf(entry);
        if (i >= 0) waiting.splice(i, 1);
      };
    },
    release(at) {
      startAt = at;
      zero = performance.now();
      released = true;
      while (waiting[0] !== undefined && waiting[0].dueAt <= now()) {
        const startedAt = performance.now();
        waiting.shift()?.run();
        turns.push(performance.now() - startedAt);
      }
    },
  };
}

/** Ten thousand deadlines on the same instant: all that the clock has to do then, and the longest it does without a pause. */
function burstOfTimers(rules: Rules): { readonly cpuMs: number; readonly longestTurnMs: number } {
  const real = releasedTime();
  const clock = createLiveClock('live', real);
  const dueAt = NOW + 3_600_000;
  const due = tickets(rules, AT_ONCE, 0.01).map((ticket): Ticket => ({ ...ticket, dueAt, clock: 'clockHours' }));
  const known = new Map(due.map((ticket) => [ticket.id, ticket]));
  let events = 0;
  const keeper = createAlarmKeeper({
    rules,
    clock,
    board: initialWallState(due),
    reports: () => [],
    tickets: () => known.values(),
    ticket: (id) => known.get(id),
    emit: (caused) => {
      events += caused.length;
    },
  });
  keeper.begin();
  const cpuMs = cpuMsOf(() => real.release(dueAt + 1000));
  keeper.close();
  clock.close();
  if (events < AT_ONCE) throw new Error(`${AT_ONCE} deadlines raised ${events} alerts`);
  return { cpuMs, longestTurnMs: Math.max(...real.turns) };
}

/** What grows with the board and is done again and again, whether or not anything has happened. */
export async function reckoning(bench: Bench): Promise<readonly Measurement[]> {
  const loaded = loadDeployment(DEFAULT_DEPLOYMENT);
  if (!loaded.ok) throw new Error(loaded.problem);
  const { deployment } = loaded;
  const { working } = buildWorkingTime(deployment.calendar, deployment.timeZone, NOW);
  const rules = createRules(deployment, working);
  const localTime = createLocalTime(deployment.timeZone);
  const projection = createProjection(deployment);
  const rounds = bench.effort.pick(9, 5);

  const past = tickets(rules, TICKETS, 40);
  const builder = createHistoryBuilder({
    store: { facts: () => past, pointsLedger: () => [] },
    deployment,
    working,
    localTime,
    projection,
    briefs: createBriefHistory({ deployment, localTime, projection, findings: { of: () => undefined } }),
  });
  const historyCpuMs: number[] = [];
  for (let round = -1; round < rounds; round += 1) {
    const before = process.cpuUsage();
    await builder.build({ kind: 'wall' }, NOW + round);
    const { user, system } = process.cpuUsage(before);
    if (round >= 0) historyCpuMs.push((user + system) / 1000);
  }

  const startAt = localTime.dayStart(NOW);
  const day = { startAt, hourStartsAt: Array.from({ length: 25 }, (_, hour) => startAt + hour * 3_600_000) };
  const history = { ...(await builder.build({ kind: 'wall' }, NOW)), working };
  const figuresCpuMs: Record<string, number[]> = {};
  for (const open of [500, TICKETS]) {
    const board = initialWallState(tickets(rules, open, 0.9));
    const streetOf = streetsOfGrids(deployment);
    const samples: number[] = [];
    figuresCpuMs[`${open} open`] = samples;
    for (let round = -2; round < rounds; round += 1) {
      const input = { board, floodRule: deployment.alarms.flood, history, day, now: NOW + round, freshMs: FRESH_MS };
      const took = cpuMsOf(() => void boardFigures({ ...input, streetOf }));
      if (round >= 0) samples.push(took);
    }
  }
  const bursts = Array.from({ length: bench.effort.pick(5, 3) }, () => burstOfTimers(rules));

  const historyMs = median(historyCpuMs);
  const figuresMs = median(figuresCpuMs[`${TICKETS} open`] ?? []);
  return [
    {
      name: 'history over 50,000 tickets, figures of a board of 50,000 open ones',
      method:
        'in this process: the history of a wall (yesterday, bands, month, brief), reckoned at most once a minute in slices, and all figures of a wall, reckoned once a second; 50,000 tickets over 40 days for the one, of today for the other',
      checks: [
        check('history, share of the minute', historyMs / 60_000, 0.01, 'of a core'),
        check('figures, of the second in which they are reckoned', figuresMs, 100, 'ms of processor time'),
      ],
      figures: {
        historyCpuMs: spread(historyCpuMs),
        figuresCpuMs: Object.fromEntries(
          Object.entries(figuresCpuMs).map(([open, samples]) => [open, spread(samples)]),
        ),
      },
    },
    {
      name: 'ten thousand deadlines that fall on one instant',
      method:
        'in this process: the live clock with the alarm keeper of the standard district, every ticket overdue at once; processor time of all of it, and the longest turn of the event loop, between which others get theirs',
      checks: [check('longest turn', median(bursts.map(({ longestTurnMs }) => longestTurnMs)), LONGEST_STALL_MS, 'ms')],
      figures: {
        cpuMs: spread(bursts.map(({ cpuMs }) => cpuMs)),
        longestTurnMs: spread(bursts.map(({ longestTurnMs }) => longestTurnMs)),
        cpuMicrosecondsPerTimer: rounded((median(bursts.map(({ cpuMs }) => cpuMs)) * 1000) / AT_ONCE),
      },
    },
  ];
}
