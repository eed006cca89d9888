import {
  type BriefAnswer,
  type DistrictAnswer,
  decodeBriefAnswer,
  decodeDistrictAnswer,
  decodeNow,
} from '../../protocol/briefAnswer.ts';
import type { Decoded } from '../../protocol/decode.ts';
import type { Api, Refusal, Result } from '../desk/api.ts';

/** All that a sheet shows. */
export interface SheetData {
  readonly answer: BriefAnswer;
  readonly district: DistrictAnswer;
  /** The server's clock when it answered. */
  readonly askedAt: number;
  readonly isRunning: boolean;
}

/** A decoder of the protocol as a reader of answers. */
export function reading<T>(decode: (message: unknown) => Decoded<T>): (body: unknown) => T | undefined {
  return (body) => {
    const decoded = decode(body);
    return decoded.ok ? decoded.value : undefined;
  };
}

/** What the page's address asks for: a month or a span, and the moment it is seen at; without any, the running month. */
export function queryFor(search: string, runningMonth: string): URLSearchParams {
  const asked = new URLSearchParams(search);
  const query = new URLSearchParams();
  for (const key of ['month', 'from', 'to', 'at']) {
    const value = asked.get(key);
    if (value !== null) query.set(key, value);
  }
  if (!query.has('month') && !query.has('from') && !query.has('to')) query.set('month', runningMonth);
  return query;
}

export async function loadSheet(
  api: Pick<Api, 'get'>,
  search: string,
): Promise<{ readonly ok: true; readonly data: SheetData } | { readonly ok: false; readonly refusal: Refusal }> {
  const clock: Result<{ readonly now: number; readonly month: string }> = await api.get('/status', reading(decodeNow));
  if (!clock.ok) return clock;
  const query = queryFor(search, clock.value.month);
  const [answer, district] = await Promise.all([
    api.get(`/brief?${query}`, reading(decodeBriefAnswer)),
    api.get('/deployment', reading(decodeDistrictAnswer)),
  ]);
  if (!answer.ok) return answer;
  if (!district.ok) return district;
  return {
    ok: true,
    data: {
      answer: answer.value,
      district: district.value,
      askedAt: clock.value.now,
      isRunning: answer.value.month === clock.value.month,
    },
  };
}
