import { useEffect, useRef, useState } from 'react';
import type { Refusal, Result } from '../api.ts';
import { useDesk } from '../deskContext.ts';
import { type DeskTicket, readTicketPage, type TicketPage } from '../ticket/ticketWire.ts';
import { type Asking, createAsking } from './asking.ts';

/** Enough for two screens of rows; more are fetched when they come near. */
const PAGE = 50;

interface Question {
  readonly filter: string;
  /** Of the page after those that are there. */
  readonly cursor: string | undefined;
}

/** What was found for a filter, as far as it was fetched. */
export interface Found {
  readonly filter: string;
  readonly tickets: readonly DeskTicket[];
  readonly total: number;
  readonly byStatus: TicketPage['byStatus'];
  readonly nextCursor: string | null;
}

export interface Search {
  /** The last answer; it may still be that about another filter while `busy`. */
  readonly found: Found | undefined;
  readonly refusal: Refusal | undefined;
  readonly busy: boolean;
  /** Fetches the next page, where there is one. */
  readonly more: () => void;
}

function pathOf({ filter, cursor }: Question): string {
  const fields = new URLSearchParams(filter);
  // Personal originals are asked for one ticket at a time, and that is logged
  fields.set('personal', 'masked');
  fields.set('limit', String(PAGE));
  if (cursor !== undefined) fields.set('cursor', cursor);
  return `/tickets?${fields}`;
}

/** What is known after a page: a first one replaces it, a later one goes on from where it ends. */
export function joined(known: Found | undefined, { filter, cursor }: Question, page: TicketPage): Found | undefined {
  const { items, total, byStatus, nextCursor } = page;
  if (cursor === undefined) return { filter, tickets: items, total, byStatus, nextCursor };
  if (known?.filter !== filter || known.nextCursor !== cursor) return known;
  return { filter, tickets: [...known.tickets, ...items], total, byStatus, nextCursor };
}

/**
 * Finds tickets for `filter` (the fields of `GET /tickets`), at once and as fast as the server answers; asks again when
 * `version` changes.
 */
export function useSearch(filter: string, version: number): Search {
  const { api } = useDesk();
  const [found, setFound] = useState<Found>();
  const [failed, setFailed] = useState<{ readonly filter: string; readonly refusal: Refusal }>();
  const asking = useRef<Asking<Question>>(undefined);
  useEffect(() => {
    const own = createAsking<Question, Result<TicketPage>>({
      ask: (question) => api.get(pathOf(question), readTicketPage),
      tell(question, answer) {
        if (answer.ok) setFound((known) => joined(known, question, answer.value));
        setFailed(answer.ok ? undefined : { filter: question.filter, refusal: answer.refusal });
      },
    });
    asking.current = own;
    return () => own.close();
  }, [api]);
  const fetching = useRef<string>(undefined);
  const read = useRef(found);
  read.current = found;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another version asks the same question again
  useEffect(() => {
    // Who has scrolled through several pages is not thrown back to the first
    if (read.current?.filter === filter && read.current.tickets.length > PAGE) return;
    fetching.current = undefined;
    asking.current?.want({ filter, cursor: undefined });
  }, [filter, version, api]);
  const refusal = failed?.filter === filter ? failed.refusal : undefined;
  return {
    found,
    refusal,
    busy: refusal === undefined && found?.filter !== filter,
    more() {
      const cursor = found?.filter === filter ? found.nextCursor : null;
      if (cursor === null || cursor === fetching.current) return;
      fetching.current = cursor;
      asking.current?.want({ filter, cursor });
    },
  };
}
