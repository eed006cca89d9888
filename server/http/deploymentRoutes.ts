import { z } from 'zod';
import type { Deployment } from '../../domain/deployment.ts';
import type { Masker } from '../../domain/masking.ts';
import { LIMIT_CLOCKS } from '../../domain/sla.ts';
import { DOMAINS } from '../../domain/ticket.ts';
import type { ClockState } from '../../protocol/wire.ts';
import type { SourceRegistry } from '../ingest/sourceRegistry.ts';
import type { TicketStore } from '../store/ticketStore.ts';
import { type Route, route, STAFF_AND_SOURCES } from './route.ts';
import { seesOriginals } from './ticketOut.ts';
import type { WireInstant } from './wireInstant.ts';

const name = z.strictObject({ zh: z.string(), en: z.string().optional() });
const wireInstant = z.iso.datetime({ offset: true });
const count = z.number().int().nonnegative();

function perSeverity<T extends z.ZodType>(each: T) {
  return z.strictObject({ low: each, medium: each, high: each, critical: each });
}

const deploymentOut = z.strictObject({
  id: z.string(),
  name,
  timeZone: z.string().meta({ description: 'IANA name' }),
  streets: z.array(z.strictObject({ id: z.string(), name })),
  communities: z.array(
    z.strictObject({ id: z.string(), name, streetId: z.string(), kind: z.enum(['urban', 'rural']) }),
  ),
  grids: z.array(z.strictObject({ id: z.string(), name, communityId: z.string() })),
  domains: z.array(z.strictObject({ id: z.enum(DOMAINS), name })),
  categories: z.array(
    z.strictObject({
      id: z.string(),
      name,
      domain: z.enum(DOMAINS),
      department: z.string().nullable(),
      limit: z
        .strictObject({ clock: z.enum(LIMIT_CLOCKS), amount: z.number() })
        .nullable()
        .meta({ description: '`amount` in minutes for the hour clocks, in days for working days; null: no deadline' }),
      points: z.number(),
      safety: z.boolean(),
    }),
  ),
  departments: z.array(z.strictObject({ id: z.string(), name })),
  dispositions: z.array(z.strictObject({ id: z.string(), name })),
  readableNumbers: z.array(z.string()),
  alarms: z
    .strictObject({
      nextCheckMinutes: perSeverity(z.strictObject({ standard: z.number(), most: z.number() })),
      climbMinutes: perSeverity(z.number()).meta({ description: '0: never' }),
      shelveMinutesAtMost: z.number(),
      ladder: z.array(name).meta({ description: 'Who holds an unanswered alert, from the lowest rung up' }),
    })
    .meta({ description: 'How alerts are handled' }),
});

export function deploymentRoutes(parts: {
  readonly deployment: Deployment;
  readonly store: Pick<TicketStore, 'epoch' | 'seq'>;
  readonly clock: { now(): number; state(): ClockState };
  readonly registry: Pick<SourceRegistry, 'rows'>;
  readonly masker: Masker;
  readonly instant: WireInstant;
}): Route[] {
  const { deployment, store, clock, registry, masker, instant } = parts;
  const { handling, ladder } = deployment.alarms;
  const described: z.infer<typeof deploymentOut> = {
    id: deployment.id,
    name: deployment.name,
    timeZone: deployment.timeZone,
    streets: deployment.streets.map((street) => ({ id: street.id, name: street.name })),
    communities: deployment.communities.map(({ id, name, streetId, kind }) => ({ id, name, streetId, kind })),
    grids: deployment.grids.map(({ id, name, communityId }) => ({ id, name, communityId })),
    domains: deployment.domains.map(({ id, name }) => ({ id, name })),
    categories: deployment.categories.map((category) => ({
      id: category.id,
      name: category.name,
      domain: category.domain,
      department: category.department ?? null,
      limit: category.limit === undefined ? null : { ...category.limit },
      points: category.points,
      safety: category.safety === true,
    })),
    departments: deployment.departments.map(({ id, name }) => ({ id, name })),
    dispositions: deployment.dispositions.map(({ id, name }) => ({ id, name })),
    readableNumbers: [...deployment.readableNumbers],
    alarms: {
      nextCheckMinutes: handling.nextCheckMinutes,
      climbMinutes: handling.climbMinutes,
      shelveMinutesAtMost: handling.shelveMinutesAtMost,
      ladder: [...ladder],
    },
  };

  return [
    route({
      method: 'get',
      path: '/api/v1/deployment',
      operation: 'getDeployment',
      summary: 'What is particular to this district: units, categories with limits and points, departments.',
      who: STAFF_AND_SOURCES,
      answers: { 200: { description: 'The deployment', schema: deploymentOut } },
      handle: () => ({ status: 200, body: described }),
    }),
    route({
      method: 'get',
      path: '/api/v1/status',
      operation: 'getStatus',
      summary: 'Where the server stands, what its clock says, and how its sources are.',
      who: STAFF_AND_SOURCES,
      answers: {
        200: {
          description: 'The status',
          schema: z.strictObject({
            epoch: z.string().meta({ description: 'New at every start' }),
            seq: count.meta({ description: 'Durable events so far' }),
            now: wireInstant.meta({ description: 'The domain clock: in a replay the time of the data' }),
            clock: z.strictObject({
              mode: z.enum(['live', 'replay', 'demo']),
              speed: z.union([z.number(), z.literal('max')]),
            }),
            sources: z.array(
              z.strictObject({
                id: z.string(),
                kind: z.enum(['client', 'demo', 'replay']),
                name: z.string().optional(),
                state: z.enum(['live', 'silent', 'finished', 'failed']),
                lastEventAt: wireInstant.nullable(),
                accepted: count,
                repeated: count,
                rejected: z.record(z.string(), count),
              }),
            ),
          }),
        },
      },
      handle: (request) => ({
        status: 200,
        body: {
          epoch: store.epoch,
          seq: store.seq,
          now: instant(clock.now()),
          clock: clock.state(),
          // An administrator chose the names, but every source reads them
          sources: registry.rows().map(({ lastEventAt, name: called, ...row }) => ({
            ...row,
            ...(called === undefined ? {} : { name: seesOriginals(request.identity) ? called : masker.text(called) }),
            lastEventAt: lastEventAt === null ? null : instant(lastEventAt),
          })),
        },
      }),
    }),
  ];
}
