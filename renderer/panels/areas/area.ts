import { severityCounts } from '../../../domain/alertFigures.ts';
import { type AreaCounts, NO_COUNTS } from '../../../domain/areaFigures.ts';
import type { Name } from '../../../domain/deployment.ts';
import type { SceneChoice } from '../../../domain/sceneChoice.ts';
import type { WallDeployment } from '../../../protocol/wire.ts';
import { useBoardPart, useFigures, useSceneChoice, useWallParts } from '../../live/useWall.ts';
import { useAreas } from '../focus.ts';

/** The part of the district that 网格态势 shows: all of it, a street, or a community with perhaps one grid of it pointed at. */
export type Area =
  | { readonly level: 'district' }
  | { readonly level: 'street'; readonly streetId: string }
  | {
      readonly level: 'community';
      readonly communityId: string;
      readonly streetId: string;
      readonly gridId: string | undefined;
    };

const DISTRICT: Area = { level: 'district' };

/** `grid`, `grid:<streetId>`, `grid:<communityId>`, `grid:<gridId>`; an argument that names no unit shows the whole district. */
export function areaOf(
  { argument }: Pick<SceneChoice, 'argument'>,
  { streets, communities, grids }: Pick<WallDeployment, 'streets' | 'communities' | 'grids'>,
): Area {
  if (argument === undefined) return DISTRICT;
  if (streets.some(({ id }) => id === argument)) return { level: 'street', streetId: argument };
  const grid = grids.find(({ id }) => id === argument);
  const community = communities.find(({ id }) => id === (grid?.communityId ?? argument));
  if (community === undefined) return DISTRICT;
  return { level: 'community', communityId: community.id, streetId: community.streetId, gridId: grid?.id };
}

/** One level up; undefined from the whole district. */
export function above(area: Area): string | undefined {
  switch (area.level) {
    case 'district':
      return undefined;
    case 'street':
      return '';
    case 'community':
      return area.streetId;
  }
}

/** The units that an area is ranked by: streets and all communities, the street's communities, the community's grids. */
export function unitsIn(
  area: Area,
  { streets, communities, grids }: Pick<WallDeployment, 'streets' | 'communities' | 'grids'>,
): readonly {
  readonly level: 'streets' | 'communities' | 'grids';
  readonly units: readonly { id: string; name: Name }[];
}[] {
  switch (area.level) {
    case 'district':
      return [
        { level: 'streets', units: streets },
        { level: 'communities', units: communities },
      ];
    case 'street':
      return [{ level: 'communities', units: communities.filter(({ streetId }) => streetId === area.streetId) }];
    case 'community':
      return [{ level: 'grids', units: grids.filter(({ communityId }) => communityId === area.communityId) }];
  }
}

/** The grids of an area. */
export function gridsIn(area: Area, deployment: WallDeployment): WallDeployment['grids'] {
  switch (area.level) {
    case 'district':
      return deployment.grids;
    case 'street': {
      const own = new Set(
        deployment.communities.filter(({ streetId }) => streetId === area.streetId).map(({ id }) => id),
      );
      return deployment.grids.filter(({ communityId }) => own.has(communityId));
    }
    case 'community':
      return deployment.grids.filter(({ communityId }) => communityId === area.communityId);
  }
}

/** The area on show, and how to show another: by the id of a unit, `''` for the whole district. */
export function useArea(): { readonly area: Area; readonly show: (unitId: string) => void } {
  const { director } = useWallParts();
  const choice = useSceneChoice();
  const deployment = useBoardPart((snapshot) => snapshot.deployment);
  return {
    area: areaOf(choice, deployment),
    show: (unitId) => director.show(unitId === '' ? { id: choice.id } : { id: choice.id, argument: unitId }),
  };
}

/** The counts of the area on show. */
export function useAreaCounts(area: Area): AreaCounts {
  const areas = useAreas();
  const { pipeline, alerts } = useFigures();
  switch (area.level) {
    case 'district':
      return {
        open: pipeline.open,
        reportedToday: pipeline.reportedToday,
        alerts: severityCounts(alerts.listed),
        unacknowledged: alerts.listed.filter(({ standing }) => standing === 'unacknowledged').length,
      };
    case 'street':
      return areas.streets.get(area.streetId) ?? NO_COUNTS;
    case 'community':
      return areas.communities.get(area.communityId) ?? NO_COUNTS;
  }
}
