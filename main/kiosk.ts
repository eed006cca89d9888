import { join } from 'node:path';
import type { App, Display, SafeStorage } from 'electron';
import type { KioskChoice, KioskSettings, PresentDisplay, SaveAnswer } from '../protocol/ipc.ts';
import {
  DEFAULT_CONFIG,
  decodeKioskConfig,
  decodePushedConfig,
  describeFaults,
  type KioskConfig,
} from '../protocol/kioskConfig.ts';
import { type BoardFile, createBoardFile } from './boardFile.ts';
import { readConfigFile, writeConfigFile } from './configFile.ts';
import type { Trust } from './confine.ts';
import { bindingOf, columnsIn, type Place, placesForWall, type Screen } from './displays.ts';
import { hashPin, initialTries, tryPin } from './exitPin.ts';
import type { KioskAnswers } from './ipc.ts';
import { DEFAULT_SERVER_URL, type LaunchOptions, originOf } from './launchOptions.ts';
import { complain, log } from './log.ts';
import { homeAddress } from './navigation.ts';
import { createTokenStore, type TokenStore } from './tokenStore.ts';
import { vitalsOf } from './vitals.ts';
import type { WallWindows } from './wallWindows.ts';

const KEPT_IN_FILE = 'there is no secret store here, so the token is kept in a file that only its owner can read';

/** The kiosk's own state: its configuration, its token, and what follows from them. */
export interface Kiosk {
  trust(): Trust;
  /** Which page a place shows. */
  addressOf(place: Place, leads: boolean): string;
  /** Puts the windows where configuration and displays want them. */
  hang(again?: 'again'): void;
  readonly answers: KioskAnswers;
}

/**
 * @param windows given once they exist; they ask for their addresses here
 * @param leave ends the kiosk in order
 */
