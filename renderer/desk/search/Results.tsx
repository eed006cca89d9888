import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeskTicket } from '../ticket/ticketWire.ts';
import { ResultRow } from './ResultRow.tsx';

const ROW_PX = 61;
/** Rows beyond the visible ones that stand ready; the next page is fetched as far before the end. */
const AHEAD = 10;

export function rowIdOf(listId: string, index: number): string {
  return `${listId}-${index}`;
}

/** What was found, only as many rows in the page as can be seen. */
export function Results(props: {
  listId: string;
  tickets: readonly DeskTicket[];
  total: number;
  /** The row that Enter would open. */
  activeIndex: number;
  openedId: string | undefined;
  onOpen: (ticket: DeskTicket, index: number) => void;
  onNearEnd: () => void;
}) {
  const { listId, tickets, total, activeIndex, openedId, onOpen, onNearEnd } = props;
  const { t } = useTranslation('desk');
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: tickets.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: AHEAD,
  });
  const shown = rows.getVirtualItems();
  const lastShown = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (lastShown >= tickets.length - AHEAD) onNearEnd();
  }, [lastShown, tickets.length, onNearEnd]);
  useEffect(() => {
    if (activeIndex >= 0) rows.scrollToIndex(activeIndex);
  }, [activeIndex, rows]);
  return (
    <div className="results" ref={scroller}>
      <div
        role="listbox"
        id={listId}
        aria-label={t('search.results')}
        className="resultList"
        style={{ height: rows.getTotalSize() }}
      >
        {shown.map(({ index, start }) => {
          const ticket = tickets[index];
          return ticket === undefined ? null : (
            <div
              key={ticket.id}
              role="presentation"
              className="resultSlot"
              style={{ transform: `translateY(${start}px)` }}
            >
              <ResultRow
                id={rowIdOf(listId, index)}
                ticket={ticket}
                place={index + 1}
                total={total}
                active={index === activeIndex}
                opened={ticket.id === openedId}
                onOpen={() => onOpen(ticket, index)}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}
