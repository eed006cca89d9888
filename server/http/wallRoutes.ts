import { z } from 'zod';
import type { Deployment } from '../../domain/deployment.ts';
import { sceneFault } from '../../domain/sceneChoice.ts';
import { isEnded, STATUSES, type Ticket } from '../../domain/ticket.ts';
import { encodeInstants } from '../../protocol/instants.ts';
import { decodeAskedConfig, type PushedConfig, WALL_MODES } from '../../protocol/kioskConfig.ts';
import { invalid, type Problem, problem } from '../ingest/problem.ts';
import { text } from '../ingest/reportSchemas.ts';
import type { LocalTime } from '../localTime.ts';
import type { AuditLog, AuditNote } from '../store/auditLog.ts';
import type { TicketStore } from '../store/ticketStore.ts';
import type { FleetWall, ViewChange } from '../store/wallViews.ts';
import { ADMINS, type Answer, callerNote, DUTY, type Route, type RouteRequest, route, scopeOf } from './route.ts';
import type { WireInstant } from './wireInstant.ts';

/** A spotlight is for looking at one thing, not a scene. */
const LONGEST_SPOTLIGHT_S = 3600;

const wireInstant = z.iso.datetime({ offset: true });
const report = z.strictObject({
  cpuPercent: z.number(),
  memoryMb: z.number(),
  frameMs: z.number(),
  version: z.string(),
  reportedAt: wireInstant,
});
const wallOut = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    scope: z.string().nullable().meta({ description: 'A street; null: the whole district' }),
    connected: z.boolean(),
    scene: z.string().nullable().meta({ description: 'What it was told to show; null: its own choice' }),
    spotlight: z.strictObject({ ticketId: z.string(), endsAt: wireInstant }).nullable(),
    configuration: z
      .record(z.string(), z.unknown())
      .meta({ description: 'What its kiosk was told to keep; empty: nothing' }),
    windows: z.array(
      z.strictObject({
        connectedAt: wireInstant,
        screens: z.array(z.strictObject({ width: z.number(), height: z.number(), scale: z.number().optional() })),
        report: report.nullable().meta({ description: 'How its machine fares; null: it has not told yet' }),
      }),
    ),
  })
  .meta({ description: 'A wall. Instants are real time, whatever the clock of the tickets does.' });
const oneWall = z.strictObject({ wall: wallOut });

/** What /openapi.json says of a configuration; it is checked by protocol/kioskConfig.ts, as at the kiosk. */
const configurationIn = z.object({
  mode: z.enum(WALL_MODES).optional().meta({ description: 'A window on each display, or one across all' }),
  displays: z
    .array(
      z.object({
        label: z.string(),
        id: z.int(),
        width: z.int(),
        height: z.int(),
        x: z.int(),
        y: z.int(),
        scene: z.string().optional(),
      }),
    )
    .optional()
    .meta({ description: 'The displays that carry the wall; none: the primary one' }),
  scene: z.string().nullable().optional().meta({ description: 'The scene to begin with' }),
  pitchMm: z.number().nullable().optional(),
  farthestSeatM: z.number().nullable().optional(),
  volume: z.number().min(0).max(1).optional(),
  night: z.object({ from: z.string(), until: z.string() }).nullable().optional(),
});

