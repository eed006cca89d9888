import { type Forked, forked } from './forked.ts';
import { postAll } from './httpLoad.ts';
import type { ServerOptions } from './processes/server.ts';
import type { Usage } from './processes/usage.ts';
import { reportBodies } from './reports.ts';

/** A server of the real parts in a process of its own. */
export interface BenchServer {
  readonly port: number;
  readonly url: string;
  readonly epoch: string;
  readonly sourceToken: string;
  readonly wallToken: string;
  readonly process: Forked;
  /** The next invented report. */
  body(fields?: Readonly<Record<string, unknown>>): Record<string, unknown>;
  usage(): Promise<Usage>;
  seq(): Promise<number>;
  /** Reports `count` tickets as quickly as batches go. */
  fill(count: number, fields?: Readonly<Record<string, unknown>>): Promise<void>;
  /** `count` reports, each dispatched, handled and verified, which closes it: five events, and what alerts they bring. */
  fillHandled(count: number): Promise<void>;
  /** Cuts every wall off and takes none, until `mend`. */
  cut(): Promise<void>;
  mend(): Promise<void>;
  /** A month as a district has them: reports of every hour up to now, each closed; what its charts are drawn from. */
  fillMonth(): Promise<void>;
  end(): Promise<void>;
}

export async function startServer(options: ServerOptions): Promise<BenchServer> {
  const process = await forked('server.ts', options);
  const where = await process.ask<{
    port: number;
    epoch: string;
    sourceToken: string;
    wallToken: string;
    grids: string[];
    categories: string[];
  }>('where');
  const body = reportBodies(where);
  return {
    ...where,
    url: `http://127.0.0.1:${where.port}`,
    process,
    body,
    usage: () => process.ask<Usage>('usage'),
    seq: () => process.ask<number>('seq'),
    async fill(count, fields) {
      const bodies: string[] = [];
      for (let left = count; left > 0; left -= 500) {
        bodies.push(JSON.stringify(Array.from({ length: Math.min(left, 500) }, () => body(fields))));
      }
      const { port, sourceToken: token } = where;
      await postAll({ port, token, path: '/api/v1/tickets/batch', connections: 2, bodies, expected: 200 });
    },
    async fillHandled(count) {
      for (let left = count; left > 0; left -= 500) {
        const reports = Array.from({ length: Math.min(left, 500) }, () => body());
        const events = await process.ask<number>('handled', reports);
        if (events < 5 * reports.length) throw new Error(`${reports.length} reports were ${events} events only`);
      }
    },
    cut: () => process.ask('cut'),
    mend: () => process.ask('mend'),
    async fillMonth() {
      const hourMs = 3_600_000;
      const now = await process.ask<number>('now');
      for (let day = 28; day >= 0; day -= 1) {
        const reports = Array.from({ length: 24 }, (_, hour) => now - (day * 24 + hour + 0.5) * hourMs).flatMap(
          // More by day than by night, and not the same in every hour
          (reportedAt, hour) =>
            Array.from({ length: 3 + ((day * 5 + hour * 7) % 9) }, () => ({ ...body(), reportedAt })),
        );
        await process.ask('archive', reports);
      }
    },
    end: () => process.end(),
  };
}
