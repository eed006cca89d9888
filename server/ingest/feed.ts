import type { Namespace, Socket } from 'socket.io';
import type { Identity } from '../identity/identity.ts';
import type { Ingest, IngestResult, Origin } from './ingest.ts';
import { invalid, type Problem, problem } from './problem.ts';
import type { SourceRegistry } from './sourceRegistry.ts';

/** Unanswered reports and steps of one socket; whoever sends more without listening is told to wait. */
const MAX_UNANSWERED = 2000;

export type FeedAnswer =
  | { readonly ok: true; readonly ticket: unknown; readonly seq: number }
  | { readonly ok: false; readonly problem: Problem };

/** The acknowledgement comes last, and first where a sender forgot the body. */
function sentIn(args: readonly unknown[]): { readonly input: unknown; readonly acknowledge: unknown } {
  const [first, second] = args;
  return typeof first === 'function' ? { input: undefined, acknowledge: first } : { input: first, acknowledge: second };
}

/**
 * `/feed` (contract, Live): sources report over one connection. Each report and step is answered by its
 * acknowledgement once it is durable; without an acknowledgement asked for, nobody learns of a refusal but the counters.
 */
export function serveFeed(
  feed: Namespace,
  parts: {
    readonly ingest: Ingest;
    readonly registry: SourceRegistry;
    readonly now: () => number;
    /** How a ticket looks on the wire to a source. */
    readonly write: (ticket: Extract<IngestResult, { ok: true }>['ticket']) => unknown;
  },
): void {
  const { ingest, registry, now, write } = parts;

  feed.on('connection', (socket: Socket) => {
    const identity = socket.data.identity as Identity;
    if (identity.kind !== 'source') throw new Error('a socket that is no source got into /feed');
    const { clientId, name, scope } = identity;
    const origin: Origin = { sourceId: clientId, kind: 'client', ...(scope === undefined ? {} : { scope }) };
    let unanswered = 0;
    registry.register(clientId, 'client', name);

    function answer(acknowledge: unknown, message: FeedAnswer): void {
      if (typeof acknowledge === 'function') acknowledge(message);
    }

    async function take(acknowledge: unknown, decide: () => Promise<IngestResult>): Promise<void> {
      if (unanswered >= MAX_UNANSWERED) {
        const refused = problem('too_many_requests', `${MAX_UNANSWERED} reports wait for their answer already`);
        registry.rejected(clientId, refused.code);
        answer(acknowledge, { ok: false, problem: refused });
        return;
      }
      const overspent = ingest.spend(origin, 1);
      if (overspent !== undefined) {
        answer(acknowledge, { ok: false, problem: overspent });
        return;
      }
      unanswered += 1;
      try {
        const result = await decide();
        answer(acknowledge, result.ok ? { ok: true, ticket: write(result.ticket), seq: result.seq } : result);
      } finally {
        unanswered -= 1;
      }
    }

    socket.on('ticket:report', (...args: readonly unknown[]) => {
      const { input, acknowledge } = sentIn(args);
      return take(acknowledge, () => ingest.report(origin, input));
    });
    socket.on('ticket:step', (...args: readonly unknown[]) => {
      const { input, acknowledge } = sentIn(args);
      const ticketId = (input as { readonly ticketId?: unknown } | null | undefined)?.ticketId;
      if (typeof ticketId === 'string') return take(acknowledge, () => ingest.step(origin, ticketId, input));
      registry.rejected(clientId, 'invalid');
      answer(acknowledge, {
        ok: false,
        problem: invalid([{ path: 'ticketId', message: 'must be the id or number of a ticket' }]),
      });
      return undefined;
    });
    socket.on('source:pulse', () => registry.pulsed(clientId, now()));
  });
}
