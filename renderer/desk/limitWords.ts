import { useTranslation } from 'react-i18next';
import { deadline } from '../../domain/sla.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { useBoardPart, useFigures } from '../live/useWall.ts';
import { count, duration, timeOrDate } from '../words/formats.ts';
import { useDesk } from './deskContext.ts';

/** A span of time in words, for sentences; parts that are zero are left out: `2 时`. */
export function useSpan(): (ms: number) => string {
  const { t } = useTranslation('translation');
  return (ms) => {
    const parts = duration(ms);
    const said = parts.filter(({ digits }) => Number(digits) > 0);
    return (said.length === 0 ? parts.slice(-1) : said)
      .map(({ digits, unit }) => `${Number(digits)} ${t(`unit.${unit}`)}`)
      .join(' ');
  };
}

/** The limit of a ticket's category as people say it; where the ticket has one of its own, or a moved one, until when. */
export function useLimitWords(): (
  ticket: Pick<Ticket, 'category' | 'reportedAt' | 'dueAt' | 'originalDueAt'>,
) => string {
  const { t } = useTranslation('desk');
  const { rules } = useDesk();
  const { day } = useFigures();
  const zone = useBoardPart((snapshot) => snapshot.deployment.timeZone);
  const span = useSpan();
  const working = useBoardPart((snapshot) => snapshot.history.working);
  return ({ category, reportedAt, dueAt, originalDueAt }) => {
    if (dueAt === undefined) return t('alert.noLimit');
    const limit = rules?.categories.find(({ id }) => id === category)?.limit ?? null;
    const moved = originalDueAt !== undefined && originalDueAt !== dueAt;
    // A source may have set another one than the category's
    const isOwn = limit !== null && deadline(working, limit, reportedAt) === dueAt;
    if (limit === null || moved || !isOwn) return t('alert.until', { time: timeOrDate(dueAt, day.startAt, zone) });
    if (limit.clock === 'workingDays') return t('alert.workingDays', { n: count(limit.amount) });
    return t(`alert.${limit.clock}`, { duration: span(limit.amount * 60_000) });
  };
}
