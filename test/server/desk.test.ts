import type { Socket } from 'socket.io-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSteppedClock } from '../../server/clock.ts';
import { connectSocket } from '../support/connectWall.ts';
import { startServer, TEST_START_AT, type TestServer } from '../support/startServer.ts';

const MINUTE = 60_000;
/** One grid of each street of the default district. */
const OURS = { street: 'shiqiao', gridId: 'dongtan-01', communityId: 'dongtan' };
const THEIRS = { street: 'xuzhuang', gridId: 'heyun-03', communityId: 'heyun' };

let server: TestServer;
let nowAt = Date.now();
const sockets: Socket[] = [];

beforeEach(async () => {
  nowAt = Date.now();
  server = await startServer({ now: () => nowAt, clock: createSteppedClock({ mode: 'live', startAt: TEST_START_AT }) });
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.close();
  await server.close();
});

interface Desk {
  readonly socket: Socket;
  /** Everything that came in, as text, answers to subscriptions too. */
  readonly heard: string[];
  // biome-ignore lint/suspicious/noExplicitAny: wire values, checked where they are read
  subscribe(): Promise<any>;
  heardUpTo(seq: number): Promise<void>;
}

async function openDesk(token: string): Promise<Desk> {
  const socket = await connectSocket(server.url, '/desk', { token });
  sockets.push(socket);
  const heard: string[] = [];
  let seq = 0;
  socket.onAny((event, message) => {
    heard.push(JSON.stringify([event, message]));
    seq = Math.max(seq, message.toSeq ?? message.seq ?? 0);
  });
  return {
    socket,
    heard,
    async subscribe() {
      const answer = await socket.emitWithAck('board:subscribe', { protocol: 1 });
      heard.push(JSON.stringify(answer));
      return answer;
    },
    heardUpTo: (wanted) => expect.poll(() => seq, { interval: 10, timeout: 10_000 }).toBeGreaterThanOrEqual(wanted),
  };
}

const gone = (socket: Socket) =>
  new Promise<string>((resolve) => {
    if (socket.connected) socket.once('disconnect', resolve);
    else resolve('gone');
  });

async function report(id: string, gridId: string, more: object = {}): Promise<void> {
  const body = { id, source: '热线', category: 'streetlight', title: `标题 ${id}`, location: { gridId }, ...more };
  const { status } = await server.request('POST', '/api/v1/tickets', { token: server.adminToken, body });
  expect(status).toBe(201);
}

test('W80 the token of a session opens /desk, its cookie only from our own page, and nothing else does', async () => {
  const { token } = await server.makeStaff('viewer');
  const wall = (await server.makeClient('wall')).token;
  const source = (await server.makeClient('source')).token;
  for (const auth of [{}, { token: '' }, { token: 7 }, { token: `${token}x` }, { token: wall }, { token: source }]) {
    await expect(connectSocket(server.url, '/desk', auth), JSON.stringify(auth)).rejects.toThrow('unauthorized');
  }
  await expect(connectSocket(server.url, '/wall', { token }), 'a session at a wall').rejects.toThrow('unauthorized');
  sockets.push(await connectSocket(server.url, '/desk', { token }));

  const cookie = `taibai_session=${token}`;
  const withCookie = (extraHeaders: Record<string, string>, auth = {}) =>
    connectSocket(server.url, '/desk', auth, { cookie, ...extraHeaders });
  sockets.push(await withCookie({ origin: server.url }));
  await expect(withCookie({}), 'no word of where it comes from').rejects.toThrow('unauthorized');
  await expect(withCookie({ origin: 'wall://app' }), 'the page of the kiosk').rejects.toThrow('unauthorized');
  await expect(withCookie({ origin: 'http://elsewhere.example' }), 'another site').rejects.toThrow();
  await expect(withCookie({ origin: server.url }, { token: wall }), 'a wrong token beside it').rejects.toThrow();
});

