import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../domain/deployment.ts';
import { focusFigures, foldCategories } from '../../domain/focusFigures.ts';
import { type BoardInput, boardFigures, STAGES } from '../../domain/metrics.ts';
import { DOMAINS, type StepReport, type Ticket, type TicketReport } from '../../domain/ticket.ts';
import { initialWallState } from '../../domain/wallState.ts';
import { boardFixture, FIXTURE_NOW } from '../support/boardFixture.ts';
import { at, HOUR, handWorkingTime, MINUTE, smallAlarms, ticketAfter } from '../support/domainBuilders.ts';

const deployment: Deployment = JSON.parse(
  readFileSync(new URL('../../deployments/taibai-lake.json', import.meta.url), 'utf8'),
);
const DAY_START = at('00:00');
const NOW = at('15:42');
const NONE = { yesterday: null, month: null, medianMs: null, categories: [] };

function input(tickets: readonly Ticket[]): BoardInput {
  return {
    board: initialWallState(tickets),
    floodRule: smallAlarms().flood,
    history: { dayStartAt: DAY_START, yesterday: null, working: handWorkingTime() },
    day: { startAt: DAY_START, hourStartsAt: Array.from({ length: 25 }, (_, hour) => DAY_START + hour * HOUR) },
    now: NOW,
    freshMs: MINUTE,
    streetOf: (gridId) => (gridId === 'g1' ? 's1' : undefined),
  };
}

let serial = 0;
function ticket(report: Partial<TicketReport>, ...steps: StepReport[]): Ticket {
  serial += 1;
  return ticketAfter({ id: `F-${serial}`, ...report }, steps);
}
const handle = (when: number): StepReport => ({ step: 'handle', at: when, by: '甲' });
const verify = (when: number): StepReport => ({ step: 'verify', at: when, by: '乙' });

describe('the whole picture', () => {
  const { snapshot } = boardFixture(deployment);
  const { tickets, alerts, raises, flood } = snapshot.board;
  const whole: BoardInput = {
    ...input([]),
    board: initialWallState(tickets, alerts, raises, flood),
    floodRule: deployment.alarms.flood,
    history: snapshot.history,
    now: FIXTURE_NOW,
    streetOf: () => 's1',
  };
  const board = boardFigures(whole);
  const each = DOMAINS.map((domain) =>
    focusFigures(domain, { ...whole, domainHistory: snapshot.history.domains[domain] }),
  );
  const sum = (pick: (of: (typeof each)[number]) => number) => each.reduce((total, one) => total + pick(one), 0);

  it('adds up to the figures of the dispatch scene, over the five domains', () => {
    const { pipeline } = board;
    expect(sum((one) => one.board.pipeline.reportedToday)).toBe(pipeline.reportedToday);
    expect(sum((one) => one.board.pipeline.closedToday)).toBe(pipeline.closedToday);
    expect(sum((one) => one.board.pipeline.carriedOver)).toBe(pipeline.carriedOver);
    expect(sum((one) => one.board.pipeline.open)).toBe(pipeline.open);
    for (const stage of STAGES) {
      expect(sum((one) => one.board.pipeline.stages[stage].count)).toBe(pipeline.stages[stage].count);
      expect(sum((one) => one.board.pipeline.stages[stage].alerts.high)).toBe(pipeline.stages[stage].alerts.high);
    }
    expect(sum((one) => one.board.alerts.listed.length)).toBe(board.alerts.listed.length);
    expect(sum((one) => one.board.repeatGroups)).toBe(board.repeatGroups);
    expect(sum((one) => one.board.pipeline.reportedYesterday ?? 0)).toBe(pipeline.reportedYesterday);
    expect(sum((one) => one.board.pipeline.closedYesterday ?? 0)).toBe(pipeline.closedYesterday);
  });

  it('agrees within each domain: categories, grids, hours and stages are the same tickets', () => {
    for (const { domain, board: own, categories, reportedByGrid, closedHourly } of each) {
      const { pipeline } = own;
      expect(pipeline.reportedToday).toBe(board.domains[domain].reportedToday);
      expect(pipeline.open).toBe(board.domains[domain].open);
      expect(categories.reduce((total, one) => total + one.reportedToday, 0)).toBe(pipeline.reportedToday);
      for (const stage of STAGES) {
        expect(categories.reduce((total, one) => total + one.stages[stage], 0)).toBe(pipeline.stages[stage].count);
      }
      expect([...reportedByGrid.values()].reduce((total, count) => total + count, 0)).toBe(pipeline.reportedToday);
      expect(own.domains[domain].hourly).toEqual(board.domains[domain].hourly);
      expect(closedHourly).toHaveLength(15);
      expect(closedHourly.reduce((total, count) => total + count, 0)).toBeLessThanOrEqual(pipeline.closedToday);
    }
  });

  it('sorts categories and grids by what came in today, and limits by what is used up', () => {
    const urban = each.find(({ domain }) => domain === 'urban');
    const counts = urban?.categories.map(({ reportedToday }) => reportedToday) ?? [];
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
    const grids = [...(urban?.reportedByGrid.values() ?? [])];
    expect(grids).toEqual([...grids].sort((a, b) => b - a));
    expect(urban?.limitUse[0]?.ticket.title).toBe('雨水井盖缺失');
    expect(urban?.limitUse.filter(({ share }) => share > 1).map(({ ticket: { title } }) => title)).toHaveLength(4);
  });
});

