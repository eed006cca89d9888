import { RateLimiterMemory } from 'rate-limiter-flexible';
import { problem } from '../ingest/problem.ts';
import type { Answer } from './route.ts';

/** Begun for a whole hall behind one address, and for a shift that comes to its desks at once. */
const BEGUN_PER_MINUTE = 30;

export function tooMany(waitMs: number, detail?: string): Answer {
  return {
    problem: problem('too_many_requests', detail, { retryAfterMs: waitMs }),
    headers: { 'Retry-After': String(Math.max(1, Math.ceil(waitMs / 1000))) },
  };
}

/** Bounds what somebody without credentials may begin from one address in a minute. Answers with the refusal of one more. */
export function createBeginnings(): (address: string) => Promise<Answer | undefined> {
  const perAddress = new RateLimiterMemory({ points: BEGUN_PER_MINUTE, duration: 60 });
  return async (address) => {
    const spent = await perAddress.penalty(address, 1);
    return spent.consumedPoints > BEGUN_PER_MINUTE ? tooMany(spent.msBeforeNext) : undefined;
  };
}
