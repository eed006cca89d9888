import type { Server as HttpServer } from 'node:http';
import express from 'express';
import { Server } from 'socket.io';
import type { Deployment } from '../domain/deployment.ts';
import { createLabelMasking, listedLabels } from '../domain/labels.ts';
import { createMasker } from '../domain/masking.ts';
import type { Ticket } from '../domain/ticket.ts';
import { type DomainClock, systemTime } from './clock.ts';
import { accountRoutes } from './http/accountRoutes.ts';
import { alertRoutes } from './http/alertRoutes.ts';
import { auditRoutes } from './http/auditRoutes.ts';
import { createAuthenticate, KIOSK_ORIGIN, mayOpenSocket } from './http/authentication.ts';
import { briefRoutes } from './http/briefRoutes.ts';
import { clientRoutes } from './http/clientRoutes.ts';
import { deploymentRoutes } from './http/deploymentRoutes.ts';
import { exportRoutes } from './http/exportRoutes.ts';
import { dataHeaders, insistOnTls } from './http/headers.ts';
import { healthRoutes, type NotReady } from './http/healthRoutes.ts';
import { allowKioskPairing } from './http/kioskPairing.ts';
import { type EntranceRules, MAX_BODY_BYTES, mountEnd, mountRoutes } from './http/mountRoutes.ts';
import { CALLBACK_PATH, oidcRoutes } from './http/oidcRoutes.ts';
import { openApiOf } from './http/openapi.ts';
import { mountPages, type PageFolders } from './http/pages.ts';
import type { Route } from './http/route.ts';
import { sessionRoutes } from './http/sessionRoutes.ts';
import { guardEntrances } from './http/socketEntrance.ts';
import { statisticsRoutes } from './http/statisticsRoutes.ts';
import { createTicketOut, maskedTicket } from './http/ticketOut.ts';
import { ticketRoutes } from './http/ticketRoutes.ts';
import { wallRoutes } from './http/wallRoutes.ts';
import { createWireInstant } from './http/wireInstant.ts';
import { type Accounts, createAccounts } from './identity/accounts.ts';
import { type Clients, createClients } from './identity/clients.ts';
import { roomOfSession } from './identity/identity.ts';
import { createIdentityProvider } from './identity/identityProvider.ts';
import { createPairings } from './identity/pairings.ts';
import type { ProviderFile } from './identity/providerFile.ts';
import { createSessions } from './identity/sessions.ts';
import { createSignInGuard } from './identity/signInGuard.ts';
import { type AllowanceLimits, createAllowances } from './ingest/allowance.ts';
import { serveFeed } from './ingest/feed.ts';
import { createIngest, type Ingest, streetsOfGrids } from './ingest/ingest.ts';
import type { SourceRegistry } from './ingest/sourceRegistry.ts';
import { createFleet } from './live/fleet.ts';
import { createProjection } from './live/projection.ts';
import { writtenJsonParser } from './live/writtenJson.ts';
import { createLocalTime } from './localTime.ts';
import type { Log } from './log.ts';
import { createMetrics } from './metrics.ts';
import type { AuditLog } from './store/auditLog.ts';
import { createFindings } from './store/findings.ts';
import type { SettingsDb } from './store/settingsDb.ts';
import { createTicketIndex } from './store/ticketIndex.ts';
import type { TicketStore } from './store/ticketStore.ts';

/** Open requests get this long to end before their connections are cut. */
const CLOSING_GRACE_MS = 1000;
/** A socket that has entered no namespace by then is closed: whoever has a token needs one round trip. */
const ENTERING_MS = 5000;

export interface AppParts {
  /** May listen already; whatever answered its requests so far is replaced. */
  readonly httpServer: HttpServer;
  readonly store: TicketStore;
  readonly settings: SettingsDb;
  readonly deployment: Deployment;
  readonly clock: DomainClock;
  readonly registry: SourceRegistry;
  /** `/wall` and `/desk`. */
  readonly hub: { attach(io: Server): void; close(): void };
  readonly log: Log;
  readonly pages: PageFolders;
  readonly version: string;
  readonly notReady: NotReady;
  /** Real time, for tokens and limits. */
  readonly now: () => number;
  readonly processMetrics: boolean;
  /** What one client or account may send. */
  readonly perSender: AllowanceLimits;
  readonly audit: AuditLog;
  readonly entrance: Entrance;
}

/** How staff get in, and over what. */
export interface Entrance extends EntranceRules {
  /** Proxies whose word on address and encryption counts, as Express takes them; absent: nobody's. */
  readonly trustedProxies?: string;
  /** Needs `publicUrl`. */
  readonly provider?: ProviderFile;
}

export interface App {
  readonly io: Server;
  readonly ingest: Ingest;
  readonly accounts: Accounts;
  readonly clients: Clients;
  /** The table behind HTTP and /openapi.json. */
  readonly routes: readonly Route[];
  /** Stops taking, answers what was taken, then cuts every connection. The parts given stay open. */
  close(): Promise<void>;
}

