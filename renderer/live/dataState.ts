import type { Name } from '../../domain/deployment.ts';
import type { Domain, Ticket } from '../../domain/ticket.ts';
import type { ClockState, SourceStatus, WallDeployment } from '../../protocol/wire.ts';
import { STALE_AFTER_MS } from './wallStore.ts';

/** Older than this a panel shows no numbers any more (visual specification §9). */
export const DISCONNECTED_AFTER_MS = 15 * 60_000;
/** Without any data for this long the first loading is a disconnection. */
export const LOADING_MS = 10_000;

/** What the data behind a panel is like. `ageMs`: real ms since anything was heard that feeds it; null: never. */
export type DataState =
  | { readonly kind: 'normal'; readonly ageMs: number | null }
  | { readonly kind: 'loading'; readonly ageMs: null; readonly sources: readonly Name[] }
  | { readonly kind: 'stale'; readonly ageMs: number }
  | { readonly kind: 'disconnected'; readonly ageMs: number | null };

/**
 * A panel is as old as the freshest of what feeds it: the sources that the deployment says feed its domain, those of
 * which it says nothing, and the tickets themselves. A panel of no domain is fed by all. Stale after two periods of one
 * of its sources; a source that is finished is not missed, and in a replay only the link can be.
 */
export function dataState(input: {
  readonly domain: Domain | undefined;
  readonly listed: WallDeployment['sources'];
  readonly sources: readonly SourceStatus[];
  readonly clock: ClockState;
  /** The ticket taken down last that this domain may have got from its sources. */
  readonly newest: Pick<Ticket, 'recordedAt'> | undefined;
  /** Domain clock of the server's last word, and real ms since it. */
  readonly heardAt: number;
  readonly silentMs: number;
  /** Real ms since the first board. */
  readonly shownMs: number;
}): DataState {
  const { domain, listed, sources, clock, newest, heardAt, silentMs, shownMs } = input;
  if (clock.mode === 'replay') {
    return silentMs <= STALE_AFTER_MS ? { kind: 'normal', ageMs: silentMs } : aged(silentMs);
  }
  const settings = new Map(listed.map((source) => [source.id, source]));
  const feeds = sources.filter(({ id }) => feedsDomain(settings.get(id), domain));
  if (feeds.length === 0) return { kind: 'normal', ageMs: null };
  const longestMs = Math.max(0, ...listed.map(({ periodSeconds }) => periodSeconds)) * 1000;
  let ageMs: number | null = null;
  let isFresh = feeds.some(({ state }) => state === 'finished');
  const hear = (heardMs: number, periodMs: number) => {
    ageMs = Math.min(ageMs ?? heardMs, heardMs);
    if (heardMs <= 2 * periodMs) isFresh = true;
  };
  for (const { id, ageMs: sourceMs } of feeds) {
    if (sourceMs === null) continue;
    hear(sourceMs + silentMs, (settings.get(id)?.periodSeconds ?? longestMs / 1000) * 1000);
  }
  if (newest !== undefined && clock.speed !== 'max') {
    hear(Math.max(0, heardAt - newest.recordedAt) / clock.speed + silentMs, longestMs);
  }
  if (isFresh) return { kind: 'normal', ageMs };
  if (ageMs !== null) return aged(ageMs);
  if (shownMs > LOADING_MS) return { kind: 'disconnected', ageMs: null };
  return { kind: 'loading', ageMs: null, sources: feeds.map(({ id }) => settings.get(id)?.name ?? { zh: id }) };
}

function aged(ageMs: number): DataState {
  return { kind: ageMs > DISCONNECTED_AFTER_MS ? 'disconnected' : 'stale', ageMs };
}

/** Whether a source may bring tickets of a domain. */
export function feedsDomain(
  source: WallDeployment['sources'][number] | undefined,
  domain: Domain | undefined,
): boolean {
  return domain === undefined || source?.domains === undefined || source.domains.includes(domain);
}
