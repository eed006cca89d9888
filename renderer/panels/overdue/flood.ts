import { wantsAcknowledgement } from '../../../domain/alarm.ts';
import { type AlertFigures, type FloodFigures, foldGroups, isUrgent } from '../../../domain/alertFigures.ts';
import type { FloodGroup } from '../../../domain/flood.ts';

/** Heights of the flood state's parts in design units (flood.css). */
const HEADER = 58;
const BOX = 186;
const FOOT = 44;
const GROUP_MIN = 84;
/** 5 and 其他 (visual specification §5). */
const MOST_GROUPS = 6;
const LEAST_GROUPS = 3;
const LINE = 28;
const LINES_PADDING = 14;
const LEAST_LINES = 2;
/** More than so many pages of single lines are read two to a line instead. */
const MOST_TURNS = 5;

export interface FloodLayout {
  /** How many groups are shown. */
  readonly groupRows: number;
  /** Rows of unacknowledged criticals one by one, and how many stand in each. */
  readonly lines: number;
  readonly columns: 1 | 2;
}

/** How a panel of this height is shared between groups, so many side by side, and the criticals that stand apart. */
export function floodLayout(height: number, groups: number, criticals: number, abreast: 1 | 2 = 1): FloodLayout {
  const room = height - HEADER - BOX - FOOT;
  const least = Math.ceil(Math.min(groups, LEAST_GROUPS) / abreast) * GROUP_MIN;
  const mostLines = Math.max(1, Math.floor((room - least - LINES_PADDING) / LINE));
  const wanted = Math.max(LEAST_LINES, Math.ceil(criticals / MOST_TURNS));
  const lines = criticals === 0 ? 0 : Math.min(criticals, wanted, mostLines);
  const left = room - (lines === 0 ? 0 : lines * LINE + LINES_PADDING);
  return {
    groupRows: Math.min(MOST_GROUPS, Math.max(1, Math.floor(left / GROUP_MIN)) * abreast),
    lines,
    columns: abreast === 2 || criticals > lines * MOST_TURNS ? 2 : 1,
  };
}

/** The groups as their rows show them, and whatever stands apart. */
export function floodRows(
  flood: FloodFigures,
  listed: AlertFigures['listed'],
  height: number,
  abreast: 1 | 2,
): FloodLayout & { readonly groups: readonly FloodGroup[] } {
  const layout = floodLayout(height, flood.groups.length, listed.filter(isUrgent).length, abreast);
  return { ...layout, groups: foldGroups(flood.groups, layout.groupRows) };
}

/** The look of one alert's tick: its level while nobody has acknowledged it, else an outline. */
export type Tick = 'critical' | 'high' | 'held';

/** One tick for each alert, unacknowledged reds first. */
export function ticksOf(group: FloodGroup): readonly { readonly id: string; readonly tick: Tick }[] {
  const order: readonly Tick[] = ['critical', 'high', 'held'];
  return group.alerts
    .map(({ id, state, severity }) => {
      const tick: Tick = !wantsAcknowledgement(state) ? 'held' : severity === 'critical' ? 'critical' : 'high';
      return { id, tick };
    })
    .sort((a, b) => order.indexOf(a.tick) - order.indexOf(b.tick));
}

/** The level that a group is drawn in: the highest that still waits, else the highest there is, hollow. */
export function groupLook(group: FloodGroup): { readonly severity: 'critical' | 'high'; readonly held: boolean } {
  const waiting = group.alerts.filter(({ state }) => wantsAcknowledgement(state));
  const of = waiting.length > 0 ? waiting : group.alerts;
  return {
    severity: of.some(({ severity }) => severity === 'critical') ? 'critical' : 'high',
    held: waiting.length === 0,
  };
}

export interface PriorityShare {
  /** Percent of all standing alerts, whole, of each level; they add up to 100 or, without any, to 0. */
  readonly critical: number;
  readonly high: number;
  readonly rest: number;
}

/** What share a level should have at most, in percent (EEMUA 191: 5 / 15 / 80). */
export const PRIORITY_TARGET: PriorityShare = { critical: 5, high: 15, rest: 80 };

export function priorityShare(bySeverity: AlertFigures['bySeverity']): PriorityShare {
  const { critical, high, medium, low } = bySeverity;
  const total = critical + high + medium + low;
  if (total === 0) return { critical: 0, high: 0, rest: 0 };
  const red = Math.round((critical / total) * 100);
  const amber = Math.min(100 - red, Math.round((high / total) * 100));
  return { critical: red, high: amber, rest: 100 - red - amber };
}
