import './search.css';
import { type KeyboardEvent, lazy, Suspense, useCallback, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBoardPart, useFigures } from '../../live/useWall.ts';
import { CheckMark } from '../../panels/marks/AlertMark.tsx';
import { count } from '../../words/formats.ts';
import { moveTo, useAddress } from '../address.ts';
import { useDesk } from '../deskContext.ts';
import { usePlace } from '../usePlace.ts';
import { ExportLinks } from './ExportLinks.tsx';
import { Results, rowIdOf } from './Results.tsx';
import { SearchFilters } from './SearchFilters.tsx';
import { addressOf, filterFields, queryIn, type SearchQuery } from './searchQuery.ts';
import { useSearch } from './useSearch.ts';

const TicketDetail = lazy(async () => ({ default: (await import('../ticket/TicketDetail.tsx')).TicketDetail }));

/** Seconds after which what was found is asked for again, where anything happened on the board meanwhile. */
const AGAIN_AFTER_SECONDS = 10;

/** A number that changes when the board has, at most once in so many seconds. */
function useCalmVersion(): number {
  const seq = useBoardPart((snapshot) => snapshot.seq);
  const { at } = useFigures();
  const [seen, setSeen] = useState({ seq, at });
  if (seen.seq !== seq && at - seen.at >= AGAIN_AFTER_SECONDS * 1000) setSeen({ seq, at });
  return seen.seq;
}

/** The query in the address. Words that are being typed replace each other there; going back leads to the one before. */
function useQuery(): { readonly query: SearchQuery; change(change: Partial<SearchQuery>): void; settle(): void } {
  const address = useAddress();
  const typing = useRef(false);
  return {
    query: queryIn(address),
    change(change) {
      const isTyped = change.q !== undefined;
      moveTo(addressOf({ ...queryIn(location.search), ...change }, location.search), isTyped && typing.current);
      typing.current = isTyped;
    },
    settle() {
      typing.current = false;
    },
  };
}

/** 综合查询: one box for everything, what it finds, and the ticket that was opened. */
export function SearchPanel() {
  const { t } = useTranslation('desk');
  const { commands } = useDesk();
  const { place, goTo } = usePlace();
  const { query, change, settle } = useQuery();
  const { day } = useFigures();
  const listId = useId();
  const box = useRef<HTMLInputElement>(null);
  const filter = filterFields(query, day.startAt).toString();
  const { found, refusal, busy, more } = useSearch(filter, useCalmVersion());
  const [active, setActive] = useState({ filter, index: -1 });
  const activeIndex = active.filter === filter ? active.index : -1;
  const tickets = found?.tickets ?? [];
  const activeTicket = tickets[activeIndex];
  const onNearEnd = useCallback(() => more(), [more]);
  const open = (ticketId: string | undefined) => goTo({ ticketId });

  useEffect(
    () =>
      commands.on('search', () => {
        box.current?.focus();
        box.current?.select();
      }),
    [commands],
  );

  function pressed(event: KeyboardEvent<HTMLInputElement>): void {
    if (event.nativeEvent.isComposing) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      const index = Math.min(tickets.length - 1, Math.max(0, activeIndex + step));
      setActive({ filter, index });
    } else if (event.key === 'Enter') {
      const chosen = activeTicket ?? tickets[0];
      if (chosen !== undefined) open(chosen.id);
      setActive({ filter, index: Math.max(0, activeIndex) });
      settle();
    } else if (event.key === 'Escape') {
      if (place.ticketId !== undefined) open(undefined);
      else if (query.q !== '') change({ q: '' });
      else box.current?.blur();
    } else {
      return;
    }
    event.preventDefault();
  }

  return (
    <section
      className={place.ticketId === undefined ? 'deskColumn search' : 'deskColumn search withTicket'}
      data-testid="search-panel"
      aria-label={t('search.title')}
    >
      <header className="searchHeader">
        <h2>{t('search.title')}</h2>
        {found !== undefined && found.total > 0 && <ExportLinks filter={filter} total={found.total} />}
      </header>
      <div className="searchBox">
        <svg viewBox="0 0 20 20" aria-hidden="true">
          <circle cx="8.5" cy="8.5" r="5.6" />
          <path d="m12.8 12.8 4.4 4.4" />
        </svg>
        <input
          ref={box}
          type="search"
          data-testid="ticket-search"
          role="combobox"
          aria-label={t('search.label')}
          aria-expanded={tickets.length > 0}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={activeTicket === undefined ? undefined : rowIdOf(listId, activeIndex)}
          placeholder={t('search.box')}
          maxLength={200}
          autoComplete="off"
          spellCheck={false}
          value={query.q}
          onChange={({ target }) => change({ q: target.value })}
          onKeyDown={pressed}
          onBlur={settle}
        />
        <output className="searchCount" data-testid="search-total" aria-busy={busy}>
          {found === undefined ? t('search.searching') : t('search.found', { n: count(found.total) })}
        </output>
      </div>
      <SearchFilters query={query} byStatus={found?.byStatus} onChange={change} />
      {refusal !== undefined && (
        <p className="searchNone" role="status">
          {t('search.failed')}
        </p>
      )}
      {refusal === undefined && found !== undefined && found.total === 0 && (
        <div className="searchNone" role="status">
          <CheckMark />
          <p>{t('search.none')}</p>
          <p>{t('search.noneHint')}</p>
        </div>
      )}
      {refusal === undefined && tickets.length > 0 && (
        <Results
          key={found?.filter}
          listId={listId}
          tickets={tickets}
          total={found?.total ?? 0}
          activeIndex={activeIndex}
          openedId={place.ticketId}
          onOpen={(ticket, index) => {
            setActive({ filter, index });
            open(ticket.id);
          }}
          onNearEnd={onNearEnd}
        />
      )}
      {place.ticketId !== undefined && (
        <Suspense fallback={<div className="ticketDetail" />}>
          <TicketDetail key={place.ticketId} ticketId={place.ticketId} onClose={() => open(undefined)} />
        </Suspense>
      )}
    </section>
  );
}
