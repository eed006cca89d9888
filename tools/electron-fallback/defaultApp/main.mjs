// Stands in for the `default_app` that the repackaged Electron lacks, so that
// `electron [-r module] [--switches] <app folder>` works as it does with the official one.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const launchArguments = process.argv.slice(1);
/** @type {string[]} */
const required = [];
/** @type {string | undefined} */
let appFolder;
for (let index = 0; index < launchArguments.length && appFolder === undefined; index += 1) {
  const argument = launchArguments[index] ?? '';
  if (argument === '-r' || argument === '--require') {
    index += 1;
    required.push(launchArguments[index] ?? '');
  } else if (!argument.startsWith('-')) {
    appFolder = resolve(argument);
  }
}

if (appFolder === undefined) {
  console.error('electron: name the app folder to run');
  process.exit(2);
}
const requireFromHere = createRequire(join(process.cwd(), 'launch.js'));
for (const path of required) requireFromHere(resolve(path));

/** What Electron's own default_app calls and its types keep to themselves. */
const privateApp = /** @type {typeof app & { setVersion(version: string): void, setAppPath(path: string): void }} */ (
  app
);
const manifest = JSON.parse(readFileSync(join(appFolder, 'package.json'), 'utf8'));
privateApp.setVersion(manifest.version ?? '0.0.0');
app.setName(manifest.productName ?? manifest.name ?? 'app');
privateApp.setAppPath(appFolder);
try {
  // Awaited: Electron is ready only after its entry module, and some calls must come before that
  await import(pathToFileURL(join(appFolder, manifest.main)).href);
} catch (error) {
  console.error(error);
  process.exit(1);
}
