import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { createRules, decideReport, type Rules } from '../../../domain/decide.ts';
import type { Ticket, TicketReport } from '../../../domain/ticket.ts';
import { evolveTicket, initialWallState } from '../../../domain/wallState.ts';
import { createApp } from '../../../server/app.ts';
import { buildWorkingTime } from '../../../server/calendar.ts';
import { createLiveClock, systemTime } from '../../../server/clock.ts';
import { DEFAULT_DEPLOYMENT, loadDeployment } from '../../../server/deploymentFile.ts';
import { contentHashOf } from '../../../server/ingest/contentHash.ts';
import { createSourceRegistry } from '../../../server/ingest/sourceRegistry.ts';
import { createHub, type HubLimits } from '../../../server/live/hub.ts';
import { createLocalTime } from '../../../server/localTime.ts';
import { createLog } from '../../../server/log.ts';
import { createAlarmKeeper } from '../../../server/store/alarmKeeper.ts';
import { openAuditLog } from '../../../server/store/auditLog.ts';
import { type DiskWrites, diskWrites } from '../../../server/store/durableFile.ts';
import { createFindings } from '../../../server/store/findings.ts';
import { openSettingsDb, type Role } from '../../../server/store/settingsDb.ts';
import { openTicketStore, type TicketStore } from '../../../server/store/ticketStore.ts';
import { usageHandlers } from './usage.ts';
import { answerRequests } from './worker.ts';

/** The real parts, put together as in server/index.ts, with the store or its disk replaced where a twin is wanted. */
export interface ServerOptions {
  readonly directory: string;
  /**
   * `grouped`: the real store. `stubbed`: every report and its alerts are decided and it is answered, nothing is kept on a
   * disk, nobody is told. `syncEach`: the same, but each answer waits for a write and a sync of its own, one after the other.
   */
  readonly storage: 'grouped' | 'stubbed' | 'syncEach';
  /** False, where storage is left out: alerts are not decided either. */
  readonly alerts?: boolean;
  /** Added to every flush of the disk. */
  readonly slowerFlushMs?: number;
  readonly hub?: Partial<HubLimits>;
  /** Default: never. */
  readonly snapshotEvery?: { readonly events: number; readonly bytes: number };
  /** Built pages; default: those of the last build. */
  readonly pages?: string;
}

const options = JSON.parse(process.argv[2] as string) as ServerOptions;
const root = join(import.meta.dirname, '../../..');

function slowed(disk: DiskWrites, byMs: number): DiskWrites {
  if (byMs === 0) return disk;
  return {
    append: (fd, bytes) => disk.append(fd, bytes),
    async sync(fd) {
      await disk.sync(fd);
      await new Promise((resolve) => setTimeout(resolve, byMs));
    },
  };
}

/** The store as far as a report needs it: decided and evolved as always, its alerts too; `keep` is all that happens to it then. */
function withoutJournal(store: TicketStore, rules: Rules, keep: (ticket: Ticket) => Promise<void>): TicketStore {
  const tickets = new Map<string, Ticket>();
  const keeper = createAlarmKeeper({
    rules,
    clock,
    board: initialWallState(),
    reports: () => [],
    tickets: () => [],
    ticket: (id) => tickets.get(id),
    emit() {},
  });
  if (options.alerts !== false) keeper.begin();
  return {
    ...store,
    board: store.board,
    get seq() {
      return tickets.size;
    },
    async report(report, contentHash) {
      const number = () => `GD-260101-${tickets.size}`;
      const decision = decideReport(report, tickets.get(report.id), { rules, now: clock.now(), contentHash, number });
      if (decision.outcome !== 'accepted') throw new Error(`a report was ${decision.outcome}`);
      let ticket: Ticket | undefined;
      for (const event of decision.events) ticket = evolveTicket(ticket, event);
      tickets.set(report.id, ticket as Ticket);
      keeper.follow(ticket as Ticket, true);
      await keep(ticket as Ticket);
      return { ok: true, outcome: 'accepted', ticket: ticket as Ticket, seq: tickets.size };
    },
  };
}

const loaded = loadDeployment(DEFAULT_DEPLOYMENT);
if (!loaded.ok) throw new Error(loaded.problem);
const { deployment } = loaded;
const HOUR_MS = 3_600_000;
/** It is 15:42 in the district when it starts, whenever that is: charts of an hour past midnight would be empty. */
const dayStartAt = createLocalTime(deployment.timeZone).dayStart(Date.now());
const aheadMs = dayStartAt + 15.7 * HOUR_MS - Date.now();
const clock = createLiveClock('live', { ...systemTime, now: () => Date.now() + aheadMs });
const log = createLog('silent');
let snapshotsWritten = 0;
let tellWritten = (): void => {};
/** What the store says of its snapshots is the only sign of them. */
const storeLog = {
  ...log,
  info(_fields: unknown, message?: string) {
    if (message !== 'snapshot written') return;
    snapshotsWritten += 1;
    tellWritten();
  },
  warn() {},
  error() {},
};
const asked = options.snapshotEvery ?? { events: Number.MAX_SAFE_INTEGER, bytes: Number.MAX_SAFE_INTEGER };
/** Read anew after each group, so it can be changed to have a snapshot now. */
const snapshotEvery = { ...asked };
const { working } = buildWorkingTime(deployment.calendar, deployment.timeZone, clock.now());
const rules = createRules(deployment, working);
const disk = slowed(diskWrites, options.slowerFlushMs ?? 0);
const opened = await openTicketStore({
  directory: options.directory,
  rules,
  clock,
  log: storeLog,
  onFatal: (reason) => {
    throw new Error(reason);
  },
  disk,
  snapshotEvery,
});
if (!opened.ok) throw new Error(opened.problem);

