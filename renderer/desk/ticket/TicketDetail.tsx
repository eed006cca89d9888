import './ticket.css';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBoardPart, useNames } from '../../live/useWall.ts';
import { nameBook, namedBy } from '../../panels/place.ts';
import { Fact } from '../controls/Fact.tsx';
import { useDesk } from '../deskContext.ts';
import { mayHandle } from '../session/user.ts';
import { useAnswer } from '../useAnswer.ts';
import { LimitBar } from './LimitBar.tsx';
import { TicketAlerts } from './TicketAlerts.tsx';
import { Timeline } from './Timeline.tsx';
import { type DeskTicket, readTicket } from './ticketWire.ts';
import { officerOf } from './timeline.ts';

function Facts({ ticket }: { ticket: DeskTicket }) {
  const { t } = useTranslation('desk');
  const nameOf = useNames();
  const deployment = useBoardPart((snapshot) => snapshot.deployment);
  const book = nameBook(deployment);
  const { gridId, address } = ticket.location;
  const departmentName = (id: string) => {
    const department = book.departments.get(id);
    return department === undefined ? id : nameOf(department.name);
  };
  const place = [gridId === undefined ? undefined : namedBy(book.grids, gridId, nameOf), address];
  const reporter = [ticket.reporter?.name, ticket.reporter?.id];
  const source = deployment.sources.find(({ id }) => id === ticket.source)?.name;
  const said = (parts: readonly (string | undefined)[]) => parts.filter((part) => part !== undefined).join(' ');
  return (
    <dl className="ticketFacts">
      <Fact label={t('ticket.category')}>
        {namedBy(book.domains, ticket.domain, nameOf)} · {namedBy(book.categories, ticket.category, nameOf)}
      </Fact>
      <Fact label={t('ticket.place')}>{said(place)}</Fact>
      <Fact label={t('ticket.department')}>
        {ticket.department === null ? undefined : departmentName(ticket.department)}
      </Fact>
      <Fact label={t('ticket.assist')}>{ticket.assistDepartments.map(departmentName).join(' · ')}</Fact>
      <Fact label={t('ticket.reporter')}>{said(reporter)}</Fact>
      <Fact label={t('ticket.phone')}>{ticket.reporter?.phone}</Fact>
      <Fact label={t('ticket.source')}>{source === undefined ? ticket.source : nameOf(source)}</Fact>
      {ticket.priority !== 'normal' && <Fact label={t('ticket.priority')}>{t(`ticket.${ticket.priority}`)}</Fact>}
    </dl>
  );
}

/** Masked until somebody who may asks for the originals; the server writes down who did. */
function Personal(props: { originals: boolean; onChange: (originals: boolean) => void }) {
  const { originals, onChange } = props;
  const { t } = useTranslation('desk');
  return (
    <p className="ticketPersonal">
      <span role="status">{originals ? t('ticket.shown') : t('ticket.masked')}</span>
      <button type="button" className="linkButton" data-testid="show-personal" onClick={() => onChange(!originals)}>
        {originals ? t('ticket.hide') : t('ticket.show')}
      </button>
    </p>
  );
}

function Body({ ticket, version, personal }: { ticket: DeskTicket; version: number; personal: ReactNode }) {
  const { t } = useTranslation('desk');
  return (
    <div className="ticketBody">
      <div className="ticketAbout">
        <p className={ticket.description === undefined ? 'ticketText faint' : 'ticketText'}>
          {ticket.description ?? t('ticket.noDescription')}
        </p>
        <Facts ticket={ticket} />
        {personal}
        {ticket.flags.length > 0 && (
          <ul className="ticketFlags">
            {ticket.flags.map((flag) => (
              <li key={flag}>{t(`ticket.flags.${flag}`)}</li>
            ))}
          </ul>
        )}
        <TicketAlerts ticketId={ticket.id} version={version} />
      </div>
      <div className="ticketProgress">
        <LimitBar ticket={ticket} />
        <Timeline ticket={ticket} />
      </div>
    </div>
  );
}

function Head({ ticket, onClose }: { ticket: DeskTicket; onClose: () => void }) {
  const { t } = useTranslation('desk');
  const nameOf = useNames();
  const deployment = useBoardPart((snapshot) => snapshot.deployment);
  const { gridId, address } = ticket.location;
  const place = gridId === undefined ? address : namedBy(nameBook(deployment).grids, gridId, nameOf);
  const about = [ticket.number, place, officerOf(ticket)].filter((part) => part !== undefined);
  return (
    <header className="ticketHead">
      <div className="ticketTitle">
        <h3>{ticket.title}</h3>
        <p>{about.join(' · ')}</p>
      </div>
      {ticket.points > 0 && (
        <p className="ticketPoints" data-testid="ticket-points">
          <span className="ticketPointsValue">
            <strong>+{ticket.points}</strong> {t('ticket.pointsUnit')}
          </span>
          <span>{t('ticket.points')}</span>
        </p>
      )}
      <button type="button" className="ticketClose" aria-label={t('ticket.close')} onClick={onClose}>
        <svg viewBox="0 0 20 20" aria-hidden="true">
          <path d="m5 5 10 10M15 5 5 15" />
        </svg>
      </button>
    </header>
  );
}

/** A ticket with its whole story: what it is about left, how it went right where there is room, else below. */
export function TicketDetail({ ticketId, onClose }: { ticketId: string; onClose: () => void }) {
  const { t } = useTranslation('desk');
  const { user } = useDesk();
  const [originals, setOriginals] = useState(false);
  const live = useBoardPart(({ board }) => board.tickets.get(ticketId));
  const version = live?.steps.length ?? 0;
  const path = `/tickets/${encodeURIComponent(ticketId)}`;
  const masked = useAnswer(`${path}?personal=masked`, readTicket, version);
  const original = useAnswer(originals ? path : undefined, readTicket, version);
  const answer = original ?? masked;
  const notFound = answer?.ok === false && answer.refusal.reason === 'refused' && answer.refusal.code === 'not_found';
  return (
    <article
      className="ticketDetail"
      data-testid="ticket-detail"
      data-ticket-id={ticketId}
      aria-label={t('ticket.title')}
    >
      {answer === undefined && <p className="ticketNone">{t('ticket.loading')}</p>}
      {answer?.ok === false && (
        <p className="ticketNone" role="status">
          {notFound ? t('ticket.missing') : t('ticket.failed')}{' '}
          <button type="button" className="linkButton" onClick={onClose}>
            {t('ticket.close')}
          </button>
        </p>
      )}
      {answer?.ok === true && (
        <>
          <Head ticket={answer.value.ticket} onClose={onClose} />
          <Body
            ticket={answer.value.ticket}
            version={version}
            personal={
              mayHandle(user) && <Personal originals={original?.ok === true} onChange={(next) => setOriginals(next)} />
            }
          />
        </>
      )}
    </article>
  );
}
