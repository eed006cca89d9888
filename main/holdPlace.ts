import { BrowserWindow } from 'electron';
import type { Place } from './displays.ts';
import { corrected, correctionDelayMs, displacementOf, initialStruggle, type Standing } from './standing.ts';
import { cover } from './window.ts';

/** A window manager that will not have it must not fill the log for a year. */
const MOST_TOLD = 10;

/** Looked at without an event, too: not every window manager tells everything. */
const LOOK_EVERY_MS = 10_000;

export interface HeldPlace {
  /** The display under it has changed: there now. */
  move(place: Place): void;
  close(): void;
}

/**
 * Keeps a window over its place: whatever moves, shrinks, minimises, hides or covers it, it is put back.
 * @param yields whether other windows may come over it
 * @param complain told in one line of each displacement
 */
export function holdPlace(
  window: BrowserWindow,
  firstPlace: Place,
  yields: boolean,
  complain: (line: string) => void,
): HeldPlace {
  const now = () => performance.now();
  let place = firstPlace;
  let struggle = initialStruggle;
  let correction: NodeJS.Timeout | null = null;

  const displacement = () => {
    if (window.isDestroyed()) return null;
    const standing: Standing = {
      bounds: window.getBounds(),
      fullScreen: window.isKiosk() && window.isFullScreen(),
      minimised: window.isMinimized(),
      visible: window.isVisible(),
      behind: BrowserWindow.getFocusedWindow() === null,
    };
    return displacementOf(standing, place, yields);
  };
  const correct = () => {
    correction = null;
    const wrong = displacement();
    if (wrong === null) return;
    struggle = corrected(struggle, now());
    if (struggle.corrections <= MOST_TOLD) {
      const last = struggle.corrections === MOST_TOLD ? ', and no more is said of it until it holds' : '';
      complain(`the window is not where the wall hangs (${wrong}); putting it back${last}`);
    }
    if (window.isMinimized()) window.restore();
    if (!window.isVisible()) window.show();
    cover(window, place);
    if (yields) return;
    window.setAlwaysOnTop(true, 'screen-saver');
    window.moveTop();
    window.focus();
  };
  let shown = window.isVisible();
  const look = () => {
    shown ||= window.isVisible();
    if (!shown || correction !== null || displacement() === null) return;
    correction = setTimeout(correct, correctionDelayMs(struggle, now()));
  };
  const regularly = setInterval(look, LOOK_EVERY_MS);
  window.on('move', look);
  window.on('resize', look);
  window.on('minimize', look);
  window.on('hide', look);
  window.on('leave-full-screen', look);
  window.on('blur', look);
  window.on('always-on-top-changed', look);
  return {
    move(next) {
      place = next;
      if (window.isVisible()) cover(window, place);
    },
    close() {
      clearInterval(regularly);
      if (correction !== null) clearTimeout(correction);
    },
  };
}
