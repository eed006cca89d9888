// npm run bench: measured figures as one JSON document on stdout, progress on stderr (docs/performance.md).
import { spawn } from 'node:child_process';
import { buildIsCurrent } from './buildStamp.mjs';
import { bundledNode, toolEnvironment } from './childProcesses.mjs';
import { projectRoot } from './electron.mjs';
import { packagesAreInstalled } from './installedPackages.mjs';
import { setUpOrExit } from './setup.mjs';

if (!packagesAreInstalled() || !buildIsCurrent()) await setUpOrExit('serve', process.stderr);

// In a process of its own, as the measurements are TypeScript, which only the pinned Node.js runs for certain
const bench = spawn(bundledNode(), ['tools/bench/bench.ts', ...process.argv.slice(2)], {
  cwd: projectRoot,
  env: toolEnvironment(),
  stdio: ['ignore', 'inherit', 'inherit'],
});
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
  process.on(signal, () => bench.kill(signal));
bench.on('exit', (code) => process.exit(code ?? 1));
