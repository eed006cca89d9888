import './departments.css';
import type { CSSProperties } from 'react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type DepartmentRow, departmentRanking, lowestDepartments } from '../../../domain/metrics.ts';
import { useBoardPart, useNames } from '../../live/useWall.ts';
import { count, MISSING, rate } from '../../words/formats.ts';
import { DataStateMark, NothingHeard, usePanelData } from '../dataState/DataState.tsx';
import { Empty } from '../marks/Empty.tsx';
import { nameBook } from '../place.ts';
import { type RateAxis, rateAxis } from './axis.ts';

const SHOWN = 5;

function Row({ row, name, axis, target }: { row: DepartmentRow; name: string; axis: RateAxis; target: number }) {
  const { t } = useTranslation();
  const ranked = row.rank !== null && row.onTimeRate !== null ? row.onTimeRate : null;
  const below = ranked !== null && ranked < target;
  const at = axis.position(ranked ?? target);
  const line = axis.position(target);
  return (
    <li className={below ? 'departmentRow below' : 'departmentRow'} data-department-id={row.id}>
      <span className="departmentRank">{row.rank === null ? MISSING : count(row.rank)}</span>
      <span className="departmentName">{name}</span>
      <span
        className="departmentAxis"
        style={
          {
            '--target': line,
            '--dot': at,
            '--start': Math.min(at, line),
            '--length': Math.abs(at - line),
          } as CSSProperties
        }
      >
        {ranked !== null && (
          <>
            <span className="departmentStick" />
            <span className="departmentDot" />
          </>
        )}
      </span>
      <span className="departmentRate figure">
        {ranked === null ? <span className="departmentFew">{t('departments.tooFew')}</span> : rate(ranked, target)}
      </span>
    </li>
  );
}

export function DepartmentsPanel() {
  const { t } = useTranslation();
  const nameOf = useNames();
  const deployment = useBoardPart((snapshot) => snapshot.deployment);
  const month = useBoardPart((snapshot) => snapshot.history.month);
  const target = deployment.onTimeTarget;
  const rows = useMemo(
    () => lowestDepartments(departmentRanking(month.groups, deployment.rankFloor), SHOWN),
    [month, deployment],
  );
  const { state, isKnown, attributes } = usePanelData();
  const axis = rateAxis(rows, target);
  const departments = nameBook(deployment).departments;
  const nameOfRow = (id: string) => {
    if (id === '') return t('departments.unassigned');
    const department = departments.get(id);
    return department === undefined ? id : nameOf(department.name);
  };
  return (
    <section className="panel departmentsPanel" data-testid="departments" {...attributes}>
      <header className="panelHeader">
        <h2 className="panelTitle">{t('departments.title')}</h2>
        <span className="panelMeta">
          {state.kind === 'normal' || state.kind === 'loading' ? (
            t('departments.scope', { n: SHOWN })
          ) : (
            <DataStateMark state={state} />
          )}
        </span>
      </header>
      {rows.length === 0 && !isKnown ? (
        <NothingHeard state={state} />
      ) : rows.length === 0 ? (
        <Empty sentence={t('departments.none')} small />
      ) : (
        <ol className="departmentRows" style={{ '--target': axis.position(target) } as CSSProperties}>
          <li className="departmentScale" aria-hidden="true">
            <span className="departmentAxis">
              <span className="departmentTarget">
                {t('departments.target', { value: rate(target, target).replace('.0', '') })}
              </span>
            </span>
            <span className="departmentUnit">{t('unit.percent')}</span>
          </li>
          {rows.map((row) => (
            <Row key={row.id} row={row} name={nameOfRow(row.id)} axis={axis} target={target} />
          ))}
        </ol>
      )}
    </section>
  );
}
