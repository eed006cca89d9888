import './pipeline.css';
import { type ReactNode, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { STAGES, totalsFaults } from '../../../domain/metrics.ts';
import { useBoardPart, usePanelSize, useUnit } from '../../live/useWall.ts';
import { count, duration, MISSING, timeOrDate } from '../../words/formats.ts';
import { DataStateMark, LoadingFrom, usePanelData } from '../dataState/DataState.tsx';
import { domainOf, useFiguresOf } from '../focus.ts';
import { AlertCounts } from '../marks/AlertCounts.tsx';
import { HourglassMark, UnequalMark } from '../marks/AlertMark.tsx';
import { ChangingNumber } from '../marks/ChangingNumber.tsx';
import { Duration, useDurationText } from '../marks/Duration.tsx';
import type { PanelProps } from '../panelProps.ts';
import { textEm } from '../textWidth.ts';

/** Design units of a large count, and of what stands beside it: node, gaps, reference (pipeline.css). */
const ROW = { countSize: 70, gap: 20 } as const;
const COLUMN = { countSize: 84, node: 34, gap: 14, referenceSize: 18 } as const;
/** Stages below each other need so much height each for their largest counts. */
const COLUMN_ROOMY = 132;
/** Room that the counts share before the panel has been measured: that of the standard layout. */
const FIRST_ROOM = { width: 824, height: 156 } as const;

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

/** 上报 → 受理分派 → 处置 → 核实 → 结案, side by side or, in a slot that is higher than wide, below each other. Option `domain`: of its tickets alone. */
export function PipelinePanel({ options }: PanelProps) {
  const { t } = useTranslation();
  const durationText = useDurationText();
  const domain = domainOf(options);
  const figures = useFiguresOf(domain);
  const { pipeline } = figures;
  const { state, asOfAt, attributes } = usePanelData(domain);
  const zone = useBoardPart((snapshot) => snapshot.deployment.timeZone);
  const gone = state.kind === 'disconnected';
  const known = (value: number) => (state.kind === 'loading' ? undefined : gone ? null : value);
  const aged = gone || state.kind === 'stale';
  const fault = totalsFaults(figures).find(({ check }) => check === 'stages');
  const faulty = fault !== undefined;
  const counts = [pipeline.reportedToday, ...STAGES.map((stage) => pipeline.stages[stage].count), pipeline.closedToday];
  const unit = useUnit();
  const panel = useRef<HTMLElement>(null);
  const size = usePanelSize(panel);
  const width = size.width === 0 ? FIRST_ROOM.width : size.width / unit;
  const height = size.height === 0 ? FIRST_ROOM.height : size.height / unit;
  const upright = height > width;
  const dwellText = (ms: number | null) => (ms === null ? MISSING : durationText(duration(ms)));
  const references = [
    `${t('pipeline.yesterday')} ${count(pipeline.reportedYesterday ?? 0)}`,
    ...STAGES.map((stage) => `${t('pipeline.dwell')} ${dwellText(pipeline.stages[stage].medianDwellMs)}`),
    `${t('pipeline.yesterday')} ${count(pipeline.closedYesterday ?? 0)}`,
  ];
  const upperWidth = (value: number, i: number) =>
    COLUMN.node +
    textEm(count(value)) * COLUMN.countSize +
    COLUMN.gap +
    textEm(references[i] ?? '') * COLUMN.referenceSize;
  const dense = upright
    ? height / counts.length < COLUMN_ROOMY || counts.some((value, i) => upperWidth(value, i) > width)
    : counts.reduce((sum, value) => sum + textEm(count(value)) * ROW.countSize + ROW.gap, 0) > width - ROW.gap;
  const yesterday = (value: number | null) => (
    <>
      {t('pipeline.yesterday')} {value === null ? MISSING : count(value)}
    </>
  );
  return (
    <section className="pipeline" data-testid="pipeline" {...attributes} ref={panel}>
      <ol
        className={`stages${upright ? ' upright' : ''}${faulty || aged || state.kind === 'loading' ? ' faulty' : ''}${dense ? ' dense' : ''}`}
      >
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