it('takes ends of today by their hour, and the last hour apart', () => {
  const figures = focusFigures('urban', {
    ...input([
      ticket({ reportedAt: at('09:00') }, handle(at('09:20')), verify(at('09:59'))),
      ticket({ reportedAt: at('22:00', -1) }, handle(at('14:30')), verify(at('14:50'))),
      ticket({ reportedAt: at('15:00') }, handle(at('15:10')), verify(at('15:20'))),
      ticket({ reportedAt: at('20:00', -1) }, handle(at('20:10', -1)), verify(at('20:30', -1))),
      ticket({ reportedAt: at('09:00'), category: 'permit' }, handle(at('09:20')), verify(at('09:59'))),
    ]),
    domainHistory: NONE,
  });
  expect(figures.closedHourly[9]).toBe(1);
  expect(figures.closedHourly[14]).toBe(1);
  expect(figures.closedLastHour).toBe(2);
  expect(figures.medianFinishMs).toBe(20 * MINUTE);
  expect(figures.board.pipeline.reportedYesterday).toBeNull();
  expect(figures.repeatedYesterday).toBeNull();
});

it('compares with yesterday by the same minute', () => {
  const minute = 15 * 60 + 42;
  const yesterday = { reportedMinutes: [0, minute - 1, minute], closedMinutes: [minute], repeatedMinutes: [4, 5] };
  const { board, repeatedYesterday } = focusFigures('urban', {
    ...input([]),
    domainHistory: { ...NONE, yesterday },
  });
  expect(board.pipeline.reportedYesterday).toBe(2);
  expect(board.pipeline.closedYesterday).toBe(0);
  expect(repeatedYesterday).toBe(2);
  const stale = input([]);
  const old = focusFigures('urban', {
    ...stale,
    history: { ...stale.history, dayStartAt: at('00:00', -1) },
    domainHistory: { ...NONE, yesterday },
  });
  expect(old.board.pipeline.reportedYesterday).toBeNull();
});

it('folds what has no row into one that adds up', () => {
  const category = (name: string, reportedToday: number) => ({
    category: name,
    reportedToday,
    stages: { dispatch: 1, handle: reportedToday, verify: 0 },
  });
  const all = [category('a', 5), category('b', 3), category('c', 2), category('d', 1)];
  expect(foldCategories(all, 4)).toEqual({ shown: all, rest: null });
  expect(foldCategories(all, 3)).toEqual({
    shown: all.slice(0, 2),
    rest: { category: '', of: 2, reportedToday: 3, stages: { dispatch: 2, handle: 3, verify: 0 } },
  });
});
