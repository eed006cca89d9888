import './domain.css';
import { type CSSProperties, useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type DomainFigures, type LocalDay, totalsFaults } from '../../../domain/metrics.ts';
import type { Domain } from '../../../domain/ticket.ts';
import { EChart } from '../../charts/EChart.tsx';
import type { ChartTheme } from '../../charts/theme.ts';
import { useBoardPart, useFigures, useLink, useNames, useUnit, useWallParts } from '../../live/useWall.ts';
import { count, duration, MISSING, timeOrDate } from '../../words/formats.ts';
import { DataStateMark, LoadingBlocks, usePanelData } from '../dataState/DataState.tsx';
import { AlertCounts } from '../marks/AlertCounts.tsx';
import { HourglassMark, UnequalMark } from '../marks/AlertMark.tsx';
import { ChangingNumber } from '../marks/ChangingNumber.tsx';
import { Duration } from '../marks/Duration.tsx';
import { nameBook, namedBy } from '../place.ts';
import { dayLine, sparkOption, sparkShape } from './option.ts';

function Signature({ domain, figures }: { domain: Domain; figures: DomainFigures }) {
  const { t } = useTranslation();
  const nameOf = useNames();
  const deployment = useBoardPart((snapshot) => snapshot.deployment);
  const { repeatGroups } = useFigures();
  const signature = deployment.domains.find(({ id }) => id === domain)?.signature ?? 'topCategory';
  switch (signature) {
    case 'topCategory': {
      const top = figures.topCategory;
      return (
        <>
          {t('domain.topCategory')}{' '}
          {top === null ? (
            MISSING
          ) : (
            <>
              <span className="signatureName place">
                {namedBy(nameBook(deployment).categories, top.category, nameOf)}
              </span>
              <strong className="figure">{count(top.count)}</strong>
            </>
          )}
        </>
      );
    }
    case 'medianWait':
      return (
        <>
          {t('domain.medianWait')}{' '}
          <strong className="figure">
            {figures.medianWaitMs === null ? MISSING : <Duration parts={duration(figures.medianWaitMs)} />}
          </strong>
        </>
      );
    case 'repeatGroups':
      return (
        <>
          {t('domain.repeatGroups')} <strong className="figure">{count(repeatGroups)}</strong> {t('unit.group')}
        </>
      );
  }
}

/** Local hours since midnight, stepped by the minute so that the chart is redrawn once a minute at rest. */
export function hourOfDay(at: number, day: LocalDay): number {
  const minute = Math.floor(at / 60_000) * 60_000;
  let hour = 0;
  while (hour < 23 && minute >= (day.hourStartsAt[hour + 1] as number)) hour += 1;
  const from = day.hourStartsAt[hour] as number;
  const until = day.hourStartsAt[hour + 1] as number;
  return hour + Math.max(0, minute - from) / Math.max(1, until - from);
}

/** `listed`: one of a list, its chart beside its count, not one of a row. */
export function DomainPanel({ domain, listed }: { domain: Domain; listed: boolean }) {
  const { t } = useTranslation();
  const nameOf = useNames();
  const unit = useUnit();
  const link = useLink();
  const { scheduler } = useWallParts();
  const deployment = useBoardPart((snapshot) => snapshot.deployment);
  const band = useBoardPart((snapshot) => snapshot.history.bands[domain]);
  const all = useFigures();
  const figures = all.domains[domain];
  const fault = totalsFaults(all).find(({ check }) => check === 'domains');
  const name = namedBy(nameBook(deployment).domains, domain, nameOf);
  const { state, asOfAt, attributes } = usePanelData(domain);
  const aged = state.kind === 'stale' || state.kind === 'disconnected';
  const old = aged || (link.kind === 'linked' && link.feed !== 'live');
  const gone = state.kind === 'disconnected';
  const nowHour = hourOfDay(all.at, all.day);
  // Nothing is known after the last sample
  const lastHour = aged ? Math.min(nowHour, asOfAt === undefined ? 0 : hourOfDay(asOfAt, all.day)) : nowHour;
  const line = dayLine(figures.hourly, figures.lastHour, nowHour).filter(({ hour }) => hour <= lastHour);
  // As text: a new option, hence a redraw, only when the picture is another.
  const shape = JSON.stringify(sparkShape(line, band));
  const hourLabel = useMemo(() => (hour: number) => t('domain.hour', { hour }), [t]);
  const option = useCallback(
    (theme: ChartTheme) =>
      sparkOption({
        shape: JSON.parse(shape),
        theme,
        unit,
        old,
        hourLabel,
        description: t('domain.chart', { name }),
      }),
    [shape, unit, old, hourLabel, name, t],
  );
  // In a list it stands beside the two numbers, for the name and the counts of alerts take the room above.
  const differs = (
    <span className="domainFault">
      <UnequalMark />
      {t('state.totalsDiffer')}
    </span>
  );
  return (
    <section className={listed ? 'domainPanel listed' : 'domainPanel'} data-testid={`panel-${domain}`} {...attributes}>
      <header className="domainHeader">
        <h2 className="panelTitle">{name}</h2>
        <span className="domainMarks">
          {fault !== undefined && !listed && differs}
          {!listed && <DataStateMark state={state} />}
          {figures.alerts.critical + figures.alerts.high > 0 && (
            <span className="onlyOld">
              <HourglassMark />
            </span>
          )}
          <AlertCounts counts={figures.alerts} />
        </span>
      </header>
      {state.kind === 'loading' ? (
        <LoadingBlocks state={state} />
      ) : (
        <>
          <div className="domainBody">
            <div className="domainCount">
              <span
                className={gone ? 'domainNumber figure gone' : 'domainNumber figure'}
                data-fault={fault !== undefined}
              >
                <ChangingNumber text={gone ? MISSING : count(figures.reportedToday)} />
              </span>
              <span className="domainLabel">
                {gone && asOfAt !== undefined
                  ? t('state.last', {
                      value: count(figures.reportedToday),
                      time: timeOrDate(asOfAt, all.day.startAt, deployment.timeZone),
                    })
                  : t('domain.reportedToday')}
              </span>
            </div>
            <div className="domainChart">
              <EChart className="domainCanvas" scheduler={scheduler} option={option} />
              {old && <span className="domainHatch" style={{ '--from': lastHour / 24 } as CSSProperties} />}
            </div>
          </div>
          <footer className="domainFoot">
            <span>
              {t('domain.open')}{' '}
              <strong className={gone ? 'figure gone' : 'figure'}>{gone ? MISSING : count(figures.open)}</strong>
            </span>
            {listed && <DataStateMark state={state} />}
            {fault === undefined ? (
              !gone && (
                <span className="domainSignature">
                  <Signature domain={domain} figures={figures} />
                </span>
              )
            ) : (
              <span className="quality">
                {listed && differs} {t('state.totals', { sum: count(fault.sum), total: count(fault.total) })}
              </span>
            )}
          </footer>
        </>
      )}
    </section>
  );
}
