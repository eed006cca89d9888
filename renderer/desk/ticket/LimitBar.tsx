import { useTranslation } from 'react-i18next';
import { limitShareAt } from '../../../domain/limitUse.ts';
import { useBoardPart, useFigures } from '../../live/useWall.ts';
import { Duration } from '../../panels/marks/Duration.tsx';
import { count, duration, timeOrDate } from '../../words/formats.ts';
import { useDesk } from '../deskContext.ts';
import type { DeskTicket } from './ticketWire.ts';
import { endedAtOf } from './timeline.ts';
import { useSpan } from './useSpan.ts';

/** How long a ticket took, or has taken so far, against its limit. */
export function LimitBar({ ticket }: { ticket: DeskTicket }) {
  const { t } = useTranslation('desk');
  const { rules } = useDesk();
  const { at: now, day } = useFigures();
  const working = useBoardPart((snapshot) => snapshot.history.working);
  const zone = useBoardPart((snapshot) => snapshot.deployment.timeZone);
  const span = useSpan();
  const { dueAt, originalDueAt, reportedAt } = ticket;
  const endedAt = endedAtOf(ticket);
  const until = endedAt ?? now;
  const limit = rules?.categories.find(({ id }) => id === ticket.category)?.limit ?? undefined;

  function limitText(): string {
    if (dueAt === null) return t('ticket.noLimit');
    if (limit === undefined || originalDueAt !== undefined) return timeOrDate(dueAt, day.startAt, zone);
    if (limit.clock === 'workingDays') return t('ticket.workingDays', { n: count(limit.amount) });
    return t(`ticket.${limit.clock}`, { duration: span(limit.amount * 60_000) });
  }

  const share =
    dueAt === null
      ? undefined
      : limitShareAt(working, { reportedAt, dueAt, ...(limit === undefined ? {} : { clock: limit.clock }) }, until);
  const percent = share === undefined || !Number.isFinite(share) ? undefined : Math.floor(share * 100);
  // Past the limit the whole bar is time taken, and the mark of the limit moves back into it
  const filled = share === undefined ? 0 : Math.min(1, share);
  const limitPlace = share === undefined || share <= 1 ? 1 : 1 / share;
  return (
    <div className="limitBar" data-testid="limit-bar">
      <span className="limitLabel">{endedAt === undefined ? t('ticket.sofar') : t('ticket.whole')}</span>
      <span className="limitTrack" aria-hidden="true">
        <span className="limitFill" style={{ width: `${filled * 100}%` }} />
        {limitPlace < 1 && <span className="limitMark" style={{ left: `${limitPlace * 100}%` }} />}
      </span>
      <span className="limitText">
        <strong>
          <Duration parts={duration(Math.max(0, until - reportedAt))} />
        </strong>
        <span className="limitOf">
          {dueAt === null ? t('ticket.noLimit') : t('ticket.ofLimit', { limit: limitText() })}
        </span>
        {percent !== undefined && <span className="visuallyHidden">{t('ticket.limitUsed', { percent })}</span>}
      </span>
    </div>
  );
}
