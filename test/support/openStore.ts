import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Deployment } from '../../domain/deployment.ts';
import type { StepReport, TicketReport } from '../../domain/ticket.ts';
import { type DiskWrites, diskWrites } from '../../server/store/durableFile.ts';
import {
  type CommitResult,
  openTicketStore,
  type StoreLog,
  type TicketStore,
  type TicketStoreOptions,
} from '../../server/store/ticketStore.ts';
import { at, smallRules, ticketReport } from './domainBuilders.ts';
import { type ManualClock, manualClock } from './manualClock.ts';

/** An empty folder that goes away with the test. */
export async function temporaryFolder(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'taibai-store-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** Tells content apart without holding any of it. */
function fingerprint(content: object): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('base64url');
}

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
}

export interface OpenedStore {
  readonly store: TicketStore;
  readonly clock: ManualClock;
  readonly fatal: string[];
  readonly logged: LogLine[];
  report(overrides?: Partial<TicketReport>): Promise<CommitResult>;
  step(id: string, step: StepReport): Promise<CommitResult>;
}

export interface StoreOverrides extends Partial<Omit<TicketStoreOptions, 'directory' | 'clock'>> {
  readonly clock?: ManualClock;
  readonly deployment?: Partial<Deployment>;
}

/** What `openTicketStore` says of a folder, with a log that is kept. */
export async function tryOpenStore(directory: string, overrides: StoreOverrides = {}) {
  const { clock = manualClock(at('12:00')), deployment, ...options } = overrides;
  const fatal: string[] = [];
  const logged: LogLine[] = [];
  const keep =
    (level: LogLine['level']) =>
    (_fields: unknown, message?: string): void => {
      logged.push({ level, message: message ?? '' });
    };
  const opening = await openTicketStore({
    directory,
    rules: smallRules(deployment),
    clock,
    log: { info: keep('info'), warn: keep('warn'), error: keep('error') } as StoreLog,
    onFatal: (reason) => fatal.push(reason),
    ...options,
  });
  return { opening, clock, fatal, logged };
}

/** A store on a folder. The test closes it itself where it goes on with the folder. */
export async function openStore(directory: string, overrides: StoreOverrides = {}): Promise<OpenedStore> {
  const { opening, clock, fatal, logged } = await tryOpenStore(directory, overrides);
  if (!opening.ok) throw new Error(opening.problem);
  const { store } = opening;
  return {
    store,
    clock,
    fatal,
    logged,
    report(reported = {}) {
      const full = ticketReport(reported);
      return store.report(full, fingerprint(full));
    },
    step: (id, step) => store.step(id, step, fingerprint(step)),
  };
}

/** The ticket of an answer that must be positive. */
export function accepted(result: CommitResult): Extract<CommitResult, { ok: true }> {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.refusal)}`);
  return result;
}

export interface GatedDisk extends DiskWrites {
  readonly syncs: number;
  /** While closed, syncs do not come to an end. */
  close(): void;
  open(): void;
  /** Settles when a sync stands at the closed gate. */
  reached(): Promise<void>;
}

/** The real disk with a gate before the end of each sync, to look at what is decided but not durable. */
export function gatedDisk(): GatedDisk {
  let syncs = 0;
  let gate: Promise<void> | undefined;
  let openGate = () => {};
  let arrive = () => {};
  let arrived = Promise.resolve();
  return {
    get syncs() {
      return syncs;
    },
    append: diskWrites.append,
    async sync(fd) {
      syncs += 1;
      arrive();
      if (gate !== undefined) await gate;
      await diskWrites.sync(fd);
    },
    close() {
      arrived = new Promise((resolve) => {
        arrive = resolve;
      });
      gate = new Promise((resolve) => {
        openGate = resolve;
      });
    },
    open() {
      gate = undefined;
      openGate();
    },
    reached: () => arrived,
  };
}
