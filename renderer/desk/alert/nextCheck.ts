import { DateTime } from 'luxon';

const MINUTE_MS = 60_000;

/** What somebody typed for a time to come. `tooFar`: later than the rule allows. */
export type TimeAhead =
  | { readonly ok: true; readonly at: number }
  | { readonly ok: false; readonly reason: 'format' | 'past' | 'tooFar' };

/**
 * `16:10` or `1610`: the next such time of day in the deployment's zone, tomorrow's where today's is over; `+30`: so many
 * minutes from now. Not later than `mostMinutes` ahead. `now` in epoch ms of the domain clock.
 */
export function timeAhead(typed: string, now: number, timeZone: string, mostMinutes: number): TimeAhead {
  const text = typed.trim().replace('：', ':');
  const minutes = /^\+(\d{1,4})$/.exec(text)?.[1];
  const [, hour, minute] = /^([01]?\d|2[0-3]):?([0-5]\d)$/.exec(text) ?? [];
  let at: number;
  if (minutes !== undefined) {
    if (Number(minutes) === 0) return { ok: false, reason: 'past' };
    at = now + Number(minutes) * MINUTE_MS;
  } else if (hour !== undefined && minute !== undefined) {
    const today = DateTime.fromMillis(now, { zone: timeZone }).set({
      hour: Number(hour),
      minute: Number(minute),
      second: 0,
      millisecond: 0,
    });
    at = (today.toMillis() > now ? today : today.plus({ days: 1 })).toMillis();
  } else return { ok: false, reason: 'format' };
  return at > now + mostMinutes * MINUTE_MS ? { ok: false, reason: 'tooFar' } : { ok: true, at };
}

/** `03-18 16:10` of this year, or of the next where that is over; undefined where it is no such time. */
export function dateAhead(typed: string, now: number, timeZone: string): number | undefined {
  const text = typed.trim().replace('：', ':');
  const local = DateTime.fromMillis(now, { zone: timeZone });
  for (const year of [local.year, local.year + 1]) {
    const moment = DateTime.fromFormat(`${year}-${text}`, 'yyyy-M-d H:mm', { zone: timeZone });
    if (moment.isValid && moment.toMillis() > now) return moment.toMillis();
  }
  return undefined;
}
