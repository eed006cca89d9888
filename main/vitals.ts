import { cpus } from 'node:os';
import type { ProcessMetric } from 'electron';
import type { Vitals } from '../protocol/ipc.ts';

const KB_PER_MB = 1_024;

/**
 * How all processes of the kiosk fare together. Electron gives the CPU as a share of the whole machine since it was
 * asked last; memory is what lies in RAM, pages that processes share counted in each.
 */
export function vitalsOf(
  metrics: readonly Pick<ProcessMetric, 'cpu' | 'memory'>[],
  processors: number = cpus().length,
): Vitals {
  let cpuPercent = 0;
  let memoryKb = 0;
  for (const { cpu, memory } of metrics) {
    cpuPercent += cpu.percentCPUUsage * processors;
    memoryKb += memory.workingSetSize;
  }
  return { cpuPercent: Math.round(cpuPercent * 10) / 10, memoryMb: Math.round(memoryKb / KB_PER_MB) };
}
