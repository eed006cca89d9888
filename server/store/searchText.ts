import type { Reporter, StepRecord, Ticket } from '../../domain/ticket.ts';

/** Case, width and composition do not matter when searching. */
export function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

function foldedLines(parts: Iterable<string | undefined>): string {
  return folded([...parts].filter((part) => part !== undefined).join('\n'));
}

/** Number, id, title, description and address, folded, a line each. None of it changes in a ticket's life. */
export function wordsOf(ticket: Pick<Ticket, 'number' | 'id' | 'title' | 'description' | 'location'>): string {
  return foldedLines([ticket.number, ticket.id, ticket.title, ticket.description, ticket.location.address]);
}

/** Name, staff number and telephone of who reported it, folded, a line each. */
export function reporterTextOf(reporter: Reporter | undefined): string {
  return foldedLines([reporter?.name, reporter?.id, reporter?.phone]);
}

/** Everybody in a ticket, folded, a line each: its reporter and who took its steps. A later step only adds lines at the end. */
export function peopleOf(reporterText: string, steps: readonly StepRecord[]): string {
  const lines = new Set(reporterText.split('\n'));
  for (const { by } of steps) if (by !== undefined) lines.add(folded(by));
  return [...lines].join('\n');
}
