import type { Ticket, TicketId } from '../../domain/ticket.ts';
import { inSlices } from '../slices.ts';

/** Masking the words of one takes some hundredths of a millisecond. */
const TICKETS_BETWEEN_LOOKS = 10;

/** The board's tickets as one audience gets them, each written once for all who ask. */
export interface TicketTexts {
  /** JSON; undefined where the audience does not see the ticket. */
  of(ticket: Ticket): string | undefined;
  /** It is written again with `writeChanged`, before anybody asks. */
  changed(id: TicketId): void;
  /** In slices, as `writeAll`; nothing while it is under way already. */
  writeChanged(): Promise<void>;
  /** Most of the board, so that little is left for the moment in which a snapshot is taken. */
  writeAll(): Promise<void>;
}

export function createTicketTexts(
  tickets: ReadonlyMap<TicketId, Ticket>,
  textOf: (ticket: Ticket) => string | undefined,
): TicketTexts {
  const texts = new WeakMap<Ticket, string>();
  const changed = new Set<TicketId>();
  let writing = false;

  function of(ticket: Ticket): string | undefined {
    const known = texts.get(ticket);
    if (known !== undefined) return known;
    const text = textOf(ticket);
    if (text !== undefined) texts.set(ticket, text);
    return text;
  }

  function write(ticket: Ticket | undefined): void {
    if (ticket !== undefined) of(ticket);
  }

  return {
    of,
    changed: (id) => void changed.add(id),
    async writeChanged() {
      if (writing) return;
      writing = true;
      await inSlices(
        changed,
        (id) => {
          changed.delete(id);
          write(tickets.get(id));
        },
        TICKETS_BETWEEN_LOOKS,
      );
      writing = false;
    },
    writeAll: () => inSlices(tickets.values(), write, TICKETS_BETWEEN_LOOKS),
  };
}
