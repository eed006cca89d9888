import './map.css';
import { type CSSProperties, memo, type RefObject, useLayoutEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { GridFigures } from '../../../domain/metrics.ts';
import type { WallDeployment } from '../../../protocol/wire.ts';
import { type DataState, useBoardPart, useElementSize, useFigures, useNames, useUnit } from '../../live/useWall.ts';
import { count, MISSING } from '../../words/formats.ts';
import { nameIn } from '../../words/words.ts';
import { DataStateMark, usePanelData } from '../dataState/DataState.tsx';
import { AlertMark, HourglassMark } from '../marks/AlertMark.tsx';
import type { PanelProps } from '../panelProps.ts';
import { nameBook, namedBy } from '../place.ts';
import { textEm } from '../textWidth.ts';
import { BadgeLeaders, FloodBadges, useFloodBadges } from './FloodBadges.tsx';
import { hexPoints, layoutMap, type MapLayout } from './geometry.ts';
import { placeLabels } from './labels.ts';
import { LoadLegend } from './MapTitle.tsx';
import { LIST_ROWS, mapTexts, type TownCorner, townCorners } from './towns.ts';

/** Equal tiles, a little smaller than their cell. */
const TILE_SCALE = 0.97;
const LABEL_SIZE = 20;
const WAVE = 'M-9 2c3-4.5 6-4.5 9 0s6 4.5 9 0';
const WATER_NAME_SIZE = 24;

/** Load class 0, 1, 2, 3+ of a tile. */
export function loadClass(open: number): 0 | 1 | 2 | 3 {
  if (open >= 3) return 3;
  return open === 2 ? 2 : open === 1 ? 1 : 0;
}

const Ground = memo(function Ground({
  layout,
  waterName,
  tiles,
}: {
  layout: MapLayout;
  waterName: string;
  tiles: RefObject<SVGGElement | null>;
}) {
  const tile = hexPoints(layout.radius * TILE_SCALE);
  const cell = hexPoints(layout.radius * 1.01);
  const { waterCentre } = layout;
  const nameWidth = (textEm(waterName) * WATER_NAME_SIZE * 1.5) / 2;
  return (
    <>
      <g className="water">
        {layout.water.map(({ x, y }) => (
          <polygon key={`${x},${y}`} points={cell} transform={`translate(${x} ${y})`} />
        ))}
        {layout.water.map(({ x, y }) => {
          const underName =
            waterCentre !== undefined &&
            waterName !== '' &&
            Math.abs(y - waterCentre.y) < layout.radius &&
            Math.abs(x - waterCentre.x) < nameWidth + layout.radius * 0.6;
          return underName ? null : <path key={`${x},${y}`} d={WAVE} transform={`translate(${x} ${y})`} />;
        })}
        {waterCentre !== undefined && (
          <text className="waterName" x={waterCentre.x} y={waterCentre.y} fontSize={WATER_NAME_SIZE}>
            {waterName}
          </text>
        )}
      </g>
      <g ref={tiles}>
        {layout.hexes.map(({ id, x, y }) => (
          <polygon key={id} data-grid-id={id} className="tile load0" points={tile} transform={`translate(${x} ${y})`} />
        ))}
      </g>
      <g className="borders">
        {layout.borders.map(([from, to]) => (
          <line key={`${from.x},${from.y},${to.x},${to.y}`} x1={from.x} y1={from.y} x2={to.x} y2={to.y} />
        ))}
      </g>
    </>
  );
});

/** Recolours tiles by attribute, changed ones only: 219 polygons through React cost five times as much (performance.md). */
function useTileLoads(
  tiles: RefObject<SVGGElement | null>,
  layout: MapLayout,
  grids: ReadonlyMap<string, GridFigures>,
) {
  const elements = useRef<{ layout: MapLayout; byId: Map<string, Element>; shown: Map<string, number> } | undefined>(
    undefined,
  );
  useLayoutEffect(() => {
    if (elements.current?.layout !== layout) {
      const byId = new Map<string, Element>();
      for (const element of tiles.current?.children ?? [])
        byId.set(element.getAttribute('data-grid-id') ?? '', element);
      elements.current = { layout, byId, shown: new Map() };
    }
    const { byId, shown } = elements.current;
    for (const [id, element] of byId) {
      const load = loadClass(grids.get(id)?.open ?? 0);
      if ((shown.get(id) ?? -1) === load) continue;
      shown.set(id, load);
      element.setAttribute('class', `tile load${load}`);
    }
  }, [tiles, layout, grids]);
}

function Towns(props: { deployment: WallDeployment; corners: readonly TownCorner[]; isKnown: boolean }) {
  const { deployment, corners, isKnown } = props;
  const { t } = useTranslation();
  const nameOf = useNames();
  const { openByStreet } = useFigures();
  const gridsByStreet = useMemo(() => {
    const streetOf = new Map(deployment.communities.map(({ id, streetId }) => [id, streetId]));
    const counts = new Map<string, number>();
    for (const grid of deployment.grids) {
      const id = streetOf.get(grid.communityId) ?? '';
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    return counts;
  }, [deployment]);
  const { streets } = deployment;
  const openOf = (id: string) => openByStreet.get(id) ?? 0;
  if (corners.length > 0) {
    return streets.map((street, i) => (
      <div key={street.id} className={`town ${corners[i]}`} data-street-id={street.id}>
        <span className="townName">
          <strong>{nameOf(street.name)}</strong> {t('map.grids', { n: count(gridsByStreet.get(street.id) ?? 0) })}
        </span>
        <span className="townOpen">
          {t('map.open')} <strong className="figure">{isKnown ? count(openOf(street.id)) : MISSING}</strong>
        </span>
      </div>
    ));
  }
  // Always the same streets in the same rows: places do not move.
  const shown = streets.length > LIST_ROWS ? streets.slice(0, LIST_ROWS - 1) : streets;
  const rest = streets.slice(shown.length);
  return (
    <ul className="townList">
      {shown.map((street) => (
        <li key={street.id} data-street-id={street.id}>
          <span className="place">{nameOf(street.name)}</span>
          <strong className="figure">{isKnown ? count(openOf(street.id)) : MISSING}</strong>
        </li>
      ))}
      {rest.length > 0 && (
        <li>
          <span>{t('map.moreStreets', { n: count(rest.length) })}</span>
          <strong className="figure">
            {isKnown ? count(rest.reduce((sum, { id }) => sum + openOf(id), 0)) : MISSING}
          </strong>
        </li>
      )}
    </ul>
  );
}

function Legend({ state, titled }: { state: DataState; titled: boolean }) {
  const { t } = useTranslation();
  return (
    <div className="legend">
      {(state.kind === 'stale' || state.kind === 'disconnected') && (
        <span className="legendRow">
          <DataStateMark state={state} />
        </span>
      )}
      <span className="legendRow">{t('map.schematic')}</span>
      <span className="legendRow">
        <AlertMark severity="critical" />
        <AlertMark severity="high" />
        {t('map.unacknowledged')}
        <span className="onlyOld">
          <HourglassMark />
        </span>
      </span>
      <span className="legendRow">
        <AlertMark severity="critical" look="hollow" />
        <AlertMark severity="high" look="hollow" />
        {t('map.acknowledged')}
      </span>
      <span className="legendRow">
        <span className="legendRing" />
        {t('map.fresh')}
      </span>
      {titled && <LoadLegend />}
    </div>
  );
}

/** Option `titled` false: the header of its screen names the classes of load. */
export function MapPanel({ options }: PanelProps) {
  const titled = options.titled !== false;
  const { t, i18n } = useTranslation();
  const nameOf = useNames();
  const unit = useUnit();
  const slot = useRef<HTMLElement>(null);
  const tiles = useRef<SVGGElement>(null);
  const { alerts, grids, openOutside } = useFigures();
  const { state, isKnown, attributes } = usePanelData();
  const deployment = useBoardPart((snapshot) => snapshot.deployment);
  const size = useElementSize(slot);
  const width = size.width / unit;
  const height = size.height / unit;
  // English is stacked: three lines in a corner instead of two (map.css).
  const stacked = i18n.language === 'en';
  const { layout, corners, texts } = useMemo(() => {
    const corners = townCorners(deployment);
    const names = deployment.streets.map(({ name }) => nameIn(i18n.language, name));
    const texts = mapTexts({ names, corners, stacked, slot: { width, height } });
    return { corners, texts, layout: layoutMap(deployment, width, height, texts.boxes) };
  }, [deployment, width, height, stacked, i18n.language]);
  useTileLoads(tiles, layout, grids);

  const hexById = useMemo(() => new Map(layout.hexes.map((hex) => [hex.id, hex])), [layout]);
  const book = nameBook(deployment);
  const waterName = deployment.map.waterName === undefined ? '' : nameOf(deployment.map.waterName);
  const seen = new Set<string>();
  const marks = alerts.listed.flatMap(({ ticket, alert, severity, standing }) => {
    const gridId = ticket?.location.gridId ?? alert.gridId;
    const hex = gridId === undefined ? undefined : hexById.get(gridId);
    // The list is in order of urgency: the first alert of a grid gives its tile the level.
    if (hex === undefined || seen.has(hex.id)) return [];
    seen.add(hex.id);
    return [{ ...hex, severity, standing, text: namedBy(book.grids, hex.id, nameOf) }];
  });
  const obstacles = useMemo(() => {
    if (waterName === '' || layout.waterCentre === undefined) return texts.boxes;
    const { x, y } = layout.waterCentre;
    const half = (textEm(waterName) * WATER_NAME_SIZE * 1.5) / 2;
    const above = WATER_NAME_SIZE * 0.7;
    return [...texts.boxes, { left: x - half, right: x + half, top: y - above, bottom: y + above }];
  }, [texts, layout, waterName]);
  const badges = useFloodBadges({
    hexById,
    marks,
    obstacles,
    width,
    height,
    radius: layout.radius,
  });
  // In a flood the badges speak for the grids: forty names would hide what they name.
  const labels =
    alerts.flood !== null
      ? []
      : placeLabels({
          marks,
          obstacles: texts.boxes,
          slot: { width, height },
          radius: layout.radius,
          fontSize: LABEL_SIZE,
        });
  const textById = new Map(marks.map(({ id, text }) => [id, text]));
  // A ring under a name would be half a ring.
  const isUnderName = (x: number, y: number) =>
    [...labels, ...badges].some(
      ({ box }) =>
        x > box.left - layout.radius / 2 &&
        x < box.right + layout.radius / 2 &&
        y > box.top - layout.radius / 2 &&
        y < box.bottom + layout.radius / 2,
    );
  const fresh = layout.hexes.filter(
    ({ id, x, y }) => grids.get(id)?.fresh === true && !seen.has(id) && !isUnderName(x, y),
  );
  const markTile = hexPoints(layout.radius * TILE_SCALE);
  // The outline lies inside the tile.
  const heldTile = hexPoints(layout.radius * TILE_SCALE - 1.2);
  const glyph = layout.radius * 0.56;
  return (
    <section className="map" data-testid="map" {...attributes} ref={slot}>
      <svg viewBox={`0 0 ${Math.max(1, width)} ${Math.max(1, height)}`} role="presentation">
        <Ground layout={layout} waterName={waterName} tiles={tiles} />
        {fresh.map(({ id, x, y }) => (
          <circle key={id} className="freshRing" cx={x} cy={y} r={layout.radius * 0.37} data-fresh-grid={id} />
        ))}
        <BadgeLeaders badges={badges} />
        {marks.map(({ id, x, y, severity, standing }) => (
          <g
            key={id}
            className={`mapAlert ${severity} ${standing}`}
            transform={`translate(${x} ${y})`}
            data-alert-grid={id}
            data-standing={standing}
          >
            <polygon points={standing === 'unacknowledged' ? markTile : heldTile} />
            {severity === 'critical' ? (
              <path d={`M0 ${-glyph * 1.05}L${glyph} ${glyph * 0.75}H${-glyph}z`} />
            ) : (
              <path d={`M0 ${-glyph}L${glyph} 0 0 ${glyph} ${-glyph} 0z`} />
            )}
          </g>
        ))}
        {labels.map(({ id, x, y, anchor }) => (
          <text key={id} className="mapLabel" x={x} y={y} textAnchor={anchor} fontSize={LABEL_SIZE}>
            {textById.get(id)}
          </text>
        ))}
      </svg>
      <Towns deployment={deployment} corners={corners} isKnown={isKnown} />
      {openOutside > 0 && (
        <div
          className="town outside"
          data-outside={openOutside}
          style={{ '--from-top': texts.outsideTop } as CSSProperties}
        >
          {t('map.outside')} {t('map.open')} <strong className="figure">{count(openOutside)}</strong>
        </div>
      )}
      <FloodBadges badges={badges} />
      <Legend state={state} titled={titled} />
    </section>
  );
}
