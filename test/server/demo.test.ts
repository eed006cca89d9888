import { setImmediate as nextTurn } from 'node:timers/promises';
import { DateTime } from 'luxon';
import { describe, expect, test } from 'vitest';
import { isDueSoon, isOverdue, overdueSeverity } from '../../domain/sla.ts';
import { statistics } from '../../domain/statistics.ts';
import { DOMAINS, isEnded, type Ticket } from '../../domain/ticket.ts';
import { BUNDLED_DEPLOYMENTS } from '../../server/deploymentFile.ts';
import { planSources } from '../../server/ingest/planSources.ts';
import { createDemoPlan, LONGEST_PLAN_DAYS } from '../../server/ingest/sources/demoPlan.ts';
import { deploymentOf, memoryStoreOf, planOf, rulesOf, runPlan, untilFinished } from '../support/builtInSources.ts';
import { createManualRealTime } from '../support/manualRealTime.ts';
import { createMemoryStore, type MemoryStore } from '../support/memoryStore.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const district = deploymentOf();
const rules = rulesOf(district);
/** Wednesday, as in the pictures. */
const AFTERNOON = Date.parse('2026-03-18T15:42:00+08:00');

function localDay(at: number): string {
  return DateTime.fromMillis(at, { zone: district.timeZone }).toISODate() as string;
}

/** A demo whose hour is a real second, under the hand of the test. */
async function startDemo(nowAt: number, options: { store?: MemoryStore; seed?: number } = {}) {
  const real = createManualRealTime();
  const plan = await planOf(['demo'], 3600, {
    real,
    nowAt,
    ...(options.seed === undefined ? {} : { seed: options.seed }),
  });
  const store = options.store?.reopen(plan.clock) ?? memoryStoreOf(plan, district);
  let mostOnBoard = 0;
  const stopLooking = store.onCommit(() => {
    mostOnBoard = Math.max(mostOnBoard, store.board.tickets.size);
  });
  const run = await runPlan(plan, district, store);
  stopLooking();
  /** A turn of the event loop after each hour lets the answers come in. */
  async function passHours(hours: number): Promise<void> {
    for (let left = hours; left > 0; left -= 1) {
      real.pass(Math.min(left, 1) * 1000);
      await nextTurn();
    }
  }
  return { ...run, clock: plan.clock, passHours, mostOnBoard };
}

/** Every demo ticket with what was done to it, as planned; what the server adds (numbers, recording times) is left out. */
function storyOf(store: MemoryStore): Map<string, string> {
  return new Map(
    [...store.facts()].map(({ id, reportedAt, title, steps }) => [
      id,
      JSON.stringify([reportedAt, title, steps.map(({ step, at, by }) => [step, at, by])]),
    ]),
  );
}

describe('the demo district over seven days', () => {
  test('is believable at every hour, and its backlog neither grows nor dries up', async () => {
    const { store, clock, registry, passHours, close } = await startDemo(Date.parse('2026-03-18T00:00:00+08:00'));
    expect(registry.rows()).toMatchObject([{ id: 'demo', kind: 'demo', state: 'live', rejected: {} }]);
    await store.archiveEnded();
    const open: number[] = [];
    const overdue: number[] = [];
    const critical: number[] = [];
    const dueSoonByDay: number[] = [];
    for (let hour = 0; hour < 7 * 24; hour += 1) {
      await passHours(1);
      const now = clock.now();
      const tickets = [...store.board.tickets.values()].filter((ticket) => !isEnded(ticket.status));
      const late = tickets.filter((ticket) => ticket.handledAt === undefined && isOverdue(ticket, now));
      open.push(tickets.length);
      overdue.push(late.length);
      critical.push(late.filter((ticket) => overdueSeverity(ticket, now) === 'critical').length);
      const localHour = hour % 24;
      if (localHour >= 8 && localHour < 20) {
        dueSoonByDay.push(tickets.filter((ticket) => isDueSoon(rules.working, ticket, now, HOUR)).length);
      }
      if (localHour === 23) await store.archiveEnded();
    }
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    expect(Math.min(...open)).toBeGreaterThanOrEqual(40);
    expect(Math.max(...open)).toBeLessThanOrEqual(160);
    expect(Math.abs(mean(open.slice(-24)) - mean(open.slice(0, 24)))).toBeLessThan(25);
    expect(mean(overdue)).toBeGreaterThan(3);
    expect(mean(overdue)).toBeLessThan(9);
    expect(mean(critical)).toBeGreaterThan(0.5);
    expect(mean(critical)).toBeLessThan(4);
    expect(Math.max(...overdue)).toBeLessThan(20);
    expect(mean(dueSoonByDay)).toBeGreaterThan(2);
    expect(dueSoonByDay.filter((count) => count === 0).length).toBeLessThan(dueSoonByDay.length / 10);
    expect(registry.rows()).toMatchObject([{ state: 'live', rejected: {} }]);
    await close();
  }, 60_000);
});

