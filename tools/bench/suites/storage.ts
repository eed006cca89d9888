import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, check, type Measurement, median, rounded, spread } from '../figures.ts';
import { forked } from '../forked.ts';

/** What this disk can do, and what a file rewritten for each ticket comes to. Told, not judged. */
export async function storageFloor(bench: Bench): Promise<Measurement> {
  const process = await forked('disk.ts');
  const syncs = await process.ask<number[]>('syncFloor', {
    directory: bench.folder(),
    times: bench.effort.pick(300, 150),
  });
  const lowdb: Record<string, unknown> = {};
  for (const tickets of bench.effort.pick([1000, 10_000, 50_000], [1000, 10_000])) {
    const times = await process.ask<number[]>('lowdbPerTicket', {
      file: join(bench.folder(), 'tickets.json'),
      tickets,
      times: bench.effort.pick(9, 7),
    });
    lowdb[`${tickets} tickets`] = { writeMs: spread(times), perSecond: rounded(1000 / median(times)) };
  }
  await process.end();
  return {
    name: 'floor of this disk, and lowdb written once a ticket',
    method:
      'append of 500 bytes and fdatasync, one after the other; lowdb (JSONFile) with n tickets, one more pushed and written, not synced',
    checks: [],
    figures: { appendAndSyncMs: spread(syncs), appendAndSyncPerSecond: rounded(1000 / median(syncs)), lowdb },
  };
}

export async function recovery(bench: Bench): Promise<Measurement> {
  const events = 100_000;
  const folders = { journal: join(bench.folder(), 'data'), snapshot: join(bench.folder(), 'data') };
  for (const [kind, directory] of Object.entries(folders)) {
    bench.say(`writing ${events} events (${kind})`);
    mkdirSync(directory);
    const writer = await forked('recovery.ts');
    await writer.ask('write', { directory, events, snapshotAt: kind === 'snapshot' ? events / 2 : null });
    await writer.end();
  }
  const parse: number[] = [];
  const journal: number[] = [];
  const snapshot: number[] = [];
  for (let round = 0; round < bench.effort.pick(5, 4); round += 1) {
    for (const [name, directory, into] of [
      ['parse', folders.journal, parse],
      ['open', folders.journal, journal],
      ['open', folders.snapshot, snapshot],
    ] as const) {
      const reader = await forked('recovery.ts');
      into.push(await reader.ask<number>(name, { directory }));
      await reader.end();
    }
  }
  return {
    name: 'recovery of 100,000 events against JSON.parse of the same lines',
    goal: 11,
    method:
      'a fresh process for each, by turns: openTicketStore over 100,000 events without a snapshot; reading and parsing the same lines and no more; openTicketStore with a snapshot at about half of them',
    checks: [
      check('journal alone', median(journal) / median(parse), 2.5),
      check('snapshot and tail', median(snapshot), 1000, 'ms'),
    ],
    figures: { openJournalMs: spread(journal), parseLinesMs: spread(parse), openSnapshotAndTailMs: spread(snapshot) },
  };
}

export async function heapOverEvents(bench: Bench): Promise<Measurement> {
  const events = bench.effort.pick(100_000, 20_000);
  const process = await forked('recovery.ts');
  const heap = await process.ask<{ at: number; heapBytes: number; openTickets: number }[]>('heapOver', {
    directory: bench.folder(),
    events,
  });
  await process.end();
  const first = heap[0] as { heapBytes: number; at: number };
  const last = heap.at(-1) as { heapBytes: number; at: number };
  return {
    name: `heap over ${events} events on a board that stays the same size`,
    method:
      'the store alone in a process, 2,000 tickets open, then each further event a note whose successor ends its ticket: report, note, void, archive; heap after a full collection each tenth of the way. What remains of an archived ticket (its facts, for lists and statistics) is what grows',
    checks: [],
    figures: { heap, bytesPerEvent: rounded((last.heapBytes - first.heapBytes) / (last.at - first.at)) },
  };
}
