import { type ReactNode, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useElementSize, useUnit } from '../../live/useWall.ts';
import { count, duration, MINUS, MISSING, rate, signed } from '../../words/formats.ts';
import { Duration } from '../marks/Duration.tsx';
import { useBrief, useMonthName, WallBriefPanel } from './briefContext.tsx';

/** In a slot narrower than this, in design units, the figures stand under each other. */
const ABREAST_FROM = 860;

function Figure(props: { name: string; label: string; value: ReactNode; unit?: string; below: ReactNode }) {
  return (
    <li className="briefFigure">
      <span className="briefFigureLabel">{props.label}</span>
      <span className="briefFigureValue">
        <span className="figure" data-figure={props.name}>
          {props.value}
        </span>
        {props.unit !== undefined && <span className="briefFigureUnit">{props.unit}</span>}
      </span>
      <span className="briefFigureBelow">{props.below}</span>
    </li>
  );
}

/** A difference of two durations: sign, then the duration itself; under a minute it is none. */
function DurationChange({ ms }: { ms: number }) {
  const { t } = useTranslation();
  const whole = Math.trunc(ms / 60_000);
  if (whole === 0) return <>0{t('unit.minute')}</>;
  return (
    <>
      {whole > 0 ? '+' : MINUS}
      <Duration parts={duration(Math.abs(ms))} />
    </>
  );
}

/** Reported, closed, median time, verified at the first time, points. */
export function FiveFigures() {
  const { t } = useTranslation();
  const { brief } = useBrief();
  const month = useMonthName();
  const list = useRef<HTMLUListElement>(null);
  const unit = useUnit();
  const { width } = useElementSize(list);
  const isColumn = width > 0 && width / unit < ABREAST_FROM;
  const { total, previous } = brief;
  const before = previous?.total;
  const officers = brief.grids.length;
  const { medianFinishMs } = total;
  const medianBefore = before?.medianFinishMs ?? null;
  return (
    <ul className={isColumn ? 'fiveFigures column' : 'fiveFigures'} ref={list}>
      <Figure
        name="opened"
        label={t('brief.reported', { month })}
        value={count(total.opened)}
        unit={t('unit.item')}
        below={
          <>
            {t('brief.versus')}{' '}
            <strong data-figure="openedChange">
              {before === undefined ? MISSING : signed(total.opened - before.opened)}
            </strong>
          </>
        }
      />
      <Figure
        name="closed"
        label={t('brief.closed', { month })}
        value={count(total.closed)}
        unit={t('unit.item')}
        below={
          <>
            {t('domain.open')} <strong data-figure="open">{count(total.open)}</strong>
          </>
        }
      />
      <Figure
        name="medianFinishMs"
        label={t('brief.median')}
        value={medianFinishMs === null ? MISSING : <Duration parts={duration(medianFinishMs)} />}
        below={
          <>
            {t('brief.versus')}{' '}
            <strong data-figure="medianFinishMsChange">
              {medianFinishMs === null || medianBefore === null ? (
                MISSING
              ) : (
                <DurationChange ms={medianFinishMs - medianBefore} />
              )}
            </strong>
          </>
        }
      />
      <Figure
        name="passedAtOnceRate"
        label={t('brief.passedAtOnce')}
        value={total.judged === 0 ? MISSING : rate(total.passedAtOnce / total.judged, 1)}
        {...(total.judged === 0 ? {} : { unit: t('unit.percent') })}
        below={
          <>
            {t('brief.judged')} <strong data-figure="judged">{count(total.judged)}</strong> {t('unit.item')}
          </>
        }
      />
      <Figure
        name="points"
        label={t('brief.officerPoints')}
        value={count(brief.points)}
        unit={t('unit.points')}
        below={
          <>
            <strong>{count(officers)}</strong> {t('brief.officers')} · {t('brief.perHead')}{' '}
            <strong data-figure="pointsPerHead">{officers === 0 ? MISSING : count(brief.points / officers)}</strong>
          </>
        }
      />
    </ul>
  );
}

export function FiveFiguresPanel() {
  return (
    <WallBriefPanel name="brief-figures">
      <FiveFigures />
    </WallBriefPanel>
  );
}
