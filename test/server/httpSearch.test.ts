import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ticketIn } from '../support/builders.ts';
import { HOUR, MINUTE } from '../support/domainBuilders.ts';
import { startServer, TEST_START_AT, type TestServer } from '../support/startServer.ts';

let server: TestServer;
let viewer: string;
let duty: string;

const iso = (at: number) => new Date(at).toISOString();
const ids = (body: { items: { id: string }[] }) => body.items.map((item) => item.id);

beforeAll(async () => {
  server = await startServer();
  viewer = (await server.makeStaff('viewer')).token;
  duty = (await server.makeStaff('duty')).token;
  const { token } = await server.makeClient('source');
  const rows = [
    ticketIn({
      id: 'a',
      reportedAt: iso(TEST_START_AT - 3 * HOUR),
      location: { gridId: 'heyun-03', address: '运河路5号' },
    }),
    ticketIn({
      id: 'b',
      reportedAt: iso(TEST_START_AT - 2 * HOUR),
      location: { gridId: 'dongtan-01' },
      category: 'litter',
      title: 'ＡＢＣ 垃圾满溢',
    }),
    ticketIn({
      id: 'c',
      reportedAt: iso(TEST_START_AT - HOUR),
      category: 'meteorite',
      domain: 'analysis',
      location: {},
      description: '住户 13812345678 来电',
    }),
    ticketIn({
      id: 'd',
      reportedAt: iso(TEST_START_AT - HOUR),
      department: 'construction',
      reporter: { id: 'G-0103', name: '欧阳清泉', phone: '13800138000' },
    }),
    ticketIn({ id: 'e', reportedAt: iso(TEST_START_AT), dueAt: iso(TEST_START_AT + MINUTE) }),
  ];
  const { body } = await server.request('POST', '/api/v1/tickets/batch', { token, body: rows });
  expect(body.results.map((result: { status: number }) => result.status)).toEqual([201, 201, 201, 201, 201]);
  await server.request('POST', '/api/v1/tickets/a/steps', { token, body: { step: 'handle', at: iso(TEST_START_AT) } });
});
afterAll(() => server.close());

const list = (query: string, token = duty) => server.request('GET', `/api/v1/tickets?${query}`, { token });

