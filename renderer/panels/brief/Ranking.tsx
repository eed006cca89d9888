import { type CSSProperties, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { departmentRanking, lowestDepartments } from '../../../domain/metrics.ts';
import { useElementSize, useNames, useUnit } from '../../live/useWall.ts';
import { count } from '../../words/formats.ts';
import { rateAxis } from '../departments/axis.ts';
import { RankedRow, RateScale } from '../departments/RankedRow.tsx';
import { Empty } from '../marks/Empty.tsx';
import { textEm } from '../textWidth.ts';
import { useBrief, WallBriefPanel } from './briefContext.tsx';

/** Scale above the rows, and the least height of a row, in design units. */
const SCALE = 27;
const ROW_MIN = 26;
/** Beside a name in a column of two: rank, rate, the least axis and what lies between (brief.css); size of the name; between the columns. */
const BESIDE_NAME = 22 + 58 + 40 + 3 * 8;
const NAME = 20;
const BETWEEN = 24;

/** How many columns and rows of departments there is room for; names stay whole, so long ones keep to one column. */
export function rankingRoom(
  { width, height }: { readonly width: number; readonly height: number },
  names: readonly string[],
): { readonly columns: 1 | 2; readonly rows: number; readonly nameUnits: number } {
  const rows = Math.max(1, Math.floor((height - SCALE) / ROW_MIN));
  const nameUnits = Math.ceil(Math.max(0, ...names.map(textEm)) * NAME);
  const fitsTwice = (width - BETWEEN) / 2 >= BESIDE_NAME + nameUnits;
  return { columns: names.length > rows && fitsTwice ? 2 : 1, rows, nameUnits };
}

/** 部门按期办结率: every ranked department, in two columns where one is too short for them, the lowest where both are; those with too little due as a number. */
export function Ranking() {
  const { t } = useTranslation();
  const nameOf = useNames();
  const { brief, district, mark } = useBrief();
  const { departments, onTimeTarget: target, rankFloor } = district;
  const list = useRef<HTMLDivElement>(null);
  const unit = useUnit();
  const size = useElementSize(list);
  const ranking = useMemo(
    () =>
      departmentRanking(
        brief.departments.filter(({ opened }) => opened > 0),
        rankFloor,
      ),
    [brief.departments, rankFloor],
  );
  const ranked = ranking.filter(({ rank }) => rank !== null);
  const unranked = ranking.length - ranked.length;
  const names = new Map(departments.map(({ id, name }) => [id, nameOf(name)]));
  const nameOfRow = (id: string) => (id === '' ? t('departments.unassigned') : (names.get(id) ?? id));
  const room = rankingRoom(
    { width: size.width / unit, height: size.height / unit },
    ranked.map(({ id }) => nameOfRow(id)),
  );
  const capacity = room.columns * room.rows;
  const rows = ranked.length <= capacity ? ranked : lowestDepartments(ranked, capacity);
  const perColumn = Math.ceil(rows.length / room.columns);
  const columns = Array.from({ length: room.columns }, (_, i) => rows.slice(i * perColumn, (i + 1) * perColumn));
  const axis = rateAxis(rows, target);
  return (
    <>
      <header className="briefHeader">
        <h2 className="panelTitle">{t('departments.title')}</h2>
        {mark}
        <span className="panelMeta">
          {rows.length < ranked.length
            ? t('departments.scope', { n: rows.length })
            : unranked > 0 && t('brief.tooFew', { n: count(unranked) })}
        </span>
      </header>
      <div className={room.columns === 2 ? 'rankingList twice' : 'rankingList'} ref={list}>
        {ranked.length === 0 ? (
          <Empty sentence={t('departments.none')} small />
        ) : (
          columns.map((column) => (
            <ol
              key={column[0]?.id}
              className="departmentRows"
              style={
                {
                  '--target': axis.position(target),
                  '--name': room.nameUnits,
                  '--per-column': perColumn,
                } as CSSProperties
              }
            >
              <RateScale target={target} />
              {column.map((row) => (
                <RankedRow key={row.id} row={row} name={nameOfRow(row.id)} axis={axis} target={target} />
              ))}
            </ol>
          ))
        )}
      </div>
    </>
  );
}

export function RankingPanel() {
  return (
    <WallBriefPanel name="brief-departments">
      <Ranking />
    </WallBriefPanel>
  );
}
