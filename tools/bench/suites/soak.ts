import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { bundledNode } from '../../childProcesses.mjs';
import { projectRoot } from '../../electron.mjs';
import { type Bench, check, type Measurement } from '../figures.ts';
import type { SoakPlan, SoakResult } from '../soak.ts';

/** Runs the soak on a display of its own. */
function worn(plan: SoakPlan, bench: Bench): Promise<SoakResult> {
  const script = join(projectRoot, 'tools/bench/processes/soakWeek.ts');
  const child = spawn(
    bundledNode(),
    [join(projectRoot, 'tools/withDisplay.mjs'), bundledNode(), script, JSON.stringify(plan), bench.folder()],
    { cwd: projectRoot, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => bench.say(`  ${text.trim()}`));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (code === 0) resolve(JSON.parse(printed) as SoakResult);
      else reject(new Error(`the soak ended with ${signal ?? code}`));
    });
  });
}

export async function soakWeek(bench: Bench): Promise<Measurement> {
  const plan = bench.effort.pick<SoakPlan>(
    { days: 7, events: 1_000_000, cuts: 200, speed: 1200 },
    { days: 0.5, events: 30_000, cuts: 10, speed: 1200 },
  );
  const result = await worn(plan, bench);
  const { course, worn: last, fresh } = result;
  const first = course[0] ?? last;
  const handles = ({ handles: { main, renderer, server } }: typeof last) => main + renderer + server;
  return {
    name: 'soakWeek',
    method:
      'A real kiosk, a real server with a compressed clock, tickets by /feed, alerts acknowledged, the wire cut again and again; then the same page loaded anew.',
    checks: [
      check('heap of the page against itself loaded anew', last.heapMb / fresh.heapMb, 1.25, '×'),
      check('nodes against the page loaded anew', last.nodes / fresh.nodes, 1.2, '×'),
      check('listeners against the page loaded anew', last.listeners / fresh.listeners, 1.2, '×'),
      check('open handles more than at the first fifth', handles(last) - handles(first), 20, 'handles'),
      check(
        'walls that show another board than a fresh one',
        isDeepStrictEqual(result.shown.worn, result.shown.fresh) ? 0 : 1,
        0,
        'walls',
      ),
    ],
    figures: {
      days: result.days,
      events: result.events,
      cuts: result.cuts,
      acknowledged: result.acknowledged,
      course,
      worn: last,
      fresh,
    },
  };
}