describe('finding tickets', () => {
  it('gives the newest first, and all of them', async () => {
    const { status, body } = await list('');
    expect(status).toBe(200);
    expect(body).toMatchObject({ total: 5, nextCursor: null });
    expect(ids(body)).toEqual(['e', 'd', 'c', 'b', 'a']);
    expect(body.items[0].steps).toHaveLength(1);
  });

  it.each([
    ['status=handled', ['a']],
    ['domain=analysis', ['c']],
    ['category=litter', ['b']],
    ['department=construction', ['d']],
    ['grid=dongtan-01', ['b']],
    ['overdue=true', ['a']],
    ['overdue=false&sort=reportedAt', ['b', 'c', 'd', 'e']],
    [`from=${iso(TEST_START_AT - 2 * HOUR)}&to=${iso(TEST_START_AT - HOUR)}`, ['b']],
    ['from=2026-03-18T08:06:00+08:00&to=2026-03-18T09:06:00%2B08:00', ['b']],
    ['status=handled&domain=analysis', []],
    ['department=nobody', []],
    ['q=abc', ['b']],
    ['q=ａｂｃ 垃圾', ['b']],
    ['q=abc 单车', []],
    ['q=运河路', ['a']],
    ['q=石桥镇', ['b']],
    ['q=heyun-03', ['e', 'd', 'a']],
    ['q=13812345678', ['c']],
    ['q=建设局', ['d']],
  ])('finds by %s', async (query, expected) => {
    const { status, body } = await list(query);
    expect(status).toBe(200);
    expect(ids(body)).toEqual(expected);
    expect(body.total).toBe(expected.length);
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=201', 'limit'],
    ['limit=ten', 'limit'],
    ['status=lost', 'status'],
    ['domain=weather', 'domain'],
    ['overdue=maybe', 'overdue'],
    ['sort=colour', 'sort'],
    ['from=yesterday', 'from'],
    ['to=2026-03-18T10:00:00', 'to'],
    ['cursor=nonsense', 'cursor'],
    ['q=a&q=b', 'q'],
  ])('refuses %s', async (query, path) => {
    const { status, body } = await list(query);
    expect(status).toBe(400);
    expect(body.errors).toEqual([{ path, message: expect.any(String) }]);
  });

  it('walks through pages without doubles or gaps while tickets come in', async () => {
    const seen: string[] = [];
    let cursor = '';
    for (let page = 0; page < 10; page += 1) {
      const { body } = await list(`limit=2&sort=-reportedAt${cursor === '' ? '' : `&cursor=${cursor}`}`);
      seen.push(...ids(body));
      if (body.nextCursor === null) break;
      cursor = body.nextCursor;
      const { token } = await server.makeClient('source');
      await server.request('POST', '/api/v1/tickets', {
        token,
        body: ticketIn({ id: `later-${page}`, reportedAt: iso(TEST_START_AT + MINUTE) }),
      });
    }
    expect(seen).toEqual(['e', 'd', 'c', 'b', 'a']);
    expect((await list(`cursor=${cursor}&sort=number`)).status).toBe(400);
  });

  it('sorts by deadline with those that have none last, either way', async () => {
    const rising = (await list('sort=dueAt&to=2026-03-18T10:06:00.001%2B08:00')).body;
    const falling = (await list('sort=-dueAt&to=2026-03-18T10:06:00.001%2B08:00')).body;
    expect(ids(rising).at(-1)).toBe('c');
    expect(ids(falling).at(-1)).toBe('c');
    expect(ids(falling).slice(0, -1)).toEqual(ids(rising).slice(0, -1).reverse());
  });

  it('finds archived tickets as well, whole', async () => {
    const { token } = await server.makeClient('source');
    const longAgo = iso(TEST_START_AT - 100 * HOUR);
    await server.request('POST', '/api/v1/tickets', {
      token,
      body: ticketIn({ id: 'old', reportedAt: longAgo, description: '已归档' }),
    });
    await server.request('POST', '/api/v1/tickets/old/steps', { token, body: { step: 'close', at: longAgo } });
    expect(await server.store.archiveEnded()).toBe(1);
    expect(server.store.board.tickets.has('old')).toBe(false);
    expect((await list('q=old')).body.items).toMatchObject([{ id: 'old', description: '已归档', status: 'closed' }]);
    expect((await list('q=已归档')).body.total).toBe(1);
    expect((await server.request('GET', '/api/v1/tickets/old', { token: duty })).body.ticket.description).toBe(
      '已归档',
    );
  });
});

