// npm run dist [-- --unpacked]: packs the kiosk into release/ for this platform.
// --unpacked: only the program's folder, in seconds, and left open to Playwright; for test:package.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundledNode, toolEnvironment } from './childProcesses.mjs';
import { projectRoot } from './electron.mjs';
import { setUpOrExit } from './setup.mjs';

const [option, ...more] = process.argv.slice(2);
if ((option !== undefined && option !== '--unpacked') || more.length > 0) {
  console.error(`dist: unknown option ${more[0] ?? option}; it knows --unpacked`);
  process.exit(2);
}
const unpacked = option === '--unpacked';

const { electron, windowProblem } = await setUpOrExit('dist');
if (electron === null) {
  console.error(windowProblem ?? 'There is no Electron to pack.');
  process.exit(1);
}

const settings = [`-c.electronDist=${electron.folder}`, `-c.electronVersion=${electron.version}`];
if (electron.source !== 'official') {
  const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
  settings.push(`-c.extraMetadata.version=${version}-not.a.release`);
  console.log(`NOT A RELEASE: packed on the ${electron.source} Electron ${electron.version}.`);
}
if (unpacked) settings.push('-c.electronFuses.enableNodeCliInspectArguments=true');

/** Debian's own tools in place of those that electron-builder would download. */
const env = toolEnvironment({ ...process.env, ELECTRON_BUILDER_COMPRESSION_LEVEL: '1' });
if (existsSync('/usr/bin/dpkg-deb')) env.CUSTOM_FPM_PATH = join(projectRoot, 'tools/fpmLite.mjs');
if (existsSync('/usr/bin/7za')) env.ELECTRON_BUILDER_7ZIP_PATH = '/usr/bin/7za';

const { status, error } = spawnSync(
  bundledNode(),
  [
    join(projectRoot, 'node_modules/electron-builder/cli.js'),
    ...(unpacked ? ['--dir'] : []),
    '--publish',
    'never', // in CI it publishes unasked
    ...settings,
  ],
  { cwd: projectRoot, env, stdio: ['ignore', 'inherit', 'inherit'] },
);
if (error) throw error;
process.exit(status ?? 1);
