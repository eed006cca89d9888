import { fdatasync, openSync, write } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { JSONFilePreset } from 'lowdb/node';
import { reportBodies } from '../reports.ts';
import { answerRequests } from './worker.ts';

const append = promisify(write);
const sync = promisify(fdatasync);

answerRequests({
  /** Ms of each append and sync. */
  async syncFloor({ directory, times }: { directory: string; times: number }) {
    const fd = openSync(join(directory, 'floor'), 'a');
    const line = Buffer.alloc(500, 'x');
    const took: number[] = [];
    for (let i = 0; i < times; i += 1) {
      const startedAt = performance.now();
      await append(fd, line);
      await sync(fd);
      took.push(performance.now() - startedAt);
    }
    return took;
  },
  /** Ms of each `write()` with so many tickets in the file. */
  async lowdbPerTicket({ file, tickets, times }: { file: string; tickets: number; times: number }) {
    const body = reportBodies({ grids: ['g1'], categories: ['litter'] });
    const db = await JSONFilePreset<{ tickets: unknown[] }>(file, { tickets: [] });
    for (let i = 0; i < tickets; i += 1) db.data.tickets.push(body());
    const took: number[] = [];
    for (let i = 0; i < times; i += 1) {
      db.data.tickets.push(body());
      const startedAt = performance.now();
      await db.write();
      took.push(performance.now() - startedAt);
    }
    return took;
  },
});
