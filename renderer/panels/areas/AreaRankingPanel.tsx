import './areas.css';
import { type CSSProperties, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type RankedArea, rankAreas } from '../../../domain/areaFigures.ts';
import { useBoardPart, useFigures, useNames, usePanelSize, useUnit } from '../../live/useWall.ts';
import { count, MISSING } from '../../words/formats.ts';
import { DataStateMark, NothingHeard, usePanelData } from '../dataState/DataState.tsx';
import { useAreas } from '../focus.ts';
import { AlertCounts } from '../marks/AlertCounts.tsx';
import { HourglassMark } from '../marks/AlertMark.tsx';
import { nameBook, namedBy } from '../place.ts';
import { AreaTickets, ticketsOf } from './AreaTickets.tsx';
import { above, gridsIn, unitsIn, useArea } from './area.ts';

/** Design units. */
const ROW_MIN = 42;
const HEAD = 58 + 34;
const COLUMN_MIN = { 'zh-CN': 470, en: 640 } as const;
/** Rows that the heading over the tickets takes. */
const TICKETS_HEAD = 1;

interface RowOf extends RankedArea {
  readonly level: 'streets' | 'communities' | 'grids';
  readonly name: string;
  readonly isFirst: boolean;
}

function Row(props: { row: RowOf; most: number; gone: boolean; chosen: boolean; onShow: () => void }) {
  const { row, most, gone, chosen, onShow } = props;
  const { open, reportedToday, alerts, unacknowledged } = row.counts;
  const cell = (value: number) =>
    gone ? (
      <span className="areaCell figure gone">{MISSING}</span>
    ) : value === 0 ? (
      <span className="areaCell none">–</span>
    ) : (
      <span className="areaCell figure">{count(value)}</span>
    );
  return (
    <li className={row.isFirst ? 'areaItem first' : 'areaItem'}>
      <button
        type="button"
        className={chosen ? 'areaRow chosen' : 'areaRow'}
        data-unit={row.id}
        data-level={row.level}
        data-rank={row.rank}
        onClick={onShow}
      >
        <span className="areaRank">{count(row.rank)}</span>
        <span className={row.level === 'streets' ? 'areaUnit street place' : 'areaUnit place'}>{row.name}</span>
        <span className="areaMarks">
          <AlertCounts counts={alerts} held={unacknowledged === 0} />
          {alerts.critical + alerts.high > 0 && (
            <span className="onlyOld">
              <HourglassMark />
            </span>
          )}
        </span>
        <span className="areaBar">
          {!gone && open > 0 && (
            <span className="bar" style={{ '--share': open / Math.max(1, most) } as CSSProperties} />
          )}
          {cell(open)}
        </span>
        {cell(reportedToday)}
      </button>
    </li>
  );
}

