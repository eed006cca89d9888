import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createSteppedClock, type SteppedClock } from '../../server/clock.ts';
import { connectWall } from '../support/connectWall.ts';
import { demoMoments } from '../support/demoMonth.ts';
import { DAY, HOUR, MINUTE } from '../support/domainBuilders.ts';
import { startServer, type TestServer } from '../support/startServer.ts';

const FEBRUARY = Date.parse('2026-02-01T00:00:00+08:00');
const MARCH = Date.parse('2026-03-01T00:00:00+08:00');
const NOW = Date.parse('2026-03-18T15:42:00+08:00');
/** One in so many tickets of the demo's days: two months in little time. */
const THINNED = 25;

const iso = (at: number) => new Date(at).toISOString();

let server: TestServer;
let clock: SteppedClock;
let admin: string;
const tokens = new Map<string, string>();

/** The demo district from 30 January on, until the clock stands at `NOW`. */
async function live(): Promise<void> {
  const moments = demoMoments(FEBRUARY - 2 * DAY, 48);
  const chosen = new Set(
    moments
      .flatMap(({ ticket, step }) => (step === undefined ? [ticket.report.id] : []))
      .filter((_, i) => i % THINNED === 0),
  );
  let inFlight: Promise<unknown>[] = [];
  for (const { at, ticket, step } of moments) {
    if (at > NOW || !chosen.has(ticket.report.id)) continue;
    clock.advanceTo(at);
    inFlight.push(
      step === undefined
        ? server.store.report(ticket.report, ticket.report.id)
        : server.store.step(ticket.report.id, step, step.id),
    );
    if (inFlight.length < 200) continue;
    await Promise.all(inFlight);
    inFlight = [];
  }
  await Promise.all(inFlight);
  clock.advanceTo(NOW);
}

beforeAll(async () => {
  clock = createSteppedClock({ mode: 'demo', startAt: FEBRUARY - 2 * DAY });
  server = await startServer({ clock });
  admin = server.adminToken;
  for (const role of ['viewer', 'duty'] as const) tokens.set(role, (await server.makeStaff(role)).token);
  tokens.set('leader', (await server.makeStaff('leader', undefined, '周明远')).token);
  tokens.set('shiqiao', (await server.makeStaff('leader', 'shiqiao')).token);
  await live();
}, 60_000);
afterAll(() => server.close());

const get = (path: string, token = admin) => server.request('GET', `/api/v1/${path}`, { token });
const statistics = async (from: number, to: number, at: number, groupBy: string, token = admin) =>
  (await get(`statistics?from=${iso(from)}&to=${iso(to)}&at=${iso(at)}&groupBy=${groupBy}`, token)).body.groups;

interface Group {
  readonly key: string;
  readonly opened: number;
}

/** The figures that statistics and brief share. */
function shared({ key, opened, closed, closedOverdue, open, openOverdue, dueInPeriod, onTimeRate }: never) {
  return { key, opened, closed, closedOverdue, open, openOverdue, dueInPeriod, onTimeRate };
}

