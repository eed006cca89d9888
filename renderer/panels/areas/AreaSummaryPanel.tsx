import './areas.css';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useBoardPart, useNames } from '../../live/useWall.ts';
import { count, MISSING } from '../../words/formats.ts';
import { DataStateMark, LoadingBlocks, usePanelData } from '../dataState/DataState.tsx';
import { AlertCounts } from '../marks/AlertCounts.tsx';
import { HourglassMark } from '../marks/AlertMark.tsx';
import { ChangingNumber } from '../marks/ChangingNumber.tsx';
import type { PanelProps } from '../panelProps.ts';
import { nameBook, namedBy } from '../place.ts';
import { gridsIn, useArea, useAreaCounts } from './area.ts';

function Figure({ id, label, children }: { id: string; label: string; children: ReactNode }) {
  return (
    <li className="areaFigure" data-figure={id}>
      <span className="areaLabel">{label}</span>
      {children}
    </li>
  );
}

/** Where 网格态势 is, with the way back up, and its counts. */
export function AreaSummaryPanel(_: PanelProps) {
  const { t } = useTranslation();
  const nameOf = useNames();
  const { area, show } = useArea();
  const deployment = useBoardPart((snapshot) => snapshot.deployment);
  const { open, reportedToday, alerts, unacknowledged } = useAreaCounts(area);
  const { state, attributes } = usePanelData();
  const gone = state.kind === 'disconnected';
  const book = nameBook(deployment);
  const path = [
    { id: '', name: t('area.district') },
    ...(area.level === 'district' ? [] : [{ id: area.streetId, name: namedBy(book.streets, area.streetId, nameOf) }]),
    ...(area.level === 'community'
      ? [{ id: area.communityId, name: namedBy(book.communities, area.communityId, nameOf) }]
      : []),
  ];
  const here = path.at(-1);
  const number = (value: number) => (
    <span className={gone ? 'areaNumber figure gone' : 'areaNumber figure'}>
      {gone ? MISSING : <ChangingNumber text={count(value)} />}
    </span>
  );
  return (
    <section className="areaSummary" data-testid="area-summary" data-area={here?.id} {...attributes}>
      <header className="areaHead">
        <h2 className="areaTitle">{here?.name}</h2>
        <nav className="areaPath">
          {path.slice(0, -1).map(({ id, name }) => (
            <button key={id} type="button" onClick={() => show(id)}>
              {name} ›
            </button>
          ))}
        </nav>
        <DataStateMark state={state} />
      </header>
      {state.kind === 'loading' ? (
        <LoadingBlocks state={state} />
      ) : (
        <ul className="areaFigures">
          <Figure id="open" label={t('map.open')}>
            {number(open)}
          </Figure>
          <Figure id="reportedToday" label={t('domain.reportedToday')}>
            {number(reportedToday)}
          </Figure>
          <Figure id="grids" label={t('area.grids')}>
            <span className="areaNumber figure">{count(gridsIn(area, deployment).length)}</span>
          </Figure>
          <Figure id="alerts" label={t('area.overdue')}>
            <span className="areaAlerts">
              {alerts.critical + alerts.high === 0 ? (
                <span className="areaNumber figure">{state.kind === 'normal' ? count(0) : MISSING}</span>
              ) : (
                <>
                  <AlertCounts counts={alerts} held={unacknowledged === 0} />
                  <span className="onlyOld">
                    <HourglassMark />
                  </span>
                </>
              )}
            </span>
          </Figure>
        </ul>
      )}
    </section>
  );
}
