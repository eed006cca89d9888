import './alert.css';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { standingOf } from '../../../domain/alertFigures.ts';
import { lateByMs } from '../../../domain/sla.ts';
import { useBoardPart, useFigures } from '../../live/useWall.ts';
import { Duration } from '../../panels/marks/Duration.tsx';
import { duration } from '../../words/formats.ts';
import { useDesk } from '../deskContext.ts';
import { useEntryText } from '../queue/entryText.ts';
import { EntryMark } from '../queue/QueueRow.tsx';
import type { QueueEntry } from '../queue/rows.ts';
import { AlertLog } from './AlertLog.tsx';
import { Facts } from './Facts.tsx';
import { HandlingForm } from './HandlingForm.tsx';
import { MapExcerpt } from './MapExcerpt.tsx';

/** An alert of the board with its ticket, as the queue lists it, also once it is over; undefined where it is not there. */
function useEntry(alertId: string): QueueEntry | undefined {
  const { at: now } = useFigures();
  const alert = useBoardPart(({ board }) => board.alerts.get(alertId));
  const ticketId = alert?.ticketId;
  const ticket = useBoardPart(({ board }) => (ticketId === undefined ? undefined : board.tickets.get(ticketId)));
  if (alert === undefined) return undefined;
  const lateMs = ticket === undefined ? 0 : lateByMs(ticket, now);
  return {
    alert,
    severity: alert.severity,
    // Over and seen reads like held
    standing: standingOf(alert.state) ?? 'acknowledged',
    ...(ticket === undefined ? {} : { ticket }),
    overdueMs: lateMs > 0 ? lateMs : null,
  };
}

function Head({ entry }: { entry: QueueEntry }) {
  const { t } = useTranslation('desk');
  const { title } = useEntryText()(entry);
  const { overdueMs, standing, severity } = entry;
  const loud = standing === 'unacknowledged' ? severity : 'quiet';
  return (
    <header className="alertHead">
      <EntryMark entry={entry} />
      <h2>{title}</h2>
      {overdueMs !== null && (
        <span className={`alertFor ${loud}`}>
          <span className="alertForLabel">{t('alert.overdue')}</span> <Duration parts={duration(overdueMs)} />
        </span>
      )}
    </header>
  );
}

/** 告警处置: one alert, what it is about, what happened to it, and what to do. */
export function AlertPane({ alertId, onClose }: { alertId: string; onClose: () => void }) {
  const { t } = useTranslation('desk');
  const { commands } = useDesk();
  const entry = useEntry(alertId);
  const pane = useRef<HTMLElement>(null);
  useEffect(
    () =>
      commands.on('back', () => {
        const { activeElement } = document;
        // The query has its own way back
        if (activeElement?.closest('[data-testid=search-panel]') != null) return;
        const row = document.querySelector<HTMLElement>('[data-testid=alert-row][aria-current=true]');
        // First out of what is being written, then out of the alert
        if (activeElement instanceof HTMLElement && pane.current?.contains(activeElement) && row !== null) row.focus();
        else onClose();
      }),
    [commands, onClose],
  );
  if (entry === undefined) {
    return (
      <section className="deskColumn alertPane" aria-label={t('alert.pane')}>
        <div className="paneNone">
          <h2>{t('alert.gone')}</h2>
          <p>{t('alert.goneHint')}</p>
        </div>
      </section>
    );
  }
  return (
    <section
      className="deskColumn alertPane"
      data-testid="alert-pane"
      data-alert-id={alertId}
      data-state={entry.alert.state}
      aria-label={t('alert.pane')}
      ref={pane}
    >
      <div className="alertAbout">
        <Head entry={entry} />
        <Facts entry={entry} />
      </div>
      <MapExcerpt entry={entry} />
      <AlertLog entry={entry} />
      <HandlingForm key={alertId} entry={entry} />
    </section>
  );
}