describe('the brief over HTTP', () => {
  it('tells a month in the figures of the statistics, to the digit', async () => {
    const { status, body } = await get('brief?month=2026-03');
    expect(status).toBe(200);
    expect(body).toMatchObject({ month: '2026-03', fromAt: '2026-03-01T00:00:00+08:00', onTimeTarget: 0.95 });
    expect(Date.parse(body.at)).toBe(NOW);
    const to = Date.parse(body.toAt);
    const departments = await statistics(MARCH, to, NOW, 'department');
    expect(departments.length).toBeGreaterThan(8);
    expect(body.departments.filter(({ opened }: Group) => opened > 0).map(shared)).toEqual(departments.map(shared));
    const domains = await statistics(MARCH, to, NOW, 'domain');
    for (const group of domains) {
      expect(shared(body.domains.find(({ key }: Group) => key === group.key) as never)).toEqual(shared(group as never));
    }
    const sum = (pick: (group: Record<string, number>) => number) =>
      departments.reduce((all: number, group: Record<string, number>) => all + pick(group), 0);
    expect(body.total).toMatchObject({
      opened: sum((group) => group.opened as number),
      closed: sum((group) => group.closed as number),
      openOverdue: sum((group) => group.openOverdue as number),
      dueInPeriod: sum((group) => group.dueInPeriod as number),
    });
    const grids = await statistics(MARCH, to, NOW, 'grid');
    for (const { key, opened, overdue } of body.grids) {
      const group = grids.find((one: Group) => one.key === key);
      expect([opened, overdue]).toEqual([group?.opened ?? 0, (group?.closedOverdue ?? 0) + (group?.openOverdue ?? 0)]);
    }
    const before = await statistics(FEBRUARY, MARCH, Date.parse(body.previous.at), 'domain');
    expect(body.previous.total.opened).toBe(before.reduce((all: number, group: Group) => all + group.opened, 0));
    const load = await statistics(0, NOW + 1, NOW, 'department');
    for (const group of body.departments) {
      const all = load.find(({ key }: Group) => key === group.key);
      expect([group.openAll, group.openOverdueAll]).toEqual([all.open, all.openOverdue]);
    }
    const points = (await get(`points?from=${iso(MARCH)}&to=${iso(to)}`)).body.groups;
    expect(body.points).toBe(points.reduce((all: number, group: { points: number }) => all + group.points, 0));
    expect(body.points).toBeGreaterThan(0);
  });

  it('tells each day as the statistics of that day', async () => {
    const { body } = await get('brief?month=2026-03');
    expect(body.days).toHaveLength(18);
    for (const day of body.days) {
      const from = Date.parse(day.startAt);
      const groups = await statistics(from, from + DAY, NOW, 'domain');
      const due = groups.reduce((all: number, group: { dueInPeriod: number }) => all + group.dueInPeriod, 0);
      const onTime = groups.reduce(
        (all: number, group: { dueInPeriod: number; onTimeRate: number | null }) =>
          all + Math.round(group.dueInPeriod * (group.onTimeRate ?? 0)),
        0,
      );
      expect([day.dueInPeriod, Math.round((day.onTimeRate ?? 0) * due)]).toEqual([due, onTime]);
    }
  });

  it('ranks fairly: best first, no rank for a department with little due', async () => {
    const { body } = await get('brief?month=2026-03');
    const ranked = body.departments.filter(({ rank }: { rank: number | null }) => rank !== null);
    const byRank = [...ranked].sort((a, b) => a.rank - b.rank);
    expect(byRank.map(({ rank }) => rank)).toEqual(ranked.map((_: unknown, i: number) => i + 1));
    expect([...byRank].sort((a, b) => b.onTimeRate - a.onTimeRate).map(({ onTimeRate }) => onTimeRate)).toEqual(
      byRank.map(({ onTimeRate }) => onTimeRate),
    );
    for (const { rank, dueInPeriod } of body.departments) expect(rank === null).toBe(dueInPeriod < body.rankFloor);
  });

  it('W62 a wall gets the same figures as aggregates, and nobody’s name', async () => {
    const { token } = await server.makeClient('wall');
    const wall = await connectWall(server.url, token);
    onTestFinished(() => wall.close());
    const answer = await wall.subscribe();
    if (!answer.ok) throw new Error(answer.reason);
    const { brief } = answer.history;
    const { body } = await get('brief?month=2026-03');
    const { findings: _findings, ...figures } = brief;
    for (const [name, value] of Object.entries(figures)) {
      const told = JSON.parse(JSON.stringify(body[name]), (key, part) =>
        key === 'name' || key === 'rank' ? undefined : part,
      );
      expect({ [name]: value }).toEqual({ [name]: told });
    }
    expect(JSON.stringify(brief)).not.toMatch(/T-|GD-|reporter/);
  });

  it('opens the tickets behind any figure, page by page', async () => {
    const { body } = await get('brief?month=2026-03');
    const late = await get('brief/tickets?month=2026-03&figure=overdue');
    expect(late.body.total).toBe(body.total.closedOverdue + body.total.openOverdue);
    const [worst] = [...body.departments].sort((a, b) => b.dueInPeriod - a.dueInPeriod);
    const ids: string[] = [];
    let cursor = '';
    do {
      const page = await get(
        `brief/tickets?month=2026-03&figure=dueInPeriod&department=${worst.key}&limit=7${cursor === '' ? '' : `&cursor=${cursor}`}`,
      );
      expect(page.body.total).toBe(worst.dueInPeriod);
      ids.push(...page.body.ids);
      cursor = page.body.nextCursor ?? '';
    } while (cursor !== '');
    expect(new Set(ids).size).toBe(worst.dueInPeriod);
    const { body: one } = await get(`tickets/${ids[0]}`);
    expect(one.ticket.department).toBe(worst.key);
    const day = await get('brief/tickets?month=2026-03&figure=opened&day=2026-03-09');
    expect(day.body.total).toBe(body.days[8].opened);
    const load = await get(`brief/tickets?month=2026-03&figure=openAll&department=${worst.key}`);
    expect(load.body.total).toBe(worst.openAll);
  });

  it('takes from and to instead of a month', async () => {
    const { body } = await get(`brief?from=${iso(MARCH)}&to=${iso(MARCH + 7 * DAY)}`);
    expect(body).toMatchObject({ month: null, findings: null, toAt: '2026-03-08T00:00:00+08:00' });
    expect(body.at).toBe(body.toAt);
    expect(body.days).toHaveLength(7);
  });

  it.each([
    ['month=2026-04', 'month'],
    ['month=2026-13', 'month'],
    ['', 'from'],
    [`from=${iso(MARCH)}`, 'to'],
    [`from=${iso(MARCH)}&to=${iso(MARCH)}`, 'to'],
    [`from=${iso(MARCH)}&to=${iso(MARCH + 400 * DAY)}`, 'to'],
    [`month=2026-03&from=${iso(MARCH)}`, 'month'],
    [`from=${iso(MARCH)}&to=${iso(NOW)}&at=${iso(MARCH - HOUR)}`, 'at'],
  ])('refuses %s, naming %s', async (query, path) => {
    const { status, body } = await get(`brief?${query}`);
    expect(status).toBe(400);
    expect(body.errors[0].path).toBe(path);
  });

  it('shows a street’s leader that street only', async () => {
    const token = tokens.get('shiqiao') as string;
    const { body } = await get('brief?month=2026-03', token);
    const { body: whole } = await get('brief?month=2026-03');
    expect(body.streets.map(({ key }: Group) => key)).toEqual(['shiqiao']);
    expect(body.grids).toHaveLength(72);
    expect(body.total.opened).toBeLessThan(whole.total.opened);
    const groups = await statistics(MARCH, Date.parse(body.toAt), NOW, 'department', token);
    expect(body.total.opened).toBe(groups.reduce((all: number, group: Group) => all + group.opened, 0));
    const { body: ids } = await get('brief/tickets?month=2026-03&figure=opened', token);
    expect(ids.total).toBe(body.total.opened);
  });
});

