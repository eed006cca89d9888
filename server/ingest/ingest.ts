import { randomUUID } from 'node:crypto';
import type { Deployment } from '../../domain/deployment.ts';
import type { StepReport, Ticket, TicketReport } from '../../domain/ticket.ts';
import type { CommitResult, TicketStore } from '../store/ticketStore.ts';
import type { Allowances } from './allowance.ts';
import { contentHashOf } from './contentHash.ts';
import { invalid, type Problem, problem, problemOf, rateLimited } from './problem.ts';
import { type Checked, checkReport, checkStep } from './reportSchemas.ts';
import type { SourceRegistry } from './sourceRegistry.ts';

export type IngestProblem = Problem;

/**
 * Who sends: `sourceId` is the row in the source registry, `name` what a client is called there, `by` the account's
 * name for steps taken at the desk, `scope` a street.
 */
export interface Origin {
  readonly sourceId: string;
  readonly kind: 'client' | 'staff' | 'demo' | 'replay';
  readonly name?: string;
  readonly by?: string;
  readonly scope?: string;
}

export type IngestOutcome = 'accepted' | 'repeated';

export type IngestResult =
  | { readonly ok: true; readonly outcome: IngestOutcome; readonly ticket: Ticket; readonly seq: number }
  | { readonly ok: false; readonly problem: IngestProblem };

/**
 * The one way in. A call is decided before it returns its promise, in the order of the calls, and settles once the
 * result is durable; callers may keep many in flight. (A step sent by somebody limited to a street is decided after
 * its ticket has been looked up, where that is not on the board.)
 */
export interface Ingest {
  /**
   * Before reports and steps from outside: counts them against what the sender may send. The problem says that it was
   * too much; then none of them may be reported.
   */
  spend(origin: Origin, count: number): IngestProblem | undefined;
  /** `input` is JSON as it stands on the wire. */
  report(origin: Origin, input: unknown): Promise<IngestResult>;
  /** `ticketId` is an id or a number. */
  step(origin: Origin, ticketId: string, input: unknown): Promise<IngestResult>;
  /** The same for built-in sources, which hold typed reports already. */
  reportChecked(origin: Origin, report: TicketReport): Promise<IngestResult>;
  stepChecked(origin: Origin, ticketId: string, report: StepReport): Promise<IngestResult>;
  /** The server's own sign that reports still pass; settles when it is durable. */
  canary(): Promise<
    { readonly ok: true; readonly seq: number } | { readonly ok: false; readonly problem: IngestProblem }
  >;
  /** Refuses from here on; settles when everything taken before is answered. */
  close(): Promise<void>;
}

/** Street of a grid, undefined for one the deployment does not list. */
export function streetsOfGrids(
  deployment: Pick<Deployment, 'grids' | 'communities'>,
): (gridId: string) => string | undefined {
  const streetOf = new Map(deployment.communities.map((community) => [community.id, community.streetId]));
  const streets = new Map(deployment.grids.map((grid) => [grid.id, streetOf.get(grid.communityId)]));
  return (gridId) => streets.get(gridId);
}

