import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { LOG_LEVELS, type LogLevel } from './log.ts';

/** What the operator asked for, checked for form; whether files and ports are there is seen later. */
export interface Config {
  /** 0: any free one. */
  readonly port: number;
  readonly host: string;
  readonly dataDirectory: string;
  /** Absent: the bundled district. */
  readonly deploymentFile?: string;
  /** Absent: as at the last start, else `demo` on an empty data folder. */
  readonly sources?: readonly string[];
  readonly speed?: number | 'max';
  readonly logLevel: LogLevel;
  /** Tickets and steps that one client may send in a second, in the long run. */
  readonly rateLimit: number;
  /** For the first start only. */
  readonly adminPassword?: string;
}

/** More than this server takes down one by one on a small machine, so that it stops nobody who means well. */
export const DEFAULT_RATE_LIMIT = 5000;

export const USAGE = `Options, each with its environment twin:
  --port NUMBER      WALL_PORT        8311; 0 takes any free port
  --host ADDRESS     WALL_HOST        127.0.0.1
  --data FOLDER      WALL_DATA        ./data
  --deployment FILE  WALL_DEPLOYMENT  the bundled district
  --source SOURCE    WALL_SOURCE      demo, none or replay:FILE[,mapping=FILE][,until=TIME]; may be given
                                      several times, in the environment parted by line ends
  --speed FACTOR     WALL_SPEED       time compression of demo and replay, or max
  --log-level LEVEL  WALL_LOG_LEVEL   warn; ${LOG_LEVELS.join(', ')}
  --rate-limit N     WALL_RATE_LIMIT  ${DEFAULT_RATE_LIMIT}; tickets and steps a second from one client, ten times as many at once
  --no-window        WALL_NO_WINDOW   for npm start: no kiosk window
  --help
WALL_ADMIN_PASSWORD sets the password of the user admin at the first start.`;

export type ConfigReading =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly reason: 'help' }
  /** One line that names the option. */
  | { readonly ok: false; readonly reason: 'wrong'; readonly problem: string };

export type BackupOptions =
  | { readonly ok: true; readonly from: string; readonly to: string }
  /** One line that names the option. */
  | { readonly ok: false; readonly problem: string };

/** `--data FOLDER --to FOLDER`, as `npm run backup` takes them; the data folder's twin is the server's. */
export function readBackupOptions(args: readonly string[], environment: Environment): BackupOptions {
  let options: { readonly data?: string | undefined; readonly to?: string | undefined };
  try {
    options = parseArgs({ args: [...args], options: { data: { type: 'string' }, to: { type: 'string' } } }).values;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code?.startsWith('ERR_PARSE_ARGS') !== true) throw error;
    return { ok: false, problem: `${message.split(/\. |\n/)[0]}; backup takes --data FOLDER and --to FOLDER` };
  }
  if (!options.to?.trim()) return { ok: false, problem: '--to must name the folder to back up to' };
  return { ok: true, from: resolve(options.data || environment.WALL_DATA || './data'), to: resolve(options.to) };
}

type Environment = Readonly<Record<string, string | undefined>>;

class WrongOption extends Error {}

/** Command line before environment; an empty variable counts as not set. */
export function readConfig(args: readonly string[], environment: Environment): ConfigReading {
  try {
    const config = configOf(args, environment);
    return config === undefined ? { ok: false, reason: 'help' } : { ok: true, config };
  } catch (error) {
    if (error instanceof WrongOption) return { ok: false, reason: 'wrong', problem: error.message };
    throw error;
  }
}

function optionsOf(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        data: { type: 'string' },
        deployment: { type: 'string' },
        source: { type: 'string', multiple: true },
        speed: { type: 'string' },
        'log-level': { type: 'string' },
        'rate-limit': { type: 'string' },
        'no-window': { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code?.startsWith('ERR_PARSE_ARGS') !== true) throw error;
    // Node's advice on positional arguments would only mislead here
    throw new WrongOption(`${message.split(/\. |\n/)[0]}; --help lists the options`);
  }
}

function configOf(args: readonly string[], environment: Environment): Config | undefined {
  const options = optionsOf(args);
  if (options.help === true) return undefined;
  const given = (option: string | undefined, twin: string): string | undefined =>
    option ?? (environment[twin] || undefined);

  const sources =
    options.source ??
    environment.WALL_SOURCE?.split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
  const host = given(options.host, 'WALL_HOST') ?? '127.0.0.1';
  if (host.trim() === '') throw new WrongOption('--host must name an address');
  const directory = given(options.data, 'WALL_DATA') ?? './data';
  if (directory.trim() === '') throw new WrongOption('--data must name a folder');
  const deploymentFile = given(options.deployment, 'WALL_DEPLOYMENT');
  if (deploymentFile?.trim() === '') throw new WrongOption('--deployment must name a file');
  const speed = speedOf(given(options.speed, 'WALL_SPEED'));
  const adminPassword = environment.WALL_ADMIN_PASSWORD || undefined;

  return {
    port: portOf(given(options.port, 'WALL_PORT') ?? '8311'),
    host,
    dataDirectory: resolve(directory),
    ...(deploymentFile === undefined ? {} : { deploymentFile: resolve(deploymentFile) }),
    ...(sources === undefined || sources.length === 0 ? {} : { sources }),
    ...(speed === undefined ? {} : { speed }),
    logLevel: logLevelOf(given(options['log-level'], 'WALL_LOG_LEVEL') ?? 'warn'),
    rateLimit: rateLimitOf(given(options['rate-limit'], 'WALL_RATE_LIMIT')),
    ...(adminPassword === undefined ? {} : { adminPassword }),
  };
}

function rateLimitOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_RATE_LIMIT;
  if (!/^\d{1,9}$/.test(text) || Number(text) === 0)
    throw new WrongOption(`--rate-limit must be a whole number above 0, not ${text}`);
  return Number(text);
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new WrongOption(`--port must be a number from 0 to 65535, not ${text}`);
  return port;
}

/** `max`, or a factor above 0 such as 60 or 0.5. */
export function speedOf(text: string | undefined): number | 'max' | undefined {
  if (text === undefined || text === 'max') return text;
  const factor = Number(text);
  if (!/^\d+(?:\.\d+)?$/.test(text) || factor <= 0) {
    throw new WrongOption(`--speed must be a factor above 0 or max, not ${text}`);
  }
  return factor;
}

function logLevelOf(text: string): LogLevel {
  const level = LOG_LEVELS.find((known) => known === text);
  if (level === undefined) throw new WrongOption(`--log-level must be one of ${LOG_LEVELS.join(', ')}, not ${text}`);
  return level;
}
