import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BUNDLED_DEPLOYMENTS } from '../../server/deploymentFile.ts';
import { NOVEMBER, oracle, SNAPSHOT } from '../support/bostonMonths.ts';
import { deploymentOf, planOf, rulesOf, runPlan, untilFinished } from '../support/builtInSources.ts';
import { temporaryFolder, tryOpenStore } from '../support/openStore.ts';

test.skipIf(!existsSync(NOVEMBER))(
  'the overdue alerts of the Boston month are those of its oracle, department by department',
  async () => {
    const boston = deploymentOf(`${BUNDLED_DEPLOYMENTS}boston.json`);
    const plan = await planOf([`replay:${NOVEMBER},until=${SNAPSHOT}`], 'max');
    const { opening } = await tryOpenStore(await temporaryFolder(), {
      rules: rulesOf(boston),
      clock: plan.clock as never,
    });
    if (!opening.ok) throw new Error(opening.problem);
    const { store } = opening;
    /** Tickets that were ever overdue, by department. */
    const raised = new Map<string, Set<string>>();
    store.onCommit(({ events }) => {
      for (const event of events) {
        if (event.type !== 'alertChanged' || event.stimulus !== 'raise' || event.alert.kind !== 'overdue') continue;
        const { department = '', ticketId = '' } = event.alert;
        raised.set(department, (raised.get(department) ?? new Set()).add(ticketId));
      }
    });
    const { registry } = await runPlan(plan, boston, store);
    await untilFinished(registry);

    const counted = new Map([...raised].map(([department, tickets]) => [department, tickets.size]));
    const expected = new Map<string, number>();
    for (const [department, { closedOverdue, openOverdue }] of oracle(1)) {
      if (department !== 'all' && closedOverdue + openOverdue > 0)
        expected.set(department, closedOverdue + openOverdue);
    }
    expect(new Map([...counted].sort())).toEqual(new Map([...expected].sort()));
    const stillOverdue = [...store.board.alerts.values()].filter(({ kind, active }) => kind === 'overdue' && active);
    expect(stillOverdue).toHaveLength(oracle(1).get('all')?.openOverdue ?? -1);
    await store.close();
  },
  60_000,
);