/** Goes through the rows with the arrows, down with Enter and up with Escape or Backspace. */
function useKeys(ids: readonly string[], show: (id: string) => void, upTo: string | undefined): string | undefined {
  const [chosen, setChosen] = useState<string>();
  useEffect(() => {
    const onKey = ({ key }: KeyboardEvent) => {
      const at = chosen === undefined ? -1 : ids.indexOf(chosen);
      if (key === 'ArrowDown') setChosen(ids[Math.min(ids.length - 1, at + 1)]);
      else if (key === 'ArrowUp') setChosen(ids[Math.max(0, at - 1)]);
      else if (key === 'Enter' && chosen !== undefined && at >= 0) show(chosen);
      else if ((key === 'Escape' || key === 'Backspace') && upTo !== undefined) show(upTo);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [chosen, ids, show, upTo]);
  return chosen;
}

/** The units of the area on show, most urgent first. */
export function AreaRankingPanel() {
  const { t, i18n } = useTranslation();
  const nameOf = useNames();
  const unit = useUnit();
  const panel = useRef<HTMLElement>(null);
  const size = usePanelSize(panel);
  const deployment = useBoardPart((snapshot) => snapshot.deployment);
  const board = useBoardPart((snapshot) => snapshot.board);
  const working = useBoardPart((snapshot) => snapshot.history.working);
  const { at, day } = useFigures();
  const areas = useAreas();
  const { area, show } = useArea();
  const { state, isKnown, attributes } = usePanelData();
  const book = nameBook(deployment);
  const columnMin = COLUMN_MIN[i18n.language === 'en' ? 'en' : 'zh-CN'];
  const columns = Math.max(1, Math.floor(size.width / unit / columnMin));
  const sections = unitsIn(area, deployment);
  const rows = sections.flatMap(({ level, units }, section) =>
    rankAreas(
      units.map(({ id }) => id),
      areas[level],
    ).map(
      (ranked, i): RowOf => ({
        ...ranked,
        level,
        name: namedBy(book[level], ranked.id, nameOf),
        isFirst: section > 0 && i === 0,
      }),
    ),
  );
  const perColumn = Math.max(1, Math.floor((size.height / unit - HEAD) / ROW_MIN));
  const capacity = columns * perColumn;
  // Where a community's few grids leave room, the tickets behind the figures stand below them
  const lowest = area.level === 'community';
  const shown = rows.length <= capacity ? rows : rows.slice(0, capacity - 1);
  const rest = rows.slice(shown.length);
  const most = Math.max(...shown.filter(({ level }) => level !== 'streets').map(({ counts }) => counts.open), 1);
  const mostOfStreets = Math.max(
    ...shown.filter(({ level }) => level === 'streets').map(({ counts }) => counts.open),
    1,
  );
  const chosen = useKeys(
    shown.map(({ id }) => id),
    show,
    above(area),
  );
  const perColumnUsed = lowest ? perColumn : Math.min(perColumn, Math.ceil(rows.length / columns));
  const room = lowest ? Math.max(0, capacity - shown.length - TICKETS_HEAD) : 0;
  const gridIds = new Set(
    gridsIn(area, deployment).flatMap(({ id }) =>
      area.level === 'community' && area.gridId !== undefined && area.gridId !== id ? [] : id,
    ),
  );
  const tickets = room > 0 ? ticketsOf(board.tickets.values(), gridIds, day, working, at) : [];
  return (
    <section className="panel areaRanking" data-testid="area-ranking" {...attributes} ref={panel}>
      <header className="panelHeader">
        <h2 className="panelTitle">{t('area.ranking')}</h2>
        <span className="panelMeta">
          {state.kind === 'normal' || state.kind === 'loading' ? (
            sections.map(({ level, units }) => (
              <span key={level} className="areaScope">
                {t(`area.${level}`)} <strong>{count(units.length)}</strong>
              </span>
            ))
          ) : (
            <DataStateMark state={state} />
          )}
        </span>
      </header>
      {!isKnown ? (
        <NothingHeard state={state} />
      ) : (
        <ol className="areaRows" style={{ '--columns': columns, '--rows': perColumnUsed } as CSSProperties}>
          {Array.from({ length: columns }, (_, column) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a heading is its column
            <li key={column} className="areaHeadings" style={{ gridColumn: column + 1 }} aria-hidden="true">
              <span />
              <span />
              <span className="areaMarks">{t('area.overdue')}</span>
              <span>{t('map.open')}</span>
              <span className="areaCell">{t('domain.reportedToday')}</span>
            </li>
          ))}
          {shown.map((row) => (
            <Row
              key={row.id}
              row={row}
              most={row.level === 'streets' ? mostOfStreets : most}
              gone={state.kind === 'disconnected'}
              chosen={row.id === (lowest && area.gridId !== undefined ? area.gridId : chosen)}
              onShow={() => show(row.id)}
            />
          ))}
          {room > 0 && (
            <>
              <li className="areaTicketsHead">
                <h3>{t('area.tickets')}</h3>
                <span>{count(tickets.length)}</span>
              </li>
              <AreaTickets tickets={tickets.slice(0, room)} />
            </>
          )}
          {rest.length > 0 && (
            <li className="areaMore">
              {t('area.more', { n: count(rest.length) })}
              <span>
                {t('map.open')} {count(rest.reduce((sum, { counts }) => sum + counts.open, 0))}
              </span>
            </li>
          )}
        </ol>
      )}
    </section>
  );
}
