import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type Alert, wantsAcknowledgement } from '../../domain/alarm.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { SourcePlan } from '../../server/ingest/planSources.ts';
import { deploymentOf, planOf, rulesOf, runPlan } from '../support/builtInSources.ts';
import { createManualRealTime } from '../support/manualRealTime.ts';
import { temporaryFolder, tryOpenStore } from '../support/openStore.ts';

const district = deploymentOf();
/** Wednesday, as in the pictures. */
const AFTERNOON = Date.parse('2026-03-18T15:42:00+08:00');

async function openOn(directory: string, plan: SourcePlan) {
  const { opening } = await tryOpenStore(directory, { rules: rulesOf(district), clock: plan.clock as never });
  if (!opening.ok) throw new Error(opening.problem);
  return opening.store;
}

async function startDemo(directory: string, nowAt: number) {
  const real = createManualRealTime();
  const plan = await planOf(['demo'], 3600, { real, nowAt });
  const store = await openOn(directory, plan);
  const run = await runPlan(plan, district, store);
  real.pass(0);
  const settle = async () => {
    await store.report({ id: 'flush', source: 'x', category: 'x', title: 'x', location: {} }, 'flush');
    await nextTurn();
  };
  await settle();
  return {
    store,
    clock: plan.clock,
    /** An hour is a second. */
    async passMinutes(minutes: number) {
      for (let left = minutes; left > 0; left -= 1) {
        real.pass(1000 / 60);
        await settle();
      }
    },
    async close() {
      await run.close();
      plan.clock.close();
      await store.close();
    },
  };
}

function late(alerts: Iterable<Alert>): Alert[] {
  return [...alerts].filter(({ kind, state }) => kind === 'overdue' && state !== 'normal');
}

test('the demo begins with standing alerts that are believable, most of them acknowledged, and no flood', async () => {
  const { store, close } = await startDemo(await temporaryFolder(), AFTERNOON);
  const standing = [...store.board.alerts.values()].filter(({ state }) => state !== 'normal');
  const overdue = late(standing);
  expect(overdue.length).toBeGreaterThanOrEqual(1);
  expect(overdue.length).toBeLessThan(20);
  for (const { raisedAt, id, ticketId } of overdue) {
    const { dueAt = 0, handledAt } = store.board.tickets.get(ticketId as string) as Ticket;
    // As if somebody had watched all the time; of what was handled late only that is known
    if (handledAt === undefined) expect(raisedAt, id).toBe(dueAt + 1);
    else expect(raisedAt, id).toBeGreaterThan(dueAt);
  }
  expect(standing.length).toBeLessThan(40);
  expect(store.board.flood?.active ?? false).toBe(false);
  // Nothing was raised about what was over before anybody could look
  for (const { ticketId, active } of overdue) {
    expect(active || store.board.tickets.get(ticketId as string)?.endedAt !== undefined).toBe(true);
  }
  expect(overdue.some(({ state }) => state === 'acknowledged')).toBe(true);
  await close();
}, 60_000);

test('its officers come within believable minutes, closed ones do not pile up, and a restart changes nothing', async () => {
  const directory = await temporaryFolder();
  const first = await startDemo(directory, AFTERNOON);
  let samples = 0;
  let waiting = 0;
  let standing = 0;
  let closedWaiting = 0;
  async function watch(demo: Awaited<ReturnType<typeof startDemo>>, hours: number) {
    for (let i = 0; i < hours * 6; i += 1) {
      await demo.passMinutes(10);
      const overdue = late(demo.store.board.alerts.values());
      samples += 1;
      standing += overdue.length;
      waiting += overdue.filter(({ state }) => wantsAcknowledgement(state)).length;
      closedWaiting = Math.max(closedWaiting, overdue.filter(({ active }) => !active).length);
    }
  }
  await watch(first, 12);
  const before = [...first.store.board.alerts];
  const stoppedAt = first.clock.now();
  await first.close();
  const second = await startDemo(directory, stoppedAt);
  const after = new Map(second.store.board.alerts);
  let same = 0;
  for (const [id, alert] of before) if (JSON.stringify(after.get(id)) === JSON.stringify(alert)) same += 1;
  expect(same).toBeGreaterThan(before.length * 0.97);
  await watch(second, 12);
  expect(standing / samples).toBeGreaterThan(2);
  expect(waiting / standing).toBeGreaterThan(0.1);
  expect(waiting / standing).toBeLessThan(0.55);
  expect(closedWaiting).toBeLessThan(6);
  await second.close();
}, 120_000);
