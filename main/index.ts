import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { app, ipcMain, Menu, powerMonitor, powerSaveBlocker, protocol, safeStorage, screen, session } from 'electron';
import { confineSession } from './confine.ts';
import { answerKioskCalls } from './ipc.ts';
import { keepAwake } from './keepAwake.ts';
import { createKiosk } from './kiosk.ts';
import { type LaunchOptions, readLaunchOptions } from './launchOptions.ts';
import { giveLifeSigns, HOPELESS_AFTER_MS } from './lifeSigns.ts';
import { complain, log } from './log.ts';
import { WALL_SCHEME } from './navigation.ts';
import { createPageHandler, wallScheme } from './wallProtocol.ts';
import { createWallWindows, type WallWindows } from './wallWindows.ts';
import { confinePage } from './window.ts';

const pagesFolder = join(import.meta.dirname, '../renderer');
const preloadPath = join(import.meta.dirname, 'preload.cjs');

/** Exit codes: 0 asked to leave, 1 a fault (the supervisor starts it again), 2 cannot run like this. */
const FAULT = 1;
const UNUSABLE = 2;

/** Quitting asks the page first; a page that hangs must not hold it up. */
const QUIT_WITHIN_MS = 2_000;

/** What is closed in reverse when the kiosk leaves. */
const closers: (() => void)[] = [];
let leaving = false;
/** When some window last had a picture, in ms of `performance.now`. */
let lastPictureMs = performance.now();

endOnFaults();
const start = readStart();
if (start.ok) {
  enforceSandbox();
  confineEveryPage();
  leaveWhenTold();
  protocol.registerSchemesAsPrivileged([wallScheme]);
  // Never awaited up here: Electron is ready only after this module has run to its end.
  app
    .whenReady()
    .then(() => openWall(start))
    .catch(end);
} else {
  process.stderr.write(`taibai-wall: ${start.message}\n`);
  app.exit(UNUSABLE);
}

interface Start {
  readonly options: Extract<LaunchOptions, { readonly ok: true }>;
  /** A token for this run only, handed over by whoever started the kiosk; null without one. */
  readonly givenToken: string | null;
}

/** A fault ends the process in one line and without a dialog: starting anew is the supervisor's. */
function endOnFaults(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', () => {
      // Whoever read our lines has gone; the wall stays.
    });
  }
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
  app.on('window-all-closed', () => {
    if (!leaving) end(new Error('the window is gone'));
  });
  app.on('child-process-gone', (_event, { type, reason, exitCode, name }) => {
    complain(`the ${name ?? type} process is gone: ${reason}, exit code ${exitCode}`);
  });
}

function end(fault: unknown): void {
  complain(`ending after a fault: ${fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)}`);
  app.exit(FAULT);
}

function readStart(): ({ readonly ok: true } & Start) | { readonly ok: false; readonly message: string } {
  const options = readLaunchOptions(process.argv, process.env, !app.isPackaged);
  if (!options.ok) return options;
  if (!existsSync(join(pagesFolder, 'index.html'))) {
    return { ok: false, message: `there is no page in ${pagesFolder}: build it first` };
  }
  // Two on one user data folder would write the same files and cover each other.
  if (!app.requestSingleInstanceLock()) {
    return { ok: false, message: `another one already runs with ${app.getPath('userData')}` };
  }
  const givenToken = process.env.WALL_TOKEN || null;
  delete process.env.WALL_TOKEN; // not for our child processes
  return { ok: true, options, givenToken };
}

function enforceSandbox(): void {
  if (app.commandLine.hasSwitch('no-sandbox')) {
    complain(
      'WARNING: the sandbox is OFF (--no-sandbox): a hostile page would have all rights of this user. ' +
        'Only root needs that; run the kiosk as an ordinary user.',
    );
    return;
  }
  app.enableSandbox();
}

function confineEveryPage(): void {
  Menu.setApplicationMenu(null);
  app.on('web-contents-created', (_event, contents) => confinePage(contents));
  app.on('select-client-certificate', (event, _contents, _address, _certificates, choose) => {
    event.preventDefault(); // else the first one is sent to whoever asks
    choose();
  });
}

function leaveWhenTold(): void {
  app.on('before-quit', () => {
    leaving = true;
  });
  app.on('will-quit', () => {
    for (const close of closers.toReversed()) close();
    closers.length = 0;
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => leave(signal));
  if (process.env.WALL_QUIT_WITH_STDIN === '1') {
    process.stdin.on('end', () => leave('whoever started it has gone'));
    process.stdin.on('error', () => leave('whoever started it has gone'));
    process.stdin.resume();
  }
}

function leave(why: string): void {
  if (leaving) return;
  log(`leaving: ${why}`);
  setTimeout(() => app.exit(0), QUIT_WITHIN_MS);
  app.quit();
}

function openWall({ options, givenToken }: Start): void {
  // The windows ask the kiosk what they show, the kiosk tells the windows where they hang
  const windows: WallWindows = createWallWindows({
    preloadPath,
    yields: options.yields,
    addressOf: (place, leads) => kiosk.addressOf(place, leads),
    leaving: () => leaving,
    log,
    complain,
  });
  const kiosk = createKiosk({
    options,
    givenToken,
    app,
    screen,
    secrets: safeStorage,
    windows: () => windows,
    leave,
  });
  log(`showing ${kiosk.trust().serverUrl}, Electron ${process.versions.electron}, data in ${app.getPath('userData')}`);
  const refused = (what: string) => complain(`refused: ${what}`);
  confineSession(session.defaultSession, kiosk.trust, refused);
  protocol.handle(
    WALL_SCHEME,
    createPageHandler(pagesFolder, () => kiosk.trust().serverUrl),
  );
  closers.push(answerKioskCalls(ipcMain, kiosk.answers, refused));
  kiosk.hang();
  closers.push(windows.close);
  followDisplays(() => kiosk.hang());
  followSleep(() => {
    kiosk.hang();
    windows.wake();
  });
  app.on('second-instance', () => windows.focus());
  closers.push(keepAwake(powerSaveBlocker));
  closers.push(giveLifeSigns(process.env, () => isHopeful(windows), complain));
}

function followDisplays(hangAgain: () => void): void {
  const changed = () => {
    if (!leaving) hangAgain();
  };
  screen.on('display-added', changed);
  screen.on('display-removed', changed);
  screen.on('display-metrics-changed', changed);
}

function followSleep(wakeUp: () => void): void {
  powerMonitor.on('suspend', () => log('the machine goes to sleep'));
  powerMonitor.on('resume', () => {
    log('the machine has woken up');
    if (!leaving) wakeUp();
  });
}

/** Whether there was a picture not too long ago. */
function isHopeful(windows: WallWindows): boolean {
  const now = performance.now();
  if (windows.healthySinceMs() !== null) lastPictureMs = now;
  return now - lastPictureMs < HOPELESS_AFTER_MS;
}
