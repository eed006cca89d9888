import './areas.css';
import { type CSSProperties, type MouseEvent, useCallback, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useBoardPart, useFigures, useNames, usePanelSize, useUnit } from '../../live/useWall.ts';
import { count, MISSING } from '../../words/formats.ts';
import { usePanelData } from '../dataState/DataState.tsx';
import { treeOf } from '../focus.ts';
import type { MapCell } from '../map/geometry.ts';
import { gridMap, openByCell } from '../map/gridMap.ts';
import { placeLabels } from '../map/labels.ts';
import { AlertCell, Ground, loadClass, useTileLoads } from '../map/MapGround.tsx';
import { cellName, Legend, MapPanel, useMapKind } from '../map/MapPanel.tsx';
import { nameBook, namedBy } from '../place.ts';
import { textEm } from '../textWidth.ts';
import { type Area, gridsIn, useArea } from './area.ts';

const LABEL_SIZE = 20;
/** A few tiles alone grow no larger than this, in design units. */
const LARGEST_RADIUS = 104;
/** From here on a tile has room for its name and its count. */
const ROOMY_RADIUS = 62;
const LEGEND = { width: 230, height: 176 } as const;
const WHOLE = {};

/** Middles of the communities on show, each at its cell nearest to its mean, so that no name stands outside. */
function communityMarks(cells: readonly MapCell[], communityOf: (id: string) => string | undefined) {
  const groups = new Map<string, MapCell[]>();
  for (const cell of cells) {
    const id = communityOf(cell.id);
    if (id !== undefined) groups.set(id, [...(groups.get(id) ?? []), cell]);
  }
  return [...groups].map(([id, own]) => {
    const x = own.reduce((sum, cell) => sum + cell.x, 0) / own.length;
    const y = own.reduce((sum, cell) => sum + cell.y, 0) / own.length;
    return { id, x, y };
  });
}

