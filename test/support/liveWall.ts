import { expect, test } from '@playwright/test';
import type { BuiltServer } from './builtServer.ts';
import type { Kiosk } from './startKiosk.ts';

/** What the page says of its link; null where there is no wall. */
export const FEED = 'document.querySelector("[data-testid=wall]")?.dataset.feed ?? null';

/** Whether a ticket stands in the stream. */
export const rowOf = (ticketId: string) =>
  `document.querySelector('[data-testid=stream-row][data-ticket-id="${ticketId}"]') !== null`;

export async function reportTicket(server: BuiltServer, id: string): Promise<void> {
  const { status } = await server.call('POST', '/tickets', {
    id,
    source: '12345',
    category: 'litter',
    title: '垃圾桶满溢，请清运',
    location: { address: '许庄街道荷韵花园' },
  });
  expect(status).toBe(201);
}

/**
 * Waits until the wall is live.
 * @param sinceMs when the fault began, in ms of `performance.now`: how long it took is kept with the test as `seconds`
 */
export async function expectLive(
  kiosk: Pick<Kiosk, 'inPage'>,
  { withinMs = 20_000, sinceMs }: { readonly withinMs?: number; readonly sinceMs?: number } = {},
): Promise<void> {
  await expect.poll(() => kiosk.inPage(FEED), { timeout: withinMs, intervals: [100] }).toBe('live');
  if (sinceMs !== undefined) noteSeconds(sinceMs);
}

/** How many of its windows a server has a link with. */
export async function linkedWindows(server: BuiltServer): Promise<number> {
  const { body } = await server.call('GET', '/walls');
  const { items } = body as { items: { windows: readonly unknown[] }[] };
  return items.reduce((sum, { windows }) => sum + windows.length, 0);
}

/** Keeps with the test how long something took; docs/faults.md tells of it. */
export function noteSeconds(sinceMs: number): void {
  const description = ((performance.now() - sinceMs) / 1000).toFixed(1);
  test.info().annotations.push({ type: 'seconds', description });
}
