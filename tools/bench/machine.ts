import { cpus, loadavg, totalmem } from 'node:os';

/** What the figures depend on; no names of hosts or people. */
export function machineFacts() {
  const [cpu] = cpus();
  return {
    platform: `${process.platform} ${process.arch}`,
    cores: cpus().length,
    cpu: cpu?.model ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
  };
}

export function load(): number {
  return Math.round((loadavg()[0] ?? 0) * 100) / 100;
}
