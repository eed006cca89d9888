import type { Namespace, Server, Socket } from 'socket.io';
import { decodeSubscribeRequest, decodeWallReport } from '../../protocol/decode.ts';
import { decodePushedConfig, type PushedConfig } from '../../protocol/kioskConfig.ts';
import type { WallCommand } from '../../protocol/wire.ts';
import { type RealTime, systemTime } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Client, SettingsDb } from '../store/settingsDb.ts';
import {
  type FleetWall,
  findWall,
  keepConfiguration,
  keepView,
  type ViewChange,
  type WallWindow,
} from '../store/wallViews.ts';
import type { WallIdentity } from './session.ts';

/** A wall reports each minute; more often than this is not listened to. */
const REPORT_EVERY_MS = 10_000;

/** The walls, connected or not, and what they are told to show: kept with their clients, so a restart changes nothing on screen. */
export interface Fleet {
  /** Once, before the first connection. */
  attach(io: Server): void;
  /** In order of their making. */
  list(): readonly FleetWall[];
  find(id: string): FleetWall | undefined;
  /** Settles once the change is on disk; then the wall is told. Undefined where there is no such wall. */
  show(id: string, change: ViewChange): Promise<FleetWall | undefined>;
  /** What the wall's kiosk shall keep; settles once it is on disk, then the kiosk is told. Undefined where there is no such wall. */
  configure(id: string, configuration: PushedConfig): Promise<FleetWall | undefined>;
  close(): void;
}

export function createFleet(parts: {
  readonly settings: Pick<SettingsDb, 'data' | 'update'>;
  readonly log: Pick<Log, 'warn'>;
  readonly realTime?: RealTime;
}): Fleet {
  const { settings, log, realTime = systemTime } = parts;
  const windows = new Map<string, Map<Socket, WallWindow>>();
  /** Cancels the end of each spotlight. */
  const endings = new Map<string, () => void>();
  let walls: Namespace | undefined;

  const clientOf = (id: string) => findWall(settings, id);

  function wallOf({ id, name, scope, scene, spotlight, configuration }: Client): FleetWall {
    return {
      id,
      name,
      ...(scope === undefined ? {} : { scope }),
      ...(scene === undefined ? {} : { scene }),
      ...(spotlight === undefined ? {} : { spotlight }),
      ...(configuration === undefined ? {} : { configuration }),
      windows: [...(windows.get(id)?.values() ?? [])],
    };
  }

  function commandFor({ scene, spotlight }: Client): WallCommand {
    const leftMs = spotlight === undefined ? 0 : spotlight.endsAt - realTime.now();
    return {
      kind: 'show',
      scene: scene ?? null,
      spotlight: spotlight === undefined || leftMs <= 0 ? null : { ticketId: spotlight.ticketId, leftMs },
    };
  }

  /** What a connected kiosk is told to keep; none: nothing was ever configured, or by a later version. */
  function configurationFor({ configuration }: Client): readonly WallCommand[] {
    const known = configuration === undefined ? undefined : decodePushedConfig(configuration);
    return known?.ok === true ? [{ kind: 'configure', config: known.value }] : [];
  }

  function tell(id: string): void {
    const client = clientOf(id);
    if (client !== undefined) walls?.in(`client:${id}`).emit('wall:command', commandFor(client));
  }

  function endInTime({ id, spotlight }: Client): void {
    endings.get(id)?.();
    endings.delete(id);
    if (spotlight === undefined) return;
    const cancel = realTime.after(Math.max(0, spotlight.endsAt - realTime.now()), () => {
      // The wall counts by itself too: where the disk refuses, only the record is late
      show(id, { spotlight: null }).catch((error: unknown) => log.warn({ err: error }, 'a spotlight was not ended'));
    });
    endings.set(id, cancel);
  }

  async function show(id: string, change: ViewChange): Promise<FleetWall | undefined> {
    await keepView(settings, id, change);
    const changed = clientOf(id);
    if (changed === undefined) return undefined;
    endInTime(changed);
    tell(id);
    return wallOf(changed);
  }

  function onConnection(socket: Socket): void {
    const { identity } = socket.data as { readonly identity?: WallIdentity };
    const client = identity?.clientId === undefined ? undefined : clientOf(identity.clientId);
    if (client === undefined) return;
    const pages = windows.get(client.id) ?? new Map<Socket, WallWindow>();
    windows.set(client.id, pages.set(socket, { connectedAt: realTime.now(), screens: [], report: undefined }));
    const note = (change: Partial<WallWindow>) => {
      const known = pages.get(socket);
      if (known !== undefined) pages.set(socket, { ...known, ...change });
    };
    socket.on('board:subscribe', (input: unknown) => {
      const request = decodeSubscribeRequest(input);
      if (request.ok && request.value.screens !== undefined) note({ screens: request.value.screens });
    });
    socket.on('wall:report', (input: unknown) => {
      const reportedAt = realTime.now();
      const last = pages.get(socket)?.report;
      const report = decodeWallReport(input);
      if (!report.ok || (last !== undefined && reportedAt - last.reportedAt < REPORT_EVERY_MS)) return;
      note({ report: { ...report.value, reportedAt } });
    });
    socket.on('disconnect', () => {
      pages.delete(socket);
      if (pages.size === 0) windows.delete(client.id);
    });
    socket.emit('wall:command', commandFor(client));
    for (const command of configurationFor(client)) socket.emit('wall:command', command);
  }

  for (const client of settings.data.clients) endInTime(client);

  return {
    attach(io) {
      walls = io.of('/wall');
      walls.on('connection', onConnection);
    },
    list: () => settings.data.clients.filter(({ kind }) => kind === 'wall').map(wallOf),
    find(id) {
      const client = clientOf(id);
      return client && wallOf(client);
    },
    show,
    async configure(id, configuration) {
      await keepConfiguration(settings, id, configuration);
      const client = clientOf(id);
      if (client === undefined) return undefined;
      for (const command of configurationFor(client)) walls?.in(`client:${id}`).emit('wall:command', command);
      return wallOf(client);
    },
    close() {
      for (const cancel of endings.values()) cancel();
      walls?.off('connection', onConnection);
    },
  };
}