function PartMap({ area }: { area: Exclude<Area, { readonly level: 'district' }> }) {
  const { t } = useTranslation();
  const nameOf = useNames();
  const unit = useUnit();
  const slot = useRef<HTMLElement>(null);
  const tiles = useRef<SVGGElement>(null);
  const deployment = useBoardPart((snapshot) => snapshot.deployment);
  const { alerts, grids } = useFigures();
  const { state, isKnown, attributes } = usePanelData();
  const { width: kindWidth } = useMapKind(deployment.map);
  const size = usePanelSize(slot);
  const width = size.width / unit;
  const height = size.height / unit;
  const { level } = area;
  const unitId = area.level === 'street' ? area.streetId : area.communityId;
  const { layout, texts } = useMemo(() => {
    const boxes = [{ left: 0, right: Math.max(LEGEND.width, kindWidth), top: height - LEGEND.height, bottom: height }];
    const part =
      level === 'street'
        ? { level, streetId: unitId }
        : { level, communityId: unitId, streetId: '', gridId: undefined };
    const gridIds = new Set(gridsIn(part, deployment).map(({ id }) => id));
    const focus = { gridIds, largestRadius: LARGEST_RADIUS };
    return { texts: boxes, layout: gridMap(deployment, width, height, boxes, focus) };
  }, [deployment, width, height, kindWidth, level, unitId]);
  const openOf = useMemo(() => openByCell(layout, grids), [layout, grids]);
  const classOf = useCallback(
    (id: string) => (layout.isInFocus(id) ? loadClass(openOf.get(id) ?? 0) : 'around'),
    [layout, openOf],
  );
  useTileLoads(tiles, layout, classOf);

  const book = nameBook(deployment);
  const { communityOf } = treeOf(deployment);
  const seen = new Set<string>();
  const marks = alerts.listed.flatMap(({ ticket, alert, severity, standing }) => {
    const gridId = ticket?.location.gridId ?? alert.gridId;
    const cell = gridId === undefined ? undefined : layout.cellOf(gridId);
    if (cell === undefined || !layout.isInFocus(cell.id) || seen.has(cell.id)) return [];
    seen.add(cell.id);
    return [{ ...cell, cell, severity, standing, text: cellName(book, layout.level, cell.id, nameOf) }];
  });
  const own = layout.cells.filter(({ id }) => layout.isInFocus(id));
  const roomy = layout.radius >= ROOMY_RADIUS && layout.areas === undefined;
  const places = roomy || area.level === 'community' ? [] : communityMarks(own, communityOf);
  const labels = roomy
    ? []
    : placeLabels({
        marks: [
          ...marks,
          ...(area.level === 'community'
            ? own
                .filter(({ id }) => !seen.has(id))
                .map((cell) => ({ ...cell, text: cellName(book, layout.level, cell.id, nameOf) }))
            : []),
        ],
        obstacles: texts,
        slot: { width, height },
        radius: layout.radius,
        fontSize: LABEL_SIZE,
      });
  const taken = [
    ...texts,
    ...labels.map(({ box }) => box),
    ...marks.map(({ x, y }) => ({
      left: x - layout.radius,
      right: x + layout.radius,
      top: y - layout.radius,
      bottom: y + layout.radius,
    })),
  ];
  const placeNames = places.flatMap(({ id, x, y }) => {
    const text = namedBy(book.communities, id, nameOf);
    const half = (textEm(text) * LABEL_SIZE) / 2;
    const box = { left: x - half, right: x + half, top: y - LABEL_SIZE * 0.62, bottom: y + LABEL_SIZE * 0.62 };
    const isFree =
      box.left >= 0 &&
      box.right <= width &&
      !taken.some(
        (other) => box.left < other.right && box.right > other.left && box.top < other.bottom && box.bottom > other.top,
      );
    if (!isFree) return [];
    taken.push(box);
    return [{ id, x, y, text }];
  });
  const textById = new Map([
    ...layout.cells.map((cell) => [cell.id, cellName(book, layout.level, cell.id, nameOf)] as const),
    ...marks.map(({ id, text }) => [id, text] as const),
  ]);
  const pointed = area.level === 'community' && area.gridId !== undefined ? layout.cellOf(area.gridId) : undefined;
  return (
    <section className="map" data-testid="map" {...attributes} ref={slot}>
      <svg viewBox={`0 0 ${Math.max(1, width)} ${Math.max(1, height)}`} role="presentation">
        <Ground layout={layout} waterName="" tiles={tiles} />
        {(layout.areas === undefined ? marks : marks.toReversed()).map(({ id, cell, severity, standing }) => (
          <AlertCell key={id} layout={layout} cell={cell} severity={severity} standing={standing} />
        ))}
        {pointed !== undefined && (
          <circle className="pointedRing" cx={pointed.x} cy={pointed.y} r={layout.radius * 0.8} />
        )}
        {placeNames.map(({ id, x, y, text }) => (
          <text key={id} className="mapLabel areaName" x={x} y={y} textAnchor="middle" fontSize={LABEL_SIZE}>
            {text}
          </text>
        ))}
        {labels.map(({ id, x, y, anchor }) => (
          <text key={id} className="mapLabel" x={x} y={y} textAnchor={anchor} fontSize={LABEL_SIZE}>
            {textById.get(id)}
          </text>
        ))}
      </svg>
      {roomy &&
        own.map(({ id, x, y }) => (
          <div
            key={id}
            className={seen.has(id) ? 'tileText alerted' : 'tileText'}
            data-tile={id}
            style={{ '--left': x, '--top': y, '--wide': layout.radius * 1.6 } as CSSProperties}
          >
            <span className="tileName">{cellName(book, layout.level, id, nameOf)}</span>
            <span className="tileOpen">
              {t('map.open')} <strong className="figure">{isKnown ? count(openOf.get(id) ?? 0) : MISSING}</strong>
            </span>
          </div>
        ))}
      <Legend state={state} titled map={deployment.map} />
    </section>
  );
}

/** 网格态势: the map of an area; a touch on a cell goes one level down, to what holds it. */
export function AreaMapPanel() {
  const { area, show } = useArea();
  const deployment = useBoardPart((snapshot) => snapshot.deployment);
  const { communityOf, streetOf } = treeOf(deployment);
  // What is under the finger is told by the element that was drawn for it
  const goDown = (event: MouseEvent) => {
    const target = event.target as Element;
    const cell = target.closest('[data-grid-id], [data-alert-grid], [data-tile]');
    const id =
      cell?.getAttribute('data-grid-id') ?? cell?.getAttribute('data-alert-grid') ?? cell?.getAttribute('data-tile');
    if (id === null || id === undefined) return;
    const communityId = communityOf(id) ?? id;
    if (area.level === 'district') show(streetOf(communityId) ?? id);
    else show(area.level === 'street' ? communityId : id);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the ranking beside it offers the same by keyboard
    // biome-ignore lint/a11y/useKeyWithClickEvents: as above
    <div className="areaMap" data-area={area.level} onClick={goDown}>
      {area.level === 'district' ? <MapPanel options={WHOLE} /> : <PartMap area={area} />}
    </div>
  );
}
