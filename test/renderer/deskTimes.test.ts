import { describe, expect, it } from 'vitest';
import { dateAhead, timeAhead } from '../../renderer/desk/alert/nextCheck.ts';
import { at, MINUTE } from '../support/domainBuilders.ts';

const ZONE = 'Asia/Shanghai';
const NOW = at('15:42:08');
const DAY_MINUTES = 24 * 60;

describe('the time of the next check', () => {
  it.each([
    ['16:10', at('16:10')],
    [' 16:10 ', at('16:10')],
    ['1610', at('16:10')],
    ['16：10', at('16:10')],
    ['+28', NOW + 28 * MINUTE],
  ])('%j is understood in the zone of the district', (typed, expected) => {
    expect(timeAhead(typed, NOW, ZONE, 60)).toEqual({ ok: true, at: expected });
  });

  it('is tomorrow where that time of day is over', () => {
    expect(timeAhead('8:05', NOW, ZONE, DAY_MINUTES)).toEqual({ ok: true, at: at('08:05', 1) });
    // The minute that is running is over
    expect(timeAhead('15:42', NOW, ZONE, DAY_MINUTES)).toEqual({ ok: true, at: at('15:42', 1) });
  });

  it('is refused where it comes later than the rule allows', () => {
    expect(timeAhead('16:43', NOW, ZONE, 60)).toEqual({ ok: false, reason: 'tooFar' });
    expect(timeAhead('+61', NOW, ZONE, 60)).toEqual({ ok: false, reason: 'tooFar' });
    expect(timeAhead('15:41', NOW, ZONE, 60)).toEqual({ ok: false, reason: 'tooFar' });
  });

  it.each(['', 'soon', '25:00', '12:60', '-5', '16:10:00', '+99999'])('%j is no time', (typed) =>
    expect(timeAhead(typed, NOW, ZONE, DAY_MINUTES)).toEqual({ ok: false, reason: 'format' }),
  );

  it('is not now', () => expect(timeAhead('+0', NOW, ZONE, 60)).toEqual({ ok: false, reason: 'past' }));
});

describe('a new deadline', () => {
  it('is a day and a time of this year, or of the next where that is over', () => {
    expect(dateAhead('3-20 9:00', NOW, ZONE)).toBe(at('09:00', 2));
    expect(dateAhead('03-18 16:10', NOW, ZONE)).toBe(at('16:10'));
    expect(dateAhead('01-05 09:00', NOW, ZONE)).toBe(Date.parse('2027-01-05T09:00:00+08:00'));
  });
  it.each(['', '13-01 09:00', '02-30 09:00', '09:00'])('%j is none', (typed) =>
    expect(dateAhead(typed, NOW, ZONE)).toBe(undefined),
  );
});
