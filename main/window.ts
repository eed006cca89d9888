import { app, BrowserWindow, type Session, type WebContents } from 'electron';
import type { Bounds } from './displays.ts';
import { isPermitted, isWallPage } from './navigation.ts';
import { isBlockedKeyPress } from './shortcuts.ts';

/** The wall's base colour (bg0 of the visual specification): a wall that has nothing to show yet is dark, never white. */
export const BACKGROUND = '#10141A';

/** A first picture that takes longer than this shows the dark window meanwhile. */
const SHOW_WITHIN_MS = 5_000;

/**
 * Opens the wall's window over the whole of `bounds`, dark and without anything to click. It shows itself with its
 * first picture.
 */
export function openWallWindow(bounds: Bounds, preloadPath: string): BrowserWindow {
  const window = new BrowserWindow({
    ...bounds,
    show: false,
    frame: false,
    kiosk: true,
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
    coverDisplay(window, bounds);
  };
  const showAnyway = setTimeout(show, SHOW_WITHIN_MS);
  window.once('ready-to-show', show);
  window.on('page-title-updated', (event) => event.preventDefault());
  return window;
}

/** Puts the window over the whole of a display, also after that display changed. */
export function coverDisplay(window: BrowserWindow, bounds: Bounds): void {
  window.setBounds(bounds);
  window.setKiosk(true);
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

/** Denies every permission but the one to reach the server, every device and every download. */
export function confineSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, decide, { requestingUrl }) => {
    decide(isPermitted(permission, requestingUrl));
  });
  session.setPermissionCheckHandler((_contents, permission, requestingOrigin) =>
    isPermitted(permission, requestingOrigin),
  );
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
}
