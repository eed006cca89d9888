import type { Rules } from '../../domain/decide.ts';
import { decideReport, decideStep } from '../../domain/decide.ts';
import type { BoardEvent } from '../../domain/events.ts';
import { STEPS, type StepReport, type Ticket, type TicketReport } from '../../domain/ticket.ts';
import { evolve, initialWallState, type WallState } from '../../domain/wallState.ts';
import { createSteppedClock } from '../../server/clock.ts';
import { createAlarmKeeper } from '../../server/store/alarmKeeper.ts';
import { at, HOUR, MINUTE } from './domainBuilders.ts';
import type { SeededRandom } from './seededRandom.ts';

const TITLES = [
  '荷韵花园 3 号楼下电动车乱停',
  '居民王小明反映路灯不亮，电话 13800138000',
  '井盖缺失，车牌鲁H12345 被挡',
  'Broken lamp, call 0537-2314567',
  '12345 转办：噪声扰民',
];
const PEOPLE = ['张伟', '欧阳修远', '王小明', '系统', '值班员', undefined];
const STEPS_SENT = STEPS.filter((step) => step !== 'report');

/** A report as any source might send it, with private data in every place that can hold some. */
export function randomReport(
  random: SeededRandom,
  id: string,
  gridIds: readonly string[],
): TicketReport & { id: string } {
  const name = random.pick(PEOPLE);
  const named = name !== undefined && random.chance(0.7);
  return {
    id,
    source: random.pick(['网格员', '12345', '市民 13900139000']),
    category: random.pick(['parking', 'lamp', 'permit', 'manhole', 'idea', '没有列出 13700137000']),
    title: `${random.pick(TITLES)}${named ? name : ''}`,
    location: {
      ...(random.chance(0.7) ? { gridId: random.pick([...gridIds, '外网格 13600136000']) } : {}),
      ...(random.chance(0.5) ? { address: '车站西路 18 号院 2 号楼 301 室' } : {}),
      ...(random.chance(0.3) ? { lng: 116.587123, lat: 35.414567 } : {}),
    },
    reportedAt: at('08:00') + random.below(240) * MINUTE,
    ...(random.chance(0.5) ? { description: '原文：张伟，身份证 370811199001011234' } : {}),
    ...(random.chance(0.2) ? { department: random.pick(['patrol', '别处 13500135000']) } : {}),
    ...(random.chance(0.2) ? { assistDepartments: ['works', '协办 13500135000'] } : {}),
    ...(named || random.chance(0.3)
      ? { reporter: { id: 'G-0103', ...(named ? { name } : {}), phone: '13800138001' } }
      : {}),
  };
}

export function randomStep(random: SeededRandom, id: string, ticketIds: readonly string[]): StepReport {
  const by = random.pick(PEOPLE);
  const step = random.pick(STEPS_SENT);
  return {
    step,
    at: at('08:00') + random.below(300) * MINUTE,
    ...(random.chance(0.5) ? { id } : {}),
    ...(by === undefined ? {} : { by }),
    ...(random.chance(0.3) ? { note: '联系人李雷 13800138002' } : {}),
    ...(random.chance(0.3) ? { department: random.pick(['works', '别处 13500135000']) } : {}),
    ...(step === 'extend' ? { dueAt: at('18:00') + random.below(600) * MINUTE } : {}),
    ...(step === 'merge' ? { into: random.pick(ticketIds) } : {}),
  };
}

/**
 * A legal history of so many accepted reports and steps with the alerts that follow, officers at work and some tickets
 * archived on the way, and the board it comes to.
 */
