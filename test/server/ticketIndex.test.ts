import fc from 'fast-check';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createLabelMasking, listedLabels } from '../../domain/labels.ts';
import { createMasker } from '../../domain/masking.ts';
import { isOverdue } from '../../domain/sla.ts';
import { DOMAINS, STATUSES, type Ticket } from '../../domain/ticket.ts';
import { maskedTicket } from '../../server/http/ticketOut.ts';
import {
  createTicketIndex,
  SORT_FIELDS,
  type SortField,
  type TicketIndex,
  type TicketQuestion,
} from '../../server/store/ticketIndex.ts';
import type { TicketStore } from '../../server/store/ticketStore.ts';
import { at, HOUR, smallDeployment, smallRules, ticketReport } from '../support/domainBuilders.ts';
import { createMemoryStore } from '../support/memoryStore.ts';
import { openStore, temporaryFolder } from '../support/openStore.ts';
import { randomReport, randomStep } from '../support/randomHistory.ts';
import { type SeededRandom, seededRandom } from '../support/seededRandom.ts';

const district = {
  streets: [
    { id: 's1', name: { zh: '许庄街道', en: 'Xuzhuang' } },
    { id: 's2', name: { zh: '石桥镇' } },
  ],
  communities: [
    { id: 'c1', name: { zh: '荷韵花园' }, streetId: 's1', kind: 'urban' },
    { id: 'c2', name: { zh: '东滩社区' }, streetId: 's2', kind: 'urban' },
  ],
  grids: [
    { id: 'g1', name: { zh: '荷韵花园-03' }, communityId: 'c1', tile: { q: 0, r: 0 } },
    { id: 'g2', name: { zh: '东滩社区-01' }, communityId: 'c2', tile: { q: 1, r: 0 } },
  ],
} as const;
const deployment = smallDeployment(district);
const masker = createMasker({ readableNumbers: [] });
const labelMask = createLabelMasking(listedLabels(deployment), masker);
const masking = { masker, labelMask, ownActor: '系统' };
const now = at('16:00');

function indexOf(store: Pick<TicketStore, 'facts' | 'factsOf' | 'find' | 'onCommit'>): TicketIndex {
  const index = createTicketIndex({ store, deployment, masked: (ticket) => maskedTicket(ticket, masking), labelMask });
  onTestFinished(() => index.close());
  return index;
}

const question = (overrides: Partial<TicketQuestion> = {}): TicketQuestion => ({
  filter: {},
  originals: true,
  order: { field: 'reportedAt', falling: true },
  limit: 1000,
  now,
  ...overrides,
});

// ---- The plain way: look at every ticket, as the reader is shown it

const plainly = (text: string) => text.normalize('NFKC').toLowerCase();

function linesOf(ticket: Ticket): string[] {
  const { number, id, title, description, location, reporter, steps } = ticket;
  return [
    ...[number, id, title, description, location.address, reporter?.name, reporter?.id, reporter?.phone],
    ...steps.map(({ by }) => by),
  ].map((line) => plainly(line ?? ''));
}

function labelLines({ location: { gridId }, category, department, domain }: Ticket): string[] {
  const grid = deployment.grids.find(({ id }) => id === gridId);
  const community = deployment.communities.find(({ id }) => id === grid?.communityId);
  const street = deployment.streets.find(({ id }) => id === community?.streetId);
  const named = [
    grid,
    community && { ...community, id: '' },
    street && { ...street, id: '' },
    deployment.categories.find(({ id }) => id === category),
    deployment.departments.find(({ id }) => id === department),
    deployment.domains.find(({ id }) => id === domain),
  ].filter((one) => one !== undefined);
  const unlisted = [gridId, category, department, domain].map((label) => label ?? '');
  return [...named.flatMap(({ id, name: { zh, en = '' } }) => [id, zh, en]), ...unlisted].map(plainly);
}

function fitsPlainly(ticket: Ticket, { filter, scope, originals }: TicketQuestion): boolean {
  const shown = originals ? ticket : maskedTicket(ticket, masking);
  const grid = deployment.grids.find(({ id }) => id === ticket.location.gridId);
  const community = deployment.communities.find(({ id }) => id === grid?.communityId);
  const words = plainly(filter.q ?? '')
    .split(/\s+/)
    .filter((word) => word !== '');
  return (
    (scope === undefined || community?.streetId === scope) &&
    (filter.street === undefined || community?.streetId === filter.street) &&
    (filter.community === undefined || community?.id === filter.community) &&
    (filter.grid === undefined || shown.location.gridId === filter.grid) &&
    (filter.category === undefined || shown.category === filter.category) &&
    (filter.department === undefined || shown.department === filter.department) &&
    (filter.domain === undefined || ticket.domain === filter.domain) &&
    (filter.from === undefined || ticket.reportedAt >= filter.from) &&
    (filter.to === undefined || ticket.reportedAt < filter.to) &&
    (filter.overdue === undefined || isOverdue(ticket, now) === filter.overdue) &&
    words.every(
      (word) =>
        labelLines(shown).some((line) => line.includes(word)) ||
        (linesOf(ticket).some((line) => line.includes(word)) && linesOf(shown).some((line) => line.includes(word))),
    )
  );
}

