import { contextBridge, ipcRenderer } from 'electron';
import { KIOSK_BRIDGE, type KioskBridge, type KioskCalls, type KioskChannel } from '../protocol/ipc.ts';

function call<Channel extends KioskChannel>(
  channel: Channel,
  ...values: Parameters<KioskCalls[Channel]>
): Promise<ReturnType<KioskCalls[Channel]>> {
  return ipcRenderer.invoke(channel, ...values);
}

contextBridge.exposeInMainWorld(KIOSK_BRIDGE, {
  settings: () => call('settings:read'),
  saveToken: (token) => call('token:save', token),
} satisfies KioskBridge);