/** The state of the walls and their remote control (contract: `/api/v1/walls`). */
export function wallRoutes(parts: {
  readonly fleet: {
    list(): readonly FleetWall[];
    find(id: string): FleetWall | undefined;
    /** Settles once it is on disk. */
    show(id: string, change: ViewChange): Promise<FleetWall | undefined>;
    configure(id: string, configuration: PushedConfig): Promise<FleetWall | undefined>;
  };
  readonly store: Pick<TicketStore, 'board' | 'find'>;
  readonly deployment: Deployment;
  /** A ticket as a wall of this street, or of the district, sees it; undefined where it does not. */
  readonly onWall: (ticket: Ticket, scope: string | undefined) => Ticket | undefined;
  readonly localTime: Pick<LocalTime, 'offsetMinutes'>;
  readonly instant: WireInstant;
  readonly audit: Pick<AuditLog, 'record'>;
  /** Real time. */
  readonly now: () => number;
}): Route[] {
  const { fleet, store, deployment, onWall, localTime, instant, audit, now } = parts;

  /** Tells the wall, and takes down who did. */
  async function tell(
    request: Pick<RouteRequest, 'identity' | 'address'>,
    id: string,
    change: ViewChange,
    what: Pick<AuditNote, 'detail'> & { readonly ticketId?: string },
  ): Promise<FleetWall | undefined> {
    const wall = await fleet.show(id, change);
    if (wall === undefined) return undefined;
    const { ticketId, ...note } = what;
    const subjects = ticketId === undefined ? [id] : [id, ticketId];
    await audit.record({ kind: 'wallTold', ...callerNote(request), subjects, ...note });
    return wall;
  }

  function out({ id, name, scope, scene, spotlight, configuration, windows }: FleetWall): z.infer<typeof wallOut> {
    return {
      id,
      name,
      scope: scope ?? null,
      connected: windows.length > 0,
      scene: scene ?? null,
      spotlight: spotlight === undefined ? null : { ticketId: spotlight.ticketId, endsAt: instant(spotlight.endsAt) },
      configuration: { ...configuration },
      windows: windows.map((page) => ({
        connectedAt: instant(page.connectedAt),
        screens: page.screens.map((screen) => ({ ...screen })),
        report: page.report === undefined ? null : { ...page.report, reportedAt: instant(page.report.reportedAt) },
      })),
    };
  }

  /** Whoever is limited to a street drives the walls of that street and no others. */
  function wallFor(
    request: RouteRequest,
  ): { readonly wall: FleetWall } | Extract<Answer, { readonly problem: unknown }> {
    const wall = fleet.find(request.params.wallId as string);
    if (wall === undefined) return { problem: problem('not_found', 'no wall has this id') };
    const scope = scopeOf(request);
    if (scope !== undefined && wall.scope !== scope) return { problem: problem('out_of_scope') };
    return { wall };
  }

  /** A ticket of the live board as this wall would show it. */
  async function ticketFor(
    idOrNumber: string,
    { scope }: FleetWall,
  ): Promise<{ readonly ticket: Ticket } | { readonly problem: Problem }> {
    const found = await store.find(idOrNumber);
    const ticket = found && store.board.tickets.get(found.id);
    if (ticket === undefined) return { problem: problem('not_found', 'no ticket on the board has this id or number') };
    const seen = onWall(ticket, scope);
    return seen === undefined
      ? { problem: problem('out_of_scope', 'the ticket lies outside the street of this wall') }
      : { ticket: seen };
  }

  return [
    route({
      method: 'get',
      path: '/api/v1/walls',
      operation: 'listWalls',
      summary: 'All walls, connected or not, and what they show.',
      who: DUTY,
      answers: {
        200: { description: 'In order of their making', schema: z.strictObject({ items: z.array(wallOut) }) },
      },
      handle: (request) => {
        const scope = scopeOf(request);
        const walls = fleet.list().filter((wall) => scope === undefined || wall.scope === scope);
        return { status: 200, body: { items: walls.map(out) } };
      },
    }),
    route({
      method: 'put',
      path: '/api/v1/walls/{wallId}/scene',
      operation: 'setWallScene',
      summary: 'Tell a wall what to show; null gives it back its own choice.',
      who: DUTY,
      body: z.object({
        scene: z
          .string()
          .nullable()
          .meta({ description: '`dispatch`, `brief`, `domain-urban`, `grid`, `grid:PLACE`, `departments` …' }),
      }),
      answers: { 200: { description: 'The wall as it is now', schema: oneWall } },
      problems: ['not_found', 'out_of_scope'],
      handle: async (request) => {
        const { scene } = request.body;
        const wrong = scene === null ? undefined : sceneFault(scene, deployment);
        if (wrong !== undefined) return { problem: invalid([{ path: 'scene', message: wrong }]) };
        const asked = wallFor(request);
        if ('problem' in asked) return asked;
        const wall = await tell(request, asked.wall.id, { scene }, { detail: { scene: scene ?? 'own' } });
        return wall === undefined ? { problem: problem('not_found') } : { status: 200, body: { wall: out(wall) } };
      },
    }),
    route({
      method: 'put',
      path: '/api/v1/walls/{wallId}/configuration',
      operation: 'setWallConfiguration',
      summary:
        'Tell the kiosk of a wall how to hang, sound and rest; it keeps that in its own file. Never whom it trusts.',
      who: ADMINS,
      body: z.unknown(),
      documentedBody: configurationIn,
      answers: { 200: { description: 'The wall as it is now', schema: oneWall } },
      problems: ['invalid', 'not_found', 'out_of_scope'],
      handle: async (request) => {
        const asked = decodeAskedConfig(request.body);
        if (!asked.ok) return { problem: invalid([...asked.faults]) };
        const { scene } = asked.value;
        const wrong = scene === null || scene === undefined ? undefined : sceneFault(scene, deployment);
        if (wrong !== undefined) return { problem: invalid([{ path: 'scene', message: wrong }]) };
        const found = wallFor(request);
        if ('problem' in found) return found;
        const { id } = found.wall;
        const wall = await fleet.configure(id, asked.value);
        if (wall === undefined) return { problem: problem('not_found') };
        const detail = { configuration: Object.keys(asked.value).join(' ') };
        await audit.record({ kind: 'wallTold', ...callerNote(request), subjects: [id], detail });
        return { status: 200, body: { wall: out(wall) } };
      },
    }),
    route({
      method: 'put',
      path: '/api/v1/walls/{wallId}/spotlight',
      operation: 'setWallSpotlight',
      summary: 'Put one ticket on a wall for some seconds (上屏); then it shows again what it did.',
      who: DUTY,
      body: z.object({
        ticketId: text(64).meta({ description: 'Id or number of a ticket on the board' }),
        seconds: z.int().min(1).max(LONGEST_SPOTLIGHT_S),
      }),
      answers: { 200: { description: 'The wall as it is now', schema: oneWall } },
      problems: ['not_found', 'out_of_scope'],
      handle: async (request) => {
        const asked = wallFor(request);
        if ('problem' in asked) return asked;
        const { ticketId, seconds } = request.body;
        const shown = await ticketFor(ticketId, asked.wall);
        if ('problem' in shown) return shown;
        const spotlight = { ticketId: shown.ticket.id, endsAt: now() + seconds * 1000 };
        const told = { ticketId: shown.ticket.id, detail: { seconds } };
        const wall = await tell(request, asked.wall.id, { spotlight }, told);
        return wall === undefined ? { problem: problem('not_found') } : { status: 200, body: { wall: out(wall) } };
      },
    }),
    route({
      method: 'delete',
      path: '/api/v1/walls/{wallId}/spotlight',
      operation: 'endWallSpotlight',
      summary: 'Take the ticket off the wall before its time.',
      who: DUTY,
      answers: { 204: { description: 'The wall shows again what it did' } },
      problems: ['not_found', 'out_of_scope'],
      handle: async (request) => {
        const asked = wallFor(request);
        if ('problem' in asked) return asked;
        await tell(request, asked.wall.id, { spotlight: null }, { detail: { seconds: 0 } });
        return { status: 204 };
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/walls/{wallId}/preview/{ticketId}',
      operation: 'previewSpotlight',
      summary: 'A ticket exactly as this wall would show it: masked, without description and notes.',
      who: DUTY,
      answers: {
        200: {
          description: 'The ticket',
          schema: z.strictObject({
            ticket: z.looseObject({
              id: z.string(),
              number: z.string(),
              title: z.string(),
              status: z.enum(STATUSES),
            }),
            ended: z.boolean(),
          }),
        },
      },
      problems: ['not_found', 'out_of_scope'],
      handle: async (request) => {
        const asked = wallFor(request);
        if ('problem' in asked) return asked;
        const shown = await ticketFor(request.params.ticketId as string, asked.wall);
        if ('problem' in shown) return shown;
        const { ticket } = shown;
        return {
          status: 200,
          body: { ticket: encodeInstants(ticket, localTime.offsetMinutes), ended: isEnded(ticket.status) },
        };
      },
    }),
  ];
}
