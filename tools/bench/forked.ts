import { fork } from 'node:child_process';
import { once } from 'node:events';
import { bundledNode } from '../childProcesses.mjs';

/** A process that was started to be asked things. */
export interface Forked {
  readonly pid: number;
  ask<T>(name: string, argument?: unknown): Promise<T>;
  /** Ends it, by SIGKILL, and waits until it has gone. */
  end(): Promise<void>;
}

const running = new Set<Forked>();

/** Ends whatever still runs; for the end of a run that failed. */
export async function endAll(): Promise<void> {
  for (const process of running) await process.end();
}

/** Starts `file` of tools/bench/processes, which answers by worker.ts. */
export async function forked(file: string, options: unknown = {}, execArgv: readonly string[] = []): Promise<Forked> {
  const child = fork(new URL(`./processes/${file}`, import.meta.url), [JSON.stringify(options)], {
    execPath: bundledNode(),
    execArgv: ['--expose-gc', ...execArgv],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  let nextId = 1;
  let ready = (): void => {};
  let failed = (_error: Error): void => {};
  const isReady = new Promise<void>((resolve, reject) => {
    ready = resolve;
    failed = reject;
  });
  child.on('message', (message: { ready?: true; id?: number; value?: unknown; error?: string }) => {
    if (message.ready) {
      ready();
      return;
    }
    const asked = waiting.get(message.id as number);
    waiting.delete(message.id as number);
    if (message.error === undefined) asked?.resolve(message.value as never);
    else asked?.reject(new Error(`${file}: ${message.error}`));
  });
  child.on('exit', (code, signal) => {
    const error = new Error(`${file} ended (${signal ?? code})`);
    failed(error);
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  });
  const self: Forked = {
    pid: child.pid as number,
    ask<T>(name: string, argument?: unknown) {
      return new Promise<T>((resolve, reject) => {
        const id = nextId;
        nextId += 1;
        waiting.set(id, { resolve, reject });
        child.send({ id, name, argument });
      });
    },
    async end() {
      running.delete(self);
      if (child.exitCode !== null || child.signalCode !== null) return;
      waiting.clear();
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
  running.add(self);
  await isReady;
  return self;
}
