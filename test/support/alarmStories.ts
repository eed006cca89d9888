import type { Alert, AlertChanged } from '../../domain/alarm.ts';
import {
  type AlarmDecision,
  type AlarmHandling,
  type Condition,
  decideAcknowledge,
  decideCondition,
  decideRelease,
  decideShelve,
  decideTimer,
} from '../../domain/alarmDecide.ts';
import type { Deployment } from '../../domain/deployment.ts';
import type { BoardEvent, StepTaken } from '../../domain/events.ts';
import type { WallStore } from '../../renderer/live/wallStore.ts';
import { FIXTURE_NOW, fixtureHandling } from './boardFixture.ts';
import { MINUTE } from './domainBuilders.ts';

function eventOf(decision: AlarmDecision): AlertChanged {
  if (decision.outcome !== 'accepted') throw new Error(`was not accepted: ${JSON.stringify(decision)}`);
  return decision.event;
}

/** Sends events to a wall's store as the server would. */
function send(store: WallStore, events: readonly BoardEvent[]): void {
  const snapshot = store.snapshot();
  if (snapshot === undefined) throw new Error('the wall has no board');
  const { epoch, seq } = snapshot;
  store.apply({ epoch, fromSeq: seq + 1, toSeq: seq + events.length, at: FIXTURE_NOW, events });
}

function alertTitled(store: WallStore, title: string): Alert {
  const board = store.snapshot()?.board;
  for (const alert of board?.alerts.values() ?? []) {
    const ticket = alert.ticketId === undefined ? undefined : board?.tickets.get(alert.ticketId);
    if (ticket?.title === title && alert.kind === 'overdue') return alert;
  }
  throw new Error(`no alert about ${title}`);
}

function at(instant: number, handling: AlarmHandling) {
  return { at: instant, recordedAt: instant, handling };
}

/** Everything on the list is in somebody's hands. */
export function allAcknowledged(store: WallStore, deployment: Deployment): void {
  const handling = fixtureHandling(deployment);
  for (const alert of [...(store.snapshot()?.board.alerts.values() ?? [])]) {
    if (alert.state !== 'unacknowledged') continue;
    const command = { actor: '周*', disposition: 'onSite' };
    send(store, [eventOf(decideAcknowledge(alert, command, at(FIXTURE_NOW - MINUTE, handling)))]);
  }
}

/** A red whose next check was missed four minutes ago, and an amber that escalated to the district unanswered. */
export function checkMissed(store: WallStore, deployment: Deployment): void {
  const handling = fixtureHandling(deployment);
  const lapsesAt = FIXTURE_NOW - 4 * MINUTE;
  const held = { ...alertTitled(store, '渣土车沿路遗撒'), nextCheckAt: lapsesAt };
  const lapsed = decideTimer(held, undefined, at(lapsesAt, handling));
  if (lapsed === undefined) throw new Error('did not lapse');
  const high = alertTitled(store, '占道经营反复');
  send(store, [
    lapsed,
    {
      type: 'alertChanged',
      at: FIXTURE_NOW - MINUTE,
      recordedAt: FIXTURE_NOW - MINUTE,
      stimulus: 'climb',
      from: 'unacknowledged',
      reason: 'unanswered',
      alert: { ...high, level: 3, changedAt: FIXTURE_NOW - MINUTE },
    },
  ]);
}

/** Two set aside until a time. */
export function shelved(store: WallStore, deployment: Deployment): void {
  const handling = fixtureHandling(deployment);
  const until = (actor: string, minutes: number) => ({
    actor,
    untilAt: FIXTURE_NOW + minutes * MINUTE,
    reason: '等待备件',
  });
  send(store, [
    eventOf(decideShelve(alertTitled(store, '雨水井盖缺失'), until('钱*', 78), at(FIXTURE_NOW - 5000, handling))),
    eventOf(decideShelve(alertTitled(store, '路灯连片不亮'), until('孙*', 138), at(FIXTURE_NOW - 4000, handling))),
  ]);
}

/** Closed by its department before anybody had acknowledged it, and one that is late no more. */
export function closedUnseen(store: WallStore, deployment: Deployment): void {
  const handling = fixtureHandling(deployment);
  const moment = at(FIXTURE_NOW - 2 * MINUTE, handling);
  const events = ['雨水井盖缺失', '路灯连片不亮'].flatMap((title): BoardEvent[] => {
    const alert = alertTitled(store, title);
    const cleared = decideCondition(alert, undefined, moment);
    if (cleared === undefined || alert.ticketId === undefined) throw new Error('did not clear');
    const closed: StepTaken = {
      type: 'stepTaken',
      ticketId: alert.ticketId,
      at: moment.at,
      recordedAt: moment.at,
      step: 'close',
      status: 'closed',
      flags: ['unverified'],
    };
    return title === '雨水井盖缺失' ? [closed, cleared] : [cleared];
  });
  send(store, events);
}

/** Nobody has taken anything. */
export function noneTaken(store: WallStore, deployment: Deployment): void {
  const moment = at(FIXTURE_NOW - MINUTE, fixtureHandling(deployment));
  const events = [...(store.snapshot()?.board.alerts.values() ?? [])]
    .filter(({ state }) => state === 'acknowledged')
    .map((alert) => eventOf(decideRelease(alert, alert.acknowledgedBy ?? '', moment)));
  send(store, events);
}

/** One given back by the officer who had it. */
export function released(store: WallStore, deployment: Deployment): void {
  const alert = alertTitled(store, '公交站牌破损');
  send(store, [eventOf(decideRelease(alert, '钱*', at(FIXTURE_NOW - MINUTE, fixtureHandling(deployment))))]);
}

/** The server complains of itself: nobody has seen the one, somebody the other. */
export function systemFaults(store: WallStore, deployment: Deployment): void {
  const handling = fixtureHandling(deployment);
  const fault = (subject: string, cause: Condition['cause'], minutesAgo: number) => {
    const sinceAt = FIXTURE_NOW - minutesAgo * MINUTE;
    const condition = { kind: 'systemFault', subject, severity: 'high', sinceAt, cause } as const;
    const raised = decideCondition(undefined, condition, at(sinceAt, handling));
    if (raised === undefined) throw new Error('was not raised');
    return raised;
  };
  const disk = fault('disk', { code: 'diskLow', figures: { freeMiB: 812 } }, 3);
  const clock = fault('clock', { code: 'clockJumped', figures: { jumpMs: -7000 } }, 26);
  const command = { actor: '赵*', disposition: 'phoned' };
  const seen = eventOf(decideAcknowledge(clock.alert, command, at(FIXTURE_NOW - 20 * MINUTE, handling)));
  send(store, [clock, disk, seen]);
}

/** The rate is down, but some of what came is still to be acknowledged. */
export function floodOver(store: WallStore): void {
  send(store, [
    { type: 'floodChanged', at: FIXTURE_NOW - MINUTE, recordedAt: FIXTURE_NOW - MINUTE, active: false, recent: 4 },
  ]);
}