describe('who sees what', () => {
  it('masks for viewers and leaders what duty and admin see, in answers and in searches', async () => {
    const { body } = await server.request('GET', '/api/v1/tickets/d', { token: duty });
    expect(body.ticket.reporter).toEqual({ id: 'G-0103', name: '欧阳清泉', phone: '13800138000' });
    const leader = (await server.makeStaff('leader')).token;
    for (const token of [viewer, leader]) {
      const masked = (await server.request('GET', '/api/v1/tickets/d', { token })).body.ticket;
      expect(masked.reporter).toEqual({ id: 'G-0103', name: '欧阳*' });
      const everything = JSON.stringify((await list('limit=200', token)).body);
      expect(everything).not.toMatch(/13800138000|13812345678|欧阳清泉/);
      expect((await list('q=13812345678', token)).body.total).toBe(0);
      expect((await list('q=13800138000', token)).body.total).toBe(0);
    }
  });

  it('masks labels that no deployment lists, in answers, statistics and searches alike', async () => {
    const own = await startServer();
    onTestFinished(() => own.close());
    const { token } = await own.makeClient('source');
    const phone = '13912345678';
    const body = ticketIn({
      id: 'labels',
      source: `热线${phone}`,
      category: `类别${phone}`,
      department: `部门${phone}`,
      assistDepartments: [`协办${phone}`],
      location: { gridId: `网格${phone}` },
    });
    expect((await own.request('POST', '/api/v1/tickets', { token, body })).status).toBe(201);
    const step = { step: 'dispatch', department: `转办${phone}` };
    await own.request('POST', '/api/v1/tickets/labels/steps', { token, body: step });
    const period = `from=${iso(TEST_START_AT - HOUR)}&to=${iso(TEST_START_AT + HOUR)}`;
    const asked = [
      '/api/v1/tickets/labels',
      '/api/v1/tickets',
      ...['department', 'grid', 'community'].map((by) => `/api/v1/statistics?${period}&groupBy=${by}`),
    ];
    const reader = (await own.makeStaff('viewer')).token;
    const officer = (await own.makeStaff('duty')).token;
    for (const path of asked) {
      const masked = await own.request('GET', path, { token: reader });
      expect(masked.status).toBe(200);
      expect(JSON.stringify(masked.body)).not.toContain(phone);
      expect(JSON.stringify((await own.request('GET', path, { token: officer })).body)).toContain(phone);
    }
    const { ticket } = (await own.request('GET', '/api/v1/tickets/labels', { token: reader })).body;
    const found = async (query: string, by: string) =>
      (await own.request('GET', `/api/v1/tickets?${query}`, { token: by })).body.total;
    for (const field of ['category', 'department'] as const) {
      expect(await found(`${field}=${encodeURIComponent(ticket[field])}`, reader)).toBe(1);
    }
    for (const query of [`q=${phone}`, `department=${encodeURIComponent(step.department)}`]) {
      expect(await found(query, reader)).toBe(0);
      expect(await found(query, officer)).toBe(1);
    }
  });

  it('shows a ticket to duty without personal data where that is asked for, and then writes nothing down', async () => {
    const own = await startServer();
    onTestFinished(() => own.close());
    const { token } = await own.makeClient('source');
    const officer = (await own.makeStaff('duty')).token;
    const reader = (await own.makeStaff('viewer')).token;
    const send = (id: string, reporter: object) =>
      own.request('POST', '/api/v1/tickets', {
        token,
        body: ticketIn({ id, title: '路灯不亮', description: '李雷来电，电话13812345678', reporter }),
      });
    await send('citizen', { name: '李雷', phone: '13812345678' });
    await send('staff', { id: 'G-0103', name: '吴己', phone: '13800138000' });
    await own.request('POST', '/api/v1/tickets/citizen/steps', { token, body: { step: 'handle', by: '王辛' } });
    const get = async (id: string, query: string, by: string) =>
      (await own.request('GET', `/api/v1/tickets/${id}${query}`, { token: by })).body.ticket;

    const masked = await get('citizen', '?personal=masked', officer);
    expect(JSON.stringify(masked)).not.toMatch(/李雷|13812345678/);
    expect(masked.reporter).toEqual({ name: '李*' });
    expect(masked.steps.map((step: { by: string }) => step.by)).toEqual(['李*', '王辛']);
    expect((await get('staff', '?personal=masked', officer)).reporter).toEqual({ id: 'G-0103', name: '吴己' });
    expect((await get('staff', '?personal=originals', reader)).reporter).toEqual({ id: 'G-0103', name: '吴*' });
    await own.request('GET', '/api/v1/tickets?personal=masked&q=李雷', { token: officer });
    const written = async () => (await own.request('GET', '/api/v1/audit', { token: own.adminToken })).body.items;
    const reads = (entries: { kind: string }[]) => entries.filter(({ kind }) => kind.startsWith('ticket'));
    expect(reads(await written())).toEqual([]);
    expect((await get('citizen', '', officer)).reporter).toEqual({ name: '李雷', phone: '13812345678' });
    expect(reads(await written())).toMatchObject([{ kind: 'ticketRead', subjects: ['citizen'] }]);
  });

  it('finds nobody by a name or number that the reader is not shown, in the archive either', async () => {
    const own = await startServer();
    onTestFinished(() => own.close());
    const { token } = await own.makeClient('source');
    const longAgo = iso(TEST_START_AT - 100 * HOUR);
    const body = ticketIn({
      id: 'named',
      title: '韩梅梅反映路灯不亮',
      description: '韩梅梅家住运河路5号',
      reportedAt: longAgo,
      dueAt: iso(TEST_START_AT + HOUR),
      reporter: { name: '韩梅梅', phone: '13812345678' },
    });
    const total = async (by: string, q: string) =>
      (await own.request('GET', `/api/v1/tickets?q=${encodeURIComponent(q)}`, { token: by })).body.total;
    const officer = (await own.makeStaff('duty')).token;
    const leader = (await own.makeStaff('leader')).token;
    const asTold = async () => {
      for (const q of ['韩梅梅', '梅梅', '13812345678', '2345678', '运河路5号']) {
        expect([q, await total(officer, q)]).toEqual([q, 1]);
        expect([q, await total(leader, q)]).toEqual([q, 0]);
      }
      for (const by of [officer, leader]) expect(await total(by, '路灯不亮 家住运河路')).toBe(1);
    };
    await own.request('POST', '/api/v1/tickets', { token, body });
    await asTold();
    await own.request('POST', '/api/v1/tickets/named/steps', { token, body: { step: 'close', at: longAgo } });
    expect(await own.store.archiveEnded()).toBe(1);
    await asTold();
  });

  it('limits staff of a street to its grids', async () => {
    const { token } = await server.makeStaff('viewer', 'shiqiao');
    const { body } = await list('', token);
    expect(ids(body)).toEqual(['b']);
    expect((await server.request('GET', '/api/v1/tickets/b', { token })).status).toBe(200);
    for (const outside of ['a', 'c', 'unknown']) {
      expect((await server.request('GET', `/api/v1/tickets/${outside}`, { token })).body.code).toBe('not_found');
    }
    const period = 'from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z&groupBy=grid';
    const statistics = await server.request('GET', `/api/v1/statistics?${period}`, { token });
    expect(statistics.body.groups.map((group: { key: string }) => group.key)).toEqual(['dongtan-01']);
  });

  it('limits sources and duty of a street in what they may send', async () => {
    const { token: source } = await server.makeClient('source', 'shiqiao');
    const { token: limitedDuty } = await server.makeStaff('duty', 'shiqiao');
    for (const token of [source, limitedDuty]) {
      const send = (location: object) =>
        server.request('POST', '/api/v1/tickets', { token, body: ticketIn({ location }) });
      expect((await send({ gridId: 'dongtan-02' })).status).toBe(201);
      for (const location of [{ gridId: 'heyun-03' }, { gridId: 'crater' }, {}]) {
        expect((await send(location)).body).toMatchObject({ status: 403, code: 'out_of_scope' });
      }
      const step = (id: string) =>
        server.request('POST', `/api/v1/tickets/${id}/steps`, { token, body: { step: 'note', note: '查看' } });
      expect((await step('b')).status).toBe(201);
      expect((await step('d')).status).toBe(404);
    }
  });
});

