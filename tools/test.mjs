// npm test: sets up what is missing, runs every check and test to the end, and says in the last line how it went.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { npmCommand, toolEnvironment } from './childProcesses.mjs';
import { projectRoot } from './electron.mjs';
import { processesMarked, processesOfSession } from './leftovers.mjs';
import { whenNpmIsGone } from './npmParent.mjs';
import { spanText } from './progress.mjs';
import { SetupFailure, setUp } from './setup.mjs';
import { countPlaywright, countVitest, settleCounts, sum, summaryLine } from './testReports.mjs';

/** @typedef {'check' | 'vitest' | 'playwright'} StageKind a check counts as one test */

/** @type {{ script: string, kind: StageKind, folders?: string[] }[]} */
const allStages = [
  { script: 'check:types', kind: 'check' },
  { script: 'check:lint', kind: 'check' },
  { script: 'check:format', kind: 'check' },
  { script: 'check:imports', kind: 'check' },
  { script: 'test:unit', kind: 'vitest' },
  { script: 'test:server', kind: 'vitest', folders: ['test/server'] },
  { script: 'test:e2e', kind: 'playwright', folders: ['test/e2e'] },
  { script: 'test:visual', kind: 'playwright', folders: ['test/visual'] },
  { script: 'test:package', kind: 'playwright', folders: ['test/package'] },
];
/** No stage is allowed to hang for ever; the slowest takes a few minutes. */
const stageLimitMs = 20 * 60_000;
/** Every process of this run carries it, so that none is left behind unseen. */
const runMark = { name: 'TAIBAI_TEST_RUN', value: randomUUID() };

const reportsFolder = join(projectRoot, '.cache/reports');
/** @type {import('node:child_process').ChildProcess | undefined} */
let running;
let interrupted = false;

/** @param {NodeJS.Signals} signal */
function signalStage(signal) {
  try {
    if (running?.pid) process.kill(-running.pid, signal); // the whole group: npm, its shell, the runner, its workers
  } catch {
    // the group has ended
  }
}

function interrupt() {
  interrupted = true;
  signalStage('SIGTERM');
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, interrupt);
whenNpmIsGone(interrupt);

/** @param {StageKind} kind @param {string} report @returns {string[]} what to say to the npm script */
function reportArguments(kind, report) {
  if (kind === 'vitest') return ['--', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  if (kind === 'playwright') return ['--', '--reporter=list,json'];
  return [];
}

/**
 * @param {{ script: string, kind: StageKind }} stage
 * @returns {Promise<import('./testReports.mjs').Counts>}
 */
async function runStage({ script, kind }) {
  const report = join(reportsFolder, `${script.replace(':', '-')}.json`);
  const startedAt = performance.now();
  console.log(`\n=== ${script} ===`);
  const [npm, npmArguments] = npmCommand(['run', '--silent', script, ...reportArguments(kind, report)]);
  const code = await new Promise((resolve) => {
    running = spawn(npm, npmArguments, {
      cwd: projectRoot,
      detached: true,
      env: { ...toolEnvironment(), [runMark.name]: runMark.value, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const limit = setTimeout(() => {
      console.error(`${script} is stopped after ${spanText(stageLimitMs)}`);
      signalStage('SIGKILL');
    }, stageLimitMs);
    running.on('error', (error) => {
      console.error(error.message);
      resolve(1);
    });
    running.on('exit', (exitCode) => {
      clearTimeout(limit);
      resolve(exitCode ?? 1);
    });
  });
  const leftBehind = await leftovers();
  for (const { pid, command } of leftBehind) {
    console.error(`${script} left a process behind: ${pid} ${command}`);
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // it has ended just now
    }
  }
  const ok = code === 0 && leftBehind.length === 0;
  const counts = settleCounts({ ok, counts: kind === 'check' ? checkCounts(code === 0) : readCounts(kind, report) });
  console.log(`=== ${script}: ${summaryLine(counts)} in ${spanText(performance.now() - startedAt)}`);
  return counts;
}

/** What a stage has started and not ended; what is just ending gets a moment to do so. */
async function leftovers() {
  const untilMs = performance.now() + 3000;
  for (;;) {
    const found = processesMarked(runMark.name, runMark.value);
    if (running?.pid !== undefined) found.push(...processesOfSession(running.pid));
    if (found.length === 0 || performance.now() > untilMs) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** @param {boolean} ok */
function checkCounts(ok) {
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
}

/** @param {StageKind} kind @param {string} report */
function readCounts(kind, report) {
  if (!existsSync(report)) return null;
  const content = JSON.parse(readFileSync(report, 'utf8'));
  return kind === 'vitest' ? countVitest(content) : countPlaywright(content);
}

rmSync(reportsFolder, { recursive: true, force: true });
mkdirSync(reportsFolder, { recursive: true });
const startedAt = performance.now();
/** @type {import('./testReports.mjs').Counts[]} */
const results = [];
try {
  console.log('=== set-up ===');
  await setUp('test', process.stdout);
  for (const stage of allStages) {
    const missing = stage.folders?.find((folder) => !existsSync(join(projectRoot, folder)));
    if (missing !== undefined) console.log(`\n=== ${stage.script}: there is no ${missing}`);
    else if (!interrupted) results.push(await runStage(stage));
  }
} catch (error) {
  if (!(error instanceof SetupFailure)) throw error;
  console.error(error.message);
  results.push({ passed: 0, failed: 1, skipped: 0 });
}
if (interrupted) {
  console.error('Interrupted.');
  results.push({ passed: 0, failed: 1, skipped: 0 });
}
const total = sum(results);
console.log(`\nAll of it took ${spanText(performance.now() - startedAt)}.`);
console.log(summaryLine(total));
process.exitCode = total.failed > 0 ? 1 : 0;
