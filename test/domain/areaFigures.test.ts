import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type AreaCounts, areaFigures, NO_COUNTS, rankAreas } from '../../domain/areaFigures.ts';
import type { Deployment } from '../../domain/deployment.ts';
import { boardFigures } from '../../domain/metrics.ts';
import { initialWallState } from '../../domain/wallState.ts';
import { boardFixture, FIXTURE_NOW } from '../support/boardFixture.ts';
import { at, HOUR, MINUTE, ticketAfter } from '../support/domainBuilders.ts';

const deployment: Deployment = JSON.parse(
  readFileSync(new URL('../../deployments/taibai-lake.json', import.meta.url), 'utf8'),
);
const communityOfGrid = new Map(deployment.grids.map((grid) => [grid.id, grid.communityId]));
const streetOfCommunity = new Map(deployment.communities.map(({ id, streetId }) => [id, streetId]));
const tree = {
  communityOf: (gridId: string) => communityOfGrid.get(gridId),
  streetOf: (communityId: string) => streetOfCommunity.get(communityId),
};
const day = { startAt: at('00:00'), hourStartsAt: Array.from({ length: 25 }, (_, hour) => at('00:00') + hour * HOUR) };

function totals(level: ReadonlyMap<string, AreaCounts>, outside: AreaCounts) {
  const all = [...level.values(), outside];
  const sum = (pick: (counts: AreaCounts) => number) => all.reduce((total, counts) => total + pick(counts), 0);
  return [
    sum(({ open }) => open),
    sum(({ reportedToday }) => reportedToday),
    sum(({ alerts }) => alerts.critical),
    sum(({ alerts }) => alerts.high),
    sum(({ unacknowledged }) => unacknowledged),
  ];
}

it('adds up on every level to the figures of the dispatch scene', () => {
  const { snapshot } = boardFixture(deployment);
  const board = initialWallState(snapshot.board.tickets, snapshot.board.alerts);
  const figures = boardFigures({
    board,
    floodRule: deployment.alarms.flood,
    history: snapshot.history,
    day,
    now: FIXTURE_NOW,
    freshMs: MINUTE,
    streetOf: (gridId) => tree.streetOf(tree.communityOf(gridId) ?? ''),
  });
  const areas = areaFigures(board.tickets.values(), figures, tree);
  const whole = [figures.pipeline.open, figures.pipeline.reportedToday, 2, 4, 3];
  expect(totals(areas.grids, areas.outside)).toEqual(whole);
  expect(totals(areas.communities, areas.outside)).toEqual(whole);
  expect(totals(areas.streets, areas.outside)).toEqual(whole);
  expect(areas.outside.open).toBe(figures.openOutside);
  for (const { id } of deployment.streets) expect(areas.streets.get(id)?.open).toBe(figures.openByStreet.get(id));
  expect(areas.grids.get('hetang-02')?.alerts).toEqual({ critical: 1, high: 0 });
});

it('keeps alerts of a whole community with it, and what the deployment does not list outside', () => {
  const listed = (place: object) => ({
    alert: { id: 'surge', ...place } as never,
    severity: 'high' as const,
    standing: 'unacknowledged' as const,
    overdueMs: null,
  });
  const areas = areaFigures(
    [ticketAfter({ location: { gridId: 'nowhere-01' } })],
    { day, alerts: { listed: [listed({ communityId: 'heyun' }), listed({})] } as never },
    tree,
  );
  expect(areas.grids.size).toBe(0);
  expect(areas.communities.get('heyun')?.alerts.high).toBe(1);
  expect(areas.streets.get(tree.streetOf('heyun') ?? '')?.unacknowledged).toBe(1);
  expect(areas.outside).toEqual({ open: 1, reportedToday: 1, alerts: { critical: 0, high: 1 }, unacknowledged: 1 });
});

it('ranks red before amber before open before new, and gives equals one place', () => {
  const counts = (critical: number, high: number, open: number, reportedToday: number): AreaCounts => ({
    ...NO_COUNTS,
    alerts: { critical, high },
    open,
    reportedToday,
  });
  const level = new Map([
    ['calm', counts(0, 0, 3, 9)],
    ['busy', counts(0, 0, 9, 9)],
    ['amber', counts(0, 3, 1, 1)],
    ['red', counts(1, 0, 1, 1)],
    ['same', counts(0, 0, 9, 9)],
  ]);
  const ranked = rankAreas(['none', 'calm', 'busy', 'amber', 'red', 'same'], level);
  expect(ranked.map(({ id, rank }) => [id, rank])).toEqual([
    ['red', 1],
    ['amber', 2],
    ['busy', 3],
    ['same', 3],
    ['calm', 5],
    ['none', 6],
  ]);
});
