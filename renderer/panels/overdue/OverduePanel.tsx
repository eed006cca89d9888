import './overdue.css';
import { type CSSProperties, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { FRESH_MS, type OverdueAlert } from '../../../domain/metrics.ts';
import { useSlideFromTop } from '../../layout/slide.ts';
import { useBoardPart, useFigures, useNames, useRowCapacity, useWallParts } from '../../live/useWall.ts';
import { count, duration, timeOfDay } from '../../words/formats.ts';
import { AlertCounts } from '../marks/AlertCounts.tsx';
import { AlertMark, CheckMark, HourglassMark } from '../marks/AlertMark.tsx';
import { Duration } from '../marks/Duration.tsx';
import { placeOf } from '../place.ts';
import { overdueRows, severityCounts } from './rows.ts';

const ROW_MIN = 58;

function OverdueRow({ alert, now }: { alert: OverdueAlert; now: number }) {
  const { t } = useTranslation();
  const nameOf = useNames();
  const deployment = useBoardPart((snapshot) => snapshot.deployment);
  const { ticket, severity } = alert;
  const sinceMs = Math.max(0, now - alert.raisedAt);
  const insists = severity === 'critical' && sinceMs > FRESH_MS;
  return (
    <li
      className={`overdueRow ${severity}${insists ? ' insists' : ''}`}
      data-testid="overdue-row"
      data-alert-id={alert.id}
      data-ticket-id={ticket.id}
      data-state={alert.state}
      data-severity={severity}
    >
      <span className="overdueEdge" />
      <AlertMark severity={severity} />
      <span className="overdueText">
        <span className="overdueTitle place">{ticket.title}</span>
        <span className="overduePlace place">{placeOf(ticket, deployment, nameOf, 'department')}</span>
      </span>
      <span className="overdueTimes">
        <span className="overdueFor">
          <span className="onlyOld">
            <HourglassMark />
          </span>
          {alert.overdueMs === null ? (
            t('overdue.claimed')
          ) : (
            <>
              {t('overdue.over')} <Duration parts={duration(alert.overdueMs)} />
            </>
          )}
        </span>
        <span className="overdueAcknowledged">
          {t('overdue.unacknowledged')} <Duration parts={duration(sinceMs)} />
        </span>
      </span>
    </li>
  );
}

function NothingOverdue() {
  const { t } = useTranslation();
  const zone = useBoardPart((snapshot) => snapshot.deployment.timeZone);
  const { lastCleared } = useFigures();
  return (
    <div className="overdueNone">
      <CheckMark />
      <p className="overdueNoneTitle">{t('overdue.none')}</p>
      {lastCleared !== null && (
        <p className="overdueNoneLast place">
          {t('overdue.lastCleared', { time: timeOfDay(lastCleared.at, zone), title: lastCleared.ticket.title })}
        </p>
      )}
    </div>
  );
}

export function OverduePanel() {
  const { t } = useTranslation();
  const { stillness } = useWallParts();
  const { alerts, at } = useFigures();
  const panel = useRef<HTMLElement>(null);
  const list = useRef<HTMLOListElement>(null);
  const capacity = useRowCapacity(panel, ROW_MIN);
  const { shown, hidden } = overdueRows(alerts, capacity);
  useSlideFromTop(
    list,
    shown.map((alert) => alert.id),
    stillness,
  );
  const unacknowledged = alerts.filter((alert) => alert.state === 'unacknowledged').length;
  return (
    <section className="panel overduePanel" data-testid="overdue" ref={panel}>
      <header className="panelHeader">
        <h2 className="panelTitle">{t('overdue.title')}</h2>
        <span className="overdueSummary">
          <span className="onlyOld">
            <HourglassMark />
          </span>
          <AlertCounts counts={severityCounts(alerts)} />
          <span className="panelMeta">
            {t('overdue.unacknowledged')} <strong>{count(unacknowledged)}</strong>
          </span>
        </span>
      </header>
      {alerts.length === 0 ? (
        <NothingOverdue />
      ) : (
        <div className="listClip">
          <ol className="overdueRows" ref={list} style={{ '--rows': capacity } as CSSProperties}>
            {shown.map((alert) => (
              <OverdueRow key={alert.id} alert={alert} now={at} />
            ))}
            {hidden !== null && (
              <li className="overdueMore">
                <span>{t('overdue.more', { n: count(hidden.count) })}</span>
                <span className="overdueSummary">
                  <AlertCounts counts={hidden.counts} />
                  <span className="panelMeta">
                    {t('overdue.unacknowledged')} <strong>{count(hidden.unacknowledged)}</strong>
                  </span>
                </span>
              </li>
            )}
          </ol>
        </div>
      )}
    </section>
  );
}
