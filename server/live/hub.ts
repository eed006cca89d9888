import type { Namespace, Server, Socket } from 'socket.io';
import type { Alert } from '../../domain/alarm.ts';
import type { Deployment } from '../../domain/deployment.ts';
import type { BoardEvent } from '../../domain/events.ts';
import { listedLabels } from '../../domain/labels.ts';
import { type Gap, type Missed, missedOf } from '../../domain/outage.ts';
import type { WorkingTime } from '../../domain/sla.ts';
import type { TicketFacts } from '../../domain/statistics.ts';
import type { Ticket, TicketId } from '../../domain/ticket.ts';
import { decodeSubscribeRequest } from '../../protocol/decode.ts';
import { encodeInstants } from '../../protocol/instants.ts';
import { createAlertPacker } from '../../protocol/packedAlert.ts';
import { createTicketPacker, type TicketPacking } from '../../protocol/packedTicket.ts';
import type {
  Encoded,
  SourceStatus,
  SubscribeAnswer,
  SubscribeRefusal,
  SubscribeRequest,
  WallHistory,
} from '../../protocol/wire.ts';
import { type DomainClock, type RealTime, systemTime } from '../clock.ts';
import { createLocalTime } from '../localTime.ts';
import type { Log } from '../log.ts';
import type { Findings } from '../store/findings.ts';
import type { Commit, TicketStore } from '../store/ticketStore.ts';
import { type BoardTexts, createBoardTexts } from './boardTexts.ts';
import { createBriefHistory } from './briefHistory.ts';
import { createHistoryBuilder } from './history.ts';
import { type Audience, audienceKey, createProjection } from './projection.ts';
import { createSession, type Session } from './session.ts';
import { WrittenJson } from './writtenJson.ts';

/** Sends the board to `/wall` and `/desk`: rules in docs/wire.md. */
export interface Hub {
  /** Once, before the first connection. Whoever is let in carries `socket.data.identity`. */
  attach(io: Server): void;
  /** Reckons and writes what the first wall of the whole district will ask for, while its page is still being loaded. */
  prepare(): Promise<void>;
  close(): void;
}

export interface HubLimits {
  /** Events of one frame come from so short a time; the first of a quiet moment goes at once. */
  readonly frameMs: number;
  /** More events than this go in several frames, one a turn of the event loop. */
  readonly frameEvents: number;
  readonly pulseMs: number;
  /** Events kept to answer walls that come back; at least `resumeEvents`. */
  readonly keptEvents: number;
  /** A wall that missed more gets a snapshot, which is quicker from there on. */
  readonly resumeEvents: number;
  /** Bytes a wall may leave unread while they do not become less. */
  readonly maxBufferedBytes: number;
  /** Tickets that go as rows ahead of their answer together: they are read while the next ones are on their way. */
  readonly partTickets: number;
}

const LIMITS: HubLimits = {
  frameMs: 40,
  frameEvents: 500,
  pulseMs: 1000,
  keptEvents: 5000,
  resumeEvents: 2000,
  maxBufferedBytes: 32 * 1024 * 1024,
  partTickets: 250,
};

/** Whose identity may subscribe in which namespace. */
const ENTRANCES: readonly (readonly [namespace: string, kind: string])[] = [
  ['/wall', 'wall'],
  ['/desk', 'staff'],
];

/** The month's figures are renewed after so much domain time, or so much real time with new events. */
const HISTORY_EVERY_MS = 60_000;
/** Reckoning history may take this share of the time. */
const HISTORY_REST = 10;

interface Kept {
  readonly event: BoardEvent;
  /** Of the event's ticket, where it is a ticket's. */
  readonly gridId: string | undefined;
}

interface HistoryState {
  readonly encoded: Encoded<WallHistory>;
  readonly json: string;
  readonly dayStartAt: number;
  /** Domain time and seq that it was reckoned at. */
  readonly builtForAt: number;
  readonly builtSeq: number;
  /** Of the findings in it (briefHistory.ts). */
  readonly findingsRevision: number;
  /** Real time of its end, and how long it took. */
  readonly builtAt: number;
  readonly tookMs: number;
}

