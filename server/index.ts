import { accessSync, constants, readdirSync, readFileSync, statSync } from 'node:fs';
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, dirname, join, resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import { createRules } from '../domain/decide.ts';
import type { Deployment } from '../domain/deployment.ts';
import { type App, createApp } from './app.ts';
import { buildWorkingTime } from './calendar.ts';
import type { DomainClock } from './clock.ts';
import { type Config, readBackupOptions, readConfig, speedOf, USAGE } from './config.ts';
import { DEFAULT_DEPLOYMENT, loadDeployment } from './deploymentFile.ts';
import { createHttpServer, type Tls } from './http/httpServer.ts';
import { faultOfPassword } from './identity/passwordPolicy.ts';
import { createPassword } from './identity/passwords.ts';
import { loadProviderFile, type ProviderFile } from './identity/providerFile.ts';
import { hashOfToken } from './identity/tokens.ts';
import { allowanceOf } from './ingest/allowance.ts';
import { sendCanaries } from './ingest/canary.ts';
import { planSources, type SourcePlan } from './ingest/planSources.ts';
import { parseSourceOption, type SourceOption } from './ingest/source.ts';
import { createSourceRegistry } from './ingest/sourceRegistry.ts';
import { freeBytes, watchCalendar, watchClock, watchDisk, watchSources } from './ingest/systemWatch.ts';
import { createHub } from './live/hub.ts';
import { createLog, type Log } from './log.ts';
import { openAuditLog } from './store/auditLog.ts';
import { backUpDataFolder } from './store/backup.ts';
import { lockDataFolder } from './store/dataFolderLock.ts';
import { createFindings } from './store/findings.ts';
import { openSettingsDb, type SettingsDb } from './store/settingsDb.ts';
import { openTicketStore, type TicketStore } from './store/ticketStore.ts';

/** Everything asked to stop has ended by then (contract: 5 s). */
const STOP_LIMIT_MS = 4500;
const ARCHIVE_EVERY_MS = 3600_000;
/** The wall client of the window that `npm start` opens; its token ends with that window. */
const LOCAL_WALL = 'local';
/** Set by `npm start` when it starts the server again after a crash. */
const LOCAL_TOKEN_TWIN = 'WALL_LOCAL_TOKEN';
/** A generated first password must have been replaced by then (OWASP ASVS 6.4.1); the next start makes another. */
const FIRST_PASSWORD_MS = 7 * 24 * 3600_000;

/** This file lies in `server/`, or bundled in `out/server/`. */
const here = import.meta.dirname;
const projectRoot = basename(dirname(here)) === 'out' ? dirname(dirname(here)) : dirname(here);
const builtPages = { renderer: join(projectRoot, 'out/renderer'), docs: join(projectRoot, 'out/docs') };
const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { version: string };

/** What was opened, closed in reverse order. */
const closers: (() => void | Promise<void>)[] = [];
const notReady = new Set<string>(['starting']);
let stopping = false;
/** Tells sources that are still starting. */
const told = new AbortController();

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The start is refused: one line, exit code 2. */
function refuse(problem: string): never {
  process.stderr.write(`taibai-wall: ${problem.replaceAll(/\s*\n\s*/g, ' ')}\n`);
  process.exit(2);
}

/** The server cannot carry on: exit code 1, so that whoever supervises it starts it again. */
function fail(reason: string): never {
  process.stderr.write(`taibai-wall: ${reason}\n`);
  process.exit(1);
}

async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  told.abort();
  notReady.add('stopping');
  // Whatever hangs: all that was answered is in the journal
  setTimeout(() => process.exit(0), STOP_LIMIT_MS);
  for (const close of closers.reverse()) await close();
  process.exit(0);
}

/** `empty`: nothing of ours in it, or not there yet. Only looks. */
function lookAtDataFolder(directory: string): { readonly empty: boolean } {
  try {
    if (!statSync(directory).isDirectory()) refuse(`--data ${directory} is not a folder`);
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
    return { empty: readdirSync(directory).every((name) => name === 'lock') };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') refuse(`the data folder ${directory} cannot be used: ${(error as Error).message}`);
  }
  const parent = dirname(directory);
  let above = parent;
  for (;;) {
    try {
      if (!statSync(above).isDirectory())
        refuse(`the data folder ${directory} cannot be made: ${above} is not a folder`);
      accessSync(above, constants.W_OK | constants.X_OK);
      return { empty: true };
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT' || above === dirname(above)) {
        refuse(`the data folder ${directory} cannot be made: ${message}`);
      }
      above = dirname(above);
    }
  }
}

