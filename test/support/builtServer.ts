import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundledNode } from '../../tools/childProcesses.mjs';
import { projectRoot } from '../../tools/electron.mjs';
import { freePort } from './freePort.ts';

const ADMIN_PASSWORD = 'four words of a test';

/** The server as `npm run build` leaves it, in a process and a data folder of its own, without any source. */
export interface BuiltServer {
  readonly url: string;
  readonly port: number;
  /** A call as the administrator; `body` goes and comes as JSON. */
  call(method: string, path: string, body?: unknown): Promise<{ status: number; body: Record<string, unknown> }>;
  /** Of `admin`. */
  readonly adminPassword: string;
  /** A new wall's token. */
  wallToken(): Promise<string>;
  /** SIGTERM as an operator would, SIGKILL as a power cut would. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Again with the same port and data. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** @param options `entry`: another one than the project's own; `port`: default any free one; `args`: further options */
export async function startBuiltServer(
  options: { readonly entry?: string; readonly port?: number; readonly args?: readonly string[] } = {},
): Promise<BuiltServer> {
  const { entry = join(projectRoot, 'out/server/index.js'), args = [] } = options;
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const dataFolder = mkdtempSync(join(tmpdir(), 'taibai-data-'));
  let running: ChildProcess | null = null;
  let session: string | null = null;

  const start = async () => {
    if (!existsSync(entry)) throw new Error(`${entry} is missing: run npm run build`);
    const child = fork(entry, ['--port', String(port), '--data', dataFolder, '--source', 'none', ...args], {
      execPath: bundledNode(),
      execArgv: [],
      env: { ...process.env, WALL_ADMIN_PASSWORD: ADMIN_PASSWORD },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    running = child;
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve()); // its first word is that it takes traffic
      child.once('exit', (code, signal) => reject(new Error(`the server ended (${signal ?? code}):\n${said}`)));
    });
  };

  const end: BuiltServer['end'] = async (signal) => {
    const child = running;
    running = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };

  const send = async (method: string, path: string, body: unknown, token: string | null) => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> };
  };

  const call: BuiltServer['call'] = async (method, path, body) => {
    if (session === null) {
      const opened = await send('POST', '/session', { username: 'admin', password: ADMIN_PASSWORD }, null);
      if (opened.status !== 201) throw new Error(`no session: ${JSON.stringify(opened)}`);
      session = String(opened.body.token);
    }
    return send(method, path, body, session);
  };

  await start();
  return {
    url,
    port,
    call,
    adminPassword: ADMIN_PASSWORD,
    async wallToken() {
      const { status, body } = await call('POST', '/clients', { name: 'hall', kind: 'wall' });
      if (status !== 201) throw new Error(`no wall token: ${JSON.stringify(body)}`);
      return String(body.token);
    },
    end,
    start,
    async close() {
      await end('SIGTERM');
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}