describe('the history', () => {
  let started: Awaited<ReturnType<typeof startDemo>>;
  let tickets: readonly Ticket[];

  test('covers 28 days, and today so far', async () => {
    started = await startDemo(AFTERNOON);
    tickets = [...started.store.facts()] as Ticket[];
    const days = new Set(tickets.map((ticket) => localDay(ticket.reportedAt)));
    expect(days.size).toBe(29);
    expect([...days].sort()[0]).toBe('2026-02-18');
    expect(Math.max(...tickets.map((ticket) => ticket.reportedAt))).toBeLessThanOrEqual(AFTERNOON);
    for (const event of started.store.events) expect(event.at).toBeLessThanOrEqual(AFTERNOON);
  }, 60_000);

  test('is told of while it is written, and when it is done', () => {
    const days = [0, 7, 14, 21, 28].map((day) => expect.stringContaining(`day ${day} of 28`));
    expect(started.told).toEqual([...days, expect.stringMatching(/ready, \d+ tickets/)]);
  });

  test('is in the archive but for the last day, so that walls are not sent a month', () => {
    const { board } = started.store;
    const ended = [...board.tickets.values()].filter((ticket) => isEnded(ticket.status));
    expect(Math.min(...ended.map((ticket) => ticket.endedAt as number))).toBeGreaterThanOrEqual(
      AFTERNOON - district.archiveAfterHours * HOUR,
    );
    expect(board.tickets.size).toBeLessThan(2000);
    expect(started.mostOnBoard).toBeLessThan(3000);
  });

  test('has about 480 reports a day, fewer on days off', () => {
    const perDay = new Map<string, number>();
    for (const ticket of tickets) {
      const day = localDay(ticket.reportedAt);
      perDay.set(day, (perDay.get(day) ?? 0) + 1);
    }
    perDay.delete('2026-03-18');
    const counts = [...perDay.values()];
    expect(counts.reduce((a, b) => a + b, 0) / counts.length).toBeGreaterThan(440);
    expect(counts.reduce((a, b) => a + b, 0) / counts.length).toBeLessThan(520);
    expect(Math.min(...counts)).toBeGreaterThan(300);
    expect(Math.max(...counts)).toBeLessThan(700);
    const saturdays = ['2026-03-07', '2026-03-14'].map((day) => perDay.get(day) as number);
    const wednesdays = ['2026-03-04', '2026-03-11'].map((day) => perDay.get(day) as number);
    expect(Math.max(...saturdays)).toBeLessThan(Math.min(...wednesdays));
  });

  test('is busy in the morning and the afternoon, quiet at night', () => {
    const byHour = new Array<number>(24).fill(0);
    for (const ticket of tickets) {
      const { hour } = DateTime.fromMillis(ticket.reportedAt, { zone: district.timeZone });
      byHour[hour] = (byHour[hour] as number) + 1;
    }
    const at = (hour: number) => byHour[hour] as number;
    expect(at(9)).toBeGreaterThan(at(12) * 1.5);
    expect(at(15)).toBeGreaterThan(at(12) * 1.4);
    expect(at(3)).toBeLessThan(at(9) / 10);
  });

  test('shares the load among the five domains as the district does', () => {
    const shares = DOMAINS.map(
      (domain) => tickets.filter((ticket) => ticket.domain === domain).length / tickets.length,
    );
    expect(shares.every((share) => share > 0.04)).toBe(true);
    const top = (domain: string) => {
      const counts = new Map<string, number>();
      for (const ticket of tickets) {
        if (ticket.domain === domain) counts.set(ticket.category, (counts.get(ticket.category) ?? 0) + 1);
      }
      return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
    };
    expect([top('livelihood'), top('traffic'), top('urban')]).toEqual([
      'heatingSupply',
      'illegalParking',
      'streetVending',
    ]);
  });

  test('is handled in time as departments go: most above the target, some below', () => {
    const period = { fromAt: AFTERNOON - 28 * DAY, toAt: AFTERNOON, at: AFTERNOON };
    const rate = new Map(
      statistics(tickets, period, (ticket) => ticket.department).map((group) => [group.key, group.onTimeRate]),
    );
    const [all] = statistics(tickets, period, () => 'all');
    expect(all?.onTimeRate).toBeGreaterThan(0.95);
    expect(all?.onTimeRate).toBeLessThan(0.98);
    expect(rate.get('heating')).toBeLessThan(district.onTimeTarget);
    expect(rate.get('construction')).toBeLessThan(district.onTimeTarget);
    expect(rate.get('approval')).toBeGreaterThan(0.98);
    expect([...rate.values()].filter((value) => value !== null && value < district.onTimeTarget).length).toBeLessThan(
      5,
    );
    const minutes = tickets
      .filter((ticket) => ticket.endedAt !== undefined)
      .map((ticket) => ((ticket.endedAt as number) - ticket.reportedAt) / 60_000)
      .sort((a, b) => a - b);
    expect(minutes[minutes.length >> 1]).toBeGreaterThan(15);
    expect(minutes[minutes.length >> 1]).toBeLessThan(60);
  });

  test('has every way a ticket can go', () => {
    const seen = new Set(tickets.flatMap((ticket) => [...ticket.flags, ticket.status]));
    expect([...seen]).toEqual(
      expect.arrayContaining([
        ...['dispatched', 'handled', 'closed', 'void', 'merged'],
        ...['returned', 'reworked', 'extended', 'suspended', 'escalated', 'unverified'],
      ]),
    );
    const settled = tickets.filter(
      (ticket) => ticket.status === 'closed' && ticket.steps.every((step) => step.step !== 'dispatch'),
    );
    expect(settled.length / tickets.length).toBeGreaterThan(0.1);
    expect(tickets.some((ticket) => ticket.assistDepartments.length > 0)).toBe(true);
    const requests = new Map<string, number>();
    for (const ticket of tickets.filter((entry) => entry.reportedAt > AFTERNOON - DAY)) {
      const key = `${ticket.category} ${ticket.location.gridId}`;
      if (ticket.domain === 'analysis') requests.set(key, (requests.get(key) ?? 0) + 1);
    }
    expect([...requests.values()].filter((count) => count > 1).length).toBeGreaterThan(1);
  });

  test('keeps to what the wall can show: short titles, known units, nobody out of order', () => {
    for (const ticket of tickets) {
      expect([...ticket.title].length, ticket.title).toBeLessThanOrEqual(10);
      expect(ticket.flags).not.toContain('unlisted');
      expect(ticket.flags).not.toContain('outOfOrder');
    }
  });

  test('holds the case of 荷韵花园 on each of its days', () => {
    const cases = tickets.filter((ticket) => ticket.id.endsWith('-case'));
    expect(cases).toHaveLength(29);
    for (const ticket of cases) {
      expect(ticket).toMatchObject({
        title: '电动车乱停乱放',
        location: { gridId: 'heyun-03' },
        points: 7,
        status: 'closed',
      });
      expect(
        ticket.steps.map(({ step, at, by }) => [
          step,
          DateTime.fromMillis(at, { zone: district.timeZone }).toFormat('HH:mm:ss'),
          by,
        ]),
      ).toEqual([
        ['report', '10:06:00', '吴己'],
        ['handle', '10:11:00', '吴己'],
        ['verify', '10:14:00', '郑庚'],
        ['close', '10:14:00', '系统'],
      ]);
    }
  });

  test('goes on with the future of every open ticket', async () => {
    const open = tickets.filter((ticket) => !isEnded(ticket.status)).map((ticket) => ticket.id);
    expect(open.length).toBeGreaterThan(40);
    await started.passHours(24 * LONGEST_PLAN_DAYS);
    const after = new Map([...started.store.facts()].map((ticket) => [ticket.id, ticket.status]));
    expect(open.filter((id) => !isEnded(after.get(id) as Ticket['status']))).toEqual([]);
    await started.close();
  }, 60_000);
});

