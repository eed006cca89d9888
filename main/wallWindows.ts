import type { BrowserWindow, WebContents } from 'electron';
import type { Place } from './displays.ts';
import { type HeldPlace, holdPlace } from './holdPlace.ts';
import { type KeptPicture, keepPicture, type Look } from './keepPicture.ts';
import { openWallWindow } from './window.ts';

interface WallWindow {
  readonly window: BrowserWindow;
  place: Place;
  readonly held: HeldPlace;
  readonly picture: KeptPicture;
}

export interface WallWindows {
  /**
   * Hangs one window over each place; one that is there already goes where its place is now, one whose place is gone
   * is closed. No place at all leaves everything as it is: displays come back.
   * @param again loads every page anew, also where its address is the same
   */
  hang(places: readonly Place[], again?: 'again'): void;
  /** Loads every page anew but this one, which knows already what has changed. */
  tellOthers(contents: WebContents): void;
  /** Whether this page is that of the first place. */
  leads(contents: WebContents): boolean;
  /** Repaints and puts everything in its place, as after a sleep. */
  wake(): void;
  /** Whether some picture stands, and since when, in ms of `performance.now`; null while none does. */
  healthySinceMs(): number | null;
  focus(): void;
  close(): void;
}

/**
 * @param addressOf the page of a place; `leads` for the first
 * @param leaving whether the kiosk is about to end: only then may a window close
 */
export function createWallWindows(options: {
  readonly preloadPath: string;
  readonly yields: boolean;
  readonly addressOf: (place: Place, leads: boolean) => string;
  readonly leaving: () => boolean;
  readonly log: (line: string) => void;
  readonly complain: (line: string) => void;
}): WallWindows {
  const { preloadPath, yields, addressOf, leaving, log, complain } = options;
  const windows = new Map<string, WallWindow>();
  let leader: string | undefined;

  const open = (place: Place, leads: boolean): WallWindow => {
    const window = openWallWindow(place, preloadPath, yields);
    window.on('close', (event) => {
      if (!leaving()) event.preventDefault(); // the window manager's Alt+F4 comes this way
    });
    const { x, y, width, height } = place.bounds;
    log(`a window of ${width}×${height} at ${x},${y}`);
    return {
      window,
      place,
      held: holdPlace(window, place, yields, complain),
      picture: keepPicture(window.webContents, addressOf(place, leads), { log, complain }, () => look(window)),
    };
  };
  const shut = ({ window, held, picture }: WallWindow) => {
    picture.close();
    held.close();
    window.destroy();
  };

  return {
    hang(places, again) {
      if (places.length === 0) return;
      leader = places[0]?.key;
      const gone = new Map(windows);
      for (const [index, place] of places.entries()) {
        gone.delete(place.key);
        const there = windows.get(place.key);
        if (there === undefined) {
          windows.set(place.key, open(place, index === 0));
          continue;
        }
        there.place = place;
        there.held.move(place);
        there.picture.show(addressOf(place, index === 0), again);
      }
      // Last, so that there is a window at every moment
      for (const [key, window] of gone) {
        windows.delete(key);
        shut(window);
      }
    },
    tellOthers(contents) {
      for (const [key, { window, place, picture }] of windows) {
        if (window.webContents !== contents) picture.show(addressOf(place, key === leader), 'again');
      }
    },
    leads: (contents) => leader !== undefined && windows.get(leader)?.window.webContents === contents,
    wake() {
      for (const { window } of windows.values()) window.webContents.invalidate();
    },
    healthySinceMs: () => {
      const since = [...windows.values()].flatMap(({ picture }) => picture.healthySinceMs() ?? []);
      return since.length === 0 ? null : Math.min(...since);
    },
    focus: () => windows.get(leader ?? '')?.window.focus(),
    close() {
      for (const { picture, held } of windows.values()) {
        picture.close();
        held.close();
      }
    },
  };
}

/** Looks at an upright strip in the middle of a window: every screen of the wall draws something there. */
async function look(window: BrowserWindow): Promise<Look> {
  if (!window.isVisible() || window.isMinimized()) return 'unknown';
  const { width, height } = window.getContentBounds();
  const strip = Math.ceil(width / 10);
  const image = await window.webContents.capturePage({
    x: Math.floor((width - strip) / 2),
    y: 0,
    width: strip,
    height,
  });
  if (image.isEmpty()) return 'unknown';
  const bitmap = image.toBitmap();
  const pixels = new Uint32Array(bitmap.buffer, bitmap.byteOffset, Math.floor(bitmap.byteLength / 4));
  const [first] = pixels;
  return pixels.every((pixel) => pixel === first) ? 'oneColour' : 'picture';
}
