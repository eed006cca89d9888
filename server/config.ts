import { isIP } from 'node:net';
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
  /** Our own certificate (with its chain) and key, PEM files. */
  readonly tls?: { readonly certificateFile: string; readonly keyFile: string };
  /** Proxies whose word on address and encryption counts, as Express takes them. */
  readonly trustedProxies?: string;
  /** Passwords are taken over plain HTTP from other machines too. */
  readonly plainPasswords: boolean;
  /** Where staff reach this server. */
  readonly publicUrl?: URL;
  /** The file that says how to sign in through an identity provider. */
  readonly oidcFile?: string;
  /** Goes before the one in the file. */
  readonly oidcClientSecret?: string;
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
  --tls-certificate FILE  WALL_TLS_CERTIFICATE  serve https with this certificate (PEM, with its chain) and
  --tls-key FILE     WALL_TLS_KEY     this key
  --proxy ADDRESSES  WALL_PROXY       believe these proxies on who calls and how: loopback, 10.0.0.0/8, 10.1.2.3,…
  --url URL          WALL_URL         where staff reach this server, behind a proxy or with --oidc
  --plain-passwords  WALL_PLAIN_PASSWORDS  take passwords over plain http from other machines, which is refused otherwise
  --oidc FILE        WALL_OIDC        sign-in through an identity provider (docs/operations.md)
  --no-window        WALL_NO_WINDOW   for npm start: no kiosk window
  --help
WALL_ADMIN_PASSWORD sets the password of the user admin at the first start. WALL_OIDC_CLIENT_SECRET is the secret of --oidc.`;

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

/** Express's words for the loopback, link-local and private addresses. */
const NAMED_PROXIES = ['loopback', 'linklocal', 'uniquelocal'];

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
        'tls-certificate': { type: 'string' },
        'tls-key': { type: 'string' },
        proxy: { type: 'string' },
        url: { type: 'string' },
        'plain-passwords': { type: 'boolean' },
        oidc: { type: 'string' },
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
  const tls = tlsOf(
    given(options['tls-certificate'], 'WALL_TLS_CERTIFICATE'),
    given(options['tls-key'], 'WALL_TLS_KEY'),
  );
  const trustedProxies = proxiesOf(given(options.proxy, 'WALL_PROXY'));
  const publicUrl = publicUrlOf(given(options.url, 'WALL_URL'));
  const oidcFile = given(options.oidc, 'WALL_OIDC');
  if (oidcFile?.trim() === '') throw new WrongOption('--oidc must name a file');
  const oidcClientSecret = environment.WALL_OIDC_CLIENT_SECRET || undefined;

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
    ...(tls === undefined ? {} : { tls }),
    ...(trustedProxies === undefined ? {} : { trustedProxies }),
    plainPasswords: options['plain-passwords'] === true || Boolean(environment.WALL_PLAIN_PASSWORDS),
    ...(publicUrl === undefined ? {} : { publicUrl }),
    ...(oidcFile === undefined ? {} : { oidcFile: resolve(oidcFile) }),
    ...(oidcClientSecret === undefined ? {} : { oidcClientSecret }),
  };
}

function tlsOf(certificateFile: string | undefined, keyFile: string | undefined): Config['tls'] {
  if (certificateFile === undefined && keyFile === undefined) return undefined;
  if (!certificateFile?.trim()) throw new WrongOption('--tls-key needs --tls-certificate beside it');
  if (!keyFile?.trim()) throw new WrongOption('--tls-certificate needs --tls-key beside it');
  return { certificateFile: resolve(certificateFile), keyFile: resolve(keyFile) };
}

/** Express would throw at one that it does not understand. */
function proxiesOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const proxies = text.split(',').map((proxy) => proxy.trim());
  for (const proxy of proxies) {
    const [address = '', bits, ...rest] = proxy.split('/');
    const family = isIP(address);
    const isRange = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
    if (NAMED_PROXIES.includes(proxy) || (family !== 0 && isRange && rest.length === 0)) continue;
    throw new WrongOption(
      `--proxy takes addresses, ranges such as 10.0.0.0/8 and ${NAMED_PROXIES.join(', ')}, not ${text}`,
    );
  }
  return proxies.join(', ');
}

function publicUrlOf(text: string | undefined): URL | undefined {
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (
    url === undefined ||
    !/^https?:$/.test(url.protocol) ||
    url.pathname !== '/' ||
    url.search !== '' ||
    url.hash !== ''
  ) {
    throw new WrongOption(`--url must be an address such as https://wall.example, without a path, not ${text}`);
  }
  return url;
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
