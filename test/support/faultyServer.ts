import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort } from './freePort.ts';
import { type PlainClient, plainClient } from './plainClient.ts';
import { type ServerProcess, startServerProcess } from './serverProcess.ts';

const PASSWORD = 'for these tests';

/** A folder for one test, open to whatever user a server runs as. */
export function folderForTest(): string {
  const folder = mkdtempSync(join(tmpdir(), 'taibai-trust-'));
  chmodSync(folder, 0o777);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A file system of so many bytes in memory; undefined where this process may not mount one. */
export function smallDisk(bytes: number): { readonly folder: string; grow(bytes: number): void } | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'taibai-disk-'));
  const mount = (options: string) => spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]).status === 0;
  if (!mount(`size=${bytes}`)) {
    rmSync(folder, { recursive: true, force: true });
    return undefined;
  }
  onTestFinished(() => {
    spawnSync('umount', ['--lazy', folder]);
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    folder,
    grow(larger) {
      if (!mount(`remount,size=${larger}`)) throw new Error('the disk could not be made larger');
    },
  };
}

export interface FaultyServer {
  readonly url: string;
  readonly process: ServerProcess;
  /** As the administrator. */
  readonly admin: PlainClient;
  makeClient(kind: 'source' | 'wall'): Promise<{ readonly id: string; readonly token: string }>;
  stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** A server on a folder, without sources; killed at the end of the test where it runs still. */
export async function startOn(data: string, port?: number, options: readonly string[] = []): Promise<FaultyServer> {
  const chosen = port ?? (await freePort());
  const started = startServerProcess(['--port', String(chosen), '--data', data, '--source', 'none', ...options], {
    WALL_ADMIN_PASSWORD: PASSWORD,
  });
  onTestFinished(async () => {
    started.child.kill('SIGKILL');
    await started.ended;
  });
  await started.said(/^listening on /m);
  const url = `http://127.0.0.1:${chosen}`;
  const nobody = plainClient(url, undefined);
  const { body } = await nobody.send('POST', '/api/v1/session', { username: 'admin', password: PASSWORD });
  nobody.close();
  const admin = plainClient(url, body.token, 'nowAndThen');
  onTestFinished(() => admin.close());
  return {
    url,
    process: started,
    admin,
    makeClient: async (kind) => (await admin.send('POST', '/api/v1/clients', { name: kind, kind })).body,
    async stop(signal) {
      started.child.kill(signal);
      await started.ended;
    },
  };
}

/** What a start that is refused says: one line on stderr, exit code 2. */
export async function refusalOn(data: string): Promise<string> {
  const started = startServerProcess(['--port', '0', '--data', data, '--source', 'none']);
  const { code } = await started.ended;
  const { stdout, stderr } = started.output();
  if (code !== 2 || stdout !== '' || stderr.trimEnd().includes('\n')) {
    throw new Error(`not refused in one line: code ${code}, stdout ${stdout}, stderr ${stderr}`);
  }
  return stderr.trimEnd();
}
