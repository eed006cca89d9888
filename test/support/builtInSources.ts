import { expect, vi } from 'vitest';
import { createRules, type Rules } from '../../domain/decide.ts';
import type { Deployment } from '../../domain/deployment.ts';
import { statistics } from '../../domain/statistics.ts';
import { buildWorkingTime } from '../../server/calendar.ts';
import { DEFAULT_DEPLOYMENT, loadDeployment } from '../../server/deploymentFile.ts';
import { createIngest } from '../../server/ingest/ingest.ts';
import { planSources, type SourcePlan } from '../../server/ingest/planSources.ts';
import { parseSourceOption } from '../../server/ingest/source.ts';
import { createSourceRegistry, type SourceRegistry } from '../../server/ingest/sourceRegistry.ts';
import { createLog } from '../../server/log.ts';
import type { TicketStore } from '../../server/store/ticketStore.ts';
import { createMemoryStore } from './memoryStore.ts';

export function deploymentOf(path = DEFAULT_DEPLOYMENT): Deployment {
  const loaded = loadDeployment(path);
  if (!loaded.ok) throw new Error(loaded.problem);
  return loaded.deployment;
}

const rulesKnown = new Map<Deployment, Rules>();

export function rulesOf(deployment: Deployment): Rules {
  const known = rulesKnown.get(deployment);
  if (known !== undefined) return known;
  const rules = createRules(deployment, buildWorkingTime(deployment.calendar, deployment.timeZone).working);
  rulesKnown.set(deployment, rules);
  return rules;
}

/** A plan from options as they are written on the command line. */
export async function planOf(
  texts: readonly string[],
  speed: number | 'max' | undefined,
  environment: Parameters<typeof planSources>[2] = {},
): Promise<SourcePlan> {
  const options = texts.map((text) => {
    const parsed = parseSourceOption(text);
    if (!parsed.ok) throw new Error(parsed.problem);
    return parsed.option;
  });
  const planned = await planSources(options, speed, environment);
  if (!planned.ok) throw new Error(planned.problem);
  return planned.plan;
}

export interface RunningPlan<Store extends TicketStore> {
  readonly store: Store;
  readonly registry: SourceRegistry;
  /** What the sources told whoever waits for them. */
  readonly told: readonly string[];
  close(): Promise<void>;
}

/** Runs a plan over a store (in memory unless given), without HTTP and sockets. */
export async function runPlan<Store extends TicketStore>(
  plan: SourcePlan,
  deployment: Deployment,
  store: Store,
  leftAt?: number,
): Promise<RunningPlan<Store>> {
  const now = () => plan.clock.now();
  const registry = createSourceRegistry({ deployment, now, clockState: () => plan.clock.state() });
  const ingest = createIngest({ store, deployment, registry, allowances: { spend: () => ({ ok: true }) }, now });
  const told: string[] = [];
  const tell = (line: string) => void told.push(line);
  const { signal: stopping } = new AbortController();
  const context = { ingest, registry, store, deployment, log: createLog('silent'), tell, stopping };
  const close = await plan.start(context, leftAt);
  return { store, registry, told, close };
}

export function memoryStoreOf(plan: SourcePlan, deployment: Deployment) {
  return createMemoryStore({ rules: rulesOf(deployment), clock: plan.clock });
}

/** Settles when every source has come to its end. */
export async function untilFinished(registry: SourceRegistry): Promise<void> {
  await vi.waitFor(
    () => expect(registry.rows().map((row) => row.state)).toEqual(registry.rows().map(() => 'finished')),
    { timeout: 60_000, interval: 10 },
  );
}

export interface Figures {
  readonly opened: number;
  readonly closed: number;
  readonly closedOverdue: number;
  readonly open: number;
  readonly openOverdue: number;
}

/** The figures by department (epoch ms), and under `all` their sum. */
export function figuresOf(
  store: TicketStore,
  period: { readonly fromAt: number; readonly toAt: number; readonly at: number },
): Map<string, Figures> {
  const figures = new Map<string, Figures>();
  const all = { opened: 0, closed: 0, closedOverdue: 0, open: 0, openOverdue: 0 };
  for (const { key, opened, closed, closedOverdue, open, openOverdue } of statistics(
    store.facts(),
    period,
    (ticket) => ticket.department,
  )) {
    figures.set(key, { opened, closed, closedOverdue, open, openOverdue });
    all.opened += opened;
    all.closed += closed;
    all.closedOverdue += closedOverdue;
    all.open += open;
    all.openOverdue += openOverdue;
  }
  return figures.set('all', all);
}
