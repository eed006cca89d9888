import type { Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { ticketIn } from '../support/builders.ts';
import { connectSocket, connectWall } from '../support/connectWall.ts';
import { startServer, type TestServer } from '../support/startServer.ts';

let server: TestServer;
const sockets: Socket[] = [];

beforeAll(async () => {
  server = await startServer();
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});
afterAll(() => server.close());

async function connectFeed(scope?: string) {
  const client = await server.makeClient('source', scope);
  const socket = await connectSocket(server.url, '/feed', { token: client.token });
  sockets.push(socket);
  return { socket, id: client.id };
}
const rowOf = (id: string) => server.registry.rows().find((row) => row.id === id);

it('acknowledges reports and steps once durable', async () => {
  const { socket, id } = await connectFeed();
  const reported = await socket.emitWithAck('ticket:report', ticketIn({ id: 'F-1' }));
  expect(reported).toMatchObject({
    ok: true,
    seq: expect.any(Number),
    ticket: { id: 'F-1', status: 'reported', dueAt: '2026-03-18T12:06:00+08:00' },
  });
  expect(server.store.board.tickets.has('F-1')).toBe(true);
  const stepped = await socket.emitWithAck('ticket:step', {
    ticketId: reported.ticket.number,
    step: 'handle',
    by: '吴己',
  });
  expect(stepped).toMatchObject({ ok: true, ticket: { status: 'handled' } });
  expect(stepped.seq).toBeGreaterThan(reported.seq);
  expect(await socket.emitWithAck('ticket:report', ticketIn({ id: 'F-1' }))).toMatchObject({ ok: true });
  expect(rowOf(id)).toMatchObject({ kind: 'client', accepted: 2, repeated: 1, rejected: {} });
});

it('answers a report without a body, and asks no answer of one that wants none', async () => {
  const { socket } = await connectFeed();
  for (const event of ['ticket:report', 'ticket:step']) {
    expect(await socket.timeout(5000).emitWithAck(event)).toMatchObject({ ok: false, problem: { status: 400 } });
  }
  socket.emit('ticket:report');
  expect(await socket.emitWithAck('ticket:report', ticketIn({ id: 'F-bare' }))).toMatchObject({ ok: true });
});

it('W11 answers a subscription without a body', async () => {
  const wall = await connectWall(server.url, (await server.makeClient('wall')).token);
  sockets.push(wall.socket);
  expect(await wall.socket.timeout(5000).emitWithAck('board:subscribe')).toEqual({ ok: false, reason: 'malformed' });
});

it('answers what it refuses with the problem of HTTP', async () => {
  const { socket, id } = await connectFeed();
  const refusals = [
    await socket.emitWithAck('ticket:report', { title: 'x' }),
    await socket.emitWithAck('ticket:report', 'text'),
    await socket.emitWithAck('ticket:step', { ticketId: 'nobody', step: 'handle' }),
    await socket.emitWithAck('ticket:step', { step: 'handle' }),
    await socket.emitWithAck('ticket:step', { ticketId: 'F-1', step: 'return' }),
  ];
  expect(refusals.map((answer) => [answer.ok, answer.problem.status, answer.problem.code])).toEqual([
    [false, 400, 'invalid'],
    [false, 400, 'invalid'],
    [false, 404, 'not_found'],
    [false, 400, 'invalid'],
    [false, 409, 'illegal_step'],
  ]);
  expect(rowOf(id)?.rejected).toEqual({ invalid: 3, not_found: 1, illegal_step: 1 });
});

it('decides a thousand reports sent without waiting in their order', async () => {
  const { socket } = await connectFeed();
  const answers = await Promise.all(
    Array.from({ length: 1000 }, (_, i) => socket.emitWithAck('ticket:report', ticketIn({ id: `P-${i}` }))),
  );
  expect(answers.every((answer) => answer.ok)).toBe(true);
  const numbers = answers.map((answer) => answer.ticket.number as string);
  expect(numbers).toEqual([...numbers].sort());
});

it('takes a step that follows its report without waiting, also within a street', async () => {
  const { socket } = await connectFeed('xuzhuang');
  const [reported, stepped] = await Promise.all([
    socket.emitWithAck('ticket:report', ticketIn({ id: 'Q-1' })),
    socket.emitWithAck('ticket:step', { ticketId: 'Q-1', step: 'handle' }),
  ]);
  expect([reported.ok, stepped.ok]).toEqual([true, true]);
  const outside = await socket.emitWithAck('ticket:report', ticketIn({ location: { gridId: 'dongtan-01' } }));
  expect(outside.problem.code).toBe('out_of_scope');
});

it('counts a pulse as a sign of life for the labels of its source', async () => {
  const { socket, id } = await connectFeed();
  await socket.emitWithAck('ticket:report', ticketIn({ source: '12345' }));
  const stateOf = () => server.registry.strip().find((row) => row.id === '12345')?.state;
  expect(stateOf()).toBe('live');
  server.clock.advanceTo?.(server.clock.now() + 31_000);
  expect(stateOf()).toBe('silent');
  expect(rowOf(id)?.state).toBe('silent');
  socket.emit('source:pulse', {});
  // Answered after the pulse was taken: one connection keeps the order
  await socket.emitWithAck('ticket:step', { step: 'note' });
  expect(stateOf()).toBe('live');
  expect(rowOf(id)?.state).toBe('live');
});

it.each([['/feed'], ['/wall'], ['/']])(
  'refuses %s without a token, with a wrong one, or with one of another kind',
  async (namespace) => {
    const other = (await server.makeClient(namespace === '/feed' ? 'wall' : 'source')).token;
    const { token: staff } = await server.makeStaff('admin');
    for (const auth of [{}, { token: 'wrong' }, { token: 7 }, { token: other }, { token: staff }]) {
      await expect(connectSocket(server.url, namespace, auth)).rejects.toThrow('unauthorized');
    }
  },
);

it('cuts live sockets when their client is deleted', async () => {
  const { socket, id } = await connectFeed();
  const cut = new Promise((resolve) => socket.once('disconnect', resolve));
  expect(rowOf(id)).toBeDefined();
  const answer = await server.request('DELETE', `/api/v1/clients/${id}`, { token: server.adminToken });
  expect(rowOf(id)).toBeUndefined();
  expect(answer.status).toBe(204);
  await cut;
  const wallClient = await server.makeClient('wall');
  const wall = await connectWall(server.url, wallClient.token);
  const wallCut = new Promise((resolve) => wall.socket.once('disconnect', resolve));
  await server.request('DELETE', `/api/v1/clients/${wallClient.id}`, { token: server.adminToken });
  await wallCut;
});

it('shows a wall what a source reports, without gaps', async () => {
  const { socket } = await connectFeed();
  const wall = await connectWall(server.url, (await server.makeClient('wall')).token);
  sockets.push(wall.socket);
  const answer = await wall.subscribe();
  expect(answer).toMatchObject({ ok: true, kind: 'snapshot', epoch: server.store.epoch });
  const results = await Promise.all(
    Array.from({ length: 50 }, (_, i) =>
      socket.emitWithAck('ticket:report', ticketIn({ id: `W-${i}`, description: '不上墙' })),
    ),
  );
  const lastSeq = Math.max(...results.map((result) => result.seq as number));
  await wall.reached(lastSeq);
  let next = answer.seq + 1;
  for (const frame of wall.frames) {
    expect(frame.fromSeq).toBe(next);
    next = frame.toSeq + 1;
  }
  expect(next).toBe(lastSeq + 1);
  expect(JSON.stringify(wall.frames)).not.toContain('不上墙');
});
