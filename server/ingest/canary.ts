import { CANARY_PERIOD_MS } from '../../domain/canary.ts';
import { type DomainClock, type RealTime, systemTime } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Ingest } from './ingest.ts';

/**
 * Sends a canary through the ingest now and then each real minute, so that every wall can tell that reports still reach
 * its pixels. Off in a replay. One that is not durable yet keeps the next from being sent. Returns its closer.
 */
export function sendCanaries(parts: {
  readonly ingest: Pick<Ingest, 'canary'>;
  readonly clock: Pick<DomainClock, 'state'>;
  readonly log: Pick<Log, 'warn'>;
  readonly realTime?: RealTime;
}): () => void {
  const { ingest, clock, log, realTime = systemTime } = parts;
  let cancel = () => {};
  if (clock.state().mode === 'replay') return cancel;
  let underway = false;
  function send(): void {
    cancel = realTime.after(CANARY_PERIOD_MS, send);
    if (underway) return;
    underway = true;
    ingest
      .canary()
      .then((result) => {
        if (!result.ok) log.warn({ problem: result.problem.code }, 'the canary was not taken');
      })
      .finally(() => {
        underway = false;
      });
  }
  send();
  return () => cancel();
}