describe('statistics', () => {
  const statistics = (query: string) => server.request('GET', `/api/v1/statistics?${query}`, { token: viewer });
  const period = `from=${iso(TEST_START_AT - 3 * HOUR)}&to=${iso(TEST_START_AT - HOUR)}`;

  it('counts tickets reported in the period, in their state at the instant asked for', async () => {
    const { status, body } = await statistics(`${period}&groupBy=department&at=${iso(TEST_START_AT + HOUR)}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ at: '2026-03-18T11:06:00+08:00', groupBy: 'department' });
    expect(body.groups).toEqual([
      {
        key: 'cityEnforcement',
        name: expect.stringMatching(/\p{Script=Han}/u),
        opened: 2,
        closed: 0,
        closedOverdue: 0,
        open: 2,
        openOverdue: 2,
        dueInPeriod: 2,
        onTimeRate: 0,
      },
    ]);
    expect(Object.keys(body.formulas)).toEqual(expect.arrayContaining(['opened', 'onTimeRate', 'dueInPeriod']));
    const before = await statistics(`${period}&groupBy=department&at=${iso(TEST_START_AT - 90 * MINUTE)}`);
    expect(before.body.groups[0]).toMatchObject({ opened: 2, openOverdue: 0, dueInPeriod: 0, onTimeRate: null });
  });

  it.each([['domain'], ['community'], ['grid']])('groups by %s', async (groupBy) => {
    const { body } = await statistics(`${period}&groupBy=${groupBy}`);
    const opened = body.groups.map((group: { opened: number }) => group.opened);
    expect(opened.reduce((sum: number, count: number) => sum + count, 0)).toBe(2);
    for (const group of body.groups) expect(group.name).not.toBe('');
  });

  it.each([
    ['groupBy=grid', ['from', 'to']],
    [`${period}`, ['groupBy']],
    [`${period}&groupBy=mood`, ['groupBy']],
    [`${period}&groupBy=grid&at=now`, ['at']],
    ['from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z&groupBy=grid', ['to']],
  ])('refuses %s', async (query, paths) => {
    const { status, body } = await statistics(query);
    expect(status).toBe(400);
    expect(body.errors.map((error: { path: string }) => error.path)).toEqual(paths);
  });
});
