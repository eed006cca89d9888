import { describe, expect, it } from 'vitest';
import { createAsking } from '../../renderer/desk/search/asking.ts';
import { addressOf, filterFields, queryIn } from '../../renderer/desk/search/searchQuery.ts';
import { type Found, joined } from '../../renderer/desk/search/useSearch.ts';
import { type DeskTicket, readTicket, type TicketPage } from '../../renderer/desk/ticket/ticketWire.ts';
import { endedAtOf, timelineOf } from '../../renderer/desk/ticket/timeline.ts';

/** Questions that were asked, each answered when the test says so. */
function questions() {
  const asked: string[] = [];
  const answers = new Map<string, (answer: string) => void>();
  const told: [string, string][] = [];
  const asking = createAsking<string, string>({
    ask(question) {
      asked.push(question);
      return new Promise((resolve) => answers.set(question, resolve));
    },
    tell: (question, answer) => told.push([question, answer]),
  });
  return {
    asking,
    asked,
    told,
    async answer(question: string) {
      answers.get(question)?.(`answer to ${question}`);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

describe('asking', () => {
  it('asks at once, one question at a time, and skips what nobody waits for any more', async () => {
    const { asking, asked, told, answer } = questions();
    asking.want('电');
    asking.want('电动');
    asking.want('电动车');
    expect(asked).toEqual(['电']);
    await answer('电');
    expect(asked).toEqual(['电', '电动车']);
    expect(told).toEqual([]);
    await answer('电动车');
    expect(told).toEqual([['电动车', 'answer to 电动车']]);
    asking.want('井盖');
    expect(asked).toEqual(['电', '电动车', '井盖']);
  });

  it('tells nothing once it is closed', async () => {
    const { asking, told, answer } = questions();
    asking.want('电');
    asking.close();
    await answer('电');
    expect(told).toEqual([]);
  });
});

describe('the query in the address', () => {
  it('comes back as it was put there, beside whatever else stands there', () => {
    const query = {
      q: '荷韵花园 电动车',
      period: 'week',
      domain: 'urban',
      street: 'xuzhuang',
      department: undefined,
      status: 'closed',
      overdue: undefined,
    } as const;
    const address = addressOf(query, '?alert=overdue:T-1&q=old&overdue=true');
    expect(queryIn(address)).toEqual(query);
    expect(new URLSearchParams(address).get('alert')).toBe('overdue:T-1');
    const empty = { ...query, q: '', period: undefined, domain: undefined, street: undefined, status: undefined };
    expect(addressOf(empty, address)).toBe('?alert=overdue%3AT-1');
  });

  it('is nothing where the address says what the desk does not know', () => {
    expect(queryIn('?period=century&domain=weather&status=lost&overdue=maybe')).toEqual(queryIn(''));
  });

  it('asks the server for whole local days', () => {
    const dayStartAt = Date.parse('2026-03-18T00:00:00+08:00');
    const from = (period: string) => filterFields(queryIn(`?period=${period}&q=%20井盖%20`), dayStartAt);
    expect(from('today').get('from')).toBe('2026-03-17T16:00:00.000Z');
    expect(from('week').get('from')).toBe('2026-03-11T16:00:00.000Z');
    expect(from('month').get('q')).toBe('井盖');
    expect(filterFields(queryIn('?q=%20'), dayStartAt).toString()).toBe('');
  });
});

const entry = (step: string, time: string, more: object = {}) => ({
  step,
  at: `2026-03-18T${time}:00+08:00`,
  by: null,
  note: null,
  department: null,
  ...more,
});

function deskTicket(steps: readonly object[], more: object = {}): DeskTicket {
  const read = readTicket({
    ticket: {
      id: 'T-1',
      number: 'GD-260318-0001',
      source: 'grid',
      domain: 'urban',
      category: 'nonMotorParking',
      title: '电动车乱停乱放',
      priority: 'normal',
      location: { gridId: 'heyun-03' },
      department: null,
      assistDepartments: [],
      reportedAt: '2026-03-18T10:06:00+08:00',
      recordedAt: '2026-03-18T10:06:00+08:00',
      dueAt: null,
      overdue: false,
      points: 0,
      flags: [],
      status: 'reported',
      steps,
      ...more,
    },
  });
  if (read === undefined) throw new Error('the ticket of the test could not be read');
  return read.ticket;
}

const told = (ticket: DeskTicket) =>
  timelineOf(ticket).map((node) =>
    node.kind === 'skipped'
      ? `(${node.stage})`
      : `${node.entry.step}${node.gapMs === null ? '' : ` ${node.gapMs / 60_000}`}`,
  );

describe('the timeline', () => {
  it('keeps the node of a stage that was passed over, and tells the minutes between', () => {
    const seed = [
      entry('report', '10:06'),
      entry('handle', '10:11'),
      entry('verify', '10:14'),
      entry('close', '10:14'),
    ];
    expect(told(deskTicket(seed))).toEqual(['report 5', '(dispatch)', 'handle 3', 'verify', 'close']);
  });

  it('passes nothing over where every stage was taken, whatever went back and forth', () => {
    const steps = [
      entry('report', '10:06'),
      entry('dispatch', '10:07'),
      entry('return', '10:09'),
      entry('dispatch', '10:10'),
      entry('note', '10:12'),
      entry('handle', '10:20'),
      entry('rework', '10:30'),
      entry('handle', '10:25'),
    ];
    expect(told(deskTicket(steps))).toEqual([
      'report 1',
      'dispatch 2',
      'return 1',
      'dispatch 2',
      'note 8',
      'handle 10',
      'rework',
      'handle',
    ]);
  });

  it('shows all that a closing on the spot passed over, and nothing of a ticket that was voided', () => {
    expect(told(deskTicket([entry('report', '10:06'), entry('close', '10:10')]))).toEqual([
      'report 4',
      '(dispatch)',
      '(handle)',
      '(verify)',
      'close',
    ]);
    expect(told(deskTicket([entry('report', '10:06'), entry('void', '10:10')]))).toEqual(['report 4', 'void']);
  });

  it('ends where the ticket does', () => {
    const steps = [entry('report', '10:06'), entry('merge', '10:10', { into: 'T-2' }), entry('note', '10:30')];
    const end = Date.parse('2026-03-18T10:10:00+08:00');
    expect(endedAtOf(deskTicket(steps, { status: 'merged' }))).toBe(end);
    expect(endedAtOf(deskTicket(steps))).toBeUndefined();
  });
});

describe('pages of an answer', () => {
  const page = (ids: readonly string[], nextCursor: string | null): TicketPage => ({
    items: ids.map((id) => ({ ...deskTicket([entry('report', '10:06')]), id })),
    total: 4,
    byStatus: { reported: 4, dispatched: 0, handled: 0, verified: 0, closed: 0, void: 0, merged: 0 },
    nextCursor,
  });
  const ids = (found: Found | undefined) => found?.tickets.map(({ id }) => id);

  it('go on where the one before ended, once', () => {
    const first = joined(undefined, { filter: 'q=1', cursor: undefined }, page(['a', 'b'], 'next'));
    const both = joined(first, { filter: 'q=1', cursor: 'next' }, page(['c', 'd'], null));
    expect(ids(both)).toEqual(['a', 'b', 'c', 'd']);
    expect(joined(both, { filter: 'q=1', cursor: 'next' }, page(['c', 'd'], null))).toBe(both);
    expect(ids(joined(both, { filter: 'q=2', cursor: undefined }, page(['e'], null)))).toEqual(['e']);
    expect(joined(both, { filter: 'q=2', cursor: 'next' }, page(['e'], null))).toBe(both);
  });
});
