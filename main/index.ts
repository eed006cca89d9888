import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  app,
  type BrowserWindow,
  ipcMain,
  Menu,
  powerSaveBlocker,
  protocol,
  safeStorage,
  screen,
  session,
} from 'electron';
import { boundsForWall } from './displays.ts';
import { answerKioskCalls } from './ipc.ts';
import { keepAwake } from './keepAwake.ts';
import { keepPicture } from './keepPicture.ts';
import { readLaunchOptions } from './launchOptions.ts';
import { complain, log } from './log.ts';
import { homeAddress, WALL_SCHEME } from './navigation.ts';
import { createTokenStore, type TokenStore } from './tokenStore.ts';
import { createPageHandler, wallScheme } from './wallProtocol.ts';
import { confinePage, confineSession, coverDisplay, openWallWindow } from './window.ts';

const pagesFolder = join(import.meta.dirname, '../renderer');
const preloadPath = join(import.meta.dirname, 'preload.cjs');

const KEPT_IN_FILE = 'there is no secret store here, so the token is kept in a file that only its owner can read';

/** Exit codes: 0 asked to leave, 1 a fault (the supervisor starts it again), 2 cannot run like this. */
const FAULT = 1;
const UNUSABLE = 2;

/** Quitting asks the page first; a page that hangs must not hold it up. */
const QUIT_WITHIN_MS = 2_000;

/** What is closed in reverse when the kiosk leaves. */
const closers: (() => void)[] = [];
let leaving = false;

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
  readonly serverUrl: string;
  readonly sound: boolean;
  readonly motion: boolean;
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
  // Two on one user data folder would write the same token file and cover each other.
  if (!app.requestSingleInstanceLock()) {
    return { ok: false, message: `another one already runs with ${app.getPath('userData')}` };
  }
  const givenToken = process.env.WALL_TOKEN || null;
  delete process.env.WALL_TOKEN; // not for our child processes
  const { serverUrl, sound, motion } = options;
  return { ok: true, serverUrl, sound, motion, givenToken };
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

function openWall({ serverUrl, sound, motion, givenToken }: Start): void {
  log(`showing ${serverUrl}, Electron ${process.versions.electron}, user data in ${app.getPath('userData')}`);
  confineSession(session.defaultSession);
  protocol.handle(WALL_SCHEME, createPageHandler(pagesFolder, serverUrl));
  const tokens = createTokenStore(join(app.getPath('userData'), 'token.json'), serverUrl, safeStorage);
  answerPage(serverUrl, givenToken ?? savedToken(tokens), tokens);
  const window = hangWindow();
  closers.push(keepPicture(window.webContents, homeAddress({ sound, motion }), { log, complain }));
  closers.push(keepAwake(powerSaveBlocker));
}

function answerPage(serverUrl: string, firstToken: string | null, tokens: TokenStore): void {
  let token = firstToken;
  closers.push(
    answerKioskCalls(
      ipcMain,
      {
        'settings:read': () => ({ serverUrl, token }),
        'token:save': (paired) => {
          token = paired;
          const protection = tokens.save(paired);
          log(protection === 'keyring' ? 'paired; token kept in the secret store' : `paired; ${KEPT_IN_FILE}`);
        },
      },
      (refused) => complain(`refused: ${refused}`),
    ),
  );
}

function savedToken(tokens: TokenStore): string | null {
  const saved = tokens.read();
  switch (saved.kind) {
    case 'saved':
      if (saved.protection === 'file') log(KEPT_IN_FILE);
      return saved.token;
    case 'none':
      return null;
    case 'otherServer':
      log(`the saved token is for ${saved.serverUrl}; this server has to be paired`);
      return null;
    case 'unreadable':
      complain(`the saved token cannot be read, the wall has to be paired again: ${saved.detail}`);
      return null;
    default:
      return saved satisfies never;
  }
}

function hangWindow(): BrowserWindow {
  const wanted = () => boundsForWall(screen.getAllDisplays(), screen.getPrimaryDisplay().id);
  const window = openWallWindow(wanted() ?? screen.getPrimaryDisplay().bounds, preloadPath);
  window.on('close', (event) => {
    if (!leaving) event.preventDefault(); // the window manager's Alt+F4 comes this way
  });
  const hangAgain = () => {
    const bounds = wanted();
    if (bounds !== null && !leaving) coverDisplay(window, bounds);
  };
  screen.on('display-added', hangAgain);
  screen.on('display-removed', hangAgain);
  screen.on('display-metrics-changed', hangAgain);
  app.on('second-instance', () => window.focus());
  return window;
}
