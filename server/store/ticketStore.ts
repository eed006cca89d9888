import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Alert } from '../../domain/alarm.ts';
import type { AlarmRefusal } from '../../domain/alarmDecide.ts';
import type { CanaryPassed } from '../../domain/canary.ts';
import { type Decision, decideReport, decideStep, type Refusal, type Rules } from '../../domain/decide.ts';
import type { BoardEvent, PointsAwarded, TicketEvent } from '../../domain/events.ts';
import { isEnded, type StepReport, type Ticket, type TicketId, type TicketReport } from '../../domain/ticket.ts';
import { evolve, evolveTicket, hasLeft, initialWallState, type WallState } from '../../domain/wallState.ts';
import type { DomainClock } from '../clock.ts';
import { createLocalTime } from '../localTime.ts';
import type { Log } from '../log.ts';
import {
  type AlarmCommand,
  type AlarmEvent,
  createAlarmKeeper,
  type SystemCondition,
  type SystemKind,
} from './alarmKeeper.ts';
import { type AlertRecord, createAlertRecords, ticketOfAlertId } from './alertRecords.ts';
import { type ArchivedTicket, type ArchiveEntry, archivedAfterStep, archivedTicketOf, openArchive } from './archive.ts';
import { checkedLine } from './checkedLine.ts';
import { type DiskWrites, diskWrites } from './durableFile.ts';
import { openEventLog } from './eventLog.ts';
import { openSnapshotDb } from './snapshotDb.ts';

export type { AlarmCommand } from './alarmKeeper.ts';
export type { AlertRecord, AlertTransition } from './alertRecords.ts';
export type { ArchivedTicket } from './archive.ts';

export type StoreLog = Pick<Log, 'info' | 'warn' | 'error'>;

export type CommitRefusal =
  | Refusal
  | { readonly reason: 'notFound' }
  /** Nothing was decided, or the disk failed under it; a retry after a restart is safe. */
  | { readonly reason: 'unavailable'; readonly detail: string };

export type CommitResult =
  /** `ticket` is the ticket after it, `seq` the last event it rests on; both durable. */
  | { readonly ok: true; readonly outcome: 'accepted' | 'repeated'; readonly ticket: Ticket; readonly seq: number }
  | { readonly ok: false; readonly refusal: CommitRefusal };

export type CanaryResult =
  /** Durable, as of `seq`. */
  | { readonly ok: true; readonly seq: number }
  | { readonly ok: false; readonly refusal: Extract<CommitRefusal, { reason: 'unavailable' }> };

export type AlarmResult =
  /** `repeated`: already so by the same person. Durable, as of `seq`. */
  | { readonly ok: true; readonly outcome: 'accepted' | 'repeated'; readonly alert: Alert; readonly seq: number }
  | {
      readonly ok: false;
      readonly refusal: AlarmRefusal | Extract<CommitRefusal, { reason: 'notFound' | 'unavailable' }>;
    };

/** One durable group; `events` are those from `fromSeq` to `toSeq`, each counting one. */
export interface Commit {
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly events: readonly BoardEvent[];
}

/**
 * Owns the board, its epoch and its seq. Decisions are taken at once, in the order of the calls, on the board as it will
 * be when everything decided before is on the disk; callers, readers and listeners get to see only what is durable.
 */
