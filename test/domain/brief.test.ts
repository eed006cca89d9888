import { describe, expect, test } from 'vitest';
import { type BriefGrid, createBriefTally, gridStrip, ticketBehind, weakestDay } from '../../domain/brief.ts';
import { proposeFindings } from '../../domain/findings.ts';
import { statistics } from '../../domain/statistics.ts';
import type { StepReport, Ticket, TicketReport } from '../../domain/ticket.ts';
import { monthPeriods, spanPeriods } from '../../server/briefPeriods.ts';
import { createLocalTime } from '../../server/localTime.ts';
import { at, DAY, HOUR, MINUTE, smallRules, ticketAfter } from '../support/domainBuilders.ts';

const local = createLocalTime('Asia/Shanghai');
const NOW = at('15:42');
const march = monthPeriods(local, NOW, NOW);
const rules = smallRules({
  grids: ['g1', 'g2', 'g3'].map((id) => ({
    id,
    name: { zh: id },
    communityId: 'c1',
    tile: { q: 0, r: 0 },
  })),
});

let made = 0;
function ticket(reportedAt: number, report: Partial<TicketReport> = {}, steps: readonly StepReport[] = []): Ticket {
  made += 1;
  return ticketAfter({ id: `T-${made}`, reportedAt, ...report }, steps, rules);
}

function tallyOf(tickets: readonly Ticket[], periods = march) {
  const tally = createBriefTally(periods, ['g1', 'g2', 'g3'], () => 'c1');
  for (const one of tickets) tally.add(one);
  return tally;
}

function finished(reportedAt: number, minutes: number, report: Partial<TicketReport> = {}): Ticket {
  const handledAt = reportedAt + minutes * MINUTE;
  return ticket(reportedAt, report, [
    { step: 'handle', at: handledAt, by: '甲' },
    { step: 'verify', at: handledAt + MINUTE, by: '乙' },
  ]);
}

describe('the periods of a brief', () => {
  test('a running month is compared with the one before at the same day and time', () => {
    expect(march.current).toMatchObject({ fromAt: at('00:00', -17), toAt: at('00:00', 14), at: NOW });
    expect(march.current.dayStartsAt).toHaveLength(31);
    expect(march.previous).toMatchObject({
      fromAt: Date.parse('2026-02-01T00:00:00+08:00'),
      toAt: at('00:00', -17),
      at: Date.parse('2026-02-18T15:42:00+08:00'),
    });
    expect(march.previous.dayStartsAt).toHaveLength(28);
  });

  test('the 30th of March is compared with the whole of February', () => {
    const late = monthPeriods(local, NOW, at('08:00', 12));
    expect(late.previous.at).toBe(late.previous.toAt);
  });

  test('a month that is over, seen at its end or later, is compared with the whole month before, seen as late', () => {
    const endAt = at('00:00', 14);
    expect(monthPeriods(local, NOW, endAt).previous.at).toBe(at('00:00', -17));
    expect(monthPeriods(local, NOW, endAt + 12 * DAY).previous.at).toBe(at('00:00', -17) + 12 * DAY);
  });

  test('days of 23 and 25 hours begin at their own midnights', () => {
    const boston = createLocalTime('America/New_York');
    const noon = Date.parse('2015-11-02T12:00:00-05:00');
    const { current, previous } = monthPeriods(boston, noon, noon);
    expect((current.dayStartsAt[1] as number) - (current.dayStartsAt[0] as number)).toBe(25 * HOUR);
    expect(new Date(previous.at).toISOString()).toBe('2015-10-02T16:00:00.000Z');
  });

  test('any other span is compared with the one of its length before it', () => {
    const { previous } = spanPeriods(local, at('00:00', -7), at('00:00'), at('00:00'));
    expect(previous).toMatchObject({ fromAt: at('00:00', -14), toAt: at('00:00', -7), at: at('00:00', -7) });
  });
});

