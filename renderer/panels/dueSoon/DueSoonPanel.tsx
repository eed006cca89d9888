import './dueSoon.css';
import type { CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import { type DueSoonFigures, LANE_MS, LANE_NEAR_MS } from '../../../domain/metrics.ts';
import { useBoardPart, useFigures, useNames } from '../../live/useWall.ts';
import { count, MISSING } from '../../words/formats.ts';
import { DataStateMark, LoadingFrom, usePanelData } from '../dataState/DataState.tsx';
import { nameBook } from '../place.ts';

const MINUTE_MS = 60_000;
const TICKS = [15, 30, 45, 60] as const;
const MOST_DEPARTMENTS = 4;

/** Bars step once a minute: whole minutes left, as a fraction of the lane. */
export function lanePosition(leftMs: number): number {
  return (Math.floor(leftMs / MINUTE_MS) * MINUTE_MS) / LANE_MS;
}

/** Where bars stand, the nearest deadline first: those of one minute would cover each other and are one. */
export function lanePositions(tickets: DueSoonFigures['tickets']): ReadonlyMap<number, 'near' | 'far'> {
  const positions = new Map<number, 'near' | 'far'>();
  for (const { leftMs } of tickets) {
    const position = lanePosition(leftMs);
    if (!positions.has(position)) positions.set(position, leftMs <= LANE_NEAR_MS ? 'near' : 'far');
  }
  return positions;
}

export function DueSoonPanel() {
  const { t } = useTranslation();
  const nameOf = useNames();
  const deployment = useBoardPart((snapshot) => snapshot.deployment);
  const { dueSoon } = useFigures();
  const { state, isKnown, attributes } = usePanelData();
  const departments = nameBook(deployment).departments;
  const nameOfDepartment = (id: string) => {
    if (id === '') return t('dueSoon.unassigned');
    const department = departments.get(id);
    return department === undefined ? id : nameOf(department.name);
  };
  return (
    <section className="dueSoon" data-testid="due-soon" {...attributes}>
      <header className="dueSoonHeader">
        <h2 className="panelTitle">{t('dueSoon.title')}</h2>
        <span className="dueSoonCount">
          {t('dueSoon.near')} <strong className="figure">{isKnown ? count(dueSoon.near) : MISSING}</strong>
        </span>
        <span className="dueSoonCount">
          {t('dueSoon.all')} <strong className="figure">{isKnown ? count(dueSoon.all) : MISSING}</strong>
        </span>
        <DataStateMark state={state} />
        {state.kind === 'loading' && <LoadingFrom state={state} />}
        <ul className="dueSoonDepartments">
          {isKnown && dueSoon.all === 0 && <li>{t('dueSoon.none')}</li>}
          {dueSoon.departments.slice(0, MOST_DEPARTMENTS).map(({ id, count: due }) => (
            <li key={id}>
              {nameOfDepartment(id)} <strong>{count(due)}</strong>
            </li>
          ))}
        </ul>
      </header>
      <div className="lane">
        <span className="laneAxis" />
        <span className="laneNow" />
        {TICKS.map((minutes) => (
          <span
            key={minutes}
            className="laneTick"
            style={{ '--at': (minutes * MINUTE_MS) / LANE_MS } as CSSProperties}
          />
        ))}
        {[...lanePositions(dueSoon.tickets)].map(([position, distance]) => (
          <span
            key={position}
            className={distance === 'near' ? 'laneBar near' : 'laneBar'}
            style={{ '--at': position } as CSSProperties}
          />
        ))}
        <span className="laneLabel first">{t('dueSoon.now')}</span>
        {TICKS.map((minutes) => (
          <span
            key={minutes}
            className={minutes === 60 ? 'laneLabel last' : 'laneLabel'}
            style={{ '--at': (minutes * MINUTE_MS) / LANE_MS } as CSSProperties}
          >
            {t('dueSoon.minutes', { n: minutes })}
          </span>
        ))}
      </div>
    </section>
  );
}
