import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test, vi } from 'vitest';
import type { StepTaken, TicketReported } from '../../domain/events.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { BUNDLED_DEPLOYMENTS } from '../../server/deploymentFile.ts';
import {
  DECEMBER,
  DECEMBER_AT,
  figures,
  JANUARY_AT,
  KANSAS_CITY,
  NOVEMBER,
  NOVEMBER_AT,
  oracle,
  SNAPSHOT,
  SNAPSHOT_AT,
} from '../support/bostonMonths.ts';
import {
  deploymentOf,
  figuresOf,
  memoryStoreOf,
  planOf,
  rulesOf,
  runPlan,
  untilFinished,
} from '../support/builtInSources.ts';
import { createManualRealTime } from '../support/manualRealTime.ts';
import { createMemoryStore } from '../support/memoryStore.ts';
import { temporaryFolder, tryOpenStore } from '../support/openStore.ts';
import { seededRandom } from '../support/seededRandom.ts';

const fixtures = fileURLToPath(new URL('../fixtures/replay/', import.meta.url));
const SMALL_TABLE = `${fixtures}riverton.csv`;
const SMALL_MAPPING = `${fixtures}riverton.mapping.json`;
const small = `replay:${SMALL_TABLE},mapping=${SMALL_MAPPING}`;

const district = deploymentOf();

async function replayed(texts: readonly string[], deployment = district) {
  const plan = await planOf(texts, 'max');
  const run = await runPlan(plan, deployment, memoryStoreOf(plan, deployment));
  await untilFinished(run.registry);
  return { ...run, clock: plan.clock };
}

describe.skipIf(!existsSync(NOVEMBER))('the tables of ../shared/data', () => {
  test('both Boston months on one clock give every figure of the oracle', async () => {
    const options = [NOVEMBER, DECEMBER].map((file) => `replay:${file},until=${SNAPSHOT}`);
    const { store, clock, registry } = await replayed(options);
    expect(clock.now()).toBe(SNAPSHOT_AT);
    expect(figuresOf(store, { fromAt: NOVEMBER_AT, toAt: DECEMBER_AT, at: SNAPSHOT_AT })).toEqual(oracle(1));
    expect(figuresOf(store, { fromAt: DECEMBER_AT, toAt: JANUARY_AT, at: SNAPSHOT_AT })).toEqual(oracle(2));
    expect(registry.rows()).toMatchObject([
      { id: 'replay:boston-311-2015-11.csv', accepted: 8743 + 7186, rejected: {}, state: 'finished' },
      { id: 'replay:boston-311-2015-12.csv', accepted: 8162 + 6027, rejected: {}, state: 'finished' },
    ]);
  }, 60_000);

  test('November in any order of rows, under its own deployment, on the real store', async () => {
    const [header, ...rows] = readFileSync(NOVEMBER, 'utf8').trimEnd().split('\n') as [string, ...string[]];
    const random = seededRandom(11);
    for (let i = rows.length - 1; i > 0; i -= 1) {
      const j = random.below(i + 1);
      [rows[i], rows[j]] = [rows[j] as string, rows[i] as string];
    }
    const folder = await temporaryFolder();
    const shuffled = join(folder, 'shuffled.csv');
    writeFileSync(shuffled, `${[header, ...rows].join('\n')}\n`);
    const boston = deploymentOf(`${BUNDLED_DEPLOYMENTS}boston.json`);
    const plan = await planOf([`replay:${shuffled},until=${SNAPSHOT}`], 'max');
    const { opening } = await tryOpenStore(join(folder, 'data'), {
      rules: rulesOf(boston),
      clock: plan.clock as never,
    });
    if (!opening.ok) throw new Error(opening.problem);
    const { registry, store } = await runPlan(plan, boston, opening.store);
    await untilFinished(registry);
    expect(figuresOf(store, { fromAt: NOVEMBER_AT, toAt: DECEMBER_AT, at: SNAPSHOT_AT })).toEqual(oracle(1));
    const flags = [...store.facts()].flatMap((ticket) => ticket.flags);
    expect(flags).not.toContain('unlisted');
    await store.close();
  }, 60_000);

  test('under the default deployment nothing is refused and everything is unlisted', async () => {
    const { store, registry } = await replayed([`replay:${KANSAS_CITY}`]);
    expect(registry.rows()).toMatchObject([{ accepted: 4493 + 2812, rejected: {} }]);
    for (const ticket of store.facts()) expect(ticket.flags).toContain('unlisted');
  }, 60_000);

  test('Kansas City has the counts of its page', async () => {
    const kansasCity = deploymentOf(`${BUNDLED_DEPLOYMENTS}kansas-city.json`);
    const { store, clock } = await replayed([`replay:${KANSAS_CITY}`], kansasCity);
    expect(figuresOf(store, { fromAt: 0, toAt: clock.now() + 1, at: clock.now() }).get('all')).toEqual(
      figures([4493, 2570 + 242, 2570, 549 + 1132, 549]),
    );
    expect([...store.facts()].filter((ticket) => ticket.flags.includes('unlisted'))).toEqual([]);
  }, 60_000);

  test('the one ambiguous time of November is the first of its two instants', async () => {
    const { store } = await replayed([`replay:${NOVEMBER},until=2015-11-01T06:00:00-05:00`]);
    const ambiguous = [...store.facts()].filter(
      (ticket) => ticket.reportedAt >= NOVEMBER_AT + 3_600_000 && ticket.reportedAt < NOVEMBER_AT + 3 * 3_600_000,
    );
    expect(ambiguous.map((ticket) => ticket.reportedAt)).toContain(Date.parse('2015-11-01T01:16:00-04:00'));
  });

  test('the point and the neighbourhood that mean “unknown” are no place', async () => {
    const { store } = await replayed([`replay:${NOVEMBER},until=${SNAPSHOT}`]);
    const tickets = [...store.facts()] as Ticket[];
    expect(tickets.filter((ticket) => ticket.location.lng === undefined)).toHaveLength(1111);
    expect(tickets.filter((ticket) => ticket.location.gridId === undefined)).toHaveLength(535);
  }, 60_000);
});

