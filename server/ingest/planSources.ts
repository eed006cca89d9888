import { DateTime } from 'luxon';
import type { TicketId } from '../../domain/ticket.ts';
import {
  createLiveClock,
  createScaledClock,
  createSteppedClock,
  type DomainClock,
  type DrivenClock,
  type RealTime,
  type SteppedClock,
} from '../clock.ts';
import { BUNDLED_DEPLOYMENTS } from '../deploymentFile.ts';
import type { TicketStore } from '../store/ticketStore.ts';
import type { Source, SourceContext, SourceOption } from './source.ts';
import { createDemo } from './sources/demo.ts';
import { createReplay, type Reel } from './sources/replay.ts';
import { loadMappings, readTable } from './sources/tableFile.ts';

/** What the server's time and its built-in sources will be. */
export interface SourcePlan {
  readonly clock: DomainClock;
  readonly sources: readonly Source[];
  /**
   * Sets the clock going where the store was left, or later at `leftAt` if the clock had got that far; then starts the
   * sources. Returns the closer of them all.
   */
  start(context: Omit<SourceContext, 'clock'>, leftAt?: number): Promise<() => Promise<void>>;
}

type PlanResult = { readonly ok: true; readonly plan: SourcePlan } | { readonly ok: false; readonly problem: string };

/** The last instant at which the store took down something of these tickets or decided an alert about one: where their clock stood when it was left. */
function resumePosition(
  store: Pick<TicketStore, 'seq' | 'facts' | 'board'>,
  isOwn: (ticketId: TicketId) => boolean,
): number | undefined {
  if (store.seq === 0) return undefined;
  let position: number | undefined;
  for (const { id, steps } of store.facts()) {
    if (!isOwn(id)) continue;
    for (const { recordedAt } of steps) if (position === undefined || recordedAt > position) position = recordedAt;
  }
  for (const { ticketId, changedAt } of store.board.alerts.values()) {
    if (ticketId === undefined || !isOwn(ticketId)) continue;
    if (position === undefined || changedAt > position) position = changedAt;
  }
  return position;
}

function planOf(clock: DomainClock | DrivenClock, sources: readonly Source[]): SourcePlan {
  return {
    clock,
    sources,
    async start(context, leftAt = Number.NEGATIVE_INFINITY) {
      // A demo tells its past first, and begins by itself
      if (sources.every((source) => source.kind !== 'demo')) context.store.beginAlarms();
      if ('begin' in clock) {
        const isOwn = (ticketId: TicketId) => sources.some((source) => source.isOwn(ticketId));
        clock.begin(Math.max(leftAt, resumePosition(context.store, isOwn) ?? clock.now()));
      }
      const closers: (() => Promise<void>)[] = [];
      for (const source of sources) closers.push(await source.start({ ...context, clock }));
      return async () => {
        for (const close of closers.reverse()) await close();
      };
    },
  };
}

/**
 * Decides clock and sources. One clock serves them all: real time, or a demo's, or that of the replayed tables, which
 * are played in one order of time; so demo and replay exclude each other. `problem` is one line for the operator.
 */
export async function planSources(
  options: readonly SourceOption[],
  speed: number | 'max' | undefined,
  environment: {
    /** Where the bundled mappings lie. */
    readonly mappingsFolder?: string;
    /** Real time, epoch ms: where a demo starts. */
    readonly nowAt?: number;
    /** Seed of the demo. */
    readonly seed?: number;
    readonly real?: RealTime;
  } = {},
): Promise<PlanResult> {
  const { mappingsFolder = `${BUNDLED_DEPLOYMENTS}mappings`, nowAt = Date.now(), real } = environment;
  const wanted = options.filter((option) => option.kind !== 'none');
  const replays = wanted.filter((option) => option.kind === 'replay');
  if (wanted.length === 0) {
    return speed === undefined || speed === 1
      ? { ok: true, plan: planOf(createLiveClock('live'), []) }
      : { ok: false, problem: '--speed compresses a demo or a replay; without one time is real' };
  }
  if (replays.length === 0) {
    if (wanted.length > 1) return { ok: false, problem: 'the source demo is given twice' };
    const clock =
      speed === 'max'
        ? createSteppedClock({ mode: 'demo', startAt: nowAt })
        : speed === undefined || speed === 1
          ? createLiveClock('demo')
          : createScaledClock({ mode: 'demo', startAt: nowAt, speed, ...(real === undefined ? {} : { real }) });
    return { ok: true, plan: planOf(clock, [createDemo({ seed: environment.seed ?? 1 })]) };
  }
  if (replays.length < wanted.length) {
    return { ok: false, problem: 'demo and replay cannot run together: each needs the clock for itself' };
  }

  const reels = await readReels(replays, mappingsFolder);
  if (!reels.ok) return reels;
  const startAt = Math.min(
    ...reels.reels.flatMap(({ table, untilAt = Number.POSITIVE_INFINITY }) => [
      untilAt,
      ...table.rows.map((row) => row.report.reportedAt),
    ]),
  );
  if (!Number.isFinite(startAt))
    return { ok: false, problem: `no row of ${replays.map((replay) => replay.file).join(', ')} can be used` };
  const clock: DrivenClock | SteppedClock =
    speed === 'max'
      ? createSteppedClock({ mode: 'replay', startAt })
      : createScaledClock({ mode: 'replay', startAt, speed: speed ?? 1, ...(real === undefined ? {} : { real }) });
  return { ok: true, plan: planOf(clock, [createReplay(reels.reels, clock)]) };
}

async function readReels(
  replays: readonly Extract<SourceOption, { kind: 'replay' }>[],
  mappingsFolder: string,
): Promise<{ readonly ok: true; readonly reels: readonly Reel[] } | { readonly ok: false; readonly problem: string }> {
  const bundled = await loadMappings(mappingsFolder);
  if (!bundled.ok) return bundled;
  const reels: Reel[] = [];
  for (const { file, mapping, until } of replays) {
    const read = await readTable(file, mapping, bundled.mappings);
    if (!read.ok) return read;
    if (until === undefined) {
      reels.push({ table: read.table });
      continue;
    }
    const untilAt = DateTime.fromISO(until, { zone: read.table.mapping.timeZone });
    if (!untilAt.isValid) return { ok: false, problem: `until=${until} is not an ISO 8601 time` };
    reels.push({ table: read.table, untilAt: untilAt.toMillis() });
  }
  return { ok: true, reels };
}
