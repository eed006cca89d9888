import { contextBridge, ipcRenderer } from 'electron';
import { KIOSK_BRIDGE, type KioskBridge, type KioskCalls, type KioskChannel } from '../protocol/ipc.ts';

function call<Channel extends KioskChannel>(
  channel: Channel,
  ...values: Parameters<KioskCalls[Channel]>
): Promise<Awaited<ReturnType<KioskCalls[Channel]>>> {
  return ipcRenderer.invoke(channel, ...values);
}

contextBridge.exposeInMainWorld(KIOSK_BRIDGE, {
  settings: () => call('settings:read'),
  saveToken: (token) => call('token:save', token),
  readSettings: () => call('kiosk:readSettings'),
  saveSettings: (choice, pin) => call('kiosk:saveSettings', choice, pin),
  takePushed: (pushed) => call('kiosk:takePushed', pushed),
  enterPin: (pin, purpose) => call('kiosk:enterPin', pin, purpose),
  vitals: () => call('kiosk:vitals'),
  keepBoard: (text) => call('board:keep', text),
  keptBoard: () => call('board:kept'),
} satisfies KioskBridge);
