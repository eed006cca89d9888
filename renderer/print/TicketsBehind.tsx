import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TicketFigure } from '../../domain/brief.ts';
import { decodeTicketsAnswer, type TicketsAnswer } from '../../protocol/briefAnswer.ts';
import type { Api } from '../desk/api.ts';
import { count } from '../words/formats.ts';
import { reading, type SheetData } from './load.ts';

/** Which tickets stand behind a figure of the sheet; a rate opens what it is a share of. */
const FIGURE_OF: Readonly<Record<string, TicketFigure>> = {
  onTimeRate: 'dueInPeriod',
  onTimeRateChange: 'dueInPeriod',
  overdue: 'overdue',
  opened: 'opened',
  openedChange: 'opened',
  closed: 'closed',
  open: 'open',
  medianFinishMs: 'finished',
  medianFinishMsChange: 'finished',
  passedAtOnceRate: 'judged',
  judged: 'judged',
  gridsWithOverdue: 'overdue',
};

interface Asked {
  readonly figure: TicketFigure;
  readonly group: Readonly<Record<string, string>>;
  readonly label: string;
}

/** What an element of the sheet asks for; undefined where no tickets stand behind it. */
export function askedBy(element: Element): Asked | undefined {
  const square = element.closest<HTMLElement>('[data-grid-id]');
  if (square !== null) {
    return { figure: 'opened', group: { grid: square.dataset.gridId ?? '' }, label: square.dataset.gridId ?? '' };
  }
  const holder = element.closest<HTMLElement>('[data-figure]');
  const figure = FIGURE_OF[holder?.dataset.figure ?? ''];
  if (holder === null || figure === undefined) return undefined;
  const department = holder.closest<HTMLElement>('[data-department-id]')?.dataset.departmentId;
  const domain = holder.closest<HTMLElement>('[data-domain]')?.dataset.domain;
  return {
    figure,
    group: { ...(department === undefined ? {} : { department }), ...(domain === undefined ? {} : { domain }) },
    label: holder.textContent ?? '',
  };
}

/** The tickets behind a figure of the sheet that was clicked, or chosen with the keyboard; each opens at the desk. */
export function TicketsBehind({ api, data }: { api: Api; data: SheetData }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<Asked>();
  const [tickets, setTickets] = useState<TicketsAnswer>();
  const { answer } = data;

  useEffect(() => {
    const sheet = document.querySelector('.briefSheet');
    if (sheet === null) return;
    for (const figure of sheet.querySelectorAll('[data-figure]')) {
      if (askedBy(figure) === undefined) continue;
      figure.setAttribute('role', 'button');
      figure.setAttribute('tabindex', '0');
    }
    const open = (event: Event) => {
      if (event instanceof KeyboardEvent && event.key !== 'Enter') return;
      const wanted = event.target instanceof Element ? askedBy(event.target) : undefined;
      if (wanted !== undefined) setAsked(wanted);
    };
    sheet.addEventListener('click', open);
    sheet.addEventListener('keydown', open);
    return () => {
      sheet.removeEventListener('click', open);
      sheet.removeEventListener('keydown', open);
    };
  }, []);

  useEffect(() => {
    if (asked === undefined) return;
    let wanted = true;
    const { brief } = answer;
    const query = new URLSearchParams({
      figure: asked.figure,
      at: new Date(brief.at).toISOString(),
      ...(answer.month === null
        ? { from: new Date(brief.fromAt).toISOString(), to: new Date(brief.toAt).toISOString() }
        : { month: answer.month }),
      ...asked.group,
    });
    setTickets(undefined);
    void api.get(`/brief/tickets?${query}`, reading(decodeTicketsAnswer)).then((found) => {
      if (wanted && found.ok) setTickets(found.value);
    });
    return () => {
      wanted = false;
    };
  }, [api, answer, asked]);

  if (asked === undefined || tickets === undefined) return <p>{t('sheet.openFigure')}</p>;
  return (
    <section data-testid="tickets-behind" data-total={tickets.total}>
      <h2>{t('sheet.tickets', { figure: asked.label, n: count(tickets.total) })}</h2>
      <p className="ticketIds">
        {tickets.ids.map((id) => (
          <a key={id} href={`/desk?${new URLSearchParams({ ticket: id })}`} target="_blank" rel="noreferrer">
            {id}
          </a>
        ))}
      </p>
      {tickets.nextCursor !== null && <p>{t('sheet.moreTickets', { n: count(tickets.total - tickets.ids.length) })}</p>}
    </section>
  );
}
