import { expect, test } from 'vitest';
import type { StepReport, Ticket, TicketReport } from '../../domain/ticket.ts';
import { createBriefHistory } from '../../server/live/briefHistory.ts';
import { createHistoryBuilder } from '../../server/live/history.ts';
import { createProjection } from '../../server/live/projection.ts';
import { createLocalTime } from '../../server/localTime.ts';
import {
  at,
  DAY,
  handWorkingTime,
  MINUTE,
  smallDeployment,
  smallRules,
  ticketAfter,
} from '../support/domainBuilders.ts';
import { TWO_STREETS } from '../support/randomHistory.ts';

const rules = smallRules(TWO_STREETS);
const district = { kind: 'wall' } as const;

function builder(tickets: readonly Ticket[], timeZone = 'Asia/Shanghai') {
  const deployment = smallDeployment({ ...TWO_STREETS, timeZone });
  const localTime = createLocalTime(timeZone);
  const projection = createProjection(deployment);
  return createHistoryBuilder({
    store: { facts: () => tickets, pointsLedger: () => [] },
    deployment,
    working: handWorkingTime(),
    localTime,
    projection,
    briefs: createBriefHistory({ deployment, localTime, projection, findings: { of: () => undefined } }),
  });
}

let made = 0;
function ticket(reportedAt: number, overrides: Partial<TicketReport> = {}, steps: readonly StepReport[] = []): Ticket {
  made += 1;
  return ticketAfter({ id: `T-${made}`, reportedAt, ...overrides }, steps, rules);
}

test('W60 yesterday counts reports and ends by the local minute, void tickets not', async () => {
  const tickets = [
    ticket(at('23:59:59', -1), {}, [{ step: 'close', at: at('00:00') }]),
    ticket(at('00:00', -1), {}, [{ step: 'close', at: at('10:11', -1) }]),
    ticket(at('00:00:59', -1)),
    ticket(at('10:00', -1), {}, [{ step: 'void', at: at('10:01', -1) }]),
    ticket(at('00:00')),
  ];
  const { yesterday, dayStartAt } = await builder(tickets).build(district, at('12:00'));
  expect(dayStartAt).toBe(at('00:00'));
  const seen = (counts: readonly number[] = []) =>
    Object.fromEntries([...counts.entries()].filter(([, count]) => count > 0));
  expect(seen(yesterday?.reported)).toEqual({ 0: 2, 1439: 1 });
  expect(seen(yesterday?.closed)).toEqual({ [10 * 60 + 11]: 1 });
});

test('W60 without a yesterday in the data there is none', async () => {
  expect((await builder([]).build(district, at('12:00'))).yesterday).toBeNull();
  expect((await builder([ticket(at('08:00'))]).build(district, at('12:00'))).yesterday).toBeNull();
  const old = await builder([ticket(at('08:00', -9))]).build(district, at('12:00'));
  expect(old.yesterday?.reported.every((count) => count === 0)).toBe(true);
});

test('W60 a day of 25 hours has 1,500 minutes, one of 23 hours 1,380', async () => {
  const zone = 'America/New_York';
  const autumn = Date.parse('2015-11-01T01:16:00-05:00');
  const { yesterday } = await builder([ticket(autumn)], zone).build(district, Date.parse('2015-11-02T12:00:00-05:00'));
  expect(yesterday?.reported).toHaveLength(1500);
  expect(yesterday?.reported.indexOf(1)).toBe(2 * 60 + 16);
  const spring = Date.parse('2016-03-13T12:00:00-04:00');
  const short = await builder([ticket(spring)], zone).build(district, spring + DAY);
  expect(short.yesterday?.reported).toHaveLength(1380);
});

