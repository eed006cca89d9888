import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { foldedUsername } from './foldedUsername.ts';

/** Wrong passwords before somebody must wait: for one user from one address, from one address at all, for one user at all. */
const FAILURES_PER_PAIR = 5;
const FAILURES_PER_ADDRESS = 50;
const FAILURES_PER_USER = 50;
const PAIR_WINDOW_SECONDS = 300;
const USER_WINDOW_SECONDS = 3600;
/** Each try takes 32 MiB and a core for a while; more at once would starve tickets. */
const MAX_CHECKS_AT_ONCE = 8;
const BUSY_WAIT_MS = 1000;
/** Addresses from which somebody has signed in, kept for so many pairs. */
const MAX_KNOWN = 10_000;

/**
 * Slows down those who guess. After 5 wrong passwords a user must wait 5 minutes at that address; after 50 of any
 * user the address must; after 50 from anywhere in an hour the user must, but not at an address where that user has
 * signed in since the server started: a stranger cannot lock somebody out of their own desk. In memory: a restart forgives.
 */
export interface SignInGuard {
  /** Checks a password, or tells how long to wait. `check` says whether it was right. */
  run<Result extends { readonly ok: boolean }>(
    username: string,
    address: string,
    check: () => Promise<Result>,
  ): Promise<Result | { readonly waitMs: number }>;
}

function waitMsOf(spent: RateLimiterRes | null, allowed: number): number {
  return spent !== null && spent.consumedPoints >= allowed ? spent.msBeforeNext : 0;
}

export function createSignInGuard(): SignInGuard {
  const perPair = new RateLimiterMemory({ points: FAILURES_PER_PAIR, duration: PAIR_WINDOW_SECONDS });
  const perAddress = new RateLimiterMemory({ points: FAILURES_PER_ADDRESS, duration: PAIR_WINDOW_SECONDS });
  const perUser = new RateLimiterMemory({ points: FAILURES_PER_USER, duration: USER_WINDOW_SECONDS });
  const known = new Set<string>();
  let checks = 0;

  return {
    async run(username, address, check) {
      const user = foldedUsername(username);
      const pair = JSON.stringify([user, address]);
      const [byPair, byAddress, byUser] = await Promise.all([
        perPair.get(pair),
        perAddress.get(address),
        perUser.get(user),
      ]);
      const waitMs = Math.max(
        waitMsOf(byPair, FAILURES_PER_PAIR),
        waitMsOf(byAddress, FAILURES_PER_ADDRESS),
        known.has(pair) ? 0 : waitMsOf(byUser, FAILURES_PER_USER),
      );
      if (waitMs > 0) return { waitMs };
      if (checks >= MAX_CHECKS_AT_ONCE) return { waitMs: BUSY_WAIT_MS };
      // Spent before the answer is known and given back after: tries made at the same time count as well
      checks += 1;
      await Promise.all([perPair.penalty(pair, 1), perAddress.penalty(address, 1), perUser.penalty(user, 1)]);
      const result = await check().finally(() => {
        checks -= 1;
      });
      if (result.ok) {
        await Promise.all([perPair.delete(pair), perAddress.reward(address, 1), perUser.reward(user, 1)]);
        if (known.size >= MAX_KNOWN) known.clear();
        known.add(pair);
      }
      return result;
    },
  };
}
