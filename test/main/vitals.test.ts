import type { ProcessMetric } from 'electron';
import { expect, test } from 'vitest';
import { vitalsOf } from '../../main/vitals.ts';

function processWith(percentCPUUsage: number, workingSetSize: number) {
  return { cpu: { percentCPUUsage }, memory: { workingSetSize } } as Pick<ProcessMetric, 'cpu' | 'memory'>;
}

test('all processes count, CPU as of one core and memory in MB', () => {
  expect(vitalsOf([processWith(10, 102_400), processWith(2.53, 51_200)], 4)).toEqual({
    cpuPercent: 50.1,
    memoryMb: 150,
  });
  expect(vitalsOf([], 4)).toEqual({ cpuPercent: 0, memoryMb: 0 });
});