export function createIngest(parts: {
  readonly store: Pick<TicketStore, 'report' | 'step' | 'canary' | 'find' | 'board'>;
  readonly deployment: Deployment;
  readonly registry: SourceRegistry;
  readonly allowances: Allowances;
  readonly now: () => number;
  /** Called once per report or step: `accepted`, `repeated` or the problem's code. */
  readonly onOutcome?: (outcome: string) => void;
}): Ingest {
  const { store, registry, allowances, now, onOutcome = () => {} } = parts;
  const streetOf = streetsOfGrids(parts.deployment);
  /** Reports of limited origins that are not durable yet: a step may follow without waiting for the answer. */
  const underway = new Map<string, Promise<CommitResult>>();

  let closed = false;
  let unsettled = 0;
  let settled: (() => void) | undefined;

  function count(origin: Origin, result: IngestResult): IngestResult {
    onOutcome(result.ok ? result.outcome : result.problem.code);
    if (origin.kind === 'staff') return result;
    if (origin.kind === 'client' && origin.name !== undefined)
      registry.register(origin.sourceId, 'client', origin.name);
    if (!result.ok) registry.rejected(origin.sourceId, result.problem.code);
    else if (result.outcome === 'repeated') registry.repeated(origin.sourceId);
    else registry.accepted(origin.sourceId);
    return result;
  }

  function refuse(origin: Origin, refused: Problem): IngestResult {
    return count(origin, { ok: false, problem: refused });
  }

  function counted<T>(commit: Promise<T>): Promise<T> {
    unsettled += 1;
    return commit.finally(() => {
      unsettled -= 1;
      if (unsettled === 0) settled?.();
    });
  }

  async function settle(origin: Origin, commit: Promise<CommitResult>): Promise<IngestResult> {
    const result = await counted(commit);
    if (!result.ok) return refuse(origin, problemOf(result.refusal));
    if (origin.kind !== 'staff') registry.heard(result.ticket.source, now(), origin.sourceId);
    return count(origin, result);
  }

  function inScope(scope: string | undefined, gridId: string | undefined): boolean {
    return scope === undefined || (gridId !== undefined && streetOf(gridId) === scope);
  }

  async function seenInScope(scope: string, idOrNumber: string): Promise<boolean> {
    await underway.get(idOrNumber);
    const ticket = store.board.tickets.get(idOrNumber) ?? (await store.find(idOrNumber));
    return ticket !== undefined && inScope(scope, ticket.location.gridId);
  }

  async function report(origin: Origin, checked: Checked<TicketReport>): Promise<IngestResult> {
    if (closed) return refuse(origin, problem('unavailable', 'the server is stopping'));
    if (!checked.ok) return refuse(origin, invalid(checked.errors));
    if (!inScope(origin.scope, checked.value.location.gridId)) {
      return refuse(origin, problem('out_of_scope', `location.gridId must be a grid of ${origin.scope}`));
    }
    const { id = randomUUID(), ...content } = checked.value;
    const commit = store.report({ ...content, id }, contentHashOf(content));
    if (origin.scope === undefined) return settle(origin, commit);
    underway.set(id, commit);
    return settle(origin, commit).finally(() => {
      if (underway.get(id) === commit) underway.delete(id);
    });
  }

  async function step(origin: Origin, ticketId: string, checked: Checked<StepReport>): Promise<IngestResult> {
    if (closed) return refuse(origin, problem('unavailable', 'the server is stopping'));
    if (!checked.ok) return refuse(origin, invalid(checked.errors));
    const own = origin.kind === 'staff' && origin.by !== undefined && !checked.value.by?.trim();
    const content = own ? { ...checked.value, by: origin.by as string } : checked.value;
    if (origin.scope !== undefined) {
      // What lies outside is not even confirmed to exist
      if (!(await seenInScope(origin.scope, ticketId))) return refuse(origin, problemOf({ reason: 'notFound' }));
      if (content.into !== undefined && !(await seenInScope(origin.scope, content.into))) {
        return refuse(origin, invalid([{ path: 'into', message: 'no such ticket' }]));
      }
    }
    return settle(origin, store.step(ticketId, content, contentHashOf(content)));
  }

  return {
    spend(origin, count) {
      const spent = allowances.spend(origin.sourceId, count);
      if (spent.ok) return undefined;
      const refused = rateLimited(spent.waitMs);
      refuse(origin, refused);
      return refused;
    },
    report: (origin, input) => report(origin, checkReport(input)),
    step: (origin, ticketId, input) => step(origin, ticketId, checkStep(input)),
    reportChecked: (origin, value) => report(origin, { ok: true, value }),
    stepChecked: (origin, ticketId, value) => step(origin, ticketId, { ok: true, value }),
    async canary() {
      if (closed) return { ok: false, problem: problem('unavailable', 'the server is stopping') };
      const result = await counted(store.canary());
      return result.ok ? result : { ok: false, problem: problemOf(result.refusal) };
    },
    close() {
      closed = true;
      return new Promise((resolve) => {
        if (unsettled === 0) resolve();
        else settled = resolve;
      });
    },
  };
}
