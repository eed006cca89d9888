import { useTranslation } from 'react-i18next';
import { useBoardPart, useFigures, useNames } from '../../live/useWall.ts';
import { AlertMark } from '../../panels/marks/AlertMark.tsx';
import { nameBook } from '../../panels/place.ts';
import { timeOrDate } from '../../words/formats.ts';
import { useAnswer } from '../useAnswer.ts';
import { usePlace } from '../usePlace.ts';
import { readTicketAlerts, type TicketAlert } from './ticketWire.ts';

const KINDS = ['overdue', 'dueSoon', 'stageLate', 'criticalTicket'] as const;
type Kind = (typeof KINDS)[number];

function isKind(kind: string): kind is Kind {
  return (KINDS as readonly string[]).includes(kind);
}

/** Who has it, why, and when it is looked at again. */
function Holder({ alert }: { alert: TicketAlert }) {
  const { t } = useTranslation('desk');
  const nameOf = useNames();
  const deployment = useBoardPart((snapshot) => snapshot.deployment);
  const { day } = useFigures();
  const time = (at: number) => timeOrDate(at, day.startAt, deployment.timeZone);
  const disposition = deployment.dispositions.find(({ id }) => id === alert.disposition)?.name;
  const department =
    alert.assignTo === undefined ? undefined : nameBook(deployment).departments.get(alert.assignTo)?.name;
  const { acknowledgedBy: by, acknowledgedAt, nextCheckAt, assignTo, note, shelvedBy, shelvedUntilAt } = alert;
  const parts = [
    by !== undefined && acknowledgedAt !== undefined
      ? t('ticket.acknowledged', { by, time: time(acknowledgedAt) })
      : undefined,
    disposition === undefined ? alert.disposition : nameOf(disposition),
    assignTo === undefined
      ? undefined
      : t('ticket.assigned', { to: department === undefined ? assignTo : nameOf(department) }),
    nextCheckAt === undefined ? undefined : t('ticket.nextCheck', { time: time(nextCheckAt) }),
    shelvedBy !== undefined && shelvedUntilAt !== undefined
      ? t('ticket.shelvedUntil', { by: shelvedBy, time: time(shelvedUntilAt) })
      : undefined,
    note,
  ].filter((part) => part !== undefined && part !== '');
  return parts.length === 0 ? null : <span className="ticketAlertHolder">{parts.join(' · ')}</span>;
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
        {items.map(({ alert }) => (
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
              <Holder alert={alert} />
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