describe('the table of a city nobody has seen, by a mapping file of its own', () => {
  test('becomes tickets with the steps it proves and none invented', async () => {
    const { store, registry } = await replayed([small]);
    const tickets = [...store.facts()] as Ticket[];
    const summary = tickets.map((ticket) => [
      ticket.id,
      ticket.title,
      ticket.steps.map((step) => `${step.step} ${new Date(step.at).toISOString()}`).join(', '),
    ]);
    expect(summary).toEqual([
      ['rv-A-1', '路灯不亮', 'report 2024-02-28T22:10:00.000Z, close 2024-02-29T15:59:59.000Z'],
      ['rv-A-5', 'Noise at night', 'report 2024-02-29T01:00:00.000Z, close 2024-02-29T00:30:00.000Z'],
      ['rv-A-2-b', 'Lamp out, and so is the next', 'report 2024-02-29T02:00:00.000Z'],
      ['rv-A-3', `${'很'.repeat(199)}…`, 'report 2024-02-29T02:00:00.000Z, close 2024-03-02T02:00:00.000Z'],
      ['rv-A-4', 'Water', 'report 2024-03-01T00:00:00.000Z'],
    ]);
    expect(tickets[1]?.flags).toContain('outOfOrder');
    expect(registry.rows()).toMatchObject([
      {
        id: 'replay:riverton.csv',
        kind: 'replay',
        accepted: 8,
        rejected: {
          idMissing: 1,
          idTooLong: 1,
          idTwice: 1,
          titleMissing: 1,
          timeMissing: 1,
          timeUnreadable: 2,
          stateUnknown: 1,
          closingTimeMissing: 1,
          malformedRow: 1,
        },
      },
    ]);
  });

  test('keeps what it knows: domain, place, deadline, claim, note, source', async () => {
    const { store } = await replayed([small]);
    const [lamp, noise, second, long, water] = [...store.facts()] as Ticket[];
    expect(lamp).toMatchObject({
      source: 'App',
      domain: 'urban',
      category: 'Lamp',
      department: 'Works',
      location: { gridId: 'Old Town', address: '1 Elm Row second yard', lng: 116.5, lat: 35.4 },
      dueAt: Date.parse('2024-03-01T23:59:59+08:00'),
      overdueClaim: false,
      steps: [{ step: 'report' }, { step: 'close', note: 'Lamp replaced.\nTested.', id: 'close' }],
    });
    expect(noise).toMatchObject({ domain: 'livelihood', source: 'Other', overdueClaim: true });
    expect(noise?.location).toEqual({});
    expect(second?.dueAt).toBeUndefined();
    expect(long).toMatchObject({ domain: 'government' });
    expect(water).toMatchObject({ category: 'Water', domain: 'livelihood' });
    expect(JSON.stringify([...store.facts()])).not.toMatch(/[\u202a-\u202e\u2066-\u2069]|\\u0000/);
  });

  test('ends with its last event, the clock exactly there', async () => {
    const { clock, registry } = await replayed([small]);
    expect(clock.now()).toBe(Date.parse('2024-03-02T02:00:00Z'));
    expect(clock.state()).toEqual({ mode: 'replay', speed: 'max' });
    expect(registry.rows()[0]?.state).toBe('finished');
  });

  test('stops at `until`, local where it has no offset, and plays nothing after it', async () => {
    const { store, clock } = await replayed([`${small},until=2024-02-29T10:00:00`]);
    expect(clock.now()).toBe(Date.parse('2024-02-29T02:00:00Z'));
    expect([...store.facts()].map((ticket) => ticket.id)).toEqual(['rv-A-1', 'rv-A-5', 'rv-A-2-b', 'rv-A-3']);
    expect([...store.facts()].map((ticket) => ticket.status)).toEqual(['reported', 'closed', 'reported', 'reported']);
  });

  test('decides nothing behind the clock: each event is taken down at its own instant', async () => {
    const { store } = await replayed([small]);
    const events = store.events as readonly (TicketReported | StepTaken)[];
    const recorded = events.map((event) => event.recordedAt);
    expect(recorded).toEqual([...recorded].sort((a, b) => a - b));
    for (const event of events) expect(event.recordedAt).toBeGreaterThanOrEqual(event.at);
  });
});