describe('the same seed', () => {
  test('tells the same story to the last byte, another seed another one', async () => {
    const [one, two, other] = [
      await startDemo(AFTERNOON, { seed: 5 }),
      await startDemo(AFTERNOON, { seed: 5 }),
      await startDemo(AFTERNOON, { seed: 6 }),
    ];
    for (const run of [one, two, other]) await run.passHours(3);
    expect(JSON.stringify(two.store.events)).toBe(JSON.stringify(one.store.events));
    expect(other.store.events.length).not.toBe(one.store.events.length);
    for (const run of [one, two, other]) await run.close();
  }, 60_000);

  test('plans a day the same whenever it is asked', () => {
    const plan = createDemoPlan(district, rules.working, 1);
    const first = plan.ticketsOf('2026-03-18');
    plan.ticketsOf('2026-03-20');
    expect(plan.ticketsOf('2026-03-18')).toEqual(first);
    expect(plan.dayOf(first[3]?.report.id as string)).toBe('2026-03-18');
    expect(plan.dayOf('GD-1')).toBeUndefined();
  });
});

describe('a restart', () => {
  test('after a night makes up the gap, doubles nothing, and goes on as if it had never stopped', async () => {
    const first = await startDemo(AFTERNOON);
    await first.passHours(2);
    await first.close();
    const seq = first.store.seq;
    const again = await startDemo(AFTERNOON + 16 * HOUR, { store: first.store });
    expect(again.clock.now()).toBe(AFTERNOON + 16 * HOUR);
    expect(again.store.seq - seq).toBeGreaterThan(200);
    expect(again.store.seq - seq).toBeLessThan(4000);
    expect(again.registry.rows()).toMatchObject([{ rejected: {}, repeated: 0 }]);
    await again.passHours(4);
    await again.close();

    const unbroken = await startDemo(AFTERNOON);
    await unbroken.passHours(20);
    expect(storyOf(again.store)).toEqual(storyOf(unbroken.store));
    await unbroken.close();
  }, 60_000);

  test('after two months brings the last 28 days and ends what was left open', async () => {
    const first = await startDemo(AFTERNOON);
    await first.close();
    const seq = first.store.seq;
    const again = await startDemo(AFTERNOON + 60 * DAY, { store: first.store });
    const days = new Set([...again.store.facts()].map((ticket) => localDay(ticket.reportedAt)));
    expect(days.size).toBe(29 + 29);
    expect(again.store.seq - seq).toBeLessThan(110_000);
    const open = [...again.store.board.tickets.values()].filter((ticket) => !isEnded(ticket.status));
    expect(open.filter((ticket) => ticket.reportedAt < AFTERNOON + 60 * DAY - LONGEST_PLAN_DAYS * DAY)).toEqual([]);
    expect(open.length).toBeLessThan(160);
    expect(again.registry.rows()).toMatchObject([{ rejected: {} }]);
    await again.close();
  }, 60_000);
});

