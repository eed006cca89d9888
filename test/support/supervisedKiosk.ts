import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { bundledNode } from '../../tools/childProcesses.mjs';
import { projectRoot } from '../../tools/electron.mjs';
import { processTree, type RunningProcess } from './processTree.ts';

/** `npm run kiosk`, without npm: the supervisor with the kiosk under it. */
export interface SupervisedKiosk {
  log(): string;
  /** How often a page has loaded so far. */
  loads(): number;
  /** The process of the kiosk that runs now; undefined between two of its lives. */
  main(): RunningProcess | undefined;
  /** Its graphics process; undefined between two of its lives. */
  graphics(): RunningProcess | undefined;
  readonly ended: Promise<number | null>;
  /** SIGTERM, as somebody ends it. */
  close(): Promise<void>;
}

export function startSupervised(kioskArguments: readonly string[], env: NodeJS.ProcessEnv): SupervisedKiosk {
  const child = spawn(bundledNode(), [join(projectRoot, 'tools/kiosk.mjs'), ...kioskArguments], {
    cwd: projectRoot,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const tree = () => (child.pid === undefined ? [] : processTree(child.pid));
  return {
    log: () => text,
    loads: () => text.split('the page has loaded').length - 1,
    main: () => tree().find(({ parentId, command }) => parentId === child.pid && /\belectron\b/.test(command)),
    graphics: () => tree().find(({ command }) => command.includes('--type=gpu-process')),
    ended,
    async close() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
