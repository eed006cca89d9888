import './notices.css';
import { useTranslation } from 'react-i18next';
import { lateCanaryMs, useBoardPart, useFigures, useLink, useWallParts } from '../../live/useWall.ts';
import { clockTime, count, isoDate, lag } from '../../words/formats.ts';
import { CheckMark, HourglassMark } from '../marks/AlertMark.tsx';
import { Duration } from '../marks/Duration.tsx';

/** The link must be gone for this long before the strip says so (visual specification §9). */
const SAID_AFTER_MS = 5000;

/** 数据通路滞后: the server lives, but the canary has not come through. */
function LateCanaryStrip() {
  const { t } = useTranslation();
  const { store } = useWallParts();
  useFigures();
  const snapshot = store.snapshot();
  const lateMs = snapshot && lateCanaryMs(snapshot, store.elapsedMs);
  if (snapshot === undefined || lateMs === undefined) return null;
  const { canary } = snapshot.board;
  return (
    <div className="notice linkStrip" data-testid="canary-strip" role="status">
      <HourglassMark />
      <strong>{t('state.canaryLate')}</strong>
      {canary !== undefined && <span className="noticeTime">{clockTime(canary.at, snapshot.deployment.timeZone)}</span>}
      <span>{t(canary === undefined ? 'state.canaryNever' : 'state.canarySince')}</span>
      <span className="noticeSpace" />
      <span>
        {t('state.canaryEvery')} <Duration parts={lag(lateMs)} />
      </span>
    </div>
  );
}

/** The time; with its date where that is not today's any more, as after a night without a server. */
function since(heardAt: number, lostForMs: number, zone: string): string {
  const day = isoDate(heardAt, zone);
  const time = clockTime(heardAt, zone);
  return day === isoDate(heardAt + lostForMs, zone) ? time : `${day} ${time}`;
}

/** 与平台断开: since when, what is shown, how often it was tried. */
export function LinkStrip() {
  const { t } = useTranslation();
  const link = useLink();
  const zone = useBoardPart((snapshot) => snapshot.deployment.timeZone);
  const heardAt = useBoardPart((snapshot) => Math.floor(snapshot.heardAt / 1000) * 1000);
  if (link.kind === 'refused') return null;
  if (link.feed === 'live') return <LateCanaryStrip />;
  if (link.lostForMs < SAID_AFTER_MS) return null;
  return (
    <div className="notice linkStrip" data-testid="link-strip" role="status">
      <HourglassMark />
      <strong>{t(link.feed === 'offline' ? 'state.disconnected' : 'state.silent')}</strong>
      <span className="noticeTime">{since(heardAt, link.lostForMs, zone)}</span>
      <span>{t('state.since')}</span>
      <span className="noticeSpace" />
      <span>{link.retries > 0 ? t('state.retrying', { n: count(link.retries) }) : t('state.retryingSoon')}</span>
    </div>
  );
}

/** 已恢复: what the wall missed while it was cut off. */
export function OutageReceiptStrip() {
  const { t } = useTranslation();
  const link = useLink();
  const receipt = useBoardPart((snapshot) => snapshot.receipt);
  const zone = useBoardPart((snapshot) => snapshot.deployment.timeZone);
  if (receipt === null || (link.kind === 'linked' && link.feed === 'offline')) return null;
  const { missed, gapMs } = receipt;
  return (
    <div
      className="notice outageReceipt"
      data-testid="outage-receipt"
      data-caught-up={missed.caughtUp}
      data-newly-overdue={missed.newlyOverdue}
      data-acknowledged={missed.acknowledged}
      role="status"
    >
      <CheckMark />
      <strong>{t('state.recovered')}</strong>
      <span>
        {t('state.gap')} <Duration parts={lag(gapMs)} />
        {t('state.comma')}
        {t('state.caughtUp')} <b>{count(missed.caughtUp)}</b> {t('unit.item')}
        {t('state.comma')}
        {t('state.newlyOverdue')} <b>{count(missed.newlyOverdue)}</b> {t('unit.item')}
        {t('state.comma')}
        {t('state.acknowledgedElsewhere')} <b>{count(missed.acknowledged)}</b> {t('unit.item')}
      </span>
      <span className="noticeSpace" />
      <span className="noticeTime">{clockTime(missed.toAt, zone)}</span>
    </div>
  );
}
