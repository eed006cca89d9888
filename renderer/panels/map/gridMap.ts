import type { WallDeployment } from '../../../protocol/wire.ts';
import { layoutAreas } from './areas.ts';
import { type Box, layoutMap, type MapCell, type MapLayout } from './geometry.ts';

/** A laid out map, and which of its cells a grid lies in: its own, or that of its community or street. */
export interface GridMap extends MapLayout {
  readonly cellOf: (gridId: string) => MapCell | undefined;
  /** Which level a cell is of. */
  readonly level: 'street' | 'community' | 'grid';
}

/**
 * The grids of a deployment as hexagons or, where it brings boundaries, as real cells. Give a deployment with fewer grids
 * for a part of the district.
 */
export function gridMap(
  deployment: Pick<WallDeployment, 'grids' | 'communities' | 'map'>,
  width: number,
  height: number,
  texts: readonly Box[] = [],
  largestRadius?: number,
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
  const streetOfCell = (id: string): string => {
    switch (level) {
      case 'grid':
        return streetOf.get(communityOf.get(id) ?? '') ?? '';
      case 'community':
        return streetOf.get(id) ?? '';
      case 'street':
        return id;
    }
  };
  const layout =
    boundaries === undefined
      ? layoutMap(deployment, width, height, texts, largestRadius)
      : layoutAreas(
          boundaries,
          new Set(deployment.grids.flatMap(({ id }) => cellIdOf(id) ?? [])),
          streetOfCell,
          { width, height },
          texts,
        );
  const cells = new Map(layout.cells.map((cell) => [cell.id, cell]));
  return { ...layout, level, cellOf: (gridId) => cells.get(cellIdOf(gridId) ?? '') };
}
