import { connect, type Socket } from 'node:net';

/** One keep-alive connection that sends a request at a time; as little work on this side as can be. */
export interface HttpConnection {
  post(path: string, body: string): Promise<{ readonly status: number; readonly text: () => string }>;
  close(): void;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

const HEAD_END = Buffer.from('\r\n\r\n');

export async function openConnection(port: number, token: string): Promise<HttpConnection> {
  const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  let answered: ((answer: { status: number; text: () => string }) => void) | undefined;
  let failed: ((error: Error) => void) | undefined;
  let received: Buffer = Buffer.alloc(0);
  socket.on('data', (bytes) => {
    received = received.length === 0 ? bytes : Buffer.concat([received, bytes]);
    const headEnd = received.indexOf(HEAD_END);
    if (headEnd === -1) return;
    const head = received.toString('latin1', 0, headEnd);
    const length = /^content-length: *(\d+)/im.exec(head)?.[1];
    const chunkedEnd = length === undefined && received.subarray(-5).toString('latin1') === '0\r\n\r\n';
    const whole = length === undefined ? chunkedEnd : received.length >= headEnd + 4 + Number(length);
    if (!whole) return;
    const body = received.subarray(headEnd + 4);
    received = Buffer.alloc(0);
    const tell = answered;
    answered = undefined;
    tell?.({ status: Number(head.slice(9, 12)), text: () => textOf(body, length === undefined) });
  });
  socket.on('error', (error) => failed?.(error));
  socket.on('close', () => failed?.(new Error('the server closed the connection')));
  const head =
    `Host: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n` +
    'Connection: keep-alive\r\nContent-Length: ';
  return {
    post: (path, body) =>
      new Promise((resolve, reject) => {
        if (socket.destroyed) {
          reject(new Error('the server has closed the connection'));
          return;
        }
        answered = resolve;
        failed = reject;
        socket.write(`POST ${path} HTTP/1.1\r\n${head}${Buffer.byteLength(body)}\r\n\r\n${body}`);
      }),
    close() {
      failed = undefined;
      socket.destroy();
    },
  };
}

/** Of a chunked body the chunks, which are few and whole here. */
function textOf(body: Buffer, chunked: boolean): string {
  if (!chunked) return body.toString('utf8');
  const parts: Buffer[] = [];
  let from = 0;
  for (;;) {
    const lineEnd = body.indexOf('\r\n', from);
    const size = Number.parseInt(body.toString('latin1', from, lineEnd), 16);
    if (!(size > 0)) return Buffer.concat(parts).toString('utf8');
    parts.push(body.subarray(lineEnd + 2, lineEnd + 2 + size));
    from = lineEnd + 2 + size + 2;
  }
}

/** A closed loop: each connection posts its next body when the last one is answered. Times are ms. */
export async function postAll(options: {
  readonly port: number;
  readonly token: string;
  readonly path: string;
  readonly connections: number;
  readonly bodies: readonly string[];
  readonly expected: number;
}): Promise<{ readonly tookMs: number; readonly latencies: number[] }> {
  const { port, token, path, connections, bodies, expected } = options;
  const open = await Promise.all(Array.from({ length: connections }, () => openConnection(port, token)));
  const latencies: number[] = [];
  let next = 0;
  const startedAt = performance.now();
  await Promise.all(
    open.map(async (connection) => {
      while (next < bodies.length) {
        const body = bodies[next] as string;
        next += 1;
        const sentAt = performance.now();
        const { status } = await connection.post(path, body);
        if (status !== expected) throw new Error(`${path} answered ${status} where ${expected} was expected`);
        latencies.push(performance.now() - sentAt);
      }
    }),
  );
  const tookMs = performance.now() - startedAt;
  for (const connection of open) connection.close();
  return { tookMs, latencies };
}

/** An open loop: `perSecond` bodies spread evenly over the time, in batches where that is faster than a timer. */
export async function postSteadily(options: {
  readonly port: number;
  readonly token: string;
  readonly perSecond: number;
  readonly seconds: number;
  readonly body: () => Record<string, unknown>;
  /** When a report was sent, and the event it became; asked for one by one, not for batches. */
  readonly onAnswer?: ((sentMs: number, seq: number) => void) | undefined;
}): Promise<number> {
  const { port, token, perSecond, seconds, body, onAnswer } = options;
  const everyMs = Math.max(10, 1000 / perSecond);
  const connections = await Promise.all(Array.from({ length: 8 }, () => openConnection(port, token)));
  const free = [...connections];
  const startedAt = performance.now();
  const underway = new Set<Promise<void>>();
  let sent = 0;
  for (let tick = 1; tick * everyMs <= seconds * 1000; tick += 1) {
    const waitMs = startedAt + tick * everyMs - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    const due = Math.round((tick * everyMs * perSecond) / 1000) - sent;
    // In turns: the server closes one that is idle for 5 s, so below two a second there would have to be fewer
    const connection = free.shift();
    if (due <= 0 || connection === undefined) continue;
    sent += due;
    const rows = Array.from({ length: due }, () => body());
    const path = due === 1 ? '/api/v1/tickets' : '/api/v1/tickets/batch';
    const sentMs = performance.now();
    const post = connection.post(path, JSON.stringify(due === 1 ? rows[0] : rows)).then(({ status, text }) => {
      if (status >= 300) throw new Error(`${path} answered ${status}`);
      free.push(connection);
      underway.delete(post);
      if (onAnswer !== undefined && due === 1) onAnswer(sentMs, (JSON.parse(text()) as { seq: number }).seq);
    });
    underway.add(post);
  }
  await Promise.all(underway);
  for (const connection of connections) connection.close();
  return sent;
}
