import './ticketCase.css';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useBoardPart, useFigures, useNames, useRowCapacity } from '../../live/useWall.ts';
import { count, duration, timeWithDate } from '../../words/formats.ts';
import { DataStateMark, NothingHeard, usePanelData } from '../dataState/DataState.tsx';
import { Duration } from '../marks/Duration.tsx';
import { Empty } from '../marks/Empty.tsx';
import { nameBook } from '../place.ts';
import { useShownTicket } from './shownTicket.ts';

const ROW_MIN = 44;

/** 办理过程: every step of the ticket on show, newest first; notes are not told on a wall. */
export function TicketTimelinePanel() {
  const { t } = useTranslation();
  const nameOf = useNames();
  const panel = useRef<HTMLElement>(null);
  const capacity = useRowCapacity(panel, ROW_MIN);
  const deployment = useBoardPart((snapshot) => snapshot.deployment);
  const { day } = useFigures();
  const { ticket } = useShownTicket();
  const { state, isKnown, attributes } = usePanelData();
  const names = nameBook(deployment).departments;
  const steps = ticket?.steps ?? [];
  const rows = steps.map((record, i) => {
    const department = record.department === undefined ? undefined : names.get(record.department);
    const before = steps[i - 1];
    return {
      key: `${i} ${record.step}`,
      record,
      afterMs: before === undefined ? undefined : Math.max(0, record.at - before.at),
      who: record.by ?? (department === undefined ? record.department : nameOf(department.name)),
    };
  });
  const shown = rows.toReversed().slice(0, rows.length > capacity ? capacity - 1 : capacity);
  return (
    <section className="panel ticketTimeline" data-testid="ticket-timeline" {...attributes} ref={panel}>
      <header className="panelHeader">
        <h2 className="panelTitle">{t('ticket.timeline')}</h2>
        <span className="panelMeta">
          <DataStateMark state={state} />
        </span>
      </header>
      {!isKnown ? (
        <NothingHeard state={state} />
      ) : ticket === undefined ? (
        <Empty sentence={t('ticket.gone')} small />
      ) : (
        <ol className="timelineRows">
          {shown.map(({ key, record, afterMs, who }) => (
            <li key={key} className="timelineRow" data-step={record.step}>
              <time>{timeWithDate(record.at, day.startAt, deployment.timeZone)}</time>
              <span className="timelineStep">{t(`ticket.step.${record.step}`)}</span>
              <span className="timelineBy place">{who}</span>
              <span className="timelineAfter">{afterMs !== undefined && <Duration parts={duration(afterMs)} />}</span>
            </li>
          ))}
          {shown.length < rows.length && (
            <li className="timelineRow timelineMore">{t('area.more', { n: count(rows.length - shown.length) })}</li>
          )}
        </ol>
      )}
    </section>
  );
}
