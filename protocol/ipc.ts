import type { ConfigFault, DisplayBinding, KioskConfig, PushedConfig } from './kioskConfig.ts';

/** What the wall needs of the machine it hangs on before it can ask the server for anything. */
export interface KioskSettings {
  /** The server's address: an http or https origin without a path, e.g. `http://127.0.0.1:8311`. */
  readonly serverUrl: string;
  /** The wall's token for that server; null while it is not paired with it. */
  readonly token: string | null;
  /** The kiosk program's version. */
  readonly version: string;
  /** Whether this window keeps the board on disk and reports on the machine; one window of a kiosk does. */
  readonly leads: boolean;
  /** The configuration could not be used: what was wrong, and under which name the file was kept. Null: all is well. */
  readonly configFault: { readonly keptAs: string; readonly what: string } | null;
}

/** A display that is there now. `id`, `width`, `height`, `x`, `y` as in a binding. */
export interface PresentDisplay extends Omit<DisplayBinding, 'scene'> {
  readonly scaleFactor: number;
  readonly isPrimary: boolean;
}

/** What the set-up page shows and gives back; a PIN goes in, never out. */
export type KioskChoice = Omit<KioskConfig, 'version' | 'exitPin'>;
export interface KioskSetup {
  readonly choice: KioskChoice;
  readonly hasPin: boolean;
  readonly displays: readonly PresentDisplay[];
}

/** Saved: the kiosk hangs its windows anew and leaves the set-up. */
export type SaveAnswer =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: 'faulty'; readonly faults: readonly ConfigFault[] }
  /** The set-up is not open, or the disk refuses (`unwritable`). */
  | { readonly ok: false; readonly reason: 'closed' | 'unwritable' };

/** What a PIN is entered for: to end the kiosk, or to open its set-up. */
export type PinPurpose = 'leave' | 'setup';
export type PinAnswer =
  | { readonly ok: true }
  /** `none`: no PIN was ever set. `locked`: too many wrong ones. `waitMs`: until the next try counts. */
  | { readonly ok: false; readonly reason: 'wrong' | 'locked' | 'none'; readonly waitMs: number };

/** How the kiosk's processes together fare. */
export interface Vitals {
  /** Of one core, since the last question. */
  readonly cpuPercent: number;
  readonly memoryMb: number;
}

/** The board as the wall knew it last. */
export interface KeptBoard {
  readonly text: string;
  /** How long ago it was kept, by the machine's clock. */
  readonly ageMs: number;
}

/**
 * What the wall may ask of the Electron main process; in the kiosk it is `window.kiosk`, in a browser it is absent.
 * A call rejects only on a bug or, for `saveToken`, when the disk refuses; the token then serves until the next start.
 */
export interface KioskBridge {
  settings(): Promise<KioskSettings>;
  /** Keeps the token for this server over restarts: 1 to 4,096 printable ASCII characters. */
  saveToken(token: string): Promise<void>;
  /** What is set now, and what could be chosen. */
  readSettings(): Promise<KioskSetup>;
  /** `pin`: 4 to 12 digits; null takes it away; undefined leaves it. Only while the set-up is open. */
  saveSettings(choice: KioskChoice, pin?: string | null): Promise<SaveAnswer>;
  /** Takes over what the server pushed; windows that it changes load anew. False: it was refused, and logged. */
  takePushed(pushed: PushedConfig): Promise<boolean>;
  enterPin(pin: string, purpose: PinPurpose): Promise<PinAnswer>;
  vitals(): Promise<Vitals>;
  /** Keeps a text for the next cold start; one too long, or a disk that is full, is told in the log alone. */
  keepBoard(text: string): Promise<void>;
  keptBoard(): Promise<KeptBoard | null>;
}

/** The bridge's name on the page's `window`. */
export const KIOSK_BRIDGE = 'kiosk';

/** Every channel between page and main process, each with what it takes and gives. */
export interface KioskCalls {
  'settings:read': () => KioskSettings;
  'token:save': (token: string) => void;
  'kiosk:readSettings': () => KioskSetup;
  'kiosk:saveSettings': (choice: KioskChoice, pin?: string | null) => SaveAnswer | Promise<SaveAnswer>;
  'kiosk:takePushed': (pushed: PushedConfig) => boolean;
  'kiosk:enterPin': (pin: string, purpose: PinPurpose) => PinAnswer | Promise<PinAnswer>;
  'kiosk:vitals': () => Vitals;
  'board:keep': (text: string) => void | Promise<void>;
  'board:kept': () => KeptBoard | null | Promise<KeptBoard | null>;
}
export type KioskChannel = keyof KioskCalls;

declare global {
  interface Window {
    readonly kiosk?: KioskBridge;
  }
}
