import './sheet.css';
import { useEffect, useMemo, useState } from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import type { Canvas } from '../layout/canvas.ts';
import { createFrameScheduler } from '../live/frameScheduler.ts';
import { CanvasContext, useNames } from '../live/useWall.ts';
import { BriefContext, type BriefView, usePeriod } from '../panels/brief/briefContext.tsx';
import { DomainBars } from '../panels/brief/DomainBars.tsx';
import { Findings } from '../panels/brief/Findings.tsx';
import { FiveFigures } from '../panels/brief/FiveFigures.tsx';
import { GridStrip } from '../panels/brief/GridStrip.tsx';
import { Hero } from '../panels/brief/Hero.tsx';
import { Ranking } from '../panels/brief/Ranking.tsx';
import { Trend } from '../panels/brief/Trend.tsx';
import { WaveMark } from '../panels/marks/WaveMark.tsx';
import { isoDate, timeOfDay } from '../words/formats.ts';
import type { SheetData } from './load.ts';

/** Pixels of CSS in a millimetre; a sheet of A3 is 420 mm and 1920 design units broad (sheet.css). */
const PIXELS_PER_MM = 96 / 25.4;
const SHEET_UNIT = (420 * PIXELS_PER_MM) / 1920;
const SHEET: Canvas = {
  aspect: 'std',
  screens: 1,
  unit: SHEET_UNIT,
  width: 1920,
  height: (297 * PIXELS_PER_MM) / SHEET_UNIT,
  viewport: { width: 420 * PIXELS_PER_MM, height: 297 * PIXELS_PER_MM },
  place: {},
};

const PARTS = [
  ['hero', Hero],
  ['trend', Trend],
  ['figures', FiveFigures],
  ['strip', GridStrip],
  ['departments', Ranking],
  ['domains', DomainBars],
  ['findings', Findings],
] as const;

/** The server's time at the moment of printing: what it said when the page was loaded, and what has passed since. */
function usePrintedAt(askedAt: number): number {
  const [loadedMs] = useState(() => performance.now());
  const [printedAt, setPrintedAt] = useState(askedAt);
  useEffect(() => {
    const renew = () => flushSync(() => setPrintedAt(askedAt + performance.now() - loadedMs));
    addEventListener('beforeprint', renew);
    return () => removeEventListener('beforeprint', renew);
  }, [askedAt, loadedMs]);
  return printedAt;
}

function SheetHead({ name, asOf, printed }: { name: string; asOf: string; printed: string }) {
  const { t } = useTranslation();
  return (
    <header className="sheetHead">
      <WaveMark />
      <h1 className="sheetCentre">{name}</h1>
      <span className="headerRule" />
      <span className="sceneName">{t('sheet.title', { period: usePeriod() })}</span>
      <span className="headerSpace" />
      <span className="sheetFact">
        {t('trust.asOf')} <strong>{asOf}</strong>
      </span>
      <span className="headerRule" />
      <span className="sheetFact">
        {t('sheet.printed')} <strong>{printed}</strong>
      </span>
    </header>
  );
}

/** What stands at the foot of every page, so that no sheet needs another one to be understood. */
function SheetFoot({ asOf }: { asOf: string }) {
  const { t } = useTranslation();
  return (
    <footer className="sheetFoot">
      <span>{t('sheet.asOf', { time: asOf })}</span>
      <span>{t('sheet.period', { period: usePeriod() })}</span>
      <span>{t('sheet.definition')}</span>
    </footer>
  );
}

/** 运行简报 on one sheet of A3: the panels of the wall, light, with nothing that needs colour to be read. */
export function BriefSheet({ data }: { data: SheetData }) {
  const nameOf = useNames();
  const { answer, district, askedAt, isRunning } = data;
  const { brief, timeZone, onTimeTarget, rankFloor } = answer;
  const printedAt = usePrintedAt(askedAt);
  const view = useMemo(
    (): BriefView => ({
      brief,
      district: { ...district, timeZone, onTimeTarget, rankFloor },
      scheduler: createFrameScheduler(),
      renderer: 'svg',
      isRunning,
      old: false,
      mark: null,
    }),
    [brief, district, timeZone, onTimeTarget, rankFloor, isRunning],
  );
  const moment = (at: number) => `${isoDate(at, timeZone)} ${timeOfDay(at, timeZone)}`;
  return (
    <CanvasContext value={SHEET}>
      <BriefContext value={view}>
        <article className="briefSheet" data-testid="brief-sheet" data-at={new Date(brief.at).toISOString()}>
          <SheetHead name={nameOf(answer.centre)} asOf={moment(brief.at)} printed={moment(printedAt)} />
          <div className="sheetParts">
            {PARTS.map(([name, Part]) => (
              <section key={name} className={`briefPanel sheet-${name}`} data-testid={`brief-${name}`}>
                <Part />
              </section>
            ))}
          </div>
          <SheetFoot asOf={moment(brief.at)} />
        </article>
      </BriefContext>
    </CanvasContext>
  );
}
