/** The scheme that serves the built pages from disk, and the one page of it that the kiosk shows. */
export const WALL_SCHEME = 'wall';
export const WALL_ORIGIN = `${WALL_SCHEME}://app`;
export const HOME_ADDRESS = `${WALL_ORIGIN}/index.html`;

/** The page's address; it sounds for alarms and moves unless it is told not to (renderer/live/{speaker,stillness}.ts). */
export function homeAddress({ sound, motion }: { readonly sound: boolean; readonly motion: boolean }): string {
  const asked = new URLSearchParams({ ...(sound ? {} : { sound: 'off' }), ...(motion ? {} : { motion: 'reduce' }) });
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
