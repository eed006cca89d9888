import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useBoardPart, useFigures, useNames } from '../../live/useWall.ts';
import { Duration } from '../../panels/marks/Duration.tsx';
import { nameBook } from '../../panels/place.ts';
import { duration, isoDate, timeOfDay, timeOrDate } from '../../words/formats.ts';
import { useSpan } from '../limitWords.ts';
import { usePlace } from '../usePlace.ts';
import type { DeskTicket, TicketStep } from './ticketWire.ts';
import { officerOf, type SkippedStage, type TimelineNode, timelineOf } from './timeline.ts';

function Gap({ ms }: { ms: number }) {
  return (
    <span className="stepGap">
      <Duration parts={duration(ms)} />
    </span>
  );
}

/** What an entry says beside its stage: to whom, until when, what was noted, and what it brought. */
function Details({ entry, awarded }: { entry: TicketStep; awarded: string | undefined }) {
  const { t } = useTranslation('desk');
  const nameOf = useNames();
  const span = useSpan();
  const deployment = useBoardPart((snapshot) => snapshot.deployment);
  const { day } = useFigures();
  const { goTo } = usePlace();
  const department = entry.department === null ? undefined : nameBook(deployment).departments.get(entry.department);
  const to = department === undefined ? entry.department : nameOf(department.name);
  const lines = [
    entry.step === 'dispatch' && to !== null ? t('ticket.to', { department: to }) : null,
    entry.dueAt === undefined
      ? null
      : t('ticket.until', { time: timeOrDate(entry.dueAt, day.startAt, deployment.timeZone) }),
    entry.note,
    entry.lateByMs === undefined ? null : t('ticket.lateBy', { duration: span(entry.lateByMs) }),
    awarded,
  ].filter((line) => line !== null && line !== undefined && line !== '');
  const { into } = entry;
  return (
    <>
      {into !== undefined && (
        <button type="button" className="linkButton stepInto" onClick={() => goTo({ ticketId: into })}>
          {t('ticket.into', { ticket: into })}
        </button>
      )}
      {lines.map((line) => (
        <span key={line} className="stepNote">
          {line}
        </span>
      ))}
    </>
  );
}

function Skipped({ stage, onTheSpot }: { stage: SkippedStage; onTheSpot: boolean }) {
  const { t } = useTranslation('desk');
  const why = stage === 'dispatch' && !onTheSpot ? t('ticket.skippedStage') : t(`ticket.skipped.${stage}`);
  return (
    <li className="timelineStep skipped" data-testid="timeline-step" data-step={stage} data-skipped="true">
      <span className="stepTime" />
      <span className="stepNode" />
      <span className="stepText">
        <span className="stepName">{t(`ticket.steps.${stage}`)}</span>
        <span className="stepNote">{why}</span>
      </span>
    </li>
  );
}

/** What happened to a ticket, entry by entry, with the time between them; a stage passed over keeps its node. */
export function Timeline({ ticket }: { ticket: DeskTicket }) {
  const { t } = useTranslation('desk');
  const { at: now, day } = useFigures();
  const zone = useBoardPart((snapshot) => snapshot.deployment.timeZone);
  const span = useSpan();
  const nodes = timelineOf(ticket);
  const handled = ticket.steps.some(({ step }) => step === 'handle');
  const last = ticket.steps.at(-1);
  const awardedAt = ticket.steps.findLast(({ step }) => step === 'close' || step === 'verify');
  const officer = officerOf(ticket);
  const awarded =
    ticket.points === 0
      ? undefined
      : officer === undefined
        ? t('ticket.awarded', { n: ticket.points })
        : t('ticket.awardedTo', { n: ticket.points, officer });
  let shownDay = isoDate(day.startAt, zone);
  const { status } = ticket;
  const open = status === 'closed' || status === 'void' || status === 'merged' ? undefined : status;

  function row(node: TimelineNode, i: number): ReactNode {
    if (node.kind === 'skipped') return <Skipped key={node.stage} stage={node.stage} onTheSpot={handled} />;
    const { entry, main, gapMs } = node;
    const date = isoDate(entry.at, zone);
    const newDay = date !== shownDay;
    shownDay = date;
    const ends = entry.step === 'report' || entry.step === 'close';
    return (
      <li
        key={`${i} ${entry.step}`}
        className={`timelineStep ${main ? 'main' : 'side'}${ends ? ' end' : ''}`}
        data-testid="timeline-step"
        data-step={entry.step}
      >
        <span className="stepTime">
          {newDay && <span className="stepDate">{date.slice(5)}</span>}
          <time dateTime={new Date(entry.at).toISOString()}>{timeOfDay(entry.at, zone)}</time>
          {gapMs !== null && <Gap ms={gapMs} />}
        </span>
        <span className="stepNode" />
        <span className="stepText">
          <span className="stepName">{t(`ticket.steps.${entry.step}`)}</span>
          {entry.step === 'report' && ticket.description !== undefined && (
            <span className="stepNote stepDescription">{ticket.description}</span>
          )}
          <Details entry={entry} awarded={entry === awardedAt ? awarded : undefined} />
        </span>
        <span className="stepActor">{entry.by}</span>
      </li>
    );
  }

  return (
    <ol className="timeline" data-testid="timeline" aria-label={t('ticket.progress')}>
      {nodes.map(row)}
      {open !== undefined && last !== undefined && (
        <li className="timelineStep now">
          <span className="stepTime" />
          <span className="stepNode" />
          <span className="stepText">
            <span className="stepName">{t(`ticket.now.${open}`)}</span>
            <span className="stepNote">{t('ticket.waiting', { duration: span(Math.max(0, now - last.at)) })}</span>
          </span>
        </li>
      )}
    </ol>
  );
}