export function randomHistory(
  random: SeededRandom,
  rules: Rules,
  length: number,
): { readonly events: readonly BoardEvent[]; readonly board: WallState } {
  const gridIds = rules.deployment.grids.map((grid) => grid.id);
  const board = initialWallState();
  const events: BoardEvent[] = [];
  const clock = createSteppedClock({ mode: 'live', startAt: at('13:00') });
  let taken = 0;
  function take(added: readonly BoardEvent[]): void {
    for (const event of added) {
      events.push(event);
      evolve(board, event);
    }
  }
  const keeper = createAlarmKeeper({
    rules,
    clock,
    board,
    reports: () => [],
    tickets: () => board.tickets.values(),
    ticket: (id) => board.tickets.get(id),
    emit: take,
  });
  keeper.begin();
  function follow(id: string, isNew: boolean): void {
    take(keeper.follow(board.tickets.get(id) as Ticket, isNew));
  }
  function officerActs(now: number): void {
    const alert = random.pick([...board.alerts.values(), undefined]);
    if (alert === undefined) return;
    const actor = random.pick(['张伟', '王小明']);
    const acknowledge = {
      kind: 'acknowledge',
      actor,
      actorId: 'account-1',
      disposition: 'phoned',
      note: '原文 13800138002',
      assignTo: random.pick(['李雷', 'works']),
    } as const;
    const shelve = { kind: 'shelve', actor, untilAt: now + HOUR, reason: '原文：等李雷' } as const;
    const answer = keeper.command(alert.id, random.chance(0.6) ? acknowledge : shelve);
    if (answer?.outcome === 'accepted') take(answer.events);
  }
  while (taken < length) {
    taken += 1;
    const now = at('13:00') + taken * MINUTE;
    clock.advanceTo(now);
    if (random.chance(0.3)) officerActs(now);
    if (random.chance(0.05)) {
      const cause = { code: 'diskLow', figures: { freeMiB: 1 } } as const;
      take(keeper.condition('systemFault', 'disk', random.chance(0.5) ? { severity: 'high', cause } : undefined));
    }
    const ids = [...board.tickets.keys()];
    const contentHash = `hash-${taken}`;
    if (ids.length === 0 || random.chance(0.3)) {
      const decision = decideReport(randomReport(random, `T-${taken}`, gridIds), undefined, {
        rules,
        now,
        contentHash,
        number: () => `GD-260318-${String(taken).padStart(4, '0')}`,
      });
      if (decision.outcome === 'accepted') {
        take(decision.events);
        follow(`T-${taken}`, true);
      }
      continue;
    }
    const id = random.pick(ids);
    const ticket = board.tickets.get(id);
    if (ticket === undefined) continue;
    if (ticket.endedAt !== undefined && random.chance(0.3)) {
      keeper.forget(id);
      take([{ type: 'ticketArchived', ticketId: id, at: now, recordedAt: now }]);
      continue;
    }
    const step = randomStep(random, `S-${taken}`, ids);
    const decision = decideStep(ticket, step, {
      rules,
      now,
      contentHash,
      mergeTarget: step.into === undefined ? undefined : board.tickets.get(step.into),
    });
    if (decision.outcome === 'accepted') {
      take(decision.events);
      follow(id, false);
    }
  }
  keeper.close();
  return { events, board };
}

/** Two streets of one community and two grids each. */
export const TWO_STREETS = {
  streets: [
    { id: 's1', name: { zh: '许庄街道' } },
    { id: 's2', name: { zh: '石桥镇' } },
  ],
  communities: [
    { id: 'c1', name: { zh: '荷韵花园' }, streetId: 's1', kind: 'urban' },
    { id: 'c2', name: { zh: '石桥村' }, streetId: 's2', kind: 'rural' },
  ],
  grids: [
    { id: 'g1', name: { zh: '荷韵花园-01' }, communityId: 'c1', tile: { q: 0, r: 0 } },
    { id: 'g2', name: { zh: '荷韵花园-02' }, communityId: 'c1', tile: { q: 1, r: 0 } },
    { id: 'g3', name: { zh: '石桥村-01' }, communityId: 'c2', tile: { q: 2, r: 0 } },
    { id: 'g4', name: { zh: '石桥村-02' }, communityId: 'c2', tile: { q: 3, r: 0 } },
  ],
} as const;
