// npm run serve: the server alone, in this very process, so that signals and exit codes are its own.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildIsCurrent } from './buildStamp.mjs';
import { projectRoot } from './electron.mjs';
import { packagesAreInstalled } from './installedPackages.mjs';
import { whenNpmIsGone } from './npmParent.mjs';
import { setUpOrExit } from './setup.mjs';

// Meant for a place that is set up already; where it is not, that is made good, and told on stderr
if (!packagesAreInstalled() || !buildIsCurrent()) await setUpOrExit('serve', process.stderr);

whenNpmIsGone(() => process.kill(process.pid, 'SIGTERM'));
await import(pathToFileURL(join(projectRoot, 'out/server/index.js')).href);
