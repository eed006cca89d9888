import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../tools/electron.mjs';
import { processesMarked } from '../../tools/leftovers.mjs';
import { processTree, type RunningProcess } from './processTree.ts';

/** `npm start` as a person types it, in a data folder of its own. */
export interface StartedWall {
  readonly child: ChildProcess;
  /** Not there until the server makes it. */
  readonly dataFolder: string;
  stdout(): string;
  stderr(): string;
  /** Code and signal of npm, once it has ended. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** What runs of it now: npm and everything below it. */
  processes(): RunningProcess[];
  /** Ends whatever is left. */
  close(): Promise<void>;
}

const MARK = 'TAIBAI_START_TEST';

/**
 * @param script `start` or `serve`
 * @param display the X display to open windows on; null for a machine without one
 */
export function startWall(script: 'start' | 'serve', options: readonly string[], display: string | null): StartedWall {
  const folder = mkdtempSync(join(tmpdir(), 'taibai-start-'));
  const dataFolder = join(folder, 'data');
  const mark = randomUUID();
  const env: NodeJS.ProcessEnv = { ...process.env, [MARK]: mark };
  for (const name of ['DISPLAY', 'WAYLAND_DISPLAY', 'WALL_TOKEN', 'WALL_NO_WINDOW']) delete env[name];
  if (display !== null) env.DISPLAY = display;
  const child = spawn('npm', ['run', '--silent', script, '--', '--data', dataFolder, ...options], {
    cwd: projectRoot,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  }
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  return {
    child,
    dataFolder,
    stdout: () => said.stdout,
    stderr: () => said.stderr,
    ended,
    processes: () => (child.pid === undefined ? [] : processTree(child.pid)),
    async close() {
      for (const { pid } of processesMarked(MARK, mark)) process.kill(pid, 'SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}
