/** Where the kiosk looks for its server when nobody says: what `npm run serve` listens on. */
export const DEFAULT_SERVER_URL = 'http://127.0.0.1:8311';

/** A bad option, or an option without its value. */
export type LaunchProblem =
  | 'serverMissing'
  | 'serverInvalid'
  | 'configMissing'
  | 'soundInvalid'
  | 'motionInvalid'
  | 'argumentUnexpected';

export type LaunchOptions =
  | {
      readonly ok: true;
      /** Null: nobody said one; the configuration does, or the set-up asks. */
      readonly serverUrl: string | null;
      /** Null: `kiosk.json` with the kiosk's other data. */
      readonly configPath: string | null;
      readonly sound: boolean;
      readonly motion: boolean;
      /** Opens the set-up, whatever the configuration says. */
      readonly setup: boolean;
      /** Lets other windows come over the wall: for `npm start` at somebody's desk. */
      readonly yields: boolean;
    }
  | { readonly ok: false; readonly reason: LaunchProblem; readonly message: string };

/**
 * Reads what the kiosk was started with. Switches other than ours belong to Chromium and are passed over.
 * @param processArguments `process.argv`, not `app.commandLine`, which lowercases values from Electron 36 on
 * @param appFolderGiven whether the arguments name the app's folder first, as in `electron [switches] FOLDER …`
 * @returns the server as an origin and what else was asked for, or what is wrong in one line
 */
export function readLaunchOptions(
  processArguments: readonly string[],
  environment: {
    readonly WALL_SERVER?: string | undefined;
    readonly WALL_CONFIG?: string | undefined;
    readonly WALL_SOUND?: string | undefined;
    readonly WALL_MOTION?: string | undefined;
  },
  appFolderGiven: boolean,
): LaunchOptions {
  const values: Record<(typeof VALUED)[number], string | undefined> = {
    '--server': environment.WALL_SERVER || undefined,
    '--config': environment.WALL_CONFIG || undefined,
    '--sound': environment.WALL_SOUND || 'on',
    '--motion': environment.WALL_MOTION || 'full',
  };
  const asked = new Set<string>();
  let folderExpected = appFolderGiven;
  const left = processArguments.slice(1);
  for (let argument = left.shift(); argument !== undefined; argument = left.shift()) {
    if (folderExpected) {
      if (argument === '-r' || argument === '--require') left.shift();
      else if (!argument.startsWith('-')) folderExpected = false;
      continue;
    }
    const name = VALUED.find((known) => argument === known || argument?.startsWith(`${known}=`));
    if (name !== undefined) values[name] = argument === name ? (left.shift() ?? '') : argument.slice(name.length + 1);
    else if (argument.startsWith('-')) asked.add(argument);
    else return { ok: false, reason: 'argumentUnexpected', message: `unexpected argument ${JSON.stringify(argument)}` };
  }
  const { '--server': server, '--config': configPath, '--sound': sound, '--motion': motion } = values;
  if (server === '') return { ok: false, reason: 'serverMissing', message: '--server needs an address' };
  if (configPath === '') return { ok: false, reason: 'configMissing', message: '--config needs a file' };
  const serverUrl = server === undefined ? null : originOf(server);
  if (server !== undefined && serverUrl === null) {
    return {
      ok: false,
      reason: 'serverInvalid',
      message: `${JSON.stringify(server)} is not a server address: give scheme, host and port, like ${DEFAULT_SERVER_URL}`,
    };
  }
  if (sound !== 'on' && sound !== 'off') {
    return {
      ok: false,
      reason: 'soundInvalid',
      message: `${JSON.stringify(sound)} is not on or off: whether to sound`,
    };
  }
  if (motion !== 'full' && motion !== 'reduce') {
    return {
      ok: false,
      reason: 'motionInvalid',
      message: `${JSON.stringify(motion)} is not full or reduce: whether to move`,
    };
  }
  return {
    ok: true,
    serverUrl,
    configPath: configPath ?? null,
    sound: sound === 'on',
    motion: motion === 'full',
    setup: asked.has('--setup'),
    yields: asked.has('--yield'),
  };
}

/** Our switches that take a value, as `--name value` or `--name=value`. */
const VALUED = ['--server', '--config', '--sound', '--motion'] as const;

/** The origin of an http or https address that says nothing but scheme, host and port; null for any other. */
export function originOf(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  const bare =
    url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && url.password === '';
  return bare && (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname !== '' ? url.origin : null;
}
