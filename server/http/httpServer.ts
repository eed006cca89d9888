import { readFileSync } from 'node:fs';
import type { Server as HttpServer } from 'node:http';
import type { Socket } from 'node:net';
import { type Problem, problem } from '../ingest/problem.ts';

/**
 * Not imported: for an import Node.js makes every member of the module at once, its client of the web and HTTP/2 among
 * them, which is fifty milliseconds of each start.
 */
const { createServer, IncomingMessage } = process.getBuiltinModule('node:http');

/** What strangers may hold of the server before anybody knows who they are. Times are real ones. */
export interface ConnectionLimits {
  /** From the connection, or the last answer, to the end of the request's head. */
  readonly headMs: number;
  /** To the end of its body. */
  readonly requestMs: number;
  /** How often the two are looked at. */
  readonly checkEveryMs: number;
  /** Connections that have not sent one whole head yet. One more, and the oldest of them is cut. */
  readonly maxSilent: number;
  /** Connections of all kinds; further ones are closed unheard. */
  readonly maxConnections: number;
}

/** PEM, the certificate with its chain. */
export interface Tls {
  readonly certificate: Buffer;
  readonly key: Buffer;
}

/** Left for files and for connections on their way in and out. */
const OTHER_OPEN_FILES = 256;
const MOST_CONNECTIONS = 10_000;
/** What Linux grants a process at least, where it cannot be asked. */
const USUAL_OPEN_FILES = 1024;

/** Node raises the soft limit to the hard one as it starts, so what stands here is what there is. */
function openFilesLimit(): number {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1')) ?? [];
    return soft === undefined ? USUAL_OPEN_FILES : Number(soft);
  } catch {
    return USUAL_OPEN_FILES;
  }
}

/** A connection takes a file; a store that cannot open its next file would have to stop. */
function connectionLimits(given: Partial<ConnectionLimits>): ConnectionLimits {
  return {
    headMs: 10_000,
    requestMs: 30_000,
    checkEveryMs: 1000,
    maxSilent: 500,
    maxConnections: Math.max(100, Math.min(MOST_CONNECTIONS, openFilesLimit() - OTHER_OPEN_FILES)),
    ...given,
  };
}

/**
 * The server's HTTP listener, without any handler yet. Heads and bodies that dribble in are answered 408, what is no
 * HTTP 400, too long a head 431, each as a problem; of connections that say nothing only the newest are kept, so that
 * any number of them leaves room for those who speak. With a certificate it speaks TLS, 1.2 or later, and nothing else.
 */
export function createHttpServer(given: Partial<ConnectionLimits> = {}, tls?: Tls): HttpServer {
  const limits = connectionLimits(given);
  /** In order of their coming, by their other end: over TLS a request knows another object than the connection that came in. */
  const silent = new Map<string, Socket>();
  const otherEndOf = ({ remoteAddress, remotePort }: Socket) => `${remoteAddress} ${remotePort}`;

  /** Made when a whole head has arrived. */
  class HeardRequest extends IncomingMessage {
    constructor(socket: Socket) {
      super(socket);
      silent.delete(otherEndOf(socket));
    }
  }

  const options = {
    IncomingMessage: HeardRequest,
    headersTimeout: limits.headMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: limits.checkEveryMs,
  };
  const server: HttpServer =
    tls === undefined
      ? createServer(options)
      : process
          .getBuiltinModule('node:https')
          .createServer({ ...options, cert: tls.certificate, key: tls.key, minVersion: 'TLSv1.2' });
  server.maxConnections = limits.maxConnections;
  server.on('connection', (socket) => {
    const otherEnd = otherEndOf(socket);
    silent.set(otherEnd, socket);
    socket.once('close', () => {
      if (silent.get(otherEnd) === socket) silent.delete(otherEnd);
    });
    if (silent.size <= limits.maxSilent) return;
    const [oldest] = silent;
    if (oldest === undefined) return;
    oldest[1].destroy();
    silent.delete(oldest[0]);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
    else socket.end(bareAnswer(problemOfParser(error.code)), () => socket.destroy());
  });
  return server;
}

function problemOfParser(code: string | undefined): Problem {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return problem('timeout');
    case 'HPE_HEADER_OVERFLOW':
      return problem('headers_too_large');
    default:
      return problem('malformed_request');
  }
}

/** There is no request to answer to, so the answer is written by hand. */
function bareAnswer(refused: Problem): string {
  const body = JSON.stringify(refused);
  return [
    `HTTP/1.1 ${refused.status} ${refused.code}`,
    'Connection: close',
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}