function orderedPlainly(tickets: readonly Ticket[], field: SortField, falling: boolean): Ticket[] {
  const sign = falling ? -1 : 1;
  const by = (a: string | number, b: string | number) => (a < b ? -1 : a > b ? 1 : 0);
  return [...tickets].sort((a, b) => {
    const [left, right] = [a[field], b[field]];
    if (left === undefined && right !== undefined) return 1;
    if (left !== undefined && right === undefined) return -1;
    return sign * (by(left ?? 0, right ?? 0) || by(a.recordedAt, b.recordedAt) || by(a.id, b.id));
  });
}

function randomQuestion(random: SeededRandom, tickets: readonly Ticket[]): TicketQuestion {
  const piece = () => {
    const ticket = random.pick(tickets);
    const line = random.pick([...linesOf(ticket), ...labelLines(ticket)].filter((one) => one !== ''));
    const from = random.below(line.length);
    return line.slice(from, from + 1 + random.below(6));
  };
  const q = random.chance(0.8)
    ? Array.from({ length: 1 + random.below(2) }, () => (random.chance(0.1) ? '没有的词' : piece())).join(' ')
    : undefined;
  const maybe = <T>(probability: number, value: () => T) => (random.chance(probability) ? value() : undefined);
  return question({
    filter: {
      q,
      status: maybe(0.2, () => random.pick(STATUSES)),
      domain: maybe(0.1, () => random.pick(DOMAINS)),
      category: maybe(0.1, () => random.pick(tickets).category),
      department: maybe(0.1, () => random.pick(tickets).department),
      grid: maybe(0.1, () => random.pick(tickets).location.gridId),
      street: maybe(0.1, () => random.pick(['s1', 's2', 'nowhere'])),
      community: maybe(0.1, () => random.pick(['c1', 'c2'])),
      from: maybe(0.1, () => at('09:00')),
      to: maybe(0.1, () => at('11:00')),
      overdue: maybe(0.2, () => random.chance(0.5)),
    },
    scope: maybe(0.3, () => random.pick(['s1', 's2'])),
    originals: random.chance(0.5),
    order: { field: random.pick(SORT_FIELDS), falling: random.chance(0.5) },
    limit: 1 + random.below(12),
  });
}

it('finds, counts and orders what looking at every ticket would, while tickets come, change and go to the archive', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), async (seed) => {
      const random = seededRandom(seed);
      const opened = await openStore(await temporaryFolder(), { deployment: district });
      const { store, clock } = opened;
      const indexes = [indexOf(store)];
      const ids: string[] = [];
      for (let round = 0; round < 8; round += 1) {
        for (let i = 0; i < 5; i += 1) {
          const id = `T-${round}-${i}`;
          const report = randomReport(random, id, ['g1', 'g2']);
          ids.push(id);
          await store.report(report, id);
          const step = randomStep(random, `${id}-step`, ids);
          await store.step(random.pick(ids), step, `${id}-step`);
        }
        if (random.chance(0.3)) {
          clock.advance(50 * HOUR);
          await store.archiveEnded();
        }
        // As after a restart: everything is there already
        if (random.chance(0.2)) indexes.push(indexOf(store));
        const index = indexes.at(-1) as TicketIndex;
        const tickets: Ticket[] = [];
        for (const { id } of store.facts()) tickets.push((await store.find(id)) as Ticket);
        for (let i = 0; i < 6; i += 1) {
          const asked = randomQuestion(random, tickets);
          const { status } = asked.filter;
          const fitting = tickets.filter((ticket) => fitsPlainly(ticket, asked));
          const expected = orderedPlainly(
            fitting.filter((ticket) => status === undefined || ticket.status === status),
            asked.order.field,
            asked.order.falling,
          );
          const found = await index.find(asked);
          expect(found.tickets.map(({ id }) => id)).toEqual(expected.slice(0, asked.limit).map(({ id }) => id));
          expect(found.total).toBe(expected.length);
          expect(found.more).toBe(expected.length > asked.limit);
          for (const one of STATUSES)
            expect(found.byStatus[one]).toBe(fitting.filter((ticket) => ticket.status === one).length);
          const last = found.tickets.at(-1);
          if (last === undefined) continue;
          const next = await index.find({ ...asked, after: index.keyOf(last, asked.order.field) });
          expect(next.tickets.map(({ id }) => id)).toEqual(
            expected.slice(asked.limit, 2 * asked.limit).map(({ id }) => id),
          );
        }
      }
      for (const index of indexes) index.close();
      await store.close();
    }),
    { numRuns: 6 },
  );
}, 60_000);

