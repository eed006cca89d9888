import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { io as connectSocket, type Socket } from 'socket.io-client';
import { onTestFinished } from 'vitest';
import type { Deployment } from '../../domain/deployment.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { evolve, initialWallState, type WallState } from '../../domain/wallState.ts';
import {
  type BoardReader,
  createBoardReader,
  decodeEventFrame,
  decodeHistory,
  decodePulse,
} from '../../protocol/decode.ts';
import type { EventFrame, Pulse, SubscribeAnswer, WallHistory } from '../../protocol/wire.ts';
import { createHub, type HubLimits } from '../../server/live/hub.ts';
import { createProjection } from '../../server/live/projection.ts';
import type { WallIdentity } from '../../server/live/session.ts';
import { handWorkingTime, smallDeployment } from './domainBuilders.ts';
import { type OpenedStore, openStore, temporaryFolder } from './openStore.ts';

export interface RunningHub extends OpenedStore {
  readonly url: string;
  /** Warnings of the hub. */
  readonly warnings: { readonly reason?: string }[];
  /** The board as a wall of this scope should show it. */
  expectedBoard(scope?: string): Ticket[];
  connect(identity?: Partial<WallIdentity>): Promise<TestWall>;
  prepare(): Promise<void>;
}

export interface HubOptions {
  readonly deployment?: Partial<Deployment>;
  readonly limits?: Partial<HubLimits>;
  readonly directory?: string;
}

/** A store and a hub behind a bare Socket.IO server on a free port; the handshake's `identity` is believed. */
export async function startHub({ deployment, limits, directory }: HubOptions = {}): Promise<RunningHub> {
  const opened = await openStore(
    directory ?? (await temporaryFolder()),
    deployment === undefined ? {} : { deployment },
  );
  const full = smallDeployment(deployment);
  const warnings: { reason?: string }[] = [];
  const hub = createHub({
    store: opened.store,
    deployment: full,
    working: handWorkingTime(),
    clock: opened.clock,
    registry: { strip: () => [{ id: '网格员', kind: 'demo', state: 'live', lastEventAt: null, ageMs: null }] },
    findings: { of: () => undefined },
    log: { warn: (fields: object) => warnings.push(fields) } as never,
    limits: { partTickets: 3, ...limits },
  });
  const httpServer = createServer();
  const io = new Server(httpServer, { transports: ['websocket'] });
  io.of('/wall').use((socket, next) => {
    const { identity } = socket.handshake.auth as { identity?: WallIdentity };
    if (identity !== undefined) socket.data.identity = identity;
    next();
  });
  hub.attach(io);
  httpServer.listen(0, '127.0.0.1');
  await once(httpServer, 'listening');
  const url = `http://127.0.0.1:${(httpServer.address() as AddressInfo).port}`;
  const walls: TestWall[] = [];
  onTestFinished(async () => {
    for (const wall of walls) wall.socket.disconnect();
    hub.close();
    await io.close();
    await opened.store.close();
  });
  const projection = createProjection(full);
  return {
    ...opened,
    url,
    warnings,
    prepare: hub.prepare,
    expectedBoard: (scope) =>
      [...opened.store.board.tickets.values()].flatMap(
        (ticket) => projection.projectTicket(ticket, { kind: 'wall', ...(scope === undefined ? {} : { scope }) }) ?? [],
      ),
    async connect(identity = {}) {
      const wall = await connectTestWall(url, { kind: 'wall', clientId: 'w1', name: 'hall', ...identity });
      walls.push(wall);
      return wall;
    },
  };
}

/** A wall without a screen: decodes everything, keeps the board, and minds the rules of docs/wire.md. */
export interface TestWall {
  readonly socket: Socket;
  readonly board: WallState;
  readonly epoch: string | undefined;
  readonly seq: number;
  readonly frames: EventFrame[];
  readonly pulses: Pulse[];
  readonly histories: WallHistory[];
  /** Breaches of contiguity seen. */
  readonly gaps: number;
  /** What the server answers to any request. */
  ask(request: unknown): Promise<SubscribeAnswer>;
  /** Subscribes from where it stands and takes up the answer. */
  subscribe(): Promise<SubscribeAnswer>;
  tickets(): Ticket[];
  reconnect(): Promise<void>;
}

async function connectTestWall(url: string, identity: WallIdentity): Promise<TestWall> {
  const socket = connectSocket(`${url}/wall`, {
    transports: ['websocket'],
    auth: { identity },
    forceNew: true,
    reconnection: false,
  });
  let board = initialWallState();
  let epoch: string | undefined;
  let seq = 0;
  let gaps = 0;
  let subscribed = false;
  const frames: EventFrame[] = [];
  const pulses: Pulse[] = [];
  const histories: WallHistory[] = [];
  function take<T>(decoded: { ok: true; value: T } | { ok: false; reason: string }): T {
    if (!decoded.ok) throw new Error(decoded.reason);
    return decoded.value;
  }
  /** Of requests without an answer yet, in their order. */
  let asking: BoardReader[] = [];
  let subscribing: Promise<SubscribeAnswer> | undefined;
  socket.on('board:events', (raw) => {
    const frame = take(decodeEventFrame(raw));
    frames.push(frame);
    if (asking.length > 0) return;
    if (!subscribed || frame.epoch !== epoch || frame.fromSeq !== seq + 1) {
      gaps += 1;
      return;
    }
    for (const event of frame.events) evolve(board, event);
    seq = frame.toSeq;
  });
  socket.on('board:part', (raw) => asking[0]?.part(raw));
  socket.on('board:pulse', (raw) => pulses.push(take(decodePulse(raw))));
  socket.on('board:history', (raw) => histories.push(take(decodeHistory(raw))));
  socket.on('disconnect', () => {
    subscribed = false;
    subscribing = undefined;
    asking = [];
  });
  function ask(request: unknown): Promise<SubscribeAnswer> {
    const reader = createBoardReader();
    asking.push(reader);
    return new Promise((resolve) => {
      socket.emit('board:subscribe', request, (raw: unknown) => {
        asking.shift();
        const answer = take(reader.answer(raw));
        // Taken up in the same turn, so that no frame comes in between
        if (answer.ok) {
          histories.push(answer.history);
          if (answer.kind === 'snapshot') {
            const { tickets, alerts, raises, flood, canary } = answer.board;
            board = initialWallState(tickets, alerts, raises, flood, canary);
            seq = answer.seq;
          } else {
            if (answer.fromSeq !== seq + 1 || answer.epoch !== epoch) gaps += 1;
            for (const event of answer.events) evolve(board, event);
            seq = answer.toSeq;
          }
          epoch = answer.epoch;
          subscribed = true;
        }
        resolve(answer);
      });
    });
  }
  async function connected(): Promise<void> {
    if (!socket.connected) await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  }
  await connected();
  return {
    socket,
    get board() {
      return board;
    },
    get epoch() {
      return epoch;
    },
    get seq() {
      return seq;
    },
    get gaps() {
      return gaps;
    },
    frames,
    pulses,
    histories,
    ask,
    subscribe() {
      subscribing ??= ask({ protocol: 1, packed: true, ...(epoch === undefined ? {} : { epoch, seq }) }).then(
        (answer) => {
          subscribing = undefined;
          return answer;
        },
      );
      return subscribing;
    },
    tickets: () => [...board.tickets.values()],
    async reconnect() {
      socket.connect();
      await connected();
    },
  };
}
