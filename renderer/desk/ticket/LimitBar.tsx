import { useTranslation } from 'react-i18next';
import { limitShareAt } from '../../../domain/limitUse.ts';
import { useBoardPart, useFigures } from '../../live/useWall.ts';
import { Duration } from '../../panels/marks/Duration.tsx';
import { duration } from '../../words/formats.ts';
import { useDesk } from '../deskContext.ts';
import { useLimitWords } from '../limitWords.ts';
import type { DeskTicket } from './ticketWire.ts';
import { endedAtOf } from './timeline.ts';

/** How long a ticket took, or has taken so far, against its limit. */
export function LimitBar({ ticket }: { ticket: DeskTicket }) {
  const { t } = useTranslation('desk');
  const { rules } = useDesk();
  const { at: now } = useFigures();
  const working = useBoardPart((snapshot) => snapshot.history.working);
  const limitWords = useLimitWords();
  const { category, dueAt, originalDueAt, reportedAt } = ticket;
  const endedAt = endedAtOf(ticket);
  const until = endedAt ?? now;
  const limit = rules?.categories.find(({ id }) => id === category)?.limit ?? undefined;

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
          {dueAt === null
            ? t('alert.noLimit')
            : t('ticket.ofLimit', {
                limit: limitWords({
                  category,
                  reportedAt,
                  dueAt,
                  ...(originalDueAt === undefined ? {} : { originalDueAt }),
                }),
              })}
        </span>
        {percent !== undefined && <span className="visuallyHidden">{t('ticket.limitUsed', { percent })}</span>}
      </span>
    </div>
  );
}
