import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ENTRY = fileURLToPath(new URL('../../server/index.ts', import.meta.url));

export interface ServerProcess {
  readonly child: ChildProcess;
  /** What it wrote so far. */
  readonly output: () => { readonly stdout: string; readonly stderr: string };
  /** Settles with the first match in stdout; rejects if the process ends before. */
  said(pattern: RegExp): Promise<RegExpMatchArray>;
  /** Settles with the `ready` message, where there is a channel. */
  readonly ready: Promise<{ readonly url: string; readonly wallUrl: string }>;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

/** The server as `npm run serve` starts it, from source, with no settings of the machine. */
export function startServerProcess(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  /** With a channel to its parent, as `npm start` has it. */
  channel: 'withChannel' | 'alone' = 'alone',
): ServerProcess {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('WALL_'));
  const child = spawn(process.execPath, [ENTRY, ...args], {
    env: { ...Object.fromEntries(inherited), ...environment },
    stdio: ['ignore', 'pipe', 'pipe', ...(channel === 'withChannel' ? (['ipc'] as const) : [])],
  });
  let stdout = '';
  let stderr = '';
  let heard = () => {};
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    heard();
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    const settle = () => resolve({ code: child.exitCode, signal: child.signalCode });
    child.once('close', settle);
    // A parent that lets go of the channel itself is told of the exit, but never of the close
    child.once('exit', () => {
      if (channel === 'withChannel') settle();
    });
  });
  return {
    child,
    output: () => ({ stdout, stderr }),
    said: (pattern) =>
      new Promise((resolve, reject) => {
        heard = () => {
          const match = pattern.exec(stdout);
          if (match !== null) resolve(match);
        };
        heard();
        void ended.then(({ code }) => reject(new Error(`ended with ${code} before saying ${pattern}: ${stderr}`)));
      }),
    ready: new Promise((resolve) =>
      child.once('message', (message) => resolve(message as { url: string; wallUrl: string })),
    ),
    ended,
  };
}
