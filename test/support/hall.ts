import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from '@playwright/test';
import { type BuiltServer, startBuiltServer } from './builtServer.ts';
import { type Kiosk, type KioskOptions, type PlainKiosk, spawnKiosk, startKiosk } from './startKiosk.ts';

/** A hall: a server, a place for a kiosk's data, and kiosks; whatever a test opens here is ended after it. */
interface Hall {
  server: BuiltServer;
  userDataFolder: string;
  openKiosk: (options: Partial<KioskOptions>) => Promise<Kiosk>;
  spawnKiosk: (kioskArguments: readonly string[], env?: NodeJS.ProcessEnv) => PlainKiosk;
}

export const test = base.extend<Hall>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from this pattern
  server: async ({}, use) => {
    const server = await startBuiltServer();
    await use(server);
    await server.close();
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above
  userDataFolder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'taibai-kiosk-'));
    await use(folder);
    // The last of Electron's helper processes may still be writing for a moment.
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  },
  openKiosk: async ({ userDataFolder }, use) => {
    const opened: Kiosk[] = [];
    await use(async (options) => {
      const kiosk = await startKiosk({ userDataFolder, ...options });
      opened.push(kiosk);
      return kiosk;
    });
    for (const kiosk of opened.reverse()) await kiosk.close();
  },
  spawnKiosk: async ({ userDataFolder }, use) => {
    const opened: PlainKiosk[] = [];
    await use((kioskArguments, env = {}) => {
      const kiosk = spawnKiosk(kioskArguments, { userDataFolder, env });
      opened.push(kiosk);
      return kiosk;
    });
    for (const kiosk of opened.reverse()) await kiosk.close();
  },
});