describe('the figures of a brief', () => {
  const tickets = [
    finished(at('09:00', -3), 30, { location: { gridId: 'g1' } }),
    finished(at('09:00', -3), 200, { location: { gridId: 'g1' } }),
    finished(at('09:00', -1), 50, { location: { gridId: 'g2' }, department: 'works' }),
    ticket(at('09:00', -1), { location: { gridId: 'g2' } }),
    ticket(at('15:00'), { location: {} }),
    ticket(at('10:00', -2), {}, [{ step: 'void', at: at('11:00', -2) }]),
    ticket(at('10:00', -40), { department: 'works' }),
    ticket(at('10:00', -45), {}, [{ step: 'close', at: at('11:00', -45) }]),
    ticket(at('16:00')),
  ];
  const tally = tallyOf(tickets);
  tally.addAward({ at: at('09:31', -3), points: 7 });
  tally.addAward({ at: at('09:31', -30), points: 70 });
  tally.addAward({ at: at('18:00'), points: 700 });
  const figures = tally.figures();

  test('are those of the statistics of the same tickets', () => {
    const [whole] = statistics(tickets, march.current, () => 'all');
    const { key: _key, ...counts } = whole as { key: string };
    expect(figures.total).toMatchObject(counts);
    const byDepartment = statistics(tickets, march.current, (one) => one.department);
    for (const group of byDepartment) {
      expect(figures.departments.find(({ key }) => key === group.key)).toMatchObject(group);
    }
    const byDomain = statistics(tickets, march.current, (one) => one.domain);
    expect(figures.domains.filter(({ opened }) => opened > 0)).toEqual(byDomain);
    for (const { startAt, ...day } of figures.days) {
      const [group] = statistics(tickets, { ...march.current, fromAt: startAt, toAt: startAt + DAY }, () => '');
      expect(day).toEqual({
        opened: group?.opened ?? 0,
        dueInPeriod: group?.dueInPeriod ?? 0,
        onTimeRate: group?.onTimeRate ?? null,
      });
    }
    expect(figures.days).toHaveLength(18);
  });

  test('tell medians, first verdicts, points and grids', () => {
    expect(figures.total).toMatchObject({ opened: 5, medianFinishMs: 50 * MINUTE, judged: 3, passedAtOnce: 3 });
    expect(figures.points).toBe(7);
    expect(figures.grids).toEqual([
      { key: 'g1', opened: 2, overdue: 1 },
      { key: 'g2', opened: 2, overdue: 1 },
      { key: 'g3', opened: 0, overdue: 0 },
    ]);
  });

  test('the load counts what was reported before the period too', () => {
    const works = figures.departments.find(({ key }) => key === 'works');
    expect(works).toMatchObject({ opened: 1, open: 0, openAll: 1, openOverdueAll: 1 });
    const patrol = figures.departments.find(({ key }) => key === 'patrol');
    expect(patrol).toMatchObject({ openAll: 2, openOverdueAll: 1 });
  });

  test('a rework counts as judged, not as passed at once, whatever came after it', () => {
    const reworked = ticket(at('09:00'), {}, [
      { step: 'handle', at: at('09:10'), by: '甲' },
      { step: 'rework', at: at('09:20'), by: '乙' },
      { step: 'handle', at: at('09:40'), by: '甲' },
      { step: 'verify', at: at('09:50'), by: '乙' },
    ]);
    expect(tallyOf([reworked]).figures().total).toMatchObject({
      judged: 1,
      passedAtOnce: 0,
      medianFinishMs: 40 * MINUTE,
    });
  });

  test('what was done later changes nothing of a period seen before it', () => {
    const before = monthPeriods(local, NOW, at('12:00', -2));
    const seen = tallyOf(tickets, before).figures();
    const later = tallyOf(
      tickets.filter(({ reportedAt }) => reportedAt <= at('12:00', -2)),
      before,
    ).figures();
    expect(later).toEqual(seen);
    expect(seen.total.opened).toBe(2);
  });

  test('are compared only with a period that the data covers', () => {
    const uncovered = tickets.filter(({ reportedAt }) => reportedAt >= at('00:00', -44));
    expect(tallyOf(uncovered).figures().previous).toBeNull();
    expect(figures.previous?.total).toMatchObject({ opened: 2, closed: 1 });
    expect(figures.previous?.days).toHaveLength(18);
  });

  test('every figure opens the tickets that it counts', () => {
    const count = (figure: Parameters<typeof ticketBehind>[0]) =>
      tickets.filter((one) => ticketBehind(figure, one, march.current) !== undefined).length;
    const { total } = figures;
    expect(count('opened')).toBe(total.opened);
    expect(count('closed')).toBe(total.closed);
    expect(count('open')).toBe(total.open);
    expect(count('closedOverdue')).toBe(total.closedOverdue);
    expect(count('openOverdue')).toBe(total.openOverdue);
    expect(count('overdue')).toBe(total.closedOverdue + total.openOverdue);
    expect(count('dueInPeriod')).toBe(total.dueInPeriod);
    expect(count('onTime') / count('dueInPeriod')).toBe(total.onTimeRate);
    expect(count('judged')).toBe(total.judged);
    expect(count('passedAtOnce')).toBe(total.passedAtOnce);
    expect(count('finished')).toBe(3);
    const sum = (pick: (one: (typeof figures.departments)[number]) => number) =>
      figures.departments.reduce((all, one) => all + pick(one), 0);
    expect(count('openAll')).toBe(sum(({ openAll }) => openAll));
    expect(count('openOverdueAll')).toBe(sum(({ openOverdueAll }) => openOverdueAll));
  });
});

