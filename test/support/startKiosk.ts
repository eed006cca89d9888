import { type ChildProcess, spawn } from 'node:child_process';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { findElectron, projectRoot } from '../../tools/electron.mjs';

export interface KioskOptions {
  /** Left out: what its configuration says. */
  readonly serverUrl?: string;
  /** Handed over as `npm start` does; without it the kiosk uses what it saved, else it shows a pairing code. */
  readonly token?: string;
  /** What it keeps over restarts; one kiosk at a time. */
  readonly userDataFolder: string;
  /** The X display; left out: that of the test. */
  readonly display?: string;
  /** Further switches, of the kiosk or of Chromium. */
  readonly switches?: readonly string[];
}

/** The built kiosk in a real Electron with the test attached to it. */
export interface Kiosk {
  readonly app: ElectronApplication;
  /** The page as it was at the start; dead for good once its renderer was ended: ask by `inPage` then. */
  readonly page: Page;
  /** What the kiosk has logged so far. */
  log(): string;
  /** An expression's value in whatever page the window shows now; null while none answers. */
  inPage(expression: string): Promise<unknown>;
  rendererProcessId(): Promise<number>;
  /** How many of the window's picture elements, of a copy 192 wide, are of another colour than the commonest. */
  pictureElements(): Promise<number>;
  close(): Promise<void>;
}

export async function startKiosk(options: KioskOptions): Promise<Kiosk> {
  const { serverUrl, token, userDataFolder, display, switches = [] } = options;
  // Without executablePath Playwright starts Electron through its own loader, and looks here for it.
  process.env.ELECTRON_OVERRIDE_DIST_PATH = electron().folder;
  const app = await _electron.launch({
    args: [
      projectRoot,
      ...(serverUrl === undefined ? [] : [`--server=${serverUrl}`]),
      `--user-data-dir=${userDataFolder}`,
      ...switches,
    ],
    env: { ...kioskEnvironment(token), ...(display === undefined ? {} : { DISPLAY: display }) },
  });
  let logged = '';
  for (const stream of [app.process().stdout, app.process().stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      logged += text;
    });
  }
  const page = await app.firstWindow({ timeout: 15_000 });
  return {
    app,
    page,
    log: () => logged,
    inPage: (expression) =>
      app.evaluate(async ({ BrowserWindow }, asked) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents;
        // A page that is gone never answers.
        const limit = new Promise<null>((resolve) => setTimeout(resolve, 1_000, null));
        return contents === undefined
          ? null
          : Promise.race([contents.executeJavaScript(asked).catch(() => null), limit]);
      }, expression),
    rendererProcessId: () =>
      app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId() ?? 0),
    pictureElements: () =>
      app.evaluate(async ({ BrowserWindow }) => {
        const image = await BrowserWindow.getAllWindows()[0]?.webContents.capturePage();
        if (image === undefined || image.isEmpty()) return 0;
        const counts = new Map<number, number>();
        const bitmap = image.resize({ width: 192 }).toBitmap();
        for (let offset = 0; offset < bitmap.length; offset += 4) {
          const colour = bitmap.readUInt32LE(offset);
          counts.set(colour, (counts.get(colour) ?? 0) + 1);
        }
        return bitmap.length / 4 - Math.max(...counts.values());
      }),
    close: () => app.close(),
  };
}

/** The built kiosk as anybody starts it, nobody attached. */
export interface PlainKiosk {
  readonly child: ChildProcess;
  /** Its lines so far, out and error. */
  lines(): readonly string[];
  /** Settles with the first line that holds `text`; fails if it ends without one. */
  line(text: string): Promise<string>;
  /** Settles with code and signal once it has ended. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Ends it, whatever it does. */
  close(): Promise<void>;
}

export function spawnKiosk(
  kioskArguments: readonly string[],
  {
    userDataFolder,
    env = {},
    asUser,
  }: {
    readonly userDataFolder: string;
    readonly env?: NodeJS.ProcessEnv;
    /** The id of another user to run as; only root can. */
    readonly asUser?: number;
  },
): PlainKiosk {
  const { path } = electron();
  const asRoot = asUser === undefined && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const own = [...asRoot, projectRoot, `--user-data-dir=${userDataFolder}`, ...kioskArguments];
  const user = ['--reuid', String(asUser), '--regid', String(asUser), '--clear-groups'];
  const [command, given] = asUser === undefined ? [path, own] : ['setpriv', [...user, path, ...own]];
  const child = spawn(command, given, {
    env: { ...kioskEnvironment(undefined), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const waiting = new Set<() => void>();
  let text = '';
  const lines = () => text.split('\n').slice(0, -1);
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      for (const look of waiting) look();
    });
  }
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  return {
    child,
    lines,
    line: (wanted) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = lines().find((line) => line.includes(wanted));
          if (found !== undefined) resolve(found);
          return found !== undefined;
        };
        if (look()) return;
        waiting.add(look);
        ended.then(() => reject(new Error(`the kiosk ended without ${JSON.stringify(wanted)}:\n${text}`)));
      }),
    ended,
    async close() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function electron() {
  const found = findElectron();
  if (found === null) throw new Error('there is no Electron: run npm start or npm test once');
  return found;
}

function kioskEnvironment(token: string | undefined): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) env[name] = value;
  delete env.WALL_TOKEN;
  delete env.WALL_SERVER;
  delete env.WALL_CONFIG;
  delete env.WALL_QUIT_WITH_STDIN;
  if (token !== undefined) env.WALL_TOKEN = token;
  return env;
}
