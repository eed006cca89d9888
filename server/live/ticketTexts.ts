import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Ticket, TicketId } from '../../domain/ticket.ts';

/** Writing gives the event loop free after so long. */
const SLICE_MS = 5;

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
  write: (ticket: Ticket) => string | undefined,
): TicketTexts {
  const texts = new WeakMap<Ticket, string>();
  const changed = new Set<TicketId>();
  let writing = false;

  function of(ticket: Ticket): string | undefined {
    const known = texts.get(ticket);
    if (known !== undefined) return known;
    const text = write(ticket);
    if (text !== undefined) texts.set(ticket, text);
    return text;
  }

  async function inSlices<T>(items: Iterable<T>, work: (item: T) => void): Promise<void> {
    let sliceStartedAt = performance.now();
    for (const item of items) {
      work(item);
      if (performance.now() - sliceStartedAt < SLICE_MS) continue;
      await nextTurn();
      sliceStartedAt = performance.now();
    }
  }

  return {
    of,
    changed: (id) => void changed.add(id),
    async writeChanged() {
      if (writing) return;
      writing = true;
      await inSlices(changed, (id) => {
        changed.delete(id);
        const ticket = tickets.get(id);
        if (ticket !== undefined) of(ticket);
      });
      writing = false;
    },
    writeAll: () => inSlices(tickets.values(), of),
  };
}
