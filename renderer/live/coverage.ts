/** Everything that must be seen is on screen this soon after it came … */
export const SEEN_WITHIN_MS = 3000;
/** … and again at least this often, whatever else there is to show (product, point 5). */
export const SEEN_AGAIN_WITHIN_MS = 20_000;

/** Nobody reads faster than this; below it the promise of 20 s ends: 20 rows' worth for each row of room. */
const LEAST_DWELL_MS = 1000;
/** Nothing needs to stay longer while others wait. */
const MOST_DWELL_MS = 5000;
/** The wall looks once a second; a look may come this much late or early. */
const LOOK_MS = 1000;
const JITTER_MS = 300;

interface Sight {
  /** When the wall first knew of it. */
  readonly knownMs: number;
  /** When it last came on screen, and when it was last seen there; undefined before the first time. */
  readonly shown?: { readonly fromMs: number; readonly lastMs: number };
}

/** What is on screen now, by place, and what was when. All times on one monotonic clock. */
export interface Coverage {
  readonly visible: readonly string[];
  readonly sights: ReadonlyMap<string, Sight>;
}

export const NOTHING_COVERED: Coverage = { visible: [], sights: new Map() };

/** How long each stays, so that all have their turn within the promise. */
function dwellMs(count: number, places: number): number {
  const turns = Math.ceil(count / places);
  const fair = Math.floor((SEEN_AGAIN_WITHIN_MS - 2 * LOOK_MS) / turns / LOOK_MS) * LOOK_MS;
  return Math.min(MOST_DWELL_MS, Math.max(LEAST_DWELL_MS, fair));
}

/**
 * Which of `ids` are on screen until the next look, a second later, in `places` rows. All of them where they fit, in
 * their order. Else they take turns: whoever's promise ends first comes next, in place of whoever has been there longest, so
 * that each is seen within 3 s of coming and again within 20 s, as long as there are no more than 20 to a row and no
 * more than two to a row come at once. One that went away and comes again is new.
 */
export function cover(previous: Coverage, ids: readonly string[], places: number, nowMs: number): Coverage {
  const sights = new Map<string, Sight>();
  for (const id of ids) sights.set(id, previous.sights.get(id) ?? { knownMs: nowMs });
  const visible = ids.length <= places ? [...ids] : takeTurns(previous.visible, ids, sights, places, nowMs);
  const before = new Set(previous.visible);
  for (const id of visible) {
    const { knownMs, shown } = sights.get(id) as Sight;
    const fromMs = shown !== undefined && before.has(id) ? shown.fromMs : nowMs;
    sights.set(id, { knownMs, shown: { fromMs, lastMs: nowMs } });
  }
  return { visible, sights };
}

function takeTurns(
  before: readonly string[],
  ids: readonly string[],
  sights: ReadonlyMap<string, Sight>,
  places: number,
  nowMs: number,
): string[] {
  const visible = before.filter((id) => sights.has(id)).slice(0, places);
  const onScreen = new Set(visible);
  const promisedMs = (id: string) => {
    const { knownMs, shown } = sights.get(id) as Sight;
    return shown === undefined ? knownMs + SEEN_WITHIN_MS : shown.lastMs + SEEN_AGAIN_WITHIN_MS;
  };
  const waiting = ids
    .filter((id) => !onScreen.has(id))
    .map((id) => ({ id, promisedMs: promisedMs(id) }))
    .sort((a, b) => a.promisedMs - b.promisedMs);
  while (visible.length < places) {
    const next = waiting.shift();
    if (next === undefined) return visible;
    visible.push(next.id);
  }
  const shownForMs = (id: string) => nowMs - (sights.get(id)?.shown?.fromMs ?? nowMs);
  const longestFirst = visible.map((id, place) => ({ place, forMs: shownForMs(id) })).sort((a, b) => b.forMs - a.forMs);
  const dwell = dwellMs(ids.length, places);
  for (const { place, forMs } of longestFirst) {
    const next = waiting[0];
    if (next === undefined) break;
    const pressing = next.promisedMs - nowMs <= SEEN_WITHIN_MS;
    if (forMs + JITTER_MS < (pressing ? LEAST_DWELL_MS : dwell)) break;
    waiting.shift();
    visible[place] = next.id;
  }
  return visible;
}
