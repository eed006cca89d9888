import { useTranslation } from 'react-i18next';
import { count, isoDate, timeOfDay } from '../../words/formats.ts';
import { Empty } from '../marks/Empty.tsx';
import { useBrief, useMonthName, WallBriefPanel } from './briefContext.tsx';

/** 本月研判: what somebody of the staff confirmed, never what nobody has. */
export function Findings() {
  const { t } = useTranslation();
  const { brief, district, mark } = useBrief();
  const month = useMonthName();
  const { findings } = brief;
  const zone = district.timeZone;
  return (
    <>
      <header className="briefHeader">
        <h2 className="panelTitle">{t('brief.findings', { month })}</h2>
        {mark}
        {findings !== null && (
          <span className="findingsBy">
            {t('brief.confirmed', {
              by: findings.confirmedBy,
              time: `${isoDate(findings.confirmedAt, zone).slice(5)} ${timeOfDay(findings.confirmedAt, zone)}`,
            })}
          </span>
        )}
      </header>
      {findings === null ? (
        <Empty sentence={t('brief.noFindings', { month })} small />
      ) : (
        <ol className="findings">
          {findings.sentences.map(({ subject, text }, i) => (
            <li key={`${subject} ${text}`} className="finding">
              <span className="findingNumber">{count(i + 1)}</span>
              <p className="findingText">
                <strong>{subject}</strong> {text}
              </p>
            </li>
          ))}
        </ol>
      )}
    </>
  );
}

export function FindingsPanel() {
  return (
    <WallBriefPanel name="brief-findings">
      <Findings />
    </WallBriefPanel>
  );
}
