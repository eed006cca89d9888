import type { DeskTicket, TicketStep } from './ticketWire.ts';

/** The five stages in their fixed order (visual specification §0). */
export const STAGES = ['report', 'dispatch', 'handle', 'verify', 'close'] as const;
export type Stage = (typeof STAGES)[number];
export type SkippedStage = Exclude<Stage, 'report' | 'close'>;

/** A node of the timeline: an entry of the ticket, or a stage that was passed over and keeps its node. */
export type TimelineNode =
  | {
      readonly kind: 'taken';
      readonly entry: TicketStep;
      /** One of the five stages, not a side path. */
      readonly main: boolean;
      /** Until the next entry; null at the end, and where that is not dated after this one. */
      readonly gapMs: number | null;
    }
  | { readonly kind: 'skipped'; readonly stage: SkippedStage };

function stageIndex(step: TicketStep['step']): number {
  return (STAGES as readonly string[]).indexOf(step);
}

/**
 * The nodes of a ticket's timeline in order of arrival. A stage is skipped where a later one was taken and it never was;
 * its node stands before that later one.
 */
export function timelineOf({ steps }: Pick<DeskTicket, 'steps'>): readonly TimelineNode[] {
  const nodes: TimelineNode[] = [];
  let reached = 0;
  for (const [i, entry] of steps.entries()) {
    const stage = stageIndex(entry.step);
    for (let passed = reached + 1; passed < stage; passed += 1) {
      nodes.push({ kind: 'skipped', stage: STAGES[passed] as SkippedStage });
    }
    reached = Math.max(reached, stage);
    const next = steps[i + 1];
    const gapMs = next === undefined || next.at <= entry.at ? null : next.at - entry.at;
    nodes.push({ kind: 'taken', entry, main: stage >= 0, gapMs });
  }
  return nodes;
}

/** When a ticket came to its end; undefined while it is open. */
export function endedAtOf({ status, steps }: Pick<DeskTicket, 'status' | 'steps'>): number | undefined {
  if (status !== 'closed' && status !== 'void' && status !== 'merged') return undefined;
  const step = status === 'closed' ? 'close' : status === 'merged' ? 'merge' : 'void';
  return steps.findLast((entry) => entry.step === step)?.at;
}

/** Who reported it, by name or staff number; undefined where the report names nobody. */
export function officerOf({ steps, reporter }: Pick<DeskTicket, 'steps' | 'reporter'>): string | undefined {
  return reporter?.name ?? reporter?.id ?? steps[0]?.by ?? undefined;
}
