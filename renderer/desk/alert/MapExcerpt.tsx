import { useCallback, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { ListedSeverity } from '../../../domain/alertFigures.ts';
import type { WallDeployment } from '../../../protocol/wire.ts';
import { useBoardPart, useFigures, useNames } from '../../live/useWall.ts';
import { type GridMap, gridMap } from '../../panels/map/gridMap.ts';
import { AlertCell, Ground, loadClass, useTileLoads } from '../../panels/map/MapGround.tsx';
import { nameBook, namedBy } from '../../panels/place.ts';
import type { QueueEntry } from '../queue/rows.ts';

/** The whole district is laid out at this size; of it so many tiles' radii are shown around the alert's. */
const SLOT = { width: 1600, height: 1100 } as const;
const WIDTH_RADII = 18.5;
const HEIGHT_RADII = 5.5;

const maps = new WeakMap<WallDeployment, GridMap>();

function mapOf(deployment: WallDeployment): GridMap {
  let map = maps.get(deployment);
  if (map === undefined) {
    map = gridMap(deployment, SLOT.width, SLOT.height);
    maps.set(deployment, map);
  }
  return map;
}

/** The grids around an alert's, in the wall's geometry, with its classes and marks; nothing where it lies on no map. */
export function MapExcerpt({ entry }: { entry: QueueEntry }) {
  const deployment = useBoardPart((snapshot) => snapshot.deployment);
  const gridId = entry.ticket?.location.gridId ?? entry.alert.gridId;
  const { severity } = entry;
  const isListed = severity === 'critical' || severity === 'high';
  return gridId === undefined || mapOf(deployment).cellOf(gridId) === undefined || !isListed ? null : (
    <Excerpt map={mapOf(deployment)} gridId={gridId} severity={severity} standing={entry.standing} />
  );
}

function Excerpt(props: { map: GridMap; gridId: string; severity: ListedSeverity; standing: QueueEntry['standing'] }) {
  const { map, gridId, severity, standing } = props;
  const { t } = useTranslation('desk');
  const nameOf = useNames();
  const tiles = useRef<SVGGElement>(null);
  const deployment = useBoardPart((snapshot) => snapshot.deployment);
  const { grids } = useFigures();
  const classOf = useCallback((id: string) => loadClass(grids.get(id)?.open ?? 0), [grids]);
  useTileLoads(tiles, map, classOf);
  const cell = map.cellOf(gridId);
  if (cell === undefined) return null;
  const { radius } = map;
  const [width, height] = [radius * WIDTH_RADII, radius * HEIGHT_RADII];
  const name = namedBy(nameBook(deployment).grids, gridId, nameOf);
  return (
    <svg
      className="mapExcerpt"
      viewBox={`${cell.x - width / 2} ${cell.y - height / 2} ${width} ${height}`}
      preserveAspectRatio="xMidYMid slice"
      role="img"
      aria-label={t('alert.map', { grid: name })}
    >
      <Ground layout={map} waterName="" tiles={tiles} />
      <AlertCell layout={map} cell={cell} severity={severity} standing={standing} />
      <text className="excerptName" x={cell.x + radius * 1.15} y={cell.y} fontSize={radius * 0.63}>
        {name}
      </text>
    </svg>
  );
}
