/** What the wall needs of the machine it hangs on before it can ask the server for anything. */
export interface KioskSettings {
  /** The server's address: an http or https origin without a path, e.g. `http://127.0.0.1:8311`. */
  readonly serverUrl: string;
  /** The wall's token for that server; null while it is not paired with it. */
  readonly token: string | null;
}

/**
 * What the wall may ask of the Electron main process; in the kiosk it is `window.kiosk`, in a browser it is absent.
 * A call rejects only on a bug or, for `saveToken`, when the disk refuses; the token then serves until the next start.
 */
export interface KioskBridge {
  settings(): Promise<KioskSettings>;
  /** Keeps the token for this server over restarts: 1 to 4,096 printable ASCII characters. */
  saveToken(token: string): Promise<void>;
}

/** The bridge's name on the page's `window`. */
export const KIOSK_BRIDGE = 'kiosk';

/** Every channel between page and main process, each with what it takes and gives. */
export interface KioskCalls {
  'settings:read': () => KioskSettings;
  'token:save': (token: string) => void;
}
export type KioskChannel = keyof KioskCalls;

declare global {
  interface Window {
    readonly kiosk?: KioskBridge;
  }
}