/** As objects, which anybody can read, or as rows for whoever asks for them (protocol/packedTicket.ts). */
type BoardForm = 'objects' | 'rows';

interface WrittenBoard {
  readonly tickets: BoardTexts;
  readonly alerts: BoardTexts;
}

type EncodedSnapshot = Extract<Encoded<SubscribeAnswer>, { readonly kind: 'snapshot' }>;

interface AudienceState {
  readonly audience: Audience;
  readonly room: string;
  /** Projected tickets and alerts as they go on the wire, in each form that somebody has asked for. */
  readonly written: Map<BoardForm, WrittenBoard>;
  history: HistoryState | undefined;
  building: Promise<HistoryState> | undefined;
  /** The history was reckoned before anybody asked, and nobody has had it yet. */
  prepared: boolean;
}

export function createHub(parts: {
  readonly store: Pick<
    TicketStore,
    'epoch' | 'seq' | 'board' | 'facts' | 'pointsLedger' | 'acknowledgedSince' | 'onCommit'
  >;
  readonly deployment: Deployment;
  readonly working: WorkingTime;
  readonly clock: Pick<DomainClock, 'now' | 'state'>;
  readonly registry: { strip(): readonly SourceStatus[] };
  readonly findings: Pick<Findings, 'of'>;
  readonly log: Pick<Log, 'warn'>;
  readonly realTime?: RealTime;
  readonly limits?: Partial<HubLimits>;
  /** The product's, for a wall of another one to name; absent: it is not told. */
  readonly version?: string;
}): Hub {
  const { store, deployment, working, clock, registry, findings, log, realTime = systemTime } = parts;
  const limits = { ...LIMITS, ...parts.limits };
  const { epoch, board } = store;
  const localTime = createLocalTime(deployment.timeZone);
  const projection = createProjection(deployment);
  const briefs = createBriefHistory({ deployment, localTime, projection, findings });
  const historyBuilder = createHistoryBuilder({ store, deployment, working, localTime, projection, briefs });
  const encodedDeployment = encodeInstants(projection.deployment, localTime.offsetMinutes);
  /** The same as long as the server runs: rows are written before anybody asks. */
  const packing: TicketPacking = { fromAt: clock.now(), labels: [...listedLabels(deployment)] };
  const encodedPacking = encode(packing);
  const packTicket = createTicketPacker(packing);
  const packAlert = createAlertPacker(packing);

  const namespaces: Namespace[] = [];
  const sessions = new Set<Session>();
  const audiences = new Map<string, AudienceState>();
  /** Grids of the tickets on the board; an event of a ticket that is not here changes no board. */
  const grids = new Map<TicketId, string>();
  for (const { id, location } of board.tickets.values())
    if (location.gridId !== undefined) grids.set(id, location.gridId);
  /** The newest events, the last one being `store.seq`. */
  let kept: Kept[] = [];
  let sentSeq = store.seq;
  let stopFrame: (() => void) | undefined;

  function encode<T>(value: T): Encoded<T> {
    return encodeInstants(value, localTime.offsetMinutes);
  }

  // ---- Frames

  function onCommit({ events }: Commit): void {
    for (const event of events) {
      if (event.type === 'alertChanged' || event.type === 'floodChanged' || event.type === 'canaryPassed') {
        kept.push({ event, gridId: undefined });
        if (event.type === 'alertChanged') changed('alerts', event.alert.id);
        continue;
      }
      const { ticketId } = event;
      if (event.type === 'ticketReported' && event.location.gridId !== undefined) {
        grids.set(ticketId, event.location.gridId);
      }
      kept.push({ event, gridId: grids.get(ticketId) });
      changed('tickets', ticketId);
      if (event.type === 'ticketArchived') grids.delete(ticketId);
    }
    if (kept.length > 2 * limits.keptEvents) {
      // Nothing is let go unsent, even if one commit is larger than all that is kept
      sendAllFrames();
      kept = kept.slice(-limits.keptEvents);
    }
    if (stopFrame === undefined) sendFrames();
  }

  function changed(part: keyof WrittenBoard, id: string): void {
    for (const { written } of audiences.values()) for (const texts of written.values()) texts[part].changed(id);
  }

  /** Sends what is there, then holds back what comes within the frame's time. */
  function sendFrames(): void {
    sendOneFrame();
    const delayMs = sentSeq < store.seq ? 0 : limits.frameMs;
    stopFrame = realTime.after(delayMs, () => {
      stopFrame = undefined;
      if (sentSeq < store.seq) sendFrames();
    });
  }

  /** Kept events from `fromSeq` to `toSeq`; undefined where they are not kept any more. */
  function keptBetween(fromSeq: number, toSeq: number): readonly Kept[] | undefined {
    const first = store.seq - kept.length + 1;
    return fromSeq < first ? undefined : kept.slice(fromSeq - first, toSeq - first + 1);
  }

  function projected(items: readonly Kept[], { audience }: AudienceState): Encoded<BoardEvent>[] {
    const events: Encoded<BoardEvent>[] = [];
    for (const { event, gridId } of items) {
      const seen = projection.project(event, gridId, audience);
      if (seen !== undefined) events.push(encode(seen));
    }
    return events;
  }

  function sendOneFrame(): void {
    const fromSeq = sentSeq + 1;
    const toSeq = Math.min(store.seq, sentSeq + limits.frameEvents);
    if (toSeq < fromSeq) return;
    sentSeq = toSeq;
    for (const state of audiences.values()) {
      if (!hasMembers(state)) continue;
      const items = keptBetween(fromSeq, toSeq);
      if (items === undefined) throw new Error(`events from ${fromSeq} were let go before they were sent`);
      emitTo(state, 'board:events', { epoch, fromSeq, toSeq, at: encodedNow(), events: projected(items, state) });
    }
  }

  function sendAllFrames(): void {
    while (sentSeq < store.seq) sendOneFrame();
  }

  function hasMembers({ room }: AudienceState): boolean {
    return namespaces.some((namespace) => (namespace.adapter.rooms.get(room)?.size ?? 0) > 0);
  }

  /** A desk may see just what a wall of its street sees, so one audience may sit in both namespaces. */
  function emitTo({ room }: AudienceState, event: string, message: unknown): void {
    for (const namespace of namespaces) {
      if ((namespace.adapter.rooms.get(room)?.size ?? 0) > 0) namespace.to(room).emit(event, message);
    }
  }

  function encodedNow(): string {
    return encode({ at: clock.now() }).at;
  }

  // ---- Pulse

  function pulse(): void {
    for (const session of sessions) session.checkReading();
    const message = encode({
      epoch,
      // Not `store.seq`: what waits for its frame would have to go now, and each wall would draw once more
      seq: sentSeq,
      at: clock.now(),
      clock: clock.state(),
      sources: registry.strip().map((source) => ({ ...source, id: projection.label(source.id) })),
    });
    for (const namespace of namespaces) if (namespace.sockets.size > 0) namespace.emit('board:pulse', message);
    for (const state of audiences.values()) {
      // Whether or not a wall of this audience is there: so that one that comes back need not wait for it
      for (const { tickets, alerts } of state.written.values()) void tickets.writeChanged().then(alerts.writeChanged);
      if (hasMembers(state) && isHistoryOld(state)) void renewHistory(state);
    }
  }

  // ---- History

  function isHistoryOld({ audience, history }: AudienceState): boolean {
    if (history === undefined) return true;
    const now = clock.now();
    if (briefs.findingsRevision(audience, now) !== history.findingsRevision) return true;
    const restedMs = realTime.now() - history.builtAt;
    if (restedMs < history.tookMs * HISTORY_REST) return false;
    return (
      Math.abs(now - history.builtForAt) >= HISTORY_EVERY_MS ||
      localTime.dayStart(now) !== history.dayStartAt ||
      (store.seq !== history.builtSeq && restedMs >= HISTORY_EVERY_MS)
    );
  }

  function renewHistory(state: AudienceState): Promise<HistoryState> {
    state.building ??= buildHistory(state).finally(() => {
      state.building = undefined;
    });
    return state.building;
  }

  async function buildHistory(state: AudienceState): Promise<HistoryState> {
    const began = realTime.now();
    const builtForAt = clock.now();
    const builtSeq = store.seq;
    const findingsRevision = briefs.findingsRevision(state.audience, builtForAt);
    const history = await historyBuilder.build(state.audience, builtForAt);
    const encoded = encode(history);
    const json = JSON.stringify(encoded);
    const builtAt = realTime.now();
    const before = state.history;
    state.history = {
      encoded,
      json,
      dayStartAt: history.dayStartAt,
      builtForAt,
      builtSeq,
      findingsRevision,
      builtAt,
      tookMs: builtAt - began,
    };
    if (before !== undefined && before.json !== json) emitTo(state, 'board:history', encoded);
    return state.history;
  }

  // ---- Subscribing

  function audienceOf({ identity, originals }: Session): AudienceState {
    const scope = identity?.scope;
    return stateOf({ kind: originals ? 'desk' : 'wall', ...(scope === undefined ? {} : { scope }) });
  }

  function stateOf(audience: Audience): AudienceState {
    const key = audienceKey(audience);
    let state = audiences.get(key);
    if (state === undefined) {
      state = {
        audience,
        room: `audience:${key}`,
        written: new Map(),
        history: undefined,
        building: undefined,
        prepared: false,
      };
      audiences.set(key, state);
    }
    return state;
  }

  function writtenFor({ written, audience }: AudienceState, form: BoardForm): WrittenBoard {
    let texts = written.get(form);
    if (texts === undefined) {
      const textOf =
        <T extends Ticket | Alert>(project: (item: T) => T | undefined, pack: (item: T) => unknown) =>
        (item: T) => {
          const seen = project(item);
          return seen && JSON.stringify((form === 'rows' ? pack(seen) : undefined) ?? encode(seen));
        };
      texts = {
        tickets: createBoardTexts(
          board.tickets,
          textOf((ticket) => projection.projectTicket(ticket, audience), packTicket),
        ),
        alerts: createBoardTexts(
          board.alerts,
          textOf((alert) => projection.projectAlert(alert, audience), packAlert),
        ),
      };
      written.set(form, texts);
    }
    return texts;
  }

  async function writeBoard(state: AudienceState, form: BoardForm): Promise<void> {
    const { tickets, alerts } = writtenFor(state, form);
    await tickets.writeAll();
    await alerts.writeAll();
  }

  /** The events that a wall missed; undefined where it must start over from a snapshot. */
  function missedBy({ epoch: theirEpoch, seq }: SubscribeRequest): readonly Kept[] | undefined {
    if (theirEpoch !== epoch || seq === undefined || seq > store.seq) return undefined;
    return store.seq - seq > limits.resumeEvents ? undefined : keptBetween(seq + 1, store.seq);
  }

  /** What happened in a wall's absence and its new board does not tell. */
  function missedIn(gap: Gap, { audience }: AudienceState): Missed {
    function* left(): Generator<TicketFacts> {
      for (const ticket of store.facts()) {
        if (!board.tickets.has(ticket.id) && projection.sees(ticket.location.gridId, audience)) yield ticket;
      }
    }
    const acknowledged = store
      .acknowledgedSince(gap.knownAt)
      .filter((alert) => projection.projectAlert(alert, audience) !== undefined);
    return { ...missedOf(left(), gap, clock.now()), acknowledged: acknowledged.length };
  }

  async function subscribe(
    socket: Socket,
    session: Session,
    request: SubscribeRequest,
    answer: (answer: Encoded<SubscribeAnswer> | WrittenJson) => void,
  ): Promise<void> {
    const state = audienceOf(session);
    // Until the answer: frames that it does not build on would be a gap
    await socket.leave(state.room);
    const form = request.packed === true ? 'rows' : 'objects';
    if (missedBy(request) === undefined) await writeBoard(state, form);
    const { prepared } = state;
    state.prepared = false;
    const { builtSeq } = state.history ?? (await renewHistory(state));
    if (prepared && builtSeq !== store.seq) await renewHistory(state);
    if (!session.open) return;

    // From here to the answer in one turn: nothing can be committed or sent in between, so the next frame is the next event
    sendAllFrames();
    const { encoded: history } = state.history as HistoryState;
    const head = { ok: true as const, epoch, at: encodedNow(), history, clock: clock.state() };
    const missed = missedBy(request);
    void socket.join(state.room);
    if (missed !== undefined) {
      answer({
        ...head,
        kind: 'events',
        fromSeq: (request.seq as number) + 1,
        toSeq: store.seq,
        events: projected(missed, state),
      });
      return;
    }
    const written = writtenFor(state, form);
    const tickets = written.tickets.all();
    const { partTickets } = limits;
    const parts = form === 'rows' && tickets.length > partTickets ? Math.ceil(tickets.length / partTickets) : 0;
    for (let part = 0; part < parts; part += 1) {
      const rows = tickets.slice(part * partTickets, (part + 1) * partTickets);
      const how = part === 0 ? `"packing":${JSON.stringify(encodedPacking)},` : '';
      socket.emit('board:part', new WrittenJson(`{${how}"tickets":[${rows.join(',')}]}`));
    }
    const few = parts > 0 ? [] : tickets;
    const rest: Omit<EncodedSnapshot, 'board'> & {
      readonly board: Omit<EncodedSnapshot['board'], 'tickets' | 'alerts'>;
    } = {
      ...head,
      kind: 'snapshot',
      seq: store.seq,
      ...(request.gap === undefined ? {} : { missed: missedIn(request.gap, state) }),
      board: {
        deployment: encodedDeployment,
        ...encode(projection.projectLoad(board, state.audience)),
        ...(form === 'rows' ? { packing: encodedPacking } : {}),
        ...(parts > 0 ? { parts } : {}),
      },
    };
    const { board: boardRest, ...headRest } = rest;
    const lists = `"tickets":[${few.join(',')}],"alerts":[${written.alerts.all().join(',')}]`;
    answer(
      new WrittenJson(
        `${JSON.stringify(headRest).slice(0, -1)},"board":{${lists},${JSON.stringify(boardRest).slice(1)}}`,
      ),
    );
  }

  function onConnection(socket: Socket, kind: string): void {
    const session = createSession(socket, limits.maxBufferedBytes, (reason, bufferedBytes) => {
      const { clientId, accountId } = session.identity ?? {};
      const who = { clientId, accountId, reason, bufferedBytes };
      log.warn(who, kind === 'wall' ? 'a wall was cut off' : 'a desk was cut off');
    });
    sessions.add(session);
    socket.on('disconnect', () => sessions.delete(session));
    socket.on('board:subscribe', (...args: readonly unknown[]) => {
      // The acknowledgement comes last, and first where a wall forgot the request
      const [input, answer] = typeof args[0] === 'function' ? [undefined, args[0]] : args;
      if (typeof answer !== 'function') return;
      const refuse = (reason: SubscribeRefusal) => {
        const told = reason === 'incompatible' && parts.version !== undefined ? { version: parts.version } : {};
        answer({ ok: false, reason, ...told });
      };
      if (session.identity?.kind !== kind) {
        refuse('unauthorized');
        return;
      }
      const request = decodeSubscribeRequest(input);
      if (!request.ok) {
        refuse(request.reason);
        return;
      }
      session.enqueue(() => subscribe(socket, session, request.value, answer as Parameters<typeof subscribe>[3]));
    });
  }

  const stopListening = store.onCommit(onCommit);
  const closers: (() => void)[] = [];
  let stopPulse = () => {};
  function pulseFromNowOn(): void {
    stopPulse = realTime.after(limits.pulseMs, () => {
      pulseFromNowOn();
      pulse();
    });
  }

  return {
    async prepare() {
      const state = stateOf({ kind: 'wall' });
      await writeBoard(state, 'rows');
      if (state.history !== undefined) return;
      state.prepared = true;
      await renewHistory(state);
    },
    attach(io) {
      for (const [name, kind] of ENTRANCES) {
        const namespace = io.of(name);
        const listener = (socket: Socket) => onConnection(socket, kind);
        namespace.on('connection', listener);
        namespaces.push(namespace);
        closers.push(() => namespace.off('connection', listener));
      }
      pulseFromNowOn();
    },
    close() {
      stopListening();
      stopPulse();
      stopFrame?.();
      for (const close of closers) close();
    },
  };
}
