import type { ViewingPlace } from './canvas.ts';

/** Where a browser keeps what the set-up was told; a kiosk keeps it in its own file and hands it over in the address. */
const PLACE_KEY = 'taibai-wall.place';

/** What can be true of a wall: pitch in mm, seats in mm, physical screens side by side. */
export const PLACE_LIMITS = {
  pitchMm: { least: 0.1, most: 50 },
  seatMm: { least: 500, most: 200_000 },
  screens: { least: 1, most: 8 },
} as const;

function within(value: unknown, { least, most }: { readonly least: number; readonly most: number }) {
  return typeof value === 'number' && value >= least && value <= most ? value : undefined;
}

/** Keeps of anything what can be true of a wall. */
function checked(input: { readonly [key in keyof ViewingPlace]?: unknown }): ViewingPlace {
  const screens = within(input.screens, PLACE_LIMITS.screens);
  return {
    pitchMm: within(input.pitchMm, PLACE_LIMITS.pitchMm),
    seatMm: within(input.seatMm, PLACE_LIMITS.seatMm),
    screens: screens === undefined || !Number.isInteger(screens) ? undefined : screens,
  };
}

function kept(storage: Pick<Storage, 'getItem'>): ViewingPlace {
  try {
    const read: unknown = JSON.parse(storage.getItem(PLACE_KEY) ?? '{}');
    return typeof read === 'object' && read !== null ? checked(read) : {};
  } catch {
    return {}; // not what this page has written: as if nothing had been said
  }
}

export function keepPlace(storage: Pick<Storage, 'setItem'>, place: ViewingPlace): void {
  storage.setItem(PLACE_KEY, JSON.stringify(place));
}

/**
 * `?pitch=1.25&seat=6&screens=3`: pitch in mm, farthest seat in metres. What the address says is kept in `storage`, and what
 * it does not say was kept there before; without one, as in a kiosk, the address says all.
 */
export function viewingPlace(search: string, storage?: Pick<Storage, 'getItem' | 'setItem'>): ViewingPlace {
  const asked = new URLSearchParams(search);
  const number = (name: string, times = 1) => {
    const text = asked.get(name);
    return text === null || text.trim() === '' ? undefined : Number(text) * times;
  };
  const said = checked({ pitchMm: number('pitch'), seatMm: number('seat', 1000), screens: number('screens') });
  if (storage === undefined) return said;
  const before = kept(storage);
  const place = {
    pitchMm: said.pitchMm ?? before.pitchMm,
    seatMm: said.seatMm ?? before.seatMm,
    screens: said.screens ?? before.screens,
  };
  if (Object.values(said).some((value) => value !== undefined)) keepPlace(storage, place);
  return place;
}
