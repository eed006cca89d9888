import { basename } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TicketId } from '../../../domain/ticket.ts';
import type { DrivenClock, SteppedClock } from '../../clock.ts';
import type { IngestResult, Origin } from '../ingest.ts';
import type { Source, SourceContext } from '../source.ts';
import type { MappedRow } from './mapping.ts';
import type { Table } from './tableFile.ts';

/** So many reports and steps may be decided but not yet durable; beyond, a replay waits. */
const MAX_IN_FLIGHT = 1000;

/** A table to be played, and where to stop (epoch ms; absent: with its last event). */
export interface Reel {
  readonly table: Table;
  readonly untilAt?: number;
}

/** One thing to play: a report, or the closing of the ticket. */
interface Moment {
  readonly at: number;
  readonly kind: 'report' | 'close';
  readonly row: MappedRow;
  readonly sourceId: string;
}

export interface Replay extends Source {
  /** First and last instant of all that is played (epoch ms): where the clock begins and where it must stand at the end. */
  readonly firstAt: number;
  readonly endAt: number;
}

/**
 * Everything that the reels hold, in the order of time: at one instant reports before closings, else in the order of
 * the files. A closing dated before its report comes right after the report and keeps its own date.
 */
function momentsOf(reels: readonly Reel[], sourceIds: readonly string[]): Moment[] {
  const moments: Moment[] = [];
  for (const [i, { table, untilAt = Number.POSITIVE_INFINITY }] of reels.entries()) {
    const sourceId = sourceIds[i] as string;
    for (const row of table.rows) {
      const { reportedAt } = row.report;
      if (reportedAt > untilAt) continue;
      moments.push({ at: reportedAt, kind: 'report', row, sourceId });
      if (row.close === undefined) continue;
      const closeAt = Math.max(row.close.at, reportedAt);
      if (closeAt <= untilAt) moments.push({ at: closeAt, kind: 'close', row, sourceId });
    }
  }
  const rank = (moment: Moment) => (moment.kind === 'report' ? 0 : 1);
  return moments.sort((a, b) => a.at - b.at || rank(a) - rank(b));
}

function idsOf(reels: readonly Reel[]): string[] {
  const ids: string[] = [];
  for (const { table } of reels) {
    const id = `replay:${basename(table.file)}`;
    const twins = ids.filter((other) => other === id || other.startsWith(`${id}#`)).length;
    ids.push(twins === 0 ? id : `${id}#${twins + 1}`);
  }
  return ids;
}

/** What an earlier run has played already: ticket ids, and whether they are closed. */
function playedBefore(store: SourceContext['store']): ReadonlyMap<TicketId, boolean> {
  const played = new Map<TicketId, boolean>();
  for (const ticket of store.facts()) played.set(ticket.id, ticket.endedAt !== undefined);
  return played;
}

/**
 * Plays foreign tables on one clock, in one order of time. The clock must stand at its beginning; the replay sets it
 * going and it comes to stand exactly at `endAt`. What the store holds already is passed over, so a restart carries
 * on without doubles: ids and contents of reports and steps depend on the tables alone.
 */
