import { useTranslation } from 'react-i18next';
import { useBoardPart, useFigures } from '../../live/useWall.ts';
import { AgainMark, AlertMark, HourglassMark, Tick } from '../../panels/marks/AlertMark.tsx';
import { Duration } from '../../panels/marks/Duration.tsx';
import { lookOf } from '../../panels/overdue/AlertLine.tsx';
import { holdingOf } from '../../panels/overdue/rows.ts';
import { duration, timeOrDate } from '../../words/formats.ts';
import { useEntryText } from './entryText.ts';
import type { QueueEntry } from './rows.ts';

/** The mark of an alert: level by shape, holding by fill; violet and ⧗ where it is about data. */
export function EntryMark({ entry: { alert, severity, standing } }: { entry: QueueEntry }) {
  if (alert.kind === 'systemFault' || alert.kind === 'sourceSilent') return <HourglassMark />;
  if (severity === 'critical' || severity === 'high') return <AlertMark severity={severity} look={lookOf(standing)} />;
  return (
    <svg className="hintMark" viewBox="0 0 24 24" aria-hidden="true">
      <circle cx="12" cy="12" r="5" />
    </svg>
  );
}

/** By how much the deadline is missed, else what it is about. */
function Reason({ entry: { alert, ticket, overdueMs } }: { entry: QueueEntry }) {
  const { t } = useTranslation(['translation', 'desk']);
  if (overdueMs !== null && alert.kind === 'overdue') return <Duration parts={duration(overdueMs)} />;
  switch (alert.kind) {
    case 'criticalTicket':
      return <span className="queueKind">{t('overdue.criticalTicket')}</span>;
    case 'overdue':
      return (
        <span className="queueKind">{ticket?.overdueClaim === true ? t('overdue.claimed') : t('overdue.inTime')}</span>
      );
    case 'surge':
      return <span className="queueKind">{t('overdue.reports', { n: Number(alert.cause.figures?.count ?? 0) })}</span>;
    case 'dueSoon':
      return <span className="queueKind">{t('queue.dueSoon', { ns: 'desk' })}</span>;
    case 'stageLate':
      return <span className="queueKind">{t('queue.stageLate', { ns: 'desk' })}</span>;
    case 'repeat':
      return <span className="queueKind">{t('queue.repeat', { ns: 'desk' })}</span>;
    case 'sourceSilent':
    case 'systemFault':
      return null;
  }
}

/** Who has it and since when; full names, as far as the server gives them to this desk. */
export function Holding({ entry }: { entry: QueueEntry }) {
  const { t } = useTranslation();
  const zone = useBoardPart((snapshot) => snapshot.deployment.timeZone);
  const { at: now, day } = useFigures();
  const time = (at: number) => timeOrDate(at, day.startAt, zone);
  const holding = holdingOf(entry);
  switch (holding.kind) {
    case 'unacknowledged':
    case 'checkMissed':
      return (
        <span className="queueHolding waits">
          {holding.kind === 'checkMissed' && <AgainMark />}
          {t(`overdue.${holding.kind}`)} <Duration parts={duration(Math.max(0, now - holding.sinceAt))} />
        </span>
      );
    case 'closed':
    case 'cleared':
      return <span className="queueHolding waits">{t(`overdue.${holding.kind}`)}</span>;
    case 'acknowledged':
      return (
        <span className="queueHolding">
          <Tick /> {holding.by} {time(holding.at)}
        </span>
      );
    case 'shelved':
      return (
        <span className="queueHolding">
          {t('overdue.shelved', { time: time(holding.untilAt) })} {holding.by}
        </span>
      );
  }
}

export function QueueRow(props: {
  entry: QueueEntry;
  opened: boolean;
  /** The one row of the queue that Tab comes to. */
  reachable: boolean;
  onFocus: () => void;
  onOpen: () => void;
}) {
  const { entry, opened, reachable, onFocus, onOpen } = props;
  const { t } = useTranslation('desk');
  const { title, place } = useEntryText()(entry);
  const { alert, severity, standing } = entry;
  const isData = alert.kind === 'systemFault' || alert.kind === 'sourceSilent';
  return (
    <li>
      <button
        type="button"
        className={`queueRow ${isData ? 'data' : severity} ${standing}`}
        data-testid="alert-row"
        data-alert-id={alert.id}
        data-ticket-id={alert.ticketId}
        data-state={alert.state}
        data-severity={severity}
        aria-current={opened}
        tabIndex={reachable ? 0 : -1}
        onFocus={onFocus}
        onClick={onOpen}
      >
        <span className="queueEdge" />
        <EntryMark entry={entry} />
        <span className="visuallyHidden">{t(`queue.${severity}`)}</span>
        <span className="queueText">
          <span className="queueLine">
            <span className="queueTitle place">{title}</span>
            <span className="queueFor">
              <Reason entry={entry} />
            </span>
          </span>
          <span className="queueLine">
            <span className="queuePlace place">{place}</span>
            <Holding entry={entry} />
          </span>
        </span>
      </button>
    </li>
  );
}
