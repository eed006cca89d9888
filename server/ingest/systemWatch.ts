import { statfs } from 'node:fs/promises';
import type { Deployment } from '../../domain/deployment.ts';
import { calendarComplaint } from '../calendar.ts';
import { type DomainClock, monotonicTime, type RealTime, systemTime } from '../clock.ts';
import type { Log } from '../log.ts';
import type { TicketStore } from '../store/ticketStore.ts';
import type { SourceRegistry } from './sourceRegistry.ts';

const CHECK_EVERY_MS = 1000;
const DISK_EVERY_MS = 60_000;
const CALENDAR_EVERY_MS = 24 * 3_600_000;
const MIB = 1024 * 1024;

interface WatchParts {
  readonly store: Pick<TicketStore, 'condition'>;
  readonly deployment: Deployment;
  readonly clock: Pick<DomainClock, 'now' | 'at'>;
  readonly realTime?: RealTime;
}

/** Calls back each period of real time; returns the way to stop it. */
function every(realTime: RealTime, periodMs: number, run: () => void): () => void {
  let cancel = () => {};
  const next = () => {
    cancel = realTime.after(periodMs, () => {
      next();
      run();
    });
  };
  next();
  return () => cancel();
}

/**
 * Raises `sourceSilent` for every listed source that was heard of and has fallen silent by the registry's reckoning, at
 * most a second after. One that was last heard of before the start gets two periods from the start on.
 */
export function watchSources(parts: WatchParts & { readonly registry: Pick<SourceRegistry, 'strip'> }): () => void {
  const { store, deployment, clock, registry, realTime = systemTime } = parts;
  const periods = new Map(deployment.sources.map(({ id, periodSeconds }) => [id, periodSeconds]));
  const startedAt = clock.now();
  const startedMs = realTime.now();
  return every(realTime, CHECK_EVERY_MS, () => {
    const upMs = realTime.now() - startedMs;
    for (const { id, state, lastEventAt } of registry.strip()) {
      const periodSeconds = periods.get(id);
      if (periodSeconds === undefined || lastEventAt === null) continue;
      const hadItsTime = lastEventAt >= startedAt || upMs > 2 * periodSeconds * 1000;
      const code = state === 'failed' ? 'sourceFailed' : state === 'silent' && hadItsTime ? 'sourceSilent' : undefined;
      const cause = code && ({ code, figures: { lastEventAt, periodSeconds } } as const);
      store.condition('sourceSilent', id, cause && { severity: 'medium', cause });
    }
  });
}

/**
 * Raises `systemFault:clock` when the system clock moves otherwise than time passes: deadlines, pulses and every
 * instant on screen would be wrong. Over once it has kept pace for a while.
 */
export function watchClock(parts: WatchParts & { readonly monotonic?: RealTime }): () => void {
  const { store, deployment, realTime = systemTime, monotonic = monotonicTime } = parts;
  const { clockJumpSeconds, clockSteadyMinutes } = deployment.alarms.system;
  let offsetMs = realTime.now() - monotonic.now();
  let jumpedMs = Number.NEGATIVE_INFINITY;
  return every(monotonic, CHECK_EVERY_MS, () => {
    const nowMs = monotonic.now();
    const before = offsetMs;
    offsetMs = realTime.now() - nowMs;
    const jumpMs = Math.round(offsetMs - before);
    if (Math.abs(jumpMs) > clockJumpSeconds * 1000) {
      jumpedMs = nowMs;
      store.condition('systemFault', 'clock', {
        severity: 'high',
        cause: { code: 'clockJumped', figures: { jumpMs } },
      });
    } else if (nowMs - jumpedMs >= clockSteadyMinutes * 60_000) {
      store.condition('systemFault', 'clock', undefined);
    }
  });
}

/** Raises `systemFault:calendar` while the public holidays of the coming weeks are not known. */
export function watchCalendar(parts: WatchParts): () => void {
  const { store, deployment, clock } = parts;
  let cancel = () => {};
  const look = () => {
    const complaint = calendarComplaint(deployment.calendar, deployment.timeZone, clock.now());
    store.condition(
      'systemFault',
      'calendar',
      complaint === undefined
        ? undefined
        : { severity: 'high', cause: { code: 'calendarEnds', figures: { days: deployment.calendar.warningDays } } },
    );
    cancel = clock.at(clock.now() + CALENDAR_EVERY_MS, look);
  };
  look();
  return () => cancel();
}

/** Free bytes on the disk that holds a folder. */
export async function freeBytes(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}

/** Raises `systemFault:disk` before the journal can no longer be written. */
export function watchDisk(
  parts: WatchParts & {
    readonly free: () => Promise<number>;
    readonly log: Pick<Log, 'warn'>;
  },
): () => void {
  const { store, deployment, realTime = systemTime, free, log } = parts;
  const { diskLowBelowMiB, diskEnoughAboveMiB } = deployment.alarms.system;
  const look = () => {
    free().then(
      (bytes) => {
        const freeMiB = Math.floor(bytes / MIB);
        if (freeMiB < diskLowBelowMiB) {
          store.condition('systemFault', 'disk', {
            severity: 'high',
            cause: { code: 'diskLow', figures: { freeMiB } },
          });
        } else if (freeMiB > diskEnoughAboveMiB) {
          store.condition('systemFault', 'disk', undefined);
        }
      },
      (error: unknown) => log.warn({ error: String(error) }, 'the free space on the disk could not be read'),
    );
  };
  look();
  return every(realTime, DISK_EVERY_MS, look);
}
