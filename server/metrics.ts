import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** Figures for Prometheus; each server of a process has its own. */
export interface Metrics {
  ingested(outcome: string): void;
  committed(events: number): void;
  answered(operation: string, status: number): void;
  readonly contentType: string;
  text(): Promise<string>;
}

export function createMetrics(parts: {
  /** Memory, processor and event loop too: once per process, as it leaves observers behind. */
  readonly ofProcess: boolean;
  readonly seq: () => number;
  readonly liveTickets: () => number;
  /** Connected sockets by namespace. */
  readonly sockets: () => ReadonlyMap<string, number>;
}): Metrics {
  const register = new Registry();
  const registers = [register];
  if (parts.ofProcess) collectDefaultMetrics({ register });

  const ingested = new Counter({
    name: 'taibai_ingest_total',
    help: 'Reports and steps by outcome: accepted, repeated, or the code of the refusal',
    labelNames: ['outcome'],
    registers,
  });
  const events = new Counter({ name: 'taibai_events_total', help: 'Durable events since the start', registers });
  const commits = new Counter({ name: 'taibai_commits_total', help: 'Groups synced since the start', registers });
  const answers = new Counter({
    name: 'taibai_http_answers_total',
    help: 'Answers by operation and status',
    labelNames: ['operation', 'status'],
    registers,
  });
  new Gauge({
    name: 'taibai_seq',
    help: 'Number of the last durable event',
    registers,
    collect() {
      this.set(parts.seq());
    },
  });
  new Gauge({
    name: 'taibai_live_tickets',
    help: 'Tickets on the live board',
    registers,
    collect() {
      this.set(parts.liveTickets());
    },
  });
  new Gauge({
    name: 'taibai_sockets',
    help: 'Connected sockets by namespace',
    labelNames: ['namespace'],
    registers,
    collect() {
      for (const [namespace, count] of parts.sockets()) this.set({ namespace }, count);
    },
  });

  return {
    ingested: (outcome) => ingested.inc({ outcome }),
    committed(count) {
      commits.inc();
      events.inc(count);
    },
    answered: (operation, status) => answers.inc({ operation, status }),
    contentType: register.contentType,
    text: () => register.metrics(),
  };
}
