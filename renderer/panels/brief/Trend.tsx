import { useCallback, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { type BriefDay, weakestDay } from '../../../domain/brief.ts';
import { EChart } from '../../charts/EChart.tsx';
import type { ChartTheme } from '../../charts/theme.ts';
import { useElementSize, useUnit } from '../../live/useWall.ts';
import { patternDate, rate } from '../../words/formats.ts';
import { useBrief, useMonthName, WallBriefPanel } from './briefContext.tsx';
import { trendOption } from './trendOption.ts';

const NO_DAYS: readonly BriefDay[] = [];

/** 逐日按期办结率: this month over the month before, and the target. */
export function Trend() {
  const { t, i18n } = useTranslation();
  const { brief, district, scheduler, renderer, old, mark } = useBrief();
  const month = useMonthName();
  const unit = useUnit();
  const chart = useRef<HTMLDivElement>(null);
  const size = useElementSize(chart);
  const { days, previous } = brief;
  const { onTimeTarget: target, rankFloor, timeZone } = district;
  const monthOf = useCallback(
    (at: number) => patternDate(at, timeZone, t('brief.month'), i18n.language),
    [timeZone, t, i18n.language],
  );
  const option = useCallback(
    (theme: ChartTheme) =>
      trendOption({
        days,
        previousDays: previous?.days ?? NO_DAYS,
        target,
        weakest: weakestDay(days, rankFloor),
        theme,
        unit,
        size,
        old,
        dayLabel: ({ startAt }) => patternDate(startAt, timeZone, t('brief.day'), i18n.language),
        rateLabel: (fraction) => rate(fraction, target),
        targetLabel: t('departments.target', { value: rate(target, target).replace('.0', '') }),
        description: t('brief.dailyChart', { month }),
      }),
    [days, previous, target, rankFloor, unit, size, old, timeZone, t, i18n.language, month],
  );
  return (
    <>
      <header className="briefHeader trendHeader">
        <h2 className="trendTitle">{t('brief.daily')}</h2>
        {mark}
        <span className="trendLegend">
          <span className="trendKey">
            <span className="trendLine" />
            {monthOf(brief.fromAt)}
          </span>
          {previous !== null && (
            <span className="trendKey">
              <span className="trendLine before" />
              {monthOf(previous.fromAt)}
            </span>
          )}
        </span>
      </header>
      <div className="trendChart" ref={chart}>
        <EChart className="trendCanvas" scheduler={scheduler} option={option} renderer={renderer} />
      </div>
    </>
  );
}

export function TrendPanel() {
  return (
    <WallBriefPanel name="brief-trend">
      <Trend />
    </WallBriefPanel>
  );
}
