import type { NightHours } from '../protocol/kioskConfig.ts';

/** The scheme that serves the built pages from disk, and the one page of it that the kiosk shows. */
export const WALL_SCHEME = 'wall';
export const WALL_ORIGIN = `${WALL_SCHEME}://app`;
export const HOME_ADDRESS = `${WALL_ORIGIN}/index.html`;

/** What a window's page is told with its address; what is null or as usual is left out. */
export interface PageOptions {
  readonly sound: boolean;
  readonly motion: boolean;
  /** 0 to 1. */
  readonly volume: number;
  readonly scene: string | null;
  readonly pitchMm: number | null;
  readonly farthestSeatM: number | null;
  readonly night: NightHours | null;
  /** Displays side by side in its window. */
  readonly screens: number;
  readonly setup: boolean;
}

/** The page's address; who reads what of it: renderer/live/{speaker,stillness,director}.ts, renderer/layout, renderer/App.tsx. */
export function homeAddress(options: PageOptions): string {
  const { sound, motion, volume, scene, pitchMm, farthestSeatM, night, screens, setup } = options;
  const asked = new URLSearchParams({
    ...(setup ? { setup: 'on' } : {}),
    ...(sound ? {} : { sound: 'off' }),
    ...(motion ? {} : { motion: 'reduce' }),
    ...(volume === 1 ? {} : { volume: String(volume) }),
    ...(scene === null ? {} : { scene }),
    ...(pitchMm === null ? {} : { pitch: String(pitchMm) }),
    ...(farthestSeatM === null ? {} : { seat: String(farthestSeatM) }),
    ...(screens === 1 ? {} : { screens: String(screens) }),
    ...(night === null ? {} : { night: `${night.from}-${night.until}` }),
  });
  return asked.size === 0 ? HOME_ADDRESS : `${HOME_ADDRESS}?${asked}`;
}

/** Whether an address is the wall's own page; what follows `#` or `?` belongs to the page. */
export function isWallPage(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  url.hash = '';
  url.search = '';
  return url.href === HOME_ADDRESS;
}

/**
 * Reaching a server on this machine or in this network is itself a permission from Chromium 142 on, asked for even
 * by pages of a private scheme. The wall's page has it (its content security policy says which server); nobody has
 * any other permission.
 */
const NETWORK_PERMISSIONS: readonly string[] = ['local-network-access', 'local-network', 'loopback-network'];

/** @param requesterAddress address or origin of the page that asks */
export function isPermitted(permission: string, requesterAddress: string): boolean {
  if (!NETWORK_PERMISSIONS.includes(permission) || !URL.canParse(requesterAddress)) return false;
  const { protocol, host } = new URL(requesterAddress);
  return `${protocol}//${host}` === WALL_ORIGIN;
}
