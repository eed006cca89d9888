import { callOf, isUrgent, type ListedAlert } from '../../../domain/alertFigures.ts';
import type { FiguresFeed } from '../../live/figuresFeed.ts';

const NOTIFY_KEY = 'taibai-desk.notify';

/** Whether somebody asked for notifications in this browser. */
export function wantsNotices(storage: Pick<Storage, 'getItem'>): boolean {
  return storage.getItem(NOTIFY_KEY) === 'on';
}

export function keepNotices(wanted: boolean, storage: Pick<Storage, 'setItem' | 'removeItem'>): void {
  if (wanted) storage.setItem(NOTIFY_KEY, 'on');
  else storage.removeItem(NOTIFY_KEY);
}

/**
 * The criticals that call and did not before. At the first look nothing is new: whoever has just opened the desk sees
 * the queue. One that is asked for again after a lapse calls anew.
 */
export function newCalls(
  known: ReadonlySet<string> | undefined,
  listed: readonly ListedAlert[],
): { readonly known: ReadonlySet<string>; readonly fresh: readonly ListedAlert[] } {
  const urgent = listed.filter(isUrgent);
  return {
    known: new Set(urgent.map(({ alert }) => callOf(alert))),
    fresh: known === undefined ? [] : urgent.filter(({ alert }) => !known.has(callOf(alert))),
  };
}

/** Tells of new criticals as the numbers step; `tell` gets all of one step together. Returns its closer. */
export function startNotifier(options: {
  readonly figures: Pick<FiguresFeed, 'figures' | 'subscribe'>;
  /** Asked each time: somebody may allow or forbid it meanwhile. */
  readonly mayTell: () => boolean;
  readonly tell: (fresh: readonly ListedAlert[]) => void;
}): () => void {
  const { figures, mayTell, tell } = options;
  let known: ReadonlySet<string> | undefined;
  return figures.subscribe(() => {
    const now = figures.figures();
    if (now === undefined) return;
    const next = newCalls(known, now.alerts.listed);
    known = next.known;
    if (next.fresh.length > 0 && mayTell()) tell(next.fresh);
  });
}
