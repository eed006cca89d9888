import type { Deployment } from '../../domain/deployment.ts';
import type { TicketId } from '../../domain/ticket.ts';
import type { DomainClock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { TicketStore } from '../store/ticketStore.ts';
import type { Ingest } from './ingest.ts';
import type { SourceRegistry } from './sourceRegistry.ts';

/**
 * What a built-in source works with. Tickets it writes through `ingest` like anybody else; of the store it reads, lets
 * alerts begin and the archive take what has ended, and acts for the officers that it invents.
 */
export interface SourceContext {
  readonly clock: DomainClock;
  readonly ingest: Pick<Ingest, 'reportChecked' | 'stepChecked'>;
  readonly registry: SourceRegistry;
  readonly store: Pick<
    TicketStore,
    'seq' | 'board' | 'find' | 'facts' | 'beginAlarms' | 'alarm' | 'archiveEnded' | 'onCommit'
  >;
  readonly deployment: Deployment;
  readonly log: Log;
  /** One line for whoever started the server and waits: what takes long, and when it is done. */
  readonly tell: (line: string) => void;
  /** Aborted when the server is told to stop, also while a source is still starting. */
  readonly stopping: AbortSignal;
}

/** A source that runs inside the server. */
export interface Source {
  readonly id: string;
  readonly kind: 'demo' | 'replay';
  /** Whether a ticket came, or will come, from this source. */
  isOwn(ticketId: TicketId): boolean;
  /** Starts feeding; carries on where the store says it stopped. Returns its closer, which settles when the last answer is in. */
  start(context: SourceContext): Promise<() => Promise<void>>;
}

/** One `--source`. */
export type SourceOption =
  | { readonly kind: 'none' }
  | { readonly kind: 'demo' }
  | {
      readonly kind: 'replay';
      readonly file: string;
      /** Path of a mapping file; absent: the bundled one that fits the header row. */
      readonly mapping?: string;
      /** ISO 8601; without an offset in the time zone of the mapping. */
      readonly until?: string;
    };

const REPLAY_FORM = 'replay:FILE[,mapping=FILE][,until=TIME]';

/** Reads `demo`, `none` or `replay:FILE[,mapping=FILE][,until=TIME]`; the file's own name may hold commas. */
export function parseSourceOption(
  text: string,
): { readonly ok: true; readonly option: SourceOption } | { readonly ok: false; readonly problem: string } {
  if (text === 'none' || text === 'demo') return { ok: true, option: { kind: text } };
  if (!text.startsWith('replay:')) {
    return { ok: false, problem: `unknown source ${text}; use demo, none or ${REPLAY_FORM}` };
  }
  const [file = '', ...settings] = text.slice('replay:'.length).split(/,(?=(?:mapping|until)=)/);
  if (file === '') return { ok: false, problem: `the source ${text} names no file; use ${REPLAY_FORM}` };
  const given = new Map<string, string>();
  for (const setting of settings) {
    const equals = setting.indexOf('=');
    const key = setting.slice(0, equals);
    const value = setting.slice(equals + 1);
    if (value === '') return { ok: false, problem: `the source ${text} gives no value for ${key}` };
    if (given.has(key)) return { ok: false, problem: `the source ${text} gives ${key} twice` };
    given.set(key, value);
  }
  const mapping = given.get('mapping');
  const until = given.get('until');
  return {
    ok: true,
    option: {
      kind: 'replay',
      file,
      ...(mapping === undefined ? {} : { mapping }),
      ...(until === undefined ? {} : { until }),
    },
  };
}