export function createReplay(reels: readonly Reel[], clock: DrivenClock | SteppedClock): Replay {
  const sourceIds = idsOf(reels);
  const moments = momentsOf(reels, sourceIds);
  const firstAt = moments[0]?.at ?? Math.min(...reels.map((reel) => reel.untilAt ?? clock.now()));
  const lastAt = moments.at(-1)?.at ?? firstAt;
  const endAt = Math.max(...reels.map((reel) => reel.untilAt ?? lastAt));

  return {
    id: sourceIds.join(' '),
    kind: 'replay',
    firstAt,
    endAt,
    async start({ ingest, registry, store, log }) {
      for (const [i, { table }] of reels.entries()) {
        const sourceId = sourceIds[i] as string;
        registry.register(sourceId, 'replay');
        for (const [reason, count] of table.rejected) {
          for (let row = 0; row < count; row += 1) registry.rejected(sourceId, reason);
          log.warn({ source: sourceId, reason, rows: count }, 'rows of the table are unusable and were passed over');
        }
      }
      const played = store.seq === 0 ? new Map<TicketId, boolean>() : playedBefore(store);
      const origins = new Map<string, Origin>(
        sourceIds.map((sourceId) => [sourceId, { sourceId, kind: 'replay' } as const]),
      );

      let next = 0;
      let inFlight = 0;
      let stopped = false;
      let drained: (() => void) | undefined;
      let cancelTimer: (() => void) | undefined;

      function settled(): void {
        inFlight -= 1;
        if (inFlight > MAX_IN_FLIGHT / 2 && inFlight > 0) return;
        drained?.();
        drained = undefined;
      }

      function stop(state: 'finished' | 'failed'): void {
        if (stopped) return;
        stopped = true;
        cancelTimer?.();
        for (const sourceId of sourceIds) registry.setState(sourceId, state);
      }

      function fail(error: unknown): void {
        log.error({ err: error }, 'the replay stopped: the store takes no more');
        stop('failed');
      }

      function send(moment: Moment): Promise<IngestResult> | undefined {
        const { report, close } = moment.row;
        const origin = origins.get(moment.sourceId) as Origin;
        const isClosed = played.get(report.id);
        if (moment.kind === 'report') return isClosed === undefined ? ingest.reportChecked(origin, report) : undefined;
        if (isClosed === true || close === undefined) return undefined;
        return ingest.stepChecked(origin, report.id, { id: 'close', step: 'close', ...close });
      }

      function play(moment: Moment): void {
        const answer = send(moment);
        if (answer === undefined) return;
        inFlight += 1;
        answer
          .then((result) => {
            if (!result.ok && result.problem.code === 'unavailable') fail(result.problem.detail);
          }, fail)
          .finally(settled);
      }

      function drain(limit: number): Promise<void> {
        return inFlight < limit || inFlight === 0
          ? Promise.resolve()
          : new Promise((resolve) => {
              drained = resolve;
            });
      }

      function finish(): void {
        if (stopped) return;
        stop('finished');
        log.info({ source: sourceIds, until: new Date(endAt).toISOString() }, 'the replay has come to its end');
      }

      /** At `max`: the clock goes from one moment to the next; deadlines and other timers run on the way. */
      async function playAtOnce(stepped: SteppedClock): Promise<void> {
        for (; next < moments.length && !stopped; next += 1) {
          if (inFlight >= MAX_IN_FLIGHT) await drain(MAX_IN_FLIGHT);
          // A table that is played already answers nothing; signals and sockets still want their turn
          else if (next % MAX_IN_FLIGHT === 0) await nextTurn();
          const moment = moments[next] as Moment;
          stepped.advanceTo(moment.at);
          play(moment);
        }
        if (stopped) return;
        stepped.advanceTo(endAt);
        await drain(1);
        finish();
      }

      /** At a factor: whatever is due is played when the clock gets there. */
      function playDue(): void {
        if (stopped) return;
        for (; next < moments.length && inFlight < MAX_IN_FLIGHT; next += 1) {
          const moment = moments[next] as Moment;
          if (moment.at > clock.now()) break;
          play(moment);
        }
        if (inFlight >= MAX_IN_FLIGHT) {
          drain(MAX_IN_FLIGHT).then(playDue);
          return;
        }
        const moment = moments[next];
        cancelTimer = moment === undefined ? clock.at(endAt, finish) : clock.at(moment.at, playDue);
      }

      clock.standAt(endAt);
      if (clock.now() > firstAt) log.info({ from: new Date(clock.now()).toISOString() }, 'the replay carries on');
      if ('nextTimerAt' in clock) playAtOnce(clock).catch(fail);
      else playDue();

      return async () => {
        stopped = true;
        cancelTimer?.();
        await drain(1);
      };
    },
  };
}
