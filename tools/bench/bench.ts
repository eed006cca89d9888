// npm run bench: measures the product beside its anchors; one JSON document on stdout, progress on stderr.
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from '../electron.mjs';
import { closeBrowsers } from './browser.ts';
import type { Bench, Effort, Measurement } from './figures.ts';
import { endAll } from './forked.ts';
import { load, machineFacts } from './machine.ts';
import { buildPage, type PageVariant } from './naivePages.ts';
import { alarmCost } from './suites/alarms.ts';
import { fanOut } from './suites/fanOut.ts';
import { durableIngest, growth, slowedFlush } from './suites/ingest.ts';
import { reckoning } from './suites/reckoning.ts';
import { search } from './suites/search.ts';
import { soakWeek } from './suites/soak.ts';
import { start } from './suites/start.ts';
import { heapOverEvents, recovery, storageFloor } from './suites/storage.ts';
import { bigWall, burstAndReturn, idlePath, longWatch, steadyFlow } from './suites/wall.ts';

type Suite = (bench: Bench) => Promise<Measurement | readonly Measurement[]>;

/** One after the other, each with the machine to itself. */
const alone: Readonly<Record<string, Suite>> = {
  durableIngest,
  slowedFlush,
  growth,
  idlePath,
  steadyFlow,
  burstAndReturn,
  bigWall,
  start,
};
/**
 * Beside the watch, which takes its five minutes whatever else goes on, and little of one core: they count bytes and
 * processor time, or have room for a little more than they would take alone.
 */
const beside: Readonly<Record<string, Suite>> = {
  recovery,
  search,
  storageFloor,
  alarmCost,
  reckoning,
  fanOut,
  heapOverEvents,
};
const suites: Readonly<Record<string, Suite>> = { ...alone, ...beside, longWatch, soakWeek };

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    only: { type: 'string', multiple: true },
    skip: { type: 'string', multiple: true },
  },
});
const unknown = [...(values.only ?? []), ...(values.skip ?? [])].find((name) => !(name in suites));
if (unknown !== undefined) {
  process.stderr.write(`bench: there is no ${unknown}; --only and --skip take ${Object.keys(suites).join(', ')}\n`);
  process.exit(2);
}
const isAsked = (name: string) => values.only?.includes(name) ?? values.skip?.includes(name) !== true;
const quick = values.quick === true;
const effort: Effort = { quick, pick: (full, brief) => (quick ? brief : full) };
/** A suite that hangs is given up, so that the others are still told. */
const LONGEST_SECONDS = 300;
const LONGEST_WATCH_SECONDS = 660;
const LONGEST_SOAK_SECONDS = 1500;

const startedAt = performance.now();
/** On the disk of the project itself: a temporary folder may lie in memory, where a sync costs nothing. */
const folder = mkdtempSync(join(projectRoot, '.cache', 'bench-'));
let folders = 0;
/** Each page is built once for all suites. */
const pages = new Map<PageVariant, Promise<string>>();
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
  page(variant) {
    let built = pages.get(variant);
    if (built === undefined) {
      built = buildPage(variant, folder);
      pages.set(variant, built);
    }
    return built;
  },
};

/** Nothing that a suite has started outlives it. */
async function clearAway(): Promise<void> {
  await endAll();
  await closeBrowsers();
}

async function end(code: number): Promise<never> {
  await clearAway();
  rmSync(folder, { recursive: true, force: true });
  process.exit(code);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(1));

const measurements: object[] = [];
let failures = 0;
const goals: string[] = [];

async function within<T>(seconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`took longer than ${seconds} s`)), seconds * 1000);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function run(name: string, seconds = LONGEST_SECONDS): Promise<void> {
  const suite = suites[name];
  if (suite === undefined || !isAsked(name)) return;
  const [loadBefore, began] = [load(), performance.now()];
  say(`${name} (load ${loadBefore})`);
  try {
    const done = await within(seconds, suite(bench));
    for (const measurement of 'name' in done ? [done] : done) {
      const ok = measurement.checks.every((one) => one.ok);
      measurements.push({ ...measurement, suite: name, ok, loadBefore, loadAfter: load() });
      for (const one of measurement.checks) {
        const line = `${one.ok ? 'reached' : 'MISSED '} ${measurement.goal ?? ' '}: ${one.what} ${one.value} (limit ${one.limit} ${one.unit})`;
        say(`  ${line}`);
        goals.push(line);
      }
    }
  } catch (error) {
    failures += 1;
    say(`  failed: ${error instanceof Error ? error.stack : String(error)}`);
    measurements.push({ suite: name, failed: error instanceof Error ? error.message : String(error) });
    goals.push(`FAILED   ${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
  say(`  ${name} took ${Math.round((performance.now() - began) / 1000)} s`);
}

for (const name of Object.keys(alone)) {
  await run(name);
  await clearAway();
}
await Promise.all([
  run('longWatch', LONGEST_WATCH_SECONDS),
  (async () => {
    for (const name of Object.keys(beside)) await run(name);
  })(),
]);
await clearAway();
await run('soakWeek', LONGEST_SOAK_SECONDS);
say('all goals:');
for (const line of goals) say(`  ${line}`);
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
