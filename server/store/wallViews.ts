import type { PushedConfig } from '../../protocol/kioskConfig.ts';
import type { SubscribeRequest, WallReport } from '../../protocol/wire.ts';
import type { Client, SettingsDb } from './settingsDb.ts';

/** One connected page of a wall; a machine with several screens may have several. Instants are epoch ms of real time. */
export interface WallWindow {
  readonly connectedAt: number;
  /** As told at the last subscription. */
  readonly screens: NonNullable<SubscribeRequest['screens']>;
  readonly report: (WallReport & { readonly reportedAt: number }) | undefined;
}

/** A wall, connected or not, and what it was told to show. */
export interface FleetWall extends Pick<Client, 'id' | 'name' | 'scope' | 'scene' | 'spotlight' | 'configuration'> {
  readonly windows: readonly WallWindow[];
}

/** What a wall is told to show; null takes it back. `endsAt` is real time. */
export interface ViewChange {
  readonly scene?: string | null;
  readonly spotlight?: { readonly ticketId: string; readonly endsAt: number } | null;
}

export function findWall({ data }: Pick<SettingsDb, 'data'>, id: string): Client | undefined {
  return data.clients.find((client) => client.id === id && client.kind === 'wall');
}

/** Keeps what a wall's kiosk is told to keep; an empty one takes it back. Settles once it is on disk. */
export async function keepConfiguration(
  settings: Pick<SettingsDb, 'update'>,
  id: string,
  configuration: PushedConfig,
): Promise<void> {
  await settings.update((data) => {
    const client = findWall({ data }, id);
    if (client === undefined) return;
    if (Object.keys(configuration).length === 0) delete client.configuration;
    else client.configuration = { ...configuration };
  });
}

/** Keeps what a wall is told with its client; settles once it is on disk. */
export async function keepView(
  settings: Pick<SettingsDb, 'update'>,
  id: string,
  { scene, spotlight }: ViewChange,
): Promise<void> {
  await settings.update((data) => {
    const client = findWall({ data }, id);
    if (client === undefined) return;
    if (scene === null) delete client.scene;
    else if (scene !== undefined) client.scene = scene;
    if (spotlight === null) delete client.spotlight;
    else if (spotlight !== undefined) client.spotlight = { ...spotlight };
  });
}
