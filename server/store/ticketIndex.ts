import { setImmediate } from 'node:timers/promises';
import type { Deployment, Name } from '../../domain/deployment.ts';
import { isOverdue } from '../../domain/sla.ts';
import { type Domain, STATUSES, type Status, type Ticket, type TicketId } from '../../domain/ticket.ts';
import { type BigramIndex, createBigramIndex } from './bigramIndex.ts';
import { createFirstInOrder } from './firstInOrder.ts';
import { folded, peopleOf, reporterTextOf, wordsOf } from './searchText.ts';
import type { ArchivedTicket, TicketStore } from './ticketStore.ts';

/** What memory holds of a ticket, live or archived. */
export type HeldTicket = Ticket | ArchivedTicket;

export interface TicketFilter {
  readonly status?: Status | undefined;
  readonly domain?: Domain | undefined;
  readonly category?: string | undefined;
  readonly department?: string | undefined;
  readonly grid?: string | undefined;
  readonly community?: string | undefined;
  readonly street?: string | undefined;
  /** Reported in [from, to), epoch ms. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** Words, all of which must occur. */
  readonly q?: string | undefined;
  readonly overdue?: boolean | undefined;
}

export const SORT_FIELDS = ['reportedAt', 'recordedAt', 'dueAt', 'endedAt', 'number'] as const;
export type SortField = (typeof SORT_FIELDS)[number];

/** Where a ticket stands in an order; null: it lacks the value and comes last either way. */
export interface SortKey {
  readonly value: number | string | null;
  readonly recordedAt: number;
  readonly id: TicketId;
}

export interface TicketQuestion {
  readonly filter: TicketFilter;
  /** A street's id: nothing outside it is found or counted. */
  readonly scope?: string | undefined;
  /** Whether who asks reads personal originals; else a word must occur in what such a reader is shown as well. */
  readonly originals: boolean;
  readonly order: { readonly field: SortField; readonly falling: boolean };
  /** Only what comes after it. */
  readonly after?: SortKey | undefined;
  readonly limit: number;
  /** Domain time, for `overdue`. */
  readonly now: number;
}

export interface FoundTickets {
  readonly tickets: readonly HeldTicket[];
  /** All that fit, whatever page. */
  readonly total: number;
  /** Of those that fit but for the filter by status. */
  readonly byStatus: Readonly<Record<Status, number>>;
  /** Whether tickets come after these. */
  readonly more: boolean;
}

/**
 * Finds tickets, archived ones too, by words and labels. Derived from the store and kept up with it: an event only notes
 * which ticket it was about; reading that ticket's words happens in slices, at a bounded share of calm time, or when
 * somebody asks, who then waits for all that is durable by then. A part of a word is found as well as the whole.
 */
export interface TicketIndex {
  find(question: TicketQuestion): Promise<FoundTickets>;
  keyOf(ticket: HeldTicket, field: SortField): SortKey;
  /** What was done so far: texts read into the index, texts compared with a word, tickets masked for searching. */
  readonly work: { readonly indexed: number; readonly compared: number; readonly masked: number };
  /** Bytes of its lists, without the texts that it shares with the store. */
  readonly bytes: number;
  close(): void;
}

/** Longer than this nothing runs at one go; others wait for the same loop. */
const SLICE_MS = 4;
/** Between slices in which nobody waits, so that keeping up takes a twelfth of the time at most. */
const PAUSE_MS = 50;
/** More events than this in a pause: the server has better things to do, whoever searches now reads what is missing. */
const BUSY_EVENTS = 20;
/** Looking at the clock costs as much as a few tickets. */
const TICKETS_A_LOOK = 64;
/** Words of so many characters are found by the index alone. */
const CERTAIN_LENGTH = 2;
/** No label of this kind. */
const NONE = 0;

/** What a ticket is sorted by; NaN: it lacks it. */
type SortValue = number | string;

const sortValueOf: Readonly<Record<SortField, (ticket: HeldTicket) => SortValue>> = {
  reportedAt: (ticket) => ticket.reportedAt,
  recordedAt: (ticket) => ticket.recordedAt,
  dueAt: (ticket) => ticket.dueAt ?? Number.NaN,
  endedAt: (ticket) => ticket.endedAt ?? Number.NaN,
  number: (ticket) => ticket.number,
};

/**
 * The last instant at which a ticket that stays as it is would be in time; −∞ once it is late for good, ∞ if it never will
 * be. By the formula itself, asked at both ends of time.
 */
