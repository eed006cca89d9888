import type { BuiltServer } from './builtServer.ts';
import { DAY, HOUR, MINUTE } from './domainBuilders.ts';
import { seededRandom } from './seededRandom.ts';

const TICKETS = 420;
const DAYS = 62;
const IN_FLIGHT = 20;

interface Listed {
  readonly categories: readonly { readonly id: string }[];
  readonly grids: readonly { readonly id: string }[];
}

/**
 * Two months of a district's tickets until now, told to a running server over HTTP: most finished and verified, some
 * late, some sent back, some still open. Nothing happens after it returns, so what is reckoned stays.
 */
export async function tellTwoMonths(server: BuiltServer): Promise<void> {
  const random = seededRandom(20_260_318);
  const { categories, grids } = (await server.call('GET', '/deployment')).body as unknown as Listed;
  const now = Date.now();
  const iso = (at: number) => new Date(Math.min(at, now)).toISOString();
  const plans = Array.from({ length: TICKETS }, (_, i) => {
    const reportedAt = now - HOUR - Math.floor((i * DAYS * DAY) / TICKETS);
    return {
      id: `brief-${i}`,
      reportedAt,
      handledAt: reportedAt + (5 + random.below(40)) * MINUTE * (random.next() < 0.12 ? 300 : 1),
      isOpen: i % 17 === 3,
      isReworked: i % 23 === 5,
    };
  });
  const rows = plans.map(({ id, reportedAt }) => ({
    id,
    source: 'grid',
    category: random.pick(categories).id,
    title: '生活垃圾满溢',
    location: { gridId: random.pick(grids).id },
    reporter: { id: 'G-0103', name: '吴己' },
    reportedAt: iso(reportedAt),
    dueAt: iso(reportedAt + 8 * HOUR),
  }));
  const taken = await server.call('POST', '/tickets/batch', rows);
  const results = taken.body.results as { status: number }[];
  const refused = results.find(({ status }) => status !== 201);
  if (refused !== undefined) throw new Error(`a ticket was refused: ${JSON.stringify(refused)}`);
  const step = async (id: string, body: object) => {
    const answer = await server.call('POST', `/tickets/${id}/steps`, body);
    if (answer.status >= 300) throw new Error(`${id}: ${JSON.stringify(answer)}`);
  };
  const live = async ({ id, handledAt, isOpen, isReworked }: (typeof plans)[number]) => {
    if (isOpen || handledAt + HOUR > now) return;
    await step(id, { step: 'handle', at: iso(handledAt), by: '甲' });
    if (isReworked) {
      await step(id, { step: 'rework', at: iso(handledAt + MINUTE), by: '乙' });
      await step(id, { step: 'handle', at: iso(handledAt + 20 * MINUTE), by: '甲' });
    }
    await step(id, { step: 'verify', at: iso(handledAt + 30 * MINUTE), by: '乙' });
  };
  for (let first = 0; first < plans.length; first += IN_FLIGHT) {
    await Promise.all(plans.slice(first, first + IN_FLIGHT).map(live));
  }
}
