import './hourly.css';
import { type CSSProperties, useCallback, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { DOMAINS } from '../../../domain/ticket.ts';
import { EChart } from '../../charts/EChart.tsx';
import type { ChartTheme } from '../../charts/theme.ts';
import {
  useBoardPart,
  useElementSize,
  useFigures,
  useLink,
  useNames,
  useUnit,
  useWallParts,
} from '../../live/useWall.ts';
import { timeOfDay } from '../../words/formats.ts';
import { DataStateMark, LoadingBlocks, usePanelData } from '../dataState/DataState.tsx';
import { hourOfDay } from '../domain/DomainPanel.tsx';
import { dayLine, type HourPoint } from '../domain/option.ts';
import { domainOf, useFocus } from '../focus.ts';
import type { PanelProps } from '../panelProps.ts';
import { nameBook, namedBy } from '../place.ts';
import { hourlyOption } from './option.ts';

/** Design units that a label of an hour needs, with air; hours between two labels, closest first. */
const LABEL_WIDTH = 84;
const LABEL_STEPS = [2, 3, 4, 6] as const;

function useReadable(points: readonly HourPoint[]): readonly HourPoint[] {
  // As text: a new option, hence a redraw, only when a point has changed.
  const written = JSON.stringify(points);
  return useMemo(() => JSON.parse(written), [written]);
}

/** 逐时上报: the day so far in its typical band, and what was closed in the same hours. */
export function HourlyPanel({ options }: PanelProps) {
  const { t } = useTranslation();
  const nameOf = useNames();
  const unit = useUnit();
  const link = useLink();
  const { scheduler } = useWallParts();
  const domain = domainOf(options) ?? DOMAINS[0];
  const deployment = useBoardPart((snapshot) => snapshot.deployment);
  const band = useBoardPart((snapshot) => snapshot.history.bands[domain]);
  const { at, day } = useFigures();
  const { board, closedHourly, closedLastHour } = useFocus(domain);
  const { state, asOfAt, attributes } = usePanelData(domain);
  const chart = useRef<HTMLDivElement>(null);
  const width = useElementSize(chart).width / unit;
  const aged = state.kind === 'stale' || state.kind === 'disconnected';
  const old = aged || (link.kind === 'linked' && link.feed !== 'live');
  const nowHour = hourOfDay(at, day);
  // Nothing is known after the last sample
  const lastHour = aged ? Math.min(nowHour, asOfAt === undefined ? 0 : hourOfDay(asOfAt, day)) : nowHour;
  const known = (points: readonly HourPoint[]) => points.filter(({ hour }) => hour <= lastHour);
  const { hourly, lastHour: reportedLately } = board.domains[domain];
  const reported = useReadable(known(dayLine(hourly, reportedLately, nowHour)));
  const closed = useReadable(known(dayLine(closedHourly, closedLastHour, nowHour)));
  const nowLabel = timeOfDay(at, deployment.timeZone);
  const name = namedBy(nameBook(deployment).domains, domain, nameOf);
  const labelEvery = LABEL_STEPS.find((hours) => (width / 24) * hours >= LABEL_WIDTH) ?? 6;
  const option = useCallback(
    (theme: ChartTheme) =>
      hourlyOption({
        reported,
        closed,
        band,
        nowHour,
        nowLabel,
        theme,
        unit,
        old,
        hourLabel: (hour) => t('domain.hour', { hour }),
        labelEvery,
        description: t('domain.chart', { name }),
      }),
    [reported, closed, band, nowHour, nowLabel, unit, old, labelEvery, name, t],
  );
  return (
    <section className="panel hourlyPanel" data-testid="hourly" {...attributes}>
      <header className="panelHeader">
        <h2 className="panelTitle">{t('focus.hourly')}</h2>
        <span className="chartKeys">
          <DataStateMark state={state} />
          {band !== null && (
            <span className="chartKey">
              <span className="keyBand" />
              {t('focus.band')}
            </span>
          )}
          <span className="chartKey">
            <span className="keyLine" />
            {t('focus.reported')}
          </span>
          <span className="chartKey">
            <span className="keyDotted" />
            {t('focus.closed')}
          </span>
        </span>
      </header>
      {state.kind === 'loading' ? (
        <LoadingBlocks state={state} />
      ) : (
        <div className="hourlyChart" ref={chart}>
          <EChart className="hourlyCanvas" scheduler={scheduler} option={option} />
          {old && <span className="hourlyHatch" style={{ '--from': lastHour / 24 } as CSSProperties} />}
        </div>
      )}
    </section>
  );
}