/** Joins the parts: HTTP, `/feed`, `/wall` and `/desk` over one store. */
export function createApp(parts: AppParts): App {
  const { httpServer, store, settings, deployment, clock, registry, hub, log, now, audit, entrance } = parts;
  const { publicUrl } = entrance;
  const io = new Server({
    serveClient: false,
    maxHttpBufferSize: MAX_BODY_BYTES,
    connectTimeout: ENTERING_MS,
    perMessageDeflate: false,
    parser: writtenJsonParser,
    cors: { origin: KIOSK_ORIGIN },
    allowRequest: (request, decide) => decide(null, mayOpenSocket(request, publicUrl)),
  });
  const cut = (room: string) => {
    for (const namespace of io._nsps.keys()) io.of(namespace).in(room).disconnectSockets(true);
  };

  const clients = createClients(settings, {
    now,
    onRevoked(clientId) {
      cut(`client:${clientId}`);
      registry.forget(clientId);
    },
  });
  const accounts = createAccounts(settings, { now, onRevoked: (accountId) => cut(`account:${accountId}`) });
  const sessions = createSessions(settings, {
    now,
    onEnded: (sessionHash) => cut(roomOfSession(sessionHash)),
    onWriteFailed: (error) => log.warn({ err: error }, 'the last use of sessions was not written down'),
  });
  const provider =
    entrance.provider === undefined || publicUrl === undefined
      ? undefined
      : createIdentityProvider(entrance.provider, {
          accounts,
          db: settings,
          redirectUrl: new URL(CALLBACK_PATH, publicUrl),
          afterEndUrl: new URL('/desk', publicUrl),
          now,
          onFault: (error) => log.warn({ err: error }, 'a sign-in at the identity provider failed'),
        });
  const pairings = createPairings(clients, now);
  const fleet = createFleet({ settings, log, realTime: { ...systemTime, now } });
  const projection = createProjection(deployment);
  const authenticate = createAuthenticate(clients, sessions);

  const metrics = createMetrics({
    ofProcess: parts.processMetrics,
    seq: () => store.seq,
    liveTickets: () => store.board.tickets.size,
    sockets: () => new Map([...io._nsps].map(([name, namespace]) => [name, namespace.sockets.size])),
  });
  const stopCounting = store.onCommit((commit) => metrics.committed(commit.events.length));

  const domainNow = () => clock.now();
  const streetOf = streetsOfGrids(deployment);
  const masker = createMasker({ readableNumbers: deployment.readableNumbers });
  const labelMask = createLabelMasking(listedLabels(deployment), masker);
  const localTime = createLocalTime(deployment.timeZone);
  const instant = createWireInstant(localTime);
  const ingest = createIngest({
    store,
    deployment,
    registry,
    allowances: createAllowances(parts.perSender, now),
    now: domainNow,
    onOutcome: metrics.ingested,
  });
  const masking = { masker, labelMask, ownActor: deployment.closeAfterVerify?.by };
  const writerFor = createTicketOut({ ...masking, instant, now: domainNow });
  const masked = (ticket: Ticket) => maskedTicket(ticket, masking);
  const index = createTicketIndex({ store, deployment, masked, labelMask });

  const routes: readonly Route[] = [
    ...healthRoutes({ notReady: parts.notReady, metrics }),
    ...sessionRoutes({ accounts, sessions, guard: createSignInGuard(), provider, audit, instant }),
    ...oidcRoutes({
      provider,
      name: entrance.provider?.name,
      callbackUrl: publicUrl && new URL(CALLBACK_PATH, publicUrl),
      sessions,
      audit,
    }),
    ...accountRoutes({ accounts, deployment, audit, instant }),
    ...clientRoutes({ clients, pairings, deployment, audit, instant }),
    ...auditRoutes({ audit, instant }),
    ...deploymentRoutes({ deployment, store, clock, registry, masker, instant }),
    ...ticketRoutes({ store, index, ingest, writerFor, streetOf, audit, now: domainNow }),
    ...exportRoutes({ store, index, deployment, masked, localTime, audit, now: domainNow }),
    ...alertRoutes({ store, deployment, masker, streetOf, localTime, audit }),
    ...briefRoutes({
      store,
      deployment,
      findings: createFindings(settings),
      audit,
      masker,
      labelMask,
      streetOf,
      localTime,
      instant,
      now: domainNow,
    }),
    ...statisticsRoutes({ store, deployment, masker, labelMask, streetOf, instant, localTime, now: domainNow }),
    ...wallRoutes({
      fleet,
      store,
      deployment,
      onWall: (ticket, scope) =>
        projection.projectTicket(ticket, scope === undefined ? { kind: 'wall' } : { kind: 'wall', scope }),
      localTime,
      instant,
      audit,
      now,
    }),
  ];
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple');
  app.set('trust proxy', entrance.trustedProxies ?? false);
  // Pages put their own in the place of these
  app.use(dataHeaders, insistOnTls);
  app.use('/api/v1/pairings', allowKioskPairing);
  mountRoutes(app, routes, {
    authenticate,
    rules: entrance,
    onAnswered: (route, status) => metrics.answered(route.operation, status),
  });
  mountPages(app, parts.pages, () => openApiOf(routes, parts.version));
  mountEnd(app, log);
  httpServer.removeAllListeners('request').on('request', app);

  const stopGuarding = guardEntrances(io, { authenticate, sessions, audit, publicUrl });
  serveFeed(io.of('/feed'), { ingest, registry, now: domainNow, write: writerFor('masked') });
  hub.attach(io);
  fleet.attach(io);
  io.attach(httpServer);

  return {
    io,
    ingest,
    accounts,
    clients,
    routes,
    async close() {
      const closed = new Promise<void>((resolve) => httpServer.close(() => resolve()));
      await ingest.close();
      hub.close();
      fleet.close();
      stopCounting();
      index.close();
      stopGuarding();
      // Answers on their way get out before the sockets go
      await new Promise((resolve) => setImmediate(resolve));
      // The connections only: a socket that is told to leave would not come back to the next server by itself
      io.engine.close();
      httpServer.closeIdleConnections();
      const impatience = setTimeout(() => httpServer.closeAllConnections(), CLOSING_GRACE_MS);
      await closed;
      clearTimeout(impatience);
    },
  };
}