async function openSettings(directory: string): Promise<SettingsDb> {
  const opened = await openSettingsDb(directory);
  return opened.ok ? opened.db : refuse(opened.problem);
}

/** As asked for, else as at the last start, else a demo for a folder that is still empty. */
async function planOf(
  config: Config,
): Promise<{ plan: SourcePlan; sources: readonly string[]; speed: string | undefined }> {
  const { empty } = lookAtDataFolder(config.dataDirectory);
  const last = (await openSettings(config.dataDirectory)).data.settings;
  const sources = config.sources ?? last.sources ?? [empty ? 'demo' : 'none'];
  const speed = config.speed ?? (config.sources === undefined ? speedOf(last.speed) : undefined);
  const options: SourceOption[] = [];
  for (const text of sources) {
    const parsed = parseSourceOption(text);
    if (!parsed.ok) refuse(`--source: ${parsed.problem}`);
    options.push(parsed.option);
  }
  const planned = await planSources(options, speed);
  if (!planned.ok) refuse(planned.problem);
  return {
    plan: planned.plan,
    sources: options.map(sourceText),
    speed: speed === undefined ? undefined : String(speed),
  };
}

/** As it can be read back by a start from another folder. */
function sourceText(option: SourceOption): string {
  if (option.kind !== 'replay') return option.kind;
  const { file, mapping, until } = option;
  return [
    `replay:${resolve(file)}`,
    ...(mapping === undefined ? [] : [`mapping=${resolve(mapping)}`]),
    ...(until === undefined ? [] : [`until=${until}`]),
  ].join(',');
}

/** Looked at before anything is made: a key that does not fit is found out here, not by the first browser. */
function readTls({ tls }: Config): Tls | undefined {
  if (tls === undefined) return undefined;
  const read = (option: string, path: string): Buffer => {
    try {
      return readFileSync(path);
    } catch (error) {
      return refuse(`${option}: ${path} cannot be read: ${(error as Error).message}`);
    }
  };
  const pair = {
    certificate: read('--tls-certificate', tls.certificateFile),
    key: read('--tls-key', tls.keyFile),
  };
  try {
    createSecureContext({ cert: pair.certificate, key: pair.key });
  } catch (error) {
    refuse(`--tls-certificate and --tls-key do not make a pair of PEM files: ${(error as Error).message}`);
  }
  return pair;
}

function readProvider({ oidcFile, oidcClientSecret }: Config, deployment: Deployment): ProviderFile | undefined {
  if (oidcFile === undefined) return undefined;
  const loaded = loadProviderFile(oidcFile, oidcClientSecret, deployment);
  return loaded.ok ? loaded.provider : refuse(loaded.problem);
}

function answerWhileStarting(tls: Tls | undefined): HttpServer {
  return createHttpServer({}, tls).on('request', (request, response) => {
    const alive = request.url === '/healthz';
    response.writeHead(alive ? 200 : 503, { 'Content-Type': 'application/json; charset=utf-8', 'Retry-After': '1' });
    response.end(JSON.stringify(alive ? { alive: true } : { ready: false, reasons: ['starting'] }));
  });
}

function listen(httpServer: HttpServer, { port, host }: Config): Promise<AddressInfo> {
  return new Promise((resolve) => {
    httpServer.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') refuse(`port ${port} on ${host} is taken; choose another with --port`);
      refuse(`cannot listen on ${host}:${port}: ${error.message}`);
    });
    httpServer.listen(port, host, () => {
      httpServer.removeAllListeners('error');
      resolve(httpServer.address() as AddressInfo);
    });
  });
}

