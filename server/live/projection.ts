import type { Alert } from '../../domain/alarm.ts';
import type { Deployment } from '../../domain/deployment.ts';
import type { BoardEvent } from '../../domain/events.ts';
import { createLabelMasking, listedLabels } from '../../domain/labels.ts';
import { createMasker } from '../../domain/masking.ts';
import type { Location, StepRecord, Ticket } from '../../domain/ticket.ts';
import type { WallState } from '../../domain/wallState.ts';
import type { Board, WallDeployment } from '../../protocol/wire.ts';

/** Who looks: every wall of a kind and scope sees the same. `scope` is a street; without it the whole district. */
export interface Audience {
  readonly kind: 'wall';
  readonly scope?: string;
}

/**
 * What an audience may see (product point 9): no description, note or reporter, names and titles masked, no address
 * where the grid tells the place, a street's wall only the tickets of its grids. Projecting events and evolving comes to
 * the same as evolving and projecting the board, so everything here depends on the event (and the ticket's grid, which
 * never changes) alone.
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

export function audienceKey(audience: Audience): string {
  return audience.scope === undefined ? audience.kind : `${audience.kind}:${audience.scope}`;
}

export function createProjection(deployment: Deployment): Projection {
  const masker = createMasker({ readableNumbers: deployment.readableNumbers });
  const streetOfCommunity = new Map(deployment.communities.map((community) => [community.id, community.streetId]));
  const streetOfGrid = new Map(deployment.grids.map((grid) => [grid.id, streetOfCommunity.get(grid.communityId)]));
  const listed = listedLabels(deployment);
  const ownActor = deployment.closeAfterVerify?.by;

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
  const person = (by: string) => (by === ownActor ? by : masker.personName(by));
  const round = (degrees: number) => Math.round(degrees * COORDINATE_STEPS) / COORDINATE_STEPS;

  function place({ gridId, address, lng, lat }: Location, reporterName: string | undefined): Location {
    if (gridId !== undefined) return { gridId: label(gridId) };
    return {
      ...(address === undefined ? {} : { address: shown(address, reporterName) }),
      ...(lng === undefined ? {} : { lng: round(lng) }),
      ...(lat === undefined ? {} : { lat: round(lat) }),
    };
  }

  function shown(text: string, reporterName: string | undefined): string {
    return masker.text(text, reporterName === undefined ? {} : { reporterName });
  }

  function projectAlert(alert: Alert, audience: Audience): Alert | undefined {
    if (!seesPlace(alert, audience)) return undefined;
    const { note: _note, shelveReason: _reason, acknowledgedById: _id, ...rest } = alert;
    const { category, department, gridId, acknowledgedBy, shelvedBy, assignTo } = alert;
    return {
      ...rest,
      ...(category === undefined ? {} : { category: label(category) }),
      ...(department === undefined ? {} : { department: label(department) }),
      ...(gridId === undefined ? {} : { gridId: label(gridId) }),
      ...(acknowledgedBy === undefined ? {} : { acknowledgedBy: person(acknowledgedBy) }),
      ...(shelvedBy === undefined ? {} : { shelvedBy: person(shelvedBy) }),
      ...(assignTo === undefined ? {} : { assignTo: listed.has(assignTo) ? assignTo : person(assignTo) }),
    };
  }

  function project(event: BoardEvent, gridId: string | undefined, audience: Audience): BoardEvent | undefined {
    if (event.type === 'alertChanged') {
      const alert = projectAlert(event.alert, audience);
      if (alert === undefined) return undefined;
      const { actor, reason, ...rest } = event;
      return {
        ...rest,
        ...(actor === undefined ? {} : { actor: person(actor) }),
        // Why it was set aside is somebody's own words
        reason: event.stimulus === 'shelve' ? 'shelved' : reason,
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
          source: label(event.source),
          category: label(event.category),
          title: shown(event.title, reporter?.name),
          location: place(event.location, reporter?.name),
          ...(department === undefined ? {} : { department: label(department) }),
          assistDepartments: event.assistDepartments.map(label),
        };
      }
      case 'stepTaken': {
        const { note: _note, stepId: _stepId, contentHash: _contentHash, by, department, ...rest } = event;
        return {
          ...rest,
          ...(by === undefined ? {} : { by: person(by) }),
          ...(department === undefined ? {} : { department: label(department) }),
        };
      }
      case 'pointsAwarded': {
        const { officer: _officer, gridId: awardedGrid, ...rest } = event;
        return { ...rest, ...(awardedGrid === undefined ? {} : { gridId: label(awardedGrid) }) };
      }
      case 'ticketArchived':
        return event;
      default:
        return event satisfies never;
    }
  }

  function projectStep(record: StepRecord): StepRecord {
    const { note: _note, id: _id, contentHash: _contentHash, by, department, ...rest } = record;
    return {
      ...rest,
      // The one who reported is the reporter, who is not shown at all
      ...(by === undefined || record.step === 'report' ? {} : { by: person(by) }),
      ...(department === undefined ? {} : { department: label(department) }),
    };
  }

  return {
    project,
    projectTicket(ticket, audience) {
      if (!sees(ticket.location.gridId, audience)) return undefined;
      const { description: _description, reporter, contentHash: _contentHash, department, ...rest } = ticket;
      return {
        ...rest,
        source: label(ticket.source),
        category: label(ticket.category),
        title: shown(ticket.title, reporter?.name),
        location: place(ticket.location, reporter?.name),
        ...(department === undefined ? {} : { department: label(department) }),
        assistDepartments: ticket.assistDepartments.map(label),
        steps: ticket.steps.map(projectStep),
      };
    },
    projectAlert,
    projectLoad({ raises, flood, canary }, audience) {
      return {
        raises: raises
          .filter((raise) => seesPlace(raise, audience))
          .map((raise) => (raise.gridId === undefined ? raise : { ...raise, gridId: label(raise.gridId) })),
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
      alarms: { ladder: deployment.alarms.ladder, flood: deployment.alarms.flood },
    },
  };
}
