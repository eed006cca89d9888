import { useTranslation } from 'react-i18next';
import { useBoardPart, useFigures, useNames } from '../../live/useWall.ts';
import { AlertMark } from '../../panels/marks/AlertMark.tsx';
import { nameBook } from '../../panels/place.ts';
import { timeOrDate } from '../../words/formats.ts';
import { useAnswer } from '../useAnswer.ts';
import { usePlace } from '../usePlace.ts';
import { readTicketAlerts, type TicketAlertRecord } from './ticketWire.ts';

const KINDS = ['overdue', 'dueSoon', 'stageLate', 'criticalTicket'] as const;
type Kind = (typeof KINDS)[number];

function isKind(kind: string): kind is Kind {
  return (KINDS as readonly string[]).includes(kind);
}

/** Who acknowledged it and what was decided, also once it is over; then how it is held now. */
function Handling({ record: { alert, log } }: { record: TicketAlertRecord }) {
  const { t } = useTranslation('desk');
  const nameOf = useNames();
  const deployment = useBoardPart((snapshot) => snapshot.deployment);
  const { day } = useFigures();
  const time = (at: number) => timeOrDate(at, day.startAt, deployment.timeZone);
  const dispositionName = (id: string) => {
    const name = deployment.dispositions.find((disposition) => disposition.id === id)?.name;
    return name === undefined ? id : nameOf(name);
  };
  const { assignTo, nextCheckAt, note, shelvedBy, shelvedUntilAt } = alert;
  const department = assignTo === undefined ? undefined : nameBook(deployment).departments.get(assignTo)?.name;
  const now = [
    assignTo === undefined
      ? undefined
      : t('ticket.assigned', { to: department === undefined ? assignTo : nameOf(department) }),
    nextCheckAt === undefined ? undefined : t('ticket.nextCheck', { time: time(nextCheckAt) }),
    shelvedBy === undefined || shelvedUntilAt === undefined
      ? undefined
      : t('ticket.shelvedUntil', { by: shelvedBy, time: time(shelvedUntilAt) }),
    note,
  ].filter((part) => part !== undefined && part !== '');
  return (
    <>
      {log
        .filter(({ stimulus }) => stimulus === 'acknowledge')
        .map(({ at, actor = '', reason }) => (
          <span key={at} className="ticketAlertHolder">
            {t('ticket.acknowledged', { by: actor, time: time(at) })} · {dispositionName(reason)}
          </span>
        ))}
      {now.length > 0 && <span className="ticketAlertHolder">{now.join(' · ')}</span>}
    </>
  );
}

/** The alerts that a ticket raised and what people did about them; one that is on the board opens beside it. */
export function TicketAlerts({ ticketId, version }: { ticketId: string; version: number }) {
  const { t } = useTranslation('desk');
  const { goTo } = usePlace();
  const { day } = useFigures();
  const zone = useBoardPart((snapshot) => snapshot.deployment.timeZone);
  const onBoard = useBoardPart(({ board }) => board.alerts);
  const answer = useAnswer(`/tickets/${encodeURIComponent(ticketId)}/alerts`, readTicketAlerts, version);
  const items = answer?.ok === true ? answer.value.items : [];
  if (items.length === 0) return null;
  return (
    <section className="ticketAlerts" aria-label={t('ticket.alerts')} data-testid="ticket-alerts">
      <h3>{t('ticket.alerts')}</h3>
      <ul>
        {items.map(({ alert, log }) => (
          <li key={alert.id} className="ticketAlert" data-alert-id={alert.id} data-state={alert.state}>
            {alert.severity === 'critical' || alert.severity === 'high' ? (
              <AlertMark severity={alert.severity} look={alert.state === 'unacknowledged' ? 'filled' : 'hollow'} />
            ) : (
              <span className="ticketAlertDot" />
            )}
            <span className="ticketAlertText">
              <span>
                {isKind(alert.kind) ? t(`ticket.kinds.${alert.kind}`) : alert.kind}{' '}
                <time>{timeOrDate(alert.raisedAt, day.startAt, zone)}</time>
                <span className="ticketAlertState">{t(`ticket.standing.${alert.state}`)}</span>
              </span>
              <Handling record={{ alert, log }} />
            </span>
            {onBoard.has(alert.id) && (
              <button type="button" className="linkButton" onClick={() => goTo({ alertId: alert.id })}>
                {t('ticket.openAlert')}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
