import { useTranslation } from 'react-i18next';
import { limitShare } from '../../../domain/limitUse.ts';
import type { Ticket } from '../../../domain/ticket.ts';
import { useBoardPart, useFigures, useNames } from '../../live/useWall.ts';
import { nameBook, namedBy } from '../../panels/place.ts';
import { count, isoDate, timeOfDay, timeOrDate } from '../../words/formats.ts';
import { whySentence } from '../../words/why.ts';
import { Fact } from '../controls/Fact.tsx';
import { useLimitWords } from '../limitWords.ts';
import type { QueueEntry } from '../queue/rows.ts';
import { useAnswer } from '../useAnswer.ts';
import { readTicketFacts } from './alertWire.ts';

/** The limit of a ticket as people say it, and how much of it is used. */
function useLimitText(): (ticket: Ticket) => string {
  const { t } = useTranslation('desk');
  const { at: now } = useFigures();
  const working = useBoardPart((snapshot) => snapshot.history.working);
  const limitWords = useLimitWords();
  return (ticket) => {
    const share = limitShare(working, ticket, now);
    const used =
      share === undefined || !Number.isFinite(share)
        ? []
        : [t('alert.used', { percent: count(Math.floor(share * 100)) })];
    return [limitWords(ticket), ...used].join(' · ');
  };
}

/** What a ticket's alert is about. Description and reporter are asked for when it is opened; the server logs who saw them. */
function TicketFacts({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation('desk');
  const nameOf = useNames();
  const deployment = useBoardPart((snapshot) => snapshot.deployment);
  const { day } = useFigures();
  const book = nameBook(deployment);
  const limitText = useLimitText();
  const answer = useAnswer(`/tickets/${encodeURIComponent(ticket.id)}`, readTicketFacts, ticket.steps.length);
  const facts = answer?.ok === true ? answer.value.ticket : undefined;
  const { gridId, address } = ticket.location;
  const department = ticket.department === undefined ? undefined : book.departments.get(ticket.department)?.name;
  const reporter = facts?.reporter?.name ?? facts?.reporter?.id;
  return (
    <>
      <dl className="facts">
        <Fact label={t('alert.number')}>{ticket.number}</Fact>
        <Fact label={t('alert.domain')}>{namedBy(book.domains, ticket.domain, nameOf)}</Fact>
        <Fact label={gridId === undefined ? t('alert.place') : t('alert.grid')}>
          {gridId === undefined ? address : namedBy(book.grids, gridId, nameOf)}
        </Fact>
        <Fact label={t('alert.reported')}>
          {reporter} {timeOrDate(ticket.reportedAt, day.startAt, deployment.timeZone)}
        </Fact>
        <Fact label={t('alert.department')}>{department === undefined ? ticket.department : nameOf(department)}</Fact>
        <Fact label={t('alert.limit')}>{limitText(ticket)}</Fact>
      </dl>
      {facts?.description !== undefined && <p className="factsText">{facts.description}</p>}
      {answer?.ok === false && <p className="factsText faint">{t('alert.factsFailed')}</p>}
    </>
  );
}

export function Facts({ entry: { alert, ticket } }: { entry: QueueEntry }) {
  const { t } = useTranslation('desk');
  const { t: tWall } = useTranslation();
  const zone = useBoardPart((snapshot) => snapshot.deployment.timeZone);
  if (ticket !== undefined) return <TicketFacts ticket={ticket} />;
  return (
    <>
      <dl className="facts">
        <Fact label={t('alert.raised')}>
          {isoDate(alert.raisedAt, zone)} {timeOfDay(alert.raisedAt, zone)}
        </Fact>
      </dl>
      <p className="factsText">{whySentence(tWall, alert.cause, zone)}</p>
    </>
  );
}