describe('a restart', () => {
  test.each([1, 2, 3, 5, 7])('after %i events leaves no doubles and the same tickets', async (kept) => {
    const whole = await replayed([small]);
    const plan = await planOf([small], 'max');
    const store = memoryStoreOf(plan, district);
    const cut = { left: kept, report: store.report, step: store.step };
    const refuse = async () => ({ ok: false, refusal: { reason: 'unavailable', detail: 'the disk is full' } }) as const;
    const failing = Object.create(store, {
      seq: { get: () => store.seq },
      report: {
        value: (...args: Parameters<typeof store.report>) => (cut.left-- > 0 ? store.report(...args) : refuse()),
      },
      step: { value: (...args: Parameters<typeof store.step>) => (cut.left-- > 0 ? store.step(...args) : refuse()) },
    }) as typeof store;
    const first = await runPlan(plan, district, failing);
    await vi.waitFor(() => expect(first.registry.rows()[0]?.state).toBe('failed'));
    await first.close();
    expect(store.seq).toBe(kept);

    const again = await planOf([small], 'max');
    const resumed = await runPlan(again, district, store.reopen(again.clock));
    await untilFinished(resumed.registry);
    expect([...store.facts()].map(({ id, steps }) => [id, steps.map(({ step, at }) => [step, at])])).toEqual(
      [...whole.store.facts()].map(({ id, steps }) => [id, steps.map(({ step, at }) => [step, at])]),
    );
    expect(again.clock.now()).toBe(whole.clock.now());
  });

  test('of a finished replay plays nothing', async () => {
    const { store } = await replayed([small]);
    const seq = store.seq;
    const again = await planOf([small], 'max');
    const resumed = await runPlan(again, district, store.reopen(again.clock));
    await untilFinished(resumed.registry);
    expect(store.seq).toBe(seq);
    expect(resumed.registry.rows()[0]?.accepted).toBe(0);
  });
});

