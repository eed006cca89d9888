import type { Alert } from '../../domain/alarm.ts';
import type { Deployment } from '../../domain/deployment.ts';
import type { BoardEvent } from '../../domain/events.ts';
import { createLabelMasking, listedLabels } from '../../domain/labels.ts';
import { createMasker, type Masker } from '../../domain/masking.ts';
import type { Location, StepRecord, Ticket } from '../../domain/ticket.ts';
import type { WallState } from '../../domain/wallState.ts';
import type { Board, WallDeployment } from '../../protocol/wire.ts';

/**
 * Who looks: all of a kind and scope see the same. `wall`: walls, and staff who may see no more than a wall; `desk`:
 * staff who may see personal originals. `scope` is a street; without it the whole district.
 */
export interface Audience {
  readonly kind: 'wall' | 'desk';
  readonly scope?: string;
}

/**
 * What an audience may see (product point 9). A wall: no description, note or reporter, names and titles masked, no
 * address where the grid tells the place, a street's wall only the tickets of its grids. A desk: the same tickets with
 * their own words, places and names, and the notes on alerts; descriptions, the reporter and the notes of steps are not
 * on the board at all: they are read ticket by ticket over HTTP, where each reading is logged. Projecting events and
 * evolving comes to the same as evolving and projecting the board, so everything here depends on the event (and the
 * ticket's grid, which never changes) alone.
 */
export interface Projection {
  /** Undefined: not for this audience. `gridId` is that of the event's ticket; events of alerts bring their own place. */
  project(event: BoardEvent, gridId: string | undefined, audience: Audience): BoardEvent | undefined;
  projectTicket(ticket: Ticket, audience: Audience): Ticket | undefined;
  projectAlert(alert: Alert, audience: Audience): Alert | undefined;
  /** What a board holds besides tickets and alerts. */
  projectLoad(
    board: Pick<WallState, 'raises' | 'flood' | 'canary'>,
    audience: Audience,
  ): Pick<Board, 'raises' | 'flood' | 'canary'>;
  /** Whether tickets of a grid (or without one) are for this audience. */
  sees(gridId: string | undefined, audience: Audience): boolean;
  /** A label that sources choose freely, for the trust strip. */
  label(text: string): string;
  readonly deployment: WallDeployment;
}

/** Three decimals of a degree are about a hundred metres: the block, not the door. */
const COORDINATE_STEPS = 1000;

/** How one kind of audience sees what people wrote and who they are. */
interface Shown {
  label(text: string): string;
  person(name: string): string;
  /** A department or a person. */
  assignee(name: string): string;
  text(text: string, reporterName: string | undefined): string;
  place(location: Location, reporterName: string | undefined): Location;
  alert(alert: Alert): Alert;
  shelveReason(reason: string): string;
}

const ORIGINALS: Shown = {
  label: (text) => text,
  person: (name) => name,
  assignee: (name) => name,
  text: (text) => text,
  place: (location) => location,
  alert: (alert) => alert,
  shelveReason: (reason) => reason,
};

function maskedShown(
  masker: Masker,
  label: (text: string) => string,
  listed: ReadonlySet<string>,
  ownActor: string | undefined,
): Shown {
  const person = (name: string) => (name === ownActor ? name : masker.personName(name));
  const text = (original: string, reporterName: string | undefined) =>
    masker.text(original, reporterName === undefined ? {} : { reporterName });
  const round = (degrees: number) => Math.round(degrees * COORDINATE_STEPS) / COORDINATE_STEPS;
  return {
    label,
    person,
    assignee: (name) => (listed.has(name) ? name : person(name)),
    text,
    place({ gridId, address, lng, lat }, reporterName) {
      if (gridId !== undefined) return { gridId: label(gridId) };
      return {
        ...(address === undefined ? {} : { address: text(address, reporterName) }),
        ...(lng === undefined ? {} : { lng: round(lng) }),
        ...(lat === undefined ? {} : { lat: round(lat) }),
      };
    },
    alert({ note: _note, shelveReason: _reason, acknowledgedById: _id, ...rest }) {
      return rest;
    },
    shelveReason: () => 'shelved',
  };
}

export function audienceKey(audience: Audience): string {
  return audience.scope === undefined ? audience.kind : `${audience.kind}:${audience.scope}`;
}

