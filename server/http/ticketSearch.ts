import type { Deployment, Name } from '../../domain/deployment.ts';
import { isOverdue } from '../../domain/sla.ts';
import type { Domain, Status, Ticket } from '../../domain/ticket.ts';

/** What searching needs of a ticket, live or archived; archived ones are searched without their description. */
export type Searchable = Omit<Ticket, 'description'> & { readonly description?: string };

const SORT_VALUES = {
  reportedAt: (ticket: Searchable) => ticket.reportedAt,
  recordedAt: (ticket: Searchable) => ticket.recordedAt,
  dueAt: (ticket: Searchable) => ticket.dueAt,
  endedAt: (ticket: Searchable) => ticket.endedAt,
  number: (ticket: Searchable) => ticket.number,
} as const;
type SortField = keyof typeof SORT_VALUES;

/** A field, or `-field` for the other way round. Tickets without the value come last either way. */
export const SORTS = Object.keys(SORT_VALUES).flatMap((field) => [field, `-${field}`]) as readonly Sort[];
export type Sort = SortField | `-${SortField}`;

export interface TicketFilter {
  readonly status?: Status | undefined;
  readonly domain?: Domain | undefined;
  readonly category?: string | undefined;
  readonly department?: string | undefined;
  readonly grid?: string | undefined;
  /** Reported in [from, to), epoch ms. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly q?: string | undefined;
  readonly overdue?: boolean | undefined;
  /** A street's id. */
  readonly scope?: string | undefined;
}

/** Case, width and composition do not matter when searching. */
export function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

function bothNames(name: Name | undefined): string[] {
  return name === undefined ? [] : [name.zh, ...(name.en === undefined ? [] : [name.en])];
}

type SortKey = readonly [value: number | string | null, recordedAt: number, id: string];

function compare(a: number | string, b: number | string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareKeys(a: SortKey, b: SortKey, direction: 1 | -1): number {
  const [aValue, bValue] = [a[0], b[0]];
  if (aValue === null || bValue === null) {
    if (aValue !== bValue) return aValue === null ? 1 : -1;
  } else if (aValue !== bValue) {
    return direction * compare(aValue, bValue);
  }
  return direction * (compare(a[1], b[1]) || compare(a[2], b[2]));
}

function encodeCursor(sort: Sort, key: SortKey): string {
  return Buffer.from(JSON.stringify([sort, ...key])).toString('base64url');
}

function decodeCursor(sort: Sort, cursor: string): SortKey | undefined {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts) || parts.length !== 4) return undefined;
  const [cursorSort, value, recordedAt, id] = parts as unknown[];
  const valueFits = value === null || typeof value === (sort.endsWith('number') ? 'string' : 'number');
  if (cursorSort !== sort || !valueFits || typeof recordedAt !== 'number' || typeof id !== 'string') return undefined;
  return [value as SortKey[0], recordedAt, id];
}

export type TicketPage =
  | {
      readonly ok: true;
      readonly items: readonly Searchable[];
      readonly total: number;
      readonly nextCursor: string | null;
    }
  | { readonly ok: false; readonly reason: 'wrongCursor' };

export type FreeText = (ticket: Searchable) => string;

/** Finds, sorts and pages tickets. A cursor is a place in the order, so tickets that come in meanwhile shift nothing. */
export interface TicketSearch {
  /**
   * `freeTexts` give a ticket's free text, folded; the words must occur with each of them, the cheapest first. (Who
   * reads masked texts must not find out the originals by searching, and masking all tickets would take too long.)
   * Labels are compared as `labelOf` shows them to the reader.
   */
  find(
    tickets: Iterable<Searchable>,
    filter: TicketFilter,
    page: { readonly sort: Sort; readonly limit: number; readonly cursor?: string | undefined; readonly now: number },
    freeTexts: readonly FreeText[],
    labelOf: (label: string) => string,
  ): TicketPage;
}