describe('the strip of one grid, one worker', () => {
  const streets = [{ id: 'south' }, { id: 'north' }, { id: 'none' }];
  const grid = (key: string, opened: number, overdue = 0): BriefGrid => ({ key, opened, overdue });

  test('keeps the order of streets and codes, and tells four classes of volume', () => {
    const grids = [grid('n-02', 1), grid('s-02', 40, 2), grid('n-01', 10), grid('s-01', 20), grid('x-01', 99, 1)];
    const strip = gridStrip(grids, streets, (key) => ({ n: 'north', s: 'south' })[key[0] as string]);
    expect(strip.map(({ id, grids: own }) => [id, own.map(({ key }) => key)])).toEqual([
      ['south', ['s-01', 's-02']],
      ['north', ['n-01', 'n-02']],
    ]);
    expect(strip.flatMap(({ grids: own }) => own.map(({ level }) => level))).toEqual([1, 2, 0, 0]);
    expect(strip.map(({ withOverdue }) => withOverdue)).toEqual([1, 0]);
  });

  test('grids with the same volume share a class, and an empty month has only the lightest', () => {
    const same = gridStrip([grid('a', 5), grid('b', 5), grid('c', 5)], [{ id: 's' }], () => 's');
    expect(new Set(same[0]?.grids.map(({ level }) => level))).toEqual(new Set([0]));
  });
});

test('the weakest day is one with enough due, and alone it is none', () => {
  const day = (i: number, onTimeRate: number | null, dueInPeriod: number) => ({
    startAt: at('00:00', i),
    opened: dueInPeriod,
    dueInPeriod,
    onTimeRate,
  });
  expect(weakestDay([day(1, 0.97, 40), day(2, 0.5, 2), day(3, 0.93, 40), day(4, null, 0)], 10)?.startAt).toBe(
    at('00:00', 3),
  );
  expect(weakestDay([day(1, 0.5, 40)], 10)).toBeUndefined();
});

describe('proposals for findings', () => {
  const target = { onTimeTarget: 0.95, rankFloor: 2 };
  const late = [1, 2, 3].map((i) => finished(at('09:00', -i), 300, { location: { gridId: 'g2' } }));
  const good = [1, 2, 3].map((i) => finished(at('09:00', -i), 10, { department: 'works' }));
  const before = Array.from({ length: 20 }, (_, i) =>
    finished(at('09:00', -45 + (i % 10)), 10, { category: 'lamp', department: 'works' }),
  );
  const grown = Array.from({ length: 30 }, (_, i) =>
    finished(at('10:00', -(i % 15)), 10, { category: 'lamp', department: 'works', location: { gridId: 'g1' } }),
  );
  const old = finished(at('09:00', -80), 10);

  function proposed(tickets: readonly Ticket[], isListed: (id: string) => boolean = () => true) {
    const tally = tallyOf(tickets);
    return proposeFindings(tally.figures(), tally.categories(), target, isListed);
  }

  test('name what is below target, what grew, the weakest day and the late grids, each with its figures', () => {
    const proposals = proposed([old, ...late, ...good, ...before, ...grown]);
    expect(proposals.map(({ code }) => code)).toEqual([
      'departmentsBelowTarget',
      'categoryGrew',
      'weakestDay',
      'gridsOverdue',
    ]);
    expect(proposals[0]).toMatchObject({
      departments: [{ key: 'patrol', onTimeRate: 0 }],
      overdue: 3,
      shareOfOverdue: 1,
    });
    expect(proposals[1]).toMatchObject({
      category: 'lamp',
      opened: 30,
      growth: 0.5,
      community: { key: 'c1', share: 1 },
    });
    expect(proposals[3]).toEqual({ code: 'gridsOverdue', grids: 1, of: 3, most: { key: 'g2', overdue: 3 } });
  });

  test('say nothing where there is nothing to say, and never a name that the deployment does not list', () => {
    expect(proposed([])).toEqual([]);
    expect(proposed(good)).toEqual([]);
    const strangers = proposed([old, ...late, ...before, ...grown], () => false);
    expect(strangers.map(({ code }) => code)).toEqual(['weakestDay', 'gridsOverdue']);
  });
});
