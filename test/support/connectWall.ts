import { io, type Socket } from 'socket.io-client';

/** Every answer and frame of a wall, as they came off the wire. */
export interface TestWall {
  readonly socket: Socket;
  // biome-ignore lint/suspicious/noExplicitAny: wire values of several shapes, checked by the tests that read them
  readonly frames: any[];
  // biome-ignore lint/suspicious/noExplicitAny: the same
  subscribe(request?: Record<string, unknown>): Promise<any>;
  /** Settles once a frame reaches this seq. */
  reached(seq: number): Promise<void>;
  close(): void;
}

/** Connects to a namespace of the server; rejects with the server's word where it is refused. */
export function connectSocket(
  url: string,
  namespace: string,
  auth: Record<string, unknown> = {},
  extraHeaders: Record<string, string> = {},
  query: Record<string, string> = {},
): Promise<Socket> {
  const options = { auth, extraHeaders, query, transports: ['websocket'], forceNew: true, reconnection: false };
  const socket = io(`${url}${namespace}`, options);
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket));
    socket.once('connect_error', (error) => {
      socket.close();
      reject(error);
    });
  });
}

/** A wall without a screen. */
export async function connectWall(url: string, token: string): Promise<TestWall> {
  const socket = await connectSocket(url, '/wall', { token });
  const frames: { readonly toSeq: number }[] = [];
  let arrived = () => {};
  socket.on('board:events', (frame: { readonly toSeq: number }) => {
    frames.push(frame);
    arrived();
  });
  return {
    socket,
    frames,
    subscribe: (request = { protocol: 1 }) => socket.emitWithAck('board:subscribe', request),
    reached: (seq) =>
      new Promise((resolve) => {
        arrived = () => {
          if ((frames.at(-1)?.toSeq ?? 0) >= seq) resolve();
        };
        arrived();
      }),
    close: () => socket.close(),
  };
}
