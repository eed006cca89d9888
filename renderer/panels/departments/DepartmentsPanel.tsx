import './departments.css';
import type { CSSProperties } from 'react';
import { useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { departmentRanking, lowestDepartments } from '../../../domain/metrics.ts';
import { useBoardPart, useNames, usePanelSize, useUnit } from '../../live/useWall.ts';
import { DataStateMark, NothingHeard, usePanelData } from '../dataState/DataState.tsx';
import { Empty } from '../marks/Empty.tsx';
import type { PanelProps } from '../panelProps.ts';
import { nameBook } from '../place.ts';
import { rateAxis } from './axis.ts';
import { RankedRow, RateScale } from './RankedRow.tsx';

/** Header and scale above the rows, and the least height of a row, in design units (visual specification §2). */
const ABOVE_ROWS = 46 + 27 + 8;
const ROW_MIN = 26;
/** Rows lower than this stand closer. */
const ROW_EASY = 33;
/** Rows before the panel has been measured. */
const FIRST_SHOWN = 5;

/** Option `last`: only so many of the lowest; else as many as there is room for, of all where they fit. */
export function DepartmentsPanel({ options }: PanelProps) {
  const { t } = useTranslation();
  const nameOf = useNames();
  const deployment = useBoardPart((snapshot) => snapshot.deployment);
  const month = useBoardPart((snapshot) => snapshot.history.month);
  const target = deployment.onTimeTarget;
  const panel = useRef<HTMLElement>(null);
  const unit = useUnit();
  const height = usePanelSize(panel).height / unit;
  const capacity = height === 0 ? FIRST_SHOWN : Math.max(1, Math.floor((height - ABOVE_ROWS) / ROW_MIN));
  const most = typeof options.last === 'number' ? Math.min(options.last, capacity) : capacity;
  const ranking = useMemo(() => departmentRanking(month.groups, deployment.rankFloor), [month, deployment]);
  const rows = useMemo(() => (ranking.length <= most ? ranking : lowestDepartments(ranking, most)), [ranking, most]);
  const tight = (height - ABOVE_ROWS) / Math.max(1, rows.length) < ROW_EASY;
  const { state, isKnown, attributes } = usePanelData();
  const axis = rateAxis(rows, target);
  const departments = nameBook(deployment).departments;
  const nameOfRow = (id: string) => {
    if (id === '') return t('departments.unassigned');
    const department = departments.get(id);
    return department === undefined ? id : nameOf(department.name);
  };
  return (
    <section className="panel departmentsPanel" data-testid="departments" {...attributes} ref={panel}>
      <header className="panelHeader">
        <h2 className="panelTitle">{t('departments.title')}</h2>
        <span className="panelMeta">
          {state.kind === 'normal' || state.kind === 'loading' ? (
            rows.length < ranking.length || (ranking.length === 0 && options.last !== undefined) ? (
              t('departments.scope', { n: most })
            ) : (
              t('departments.month')
            )
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
        <ol
          className={tight ? 'departmentRows tight' : 'departmentRows'}
          style={{ '--target': axis.position(target) } as CSSProperties}
        >
          <RateScale target={target} />
          {rows.map((row) => (
            <RankedRow key={row.id} row={row} name={nameOfRow(row.id)} axis={axis} target={target} />
          ))}
        </ol>
      )}
    </section>
  );
}