describe('findings', () => {
  const path = '/api/v1/brief/2026-03/findings';
  const sentences = [{ subject: '建设局 93.6%', text: '未达 95% 目标，联系人：王小明 13812345678。' }];
  const put = (token: string, body: unknown) => server.request('PUT', path, { token, body });

  it('are proposed from the figures, each with a number, and shown nowhere', async () => {
    const { body } = await get('brief/2026-03/findings');
    expect(body.findings).toBeNull();
    expect(body.proposals.length).toBeGreaterThan(0);
    for (const proposal of body.proposals) expect(JSON.stringify(proposal)).toMatch(/\d/);
    expect((await get('brief?month=2026-03')).body.findings).toBeNull();
  });

  it('W63 are on the wall with the next pulse when a leader has confirmed them, without anybody’s number or name', async () => {
    const { token } = await server.makeClient('wall');
    const wall = await connectWall(server.url, token);
    onTestFinished(() => wall.close());
    const first = await wall.subscribe();
    expect(first.ok && first.history.brief.findings).toBeNull();
    const told = new Promise((resolve) => wall.socket.once('board:history', resolve));
    expect((await put(tokens.get('leader') as string, { sentences })).status).toBe(200);
    const { brief } = (await told) as { brief: { findings: { sentences: { text: string }[]; confirmedBy: string } } };
    expect(brief.findings.sentences).toHaveLength(1);
    expect(JSON.stringify(brief.findings)).not.toMatch(/13812345678|王小明/);
    expect(brief.findings.confirmedBy).toBe('周*');
    expect((await get('brief?month=2026-03')).body.findings.sentences).toEqual(sentences);
    expect(JSON.stringify((await get('brief?month=2026-03', tokens.get('viewer'))).body)).not.toContain('13812345678');
  });

  it('outlive a restart of the settings, and are taken back by an empty list', async () => {
    await put(admin, { sentences });
    expect(server.settings.data.findings?.['2026-03']?.sentences).toEqual(sentences);
    await put(admin, { sentences: [] });
    expect((await get('brief?month=2026-03')).body.findings).toBeNull();
  });

  it('stand in the audit log by month and number, not by their words', async () => {
    await put(admin, { sentences });
    const { body } = await get('audit?kind=findingsConfirmed&limit=1');
    expect(body.items[0]).toMatchObject({ kind: 'findingsConfirmed', detail: { month: '2026-03', sentences: 1 } });
    expect(JSON.stringify(body.items[0])).not.toContain('王小明');
    await put(admin, { sentences: [] });
  });

  it('of a street are that street’s own', async () => {
    await put(tokens.get('shiqiao') as string, { sentences });
    const { body } = await get('brief?month=2026-03', tokens.get('shiqiao'));
    expect(body.findings.sentences[0].subject).toBe(sentences[0]?.subject);
    expect((await get('brief?month=2026-03')).body.findings).toBeNull();
  });

  it.each([
    ['a viewer', 'viewer', { sentences }, 403],
    ['four sentences', 'leader', { sentences: [...sentences, ...sentences, ...sentences, ...sentences] }, 400],
    ['a sentence without a number', 'duty', { sentences: [{ subject: '一切', text: '正常。' }] }, 400],
    ['an empty subject', 'duty', { sentences: [{ subject: '', text: '3 件' }] }, 400],
  ])('are refused from %s', async (_who, role, body, status) => {
    expect((await put(tokens.get(role) as string, body)).status).toBe(status);
  });

  it('are refused for a month that has not begun', async () => {
    const answer = await server.request('PUT', '/api/v1/brief/2026-04/findings', { token: admin, body: { sentences } });
    expect(answer.status).toBe(400);
  });
});

it('the brief of a past month is the same to the byte, whatever happened since', async () => {
  const february = async () => {
    const response = await fetch(`${server.url}/api/v1/brief?month=2026-02`, {
      headers: { authorization: `Bearer ${admin}` },
    });
    return response.text();
  };
  const first = await february();
  expect(JSON.parse(first).total.opened).toBeGreaterThan(300);
  const open = await get('brief/tickets?month=2026-02&figure=open');
  for (const id of open.body.ids.slice(0, 5)) {
    await server.request('POST', `/api/v1/tickets/${id}/steps`, {
      token: admin,
      body: { step: 'extend', dueAt: iso(NOW + DAY) },
    });
    await server.request('POST', `/api/v1/tickets/${id}/steps`, { token: admin, body: { step: 'close' } });
  }
  await server.request('POST', '/api/v1/tickets', {
    token: admin,
    body: { source: '12345', category: 'litter', title: '生活垃圾满溢', location: {} },
  });
  clock.advanceTo(NOW + 3 * DAY + 5 * MINUTE);
  expect(await server.store.archiveEnded()).toBeGreaterThan(0);
  expect(await february()).toBe(first);
});
