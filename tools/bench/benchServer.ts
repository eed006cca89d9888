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
    end: () => process.end(),
  };
}
