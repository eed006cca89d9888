import type { GridFigures } from '../../../domain/metrics.ts';
import type { WallDeployment } from '../../../protocol/wire.ts';
import { layoutAreas } from './areas.ts';
import { type Box, layoutMap, type MapCell, type MapFocus, type MapLayout } from './geometry.ts';

/** A laid out map, and which of its cells a grid lies in: its own, or that of its community or street. */
export interface GridMap extends MapLayout {
  readonly cellOf: (gridId: string) => MapCell | undefined;
  /** Which level a cell is of. */
  readonly level: 'street' | 'community' | 'grid';
  /** Whether a cell belongs to the part that the map is of. */
  readonly isInFocus: (cellId: string) => boolean;
}

/** The street of a cell on the deployment's map, whatever its level; `''` of one that belongs to none. */
export function streetOfCells({
  communities,
  grids,
  map,
}: Pick<WallDeployment, 'communities' | 'grids' | 'map'>): (cellId: string) => string {
  const communityOf = new Map(grids.map(({ id, communityId }) => [id, communityId]));
  const streetOf = new Map(communities.map(({ id, streetId }) => [id, streetId]));
  switch (map.boundaries?.level) {
    case undefined:
    case 'grid':
      return (id) => streetOf.get(communityOf.get(id) ?? '') ?? '';
    case 'community':
      return (id) => streetOf.get(id) ?? '';
    case 'street':
      return (id) => id;
  }
}

/** The grids of a deployment as hexagons or, where it brings boundaries, as real cells; `focus`: a part of the district. */
export function gridMap(
  deployment: Pick<WallDeployment, 'grids' | 'communities' | 'map'>,
  width: number,
  height: number,
  texts: readonly Box[] = [],
  focus?: MapFocus,
): GridMap {
  const { boundaries } = deployment.map;
  const communityOf = new Map(deployment.grids.map(({ id, communityId }) => [id, communityId]));
  const streetOf = new Map(deployment.communities.map(({ id, streetId }) => [id, streetId]));
  const level = boundaries?.level ?? 'grid';
  const cellIdOf = (gridId: string): string | undefined => {
    const communityId = communityOf.get(gridId);
    switch (level) {
      case 'grid':
        return gridId;
      case 'community':
        return communityId;
      case 'street':
        return streetOf.get(communityId ?? '');
    }
  };
  const inFocus = new Set([...(focus?.gridIds ?? communityOf.keys())].flatMap((id) => cellIdOf(id) ?? []));
  const layout =
    boundaries === undefined
      ? layoutMap(deployment, width, height, texts, focus)
      : layoutAreas(boundaries, inFocus, streetOfCells(deployment), { width, height }, texts);
  const cells = new Map(layout.cells.map((cell) => [cell.id, cell]));
  return {
    ...layout,
    level,
    isInFocus: (id) => inFocus.has(id),
    cellOf: (gridId) => cells.get(cellIdOf(gridId) ?? ''),
  };
}

/** What is counted by grid, added up by cell; grids that the map does not show are left out. */
export function sumByCell(
  { cellOf }: Pick<GridMap, 'cellOf'>,
  counts: Iterable<readonly [gridId: string, count: number]>,
): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const [gridId, count] of counts) {
    const cell = cellOf(gridId);
    if (cell !== undefined) sums.set(cell.id, (sums.get(cell.id) ?? 0) + count);
  }
  return sums;
}

/** Open tickets by cell. */
export function openByCell(map: GridMap, grids: ReadonlyMap<string, GridFigures>): ReadonlyMap<string, number> {
  return sumByCell(
    map,
    [...grids].map(([id, { open }]) => [id, open] as const),
  );
}
