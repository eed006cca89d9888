// npm run kiosk -- --server URL: the Electron wall alone, kept running.

import { buildIsCurrent } from './buildStamp.mjs';
import { findElectron } from './electron.mjs';
import { whenNpmIsGone } from './npmParent.mjs';
import { setUpOrExit } from './setup.mjs';
import { hasDisplay, openWallWindow } from './wallWindow.mjs';

if (!hasDisplay()) {
  console.error('The kiosk needs a display: neither DISPLAY nor WAYLAND_DISPLAY is set.');
  process.exit(2);
}
if (findElectron() === null || !buildIsCurrent()) await setUpOrExit('kiosk', process.stderr);
const electron = findElectron();
if (electron === null) process.exit(1); // the set-up has said why

const wallWindow = openWallWindow({
  electron,
  wallArguments: process.argv.slice(2),
  env: process.env,
  onEnded: (code) => process.exit(code),
});
async function leave() {
  await wallWindow.stop();
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, leave);
whenNpmIsGone(leave);