/** An address that a browser on this machine can open. */
function urlOf({ address, family, port }: AddressInfo, tls: Tls | undefined): string {
  const scheme = tls === undefined ? 'http' : 'https';
  if (address === '0.0.0.0' || address === '::') return `${scheme}://127.0.0.1:${port}`;
  return `${scheme}://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

async function createFirstAdmin({ accounts }: App, config: Config): Promise<void> {
  const first = { username: 'admin', name: '管理员', role: 'admin' } as const;
  const known = accounts.list();
  if (known.length === 0 && config.adminPassword !== undefined) {
    const created = await accounts.create({ ...first, password: config.adminPassword });
    if (!created.ok) throw new Error(`the first account could not be made: ${created.reason}`);
    say('First administrator: user admin, password as in WALL_ADMIN_PASSWORD');
    if ((await faultOfPassword(config.adminPassword, first.username)) !== undefined)
      say('WALL_ADMIN_PASSWORD is short or common: anybody may guess it. Sign in and choose another.');
    return;
  }
  const now = Date.now();
  const unused = known.find(({ passwordEndsAt = Number.POSITIVE_INFINITY }) => passwordEndsAt <= now);
  if (known.length > 0 && unused === undefined) return;
  const password = createPassword();
  const secret = { password, passwordEndsAt: now + FIRST_PASSWORD_MS };
  const made =
    unused === undefined ? await accounts.create({ ...first, ...secret }) : await accounts.change(unused.id, secret);
  if (!made.ok) throw new Error(`the first account could not be made: ${made.reason}`);
  say(`First administrator: user ${made.account.username}, password ${password}  (shown this once)`);
}

/**
 * For the wall beside this server: tells the parent process where it is and how to get in. Tokens of earlier starts end
 * here, but for the one that the parent still shows its wall with (`LOCAL_TOKEN_TWIN`), so that a crash costs no new window.
 */
async function announce({ clients }: App, url: string): Promise<void> {
  const shown = process.send === undefined ? undefined : process.env[LOCAL_TOKEN_TWIN];
  const kept = shown === undefined ? undefined : clients.find(hashOfToken(shown));
  for (const { id } of clients.list().filter((client) => client.kind === 'wall' && client.name === LOCAL_WALL)) {
    if (id !== kept?.clientId) await clients.remove(id);
  }
  if (process.send === undefined) return;
  const isStillOurs = kept?.kind === 'wall' && kept.name === LOCAL_WALL;
  const token = isStillOurs ? shown : (await clients.create({ name: LOCAL_WALL, kind: 'wall' })).token;
  process.send({ type: 'ready', url, wallUrl: `${url}/wall#token=${token}` });
}

async function start(): Promise<void> {
  const read = readConfig(process.argv.slice(2), process.env);
  if (!read.ok) {
    if (read.reason === 'wrong') refuse(read.problem);
    say(USAGE);
    process.exit(0);
  }
  const { config } = read;
  const log = createLog(config.logLevel);

  // Everything that can be wrong is looked at before anything is made
  const loaded = loadDeployment(config.deploymentFile ?? DEFAULT_DEPLOYMENT);
  if (!loaded.ok) refuse(loaded.problem);
  const { deployment } = loaded;
  const { plan, sources, speed } = await planOf(config);
  const tls = readTls(config);
  const provider = readProvider(config, deployment);
  const httpServer = answerWhileStarting(tls);
  const url = urlOf(await listen(httpServer, config), tls);
  const lock = lockDataFolder(config.dataDirectory);
  if (!lock.ok) refuse(lock.problem);
  closers.push(() => lock.release());

  const { clock } = plan;
  closers.push(() => clock.close());
  const { working, complaint } = buildWorkingTime(deployment.calendar, deployment.timeZone, clock.now());
  const opened = await openTicketStore({
    directory: config.dataDirectory,
    rules: createRules(deployment, working),
    clock,
    log,
    onFatal: fail,
  });
  if (!opened.ok) {
    lock.release();
    refuse(opened.problem);
  }
  const { store } = opened;
  closers.push(() => store.close());
  const settings = await openSettings(config.dataDirectory);
  closers.push(() => settings.close());
  const openedAudit = await openAuditLog({
    directory: join(config.dataDirectory, 'audit'),
    now: () => Date.now(),
    log,
  });
  if (!openedAudit.ok) {
    lock.release();
    refuse(openedAudit.problem);
  }
  const { audit } = openedAudit;
  closers.push(() => audit.close());
  const { sources: lastSources = [], clockLeftAt } = settings.data.settings;
  const isSameReplay = clock.state().mode === 'replay' && lastSources.join('\n') === sources.join('\n');
  const leftAt = isSameReplay ? clockLeftAt : undefined;
  await settings.update((data) => {
    data.settings = {
      sources: [...sources],
      ...(speed === undefined ? {} : { speed }),
      ...(leftAt === undefined ? {} : { clockLeftAt: leftAt }),
    };
  });

  const registry = createSourceRegistry({ deployment, now: () => clock.now(), clockState: () => clock.state() });
  for (const ticket of store.board.tickets.values()) registry.heard(ticket.source, ticket.recordedAt);
  const findings = createFindings(settings);
  const hub = createHub({ store, deployment, working, clock, registry, findings, log, version });
  const app = createApp({
    httpServer,
    store,
    settings,
    deployment,
    clock,
    registry,
    hub,
    log,
    pages: builtPages,
    version,
    notReady: () => [...notReady],
    now: () => Date.now(),
    processMetrics: true,
    perSender: allowanceOf(config.rateLimit),
    audit,
    entrance: {
      plainPasswords: config.plainPasswords,
      ...(config.trustedProxies === undefined ? {} : { trustedProxies: config.trustedProxies }),
      ...(config.publicUrl === undefined ? {} : { publicUrl: config.publicUrl }),
      ...(provider === undefined ? {} : { provider, publicUrl: config.publicUrl ?? new URL(url) }),
    },
  });
  closers.push(() => app.close());
  if (stopping) return;
  closers.push(sendCanaries({ ingest: app.ingest, clock, sentBefore: store.board.canary !== undefined, log }));

  say(`Taibai Wall ${version}: ${deployment.name.zh}`);
  say(
    `Data folder ${config.dataDirectory}; sources ${sources.join(', ')}${speed === undefined ? '' : ` at speed ${speed}`}`,
  );
  if (complaint !== undefined) say(`Calendar: ${complaint}`);
  await createFirstAdmin(app, config);

  const watched = { store, deployment, clock };
  closers.push(
    watchSources({ ...watched, registry }),
    watchClock(watched),
    watchCalendar(watched),
    watchDisk({ ...watched, free: () => freeBytes(config.dataDirectory), log }),
  );
  if (stopping) return;
  // A demo tells its past first: a wall that came meanwhile would take all of it for new, and yesterday for empty
  const context = { ingest: app.ingest, registry, store, deployment, log, tell: say, stopping: told.signal };
  const stopSources = await plan.start(context, leftAt);
  if (clock.state().mode === 'replay') {
    closers.push(() =>
      settings.update(({ settings }) => {
        settings.clockLeftAt = clock.now();
      }),
    );
  }
  closers.push(stopSources);
  // A signal that came while the sources were starting found no way to stop them
  if (stopping) {
    await stopSources();
    return;
  }
  closers.push(archiveHourly(store, clock, log));
  notReady.delete('starting');
  await announce(app, url);
  say(`listening on ${url}`);
  hub.prepare().catch((error: unknown) => log.warn({ err: error }, 'the first board was not prepared'));
}

