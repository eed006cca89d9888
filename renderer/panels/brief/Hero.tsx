import { type CSSProperties, type ReactNode, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { overdueOf } from '../../../domain/brief.ts';
import { useElementSize, useUnit } from '../../live/useWall.ts';
import { count, MISSING, points, rate } from '../../words/formats.ts';
import { Empty } from '../marks/Empty.tsx';
import { useBrief, useMonthName, usePeriod, WallBriefPanel } from './briefContext.tsx';

/** The number, its line and what stands above and below it, in design units (visual specification §3). */
const DIGITS = 228;
const LINE_PER_DIGIT = 176 / DIGITS;
const AROUND = 94;
/** A slot that is lower shrinks the number, a larger one lets it grow as far as this. */
const LEAST_DIGITS = 70;
const MOST_DIGITS = 500;
/** Breadth of a letter of the number, and of the unit behind it, in heights of the digits. */
const LETTER = 0.45;
const UNIT = 0.55;

/** How large a number may be in a slot of this size. */
export function heroDigits(
  text: string,
  { width, height }: { readonly width: number; readonly height: number },
): number {
  if (height === 0) return DIGITS;
  const fits = Math.min((height - AROUND) / LINE_PER_DIGIT, width / (text.length * LETTER + UNIT));
  return Math.max(LEAST_DIGITS, Math.min(MOST_DIGITS, fits));
}

function Reference({ label, children, unit }: { label: string; children: ReactNode; unit?: string }) {
  return (
    <span className="briefReference">
      {label} <strong className="figure">{children}</strong>
      {unit !== undefined && ` ${unit}`}
    </span>
  );
}

/** 本月按期办结率, the number that the hall is asked about. */
export function Hero() {
  const { t } = useTranslation();
  const { brief, district, mark } = useBrief();
  const month = useMonthName();
  const period = usePeriod();
  const body = useRef<HTMLDivElement>(null);
  const unit = useUnit();
  const { width, height } = useElementSize(body);
  const target = district.onTimeTarget;
  const { total, previous } = brief;
  const text = total.onTimeRate === null ? MISSING : rate(total.onTimeRate, target);
  const digits = heroDigits(text, { width: width / unit, height: height / unit });
  const change =
    total.onTimeRate === null || previous?.total.onTimeRate == null
      ? null
      : total.onTimeRate - previous.total.onTimeRate;
  return (
    <div className="hero" ref={body}>
      <header className="briefHeader">
        <h2 className="heroTitle">{t('brief.rate', { month })}</h2>
        {mark ?? <span className="panelMeta">{period}</span>}
      </header>
      {total.onTimeRate === null ? (
        <Empty sentence={t('departments.none')} />
      ) : (
        <p className="heroNumber" style={{ '--digits': digits } as CSSProperties}>
          <span className="heroDigits figure" data-figure="onTimeRate">
            {text}
          </span>
          <span className="heroUnit">{t('unit.percent')}</span>
        </p>
      )}
      <p className="heroFoot">
        <Reference label={t('brief.target')}>
          {rate(target, target)}
          {t('unit.percent')}
        </Reference>
        <Reference label={t('brief.versus')} {...(change === null ? {} : { unit: t('brief.points') })}>
          <span data-figure="onTimeRateChange">{change === null ? MISSING : points(change)}</span>
        </Reference>
        <Reference label={t('brief.overdue')} unit={t('unit.item')}>
          <span data-figure="overdue">{count(overdueOf(total))}</span>
        </Reference>
      </p>
    </div>
  );
}

export function HeroPanel() {
  return (
    <WallBriefPanel name="brief-hero">
      <Hero />
    </WallBriefPanel>
  );
}
