/** Random numbers that depend on a seed alone. */
export interface SeededRandom {
  /** In [0, 1). */
  next(): number;
  /** A whole number in [0, limit). */
  below(limit: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly [T, ...T[]]): T;
  pick<T>(items: readonly T[]): T | undefined;
  /** From a normal distribution of mean 0 and deviation 1. */
  normal(): number;
  /** Log-normal with this median; `sigma` is the deviation of the logarithm (1 is a long tail). */
  logNormal(median: number, sigma: number): number;
  /** How many events of a mean rate happen (Poisson). */
  count(mean: number): number;
}

/** 32-bit FNV-1a over the parts, so that each day and each ticket has numbers of its own. */
export function seedOf(...parts: readonly (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const character of parts.join('/')) {
    hash = Math.imul(hash ^ (character.codePointAt(0) as number), 0x01000193);
  }
  return hash >>> 0;
}

/** mulberry32. */
export function createSeededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  const below = (limit: number) => Math.floor(next() * limit);
  // Box and Muller; 1 − next() keeps the logarithm finite
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick: <T>(items: readonly T[]) => items[below(items.length)] as T,
    normal,
    logNormal: (median, sigma) => median * Math.exp(sigma * normal()),
    count(mean) {
      const threshold = Math.exp(-mean);
      let events = 0;
      for (let product = next(); product > threshold; product *= next()) events += 1;
      return events;
    },
  };
}