/** `backup --data FOLDER --to FOLDER`: beside a running server or without one (docs/operations.md). */
async function backUp(args: readonly string[]): Promise<void> {
  const read = readBackupOptions(args, process.env);
  if (!read.ok) refuse(read.problem);
  const made = await backUpDataFolder(read.from, read.to);
  if (!made.ok) refuse(made.problem);
  say(`Backed up ${read.from} to ${read.to}: ${made.files} files, ${made.bytes} bytes, up to event ${made.lastSeq}`);
}

/** At once, as a demo has just told its history, and then every hour of domain time. Returns its closer. */
function archiveHourly(store: TicketStore, clock: DomainClock, log: Log): () => void {
  let cancel = () => {};
  let moving = false;
  function archive(): void {
    cancel = clock.at(clock.now() + ARCHIVE_EVERY_MS, archive);
    // At full speed hours pass while one move is on its way to the disk
    if (moving) return;
    moving = true;
    store.archiveEnded().then(
      (moved) => {
        moving = false;
        if (moved > 0) log.info({ moved }, 'moved ended tickets to the archive');
      },
      (error: unknown) => fail(`the archive failed: ${String(error)}`),
    );
  }
  archive();
  return () => cancel();
}

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void stop());
if (process.send !== undefined) process.on('disconnect', () => void stop());
process.on('uncaughtException', (error) => fail(`a fault in the server: ${error.stack ?? error.message}`));
process.on('unhandledRejection', (reason) =>
  fail(`a fault in the server: ${reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)}`),
);

const [command, ...commandArgs] = process.argv.slice(2);
const started = command === 'backup' ? backUp(commandArgs) : start();
started.catch((error: unknown) => {
  // Parts that were closed under a start in progress may say so
  if (stopping) return;
  // The disk, not we: full, read only or broken
  if ((error as NodeJS.ErrnoException).errno !== undefined) refuse(`the start failed: ${(error as Error).message}`);
  fail(`the start failed: ${error instanceof Error ? error.stack : String(error)}`);
});
