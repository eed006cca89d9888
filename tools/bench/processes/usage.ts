import { monitorEventLoopDelay } from 'node:perf_hooks';

/** What a process has used so far. */
export interface Usage {
  /** Processor time of user and system together. */
  readonly cpuMs: number;
  readonly heapBytes: number;
}

const stalls = monitorEventLoopDelay({ resolution: 1 });

/** Requests that every measured server answers alike. */
export const usageHandlers = {
  usage(): Usage {
    const { user, system } = process.cpuUsage();
    return { cpuMs: (user + system) / 1000, heapBytes: process.memoryUsage().heapUsed };
  },
  /** The heap after everything that is not needed has gone; asks for --expose-gc. */
  heapAfterCollection(): number {
    globalThis.gc?.();
    globalThis.gc?.();
    return process.memoryUsage().heapUsed;
  },
  /** From here on the event loop is watched; costs a little processor time, so not while that is measured. */
  watchLoop(): void {
    stalls.enable();
    stalls.reset();
  },
  /** The longest time for which the loop did nothing else, since `watchLoop`. */
  longestStallMs(): number {
    stalls.disable();
    return stalls.max / 1e6;
  },
};
