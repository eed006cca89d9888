import './map.css';
import { type CSSProperties, useCallback, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Name } from '../../../domain/deployment.ts';
import type { WallDeployment } from '../../../protocol/wire.ts';
import { type DataState, useBoardPart, useFigures, useNames, usePanelSize, useUnit } from '../../live/useWall.ts';
import { count, MISSING } from '../../words/formats.ts';
import { nameIn } from '../../words/words.ts';
import { DataStateMark, usePanelData } from '../dataState/DataState.tsx';
import { AlertMark, HourglassMark } from '../marks/AlertMark.tsx';
import type { PanelProps } from '../panelProps.ts';
import { type NameBook, nameBook, namedBy } from '../place.ts';
import { textEm } from '../textWidth.ts';
import { BadgeLeaders, FloodBadges, useFloodBadges } from './FloodBadges.tsx';
import { type GridMap, gridMap, openByCell } from './gridMap.ts';
import { placeLabels } from './labels.ts';
import { AlertCell, Ground, loadClass, useTileLoads, waterNameBoxes } from './MapGround.tsx';
import { LoadLegend } from './MapTitle.tsx';
import { LIST_ROWS, mapTexts, type TownCorner, townCorners } from './towns.ts';

const LABEL_SIZE = 20;
const KIND_SIZE = 18;
const KIND_GAP = 12;

/** A cell by the name of the unit that it is. */
export function cellName(book: NameBook, level: GridMap['level'], id: string, nameOf: (name: Name) => string): string {
  switch (level) {
    case 'street':
      return namedBy(book.streets, id, nameOf);
    case 'community':
      return namedBy(book.communities, id, nameOf);
    case 'grid':
      return namedBy(book.grids, id, nameOf);
  }
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

/** What kind of map it is: 示意图, or the approval number of real boundaries; and the design units that it takes. */
export function useMapKind(map: WallDeployment['map']): { readonly text: string; readonly width: number } {
  const { t } = useTranslation();
  const text =
    map.boundaries === undefined
      ? t('map.schematic')
      : map.approvalNumber === undefined
        ? t('map.unapproved')
        : t('map.approval', { number: map.approvalNumber });
  return { text, width: textEm(text) * KIND_SIZE + KIND_GAP };
}

export function Legend({ state, titled, map }: { state: DataState; titled: boolean; map: WallDeployment['map'] }) {
  const { t } = useTranslation();
  const kind = useMapKind(map);
  return (
    <div className="legend">
      {(state.kind === 'stale' || state.kind === 'disconnected') && (
        <span className="legendRow">
          <DataStateMark state={state} />
        </span>
      )}
      <span className="legendRow">{kind.text}</span>
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
  const kind = useMapKind(deployment.map);
  const size = usePanelSize(slot);
  const width = size.width / unit;
  const height = size.height / unit;
  // English is stacked: three lines in a corner instead of two (map.css).
  const stacked = i18n.language === 'en';
  const { layout, corners, texts } = useMemo(() => {
    const corners = townCorners(deployment);
    const names = deployment.streets.map(({ name }) => nameIn(i18n.language, name));
    const texts = mapTexts({ names, corners, stacked, kindWidth: kind.width, slot: { width, height } });
    return { corners, texts, layout: gridMap(deployment, width, height, texts.boxes) };
  }, [deployment, width, height, stacked, kind.width, i18n.language]);
  const openOf = useMemo(() => openByCell(layout, grids), [layout, grids]);
  const classOf = useCallback((id: string) => loadClass(openOf.get(id) ?? 0), [openOf]);
  useTileLoads(tiles, layout, classOf);

  const book = nameBook(deployment);
  const waterName = deployment.map.waterName === undefined ? '' : nameOf(deployment.map.waterName);
  const seen = new Set<string>();
  const marks = alerts.listed.flatMap(({ ticket, alert, severity, standing }) => {
    const gridId = ticket?.location.gridId ?? alert.gridId;
    const cell = gridId === undefined ? undefined : layout.cellOf(gridId);
    // The list is in order of urgency: the first alert of a cell gives it its level.
    if (cell === undefined || seen.has(cell.id)) return [];
    seen.add(cell.id);
    return [{ ...cell, cell, severity, standing, text: cellName(book, layout.level, cell.id, nameOf) }];
  });
  const obstacles = useMemo(() => [...texts.boxes, ...waterNameBoxes(layout, waterName)], [texts, layout, waterName]);
  const badges = useFloodBadges({
    cellOf: layout.cellOf,
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
  const freshCells = new Set([...grids].flatMap(([gridId, { fresh }]) => (fresh ? (layout.cellOf(gridId) ?? []) : [])));
  const fresh = layout.cells.filter(
    (cell) => freshCells.has(cell) && !seen.has(cell.id) && !isUnderName(cell.x, cell.y),
  );
  return (
    <section className="map" data-testid="map" {...attributes} ref={slot}>
      <svg viewBox={`0 0 ${Math.max(1, width)} ${Math.max(1, height)}`} role="presentation">
        <Ground layout={layout} waterName={waterName} tiles={tiles} />
        {fresh.map(({ id, x, y }) => (
          <circle key={id} className="freshRing" cx={x} cy={y} r={layout.radius * 0.37} data-fresh-grid={id} />
        ))}
        <BadgeLeaders badges={badges} />
        {/* The most urgent last: real cells share their borders, and its outline lies on top. */}
        {(layout.areas === undefined ? marks : marks.toReversed()).map(({ id, cell, severity, standing }) => (
          <AlertCell key={id} layout={layout} cell={cell} severity={severity} standing={standing} />
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
      <Legend state={state} titled={titled} map={deployment.map} />
    </section>
  );
}
