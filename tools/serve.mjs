// npm run serve: the server alone, in this very process, so that signals and exit codes are its own.
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { projectRoot } from './electron.mjs';
import { setUpOrExit } from './setup.mjs';
import { buildIsCurrent } from './buildStamp.mjs';
import { packagesAreInstalled } from './installedPackages.mjs';

// Meant for a place that is set up already; where it is not, that is made good, and told on stderr
if (!packagesAreInstalled() || !buildIsCurrent()) await setUpOrExit('serve', process.stderr);

await import(pathToFileURL(join(projectRoot, 'out/server/index.js')).href);