/** From here on the index does by itself what the test lets it: time passes when the test says so. */
function stopTimers(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
}

/** So many tickets about this and that; every 500th is about an unusual thing. */
async function manyTickets(count: number) {
  const rules = smallRules(district);
  const store = createMemoryStore({ rules, clock: { now: () => now } });
  for (let i = 0; i < count; i += 1) {
    const report = ticketReport({
      id: `T-${i}`,
      title: i % 500 === 7 ? '孔雀跑上屋顶' : (['路灯不亮', '垃圾满溢', '电动车乱停乱放'][i % 3] as string),
      description: '值班人员巡查时发现，请到场处理。',
      location: { gridId: i % 3 === 0 ? 'g1' : 'g2' },
      reporter: { id: `G-${String(i % 200).padStart(4, '0')}`, phone: `138${String(i).padStart(8, '0')}` },
      reportedAt: at('08:00') + i,
    });
    await store.report(report, report.id);
  }
  return store;
}

it('compares few texts for a rare word, none for a place, and reads a changed ticket alone', async () => {
  const store = await manyTickets(10_000);
  const index = indexOf(store);
  expect((await index.find(question())).total).toBe(10_000);
  expect(index.work).toMatchObject({ indexed: 10_000, compared: 0 });

  expect((await index.find(question({ filter: { q: '孔雀跑上' } }))).total).toBe(20);
  expect(index.work.compared).toBe(20);
  expect((await index.find(question({ filter: { q: '荷韵花园' } }))).total).toBe(3334);
  expect((await index.find(question({ filter: { q: '荷韵花园 孔雀' } }))).total).toBe(7);
  expect((await index.find(question({ filter: { q: '没有这个' } }))).total).toBe(0);
  expect(index.work.compared).toBeLessThanOrEqual(20 + 20 + 20);
  expect((await index.find(question({ filter: { q: '13800000042' } }))).total).toBe(1);

  const { indexed } = index.work;
  const compared = index.work.compared;
  await store.report(ticketReport({ id: 'new', title: '孔雀飞走了' }), 'new');
  await store.step('T-7', { step: 'dispatch', by: '郑庚' }, 'step');
  expect((await index.find(question({ filter: { q: '郑庚' } }))).tickets.map(({ id }) => id)).toEqual(['T-7']);
  expect((await index.find(question({ filter: { q: '孔雀飞走' } }))).total).toBe(1);
  expect(index.work.indexed).toBe(indexed + 1);
  expect(index.work.compared - compared).toBeLessThanOrEqual(4);
});

it('masks for a reader without originals only what it compares, once', async () => {
  stopTimers();
  const store = await manyTickets(2000);
  const index = indexOf(store);
  const asked = question({ originals: false, filter: { q: '孔雀跑上' } });
  expect((await index.find(asked)).total).toBe(4);
  expect(index.work.masked).toBeLessThanOrEqual(4);
  await index.find(asked);
  expect(index.work.masked).toBeLessThanOrEqual(4);
  expect((await index.find({ ...asked, filter: { q: '13800000007' } })).total).toBe(0);
});

it('reads what came in by itself in calm times, and leaves a busy server alone', async () => {
  stopTimers();
  const store = await manyTickets(0);
  const index = indexOf(store);
  const later = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  for (let i = 0; i < 100; i += 1) await store.report(ticketReport({ id: `burst-${i}` }), `burst-${i}`);
  await later(50);
  expect(index.work).toMatchObject({ indexed: 0, masked: 0 });
  await later(50);
  expect(index.work.indexed).toBe(100);
  await vi.waitFor(async () => {
    await later(50);
    expect(index.work.masked).toBe(100);
  });
  await store.report(ticketReport({ id: 'one more' }), 'one more');
  await later(50);
  expect(index.work.indexed).toBe(101);
});

it('takes up few bytes a ticket', async () => {
  const store = await manyTickets(10_000);
  const index = indexOf(store);
  await index.find(question());
  expect(index.bytes / 10_000).toBeLessThan(250);
});
