import './departmentRun.css';
import { type CSSProperties, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { type BriefDepartment, overdueOf } from '../../../domain/brief.ts';
import { type DepartmentRow, departmentRanking, lowestDepartments } from '../../../domain/metrics.ts';
import { useElementSize, useNames, useUnit } from '../../live/useWall.ts';
import { count, duration, MISSING, rate } from '../../words/formats.ts';
import { useBrief, WallBriefPanel } from '../brief/briefContext.tsx';
import { type RateAxis, rateAxis } from '../departments/axis.ts';
import { Duration } from '../marks/Duration.tsx';
import { Empty } from '../marks/Empty.tsx';
import { Tally } from './Tally.tsx';

/** The head of the columns and the least height of a row, in design units. */
const HEAD = 34;
const ROW_MIN = 32;

function Row(props: { row: DepartmentRow; group: BriefDepartment; name: string; axis: RateAxis; target: number }) {
  const { row, group, name, axis, target } = props;
  const { t } = useTranslation();
  const ranked = row.rank === null ? null : row.onTimeRate;
  const line = axis.position(target);
  const at = axis.position(ranked ?? target);
  const late = overdueOf(group);
  return (
    <li
      className={ranked !== null && ranked < target ? 'runRow below' : 'runRow'}
      data-department-id={row.id}
      data-rank={row.rank ?? ''}
    >
      <span className="runRank">{row.rank === null ? MISSING : count(row.rank)}</span>
      <span className="runName place">{name}</span>
      <span
        className="departmentAxis"
        style={{ '--dot': at, '--start': Math.min(at, line), '--length': Math.abs(at - line) } as CSSProperties}
      >
        {ranked !== null && (
          <>
            <span className="departmentStick" />
            <span className="departmentDot" />
          </>
        )}
      </span>
      <span className="runRate figure" data-figure="onTimeRate">
        {ranked === null ? <span className="departmentFew">{t('departments.tooFew')}</span> : rate(ranked, target)}
      </span>
      <Tally name="dueInPeriod" value={group.dueInPeriod} />
      <Tally name="onTime" value={Math.round(group.dueInPeriod * (group.onTimeRate ?? 0))} />
      <Tally name="overdue" value={late} />
      <Tally name="openOverdue" value={group.openOverdue} />
      <span className="runNumber figure" data-figure="medianFinishMs">
        {group.medianFinishMs === null ? MISSING : <Duration parts={duration(group.medianFinishMs)} />}
      </span>
    </li>
  );
}

/** 部门运行: every department in fair order with what its rate is made of; open and overdue tickets count as late. */
function DepartmentTable() {
  const { t } = useTranslation();
  const nameOf = useNames();
  const { brief, district, mark } = useBrief();
  const { departments, onTimeTarget: target, rankFloor } = district;
  const list = useRef<HTMLDivElement>(null);
  const unit = useUnit();
  const height = useElementSize(list).height / unit;
  const groups = useMemo(() => brief.departments.filter(({ opened }) => opened > 0), [brief.departments]);
  const ranking = useMemo(() => departmentRanking(groups, rankFloor), [groups, rankFloor]);
  const capacity = Math.max(1, Math.floor((height - HEAD) / ROW_MIN));
  const rows = ranking.length <= capacity ? ranking : lowestDepartments(ranking, capacity);
  const axis = rateAxis(rows, target);
  const names = new Map(departments.map(({ id, name }) => [id, nameOf(name)]));
  const byKey = new Map(groups.map((group) => [group.key, group]));
  return (
    <>
      <header className="panelHeader">
        <h2 className="panelTitle">{t('departmentRun.table')}</h2>
        {mark}
        <span className="panelMeta">
          {rows.length < ranking.length ? t('departments.scope', { n: rows.length }) : t('departmentRun.month')}
        </span>
      </header>
      <div className="runList" ref={list}>
        {rows.length === 0 ? (
          <Empty sentence={t('departments.none')} />
        ) : (
          <ol className="runRows" style={{ '--target': axis.position(target) } as CSSProperties}>
            <li className="runRow runHead">
              <span />
              <span />
              <span className="departmentAxis">
                <span className="departmentTarget">
                  {t('departments.target', { value: rate(target, target).replace('.0', '') })}
                </span>
              </span>
              <span>{t('unit.percent')}</span>
              <span>{t('departmentRun.due')}</span>
              <span>{t('departmentRun.onTime')}</span>
              <span>{t('departmentRun.overdue')}</span>
              <span>{t('departmentRun.openOverdue')}</span>
              <span>{t('departmentRun.median')}</span>
            </li>
            {rows.map((row) => (
              <Row
                key={row.id}
                row={row}
                group={byKey.get(row.id) as BriefDepartment}
                name={row.id === '' ? t('departments.unassigned') : (names.get(row.id) ?? row.id)}
                axis={axis}
                target={target}
              />
            ))}
          </ol>
        )}
      </div>
      <p className="runFoot">{t('departmentRun.footnote', { n: count(rankFloor) })}</p>
    </>
  );
}

export function DepartmentTablePanel() {
  return (
    <WallBriefPanel name="department-table" panel>
      <DepartmentTable />
    </WallBriefPanel>
  );
}
