import { createLiveClock } from '../../server/clock.ts';
import { openTicketStore } from '../../server/store/ticketStore.ts';
import { smallRules, ticketReport } from './domainBuilders.ts';

/**
 * A process that reports tickets as fast as it is answered, some at a time, and names each answered one to its parent.
 * It is there to be killed. Arguments: data folder, first number, snapshot after so many events.
 */
const [directory, first, snapshotAfter] = process.argv.slice(2) as [string, string, string];
const IN_FLIGHT = 16;

const opening = await openTicketStore({
  directory,
  rules: smallRules(),
  clock: createLiveClock('live'),
  log: { info() {}, warn() {}, error() {} },
  onFatal(reason) {
    throw new Error(reason);
  },
  snapshotEvery: { events: Number(snapshotAfter), bytes: Number.POSITIVE_INFINITY },
});
if (!opening.ok) throw new Error(opening.problem);
const { store } = opening;

let next = Number(first);
async function reportForEver(): Promise<void> {
  for (;;) {
    const report = ticketReport({ id: `T-${next}`, title: `第 ${next} 件` });
    next += 1;
    const answer = await store.report(report, report.id);
    if (!answer.ok) throw new Error(JSON.stringify(answer));
    process.send?.({ id: report.id, number: answer.ticket.number });
  }
}
await Promise.all(Array.from({ length: IN_FLIGHT }, reportForEver));
