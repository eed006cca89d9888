/** Where somebody is on the desk; it stands in the address, so that a reload and a new sign-in come back to it. */
export interface Place {
  readonly tab: DeskTab;
  readonly alertId: string | undefined;
  /** A group of the flood that is open in place of an alert. */
  readonly groupKey: string | undefined;
  readonly ticketId: string | undefined;
}

/** `search`: on a page too narrow for three columns the query has a tab of its own. */
export const DESK_TABS = ['alerts', 'search', 'audit'] as const;
export type DeskTab = (typeof DESK_TABS)[number];

function isTab(value: string | null): value is DeskTab {
  return (DESK_TABS as readonly (string | null)[]).includes(value);
}

export function placeIn(search: string): Place {
  const query = new URLSearchParams(search);
  const tab = query.get('tab');
  return {
    tab: isTab(tab) ? tab : 'alerts',
    alertId: query.get('alert') ?? undefined,
    groupKey: query.get('group') ?? undefined,
    ticketId: query.get('ticket') ?? undefined,
  };
}

/** The address of a place; whatever else stands in it stays. */
export function searchOf(place: Place, search: string): string {
  const query = new URLSearchParams(search);
  const set = (name: string, value: string | undefined) => {
    if (value === undefined) query.delete(name);
    else query.set(name, value);
  };
  set('tab', place.tab === 'alerts' ? undefined : place.tab);
  set('alert', place.alertId);
  set('group', place.groupKey);
  set('ticket', place.ticketId);
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}