export function createKiosk(parts: {
  readonly options: Extract<LaunchOptions, { readonly ok: true }>;
  /** A token for this run only, handed over by whoever started the kiosk; null without one. */
  readonly givenToken: string | null;
  readonly app: Pick<App, 'getPath' | 'getVersion' | 'getAppMetrics'>;
  readonly screen: { getAllDisplays(): Display[]; getPrimaryDisplay(): Display };
  readonly secrets: Pick<SafeStorage, 'isEncryptionAvailable' | 'encryptString' | 'decryptString'>;
  readonly windows: () => WallWindows;
  readonly leave: (why: string) => void;
}): Kiosk {
  const { options, app, screen, secrets, windows, leave } = parts;
  const dataFolder = app.getPath('userData');
  const configPath = options.configPath ?? join(dataFolder, 'kiosk.json');
  const tokensOf = (serverUrl: string) => createTokenStore(join(dataFolder, 'token.json'), serverUrl, secrets);
  const boardOf = (serverUrl: string) =>
    createBoardFile(join(dataFolder, 'board.json'), serverUrl, { now: Date.now, complain });

  const read = readConfigFile(configPath);
  const configFault: KioskSettings['configFault'] =
    read.kind === 'damaged' ? { keptAs: read.keptAs, what: read.what } : null;
  if (configFault !== null) {
    complain(`${configPath} cannot be used and was put aside as ${configFault.keptAs}: ${configFault.what}`);
  }
  // Without a configuration it is the server that the wall is paired with, if there is one
  const pairedServer = pairedServerUrl(tokensOf(''));
  const toldServer = options.serverUrl ?? (read.kind === 'read' ? originOf(read.config.serverUrl) : pairedServer);
  let config: KioskConfig = {
    ...(read.kind === 'read' ? read.config : DEFAULT_CONFIG),
    serverUrl: toldServer ?? DEFAULT_SERVER_URL,
  };
  let setupOpen = options.setup || toldServer === null;
  let tokens = tokensOf(config.serverUrl);
  let token = parts.givenToken ?? savedToken(tokens);
  let board: BoardFile = boardOf(config.serverUrl);
  let tries = initialTries;
  let keepFailed = false;

  const screens = () => screen.getAllDisplays().map(screenOf);
  const hang = (again?: 'again') => {
    windows().hang(placesForWall(config, screens(), screen.getPrimaryDisplay().id), again);
  };
  const save = (next: KioskConfig): boolean => {
    try {
      writeConfigFile(configPath, next);
      return true;
    } catch (error) {
      complain(`${configPath} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
  };
  const setServer = (serverUrl: string) => {
    tokens = tokensOf(serverUrl);
    token = savedToken(tokens);
    board = boardOf(serverUrl);
  };

  const saveSettings = (choice: KioskChoice, pin: string | null | undefined): SaveAnswer => {
    if (!setupOpen) return { ok: false, reason: 'closed' };
    const serverUrl = typeof choice.serverUrl === 'string' ? (originOf(choice.serverUrl) ?? choice.serverUrl) : '';
    const exitPin = pin === undefined ? config.exitPin : pin === null ? null : hashPin(pin);
    const decoded = decodeKioskConfig({ ...choice, version: 1, serverUrl, exitPin });
    if (!decoded.ok) return { ok: false, reason: 'faulty', faults: decoded.faults };
    if (!save(decoded.value)) return { ok: false, reason: 'unwritable' };
    const otherServer = decoded.value.serverUrl !== config.serverUrl;
    config = decoded.value;
    setupOpen = false;
    if (otherServer) setServer(config.serverUrl);
    log(`set up: ${config.serverUrl}, ${config.mode}, ${config.displays.length} displays bound`);
    setImmediate(hang, 'again'); // once the page has its answer
    return { ok: true };
  };

  return {
    trust: () => ({ serverUrl: config.serverUrl, certificatePin: config.certificatePin }),
    addressOf: ({ scene, bounds }, leads) => {
      const { pitchMm, farthestSeatM, volume, night } = config;
      const { motion } = options;
      const sound = options.sound && leads && volume > 0;
      const setup = setupOpen && leads;
      const columns = columnsIn(bounds, screens());
      return homeAddress({ sound, motion, volume, scene, pitchMm, farthestSeatM, night, screens: columns, setup });
    },
    hang,
    answers: {
      'settings:read': (caller) => ({
        serverUrl: config.serverUrl,
        token,
        version: app.getVersion(),
        leads: windows().leads(caller),
        configFault,
      }),
      'token:save': (caller, paired) => {
        token = paired;
        windows().tellOthers(caller); // each display showed a code of its own
        const protection = tokens.save(paired);
        log(protection === 'keyring' ? 'paired; token kept in the secret store' : `paired; ${KEPT_IN_FILE}`);
      },
      'kiosk:readSettings': () => {
        const { version: _version, exitPin, ...choice } = config;
        const primaryId = screen.getPrimaryDisplay().id;
        const displays = screens().map(
          (present): PresentDisplay => ({
            ...bindingOf(present),
            scaleFactor: present.scaleFactor,
            isPrimary: present.id === primaryId,
          }),
        );
        return { choice, hasPin: exitPin !== null, displays };
      },
      'kiosk:saveSettings': (_caller, choice, pin) => saveSettings(choice, pin),
      'kiosk:takePushed': (_caller, pushed) => {
        const decoded = decodePushedConfig(pushed);
        if (!decoded.ok) {
          complain(`refused: a configuration from the server: ${describeFaults(decoded.faults)}`);
          return false;
        }
        const next: KioskConfig = { ...config, ...decoded.value };
        if (JSON.stringify(next) === JSON.stringify(config)) return true;
        log(`the server configures: ${Object.keys(decoded.value).join(', ')}`);
        config = next;
        save(next); // a full disk is told; what was pushed holds for this run all the same
        setImmediate(hang);
        return true;
      },
      'kiosk:enterPin': (_caller, pin, purpose) => {
        const tried = tryPin(tries, config.exitPin, pin, performance.now());
        tries = tried.tries;
        if (!tried.answer.ok) {
          complain(`a PIN to ${purpose} was refused: ${tried.answer.reason}`);
        } else if (purpose === 'leave') {
          setImmediate(leave, 'by its PIN');
        } else {
          setupOpen = true;
          setImmediate(hang);
        }
        return tried.answer;
      },
      'kiosk:vitals': () => vitalsOf(app.getAppMetrics()),
      'board:keep': async (caller, text) => {
        if (!windows().leads(caller)) return;
        try {
          await board.keep(text);
          keepFailed = false;
        } catch (error) {
          if (!keepFailed) complain(`the board is not kept: ${error instanceof Error ? error.message : String(error)}`);
          keepFailed = true;
        }
      },
      'board:kept': () => board.read(),
    },
  };
}

function screenOf({ id, label, bounds, scaleFactor }: Display): Screen {
  return { id, label, bounds, scaleFactor };
}

/** Which server the saved token is for, if there is one: asked with an address that no server has. */
function pairedServerUrl(tokens: TokenStore): string | null {
  const saved = tokens.read();
  return saved.kind === 'otherServer' ? saved.serverUrl : null;
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