export function createProjection(deployment: Deployment): Projection {
  const masker = createMasker({ readableNumbers: deployment.readableNumbers });
  const streetOfCommunity = new Map(deployment.communities.map((community) => [community.id, community.streetId]));
  const streetOfGrid = new Map(deployment.grids.map((grid) => [grid.id, streetOfCommunity.get(grid.communityId)]));
  const listed = listedLabels(deployment);

  const sees = (gridId: string | undefined, { scope }: Audience) =>
    scope === undefined || (gridId !== undefined && streetOfGrid.get(gridId) === scope);
  /** An alert of no place is the system's, and the district's alone. */
  const seesPlace = (
    { gridId, communityId }: { readonly gridId?: string; readonly communityId?: string },
    audience: Audience,
  ) =>
    audience.scope === undefined ||
    sees(gridId, audience) ||
    (communityId !== undefined && streetOfCommunity.get(communityId) === audience.scope);
  const label = createLabelMasking(listed, masker);
  const shownTo: Readonly<Record<Audience['kind'], Shown>> = {
    wall: maskedShown(masker, label, listed, deployment.closeAfterVerify?.by),
    desk: ORIGINALS,
  };

  function projectAlert(alert: Alert, audience: Audience): Alert | undefined {
    if (!seesPlace(alert, audience)) return undefined;
    const shown = shownTo[audience.kind];
    const { category, department, gridId, acknowledgedBy, shelvedBy, assignTo } = alert;
    return {
      ...shown.alert(alert),
      ...(category === undefined ? {} : { category: shown.label(category) }),
      ...(department === undefined ? {} : { department: shown.label(department) }),
      ...(gridId === undefined ? {} : { gridId: shown.label(gridId) }),
      ...(acknowledgedBy === undefined ? {} : { acknowledgedBy: shown.person(acknowledgedBy) }),
      ...(shelvedBy === undefined ? {} : { shelvedBy: shown.person(shelvedBy) }),
      ...(assignTo === undefined ? {} : { assignTo: shown.assignee(assignTo) }),
    };
  }

  function project(event: BoardEvent, gridId: string | undefined, audience: Audience): BoardEvent | undefined {
    const shown = shownTo[audience.kind];
    if (event.type === 'alertChanged') {
      const alert = projectAlert(event.alert, audience);
      if (alert === undefined) return undefined;
      const { actor, reason, ...rest } = event;
      return {
        ...rest,
        ...(actor === undefined ? {} : { actor: shown.person(actor) }),
        // Why it was set aside is somebody's own words
        reason: event.stimulus === 'shelve' ? shown.shelveReason(reason) : reason,
        alert,
      };
    }
    if (event.type === 'canaryPassed') return event;
    if (event.type === 'floodChanged') return audience.scope === undefined ? event : undefined;
    if (!sees(gridId, audience)) return undefined;
    switch (event.type) {
      case 'ticketReported': {
        const { description: _description, reporter, contentHash: _contentHash, department, ...rest } = event;
        return {
          ...rest,
          source: shown.label(event.source),
          category: shown.label(event.category),
          title: shown.text(event.title, reporter?.name),
          location: shown.place(event.location, reporter?.name),
          ...(department === undefined ? {} : { department: shown.label(department) }),
          assistDepartments: event.assistDepartments.map(shown.label),
        };
      }
      case 'stepTaken': {
        const { note: _note, stepId: _stepId, contentHash: _contentHash, by, department, ...rest } = event;
        return {
          ...rest,
          ...(by === undefined ? {} : { by: shown.person(by) }),
          ...(department === undefined ? {} : { department: shown.label(department) }),
        };
      }
      case 'pointsAwarded': {
        const { officer: _officer, gridId: awardedGrid, ...rest } = event;
        return { ...rest, ...(awardedGrid === undefined ? {} : { gridId: shown.label(awardedGrid) }) };
      }
      case 'ticketArchived':
        return event;
      default:
        return event satisfies never;
    }
  }

  function projectStep(record: StepRecord, shown: Shown): StepRecord {
    const { note: _note, id: _id, contentHash: _contentHash, by, department, ...rest } = record;
    return {
      ...rest,
      // The one who reported is the reporter, who is not shown at all
      ...(by === undefined || record.step === 'report' ? {} : { by: shown.person(by) }),
      ...(department === undefined ? {} : { department: shown.label(department) }),
    };
  }

  return {
    project,
    projectTicket(ticket, audience) {
      if (!sees(ticket.location.gridId, audience)) return undefined;
      const shown = shownTo[audience.kind];
      const { description: _description, reporter, contentHash: _contentHash, department, ...rest } = ticket;
      return {
        ...rest,
        source: shown.label(ticket.source),
        category: shown.label(ticket.category),
        title: shown.text(ticket.title, reporter?.name),
        location: shown.place(ticket.location, reporter?.name),
        ...(department === undefined ? {} : { department: shown.label(department) }),
        assistDepartments: ticket.assistDepartments.map(shown.label),
        steps: ticket.steps.map((step) => projectStep(step, shown)),
      };
    },
    projectAlert,
    projectLoad({ raises, flood, canary }, audience) {
      const shown = shownTo[audience.kind];
      return {
        raises: raises
          .filter((raise) => seesPlace(raise, audience))
          .map((raise) => (raise.gridId === undefined ? raise : { ...raise, gridId: shown.label(raise.gridId) })),
        ...(flood === undefined || audience.scope !== undefined ? {} : { flood }),
        ...(canary === undefined ? {} : { canary }),
      };
    },
    sees,
    label,
    deployment: {
      id: deployment.id,
      name: deployment.name,
      timeZone: deployment.timeZone,
      streets: deployment.streets,
      communities: deployment.communities,
      grids: deployment.grids,
      map: deployment.map,
      domains: deployment.domains,
      departments: deployment.departments,
      onTimeTarget: deployment.onTimeTarget,
      rankFloor: deployment.rankFloor,
      dueSoonMinutes: deployment.dueSoonMinutes,
      sources: deployment.sources,
      categories: deployment.categories.map(({ id, name, domain }) => ({ id, name, domain })),
      dispositions: deployment.dispositions,
      ...(deployment.screens === undefined ? {} : { screens: deployment.screens }),
      ...(deployment.scenes === undefined ? {} : { scenes: deployment.scenes }),
      alarms: { ladder: deployment.alarms.ladder, flood: deployment.alarms.flood },
    },
  };
}