function inTimeUntil(ticket: HeldTicket): number {
  if (isOverdue(ticket, Number.NEGATIVE_INFINITY)) return Number.NEGATIVE_INFINITY;
  if (!isOverdue(ticket, Number.POSITIVE_INFINITY)) return Number.POSITIVE_INFINITY;
  return ticket.dueAt ?? Number.POSITIVE_INFINITY;
}

function isLacking(value: SortValue): boolean {
  return typeof value === 'number' && Number.isNaN(value);
}

function compare(a: SortValue, b: SortValue): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whoever lacks the value comes last, whatever the direction. */
function compareValues(a: SortValue, b: SortValue, direction: 1 | -1): number {
  if (isLacking(a)) return isLacking(b) ? 0 : 1;
  return isLacking(b) ? -1 : direction * compare(a, b);
}

function bothNames(name: Name | undefined): string[] {
  return name === undefined ? [] : [name.zh, ...(name.en === undefined ? [] : [name.en])];
}

/** A label as it was sent and as it is shown to who reads no originals, each with the text that a word is looked for in. */
interface Label {
  readonly sent: string;
  readonly shown: string;
  readonly sentText: string;
  readonly shownText: string;
  /** Tickets that carry it. */
  tickets: number;
}

/** Labels of one kind, numbered from 1; many tickets carry few different ones. */
function createLabels(textOf: (label: string) => string, shownAs: (label: string) => string) {
  const codes = new Map<string, number>();
  const labels: (Label | undefined)[] = [undefined];
  return {
    codeOf(sent: string | undefined): number {
      if (sent === undefined) return NONE;
      let code = codes.get(sent);
      if (code === undefined) {
        const shown = shownAs(sent);
        code = labels.length;
        codes.set(sent, code);
        labels.push({ sent, shown, sentText: textOf(sent), shownText: textOf(shown), tickets: 0 });
      }
      return code;
    },
    count(code: number, by: 1 | -1): void {
      const label = labels[code];
      if (label !== undefined) label.tickets += by;
    },
    /** By code, whether the label is one of those. */
    those(fits: (label: Label) => boolean): { readonly codes: Uint8Array; readonly tickets: number } {
      const fitting = new Uint8Array(labels.length);
      let tickets = 0;
      for (const [code, label] of labels.entries()) {
        if (label === undefined || !fits(label)) continue;
        fitting[code] = 1;
        tickets += label.tickets;
      }
      return { codes: fitting, tickets };
    },
  };
}

/** Where a deployment's grids lie, and the words that find them, with those of categories, departments and domains. */
function placesOf(deployment: Deployment) {
  const communities = new Map(deployment.communities.map((community) => [community.id, community]));
  const streetNames = new Map(deployment.streets.map((street) => [street.id, bothNames(street.name)]));
  const communityOf = new Map(deployment.grids.map((grid) => [grid.id, communities.get(grid.communityId)]));
  const gridTexts = new Map(
    deployment.grids.map(({ id, name }) => {
      const community = communityOf.get(id);
      const street = community === undefined ? [] : (streetNames.get(community.streetId) ?? []);
      return [id, folded([id, ...bothNames(name), ...bothNames(community?.name), ...street].join('\n'))];
    }),
  );
  return { communityOf, gridTexts };
}

function textsById(listed: readonly { readonly id: string; readonly name: Name }[]): ReadonlyMap<string, string> {
  return new Map(listed.map(({ id, name }) => [id, folded([id, ...bothNames(name)].join('\n'))]));
}

/** One word of a question, and the labels that hold it. */
interface WordTest {
  readonly word: string;
  readonly grids: Uint8Array;
  readonly categories: Uint8Array;
  readonly departments: Uint8Array;
  readonly domains: Uint8Array;
  /** Tickets that hold it in a label, and no more than which hold it at all. */
  readonly labelled: number;
  readonly atMost: number;
  /** By slot, whether its text may hold it, as the index has it; with one or two characters that is certain. */
  readonly texts: Uint8Array;
}

