import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { limitShare } from '../../../domain/limitUse.ts';
import type { Ticket } from '../../../domain/ticket.ts';
import { useBoardPart, useFigures, useNames } from '../../live/useWall.ts';
import { nameBook, namedBy } from '../../panels/place.ts';
import { count, duration, isoDate, timeOfDay, timeOrDate } from '../../words/formats.ts';
import { whySentence } from '../../words/why.ts';
import { useDesk } from '../deskContext.ts';
import type { QueueEntry } from '../queue/rows.ts';
import { useAnswer } from '../useAnswer.ts';
import { readTicketFacts } from './alertWire.ts';

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="fact">
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** The limit of a ticket's category as people say it, else until when; and how much of it is used. */
function useLimitText(): (ticket: Ticket) => string {
  const { t } = useTranslation(['translation', 'desk']);
  const { rules } = useDesk();
  const { at: now, day } = useFigures();
  const working = useBoardPart((snapshot) => snapshot.history.working);
  const zone = useBoardPart((snapshot) => snapshot.deployment.timeZone);
  const inWords = (minutes: number) =>
    duration(minutes * 60_000)
      .filter(({ digits }) => Number(digits) > 0)
      .map(({ digits, unit }) => `${Number(digits)} ${t(`unit.${unit}`)}`)
      .join(' ');
  return (ticket) => {
    const { dueAt, originalDueAt } = ticket;
    if (dueAt === undefined) return t('alert.noLimit', { ns: 'desk' });
    const limit = rules?.categories.find(({ id }) => id === ticket.category)?.limit ?? null;
    const moved = originalDueAt !== undefined && originalDueAt !== dueAt;
    const told =
      limit === null || moved
        ? t('alert.until', { ns: 'desk', time: timeOrDate(dueAt, day.startAt, zone) })
        : limit.clock === 'workingDays'
          ? t('alert.workingDays', { ns: 'desk', n: count(limit.amount) })
          : t(`alert.${limit.clock}`, { ns: 'desk', duration: inWords(limit.amount) });
    const share = limitShare(working, ticket, now);
    const used =
      share === undefined || !Number.isFinite(share)
        ? []
        : [t('alert.used', { ns: 'desk', percent: count(Math.floor(share * 100)) })];
    return [told, ...used].join(' · ');
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
