import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect, type Socket as TcpSocket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { problemBody } from '../../server/http/problemBody.ts';
import { createAllowances } from '../../server/ingest/allowance.ts';
import { createSession } from '../../server/live/session.ts';
import { ticketIn } from '../support/builders.ts';
import { connectSocket, connectWall } from '../support/connectWall.ts';
import { folderForTest, startOn } from '../support/faultyServer.ts';
import { plainClient } from '../support/plainClient.ts';
import { answerIn, rawConnection } from '../support/rawHttp.ts';
import { startServer, type TestServer, type TestServerOptions } from '../support/startServer.ts';

vi.setConfig({ testTimeout: 60_000 });

let closers: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  closers = [];
});

async function serverWith(options: TestServerOptions): Promise<TestServer> {
  const server = await startServer(options);
  closers.push(() => server.close());
  return server;
}

/** Somebody else's ticket, posted meanwhile, and how long its answer took. */
async function neighbour(url: string, token: string): Promise<number> {
  const client = plainClient(url, token);
  const before = performance.now();
  const { status } = await client.send('POST', '/api/v1/tickets', ticketIn());
  client.close();
  expect(status).toBe(201);
  return performance.now() - before;
}

/** Of a process of this machine, in MiB. */
function residentMebibytes(pid: number): number {
  const [, kibibytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? [];
  return Number(kibibytes) / 1024;
}

describe('senders that take their time', () => {
  const connections = { headMs: 300, requestMs: 600, checkEveryMs: 50 };

  it.each([
    ['a head that dribbles in', 'POST /api/v1/tickets HTTP/1.1\r\nHost: x\r\nX-Slow: '],
    ['half a line', 'POS'],
  ])('%s: 408 as a problem', async (_what, said) => {
    const { url } = await serverWith({ connections });
    const slow = await rawConnection(url);
    slow.write(said);
    const { status, head, body } = answerIn(await slow.closed);
    expect(status).toBe(408);
    expect(head).toContain('application/problem+json');
    expect(problemBody.parse(body).code).toBe('timeout');
  });

  it('a body that dribbles in: 408, nothing stored, nobody else waits', async () => {
    const server = await serverWith({ connections });
    const { token } = await server.makeClient('source');
    const slow = await rawConnection(server.url);
    slow.write(
      `POST /api/v1/tickets HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"source":"grid",`,
    );
    await neighbour(server.url, (await server.makeClient('source')).token);
    expect(answerIn(await slow.closed)).toMatchObject({ status: 408, body: { code: 'timeout' } });
    expect(server.store.seq).toBe(1);
  });

  it('nothing at all: closed', async () => {
    const { url } = await serverWith({ connections });
    const silent = await rawConnection(url);
    await silent.closed;
  });

  it('what is no HTTP: 400; a head without end: 431', async () => {
    const { url } = await serverWith({});
    const other = await rawConnection(url);
    other.write('EHLO wall.example\r\n\r\n');
    expect(answerIn(await other.closed)).toMatchObject({ status: 400, body: { code: 'malformed_request' } });
    const long = await rawConnection(url);
    long.write(`GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(answerIn(await long.closed)).toMatchObject({ status: 431, body: { code: 'headers_too_large' } });
  });

  it('a socket that enters no namespace is closed', async () => {
    const { url } = await serverWith({});
    const socket = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
    await new Promise((resolve) => socket.addEventListener('open', resolve));
    const before = performance.now();
    await new Promise((resolve) => socket.addEventListener('close', resolve));
    expect(performance.now() - before).toBeLessThan(10_000);
  });
});

describe('10,000 connections that say nothing', () => {
  /** Two ends in two processes; the limit is ours, the server keeps few. */
  const openFiles = Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1]);
  const count = Math.min(10_000, openFiles - 1000);

  it(`${count} of them, as many as ${openFiles} open files allow: the others are answered, memory stays`, async () => {
    const server = await startOn(`${folderForTest()}/data`);
    const { token } = await server.makeClient('source');
    const { port } = new URL(server.url);
    const pid = server.process.child.pid as number;
    await neighbour(server.url, token);
    const before = residentMebibytes(pid);
    const silent = new Set<TcpSocket>();
    onTestFinished(() => {
      for (const socket of silent) socket.destroy();
    });
    let waits: number[] = [];
    for (let opened = 0; opened < count; ) {
      const until = Math.min(count, opened + 250);
      const connecting: Promise<void>[] = [];
      for (; opened < until; opened += 1) {
        const socket = connect(Number(port), '127.0.0.1');
        silent.add(socket);
        connecting.push(
          new Promise((resolve) => {
            socket.once('connect', () => resolve());
            // The server lets go of the oldest
            socket.on('error', () => resolve());
          }),
        );
      }
      await Promise.all(connecting);
      if (opened % 1000 === 0) waits.push(await neighbour(server.url, token));
    }
    waits = waits.sort((a, b) => a - b);
    expect(waits[Math.floor(waits.length / 2)], `waits ${waits.map(Math.round)}`).toBeLessThan(500);
    expect(residentMebibytes(pid) - before).toBeLessThan(100);
    const stillOpen = [...silent].filter((socket) => socket.readyState === 'open').length;
    expect(stillOpen).toBeLessThan(2000);
    expect(server.process.child.exitCode).toBeNull();
  });
});

describe('a source that floods', () => {
  it('an allowance is spent, refused with how long to wait, and grows again', () => {
    let at = 0;
    const allowances = createAllowances({ perSecond: 10, burst: 20 }, () => at);
    expect(allowances.spend('a', 20)).toEqual({ ok: true });
    expect(allowances.spend('a', 1)).toEqual({ ok: false, waitMs: 100 });
    expect(allowances.spend('b', 20)).toEqual({ ok: true });
    at = 99;
    expect(allowances.spend('a', 1)).toEqual({ ok: false, waitMs: 1 });
    at = 100;
    expect(allowances.spend('a', 1)).toEqual({ ok: true });
    at = -3_600_000;
    expect(allowances.spend('a', 1), 'a clock set back gives nothing').toEqual({ ok: false, waitMs: 100 });
    at = 3_600_000;
    expect(allowances.spend('a', 20)).toEqual({ ok: true });
    expect(allowances.spend('a', 1).ok).toBe(false);
    for (let i = 0; i < 5000; i += 1) expect(allowances.spend(`client ${i}`, 1).ok).toBe(true);
  });

  it('is told 429 with Retry-After over HTTP, counted in the status, and takes nothing from others', async () => {
    const server = await serverWith({ perSender: { perSecond: 50, burst: 1000 } });
    const flooding = await server.makeClient('source');
    const { token } = await server.makeClient('source');
    const rows = Array.from({ length: 1000 }, () => ticketIn());
    const post = (path: string, body: unknown) => server.request('POST', path, { token: flooding.token, body });
    expect((await post('/api/v1/tickets/batch', rows)).status).toBe(200);
    const { seq } = server.store;
    for (const [path, body] of [
      ['/api/v1/tickets/batch', rows],
      ['/api/v1/tickets/batch', rows.slice(500)],
    ] as const) {
      const refused = await post(path, body);
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect(problemBody.parse(refused.body)).toMatchObject({ code: 'rate_limited', retryAfterMs: expect.any(Number) });
    }
    expect(server.store.seq).toBe(seq);
    await neighbour(server.url, token);
    const row = server.registry.rows().find(({ id }) => id === flooding.id);
    expect(row).toMatchObject({ accepted: 1000, rejected: { rate_limited: 2 } });
  });

  it('single tickets and steps spend it too, over both ways in together', async () => {
    const server = await serverWith({ perSender: { perSecond: 0.001, burst: 4 } });
    const { token } = await server.makeClient('source');
    const feed = await connectSocket(server.url, '/feed', { token });
    closers.push(() => void feed.close());
    const post = (path: string, body: unknown) => server.request('POST', path, { token, body });
    expect((await post('/api/v1/tickets', ticketIn({ id: 'A' }))).status).toBe(201);
    expect((await post('/api/v1/tickets/A/steps', { step: 'handle' })).status).toBe(201);
    expect(await feed.emitWithAck('ticket:report', ticketIn({ id: 'B' }))).toMatchObject({ ok: true });
    expect(await feed.emitWithAck('ticket:step', { ticketId: 'B', step: 'handle' })).toMatchObject({ ok: true });
    const refused = { status: 429, code: 'rate_limited', retryAfterMs: expect.any(Number) };
    expect((await post('/api/v1/tickets', ticketIn({ id: 'C' }))).body).toMatchObject(refused);
    expect((await post('/api/v1/tickets/A/steps', { step: 'close' })).body).toMatchObject(refused);
    expect(await feed.emitWithAck('ticket:report', ticketIn({ id: 'C' }))).toMatchObject({
      ok: false,
      problem: refused,
    });
    expect(await feed.emitWithAck('ticket:step', { ticketId: 'A', step: 'close' })).toMatchObject({
      ok: false,
      problem: refused,
    });
    expect(server.store.board.tickets.has('C')).toBe(false);
  });

  it('30,000 reports over /feed without waiting: refused beyond the bound, memory stays, a neighbour is served', async () => {
    const server = await startOn(`${folderForTest()}/data`);
    const flooding = await connectSocket(server.url, '/feed', { token: (await server.makeClient('source')).token });
    closers.push(() => void flooding.close());
    const { token } = await server.makeClient('source');
    await neighbour(server.url, token);
    const pid = server.process.child.pid as number;
    const before = residentMebibytes(pid);
    const outcomes: Record<string, number> = {};
    let answered = 0;
    const waits: number[] = [];
    for (let sent = 0; sent < 30_000; sent += 1) {
      flooding.emit('ticket:report', ticketIn(), (answer: { ok: boolean; problem?: { code: string } }) => {
        const outcome = answer.ok ? 'taken' : (answer.problem?.code ?? '');
        outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
        answered += 1;
      });
      if (sent % 500 === 0) await setImmediate();
      if (sent % 10_000 === 5000) waits.push(await neighbour(server.url, token));
    }
    await expect.poll(() => answered, { timeout: 50_000 }).toBe(30_000);
    expect(Object.keys(outcomes).sort()).toEqual(expect.arrayContaining(['taken', 'too_many_requests']));
    expect(Math.max(...waits), `waits ${waits.map(Math.round)}`).toBeLessThan(5000);
    expect(residentMebibytes(pid) - before).toBeLessThan(400);
    const { body } = await server.admin.send('GET', '/api/v1/tickets?limit=1');
    expect(body.total).toBe((outcomes.taken ?? 0) + 1 + waits.length);
  });
});

describe('sockets that send what they should not', () => {
  async function feedOf(server: TestServer) {
    const { token } = await server.makeClient('source');
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
    closers.push(() => socket.close());
    const heard: string[] = [];
    socket.addEventListener('message', ({ data }) => heard.push(String(data)));
    await new Promise((resolve) => socket.addEventListener('open', resolve));
    socket.send(`40/feed,${JSON.stringify({ token })}`);
    await expect.poll(() => heard.some((packet) => packet.startsWith('40/feed,'))).toBe(true);
    return { socket, closed: new Promise((resolve) => socket.addEventListener('close', resolve)) };
  }

  it.each([
    ['a packet over 1 MiB', `42/feed,["ticket:report","${'x'.repeat(2 * 1024 * 1024)}"]`],
    ['no packet at all', '9what'],
    ['JSON that never ends', '42/feed,["ticket:report",{'],
    ['a name of an event that is reserved', '42/feed,["disconnect"]'],
    ['an event without a name', '42/feed,[{}]'],
    ['more attachments than come', '459/feed,["ticket:report"]2x'],
  ])('%s: only that connection ends', async (_what, packet) => {
    const server = await serverWith({});
    const { socket, closed } = await feedOf(server);
    socket.send(packet);
    await closed;
    await neighbour(server.url, (await server.makeClient('source')).token);
    expect(server.store.seq).toBe(1);
  });

  it.each([
    ['brackets 300,000 deep', `42/feed,1["ticket:report",${'['.repeat(300_000)}${']'.repeat(300_000)}]`],
    [
      'a binary packet with brackets 300,000 deep',
      `451-/feed,1["ticket:report",${'['.repeat(300_000)}${']'.repeat(300_000)}]`,
    ],
    ['bytes for a ticket', '451-/feed,1["ticket:report",{"_placeholder":true,"num":0}]'],
    ['no argument', '42/feed,1["ticket:report"]'],
    ['an unknown event', '42/feed,["board:events",{"epoch":"x"}]'],
    ['a wall’s request', '42/feed,1["board:subscribe",{"protocol":1}]'],
  ])('%s: nothing stored, the server lives', async (_what, packet) => {
    const server = await serverWith({});
    const { socket } = await feedOf(server);
    socket.send(packet);
    if (packet.startsWith('451')) socket.send(Buffer.from('{"title":"x"}'));
    socket.send('42/feed,2["ticket:step",{"ticketId":"nobody","step":"handle"}]');
    await neighbour(server.url, (await server.makeClient('source')).token);
    expect(server.store.seq).toBe(1);
  });
});

describe('a wall that never reads', () => {
  it('and asks for the board again and again is cut off; memory stays, another wall goes on', async () => {
    const server = await serverWith({});
    const { token: source } = await server.makeClient('source');
    const client = plainClient(server.url, source);
    closers.push(() => client.close());
    for (let batch = 0; batch < 8; batch += 1) {
      const rows = Array.from({ length: 1000 }, (_, i) =>
        ticketIn({ id: `T-${batch}-${i}`, title: '很长的标题'.repeat(20) }),
      );
      expect((await client.send('POST', '/api/v1/tickets/batch', rows)).status).toBe(200);
    }
    const reading = await connectWall(server.url, (await server.makeClient('wall')).token);
    closers.push(() => reading.close());
    await reading.subscribe();
    const deaf = await connectWall(server.url, (await server.makeClient('wall')).token);
    closers.push(() => deaf.close());
    const { _socket: tcp } = (deaf.socket.io.engine.transport as unknown as { ws: { _socket: TcpSocket } }).ws;
    tcp.pause();
    const sockets = () => server.app.io.of('/wall').sockets.size;
    expect(sockets()).toBe(2);
    const before = process.memoryUsage.rss();
    for (let asked = 0; asked < 200 && sockets() === 2; asked += 1) {
      deaf.socket.emit('board:subscribe', { protocol: 1 }, () => {});
      await neighbour(server.url, source);
    }
    expect(sockets()).toBe(1);
    expect((process.memoryUsage.rss() - before) / 1024 / 1024).toBeLessThan(400);
    await reading.reached(server.store.seq);
    tcp.resume();
  });

  it('and asks faster than it is looked after is cut off before its next answer', async () => {
    const transport = { bufferedAmount: 0, terminated: 0, terminate: () => (transport.terminated += 1) };
    const socket = { data: {}, connected: true, conn: { writeBuffer: [], transport: { socket: transport } } };
    const cuts: string[] = [];
    const session = createSession(socket as never, 1000, (reason) => cuts.push(reason));
    let answers = 0;
    const answer = async () => {
      answers += 1;
      transport.bufferedAmount += 800;
    };
    for (let asked = 0; asked < 4; asked += 1) {
      session.enqueue(answer);
      await setImmediate();
    }
    expect([answers, cuts]).toEqual([2, ['tooSlow', 'tooSlow']]);
    expect(transport.terminated).toBe(2);
  });
});

describe('a wall that reads a board larger than the bound', () => {
  /** Of what was sent, what has not left: whole messages as engine and socket count them, bytes as the system does. */
  function sessionWith(transport: { bufferedAmount: number; writeQueueSize: number }) {
    const cuts: string[] = [];
    const handle = {
      get writeQueueSize() {
        return transport.writeQueueSize;
      },
    };
    const socket = {
      data: {},
      connected: true,
      conn: {
        writeBuffer: [],
        transport: {
          socket: {
            get bufferedAmount() {
              return transport.bufferedAmount;
            },
            _socket: { _handle: handle },
            terminate() {},
          },
        },
      },
    };
    return { session: createSession(socket as never, 1000, (reason) => cuts.push(reason)), cuts };
  }

  it('is not cut off at the first look, nor while bytes leave, though the message counts as a whole', () => {
    const transport = { bufferedAmount: 0, writeQueueSize: 0 };
    const { session, cuts } = sessionWith(transport);
    session.checkReading();
    transport.bufferedAmount = 50_000;
    for (let left = 50_000; left > 0; left -= 5000) {
      transport.writeQueueSize = left;
      session.checkReading();
      transport.bufferedAmount += 200; // a pulse
    }
    expect(cuts).toEqual([]);
  });

  it('is cut off once nothing has left from one look to the next', () => {
    const transport = { bufferedAmount: 50_000, writeQueueSize: 40_000 };
    const { session, cuts } = sessionWith(transport);
    session.checkReading();
    expect(cuts).toEqual([]);
    transport.bufferedAmount += 200;
    session.checkReading();
    expect(cuts).toEqual(['tooSlow']);
  });
});

it('requests with tokens that are none, in any shape, are answered 401', async () => {
  const server = await serverWith({});
  for (const authorization of [
    'Bearer',
    'Bearer  ',
    `Bearer ${'x'.repeat(5000)}`,
    'Basic YTpi',
    'Bearer a b',
    'bearer ../../x',
    '\u00e9',
  ]) {
    const status = await new Promise((resolve, reject) => {
      request(`${server.url}/api/v1/tickets`, { headers: { authorization } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      })
        .once('error', reject)
        .end();
    });
    expect(status, authorization.slice(0, 20)).toBe(401);
  }
});