test('W81 a desk gets snapshot, events, pulse and history as a wall does, and commands nothing', async () => {
  const desk = await openDesk((await server.makeStaff('viewer')).token);
  expect(await desk.socket.emitWithAck('board:subscribe', { protocol: 2 })).toEqual({
    ok: false,
    reason: 'incompatible',
  });
  expect(await desk.subscribe()).toMatchObject({ ok: true, kind: 'snapshot', seq: 0, board: { tickets: [] } });
  await report('first', OURS.gridId);
  await desk.heardUpTo(server.store.seq);
  const frames = desk.heard.filter((text) => text.startsWith('["board:events"'));
  expect(frames.join()).toContain('"ticketId":"first"');
  await expect.poll(() => desk.heard.some((text) => text.startsWith('["board:pulse"')), { timeout: 5000 }).toBe(true);
  const again = await desk.socket.emitWithAck('board:subscribe', { protocol: 1, epoch: server.store.epoch, seq: 0 });
  expect(again).toMatchObject({ ok: true, kind: 'events', fromSeq: 1, toSeq: server.store.seq });
  desk.socket.emit('ticket:report', { title: '不行' });
  desk.socket.emit('ticket:step', { ticketId: 'first', step: 'close' });
  expect(await desk.subscribe()).toMatchObject({ seq: server.store.seq, board: { tickets: [{ status: 'reported' }] } });
});

test('W82 duty and admin see the board’s words as written, other roles as a wall does', async () => {
  const told = {
    title: '李雷来电 13812345678 称路灯不亮',
    description: '原文在此',
    reporter: { name: '李雷', phone: '13812345678' },
    priority: 'critical',
  };
  await report('T', OURS.gridId, told);
  const duty = await server.makeStaff('duty', undefined, '赵甲乙');
  const acknowledged = await server.request('POST', '/api/v1/alerts/criticalTicket:T/acknowledge', {
    token: duty.token,
    body: { disposition: 'phoned', note: '已找到李雷' },
  });
  expect(acknowledged.status).toBe(200);
  const wall = await connectSocket(server.url, '/wall', { token: (await server.makeClient('wall')).token });
  sockets.push(wall);
  const { board: onWall } = await wall.emitWithAck('board:subscribe', { protocol: 1 });
  expect(JSON.stringify(onWall)).not.toMatch(/李雷|13812345678|赵甲乙/);
  for (const role of ['viewer', 'leader'] as const) {
    const { board } = await (await openDesk((await server.makeStaff(role)).token)).subscribe();
    expect(board, role).toEqual(onWall);
  }
  for (const token of [duty.token, server.adminToken]) {
    const { board } = await (await openDesk(token)).subscribe();
    expect(board.tickets[0].title).toBe(told.title);
    expect(board.alerts[0]).toMatchObject({ acknowledgedBy: '赵甲乙', acknowledgedById: duty.id, note: '已找到李雷' });
    expect(JSON.stringify(board.tickets)).not.toMatch(/原文在此|"reporter"|"description"/);
  }
});

