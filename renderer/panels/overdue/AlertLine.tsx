import { useTranslation } from 'react-i18next';
import type { Alert } from '../../../domain/alarm.ts';
import type { ListedAlert, Standing } from '../../../domain/alertFigures.ts';
import type { Name } from '../../../domain/deployment.ts';
import { useBoardPart, useFigures, useNames } from '../../live/useWall.ts';
import { count, duration, timeOrDate } from '../../words/formats.ts';
import { whySentence } from '../../words/why.ts';
import { shortNameIn } from '../../words/words.ts';
import { AgainMark, type MarkLook, Tick } from '../marks/AlertMark.tsx';
import { Duration, useDurationText } from '../marks/Duration.tsx';
import { nameBook, namedBy, placeOf } from '../place.ts';
import { textEm } from '../textWidth.ts';
import { type Holding, holdingOf } from './rows.ts';

/** The hooks of one alert (contract, Pages). */
export function alertHooks({ alert, severity }: ListedAlert) {
  return {
    'data-testid': 'overdue-row',
    'data-alert-id': alert.id,
    'data-ticket-id': alert.ticketId,
    'data-state': alert.state,
    'data-severity': severity,
    'data-level': alert.level,
  };
}

export function lookOf(standing: Standing): MarkLook {
  switch (standing) {
    case 'unacknowledged':
      return 'filled';
    case 'returned':
      return 'dashed';
    case 'acknowledged':
      return 'hollow';
    case 'shelved':
      return 'paused';
  }
}

/** The whole sentence for why an alert was raised, for whoever points at it: a row has room for its figure only. */
export function useWhy(): (alert: Alert) => string {
  const { t } = useTranslation();
  const zone = useBoardPart((snapshot) => snapshot.deployment.timeZone);
  return ({ cause }) => whySentence(t, cause, zone);
}

const PLACE_SIZE = 18;

/**
 * Title and place of an alert: its ticket's, else those of the category and area that it is about. A place that would
 * not fit into `room` design units has the short name of its department.
 */
export function useAlertText(): (
  listed: Pick<ListedAlert, 'alert' | 'ticket'>,
  room?: number,
) => { readonly title: string; readonly place: string } {
  const { t, i18n } = useTranslation();
  const nameOf = useNames();
  const deployment = useBoardPart((snapshot) => snapshot.deployment);
  const book = nameBook(deployment);
  const short = (department: { readonly short?: Name }) => shortNameIn(i18n.language, department);
  return ({ alert, ticket }, room = Number.POSITIVE_INFINITY) => {
    if (ticket !== undefined) {
      const place = placeOf(ticket, deployment, nameOf, 'department');
      const fits = textEm(place) * PLACE_SIZE <= room;
      return { title: ticket.title, place: fits ? place : placeOf(ticket, deployment, nameOf, 'department', short) };
    }
    const category = alert.category === undefined ? '' : namedBy(book.categories, alert.category, nameOf);
    const area =
      alert.gridId !== undefined
        ? namedBy(book.grids, alert.gridId, nameOf)
        : alert.communityId !== undefined
          ? namedBy(book.communities, alert.communityId, nameOf)
          : undefined;
    const department = alert.department === undefined ? undefined : book.departments.get(alert.department)?.name;
    return {
      title: alert.kind === 'surge' ? t('overdue.surge', { category }) : category,
      place: [area, department === undefined ? undefined : nameOf(department)]
        .filter((part) => part !== undefined)
        .join(' · '),
    };
  };
}

/** Why it stands here: by how much the deadline is missed, or what else it is. */
export function AlertReason({ listed }: { listed: ListedAlert }) {
  const { t } = useTranslation();
  const { alert, overdueMs } = listed;
  if (alert.kind === 'criticalTicket') return t('overdue.criticalTicket');
  if (alert.kind === 'surge') return t('overdue.reports', { n: count(Number(alert.cause.figures?.count ?? 0)) });
  if (overdueMs === null) return listed.ticket?.overdueClaim === true ? t('overdue.claimed') : t('overdue.inTime');
  return (
    <>
      {t('overdue.over')} <Duration parts={duration(overdueMs)} />
    </>
  );
}

/** Design units that `AlertHolding` takes of a waiting alert, as overdue.css draws it; 0 of any other. */
export function useWaitingWidth(): (listed: ListedAlert) => number {
  const { t } = useTranslation();
  const durationText = useDurationText();
  const nameOf = useNames();
  const ladder = useBoardPart((snapshot) => snapshot.deployment.alarms.ladder);
  const { at: now } = useFigures();
  return (listed) => {
    const holding = holdingOf(listed);
    if (holding.kind !== 'unacknowledged' && holding.kind !== 'checkMissed') return 0;
    const rung = ladder[Math.min(holding.level, ladder.length - 1)];
    const since = durationText(duration(now - holding.sinceAt));
    const again = holding.kind === 'checkMissed' ? 25 : 0;
    const words = `${t(`overdue.${holding.kind}`)} ${since}`;
    return 24 + textEm(rung === undefined ? '' : nameOf(rung)) * 18 + 8 + again + textEm(words) * 19;
  };
}

/** The rungs of the ladder, those reached filled, and the name of the one that has to act now. */
export function Rung({ level }: { level: number }) {
  const nameOf = useNames();
  const ladder = useBoardPart((snapshot) => snapshot.deployment.alarms.ladder);
  const name = ladder[Math.min(level, ladder.length - 1)];
  return (
    <span className="rung">
      <svg className="rungMark" viewBox="0 0 19 16" aria-hidden="true">
        {ladder.map((rung, i) => (
          <rect
            key={rung.zh}
            className={i <= level ? 'reached' : ''}
            x={i * 5}
            y={12 - i * 4}
            width="4"
            height={4 + i * 4}
          />
        ))}
      </svg>
      {name !== undefined && nameOf(name)}
    </span>
  );
}

function Since({ at }: { at: number }) {
  const { at: now } = useFigures();
  return <Duration parts={duration(Math.max(0, now - at))} />;
}

/** Who has it: the rung that must act, or the officer who does, masked by the server. */
export function AlertHolding({ listed, wide }: { listed: ListedAlert; wide: boolean }) {
  const { t } = useTranslation();
  const zone = useBoardPart((snapshot) => snapshot.deployment.timeZone);
  const { day } = useFigures();
  const time = (at: number) => timeOrDate(at, day.startAt, zone);
  const holding: Holding = holdingOf(listed);
  switch (holding.kind) {
    case 'unacknowledged':
    case 'checkMissed':
      return (
        <span className="overdueHolding waits">
          <Rung level={holding.level} />
          <span className="overdueSince">
            {holding.kind === 'checkMissed' && <AgainMark />}
            {t(`overdue.${holding.kind}`)} <Since at={holding.sinceAt} />
          </span>
        </span>
      );
    case 'closed':
    case 'cleared':
      return <span className="overdueHolding waits">{t(`overdue.${holding.kind}`)}</span>;
    case 'acknowledged':
      return (
        <span className="overdueHolding">
          <Tick />
          {holding.by} {time(holding.at)}
          {wide && holding.nextCheckAt !== undefined && (
            <span className="nextCheck">{t('overdue.nextCheck', { time: time(holding.nextCheckAt) })}</span>
          )}
        </span>
      );
    case 'shelved':
      return (
        <span className="overdueHolding">
          {t('overdue.shelved', { time: time(holding.untilAt) })} {holding.by}
        </span>
      );
  }
}
