import type { Deployment } from '../../domain/deployment.ts';
import { isSilent } from '../../domain/silence.ts';
import type { ClockState, SourceState, SourceStatus } from '../../protocol/wire.ts';

export type SourceKind = 'client' | 'demo' | 'replay';

/** One row of GET /status: a running built-in source, or a source client heard of since the start. */
export interface SourceRow {
  readonly id: string;
  readonly kind: SourceKind;
  /** The name that a client was given. */
  readonly name?: string;
  readonly state: SourceState;
  /** Domain clock, epoch ms. */
  readonly lastEventAt: number | null;
  /** Tickets and steps taken down. */
  readonly accepted: number;
  /** Retries of what was taken down before. */
  readonly repeated: number;
  /** By problem code. */
  readonly rejected: Readonly<Record<string, number>>;
}

/**
 * Who feeds the server, and when each was last heard of. Two views: by sender (`rows`) and by the `source` label that
 * tickets carry (`strip`), which is what the hall knows. Instants are of the domain clock.
 */
export interface SourceRegistry {
  register(id: string, kind: SourceKind, name?: string): void;
  accepted(id: string): void;
  repeated(id: string): void;
  rejected(id: string, reason: string): void;
  /** A ticket, step or pulse under this label, from the source `id` where it is known. */
  heard(label: string, at: number, id?: string): void;
  /** A sign of life without a ticket: counts for every label that the source has used, and for its own name. */
  pulsed(id: string, at: number): void;
  setState(id: string, state: 'live' | 'finished' | 'failed'): void;
  /** A client that was deleted has no row any more, also where its last reports are still on their way. */
  forget(id: string): void;
  rows(): SourceRow[];
  /**
   * The labels that the deployment lists, in its order, heard of or not, then others heard of. In a replay only those
   * heard of: nobody waits for the past.
   */
  strip(): SourceStatus[];
}

/** More unlisted labels than this are not told apart on a wall; later ones are left out. */
const MAX_UNLISTED_LABELS = 32;
/** How often a label without a stated period should be heard of where the deployment lists no period at all. */
const USUAL_PERIOD_SECONDS = 60;

interface Sender {
  readonly kind: SourceKind;
  readonly name: string | undefined;
  readonly labels: Set<string>;
  state: 'live' | 'finished' | 'failed';
  lastHeardAt: number | undefined;
  lastEventAt: number | undefined;
  accepted: number;
  repeated: number;
  readonly rejected: Map<string, number>;
}

const LIVE: ClockState = { mode: 'live', speed: 1 };

/**
 * Sources speak in real time however fast the domain clock runs, so their periods, ages and silence are counted in it;
 * only a replay's tables speak in the time of their data.
 */
export function createSourceRegistry(parts: {
  readonly deployment: Pick<Deployment, 'sources'>;
  readonly now: () => number;
  /** How that clock runs; absent: in real time. */
  readonly clockState?: () => ClockState;
}): SourceRegistry {
  const { deployment, now, clockState = () => LIVE } = parts;
  const createdAt = now();
  const senders = new Map<string, Sender>();
  const labels = new Map<string, { heardAt: number; senderId: string | undefined }>();
  const listed = new Map(deployment.sources.map((source) => [source.id, source.periodSeconds]));
  const longestPeriodSeconds = Math.max(...listed.values(), listed.size === 0 ? USUAL_PERIOD_SECONDS : 0);
  const forgotten = new Set<string>();
  let unlisted = 0;

  function sender(id: string): Sender {
    const known = senders.get(id);
    if (known !== undefined) return known;
    const fresh: Sender = {
      kind: 'client',
      name: undefined,
      labels: new Set(),
      state: 'live',
      lastHeardAt: undefined,
      lastEventAt: undefined,
      accepted: 0,
      repeated: 0,
      rejected: new Map(),
    };
    senders.set(id, fresh);
    return fresh;
  }

  /** Real ms since an instant of the domain clock. */
  function realAgeMs(at: number): number {
    const { speed } = clockState();
    return Math.max(0, now() - at) / (speed === 'max' ? 1 : speed);
  }

  function stateOf(known: Sender): SourceState {
    // A source that runs in here says itself how it is; its pauses are those of its data
    if (known.kind !== 'client' || known.state !== 'live') return known.state;
    const periods = [...known.labels].map((label) => listed.get(label)).filter((period) => period !== undefined);
    const periodSeconds = periods.length === 0 ? longestPeriodSeconds : Math.min(...periods);
    return known.lastHeardAt !== undefined && isSilent(realAgeMs(known.lastHeardAt), periodSeconds) ? 'silent' : 'live';
  }

  function heard(label: string, at: number, id?: string): void {
    const known = labels.get(label);
    if (known === undefined && !listed.has(label)) {
      if (unlisted >= MAX_UNLISTED_LABELS) return;
      unlisted += 1;
    }
    labels.set(label, { heardAt: Math.max(at, known?.heardAt ?? at), senderId: id ?? known?.senderId });
    if (id === undefined) return;
    const from = sender(id);
    from.labels.add(label);
    from.lastHeardAt = at;
  }

  return {
    register(id, kind, name) {
      const known = senders.get(id);
      if (known === undefined || known.kind !== kind || known.name !== name) {
        senders.set(id, { ...sender(id), kind, name });
      }
    },
    accepted(id) {
      const from = sender(id);
      from.accepted += 1;
      from.lastEventAt = now();
      from.lastHeardAt = from.lastEventAt;
    },
    repeated(id) {
      sender(id).repeated += 1;
    },
    rejected(id, reason) {
      const { rejected } = sender(id);
      rejected.set(reason, (rejected.get(reason) ?? 0) + 1);
    },
    heard,
    pulsed(id, at) {
      const from = sender(id);
      from.lastHeardAt = at;
      if (from.name !== undefined && listed.has(from.name)) from.labels.add(from.name);
      for (const label of from.labels) heard(label, at, id);
    },
    setState(id, state) {
      sender(id).state = state;
    },
    forget(id) {
      forgotten.add(id);
      senders.delete(id);
    },
    rows() {
      const remembered = [...senders].filter(([id]) => !forgotten.has(id));
      return remembered.map(([id, known]) => ({
        id,
        kind: known.kind,
        ...(known.name === undefined ? {} : { name: known.name }),
        state: stateOf(known),
        lastEventAt: known.lastEventAt ?? null,
        accepted: known.accepted,
        repeated: known.repeated,
        rejected: Object.fromEntries(known.rejected),
      }));
    },
    strip() {
      const order = [...listed.keys(), ...[...labels.keys()].filter((label) => !listed.has(label))];
      return order.flatMap((label): SourceStatus[] => {
        const known = labels.get(label);
        const periodSeconds = listed.get(label) ?? longestPeriodSeconds;
        if (known === undefined) {
          if (clockState().mode === 'replay') return [];
          const state = isSilent(realAgeMs(createdAt), periodSeconds) ? 'silent' : 'live';
          return [{ id: label, kind: 'client', state, lastEventAt: null, ageMs: null }];
        }
        const from = known.senderId === undefined ? undefined : senders.get(known.senderId);
        const isPast = from?.kind === 'replay';
        // No period is promised for the past
        const silent = !isPast && isSilent(realAgeMs(known.heardAt), periodSeconds);
        return [
          {
            id: label,
            kind: from?.kind ?? 'client',
            state: from !== undefined && from.state !== 'live' ? from.state : silent ? 'silent' : 'live',
            lastEventAt: known.heardAt,
            ageMs: Math.max(0, Math.round(isPast ? now() - known.heardAt : realAgeMs(known.heardAt))),
          },
        ];
      });
    },
  };
}
