import './ticketCase.css';
import { useCallback, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useBoardPart, useElementSize, useFigures, useNames, useUnit } from '../../live/useWall.ts';
import { usePanelData } from '../dataState/DataState.tsx';
import { treeOf } from '../focus.ts';
import { gridMap, openByCell } from '../map/gridMap.ts';
import { placeLabels } from '../map/labels.ts';
import { AlertCell, Ground, loadClass, useTileLoads, waterNameBoxes } from '../map/MapGround.tsx';
import { cellName, useMapKind } from '../map/MapPanel.tsx';
import { nameBook, namedBy } from '../place.ts';
import { useShownTicket } from './shownTicket.ts';

const LABEL_SIZE = 24;
/** Design units of the lines below the map (ticketCase.css). */
const CAPTION = 104;
const NOWHERE: readonly never[] = [];

/** Where the ticket on show is: its grid on the map of the district, and the units that hold it. */
export function TicketPlacePanel() {
  const { t } = useTranslation();
  const nameOf = useNames();
  const unit = useUnit();
  const slot = useRef<HTMLElement>(null);
  const tiles = useRef<SVGGElement>(null);
  const { ticket, alert } = useShownTicket();
  const { grids } = useFigures();
  const { attributes } = usePanelData();
  const deployment = useBoardPart((snapshot) => snapshot.deployment);
  const kind = useMapKind(deployment.map);
  const size = useElementSize(slot);
  const width = size.width / unit;
  const height = Math.max(0, size.height / unit - CAPTION);
  const layout = useMemo(() => gridMap(deployment, width, height), [deployment, width, height]);
  const openOf = useMemo(() => openByCell(layout, grids), [layout, grids]);
  const classOf = useCallback((id: string) => loadClass(openOf.get(id) ?? 0), [openOf]);
  useTileLoads(tiles, layout, classOf);

  const book = nameBook(deployment);
  const { communityOf, streetOf } = treeOf(deployment);
  const gridId = ticket?.location.gridId;
  const cell = gridId === undefined ? undefined : layout.cellOf(gridId);
  const communityId = gridId === undefined ? undefined : communityOf(gridId);
  const streetId = communityId === undefined ? undefined : streetOf(communityId);
  const text = cell === undefined ? '' : cellName(book, layout.level, cell.id, nameOf);
  const waterName = deployment.map.waterName === undefined ? '' : nameOf(deployment.map.waterName);
  const labels =
    cell === undefined
      ? NOWHERE
      : placeLabels({
          marks: [{ ...cell, text }],
          obstacles: waterNameBoxes(layout, waterName),
          slot: { width, height },
          radius: layout.radius * 1.7,
          fontSize: LABEL_SIZE,
        });
  return (
    <section className="ticketPlace" data-testid="ticket-place" {...attributes} ref={slot}>
      <svg
        viewBox={`0 0 ${Math.max(1, width)} ${Math.max(1, height)}`}
        role="presentation"
        style={{ height: height * unit }}
      >
        <Ground layout={layout} waterName={waterName} tiles={tiles} />
        {cell !== undefined && alert !== undefined && (
          <AlertCell layout={layout} cell={cell} severity={alert.severity} standing={alert.standing} />
        )}
        {cell !== undefined && (
          <circle className="placeRing" cx={cell.x} cy={cell.y} r={layout.radius * 1.45} data-place={cell.id} />
        )}
        {labels.map(({ id, x, y, anchor }) => (
          <text key={id} className="mapLabel" x={x} y={y} textAnchor={anchor} fontSize={LABEL_SIZE}>
            {text}
          </text>
        ))}
      </svg>
      <div className="placeCaption">
        <span className="placeUnits">
          {communityId !== undefined && <span>{namedBy(book.communities, communityId, nameOf)}</span>}
          {streetId !== undefined && <span>{namedBy(book.streets, streetId, nameOf)}</span>}
          {cell === undefined && ticket !== undefined && <span>{t('stream.outside')}</span>}
        </span>
        <span className="placeKind">{kind.text}</span>
      </div>
    </section>
  );
}
