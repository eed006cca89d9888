import './hotGrids.css';
import { useCallback, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { DOMAINS } from '../../../domain/ticket.ts';
import { useBoardPart, useNames, usePanelSize, useUnit } from '../../live/useWall.ts';
import { count } from '../../words/formats.ts';
import { DataStateMark, LoadingFrom, usePanelData } from '../dataState/DataState.tsx';
import { domainOf, useFocus } from '../focus.ts';
import { gridMap, sumByCell } from '../map/gridMap.ts';
import { placeLabels } from '../map/labels.ts';
import { Ground, type LoadClass, useTileLoads, waterNameBoxes } from '../map/MapGround.tsx';
import { cellName, useMapKind } from '../map/MapPanel.tsx';
import type { PanelProps } from '../panelProps.ts';
import { nameBook } from '../place.ts';

/** Named on the map: the busiest of those with more than one report. */
const MOST_NAMED = 3;
const LEAST_NAMED = 2;
const LABEL_SIZE = 20;
/** Design units that title and legend take (hotGrids.css). */
const TITLE = { width: 300, height: 66 } as const;
const LEGEND = { width: 118, height: 176, row: 30 } as const;

/** Class of a day's reports in one domain: 0, 1, 2–3, 4+. */
export function reportClass(reports: number): LoadClass {
  if (reports >= 4) return 3;
  return reports >= 2 ? 2 : reports === 1 ? 1 : 0;
}

/** 高发网格: where a domain's reports of today came from, the busiest named. */
export function HotGridsPanel({ options }: PanelProps) {
  const { t } = useTranslation();
  const nameOf = useNames();
  const unit = useUnit();
  const slot = useRef<HTMLElement>(null);
  const tiles = useRef<SVGGElement>(null);
  const domain = domainOf(options) ?? DOMAINS[0];
  const deployment = useBoardPart((snapshot) => snapshot.deployment);
  const { reportedByGrid } = useFocus(domain);
  const { state, isKnown, attributes } = usePanelData(domain);
  const kind = useMapKind(deployment.map);
  const kindWidth = kind.width;
  const size = usePanelSize(slot);
  const width = size.width / unit;
  const height = size.height / unit;
  const { layout, texts } = useMemo(() => {
    const boxes = [
      { left: 0, right: TITLE.width, top: 0, bottom: TITLE.height },
      { left: 0, right: LEGEND.width, top: height - LEGEND.height, bottom: height },
      { left: 0, right: kindWidth, top: height - LEGEND.height, bottom: height - LEGEND.height + LEGEND.row },
    ];
    return { texts: boxes, layout: gridMap(deployment, width, height, boxes) };
  }, [deployment, width, height, kindWidth]);
  const reportedByCell = useMemo(() => sumByCell(layout, reportedByGrid), [layout, reportedByGrid]);
  const classOf = useCallback((id: string) => reportClass(reportedByCell.get(id) ?? 0), [reportedByCell]);
  useTileLoads(tiles, layout, classOf);

  const book = nameBook(deployment);
  const marks = layout.cells
    .map((cell) => ({ ...cell, reports: reportedByCell.get(cell.id) ?? 0 }))
    .filter(({ reports }) => reports >= LEAST_NAMED)
    .sort((a, b) => b.reports - a.reports)
    .slice(0, MOST_NAMED)
    .map((mark) => ({
      ...mark,
      text: t('focus.hotGrid', { name: cellName(book, layout.level, mark.id, nameOf), n: count(mark.reports) }),
    }));
  const waterName = deployment.map.waterName === undefined ? '' : nameOf(deployment.map.waterName);
  const labels = placeLabels({
    marks,
    obstacles: [...texts, ...waterNameBoxes(layout, waterName)],
    slot: { width, height },
    radius: layout.radius,
    fontSize: LABEL_SIZE,
  });
  const textById = new Map(marks.map(({ id, text }) => [id, text]));
  return (
    <section className="hotGrids" data-testid="hot-grids" {...attributes} ref={slot}>
      <svg viewBox={`0 0 ${Math.max(1, width)} ${Math.max(1, height)}`} role="presentation">
        <Ground layout={layout} waterName={waterName} tiles={tiles} />
        {marks.map(({ id, x, y, reports }) => (
          <circle
            key={id}
            className="freshRing"
            cx={x}
            cy={y}
            r={Math.max(7, layout.radius * 0.42)}
            data-hot-grid={id}
            data-count={reports}
          />
        ))}
        {labels.map(({ id, x, y, anchor }) => (
          <text key={id} className="mapLabel" x={x} y={y} textAnchor={anchor} fontSize={LABEL_SIZE}>
            {textById.get(id)}
          </text>
        ))}
      </svg>
      <header className="hotHead">
        <h2 className="panelTitle">{t('focus.hotGrids')}</h2>
        {state.kind === 'loading' ? (
          <LoadingFrom state={state} />
        ) : (
          <span className="hotNote">
            <DataStateMark state={state} />
            {state.kind === 'normal' && isKnown && marks.length === 0 && t('focus.noHotGrids')}
          </span>
        )}
      </header>
      <div className="hotLegend">
        <span>{kind.text}</span>
        <span>{t('domain.reportedToday')}</span>
        {(['0', '1', '2–3', '4+'] as const).map((label, load) => (
          <span key={label} className="legendLoad">
            <span className={`legendTile load${load}`} />
            {label}
          </span>
        ))}
      </div>
    </section>
  );
}
