import type { Socket } from 'socket.io';

/** What the handshake found out about a wall, or about somebody of the staff at a desk (`socket.data.identity`). */
export interface WallIdentity {
  readonly kind: string;
  readonly clientId?: string;
  readonly accountId?: string;
  readonly name?: string;
  readonly scope?: string;
}

/** What the handshake leaves on a socket. */
export interface SocketData {
  readonly identity?: WallIdentity;
  /** Whether it may see personal originals; never a wall. */
  readonly originals?: boolean;
}

export type CutReason = 'tooSlow' | 'tooManyRequests';

/** Requests of one wall that may wait for their answer; a wall has no reason to ask again before it. */
const MAX_WAITING_REQUESTS = 4;

/** The parts of engine.io's socket and its transport that tell how much a wall has yet to read. */
interface Connection {
  readonly writeBuffer?: readonly { readonly data?: unknown }[];
  readonly transport?: {
    readonly socket?: {
      readonly bufferedAmount?: number;
      /** Node's own look at how much of a message has left (its idle timers use it): a message counts as a whole until all has. */
      readonly _socket?: { readonly _handle?: { readonly writeQueueSize?: number } | null };
      terminate?(): void;
    };
  };
}

/** One wall's connection, from the handshake to its end. */
export interface Session {
  readonly identity: WallIdentity | undefined;
  readonly originals: boolean;
  readonly open: boolean;
  /** Requests are worked off one after the other. Too many waiting, or too much unread already, ends the session. */
  enqueue(work: () => Promise<void>): void;
  /** Looks how much is waiting to be read; ends the session when that was over the bound at the last look too and has not become less. */
  checkReading(): void;
}

export function createSession(
  socket: Socket,
  maxBufferedBytes: number,
  onCut: (reason: CutReason, bufferedBytes: number) => void,
): Session {
  const { identity, originals = false } = socket.data as SocketData;
  let waiting = 0;
  let last: Promise<void> = Promise.resolve();
  /** Of the last look, where it was over the bound. */
  let before: { readonly buffered: number; readonly leaving: number } | undefined;

  function bufferedBytes(): number {
    const connection = socket.conn as unknown as Connection;
    let bytes = connection.transport?.socket?.bufferedAmount ?? 0;
    for (const { data } of connection.writeBuffer ?? []) if (typeof data === 'string') bytes += data.length;
    return bytes;
  }

  function leavingBytes(): number {
    const { transport } = socket.conn as unknown as Connection;
    return transport?.socket?._socket?._handle?.writeQueueSize ?? 0;
  }

  function cut(reason: CutReason): void {
    onCut(reason, bufferedBytes());
    const { transport } = socket.conn as unknown as Connection;
    // A polite end would wait behind everything that is not being read
    if (transport?.socket?.terminate !== undefined) transport.socket.terminate();
    else socket.conn.close(true);
  }

  return {
    identity,
    originals,
    get open() {
      return socket.connected;
    },
    enqueue(work) {
      if (waiting >= MAX_WAITING_REQUESTS) {
        cut('tooManyRequests');
        return;
      }
      // An answer is a whole board: whoever asks without reading would fill memory from one look to the next
      if (bufferedBytes() > maxBufferedBytes) {
        cut('tooSlow');
        return;
      }
      waiting += 1;
      last = last.then(work).finally(() => {
        waiting -= 1;
      });
    },
    checkReading() {
      const buffered = bufferedBytes();
      if (buffered <= maxBufferedBytes) {
        before = undefined;
        return;
      }
      // A board can be larger than the bound: only one of which nothing leaves is not being read
      const leaving = leavingBytes();
      if (before !== undefined && buffered >= before.buffered && leaving >= before.leaving) cut('tooSlow');
      before = { buffered, leaving };
    },
  };
}