test('tickets of another source do not tell a replay where it stands', async () => {
  const plan = await planOf([small], 'max');
  const store = memoryStoreOf(plan, district).reopen({ now: () => Date.parse('2026-03-18T15:42:00+08:00') });
  await store.report({ id: 'T-1', source: 'grid', category: 'litter', title: '垃圾满溢', location: {} }, 'hash');
  const { registry } = await runPlan(plan, district, store.reopen(plan.clock));
  await untilFinished(registry);
  expect(plan.clock.now()).toBe(Date.parse('2024-03-02T02:00:00Z'));
  const own = [...store.facts()].filter((ticket) => ticket.id.startsWith('rv-'));
  expect(own.map((ticket) => ticket.recordedAt - ticket.reportedAt)).toEqual([0, 0, 0, 0, 0]);
});

describe('at a factor', () => {
  test('rows arrive spread over real time, each when the clock gets there', async () => {
    const real = createManualRealTime();
    const plan = await planOf([small], 3600, { real });
    const store = createMemoryStore({ rules: rulesOf(district), clock: plan.clock });
    const { registry } = await runPlan(plan, district, store);
    const startAt = Date.parse('2024-02-28T22:10:00Z');
    expect(plan.clock.state()).toEqual({ mode: 'replay', speed: 3600 });
    expect(store.board.tickets.size).toBe(1);
    const arrivals: number[] = [0];
    for (let realMs = 10; realMs < 60_000; realMs += 10) {
      real.pass(10);
      while (arrivals.length < store.board.tickets.size) arrivals.push(realMs);
    }
    const due = [...store.facts()].map((ticket) => (ticket.reportedAt - startAt) / 3600);
    for (const [i, arrival] of arrivals.entries()) {
      expect(arrival).toBeGreaterThanOrEqual(due[i] as number);
      expect(arrival - (due[i] as number)).toBeLessThan(50);
    }
    expect(arrivals).toHaveLength(5);
    await untilFinished(registry);
    expect(plan.clock.now()).toBe(Date.parse('2024-03-02T02:00:00Z'));
  });

  test('carries on from where the store stands', async () => {
    const real = createManualRealTime();
    const plan = await planOf([small], 3600, { real });
    const store = createMemoryStore({ rules: rulesOf(district), clock: plan.clock });
    const first = await runPlan(plan, district, store);
    real.pass(12_000);
    await first.close();
    const { seq } = store;
    expect(seq).toBeGreaterThan(1);
    real.pass(60_000);
    expect(store.seq).toBe(seq);

    const again = await planOf([small], 3600, { real });
    const resumed = await runPlan(again, district, store.reopen(again.clock));
    expect(again.clock.now()).toBeGreaterThan(Date.parse('2024-02-29T02:00:00Z'));
    expect(store.seq).toBe(seq);
    real.pass(120_000);
    await untilFinished(resumed.registry);
    expect(store.seq).toBe(8);
  });

  test('carries on from where the clock was left, in a quiet stretch of the data too', async () => {
    const real = createManualRealTime();
    const plan = await planOf([small], 3600, { real });
    const store = createMemoryStore({ rules: rulesOf(district), clock: plan.clock });
    const first = await runPlan(plan, district, store);
    real.pass(1000);
    await first.close();
    const { seq } = store;
    const leftAt = plan.clock.now();
    const lastAt = Math.max(...[...store.facts()].flatMap((ticket) => ticket.steps.map((step) => step.recordedAt)));
    expect(leftAt).toBeGreaterThan(lastAt);

    const again = await planOf([small], 3600, { real });
    const resumed = await runPlan(again, district, store.reopen(again.clock), leftAt);
    expect(again.clock.now()).toBe(leftAt);
    expect(store.seq).toBe(seq);
    await resumed.close();
    // What the store holds was done, whatever was written down beside it
    const once = await planOf([small], 3600, { real });
    const early = await runPlan(once, district, store.reopen(once.clock), lastAt - 1);
    expect(once.clock.now()).toBe(lastAt);
    await early.close();
  });
});