export interface TicketStore {
  /** New at each start. */
  readonly epoch: string;
  /** The last durable event. */
  readonly seq: number;
  /** The live board, durable; read only for callers. */
  readonly board: WallState;
  /** Decided before it returns; settles when durable. A repeated report settles once its original is durable. */
  report(report: TicketReport & { readonly id: TicketId }, contentHash: string): Promise<CommitResult>;
  /** The same for a step; the ticket, and the one it is merged into, by id or number. */
  step(idOrNumber: string, report: StepReport, contentHash: string): Promise<CommitResult>;
  /** Writes down that the canary went by; settles when that is durable. */
  canary(): Promise<CanaryResult>;
  /**
   * From here on alerts are raised and their timers run. Called once, when built-in sources have told their past:
   * what fell due meanwhile comes first, dated at its own instant.
   */
  beginAlarms(): void;
  /** What somebody does to an alert; decided before it returns, so that of two at once one wins. */
  alarm(id: string, command: AlarmCommand): Promise<AlarmResult>;
  /** A condition that is no ticket's, or undefined once it is over; said again it changes nothing. */
  condition(kind: SystemKind, subject: string, condition: SystemCondition | undefined): void;
  /** An alert, durable, with its last transitions; also after it left the board with its ticket. */
  findAlert(id: string): Promise<AlertRecord | undefined>;
  /** Alerts of the board, and such about no ticket that left it lately, with an acknowledgement taken down after an instant. */
  acknowledgedSince(recordedAt: number): Alert[];
  /** Live or archived, durable, with everything that is known of it. */
  find(idOrNumber: string): Promise<Ticket | undefined>;
  /** The same for several by their ids, archived ones read together; in the order asked. */
  findAll(ids: readonly TicketId[]): Promise<(Ticket | undefined)[]>;
  /** What memory holds of a ticket, by its id: all of it while it is live. Durable. */
  factsOf(id: TicketId): Ticket | ArchivedTicket | undefined;
  /** Every ticket, archived ones first. */
  facts(): Iterable<Ticket | ArchivedTicket>;
  /** Every award ever made. */
  pointsLedger(): Iterable<PointsAwarded>;
  /** Called once per group, when it is durable and the board shows it. Returns the way to stop it. */
  onCommit(listener: (commit: Commit) => void): () => void;
  /** Moves tickets that ended longer than `archiveAfterHours` ago to the archive; tells how many. */
  archiveEnded(): Promise<number>;
  /** Takes nothing more, finishes what was decided, writes the snapshot. */
  close(): Promise<void>;
}

export interface TicketStoreOptions {
  /** The data folder; made if it is not there. Nobody else may write in it meanwhile (dataFolderLock.ts). */
  readonly directory: string;
  readonly rules: Rules;
  readonly clock: Pick<DomainClock, 'now' | 'at'>;
  readonly log: StoreLog;
  /** The disk failed: everything is refused from here on, the process should end with this sentence. */
  readonly onFatal: (reason: string) => void;
  readonly disk?: DiskWrites;
  /** A snapshot is written after so many events or bytes of journal, whichever comes first. */
  readonly snapshotEvery?: { readonly events: number; readonly bytes: number };
}

export type TicketStoreOpening =
  | { readonly ok: true; readonly store: TicketStore }
  /** One sentence for the operator: the file, the line, and what to do. Nothing was changed. */
  | { readonly ok: false; readonly problem: string };

/** performance.md: keeps a start with snapshot and tail under half a second. */
const SNAPSHOT_EVERY = { events: 50_000, bytes: 25 * 1024 * 1024 };
/** Journal lines that may wait for the disk; beyond this the store refuses rather than grow. */
const MAX_QUEUED_BYTES = 64 * 1024 * 1024;
/** Tickets moved to the archive in one go; a hundred are a millisecond of serialising. */
const ARCHIVE_AT_ONCE = 200;

/** What an event comes to once it is durable. */
interface TicketEntry {
  readonly event: TicketEvent;
  /** The ticket afterwards. */
  readonly after: Ticket | ArchivedTicket;
  /** Where it is kept afterwards. */
  readonly place: 'live' | 'archived';
}
/** Of no ticket. */
interface OtherEntry {
  readonly event: AlarmEvent | CanaryPassed;
}
type Entry = TicketEntry | OtherEntry;
type Change = Entry & { readonly seq: number };

/** Waits for its turn at the disk. Without changes it only waits for those before it. */
interface Waiting {
  readonly changes: readonly Change[];
  readonly lines: string;
  readonly durable: () => void;
  readonly failed: (detail: string) => void;
}

type Latest = Omit<TicketEntry, 'event'> & { readonly seq: number };

export async function openTicketStore(options: TicketStoreOptions): Promise<TicketStoreOpening> {
  try {
    return await open(options);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return { ok: false, problem: `The data folder ${options.directory} cannot be used: ${message}.` };
  }
}

