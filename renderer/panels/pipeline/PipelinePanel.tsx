import './pipeline.css';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { STAGES, totalsFaults } from '../../../domain/metrics.ts';
import { useBoardPart, useFigures } from '../../live/useWall.ts';
import { count, duration, MISSING, timeOrDate } from '../../words/formats.ts';
import { DataStateMark, LoadingFrom, usePanelData } from '../dataState/DataState.tsx';
import { AlertCounts } from '../marks/AlertCounts.tsx';
import { HourglassMark, UnequalMark } from '../marks/AlertMark.tsx';
import { ChangingNumber } from '../marks/ChangingNumber.tsx';
import { Duration } from '../marks/Duration.tsx';
import { textEm } from '../textWidth.ts';

/** Design units that the five counts share in the standard layout. */
const ROOM = 804;

function Stage(props: {
  id: string;
  label: string;
  /** Null: not known any more; undefined: not yet. */
  value: number | null | undefined;
  mark?: ReactNode;
  reference: ReactNode;
  end?: boolean;
  faulty: boolean;
}) {
  return (
    <li className={props.end === true ? 'stage end' : 'stage'} data-stage={props.id}>
      <span className="stageLabel">
        {props.label}
        {props.mark}
      </span>
      <span className={props.value === null ? 'stageCount figure gone' : 'stageCount figure'} data-fault={props.faulty}>
        {props.value === undefined ? (
          <span className="stageLoading" />
        ) : (
          <ChangingNumber text={props.value === null ? MISSING : count(props.value)} />
        )}
      </span>
      <span className="stageLine">
        <span className="stageNode" />
      </span>
      <span className="stageReference">{props.reference}</span>
    </li>
  );
}

export function PipelinePanel() {
  const { t } = useTranslation();
  const figures = useFigures();
  const { pipeline } = figures;
  const { state, asOfAt, attributes } = usePanelData();
  const zone = useBoardPart((snapshot) => snapshot.deployment.timeZone);
  const gone = state.kind === 'disconnected';
  const known = (value: number) => (state.kind === 'loading' ? undefined : gone ? null : value);
  const aged = gone || state.kind === 'stale';
  const fault = totalsFaults(figures).find(({ check }) => check === 'stages');
  const faulty = fault !== undefined;
  const counts = [pipeline.reportedToday, ...STAGES.map((stage) => pipeline.stages[stage].count), pipeline.closedToday];
  const dense = counts.reduce((sum, value) => sum + textEm(count(value)) * 70 + 20, 0) > ROOM;
  const yesterday = (value: number | null) => (
    <>
      {t('pipeline.yesterday')} {value === null ? MISSING : count(value)}
    </>
  );
  return (
    <section className="pipeline" data-testid="pipeline" {...attributes}>
      <ol className={`stages${faulty || aged || state.kind === 'loading' ? ' faulty' : ''}${dense ? ' dense' : ''}`}>
        <Stage
          id="report"
          label={t('pipeline.reportedToday')}
          value={known(pipeline.reportedToday)}
          reference={yesterday(pipeline.reportedYesterday)}
          end
          faulty={faulty}
        />
        {STAGES.map((stage) => {
          const { count: waiting, medianDwellMs, alerts } = pipeline.stages[stage];
          return (
            <Stage
              key={stage}
              id={stage}
              label={t(`pipeline.${stage}`)}
              value={known(waiting)}
              mark={
                <>
                  <AlertCounts counts={alerts} />
                  {alerts.critical + alerts.high > 0 && (
                    <span className="onlyOld">
                      <HourglassMark />
                    </span>
                  )}
                </>
              }
              reference={
                <>
                  {t('pipeline.dwell')}{' '}
                  {medianDwellMs === null ? MISSING : <Duration parts={duration(medianDwellMs)} />}
                </>
              }
              faulty={faulty}
            />
          );
        })}
        <Stage
          id="close"
          label={t('pipeline.closedToday')}
          value={known(pipeline.closedToday)}
          reference={yesterday(pipeline.closedYesterday)}
          end
          faulty={faulty}
        />
      </ol>
      {state.kind === 'loading' && (
        <div className="totalsFault">
          <LoadingFrom state={state} />
        </div>
      )}
      {fault === undefined && aged && (
        <p className="totalsFault">
          <DataStateMark state={state} />
          {gone && asOfAt !== undefined && (
            <span className="pipelineLast">
              {t('state.last', {
                value: counts.map(count).join(' / '),
                time: timeOrDate(asOfAt, figures.day.startAt, zone),
              })}
            </span>
          )}
        </p>
      )}
      {fault !== undefined && (
        <p className="totalsFault">
          <UnequalMark />
          {t('state.totalsDiffer')} {t('state.totals', { sum: count(fault.sum), total: count(fault.total) })}
        </p>
      )}
    </section>
  );
}
