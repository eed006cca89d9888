import { useTranslation } from 'react-i18next';
import { limitShare } from '../../../domain/limitUse.ts';
import type { LocalDay } from '../../../domain/metrics.ts';
import { leftAt, stageOf } from '../../../domain/metrics.ts';
import type { WorkingTime } from '../../../domain/sla.ts';
import { countsInStatistics } from '../../../domain/statistics.ts';
import type { Ticket } from '../../../domain/ticket.ts';
import { useBoardPart, useFigures, useWallParts } from '../../live/useWall.ts';
import { timeOrDate } from '../../words/formats.ts';
import { StepStrip } from '../marks/StepStrip.tsx';
import { streamRow } from '../stream/rows.ts';
import { CaseStateText } from '../stream/StreamPanel.tsx';

/** What is open in these grids, most of its limit used first, then what was reported or ended there today, newest first. */
export function ticketsOf(
  tickets: Iterable<Ticket>,
  gridIds: ReadonlySet<string>,
  day: Pick<LocalDay, 'startAt'>,
  working: WorkingTime,
  now: number,
): readonly Ticket[] {
  const open: { ticket: Ticket; share: number }[] = [];
  const ended: Ticket[] = [];
  for (const ticket of tickets) {
    const { gridId } = ticket.location;
    if (gridId === undefined || !gridIds.has(gridId) || !countsInStatistics(ticket)) continue;
    if (stageOf(ticket.status) !== undefined) open.push({ ticket, share: limitShare(working, ticket, now) ?? 0 });
    else if (leftAt(ticket) >= day.startAt) ended.push(ticket);
  }
  return [
    ...open.sort((a, b) => b.share - a.share || a.ticket.reportedAt - b.ticket.reportedAt).map(({ ticket }) => ticket),
    ...ended.sort((a, b) => leftAt(b) - leftAt(a)),
  ];
}

/** The tickets behind the figures of an area, as many as there is room for. */
export function AreaTickets({ tickets }: { tickets: readonly Ticket[] }) {
  const { t } = useTranslation();
  const { clock } = useWallParts();
  const zone = useBoardPart((snapshot) => snapshot.deployment.timeZone);
  const working = useBoardPart((snapshot) => snapshot.history.working);
  const { at: now, day } = useFigures();
  if (tickets.length === 0) return <li className="areaNone">{t('area.noTickets')}</li>;
  return tickets.map((ticket) => {
    const { marks, state } = streamRow(ticket, working, now, clock.pace());
    return (
      <li key={ticket.id} className="areaTicket" data-ticket-id={ticket.id} data-status={ticket.status}>
        <time>{timeOrDate(ticket.reportedAt, day.startAt, zone)}</time>
        <span className="areaTicketTitle place">{ticket.title}</span>
        <StepStrip marks={marks} />
        <span className="caseState">
          <CaseStateText state={state} />
        </span>
      </li>
    );
  });
}