async function open(options: TicketStoreOptions): Promise<TicketStoreOpening> {
  const { directory, rules, clock, log, onFatal, disk = diskWrites, snapshotEvery = SNAPSHOT_EVERY } = options;
  const { deployment } = rules;
  const localTime = createLocalTime(deployment.timeZone);
  const startedAt = performance.now();
  await mkdir(directory, { recursive: true });

  // ---- Recovery: snapshot, then the journal after it, then the archive

  const snapshotOpening = await openSnapshotDb(join(directory, 'board.json'));
  if (!snapshotOpening.ok) return snapshotOpening;
  const { snapshot, db: snapshotDb } = snapshotOpening;

  const records = createAlertRecords(snapshot.alerts);
  const board = initialWallState(
    snapshot.tickets,
    snapshot.alerts.map(({ alert }) => alert).filter((alert) => !hasLeft(alert)),
    snapshot.raises,
    snapshot.flood ?? undefined,
  );
  const archived = new Map<TicketId, ArchivedTicket>();
  const idOfNumber = new Map<string, TicketId>();
  /** Last ticket number given out, by local day. */
  const numbers = new Map(Object.entries(snapshot.numbers));
  for (const ticket of board.tickets.values()) idOfNumber.set(ticket.number, ticket.id);

  const archivedIds = new Set(snapshot.archived);
  const laterSteps = new Map<TicketId, { readonly seq: number; readonly event: TicketEvent }[]>();

  function replay(seq: number, event: BoardEvent): string | undefined {
    switch (event.type) {
      case 'ticketReported':
        idOfNumber.set(event.number, event.ticketId);
        takeNumber(event.number);
        break;
      case 'stepTaken':
        if (archivedIds.has(event.ticketId)) {
          const later = laterSteps.get(event.ticketId) ?? [];
          later.push({ seq, event });
          laterSteps.set(event.ticketId, later);
        }
        break;
      case 'pointsAwarded':
        break;
      case 'ticketArchived':
        archivedIds.add(event.ticketId);
        records.forgetTicket(event.ticketId);
        break;
      case 'alertChanged':
        records.take(event);
        break;
      case 'floodChanged':
      case 'canaryPassed':
        break;
      default:
        event satisfies never;
        return 'holds an event of a kind that this version does not know; it was written by a newer one';
    }
    evolve(board, event);
    return undefined;
  }

  const journalOpening = await openEventLog({
    directory: join(directory, 'journal'),
    afterSeq: snapshot.seq,
    apply: replay,
    disk,
    log,
  });
  if (!journalOpening.ok) return journalOpening;
  const journal = journalOpening.log;
  let seq = journalOpening.lastSeq;

  const archiveOpening = await openArchive({
    directory: join(directory, 'archive'),
    lastSeq: seq,
    monthOf: localTime.monthCode,
    wanted: (id) => archivedIds.has(id),
    found(ticket) {
      archived.set(ticket.id, archivedTicketOf(ticket));
      idOfNumber.set(ticket.number, ticket.id);
    },
    disk,
    log,
  });
  if (!archiveOpening.ok) {
    journal.close();
    return archiveOpening;
  }
  const { archive } = archiveOpening;
  for (const id of archivedIds) {
    if (archived.has(id)) continue;
    journal.close();
    await archive.close();
    return {
      ok: false,
      problem: `${join(directory, 'archive')} lacks ticket ${id}, which the journal says was moved there. Nothing was changed. Restore the data folder from a backup.`,
    };
  }
  // A step on an archived ticket is journalled first; a cut between the two is made good here
  for (const [id, later] of laterSteps) {
    const standsAt = archive.standsAt(id) ?? 0;
    for (const { seq: stepSeq, event } of later) if (stepSeq > standsAt) await archiveStep(id, [event], stepSeq);
  }
  log.info(
    {
      seq,
      snapshotSeq: snapshot.seq,
      live: board.tickets.size,
      archived: archived.size,
      tookMs: Math.round(performance.now() - startedAt),
    },
    'data folder read',
  );

  // ---- State of the running store

  const epoch = randomUUID();
  const listeners = new Set<(commit: Commit) => void>();
  /** Tickets with changes that are decided but not durable yet. */
  const pending = new Map<TicketId, Latest>();
  let decidedSeq = seq;
  let waiting: Waiting[] = [];
  let queuedBytes = 0;
  let draining = false;
  let drained: Promise<void> = Promise.resolve();
  /** Why nothing is taken any more. */
  let refusing: string | undefined;
  let failed = false;
  /** Work on the archive, one after the other. */
  let archiving: Promise<void> = Promise.resolve();
  let snapshotting: Promise<void> | undefined;
  let snapshotSeq = snapshot.seq;

  function takeNumber(number: string): void {
    const [day, count] = number.split('-').slice(-2) as [string, string];
    numbers.set(day, Math.max(numbers.get(day) ?? 0, Number(count)));
  }

  function nextNumber(reportedAt: number): string {
    const day = localTime.dayCode(reportedAt);
    const count = (numbers.get(day) ?? 0) + 1;
    numbers.set(day, count);
    return `${deployment.numberPrefix}-${day}-${String(count).padStart(4, '0')}`;
  }

  /** A ticket as decided so far. */
  function latest(id: TicketId): Pick<Latest, 'after' | 'place'> | undefined {
    const undurable = pending.get(id);
    if (undurable !== undefined) return undurable;
    const live = board.tickets.get(id);
    if (live !== undefined) return { after: live, place: 'live' };
    const old = archived.get(id);
    return old && { after: old, place: 'archived' };
  }

  function resolve(idOrNumber: string): TicketId | undefined {
    return latest(idOrNumber) === undefined ? idOfNumber.get(idOrNumber) : idOrNumber;
  }

  function fail(doing: string, error: unknown): void {
    if (failed) return;
    failed = true;
    refusing = `${doing} failed: ${(error as Error).message}`;
    for (const { failed: tell } of waiting.splice(0)) tell(refusing);
    log.error({ error: (error as Error).message }, `${doing} failed`);
    onFatal(
      `${doing} in ${directory} failed (${(error as Error).message}). The server stops rather than carry on ahead of its log. ` +
        'Free or repair the disk, then start it again; nothing that was acknowledged is lost.',
    );
  }

  // ---- Writing

  function enqueue(item: Waiting): void {
    if (failed) {
      item.failed(refusing as string);
      return;
    }
    waiting.push(item);
    queuedBytes += item.lines.length;
    if (draining) return;
    draining = true;
    drained = drain();
  }

  /** Numbers and queues events, and lets later decisions see them. */
  function enqueueEvents(entries: readonly Entry[], durable: () => void, onFailed: (detail: string) => void): void {
    let lines = '';
    const changes = entries.map((entry): Change => {
      decidedSeq += 1;
      lines += checkedLine(decidedSeq, 'event', JSON.stringify(entry.event));
      const change = { ...entry, seq: decidedSeq };
      if ('after' in change) pending.set(change.event.ticketId, change);
      return change;
    });
    enqueue({ changes, lines, durable, failed: onFailed });
  }

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      // Whatever else has arrived in this turn of the event loop is read first and shares the group
      await setImmediate();
      const group = waiting;
      waiting = [];
      queuedBytes = 0;
      const lines = group.map((item) => item.lines).join('');
      if (lines !== '') {
        try {
          await journal.append(Buffer.from(lines));
        } catch (error) {
          fail('writing the journal', error);
          for (const item of group) item.failed(refusing as string);
          break;
        }
      }
      applyDurable(group);
      if (seq - snapshotSeq >= snapshotEvery.events || journal.segmentBytes >= snapshotEvery.bytes)
        await beginSnapshot();
    }
    draining = false;
  }

  function applyDurable(group: readonly Waiting[]): void {
    const fromSeq = seq + 1;
    const events: BoardEvent[] = [];
    for (const { changes } of group) {
      for (const change of changes) {
        if ('after' in change) applyTicket(change);
        else applyOther(change.event);
        events.push(change.event);
        seq = change.seq;
      }
    }
    if (events.length > 0) for (const listener of listeners) listener({ fromSeq, toSeq: seq, events });
    for (const item of group) item.durable();
  }

  function applyTicket({ event, after, place, seq: at }: TicketEntry & { readonly seq: number }): void {
    const { ticketId } = event;
    if (place === 'live') {
      board.tickets.set(ticketId, after);
    } else {
      // With its alerts
      if (event.type === 'ticketArchived') evolve(board, event);
      archived.set(ticketId, after as ArchivedTicket);
      records.forgetTicket(ticketId);
    }
    if (pending.get(ticketId)?.seq === at) pending.delete(ticketId);
  }

  function applyOther(event: AlarmEvent | CanaryPassed): void {
    evolve(board, event);
    if (event.type === 'alertChanged') records.take(event);
  }

  // ---- Snapshot

  async function beginSnapshot(): Promise<void> {
    if (snapshotting !== undefined || failed) return;
    const captured = {
      version: 2 as const,
      seq,
      numbers: Object.fromEntries(numbers),
      archived: [...archived.keys()],
      tickets: [...board.tickets.values()],
      alerts: [...records.values()],
      raises: [...board.raises],
      flood: board.flood ?? null,
    };
    snapshotSeq = seq;
    if (journal.segmentBytes > 0) {
      try {
        await journal.beginSegment(seq + 1);
      } catch (error) {
        fail('beginning a new file of the journal', error);
        return;
      }
    }
    const began = performance.now();
    // Steps on archived tickets up to `seq` must be in the archive before the snapshot lets recovery pass them over
    snapshotting = archiving
      .then(() => (failed ? undefined : snapshotDb.write(captured)))
      .then(
        () => {
          log.info({ seq: captured.seq, tookMs: Math.round(performance.now() - began) }, 'snapshot written');
          setCondition('systemFault', 'snapshot', undefined);
        },
        // The journal holds everything; the next snapshot tries again
        (error: unknown) => {
          log.error({ error: (error as Error).message }, 'snapshot failed, the journal goes on');
          setCondition('systemFault', 'snapshot', { severity: 'high', cause: { code: 'snapshotFailed' } });
        },
      )
      .then(() => {
        snapshotting = undefined;
      });
  }

  // ---- Archive

  async function archiveStep(id: TicketId, events: readonly TicketEvent[], atSeq: number): Promise<Ticket> {
    let ticket: Ticket = await archive.read(id);
    for (const event of events) ticket = evolveTicket(ticket, event) ?? ticket;
    await archive.append([ticket], atSeq);
    archived.set(id, archivedTicketOf(ticket));
    return ticket;
  }

  function inArchive<T>(doing: string, work: () => Promise<T>): Promise<T | undefined> {
    const done = archiving.then(async () => {
      if (failed) return undefined;
      try {
        return await work();
      } catch (error) {
        fail(doing, error);
        return undefined;
      }
    });
    archiving = done.then(() => {});
    return done;
  }

  function isDue(ticket: Ticket, now: number): boolean {
    return (
      isEnded(ticket.status) &&
      ticket.endedAt !== undefined &&
      now - ticket.endedAt > deployment.archiveAfterHours * 3_600_000 &&
      !pending.has(ticket.id) &&
      // Closed before anybody saw that it was late: it stays until somebody has (visual specification §5)
      !keeper.isWaited(ticket.id)
    );
  }

  function withAlerts(ticket: Ticket): ArchiveEntry {
    const alerts = records.ofTicket(ticket.id);
    return alerts.length === 0 ? ticket : { ...ticket, alerts };
  }

  async function moveToArchive(tickets: readonly Ticket[]): Promise<number> {
    const moved = await inArchive('writing the archive', async () => {
      const unchanged = (ticket: Ticket) => board.tickets.get(ticket.id) === ticket && !pending.has(ticket.id);
      const still = tickets.filter(unchanged);
      await archive.append(still.map(withAlerts), seq);
      // What was worked on meanwhile stays; its line in the archive is passed over
      const moving = still.filter(unchanged);
      const now = clock.now();
      for (const { id } of moving) keeper.forget(id);
      return new Promise<number>((settle) => {
        enqueueEvents(
          moving.map((ticket) => ({
            event: { type: 'ticketArchived', ticketId: ticket.id, at: now, recordedAt: now },
            after: archivedTicketOf(ticket),
            place: 'archived',
          })),
          () => settle(moving.length),
          () => settle(0),
        );
      });
    });
    return moved ?? 0;
  }

  // ---- Decisions

  function unavailable(detail: string) {
    return { ok: false, refusal: { reason: 'unavailable', detail } } as const;
  }

  function whyRefusing(): string | undefined {
    return refusing ?? (queuedBytes > MAX_QUEUED_BYTES ? 'too much is waiting for the disk' : undefined);
  }

  /** The whole ticket, where memory holds it all; an archived one is read from its file once that has caught up. */
  async function whole(id: TicketId): Promise<Ticket | undefined> {
    const [ticket] = await wholeAll([id]);
    return ticket;
  }

  async function wholeAll(ids: readonly TicketId[]): Promise<(Ticket | undefined)[]> {
    const old = ids.filter((id) => !board.tickets.has(id) && archived.has(id));
    const read =
      old.length === 0
        ? undefined
        : await inArchive('reading the archive', () => Promise.all(old.map((id) => archive.read(id))));
    const wholeOf = new Map(read?.map(({ alerts: _alerts, ...ticket }) => [ticket.id, ticket]));
    return ids.map((id) => wholeOf.get(id) ?? board.tickets.get(id));
  }

  function commit(id: TicketId, decision: Decision): Promise<CommitResult> {
    switch (decision.outcome) {
      case 'refused':
        return Promise.resolve({ ok: false, refusal: decision.refusal });
      case 'repeated':
        return new Promise((settle, reject) => {
          enqueue({
            changes: [],
            lines: '',
            durable: () => {
              whole(id).then(
                (ticket) =>
                  settle(
                    ticket === undefined
                      ? unavailable(refusing ?? 'the ticket could not be read')
                      : { ok: true, outcome: 'repeated', ticket, seq },
                  ),
                reject,
              );
            },
            failed: (detail) => settle(unavailable(detail)),
          });
        });
      case 'accepted':
        return commitEvents(id, decision.events);
      default:
        return decision satisfies never;
    }
  }

  function commitEvents(id: TicketId, events: readonly TicketEvent[]): Promise<CommitResult> {
    const before = latest(id);
    const place = before?.place ?? 'live';
    let after: Ticket | ArchivedTicket | undefined = before?.after;
    const entries = events.map((event) => {
      const evolved = evolveTicket(after, event) as Ticket;
      after = place === 'archived' ? archivedAfterStep(after as ArchivedTicket, evolved) : evolved;
      return { event, after, place };
    });
    const caused = place === 'live' ? keeper.follow(after as Ticket, before === undefined) : [];
    return new Promise((settle) => {
      const lastSeq = decidedSeq + events.length;
      enqueueEvents(
        [...entries, ...caused.map((event) => ({ event }))],
        () => {
          if (place === 'live') {
            settle({ ok: true, outcome: 'accepted', ticket: after as Ticket, seq: lastSeq });
            return;
          }
          void inArchive('writing the archive', () => archiveStep(id, events, lastSeq)).then((ticket) =>
            settle(
              ticket === undefined
                ? unavailable(refusing ?? 'the archive could not be written')
                : { ok: true, outcome: 'accepted', ticket, seq: lastSeq },
            ),
          );
        },
        (detail) => settle(unavailable(detail)),
      );
    });
  }

  // ---- Alerts

  /** Live tickets as decided so far. */
  function* liveTickets(): Generator<Ticket> {
    for (const ticket of board.tickets.values()) {
      const { after, place } = latest(ticket.id) as Latest;
      if (place === 'live') yield after;
    }
    for (const [id, { after, place }] of pending) if (place === 'live' && !board.tickets.has(id)) yield after;
  }

  const keeper = createAlarmKeeper({
    rules,
    clock,
    board,
    *reports() {
      yield* archived.values();
      yield* liveTickets();
    },
    tickets: liveTickets,
    ticket(id) {
      const known = latest(id);
      return known?.place === 'live' ? known.after : undefined;
    },
    emit: enqueueAlarms,
  });

  /** Nobody waits for these. */
  function enqueueAlarms(events: readonly AlarmEvent[]): void {
    if (events.length === 0) return;
    enqueueEvents(
      events.map((event) => ({ event })),
      () => {},
      () => {},
    );
  }

  function setCondition(kind: SystemKind, subject: string, condition: SystemCondition | undefined): void {
    if (refusing === undefined) enqueueAlarms(keeper.condition(kind, subject, condition));
  }

  function alarm(id: string, command: AlarmCommand): Promise<AlarmResult> {
    const refusal = whyRefusing();
    if (refusal !== undefined) return Promise.resolve(unavailable(refusal));
    const answer = keeper.command(id, command);
    if (answer === undefined) return Promise.resolve({ ok: false, refusal: { reason: 'notFound' } });
    if (answer.outcome === 'refused') return Promise.resolve({ ok: false, refusal: answer.refusal });
    const { outcome, alert } = answer;
    const events = outcome === 'accepted' ? answer.events : [];
    return new Promise((settle) => {
      const lastSeq = decidedSeq + events.length;
      enqueueEvents(
        events.map((event) => ({ event })),
        () => settle({ ok: true, outcome, alert, seq: lastSeq }),
        (detail) => settle(unavailable(detail)),
      );
    });
  }

  async function findAlert(id: string): Promise<AlertRecord | undefined> {
    const known = records.find(id);
    if (known !== undefined) return known;
    const ticketId = ticketOfAlertId(id);
    if (ticketId === undefined || !archived.has(ticketId)) return undefined;
    const entry = await inArchive('reading the archive', () => archive.read(ticketId));
    return entry?.alerts?.find(({ alert }) => alert.id === id);
  }

  return {
    ok: true,
    store: {
      epoch,
      get seq() {
        return seq;
      },
      board,
      report(report, contentHash) {
        const refusal = whyRefusing();
        if (refusal !== undefined) return Promise.resolve(unavailable(refusal));
        const decision = decideReport(report, latest(report.id)?.after, {
          rules,
          now: clock.now(),
          contentHash,
          number: nextNumber,
        });
        if (decision.outcome === 'accepted') {
          for (const event of decision.events) {
            if (event.type === 'ticketReported') idOfNumber.set(event.number, event.ticketId);
          }
        }
        return commit(report.id, decision);
      },
      step(idOrNumber, report, contentHash) {
        const refusal = whyRefusing();
        if (refusal !== undefined) return Promise.resolve(unavailable(refusal));
        const id = resolve(idOrNumber);
        const ticket = id === undefined ? undefined : latest(id)?.after;
        if (ticket === undefined) return Promise.resolve({ ok: false, refusal: { reason: 'notFound' } });
        const into = report.into === undefined ? undefined : resolve(report.into);
        const decision = decideStep(ticket, into === undefined ? report : { ...report, into }, {
          rules,
          now: clock.now(),
          contentHash,
          mergeTarget: into === undefined ? undefined : latest(into)?.after,
        });
        return commit(ticket.id, decision);
      },
      canary() {
        const refusal = whyRefusing();
        if (refusal !== undefined) return Promise.resolve(unavailable(refusal));
        const now = clock.now();
        return new Promise((settle) => {
          const lastSeq = decidedSeq + 1;
          enqueueEvents(
            [{ event: { type: 'canaryPassed', at: now, recordedAt: now } }],
            () => settle({ ok: true, seq: lastSeq }),
            (detail) => settle(unavailable(detail)),
          );
        });
      },
      beginAlarms: () => keeper.begin(),
      alarm,
      condition: setCondition,
      findAlert,
      acknowledgedSince(since) {
        const found: Alert[] = [];
        for (const { alert, log } of records.values()) {
          if (log.some(({ stimulus, recordedAt }) => stimulus === 'acknowledge' && recordedAt > since))
            found.push(alert);
        }
        return found;
      },
      async find(idOrNumber) {
        const known = board.tickets.has(idOrNumber) || archived.has(idOrNumber);
        const id = known ? idOrNumber : idOfNumber.get(idOrNumber);
        return id === undefined ? undefined : whole(id);
      },
      findAll: wholeAll,
      factsOf: (id) => board.tickets.get(id) ?? archived.get(id),
      *facts() {
        yield* archived.values();
        yield* board.tickets.values();
      },
      *pointsLedger() {
        for (const ticket of archived.values()) yield* awardsOf(ticket, ticket.officer);
        for (const ticket of board.tickets.values()) {
          yield* awardsOf(ticket, ticket.reporter?.id ?? ticket.reporter?.name);
        }
      },
      onCommit(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      async archiveEnded() {
        const now = clock.now();
        const due = [...board.tickets.values()].filter((ticket) => isDue(ticket, now));
        let moved = 0;
        for (let i = 0; i < due.length && refusing === undefined; i += ARCHIVE_AT_ONCE) {
          moved += await moveToArchive(due.slice(i, i + ARCHIVE_AT_ONCE));
        }
        return moved;
      },
      async close() {
        refusing ??= 'the server is stopping';
        keeper.close();
        // A step on an archived ticket goes on from the journal to the archive, a move the other way
        await drained;
        await archiving;
        await drained;
        await snapshotting;
        if (!failed && seq > snapshotSeq) {
          await beginSnapshot();
          await snapshotting;
        }
        journal.close();
        await archive.close();
      },
    },
  };
}

/** Points are written on the step that they were awarded for; the ledger is read off the timelines. */
function* awardsOf(ticket: Ticket | ArchivedTicket, officer: string | undefined): Generator<PointsAwarded> {
  for (const step of ticket.steps) {
    if (step.points === undefined) continue;
    yield {
      type: 'pointsAwarded',
      ticketId: ticket.id,
      at: step.at,
      recordedAt: step.recordedAt,
      ...(officer === undefined ? {} : { officer }),
      ...(ticket.location.gridId === undefined ? {} : { gridId: ticket.location.gridId }),
      points: step.points,
    };
  }
}