export function createTicketIndex(parts: {
  readonly store: Pick<TicketStore, 'facts' | 'factsOf' | 'find' | 'onCommit'>;
  readonly deployment: Deployment;
  /** A ticket as it is shown to who reads no personal originals. */
  readonly masked: (ticket: Ticket) => Ticket;
  /** The same for its labels (`createLabelMasking`). */
  readonly labelMask: (label: string) => string;
}): TicketIndex {
  const { store, deployment, masked, labelMask } = parts;
  const { communityOf, gridTexts } = placesOf(deployment);
  const labelsOf = (texts: ReadonlyMap<string, string>, shownAs = labelMask) =>
    createLabels((label) => texts.get(label) ?? folded(label), shownAs);
  const grids = labelsOf(gridTexts);
  const categories = labelsOf(textsById(deployment.categories));
  const departments = labelsOf(textsById(deployment.departments));
  const domains = labelsOf(textsById(deployment.domains), (domain) => domain);

  // ---- What is known of each ticket, by its slot: the order in which tickets were first seen. What every question looks
  // at lies in rows of its own: going through all tickets for one field each would be ten times slower

  const slotOf = new Map<TicketId, number>();
  const held: HeldTicket[] = [];
  const sortValues: Readonly<Record<SortField, SortValue[]>> = {
    reportedAt: [],
    recordedAt: [],
    dueAt: [],
    endedAt: [],
    number: [],
  };
  const inTime: number[] = [];
  const statusCodes: number[] = [];
  const gridCodes: number[] = [];
  const categoryCodes: number[] = [];
  const departmentCodes: number[] = [];
  const domainCodes: number[] = [];
  const words: string[] = [];
  const people: string[] = [];
  /** As shown to who reads no originals; undefined: not reckoned since the ticket's people changed. Null: as `words`. */
  const shownWords: (string | null | undefined)[] = [];
  const shownPeople: string[] = [];
  /** Most officers occur in many tickets. */
  const samePeople = new Map<string, string>();
  const bigrams: BigramIndex = createBigramIndex();
  const work = { indexed: 0, compared: 0, masked: 0 };

  function take(ticket: HeldTicket): void {
    let slot = slotOf.get(ticket.id);
    const archived = 'searchText' in ticket ? ticket : undefined;
    if (slot === undefined) {
      slot = held.length;
      slotOf.set(ticket.id, slot);
      words[slot] = archived?.searchText ?? wordsOf(ticket);
      people[slot] = '';
      shownPeople[slot] = '';
      shownWords[slot] = undefined;
      gridCodes[slot] = grids.codeOf(ticket.location.gridId);
      categoryCodes[slot] = categories.codeOf(ticket.category);
      domainCodes[slot] = domains.codeOf(ticket.domain);
      departmentCodes[slot] = NONE;
      grids.count(gridCodes[slot] as number, 1);
      categories.count(categoryCodes[slot] as number, 1);
      domains.count(domainCodes[slot] as number, 1);
      bigrams.add(slot, words[slot] as string);
      work.indexed += 1;
      unmasked.add(slot);
    } else if (archived !== undefined) {
      // One string less: the archive keeps the same text
      words[slot] = archived.searchText;
    }
    held[slot] = ticket;
    statusCodes[slot] = STATUSES.indexOf(ticket.status);
    inTime[slot] = inTimeUntil(ticket);
    for (const field of SORT_FIELDS) sortValues[field][slot] = sortValueOf[field](ticket);
    const department = departments.codeOf(ticket.department);
    if (department !== departmentCodes[slot]) {
      departments.count(departmentCodes[slot] as number, -1);
      departments.count(department, 1);
      departmentCodes[slot] = department;
    }
    const before = people[slot] as string;
    const now = peopleOf(archived?.reporterText ?? reporterTextOf((ticket as Ticket).reporter), ticket.steps);
    if (now !== before) {
      people[slot] = now;
      bigrams.add(slot, now.slice(before.length));
      // Whoever is known to take part is hidden wherever the texts name him
      shownWords[slot] = undefined;
      unmasked.add(slot);
    }
  }

  // ---- Keeping up

  const changed = new Set<TicketId>();
  const unmasked = new Set<number>();
  /** The tickets that were there at the start; undefined once they are all in. */
  let known: Iterator<HeldTicket> | undefined = store.facts()[Symbol.iterator]();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  let eventsInPause = 0;

  const stopListening = store.onCommit(({ events }) => {
    eventsInPause += events.length;
    for (const event of events) if ('ticketId' in event) changed.add(event.ticketId);
    if (changed.size > 0) wake();
  });

  /** Reads tickets for one slice; true when all are in. */
  function catchUp(): boolean {
    const until = performance.now() + SLICE_MS;
    let looked = 0;
    const timeIsUp = () => {
      looked += 1;
      return looked % TICKETS_A_LOOK === 0 && performance.now() > until;
    };
    while (known !== undefined) {
      const next = known.next();
      if (next.done === true) known = undefined;
      else take(next.value);
      if (timeIsUp()) return false;
    }
    for (const id of changed) {
      changed.delete(id);
      const ticket = store.factsOf(id);
      if (ticket !== undefined) take(ticket);
      if (timeIsUp()) return false;
    }
    return true;
  }

  async function allIn(): Promise<void> {
    while (!catchUp()) await setImmediate();
  }

  /** Reckons what a slot looks like to who reads no originals; false where a store that stops has not let it be read. */
  async function mask(slot: number): Promise<boolean> {
    for (;;) {
      const ticket = held[slot] as HeldTicket;
      // The description of an archived ticket is in its file only
      const whole = 'searchText' in ticket ? await store.find(ticket.id) : ticket;
      if (held[slot] !== ticket) continue;
      if (whole === undefined) return false;
      const shown = masked(whole);
      const text = wordsOf(shown);
      const names = peopleOf(reporterTextOf(shown.reporter), shown.steps);
      const same = samePeople.get(names);
      if (same === undefined) samePeople.set(names, names);
      shownPeople[slot] = same ?? names;
      shownWords[slot] = text === words[slot] ? null : text;
      unmasked.delete(slot);
      work.masked += 1;
      return true;
    }
  }

  async function maskSome(): Promise<void> {
    const until = performance.now() + SLICE_MS;
    for (const slot of unmasked) {
      if (closed || !(await mask(slot)) || performance.now() > until) return;
    }
  }

  async function tick(): Promise<void> {
    timer = undefined;
    const busy = eventsInPause > BUSY_EVENTS;
    eventsInPause = 0;
    if (!busy && catchUp()) await maskSome();
    if (known !== undefined || changed.size > 0 || unmasked.size > 0) wake();
  }

  function wake(): void {
    if (closed || timer !== undefined) return;
    timer = setTimeout(() => void tick(), PAUSE_MS);
    timer.unref();
  }
  wake();

  // ---- Finding

  function wordTest(word: string, originals: boolean): WordTest {
    const hold = ({ sentText, shownText }: Label) => (originals ? sentText : shownText).includes(word);
    const inGrids = grids.those(hold);
    const inCategories = categories.those(hold);
    const inDepartments = departments.those(hold);
    const inDomains = domains.those(hold);
    const labelled = inGrids.tickets + inCategories.tickets + inDepartments.tickets + inDomains.tickets;
    return {
      word,
      grids: inGrids.codes,
      categories: inCategories.codes,
      departments: inDepartments.codes,
      domains: inDomains.codes,
      labelled,
      atMost: bigrams.atMost(word) + labelled,
      texts: bigrams.candidates(word, held.length),
    };
  }

  function labelsHold(test: WordTest, slot: number): boolean {
    return (
      test.grids[gridCodes[slot] as number] === 1 ||
      test.categories[categoryCodes[slot] as number] === 1 ||
      test.departments[departmentCodes[slot] as number] === 1 ||
      test.domains[domainCodes[slot] as number] === 1
    );
  }

  function textHolds({ word, texts }: WordTest, slot: number): boolean {
    if (texts[slot] !== 1) return false;
    if (word.length <= CERTAIN_LENGTH) return true;
    work.compared += 1;
    return (words[slot] as string).includes(word) || (people[slot] as string).includes(word);
  }

  function shownTextHolds(word: string, slot: number): boolean {
    work.compared += 1;
    return (shownWords[slot] ?? (words[slot] as string)).includes(word) || (shownPeople[slot] as string).includes(word);
  }

  /** Whether a slot fits all filters but that by status. */
  function filterOf({ filter, scope, originals, now }: TicketQuestion): (slot: number) => boolean {
    const { from, to, overdue } = filter;
    const { reportedAt } = sortValues;
    const labelled = (label: Label, wanted: string) => (originals ? label.sent : label.shown) === wanted;
    const codes = (labels: ReturnType<typeof createLabels>, wanted: string | undefined) =>
      wanted === undefined ? undefined : labels.those((label) => labelled(label, wanted)).codes;
    const inCategory = codes(categories, filter.category);
    const inDepartment = codes(departments, filter.department);
    const inDomain = codes(domains, filter.domain);
    const placed = [filter.grid, filter.community, filter.street, scope].some((place) => place !== undefined);
    const inPlace = placed
      ? grids.those((label) => {
          const community = communityOf.get(label.sent);
          return (
            (filter.grid === undefined || labelled(label, filter.grid)) &&
            (filter.community === undefined || community?.id === filter.community) &&
            (filter.street === undefined || community?.streetId === filter.street) &&
            (scope === undefined || community?.streetId === scope)
          );
        }).codes
      : undefined;
    return (slot) => {
      if (inPlace !== undefined && inPlace[gridCodes[slot] as number] !== 1) return false;
      if (inCategory !== undefined && inCategory[categoryCodes[slot] as number] !== 1) return false;
      if (inDepartment !== undefined && inDepartment[departmentCodes[slot] as number] !== 1) return false;
      if (inDomain !== undefined && inDomain[domainCodes[slot] as number] !== 1) return false;
      if (from !== undefined && (reportedAt[slot] as number) < from) return false;
      if (to !== undefined && (reportedAt[slot] as number) >= to) return false;
      return overdue === undefined || now > (inTime[slot] as number) === overdue;
    };
  }

  async function find(question: TicketQuestion): Promise<FoundTickets> {
    await allIn();
    const { filter, originals, order, after, limit } = question;
    const direction = order.falling ? -1 : 1;
    const tests = folded(filter.q ?? '')
      .split(/\s+/)
      .filter((word) => word !== '')
      .map((word) => wordTest(word, originals))
      .sort((a, b) => a.atMost - b.atMost);
    const fitsFilter = filterOf(question);
    const slots = held.length;
    const status = filter.status === undefined ? undefined : STATUSES.indexOf(filter.status);
    const counts = STATUSES.map(() => 0);
    const values = sortValues[order.field];
    const compareTies = (a: HeldTicket, b: Pick<HeldTicket, 'recordedAt' | 'id'>) =>
      direction * (compare(a.recordedAt, b.recordedAt) || compare(a.id, b.id));
    const first = createFirstInOrder<number>(limit, (a, b) => {
      const byValue = compareValues(values[a] as SortValue, values[b] as SortValue, direction);
      return byValue || compareTies(held[a] as HeldTicket, held[b] as HeldTicket);
    });
    const afterValue = after === undefined ? undefined : (after.value ?? Number.NaN);
    const isAfter = (slot: number) =>
      after === undefined ||
      (compareValues(values[slot] as SortValue, afterValue as SortValue, direction) ||
        compareTies(held[slot] as HeldTicket, after)) > 0;
    let total = 0;
    let following = 0;

    let until = performance.now() + SLICE_MS;
    for (let i = 0; i < slots; i += 1) {
      if (i % TICKETS_A_LOOK === 0 && performance.now() > until) {
        await setImmediate();
        until = performance.now() + SLICE_MS;
      }
      // Near their order, so that what comes later seldom displaces what was kept
      const slot = order.falling ? slots - 1 - i : i;
      let fits = fitsFilter(slot);
      for (const test of tests) {
        if (!fits) break;
        if (labelsHold(test, slot)) continue;
        fits = textHolds(test, slot);
        if (fits && !originals) {
          const reckoned = shownWords[slot] !== undefined || (await mask(slot));
          fits = reckoned && shownTextHolds(test.word, slot);
        }
      }
      if (!fits) continue;
      const code = statusCodes[slot] as number;
      counts[code] = (counts[code] as number) + 1;
      if (status !== undefined && code !== status) continue;
      total += 1;
      if (!isAfter(slot)) continue;
      following += 1;
      first.offer(slot);
    }
    const tickets = first.sorted().map((slot) => held[slot] as HeldTicket);
    const byStatus = Object.fromEntries(STATUSES.map((one, code) => [one, counts[code]])) as Record<Status, number>;
    return { tickets, total, byStatus, more: following > tickets.length };
  }

  return {
    find,
    keyOf(ticket, field) {
      const value = sortValueOf[field](ticket);
      return { value: isLacking(value) ? null : value, recordedAt: ticket.recordedAt, id: ticket.id };
    },
    work,
    get bytes() {
      return bigrams.bytes;
    },
    close() {
      closed = true;
      clearTimeout(timer);
      stopListening();
    },
  };
}
