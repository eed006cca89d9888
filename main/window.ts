import { app, BrowserWindow, type WebContents } from 'electron';
import { type Place, sameBounds } from './displays.ts';
import { isWallPage } from './navigation.ts';
import { isBlockedKeyPress } from './shortcuts.ts';

/** The wall's base colour (bg0 of the visual specification): a wall that has nothing to show yet is dark, never white. */
export const BACKGROUND = '#10141A';

/** A first picture that takes longer than this shows the dark window meanwhile. */
const SHOW_WITHIN_MS = 5_000;

/**
 * Opens one window of the wall over the whole of its place, dark and without anything to click. It shows itself with
 * its first picture.
 * @param yields whether other windows may come over it
 */
export function openWallWindow(place: Place, preloadPath: string, yields: boolean): BrowserWindow {
  const window = new BrowserWindow({
    ...place.bounds,
    show: false,
    frame: false,
    kiosk: !place.spans,
    roundedCorners: false,
    autoHideMenuBar: true,
    skipTaskbar: true,
    enableLargerThanScreen: true,
    title: 'Taibai Wall',
    backgroundColor: BACKGROUND,
    webPreferences: {
      preload: preloadPath,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      disableDialogs: true,
      navigateOnDragDrop: false,
      backgroundThrottling: false,
      devTools: !app.isPackaged,
      autoplayPolicy: 'no-user-gesture-required',
    },
  });
  const show = () => {
    clearTimeout(showAnyway);
    if (window.isDestroyed() || window.isVisible()) return;
    window.show();
    cover(window, place);
  };
  const showAnyway = setTimeout(show, SHOW_WITHIN_MS);
  window.once('ready-to-show', show);
  window.once('closed', () => clearTimeout(showAnyway));
  window.on('page-title-updated', (event) => event.preventDefault());
  if (!yields) window.setAlwaysOnTop(true, 'screen-saver');
  return window;
}

/** Puts the window over the whole of its place, also after the displays changed. */
export function cover(window: BrowserWindow, { bounds, spans }: Place): void {
  // Full screen holds a window on one display: it has to be left for a move to another one, or across several
  if (window.isKiosk() && (spans || !sameBounds(window.getBounds(), bounds))) window.setKiosk(false);
  window.setBounds(bounds);
  if (!spans) window.setKiosk(true);
}

/** Keeps a page, whichever it is, from going anywhere, opening anything or being reloaded or closed by keyboard. */
export function confinePage(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame || !isWallPage(event.url)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-prevent-unload', (event) => event.preventDefault()); // that is: unload all the same
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.on('before-input-event', (event, input) => {
    if (isBlockedKeyPress(input)) event.preventDefault();
  });
}
