import { useTranslation } from 'react-i18next';
import { useBoardPart, useFigures, useNames } from '../../live/useWall.ts';
import { nameBook, namedBy } from '../../panels/place.ts';
import { timeOrDate } from '../../words/formats.ts';
import type { DeskTicket } from '../ticket/ticketWire.ts';

/** What matters most of a ticket's state; the live board knows it sooner than the answer of a search. */
function State({ ticket }: { ticket: DeskTicket }) {
  const { t } = useTranslation('desk');
  const live = useBoardPart(({ board }) => board.tickets.get(ticket.id));
  const { status, points } = live ?? ticket;
  const state = t(`search.state.${status}`);
  if (status === 'closed' && points > 0) return t('search.closedWith', { state, n: points });
  return (
    <>
      {ticket.overdue && status !== 'void' && status !== 'merged' && (
        <strong className="resultOverdue">{t('search.overdueTag')}</strong>
      )}
      {state}
    </>
  );
}

/** One ticket found: when, what, where, and how it stands. */
export function ResultRow(props: {
  id: string;
  ticket: DeskTicket;
  /** From 1, of all that were found. */
  place: number;
  total: number;
  active: boolean;
  opened: boolean;
  onOpen: () => void;
}) {
  const { id, ticket, place, total, active, opened, onOpen } = props;
  const nameOf = useNames();
  const deployment = useBoardPart((snapshot) => snapshot.deployment);
  const { day } = useFigures();
  const { gridId, address } = ticket.location;
  const where = gridId === undefined ? address : namedBy(nameBook(deployment).grids, gridId, nameOf);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the box has the focus and takes the keys for all rows
    <div
      id={id}
      role="option"
      className={`resultRow${active ? ' active' : ''}${opened ? ' opened' : ''}`}
      data-testid="search-result"
      data-ticket-id={ticket.id}
      aria-selected={opened}
      aria-posinset={place}
      aria-setsize={total}
      tabIndex={-1}
      onClick={onOpen}
    >
      <time className="resultTime">{timeOrDate(ticket.reportedAt, day.startAt, deployment.timeZone)}</time>
      <span className="resultText">
        <span className="resultTitle">{ticket.title}</span>
        <span className="resultPlace">{where}</span>
      </span>
      <span className="resultState">
        <State ticket={ticket} />
      </span>
    </div>
  );
}
