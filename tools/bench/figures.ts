import type { PageVariant } from './naivePages.ts';

/** One measured quantity: the middle of its samples and how far they spread. Times are ms unless the name says otherwise. */
export interface Spread {
  readonly n: number;
  readonly median: number;
  /** Half of the samples lie between them. */
  readonly quartiles: readonly [number, number];
  readonly p99: number;
  readonly most: number;
}

/** Between the two nearest samples; NaN of nothing. Sorts its argument. */
export function quantile(samples: number[], share: number): number {
  samples.sort((a, b) => a - b);
  const place = (samples.length - 1) * share;
  const below = Math.floor(place);
  const low = samples[below] ?? Number.NaN;
  const high = samples[Math.min(samples.length - 1, below + 1)] ?? Number.NaN;
  return low + (high - low) * (place - below);
}

export function median(samples: readonly number[]): number {
  return quantile([...samples], 0.5);
}

export function spread(samples: readonly number[]): Spread {
  const sorted = [...samples];
  return {
    n: sorted.length,
    median: rounded(quantile(sorted, 0.5)),
    quartiles: [rounded(quantile(sorted, 0.25)), rounded(quantile(sorted, 0.75))],
    p99: rounded(quantile(sorted, 0.99)),
    most: rounded(sorted.at(-1) ?? Number.NaN),
  };
}

/** Four digits are more than any of this is good for. */
export function rounded(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(4)) : value;
}

/** What a goal of the table asks for, and what came out. */
export interface Check {
  readonly what: string;
  readonly value: number;
  readonly limit: number;
  /** Ratios to the anchor of the same run unless it is an absolute time or share. */
  readonly unit: string;
  readonly ok: boolean;
}

/** A value must not exceed its limit; `atLeast` turns that round. */
export function check(what: string, value: number, limit: number, unit = '× anchor', least?: 'atLeast'): Check {
  const ok = least === 'atLeast' ? value >= limit : value <= limit;
  return { what, value: rounded(value), limit, unit: least === 'atLeast' ? `${unit}, at least` : unit, ok };
}

/** What one measurement hands in. */
export interface Measurement {
  readonly name: string;
  /** Number in the table of goals; absent for what is only told. */
  readonly goal?: number;
  readonly method: string;
  readonly checks: readonly Check[];
  /** Medians and spread of both sides. */
  readonly figures: Readonly<Record<string, unknown>>;
}

/** How much is asked of a run: `quick` gives fewer repetitions and smaller numbers, and says so. */
export interface Effort {
  readonly quick: boolean;
  /** The first in a full run, the second in a quick one. */
  pick<T>(full: T, quick: T): T;
}

export interface Bench {
  readonly effort: Effort;
  say(line: string): void;
  /** An empty folder on the disk that is measured; gone at the end. */
  folder(): string;
  /** The folder of a page as built from the source as it stands; built once a run. */
  page(variant: PageVariant): Promise<string>;
}
