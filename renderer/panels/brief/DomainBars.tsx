import type { CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import { useNames } from '../../live/useWall.ts';
import { count, MISSING, rate } from '../../words/formats.ts';
import { useBrief, WallBriefPanel } from './briefContext.tsx';

/** 五大领域: reports as bars from 0, most first, and the on-time rate of each. */
export function DomainBars() {
  const { t } = useTranslation();
  const nameOf = useNames();
  const { brief, district, mark } = useBrief();
  const rows = [...brief.domains].sort((a, b) => b.opened - a.opened);
  const most = Math.max(1, ...rows.map(({ opened }) => opened));
  const names = new Map(district.domains.map(({ id, name }) => [id, nameOf(name)]));
  return (
    <>
      <header className="briefHeader">
        <h2 className="panelTitle">{t('brief.domains')}</h2>
        {mark}
      </header>
      <ol className="domainBars">
        <li className="domainBar domainBarScale" aria-hidden="true">
          <span />
          <span />
          <span>{t('brief.opened')}</span>
          <span>{t('brief.onTime')}</span>
        </li>
        {rows.map(({ key, opened, onTimeRate }) => (
          <li key={key} className="domainBar" data-domain={key}>
            <span className="domainBarName">{names.get(key) ?? key}</span>
            <span className="domainBarTrack" style={{ '--share': opened / most } as CSSProperties} />
            <span className="domainBarCount figure" data-figure="opened">
              {count(opened)}
            </span>
            <span className="domainBarRate figure" data-figure="onTimeRate">
              {onTimeRate === null ? MISSING : rate(onTimeRate, district.onTimeTarget)}
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}

export function DomainBarsPanel() {
  return (
    <WallBriefPanel name="brief-domains">
      <DomainBars />
    </WallBriefPanel>
  );
}