test('W83 an officer of one street never receives, lists, counts, exports or reads a ticket of the other', async () => {
  const mark = 'ZZ许庄的事';
  const officer = await server.makeStaff('duty', OURS.street);
  const desk = await openDesk(officer.token);
  await desk.subscribe();
  for (let i = 0; i < 12; i += 1) {
    await report(`theirs-${i}`, THEIRS.gridId, { title: `${mark} ${i}`, priority: 'critical' });
    await report(`ours-${i}`, OURS.gridId, { title: `石桥的事 ${i}` });
  }
  await report('nowhere', '', { title: `${mark} 无网格`, location: {}, priority: 'critical' });
  const step = { step: 'handle', by: `${mark}承办人` };
  await server.request('POST', '/api/v1/tickets/theirs-0/steps', { token: server.adminToken, body: step });
  await server.request('POST', '/api/v1/alerts/criticalTicket:theirs-1/acknowledge', {
    token: server.adminToken,
    body: { disposition: 'phoned', note: mark },
  });
  await desk.heardUpTo(server.store.seq);
  await desk.socket
    .emitWithAck('board:subscribe', { protocol: 1, epoch: server.store.epoch, seq: 0 })
    .then((answer) => {
      expect(answer.kind).toBe('events');
      desk.heard.push(JSON.stringify(answer));
    });
  const late = await openDesk(officer.token);
  const { board } = await late.subscribe();
  expect(board.tickets.map(({ id }: { id: string }) => id).sort()).toEqual(
    Array.from({ length: 12 }, (_, i) => `ours-${i}`).sort(),
  );
  expect(board.raises).toEqual([]);
  expect(board.alerts).toEqual([]);
  expect(board.flood).toBeUndefined();
  // The month is reckoned once a minute for each audience: that of another role has not been yet
  const leader = await openDesk((await server.makeStaff('leader', OURS.street)).token);
  const { history } = await leader.subscribe();
  expect(history.month.groups.reduce((sum: number, { opened }: { opened: number }) => sum + opened, 0)).toBe(12);

  // Every question that an officer may ask, the ones to come as well
  const period = `from=${encodeURIComponent('2026-01-01T00:00:00+08:00')}&to=${encodeURIComponent('2027-01-01T00:00:00+08:00')}`;
  const asked = new Map<string, string>();
  for (const { method, path, who } of server.app.routes) {
    if (method !== 'get' || !Array.isArray(who) || !who.includes('duty')) continue;
    const filled = path.replaceAll('{ticketId}', 'theirs-0').replaceAll('{alertId}', 'criticalTicket:theirs-1');
    for (const query of [
      '',
      `?${period}`,
      `?${period}&groupBy=community`,
      `?${period}&groupBy=grid`,
      `?q=${encodeURIComponent(mark)}`,
      `?grid=${THEIRS.gridId}`,
      '?format=csv&personal=originals',
      `?${period}&groupBy=community&format=csv`,
    ]) {
      const { status, body } = await server.request('GET', `${filled}${query}`, { token: officer.token });
      expect([200, 400, 403, 404], filled).toContain(status);
      asked.set(`${filled}${query}`, typeof body === 'string' ? body : JSON.stringify(body));
    }
  }
  expect([...asked.keys()]).toEqual(
    expect.arrayContaining([
      '/api/v1/tickets',
      '/api/v1/tickets/theirs-0',
      '/api/v1/alerts',
      '/api/v1/exports/tickets?format=csv&personal=originals',
      `/api/v1/statistics?${period}`,
    ]),
  );
  const answers = [...asked].filter(([path]) => !path.startsWith('/api/v1/deployment'));
  for (const [where, text] of [
    ...answers,
    ...[desk, late, leader].flatMap(({ heard }) => heard).map((text) => ['socket', text] as const),
  ]) {
    expect(/theirs-\d|nowhere|ZZ许庄/.exec(text)?.[0], where).toBeUndefined();
  }
  const { body: listed } = await server.request('GET', '/api/v1/tickets?limit=1', { token: officer.token });
  expect(listed.total).toBe(12);
  for (const [path, body] of [
    ['/api/v1/tickets/theirs-2/steps', { step: 'close' }],
    ['/api/v1/alerts/criticalTicket:theirs-2/acknowledge', { disposition: 'phoned' }],
    ['/api/v1/alerts/criticalTicket:theirs-2/shelve', { until: '2026-03-18T11:00:00+08:00', reason: '不该' }],
  ] as const) {
    const { status } = await server.request('POST', path, { token: officer.token, body });
    expect([403, 404], path).toContain(status);
  }
});

test('W84 whatever ends a session cuts its sockets, and no others', async () => {
  const bystander = await openDesk((await server.makeStaff('duty')).token);
  const patch = (id: string, body: object) =>
    server.request('PATCH', `/api/v1/accounts/${id}`, { token: server.adminToken, body });
  const ends: Readonly<Record<string, (staff: { id: string; token: string }) => Promise<{ status: number }>>> = {
    'signing out': ({ token }) => server.request('DELETE', '/api/v1/session', { token }),
    'a new password': ({ id }) => patch(id, { password: 'quite another thing' }),
    'a new role': ({ id }) => patch(id, { role: 'viewer' }),
    'a new scope': ({ id }) => patch(id, { scope: OURS.street }),
    removal: ({ id }) => server.request('DELETE', `/api/v1/accounts/${id}`, { token: server.adminToken }),
  };
  for (const [what, end] of Object.entries(ends)) {
    const staff = await server.makeStaff('duty');
    const { socket } = await openDesk(staff.token);
    const ended = gone(socket);
    expect((await end(staff)).status, what).toBeLessThan(300);
    await ended;
    await expect(connectSocket(server.url, '/desk', { token: staff.token }), what).rejects.toThrow('unauthorized');
  }
  expect(bystander.socket.connected).toBe(true);
  const running = gone(bystander.socket);
  nowAt += 60 * MINUTE;
  await running;
});
