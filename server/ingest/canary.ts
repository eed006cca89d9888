import { CANARY_PERIOD_MS } from '../../domain/canary.ts';
import { type DomainClock, type RealTime, systemTime } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Ingest } from './ingest.ts';

/**
 * Sends a canary through the ingest each real minute, so that every wall can tell that reports still reach its pixels.
 * On a new board the first comes a minute after the start, which is proof enough until then; a board that holds an old
 * one gets a new one at once, or walls would call it late. Off in a replay. One that is not durable yet keeps the next from
 * being sent. Returns its closer.
 */
export function sendCanaries(parts: {
  readonly ingest: Pick<Ingest, 'canary'>;
  readonly clock: Pick<DomainClock, 'state'>;
  /** Whether the board holds one from before. */
  readonly sentBefore: boolean;
  readonly log: Pick<Log, 'warn'>;
  readonly realTime?: RealTime;
}): () => void {
  const { ingest, clock, sentBefore, log, realTime = systemTime } = parts;
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
  if (sentBefore) send();
  else cancel = realTime.after(CANARY_PERIOD_MS, send);
  return () => cancel();
}
