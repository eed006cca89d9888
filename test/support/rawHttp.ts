import { connect, type Socket } from 'node:net';

/** A TCP connection that says what it is told to, and keeps what it hears. */
export interface RawConnection {
  readonly socket: Socket;
  write(text: string | Buffer): void;
  /** Everything heard, once the other side has closed. */
  readonly closed: Promise<string>;
}

export async function rawConnection(url: string): Promise<RawConnection> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let heard = '';
  socket.setEncoding('utf8').on('data', (text) => {
    heard += text;
  });
  // A reset is one way to be closed
  socket.on('error', () => {});
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(heard)));
  await new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  return { socket, write: (text) => void socket.write(text), closed };
}

/** Status and body of an answer as it came. */
// biome-ignore lint/suspicious/noExplicitAny: tests reach into it and fail where the shape is wrong
export function answerIn(heard: string): { readonly status: number; readonly head: string; readonly body: any } {
  const [head = '', body = ''] = heard.split('\r\n\r\n');
  return {
    status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]),
    head,
    body: body === '' ? undefined : JSON.parse(body),
  };
}
