import { type Alert, type AlertKind, wantsAcknowledgement } from './alarm.ts';

/** More than 10 new alerts in 10 minutes are more than one person can take in (EEMUA 191); over again under 5. */
export interface FloodRule {
  readonly windowMinutes: number;
  readonly beginsAbove: number;
  readonly endsBelow: number;
}

/** Kinds that count towards a flood: what happens to tickets. Due soon and the system's own faults do not. */
const FLOOD_KINDS: readonly AlertKind[] = ['overdue', 'stageLate', 'surge', 'repeat', 'criticalTicket'];

export function countsTowardsFlood(kind: AlertKind): boolean {
  return FLOOD_KINDS.includes(kind);
}

/** A flood began or ended. `recent` is the number of alerts raised in the window then. */
export interface FloodChanged {
  readonly type: 'floodChanged';
  readonly at: number;
  readonly recordedAt: number;
  readonly active: boolean;
  readonly recent: number;
}

/** Whether a flood stands, given whether it stood before: hysteresis between the two limits. */
export function floodStands(rule: FloodRule, recent: number, stood: boolean): boolean {
  return stood ? recent >= rule.endsBelow : recent > rule.beginsAbove;
}

export interface FloodGroup {
  /** Category · department · street: what, who, where. */
  readonly key: string;
  readonly category: string | undefined;
  readonly department: string | undefined;
  readonly streetId: string | undefined;
  readonly alerts: readonly Alert[];
  readonly critical: number;
  readonly high: number;
  readonly unacknowledged: number;
  readonly oldestAt: number;
  readonly grids: number;
}

/**
 * Standing alerts by cause, area and department: at most `most` groups, the rest under the key `''` (其他). Groups with
 * an unacknowledged critical come first and are never folded into the rest, so they may push the list past `most`.
 */
export function floodGroups(
  alerts: Iterable<Alert>,
  streetOf: (gridId: string) => string | undefined,
  most: number,
): FloodGroup[] {
  const byKey = new Map<string, Alert[]>();
  for (const alert of alerts) {
    if (!countsTowardsFlood(alert.kind) || alert.state === 'normal' || alert.severity === 'low') continue;
    const streetId = alert.gridId === undefined ? undefined : streetOf(alert.gridId);
    const key = `${alert.category ?? ''}|${alert.department ?? ''}|${streetId ?? ''}`;
    const group = byKey.get(key);
    if (group === undefined) byKey.set(key, [alert]);
    else group.push(alert);
  }
  const groups = [...byKey].map(([key, members]) => summary(key, members, streetOf));
  groups.sort(
    (a, b) =>
      Number(urgent(b)) - Number(urgent(a)) ||
      b.critical - a.critical ||
      b.alerts.length - a.alerts.length ||
      a.oldestAt - b.oldestAt,
  );
  const shown = groups.filter((group, i) => i < most || urgent(group));
  const folded = groups.slice(shown.length).flatMap((group) => group.alerts);
  return folded.length === 0 ? shown : [...shown, summary('', folded, streetOf)];
}

function urgent(group: FloodGroup): boolean {
  return group.alerts.some((alert) => alert.severity === 'critical' && wantsAcknowledgement(alert.state));
}

function summary(key: string, alerts: Alert[], streetOf: (gridId: string) => string | undefined): FloodGroup {
  const first = alerts[0];
  const streetId = first?.gridId === undefined ? undefined : streetOf(first.gridId);
  return {
    key,
    category: key === '' ? undefined : first?.category,
    department: key === '' ? undefined : first?.department,
    streetId: key === '' ? undefined : streetId,
    alerts: [...alerts].sort((a, b) => a.raisedAt - b.raisedAt),
    critical: alerts.filter((alert) => alert.severity === 'critical').length,
    high: alerts.filter((alert) => alert.severity === 'high').length,
    unacknowledged: alerts.filter((alert) => wantsAcknowledgement(alert.state)).length,
    oldestAt: Math.min(...alerts.map((alert) => alert.raisedAt)),
    grids: new Set(alerts.flatMap((alert) => alert.gridId ?? [])).size,
  };
}
