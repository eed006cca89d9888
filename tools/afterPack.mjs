// electron-builder's afterPack hook.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findElectron } from './electron.mjs';

/** @param {{ appOutDir: string }} context the folder that has been packed */
export default function afterPack({ appOutDir }) {
  // An unpacked Electron is copied whole, with the app that it shows when it is given none
  rmSync(join(appOutDir, 'resources/default_app.asar'), { force: true });
  const electron = findElectron();
  if (electron?.source === 'official') return;
  writeFileSync(
    join(appOutDir, 'NOT-A-RELEASE.txt'),
    `Packed on Electron ${electron?.version} from a third party (${electron?.source}), for trying out the packaging.\n` +
      'Do not hang it on a wall: it gets no security fixes. A release is packed on the official Electron.\n',
  );
}
