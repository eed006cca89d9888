/** Where the kiosk looks for its server when nobody says: what `npm run serve` listens on. */
export const DEFAULT_SERVER_URL = 'http://127.0.0.1:8311';

export type LaunchProblem = 'serverMissing' | 'serverInvalid' | 'soundInvalid' | 'motionInvalid' | 'argumentUnexpected';

export type LaunchOptions =
  | { readonly ok: true; readonly serverUrl: string; readonly sound: boolean; readonly motion: boolean }
  | { readonly ok: false; readonly reason: LaunchProblem; readonly message: string };

/**
 * Reads what the kiosk was started with. Switches other than ours belong to Chromium and are passed over.
 * @param processArguments `process.argv`, not `app.commandLine`, which lowercases values from Electron 36 on
 * @param appFolderGiven whether the arguments name the app's folder first, as in `electron [switches] FOLDER …`
 * @returns the server as an origin and whether alarms sound and things move, or what is wrong in one line
 */
export function readLaunchOptions(
  processArguments: readonly string[],
  environment: {
    readonly WALL_SERVER?: string | undefined;
    readonly WALL_SOUND?: string | undefined;
    readonly WALL_MOTION?: string | undefined;
  },
  appFolderGiven: boolean,
): LaunchOptions {
  let server = environment.WALL_SERVER || DEFAULT_SERVER_URL;
  let sound = environment.WALL_SOUND || 'on';
  let motion = environment.WALL_MOTION || 'full';
  let folderExpected = appFolderGiven;
  const left = processArguments.slice(1);
  for (let argument = left.shift(); argument !== undefined; argument = left.shift()) {
    if (folderExpected) {
      if (argument === '-r' || argument === '--require') left.shift();
      else if (!argument.startsWith('-')) folderExpected = false;
    } else if (argument === '--server') {
      const value = left.shift();
      if (value === undefined) return { ok: false, reason: 'serverMissing', message: '--server needs an address' };
      server = value;
    } else if (argument.startsWith('--server=')) {
      server = argument.slice('--server='.length);
    } else if (argument === '--sound') {
      sound = left.shift() ?? '';
    } else if (argument.startsWith('--sound=')) {
      sound = argument.slice('--sound='.length);
    } else if (argument === '--motion') {
      motion = left.shift() ?? '';
    } else if (argument.startsWith('--motion=')) {
      motion = argument.slice('--motion='.length);
    } else if (!argument.startsWith('-')) {
      return { ok: false, reason: 'argumentUnexpected', message: `unexpected argument ${JSON.stringify(argument)}` };
    }
  }
  const serverUrl = originOf(server);
  if (serverUrl === null) {
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
  return { ok: true, serverUrl, sound: sound === 'on', motion: motion === 'full' };
}

/** The origin of an http or https address that says nothing but scheme, host and port; null for any other. */
function originOf(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  const bare =
    url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && url.password === '';
  return bare && (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname !== '' ? url.origin : null;
}
