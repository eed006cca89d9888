import type { KioskBridge, KioskSettings } from '../../protocol/ipc.ts';
import type { Machine } from './wall.ts';

/** The kiosk under this page, as it was when the page was loaded. */
export interface Kiosk {
  readonly bridge: KioskBridge;
  readonly machine: Machine;
  readonly configFault: KioskSettings['configFault'];
}

/** Asks the kiosk what this page has to know of it. */
export async function openKiosk(bridge: KioskBridge): Promise<Kiosk> {
  const { leads, version, configFault } = await bridge.settings();
  return {
    bridge,
    configFault,
    machine: {
      leads,
      version,
      vitals: () => bridge.vitals(),
      keep: (text) => bridge.keepBoard(text),
      kept: () => bridge.keptBoard(),
      configure(config) {
        // A refusal is in the kiosk's log; whoever pushed it reads nothing here
        bridge.takePushed(config).catch((error: unknown) => console.error(error));
      },
    },
  };
}
