import { once } from 'node:events';
import { createSteppedClock } from '../../server/clock.ts';
import { openTicketStore } from '../../server/store/ticketStore.ts';
import { smallRules } from './domainBuilders.ts';

/**
 * A process that lets time jump to the next timer of the alerts in a data folder whenever its parent says so, without
 * waiting for the disk. It is there to be killed. Arguments: data folder, where its clock starts if nothing has happened.
 */
const [directory, startAt] = process.argv.slice(2) as [string, string];
let clock = createSteppedClock({ mode: 'live', startAt: Number(startAt) });
const opening = await openTicketStore({
  directory,
  rules: smallRules(),
  clock: { now: () => clock.now(), at: (at, run) => clock.at(at, run) },
  log: { info() {}, warn() {}, error() {} },
  onFatal(reason) {
    throw new Error(reason);
  },
  snapshotEvery: { events: 40, bytes: Number.POSITIVE_INFINITY },
});
if (!opening.ok) throw new Error(opening.problem);
const { store } = opening;
// Time goes on where the last life left it
clock = createSteppedClock({
  mode: 'live',
  startAt: Math.max(Number(startAt), ...[...store.board.alerts.values()].map((alert) => alert.changedAt)),
});
store.beginAlarms();
for (let next = clock.nextTimerAt(); next !== undefined; next = clock.nextTimerAt()) {
  process.send?.('ready');
  await once(process, 'message');
  clock.advanceTo(next);
}
await store.close();
process.send?.('done');
process.disconnect?.();
