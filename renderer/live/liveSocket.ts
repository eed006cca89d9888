import type { Manager, Socket } from 'socket.io-client';
import { io } from 'socket.io-client';
import { type Encoded, PROTOCOL_VERSION, type SubscribeRequest, type WallReport } from '../../protocol/wire.ts';

/** The part of a Socket.IO client socket that the connection uses; a test hands in its own. */
export interface LiveSocket {
  on(event: string, listener: (...values: never[]) => void): unknown;
  emit(event: 'board:subscribe', request: Encoded<SubscribeRequest>, answer: (answer: unknown) => void): unknown;
  /** Not kept for later where there is no link. */
  readonly volatile: { emit(event: 'wall:report', report: WallReport): unknown };
  connect(): unknown;
  disconnect(): unknown;
  readonly io: { on(event: 'reconnect_attempt', listener: (attempt: number) => void): unknown };
}

/** Opens a socket, websocket only, trying again for ever with at most 2 s in between. */
function openLiveSocket(address: string, auth: { readonly token?: string }): LiveSocket {
  const socket: Socket = io(address, {
    transports: ['websocket'],
    auth,
    reconnectionDelay: 250,
    reconnectionDelayMax: 2000,
    timeout: 5000,
    forceNew: true,
    autoConnect: false,
  });
  return socket as unknown as LiveSocket & { io: Manager };
}

/** The socket of `/wall`. */
export function openWallSocket(serverUrl: string, token: string): LiveSocket {
  return openLiveSocket(`${serverUrl}/wall`, { token });
}

/** The socket of `/desk`; the session's cookie, which no script can read, goes with it. */
export function openDeskSocket(serverUrl: string): LiveSocket {
  return openLiveSocket(`${serverUrl}/desk`, {});
}

/** All that a connection listens to. */
const HEARD = [
  'connect',
  'disconnect',
  'connect_error',
  'board:part',
  'board:events',
  'board:pulse',
  'board:history',
  'wall:command',
] as const;

/**
 * Connects, and asks for the board, before there is anything to show it: the server answers while the page is still read
 * and compiled. Whoever connects to what is returned hears all that has come, in its order, and then the rest; its first
 * request is the one that is under way.
 */
export function askAhead(socket: LiveSocket, screens: NonNullable<SubscribeRequest['screens']>): LiveSocket {
  const listeners = new Map<string, (...values: never[]) => void>();
  let kept: (() => void)[] | undefined = [];
  let asked = false;
  let adopted = false;
  let answered = false;
  let takeAnswer: ((answer: unknown) => void) | undefined;
  const hear = (run: () => void) => {
    if (kept === undefined) run();
    else kept.push(run);
  };
  socket.on('connect', () => {
    if (asked) return;
    asked = true;
    const request = { protocol: PROTOCOL_VERSION, packed: true, screens: [...screens] };
    socket.emit('board:subscribe', request, (answer) =>
      hear(() => {
        answered = true;
        const take = takeAnswer;
        takeAnswer = undefined;
        take?.(answer);
      }),
    );
  });
  for (const event of HEARD) {
    socket.on(event, (...values) =>
      hear(() => {
        // Parts of an answer that nobody takes
        if (event === 'board:part' && !adopted && !answered) return;
        // Its answer will not come any more; what takes it holds the parts that came
        if (event === 'disconnect') takeAnswer = undefined;
        listeners.get(event)?.(...values);
      }),
    );
  }
  socket.connect();
  return {
    on: (event, listener) => listeners.set(event, listener),
    emit(event, request, answer) {
      const isTheSame = request.seq === undefined && request.gap === undefined;
      if (adopted || !asked || !isTheSame) return socket.emit(event, request, answer);
      adopted = true;
      takeAnswer = answer;
      return socket;
    },
    volatile: socket.volatile,
    connect() {
      if (kept === undefined) return socket.connect();
      // Whoever connects has finished then, and hears nothing while it is still being put together
      queueMicrotask(() => {
        const runs = kept ?? [];
        kept = undefined;
        for (const run of runs) run();
      });
      return socket;
    },
    disconnect: () => socket.disconnect(),
    io: socket.io,
  };
}