export function createTicketSearch(
  deployment: Deployment,
  streetOf: (gridId: string) => string | undefined,
): TicketSearch {
  const communities = new Map(deployment.communities.map((community) => [community.id, community]));
  const streetNames = new Map(deployment.streets.map((street) => [street.id, bothNames(street.name)]));
  const gridTexts = new Map(
    deployment.grids.map(({ id, name, communityId }) => {
      const community = communities.get(communityId);
      const street = community === undefined ? [] : (streetNames.get(community.streetId) ?? []);
      return [id, folded([id, ...bothNames(name), ...bothNames(community?.name), ...street].join('\n'))];
    }),
  );
  const textsById = (listed: readonly { readonly id: string; readonly name: Name }[]) =>
    new Map(listed.map(({ id, name }) => [id, folded([id, ...bothNames(name)].join('\n'))]));
  const categoryTexts = textsById(deployment.categories);
  const departmentTexts = textsById(deployment.departments);

  function haystackOf(ticket: Searchable, freeText: string, labelOf: (label: string) => string): string {
    const gridId = labelOf(ticket.location.gridId ?? '');
    const category = labelOf(ticket.category);
    const department = labelOf(ticket.department ?? '');
    return [
      freeText,
      folded(`${ticket.number}\n${ticket.id}`),
      gridTexts.get(gridId) ?? folded(gridId),
      categoryTexts.get(category) ?? folded(category),
      departmentTexts.get(department) ?? folded(department),
    ].join('\n');
  }

  function matcherOf(
    filter: TicketFilter,
    now: number,
    freeTexts: readonly FreeText[],
    labelOf: (label: string) => string,
  ) {
    const carries = (label: string | undefined, wanted: string | undefined) =>
      wanted === undefined || (label !== undefined && labelOf(label) === wanted);
    const words = folded(filter.q ?? '')
      .split(/\s+/)
      .filter((word) => word !== '');
    return (ticket: Searchable): boolean => {
      const { gridId } = ticket.location;
      if (filter.scope !== undefined && (gridId === undefined || streetOf(gridId) !== filter.scope)) return false;
      if (filter.status !== undefined && ticket.status !== filter.status) return false;
      if (filter.domain !== undefined && ticket.domain !== filter.domain) return false;
      if (!carries(ticket.category, filter.category)) return false;
      if (!carries(ticket.department, filter.department)) return false;
      if (!carries(gridId, filter.grid)) return false;
      if (filter.from !== undefined && ticket.reportedAt < filter.from) return false;
      if (filter.to !== undefined && ticket.reportedAt >= filter.to) return false;
      if (filter.overdue !== undefined && isOverdue(ticket, now) !== filter.overdue) return false;
      if (words.length === 0) return true;
      return freeTexts.every((freeTextOf) => {
        const haystack = haystackOf(ticket, freeTextOf(ticket), labelOf);
        return words.every((word) => haystack.includes(word));
      });
    };
  }

  return {
    find(tickets, filter, { sort, limit, cursor, now }, freeTexts, labelOf) {
      const direction = sort.startsWith('-') ? -1 : 1;
      const sortValueOf = SORT_VALUES[(direction === -1 ? sort.slice(1) : sort) as SortField];
      const keyOf = (ticket: Searchable): SortKey => [sortValueOf(ticket) ?? null, ticket.recordedAt, ticket.id];
      const after = cursor === undefined ? undefined : decodeCursor(sort, cursor);
      if (cursor !== undefined && after === undefined) return { ok: false, reason: 'wrongCursor' };

      const matches = matcherOf(filter, now, freeTexts, labelOf);
      const found: { readonly ticket: Searchable; readonly key: SortKey }[] = [];
      let total = 0;
      for (const ticket of tickets) {
        if (!matches(ticket)) continue;
        total += 1;
        const key = keyOf(ticket);
        if (after === undefined || compareKeys(key, after, direction) > 0) found.push({ ticket, key });
      }
      found.sort((a, b) => compareKeys(a.key, b.key, direction));
      const page = found.slice(0, limit);
      const last = page.at(-1);
      const nextCursor = last !== undefined && found.length > limit ? encodeCursor(sort, last.key) : null;
      return { ok: true, items: page.map(({ ticket }) => ticket), total, nextCursor };
    },
  };
}
