import './system.css';
import i18next from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Alert } from '../../../domain/alarm.ts';
import { useFigures } from '../../live/useWall.ts';
import { count, duration } from '../../words/formats.ts';
import { CheckMark, HourglassMark } from '../marks/AlertMark.tsx';
import { Duration } from '../marks/Duration.tsx';
import { useWhy } from '../overdue/AlertLine.tsx';

/** So many faults stand side by side; the rest is counted. */
const SHOWN = 3;

function Fault({ alert, now }: { alert: Alert; now: number }) {
  const { t } = useTranslation();
  const key = `system.${alert.cause.code}`;
  return (
    <span className="systemFault" title={useWhy()(alert)} data-alert-id={alert.id} data-state={alert.state}>
      <b className="place">
        {i18next.exists(key) ? i18next.t(key as never) : t('system.other', { code: alert.cause.code })}
      </b>
      <Duration parts={duration(now - alert.raisedAt)} />
      {alert.acknowledgedBy !== undefined ? (
        <span className="systemHeld">
          <CheckMark />
          {t('system.acknowledged', { by: alert.acknowledgedBy })}
        </span>
      ) : (
        <span>{t('system.unacknowledged')}</span>
      )}
    </span>
  );
}

/** The lane of the server's own faults, violet and apart from what happens to tickets; nothing while it is sound. */
export function SystemLane() {
  const { t } = useTranslation();
  const { alerts, at } = useFigures();
  const { systemFaults } = alerts;
  if (systemFaults.length === 0) return null;
  return (
    <div className="notice systemLane" data-testid="system-lane" role="status">
      <HourglassMark />
      <strong>{t('system.title')}</strong>
      {systemFaults.slice(0, SHOWN).map((alert) => (
        <Fault key={alert.id} alert={alert} now={at} />
      ))}
      {systemFaults.length > SHOWN && <span>{t('system.more', { n: count(systemFaults.length - SHOWN) })}</span>}
    </div>
  );
}
