import './departments.css';
import type { CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import type { DepartmentRow } from '../../../domain/metrics.ts';
import { count, MISSING, rate } from '../../words/formats.ts';
import type { RateAxis } from './axis.ts';

/** The target as a number over the line that runs through all rows. */
export function RateScale({ target }: { target: number }) {
  const { t } = useTranslation();
  return (
    <li className="departmentScale" aria-hidden="true">
      <span className="departmentAxis">
        <span className="departmentTarget">
          {t('departments.target', { value: rate(target, target).replace('.0', '') })}
        </span>
      </span>
      <span className="departmentUnit">{t('unit.percent')}</span>
    </li>
  );
}

/** A department in the ranking: the dot's distance from the target line is the gap; with too little due it has no rank. */
export function RankedRow(props: { row: DepartmentRow; name: string; axis: RateAxis; target: number }) {
  const { row, name, axis, target } = props;
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
      <span className="departmentRate figure" data-figure="onTimeRate">
        {ranked === null ? <span className="departmentFew">{t('departments.tooFew')}</span> : rate(ranked, target)}
      </span>
    </li>
  );
}
