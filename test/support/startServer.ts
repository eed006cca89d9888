import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRules } from '../../domain/decide.ts';
import type { Deployment } from '../../domain/deployment.ts';
import { type App, createApp, type Entrance } from '../../server/app.ts';
import { buildWorkingTime } from '../../server/calendar.ts';
import { createSteppedClock, type DomainClock } from '../../server/clock.ts';
import { DEFAULT_RATE_LIMIT } from '../../server/config.ts';
import { DEFAULT_DEPLOYMENT, loadDeployment } from '../../server/deploymentFile.ts';
import { type ConnectionLimits, createHttpServer, type Tls } from '../../server/http/httpServer.ts';
import { createToken, hashOfToken } from '../../server/identity/tokens.ts';
import { type AllowanceLimits, allowanceOf } from '../../server/ingest/allowance.ts';
import { createSourceRegistry, type SourceRegistry } from '../../server/ingest/sourceRegistry.ts';
import { createHub } from '../../server/live/hub.ts';
import { createLog } from '../../server/log.ts';
import { type AuditLog, openAuditLog } from '../../server/store/auditLog.ts';
import { createFindings } from '../../server/store/findings.ts';
import { openSettingsDb, type Role, type SettingsDb } from '../../server/store/settingsDb.ts';
import { openTicketStore, type TicketStore } from '../../server/store/ticketStore.ts';

/** Wednesday 18 March 2026, 10:06 in the district: where a test's clock stands unless it says otherwise. */
export const TEST_START_AT = Date.parse('2026-03-18T10:06:00+08:00');

export interface TestServerOptions {
  readonly deployment?: Deployment;
  /** Default: a clock that stands still at `TEST_START_AT`. */
  readonly clock?: DomainClock;
  /** Default: a folder of its own, removed at the end. */
  readonly directory?: string;
  /** Real time of sessions and pairing codes. */
  readonly now?: () => number;
  readonly connections?: Partial<ConnectionLimits>;
  /** Default: any free one. */
  readonly port?: number;
  readonly perSender?: AllowanceLimits;
  readonly entrance?: Entrance;
  readonly tls?: Tls;
}

export interface TestAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed where it is JSON, else text. */
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into answers of every shape, and fail where the shape is wrong
  readonly body: any;
}

export interface TestServer {
  readonly url: string;
  readonly app: App;
  readonly store: TicketStore;
  readonly settings: SettingsDb;
  readonly audit: AuditLog;
  readonly registry: SourceRegistry;
  readonly deployment: Deployment;
  readonly clock: DomainClock;
  readonly directory: string;
  readonly adminToken: string;
  /** A signed-in account of this role. */
  makeStaff(role: Role, scope?: string, name?: string): Promise<{ readonly id: string; readonly token: string }>;
  makeClient(kind: 'source' | 'wall', scope?: string): Promise<{ readonly id: string; readonly token: string }>;
  /** `body` that is no string goes as JSON. */
  request(
    method: string,
    path: string,
    options?: { readonly token?: string; readonly body?: unknown; readonly headers?: Record<string, string> },
  ): Promise<TestAnswer>;
  close(): Promise<void>;
}

/** A real server on a free port, all parts in place but the built-in sources. */
export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const bundled = options.deployment === undefined ? loadDeployment(DEFAULT_DEPLOYMENT) : undefined;
  if (bundled?.ok === false) throw new Error(bundled.problem);
  const deployment = options.deployment ?? (bundled as { deployment: Deployment }).deployment;
  const clock = options.clock ?? createSteppedClock({ mode: 'live', startAt: TEST_START_AT });
  const now = options.now ?? (() => Date.now());
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'taibai-server-')));
  const log = createLog('silent');
  const { working } = buildWorkingTime(deployment.calendar, deployment.timeZone, clock.now());
  const opened = await openTicketStore({
    directory,
    rules: createRules(deployment, working),
    clock,
    log,
    onFatal: (reason) => {
      throw new Error(reason);
    },
  });
  if (!opened.ok) throw new Error(opened.problem);
  const { store } = opened;
  store.beginAlarms();
  const settingsOpened = await openSettingsDb(directory);
  if (!settingsOpened.ok) throw new Error(settingsOpened.problem);
  const settings = settingsOpened.db;
  const auditOpened = await openAuditLog({ directory: join(directory, 'audit'), now, log });
  if (!auditOpened.ok) throw new Error(auditOpened.problem);
  const { audit } = auditOpened;
  const registry = createSourceRegistry({ deployment, now: () => clock.now(), clockState: () => clock.state() });
  const httpServer = createHttpServer(options.connections, options.tls);
  const app = createApp({
    httpServer,
    store,
    settings,
    deployment,
    clock,
    registry,
    hub: createHub({ store, deployment, working, clock, registry, findings: createFindings(settings), log }),
    log,
    pages: { renderer: join(directory, 'renderer'), docs: join(directory, 'docs') },
    version: '0.0.0',
    notReady: () => [],
    now,
    processMetrics: false,
    perSender: options.perSender ?? allowanceOf(DEFAULT_RATE_LIMIT),
    audit,
    entrance: options.entrance ?? {},
  });
  await new Promise<void>((resolve) => httpServer.listen(options.port ?? 0, '127.0.0.1', resolve));
  const url = `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${(httpServer.address() as AddressInfo).port}`;

  /** Without a password: hashing one takes longer than most tests. */
  async function makeStaff(role: Role, scope?: string, name = `${role} of the tests`) {
    const id = randomUUID();
    const token = createToken();
    await settings.update((data) => {
      const limits = scope === undefined ? {} : { scope };
      data.accounts.push({ id, username: id, name, role, ...limits, passwordHash: '', createdAt: now() });
      data.sessions.push({
        tokenHash: hashOfToken(token),
        accountId: id,
        createdAt: now(),
        expiresAt: now() + 3600_000,
      });
    });
    return { id, token };
  }

  return {
    url,
    app,
    store,
    settings,
    audit,
    registry,
    deployment,
    clock,
    directory,
    adminToken: (await makeStaff('admin')).token,
    makeStaff,
    makeClient: (kind, scope) =>
      app.clients.create({ name: `${kind} of the tests`, kind, ...(scope === undefined ? {} : { scope }) }),
    async request(method, path, { token, body, headers = {} } = {}) {
      const response = await fetch(`${url}${path}`, {
        method,
        redirect: 'manual',
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined || typeof body === 'string' ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.includes('json') === true && text !== '';
      return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
    },
    async close() {
      await app.close();
      await settings.close();
      await audit.close();
      await store.close();
      clock.close();
      if (options.directory === undefined) await rm(directory, { recursive: true, force: true });
    },
  };
}