describe('its sources', () => {
  test('are heard of once a period each, until it stops', async () => {
    const { registry, clock, passHours, close } = await startDemo(AFTERNOON);
    expect(registry.strip().map((source) => source.id)).toEqual(district.sources.map((source) => source.id));
    await passHours(0.5);
    for (const [i, source] of registry.strip().entries()) {
      const periodMs = (district.sources[i]?.periodSeconds as number) * 1000;
      expect(source.ageMs).toBeLessThanOrEqual(periodMs);
      // One real millisecond is 3.6 domain seconds here
      expect(clock.now() - (source.lastEventAt as number)).toBeLessThanOrEqual((periodMs + 1) * 3600);
      expect(source.state).toBe('live');
    }
    await close();
  }, 60_000);
});

describe('at max', () => {
  test('plays one day and is finished', async () => {
    const plan = await planOf(['demo'], 'max', { nowAt: AFTERNOON });
    const store = createMemoryStore({ rules, clock: plan.clock });
    const { registry } = await runPlan(plan, district, store);
    await untilFinished(registry);
    expect(plan.clock.now()).toBe(AFTERNOON + DAY);
    const lastDay = [...store.facts()].filter((ticket) => ticket.reportedAt > AFTERNOON);
    expect(lastDay.length).toBeGreaterThan(350);
  }, 60_000);
});

test('another district gets tickets of its own categories and areas', async () => {
  const boston = deploymentOf(`${BUNDLED_DEPLOYMENTS}boston.json`);
  const plan = await planOf(['demo'], 'max', { nowAt: AFTERNOON });
  const store = createMemoryStore({ rules: rulesOf(boston), clock: plan.clock });
  const { registry } = await runPlan(plan, boston, store);
  await untilFinished(registry);
  expect(registry.rows()).toMatchObject([{ rejected: {} }]);
  for (const ticket of store.facts()) expect(ticket.flags).not.toContain('unlisted');
}, 60_000);

describe('options that do not go together', () => {
  test.each([
    [['demo', 'replay:a.csv'], undefined, 'cannot run together'],
    [['demo', 'demo'], undefined, 'twice'],
    [['none'], 60, '--speed'],
    [[], 'max' as const, '--speed'],
    [['replay:missing.csv'], 'max' as const, 'cannot be read'],
  ])('%j at %s: %s', async (texts, speed, expected) => {
    const options = texts.map((text) =>
      text.startsWith('replay:')
        ? ({ kind: 'replay', file: text.slice(7) } as const)
        : ({ kind: text } as { kind: 'demo' | 'none' }),
    );
    const planned = await planSources(options, speed);
    expect(planned).toMatchObject({ ok: false, problem: expect.stringContaining(expected) });
  });

  test('no source means real time', async () => {
    const plan = await planOf(['none'], undefined);
    expect(plan.clock.state()).toEqual({ mode: 'live', speed: 1 });
    expect(plan.sources).toEqual([]);
  });
});
