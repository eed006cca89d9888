import { type CSSProperties, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { departmentRanking, lowestDepartments } from '../../../domain/metrics.ts';
import { useElementSize, useNames, useUnit } from '../../live/useWall.ts';
import { count } from '../../words/formats.ts';
import { rateAxis } from '../departments/axis.ts';
import { RankedRow, RateScale } from '../departments/RankedRow.tsx';
import { Empty } from '../marks/Empty.tsx';
import { useBrief, WallBriefPanel } from './briefContext.tsx';

/** Scale above the rows, the note below them, and the least height of a row, in design units. */
const SCALE = 27;
const ROW_MIN = 26;

/** 部门按期办结率: every ranked department that there is room for, the lowest first of all; those with too little due as a number. */
export function Ranking() {
  const { t } = useTranslation();
  const nameOf = useNames();
  const { brief, district, mark } = useBrief();
  const { departments, onTimeTarget: target, rankFloor } = district;
  const list = useRef<HTMLDivElement>(null);
  const unit = useUnit();
  const height = useElementSize(list).height / unit;
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
  const capacity = Math.max(1, Math.floor((height - SCALE) / ROW_MIN));
  const rows = ranked.length <= capacity ? ranked : lowestDepartments(ranked, capacity);
  const axis = rateAxis(rows, target);
  const names = new Map(departments.map(({ id, name }) => [id, nameOf(name)]));
  const nameOfRow = (id: string) => (id === '' ? t('departments.unassigned') : (names.get(id) ?? id));
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
      <div className="rankingList" ref={list}>
        {ranked.length === 0 ? (
          <Empty sentence={t('departments.none')} small />
        ) : (
          <ol className="departmentRows" style={{ '--target': axis.position(target) } as CSSProperties}>
            <RateScale target={target} />
            {rows.map((row) => (
              <RankedRow key={row.id} row={row} name={nameOfRow(row.id)} axis={axis} target={target} />
            ))}
          </ol>
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
