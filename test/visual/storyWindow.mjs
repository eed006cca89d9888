// The Electron that stories are photographed in: without a window of its own; the test opens what it wants to see.
import { app } from 'electron';

app.disableHardwareAcceleration();
app.commandLine.appendSwitch('force-device-scale-factor', '1');
app.on('window-all-closed', () => {});
