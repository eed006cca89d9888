import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRules } from '../../../domain/decide.ts';
import type { TicketReport } from '../../../domain/ticket.ts';
import { buildWorkingTime } from '../../../server/calendar.ts';
import { DEFAULT_DEPLOYMENT, loadDeployment } from '../../../server/deploymentFile.ts';
import { contentHashOf } from '../../../server/ingest/contentHash.ts';
import { createLog } from '../../../server/log.ts';
import { openTicketStore, type TicketStore } from '../../../server/store/ticketStore.ts';
import { reportBodies } from '../reports.ts';
import { usageHandlers } from './usage.ts';
import { answerRequests } from './worker.ts';

const HOUR_MS = 3_600_000;
/** In flight at once: the group is written as one. */
const AT_ONCE = 500;

const loaded = loadDeployment(DEFAULT_DEPLOYMENT);
if (!loaded.ok) throw new Error(loaded.problem);
const { deployment } = loaded;
let now = Date.parse('2026-03-18T10:06:00+08:00');
const { working } = buildWorkingTime(deployment.calendar, deployment.timeZone, now);
const rules = createRules(deployment, working);
const never = { events: Number.MAX_SAFE_INTEGER, bytes: Number.MAX_SAFE_INTEGER };

async function open(directory: string, snapshotEvery = never): Promise<TicketStore> {
  const opened = await openTicketStore({
    directory,
    rules,
    clock: { now: () => now, at: () => () => {} },
    log: createLog('silent'),
    onFatal: (reason) => {
      throw new Error(reason);
    },
    snapshotEvery,
  });
  if (!opened.ok) throw new Error(opened.problem);
  return opened.store;
}

const body = reportBodies({
  grids: deployment.grids.map(({ id }) => id),
  categories: deployment.categories.map(({ id }) => id),
});

function report(store: TicketStore): Promise<string> {
  const fields = { ...body(), reportedAt: now } as unknown as TicketReport & { id: string };
  return store.report(fields, contentHashOf(fields)).then((result) => {
    if (!result.ok) throw new Error(`a report was refused: ${result.refusal.reason}`);
    return result.ticket.id;
  });
}

answerRequests({
  ...usageHandlers,
  /** Two tickets in five events each with a dispatch, and one of them handled: a day's mixture. Ends without closing. */
  async write({ directory, events, snapshotAt }: { directory: string; events: number; snapshotAt: number | null }) {
    const store = await open(directory, snapshotAt === null ? never : { ...never, events: snapshotAt });
    while (store.seq < events) {
      const ids = await Promise.all(Array.from({ length: AT_ONCE }, () => report(store)));
      now += 1000;
      for (const [step, every] of [
        ['dispatch', 1],
        ['handle', 2],
      ] as const) {
        await Promise.all(
          ids
            .filter((_, i) => i % every === 0)
            .map((id) => store.step(id, { step, by: '巡查员', at: now }, `${id}:${step}`)),
        );
      }
    }
    return store.seq;
  },
  /** Ms to open the folder in this fresh process. */
  async open({ directory }: { directory: string }) {
    const startedAt = performance.now();
    await open(directory);
    return performance.now() - startedAt;
  },
  /** Ms to read the lines and parse them. */
  parse({ directory }: { directory: string }) {
    const startedAt = performance.now();
    const journal = join(directory, 'journal');
    let lines = 0;
    for (const name of readdirSync(journal)) {
      for (const line of readFileSync(join(journal, name), 'utf8').split('\n')) {
        if (line === '') continue;
        JSON.parse(line);
        lines += 1;
      }
    }
    if (lines === 0) throw new Error('there was nothing to parse');
    return performance.now() - startedAt;
  },
  async heapOver({ directory, events }: { directory: string; events: number }) {
    const store = await open(directory);
    for (let filled = 0; filled < 2000; filled += AT_ONCE) {
      await Promise.all(Array.from({ length: AT_ONCE }, () => report(store)));
    }
    const tell = () => ({
      at: store.seq,
      heapBytes: usageHandlers.heapAfterCollection(),
      openTickets: store.board.tickets.size,
    });
    const told = [tell()];
    const from = store.seq;
    while (store.seq - from < events) {
      const ids = await Promise.all(Array.from({ length: AT_ONCE }, () => report(store)));
      for (const step of ['note', 'void'] as const) {
        await Promise.all(ids.map((id) => store.step(id, { step, at: now }, `${id}:${step}`)));
      }
      now += (deployment.archiveAfterHours + 1) * HOUR_MS;
      await store.archiveEnded();
      if (store.seq - from >= (told.length * events) / 10) told.push(tell());
    }
    return told;
  },
});
