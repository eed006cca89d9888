import { basename } from 'node:path';
import type { TicketId } from '../../../domain/ticket.ts';
import type { DrivenClock, SteppedClock } from '../../clock.ts';
import type { IngestResult, Origin } from '../ingest.ts';
import type { Source, SourceContext } from '../source.ts';
import type { MappedRow } from './mapping.ts';
import { playMoments } from './playback.ts';
import type { Table } from './tableFile.ts';

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

  const ids = new Set(moments.map((moment) => moment.row.report.id));
  clock.standAt(endAt);

  return {
    id: sourceIds.join(' '),
    kind: 'replay',
    isOwn: (ticketId) => ids.has(ticketId),
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

      function send(moment: Moment): Promise<IngestResult> | undefined {
        const { report, close } = moment.row;
        const origin = origins.get(moment.sourceId) as Origin;
        const isClosed = played.get(report.id);
        if (moment.kind === 'report') return isClosed === undefined ? ingest.reportChecked(origin, report) : undefined;
        if (isClosed === true || close === undefined) return undefined;
        return ingest.stepChecked(origin, report.id, { id: 'close', step: 'close', ...close });
      }

      if (clock.now() > firstAt) log.info({ from: new Date(clock.now()).toISOString() }, 'the replay carries on');
      const playback = playMoments({ clock, moments: moments.values(), endAt, send });
      playback.ended.then((end) => {
        if (end.state === 'stopped') return;
        if (end.state === 'failed') log.error({ err: end.error }, 'the replay stopped: the store takes no more');
        else log.info({ source: sourceIds, until: new Date(endAt).toISOString() }, 'the replay has come to its end');
        for (const sourceId of sourceIds) registry.setState(sourceId, end.state);
      });
      return playback.stop;
    },
  };
}