async function syncEach(): Promise<(ticket: Ticket) => Promise<void>> {
  const { openSync } = await import('node:fs');
  const fd = openSync(join(options.directory, 'each.ndjson'), 'a');
  let last: Promise<void> = Promise.resolve();
  return (ticket) => {
    last = last.then(async () => {
      await disk.append(fd, Buffer.from(`${JSON.stringify(ticket)}\n`));
      await disk.sync(fd);
    });
    return last;
  };
}

const store =
  options.storage === 'grouped'
    ? opened.store
    : withoutJournal(opened.store, rules, options.storage === 'syncEach' ? await syncEach() : async () => {});
store.beginAlarms();

const settingsOpened = await openSettingsDb(options.directory);
if (!settingsOpened.ok) throw new Error(settingsOpened.problem);
const registry = createSourceRegistry({ deployment, now: () => clock.now() });
const httpServer = createServer();
const unlimited = { perSecond: Number.MAX_SAFE_INTEGER, burst: Number.MAX_SAFE_INTEGER };
const openedAudit = await openAuditLog({ directory: join(options.directory, 'audit'), now: () => Date.now(), log });
if (!openedAudit.ok) throw new Error(openedAudit.problem);
const app = createApp({
  httpServer,
  store,
  settings: settingsOpened.db,
  deployment,
  clock,
  registry,
  hub: createHub({
    store,
    deployment,
    working,
    clock,
    registry,
    findings: createFindings(settingsOpened.db),
    log,
    ...(options.hub === undefined ? {} : { limits: options.hub }),
  }),
  log,
  pages: { renderer: options.pages ?? join(root, 'out/renderer'), docs: join(root, 'out/docs') },
  version: '0.0.0',
  notReady: () => [],
  now: () => Date.now(),
  processMetrics: false,
  perSender: unlimited,
  audit: openedAudit.audit,
  entrance: {},
});
/** A wire that lay between would be measured too. */
const wires = new Set<Duplex>();
let isCut = false;
httpServer.prependListener('upgrade', (_request, wire) => {
  if (isCut) wire.destroy();
  else wires.add(wire.once('close', () => wires.delete(wire)));
});
await new Promise<void>((resolve) => httpServer.listen(0, '127.0.0.1', resolve));

const source = await app.clients.create({ name: 'bench source', kind: 'source' });
const wall = await app.clients.create({ name: 'bench wall', kind: 'wall' });

answerRequests({
  ...usageHandlers,
  where: () => ({
    port: (httpServer.address() as AddressInfo).port,
    epoch: store.epoch,
    sourceToken: source.token,
    wallToken: wall.token,
    grids: deployment.grids.map(({ id }) => id),
    categories: deployment.categories.map(({ id }) => id),
  }),
  seq: () => store.seq,
  now: () => clock.now(),
  openTickets: () => store.board.tickets.size,
  archiveEnded: () => store.archiveEnded(),
  /** Cuts every wall off and takes none, until `mend`. */
  cut() {
    isCut = true;
    for (const wire of wires) wire.destroy();
  },
  mend() {
    isCut = false;
  },
  /** Takes down reports, each handled to its end; tells how many events that were. */
  async handled(reports: readonly (TicketReport & { readonly id: string })[]) {
    const steps = ['dispatch', 'handle', 'verify'] as const; // the last one closes too
    const before = store.seq;
    await Promise.all(
      reports.flatMap((report) => [
        store.report(report, contentHashOf(report)),
        ...steps.map((step) => store.step(report.id, { step }, `${report.id}:${step}`)),
      ]),
    );
    return store.seq - before;
  },
  /** Reports tickets, closes each on the spot, before it can be late, and moves them to the archive; tells how many. */
  async archive(reports: readonly (TicketReport & { readonly id: string; readonly reportedAt: number })[]) {
    const closed = reports.flatMap((report) => [
      store.report(report, contentHashOf(report)),
      store.step(report.id, { step: 'close', at: report.reportedAt }, `${report.id}:close`),
    ]);
    await Promise.all(closed);
    return store.archiveEnded();
  },
  /** The token of a new member of the staff. */
  async signIn(role: Role) {
    const password = randomUUID();
    const made = await app.accounts.create({ username: `bench ${role}`, name: `bench ${role}`, role, password });
    if (!made.ok) throw new Error(`no account for ${role}: ${made.reason}`);
    const { port } = httpServer.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: `bench ${role}`, password }),
    });
    return ((await answer.json()) as { readonly token: string }).token;
  },
  /** The next group is followed by a snapshot; settles when it is written. */
  async snapshot() {
    const before = snapshotsWritten;
    snapshotEvery.events = 1;
    await new Promise<void>((resolve) => {
      tellWritten = resolve;
    });
    snapshotEvery.events = asked.events;
    return snapshotsWritten - before;
  },
  /** Ms for what a snapshot would be without slices. */
  stringifyBoardMs() {
    const startedAt = performance.now();
    JSON.stringify([...store.board.tickets.values()]);
    return performance.now() - startedAt;
  },
});
