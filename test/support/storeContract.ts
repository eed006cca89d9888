import { describe, expect, test } from 'vitest';
import type { DiskWrites } from '../../server/store/durableFile.ts';
import type { Commit } from '../../server/store/ticketStore.ts';
import { at, HOUR } from './domainBuilders.ts';
import { accepted, type OpenedStore, openStore, temporaryFolder } from './openStore.ts';

const CYCLE = [
  { step: 'dispatch', at: at('10:08'), department: 'patrol' },
  { step: 'handle', at: at('10:11'), by: '钱一', note: '已清理，电话 13800138000 已回访' },
  { step: 'verify', at: at('10:14'), by: '孙二' },
] as const;

async function throughTheCycle({ report, step }: OpenedStore, id: string): Promise<void> {
  await report({ id, description: `${id} 的描述` });
  for (const taken of CYCLE) accepted(await step(id, { ...taken, id: `${id}-${taken.step}` }));
}

/** What every store promises, whatever lies below it. */
export function storeContract(name: string, makeDisk: () => DiskWrites): void {
  describe(`store on ${name}`, () => {
    test('an answered report is on the board, found by id and by number', async () => {
      const { store, report } = await openStore(await temporaryFolder(), { disk: makeDisk() });
      const { ticket, seq, outcome } = accepted(await report());
      expect(outcome).toBe('accepted');
      expect(seq).toBe(1);
      expect(ticket).toMatchObject({ id: 'T-1', number: 'GD-260318-0001', status: 'reported', dueAt: at('12:06') });
      expect(store.board.tickets.get('T-1')).toBe(ticket);
      expect(await store.find('T-1')).toBe(ticket);
      expect(await store.find('GD-260318-0001')).toBe(ticket);
      expect(await store.find('T-2')).toBeUndefined();
      await store.close();
    });

    test('calls in one go are decided in their order, each on those before it', async () => {
      const { store, report, step } = await openStore(await temporaryFolder(), { disk: makeDisk() });
      const answers = await Promise.all([
        report(),
        step('T-1', { step: 'handle', at: at('10:11'), by: '钱一' }),
        step('T-1', { step: 'verify', at: at('10:14'), by: '钱一' }),
        step('GD-260318-0001', { step: 'verify', at: at('10:14'), by: '孙二' }),
        step('T-1', { step: 'dispatch', at: at('10:20') }),
        step('T-9', { step: 'dispatch', at: at('10:20') }),
      ]);
      expect(answers.map((answer) => (answer.ok ? answer.ticket.status : answer.refusal.reason))).toEqual([
        'reported',
        'handled',
        'samePerson',
        'closed',
        'illegalStep',
        'notFound',
      ]);
      // report, handle, verify, close by 系统, award
      expect(answers.map((answer) => (answer.ok ? answer.seq : null))).toEqual([1, 2, null, 5, null, null]);
      await store.close();
    });

    test('of two reports with one id in one go the second is a retry or a clash', async () => {
      const { store, report } = await openStore(await temporaryFolder(), { disk: makeDisk() });
      const [first, retry, clash] = await Promise.all([report(), report(), report({ title: '另一件事' })]);
      expect(accepted(first as never).outcome).toBe('accepted');
      expect(retry).toMatchObject({ ok: true, outcome: 'repeated', ticket: { id: 'T-1' } });
      expect(clash).toEqual({ ok: false, refusal: { reason: 'conflict' } });
      expect(store.seq).toBe(1);
      await store.close();
    });

    test('numbers count per local day of the report and go on after a restart', async () => {
      const directory = await temporaryFolder();
      const first = await openStore(directory, { disk: makeDisk() });
      const ids = ['A', 'B', 'C'];
      const numbers = await Promise.all(
        ids.map(async (id) => accepted(await first.report({ id, reportedAt: at('00:00') })).ticket.number),
      );
      expect(numbers).toEqual(['GD-260318-0001', 'GD-260318-0002', 'GD-260318-0003']);
      expect(accepted(await first.report({ id: 'D', reportedAt: at('00:00') - 1 })).ticket.number).toBe(
        'GD-260317-0001',
      );
      await first.store.close();
      const second = await openStore(directory, { disk: makeDisk() });
      expect(accepted(await second.report({ id: 'E' })).ticket.number).toBe('GD-260318-0004');
      expect(accepted(await second.report({ id: 'F', reportedAt: at('23:59', -1) })).ticket.number).toBe(
        'GD-260317-0002',
      );
      await second.store.close();
    });

    test('W20 listeners get every event once, in groups without a gap', async () => {
      const { store, report, step } = await openStore(await temporaryFolder(), { disk: makeDisk() });
      const commits: Commit[] = [];
      store.onCommit((commit) => {
        expect(store.seq).toBe(commit.toSeq);
        commits.push(commit);
      });
      await Promise.all(['A', 'B', 'C'].map((id) => report({ id })));
      await step('B', { step: 'close', at: at('10:30') });
      expect(
        commits.flatMap((commit) =>
          commit.events.map((event) => `${event.type} ${'ticketId' in event ? event.ticketId : ''}`),
        ),
      ).toEqual(['ticketReported A', 'ticketReported B', 'ticketReported C', 'stepTaken B']);
      let nextSeq = 1;
      for (const { fromSeq, toSeq, events } of commits) {
        expect(fromSeq).toBe(nextSeq);
        expect(events).toHaveLength(toSeq - fromSeq + 1);
        nextSeq = toSeq + 1;
      }
      await store.close();
    });

    test('W23 a restart brings the same board at the same seq under another epoch', async () => {
      const directory = await temporaryFolder();
      const first = await openStore(directory, { disk: makeDisk() });
      await throughTheCycle(first, 'T-1');
      await first.report({ id: 'T-2', category: 'lamp' });
      await first.step('T-2', { step: 'suspend', at: at('10:30'), note: '等配件' });
      const before = [...first.store.board.tickets.values()];
      await first.store.close();
      const second = await openStore(directory, { disk: makeDisk() });
      expect([...second.store.board.tickets.values()]).toEqual(before);
      expect(second.store.seq).toBe(first.store.seq);
      expect(second.store.epoch).not.toBe(first.store.epoch);
      expect(await second.report({ id: 'T-2', category: 'lamp' })).toMatchObject({ ok: true, outcome: 'repeated' });
      await second.store.close();
    });

    test('a merge names its target by id or number and keeps the id', async () => {
      const { store, report, step } = await openStore(await temporaryFolder(), { disk: makeDisk() });
      await Promise.all([report({ id: 'A' }), report({ id: 'B' })]);
      const { ticket } = accepted(await step('B', { step: 'merge', at: at('10:30'), into: 'GD-260318-0001' }));
      expect(ticket.steps.at(-1)).toMatchObject({ step: 'merge', into: 'A' });
      await store.close();
    });

    test('an ended ticket leaves the board after its time, whole in the archive, slim in memory', async () => {
      const directory = await temporaryFolder();
      const opened = await openStore(directory, { disk: makeDisk() });
      const { store, clock } = opened;
      await throughTheCycle(opened, 'T-1');
      await opened.report({ id: 'T-2' });
      const whole = store.board.tickets.get('T-1');
      clock.advanceTo(at('10:14') + 48 * HOUR);
      expect(await store.archiveEnded()).toBe(0);
      clock.advance(1);
      expect(await store.archiveEnded()).toBe(1);
      expect([...store.board.tickets.keys()]).toEqual(['T-2']);
      expect(await store.find('T-1')).toEqual(whole);
      expect(await store.find('GD-260318-0001')).toEqual(whole);
      const facts = [...store.facts()];
      expect(facts.map((ticket) => ticket.id)).toEqual(['T-1', 'T-2']);
      const text = JSON.stringify(facts[0]);
      expect(text).not.toContain('13800138000');
      expect(facts[0]).not.toHaveProperty('description');
      expect(facts[0]).not.toHaveProperty('reporter');
      expect(facts[0]).toMatchObject({ searchText: expect.stringContaining('的描述'), officer: 'G-0103' });
      await store.close();
      const again = await openStore(directory, { disk: makeDisk(), clock });
      expect([...again.store.facts()]).toEqual(facts);
      expect(await again.store.find('T-1')).toEqual(whole);
      await again.store.close();
    });

    test('an archived ticket still takes notes, knows its retries and refuses work', async () => {
      const directory = await temporaryFolder();
      const opened = await openStore(directory, { disk: makeDisk() });
      const { store, clock } = opened;
      await throughTheCycle(opened, 'T-1');
      clock.advance(72 * HOUR);
      await store.archiveEnded();
      const commits: Commit[] = [];
      store.onCommit((commit) => commits.push(commit));
      const [repeatedReport, repeatedStep, repeatedClose, note, reopened] = await Promise.all([
        opened.report({ id: 'T-1', description: 'T-1 的描述' }),
        opened.step('T-1', { ...CYCLE[1], id: 'T-1-handle' }),
        opened.step('T-1', { step: 'close' }),
        opened.step('T-1', { step: 'note', note: '回访满意' }),
        opened.step('T-1', { step: 'handle' }),
      ]);
      for (const repeated of [repeatedReport, repeatedStep, repeatedClose]) {
        expect(repeated).toMatchObject({ ok: true, outcome: 'repeated', ticket: { description: 'T-1 的描述' } });
      }
      expect(accepted(note as never).ticket.steps.at(-1)).toMatchObject({ step: 'note', note: '回访满意' });
      expect(accepted(note as never).ticket.steps[2]).toMatchObject({ step: 'handle', note: CYCLE[1].note });
      expect(reopened).toMatchObject({ ok: false, refusal: { reason: 'illegalStep', allowed: ['note'] } });
      expect(commits).toHaveLength(1);
      expect(store.board.tickets.size).toBe(0);
      const noted = await store.find('T-1');
      expect(noted?.steps).toHaveLength(6);
      const facts = [...store.facts()];
      expect(JSON.stringify(facts)).not.toContain('回访满意');
      await store.close();
      const again = await openStore(directory, { disk: makeDisk(), clock });
      expect(await again.store.find('T-1')).toEqual(noted);
      expect([...again.store.facts()]).toEqual(facts);
      await again.store.close();
    });

    test('a ticket that gets a note while it is being moved stays until next time', async () => {
      const opened = await openStore(await temporaryFolder(), { disk: makeDisk() });
      const { store, clock } = opened;
      await throughTheCycle(opened, 'T-1');
      clock.advance(72 * HOUR);
      const moving = store.archiveEnded();
      const note = accepted(await opened.step('T-1', { step: 'note', note: '补充' }));
      expect(await moving).toBe(0);
      expect(store.board.tickets.get('T-1')).toEqual(note.ticket);
      expect(await store.archiveEnded()).toBe(1);
      expect(await store.find('T-1')).toEqual(note.ticket);
      await store.close();
    });

    test('the points ledger outlives restart and archive', async () => {
      const directory = await temporaryFolder();
      const opened = await openStore(directory, { disk: makeDisk() });
      const awarded: unknown[] = [];
      opened.store.onCommit(({ events }) => awarded.push(...events.filter((event) => event.type === 'pointsAwarded')));
      await throughTheCycle(opened, 'T-1');
      opened.clock.advance(72 * HOUR);
      await opened.store.archiveEnded();
      await throughTheCycle(opened, 'T-2');
      expect(awarded).toHaveLength(2);
      expect([...opened.store.pointsLedger()]).toEqual(awarded);
      await opened.store.close();
      const again = await openStore(directory, { disk: makeDisk(), clock: opened.clock });
      expect([...again.store.pointsLedger()]).toEqual(awarded);
      await again.store.close();
    });

    test('after its closing it takes nothing', async () => {
      const { store, report } = await openStore(await temporaryFolder(), { disk: makeDisk() });
      const closing = store.close();
      expect(await report()).toMatchObject({ ok: false, refusal: { reason: 'unavailable' } });
      await closing;
    });
  });
}
