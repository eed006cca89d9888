import { alertFigures } from '../../domain/alertFigures.ts';
import { type BoardFigures, boardFigures, FRESH_MS, type LocalDay } from '../../domain/metrics.ts';
import type { WallState } from '../../domain/wallState.ts';
import type { WallClock } from './clock.ts';
import type { WallStore } from './wallStore.ts';

/** What somebody did about an alert is shown at once, but not more often than this. */
const HANDLED_APART_MS = 1000;

/** Another number whenever somebody took an alert, gave it back or set it aside. */
function handledMark({ alerts }: Pick<WallState, 'alerts'>): number {
  let mark = 0;
  for (const { acknowledgedAt = 0, shelvedUntilAt = 0 } of alerts.values()) mark += acknowledgedAt + shelvedUntilAt;
  return mark;
}

/** The numbers of all panels at one instant, stepped once a second at most; alerts also when somebody has taken one. */
export interface FiguresFeed {
  /** Undefined until the first snapshot. */
  figures(): BoardFigures | undefined;
  subscribe(listener: () => void): () => void;
  close(): void;
}

/**
 * Reckons the board when it first arrives and then once in each second of the clock, so that clock and numbers step
 * together; while changes follow each other, with the next of them.
 */
export function createFiguresFeed(options: {
  readonly store: WallStore;
  readonly clock: WallClock;
  readonly localDay: (at: number, timeZone: string) => LocalDay;
  /** Calls back after `ms`; returns what cancels it. */
  readonly after: (ms: number, run: () => void) => () => void;
}): FiguresFeed {
  const { store, clock, localDay, after } = options;
  const listeners = new Set<() => void>();
  let figures: BoardFigures | undefined;
  let cancel: (() => void) | undefined;
  let cancelBeside: (() => void) | undefined;
  let day: LocalDay | undefined;
  let zone = '';
  let streets: ReadonlyMap<string, string> = new Map();
  let streetsOf: object | undefined;
  let handled = 0;
  let resting = false;
  let cancelRest: (() => void) | undefined;
  const streetOf = (gridId: string) => streets.get(gridId);

  const reckon = () => {
    cancel?.();
    const snapshot = store.snapshot();
    const now = clock.now();
    cancel = after(now === undefined || clock.pace() !== 1 ? 1000 : 1000 - (now % 1000), () => {
      cancelBeside = store.besides(reckon);
    });
    if (snapshot === undefined || now === undefined) return;
    const { deployment, history, board } = snapshot;
    if (
      day === undefined ||
      zone !== deployment.timeZone ||
      now < day.startAt ||
      now >= (day.hourStartsAt[24] as number)
    ) {
      zone = deployment.timeZone;
      day = localDay(now, zone);
    }
    if (streetsOf !== deployment) {
      streetsOf = deployment;
      const communities = new Map(deployment.communities.map((community) => [community.id, community.streetId]));
      streets = new Map(deployment.grids.map((grid) => [grid.id, communities.get(grid.communityId) ?? '']));
    }
    figures = boardFigures({
      board,
      floodRule: deployment.alarms.flood,
      history,
      day,
      now,
      freshMs: FRESH_MS * Math.max(1, clock.pace()),
      streetOf,
    });
    handled = handledMark(board);
    for (const listener of [...listeners]) listener();
  };

  /** An acknowledgement is waited for by whoever made it: it does not wait for the second to end. */
  const noticeHandling = () => {
    const snapshot = store.snapshot();
    if (figures === undefined || snapshot === undefined || resting) return;
    const { board, deployment } = snapshot;
    if (handledMark(board) === handled) return;
    handled = handledMark(board);
    resting = true;
    cancelRest = after(HANDLED_APART_MS, () => {
      resting = false;
    });
    figures = {
      ...figures,
      alerts: alertFigures({ board, floodRule: deployment.alarms.flood, now: figures.at, streetOf }),
    };
    for (const listener of [...listeners]) listener();
  };

  const unsubscribe = store.subscribe(() => {
    if (figures === undefined) reckon();
    else noticeHandling();
  });
  reckon();

  return {
    figures: () => figures,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close() {
      unsubscribe();
      cancel?.();
      cancelBeside?.();
      cancelRest?.();
      listeners.clear();
    },
  };
}
