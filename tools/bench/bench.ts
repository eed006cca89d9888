// npm run bench: measures the product beside its anchors; one JSON document on stdout, progress on stderr.
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from '../electron.mjs';
import type { Bench, Effort, Measurement } from './figures.ts';
import { endAll } from './forked.ts';
import { load, machineFacts } from './machine.ts';
import { alarmCost } from './suites/alarms.ts';
import { fanOut } from './suites/fanOut.ts';
import { durableIngest, growth, slowedFlush } from './suites/ingest.ts';
import { search } from './suites/search.ts';
import { soakWeek } from './suites/soak.ts';
import { start } from './suites/start.ts';
import { heapOverEvents, recovery, storageFloor } from './suites/storage.ts';
import { bigWall, burstAndReturn, idlePath, longWatch, steadyFlow } from './suites/wall.ts';

const suites: Readonly<Record<string, (bench: Bench) => Promise<Measurement | readonly Measurement[]>>> = {
  storageFloor,
  durableIngest,
  slowedFlush,
  growth,
  alarmCost,
  fanOut,
  recovery,
  heapOverEvents,
  search,
  idlePath,
  steadyFlow,
  burstAndReturn,
  bigWall,
  longWatch,
  start,
  soakWeek,
};

const { values } = parseArgs({ options: { quick: { type: 'boolean' }, only: { type: 'string', multiple: true } } });
const unknown = values.only?.find((name) => !(name in suites));
if (unknown !== undefined) {
  process.stderr.write(`bench: there is no ${unknown}; --only takes ${Object.keys(suites).join(', ')}\n`);
  process.exit(2);
}
const quick = values.quick === true;
const effort: Effort = { quick, pick: (full, brief) => (quick ? brief : full) };

const startedAt = performance.now();
/** On the disk of the project itself: a temporary folder may lie in memory, where a sync costs nothing. */
const folder = mkdtempSync(join(projectRoot, '.cache', 'bench-'));
let folders = 0;
function say(line: string): void {
  process.stderr.write(`${((performance.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${line}\n`);
}
const bench: Bench = {
  effort,
  say,
  folder() {
    folders += 1;
    return mkdtempSync(join(folder, `${folders}-`));
  },
};

async function end(code: number): Promise<never> {
  await endAll();
  rmSync(folder, { recursive: true, force: true });
  process.exit(code);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(1));

const measurements: object[] = [];
let failures = 0;
for (const [suite, measure] of Object.entries(suites)) {
  if (values.only !== undefined && !values.only.includes(suite)) continue;
  const loadBefore = load();
  say(`${suite} (load ${loadBefore})`);
  try {
    const done = await measure(bench);
    for (const measurement of 'name' in done ? [done] : done) {
      const ok = measurement.checks.every((one) => one.ok);
      measurements.push({ ...measurement, suite, ok, loadBefore, loadAfter: load() });
      for (const one of measurement.checks) {
        say(
          `  ${one.ok ? 'reached' : 'MISSED '} ${measurement.goal ?? ' '}: ${one.what} ${one.value} (limit ${one.limit} ${one.unit})`,
        );
      }
    }
  } catch (error) {
    failures += 1;
    say(`  failed: ${error instanceof Error ? error.stack : String(error)}`);
    measurements.push({ suite, failed: error instanceof Error ? error.message : String(error) });
  }
  await endAll();
}
process.stdout.write(
  `${JSON.stringify(
    {
      bench: 'taibai-wall',
      quick,
      machine: machineFacts(),
      tookSeconds: Math.round((performance.now() - startedAt) / 1000),
      note: 'Ratios are to the anchor of the same run, measured by turns. Times are ms unless named otherwise; spread: median, quartiles, 99th percentile, maximum.',
      measurements,
    },
    null,
    2,
  )}\n`,
);
await end(failures > 0 ? 1 : 0);