test('W60 bands compare days of the same class, from the first day in the data', async () => {
  // 18 March 2026 is a Wednesday; the nine working days before it since the 5th
  const reports = [1, 2, 5, 6, 7, 8, 9, 12, 13].flatMap((daysAgo, i) =>
    Array.from({ length: i + 1 }, () => ticket(at('09:30') - daysAgo * DAY)),
  );
  const saturday = Array.from({ length: 50 }, () => ticket(at('09:30') - 4 * DAY));
  const { bands } = await builder([...reports, ...saturday]).build(district, at('12:00'));
  expect(bands.urban?.p10[9]).toBeCloseTo(1.8, 10);
  expect(bands.urban?.p90[9]).toBeCloseTo(8.2, 10);
  expect(bands.traffic?.p90[9]).toBe(0);
  const few = await builder([ticket(at('09:30') - 6 * DAY)]).build(district, at('12:00'));
  expect(few.bands.urban).toBeNull();
});

test('W60 the month is the audience’s own, by department, unlisted names masked', async () => {
  const tickets = [
    ticket(at('08:00'), { location: { gridId: 'g1' } }),
    ticket(at('08:00'), { location: { gridId: 'g3' }, department: '张三 13800138000' }),
    ticket(at('08:00', -30), { location: { gridId: 'g1' } }),
  ];
  const { month } = await builder(tickets).build(district, at('12:00'));
  expect(month.fromAt).toBe(Date.parse('2026-03-01T00:00:00+08:00'));
  expect(month.groups.map(({ opened }) => opened)).toEqual([1, 1]);
  expect(JSON.stringify(month)).not.toContain('13800138000');
  const street = await builder(tickets).build({ kind: 'wall', scope: 's1' }, at('12:00'));
  expect(street.month.groups.map(({ key, opened }) => [key, opened])).toEqual([['patrol', 1]]);
});

test('W60 other work goes on while 50,000 tickets are counted', async () => {
  const one = ticketAfter({ reportedAt: at('08:00', -1) }, [{ step: 'close', at: at('09:00', -1) }], rules);
  const tickets = Array.from({ length: 50_000 }, (_, i) => ({
    ...one,
    reportedAt: at('08:00') - (i % 40_000) * MINUTE,
  }));
  let turns = 0;
  let building = true;
  function turn(): void {
    turns += 1;
    if (building) setImmediate(turn);
  }
  turn();
  const { month } = await builder(tickets).build(district, at('12:00'));
  building = false;
  expect(month.groups[0]?.opened).toBeGreaterThan(20_000);
  // Reckoned in one breath it would be over before the second turn
  expect(turns).toBeGreaterThan(1);
});

test('W60 each domain has its own yesterday, month and times, of what the audience may see, names masked', async () => {
  const finished = (gridId: string, minutes: number, overrides: Partial<TicketReport> = {}) =>
    ticket(at('10:00', -1), { location: { gridId }, ...overrides }, [
      { step: 'handle', at: at('10:00', -1) + minutes * MINUTE, by: '甲' },
      { step: 'verify', at: at('11:00', -1), by: '乙' },
    ]);
  const tickets = [
    finished('g1', 20),
    finished('g3', 40),
    finished('g3', 30, { category: '张三 13800138000', domain: 'traffic' }),
  ];
  const { domains } = await builder(tickets).build(district, at('12:00'));
  expect(domains.urban.yesterday).toEqual({
    reportedMinutes: [600, 600],
    closedMinutes: [660, 660],
    repeatedMinutes: [],
  });
  expect(domains.urban.medianMs).toBe(30 * MINUTE);
  expect(domains.urban.month).toMatchObject({ key: 'urban', opened: 2, onTimeRate: 1 });
  expect(domains.traffic.categories).toHaveLength(1);
  expect(JSON.stringify(domains)).not.toContain('13800138000');
  const street = await builder(tickets).build({ kind: 'wall', scope: 's1' }, at('12:00'));
  expect(street.domains.urban.medianMs).toBe(20 * MINUTE);
  expect(street.domains.traffic).toEqual({
    yesterday: { reportedMinutes: [], closedMinutes: [], repeatedMinutes: [] },
    month: null,
    medianMs: null,
    categories: [],
  });
});
