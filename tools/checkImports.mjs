// npm run check:imports: every source file against the import zones.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './electron.mjs';
import { importBreaches } from './importZones.mjs';
import { filesBelow } from './stamps.mjs';

const folders = ['domain', 'protocol', 'server', 'renderer', 'main', 'tools', 'test'];
const files = filesBelow(projectRoot, folders).filter(
  (path) => /\.(ts|tsx|mts|mjs|js)$/.test(path) && !path.includes('/node_modules/'),
);
const breaches = files.flatMap((file) =>
  importBreaches(file, readFileSync(join(projectRoot, file), 'utf8')).map(
    ({ line, problem }) => `${file}:${line} ${problem}`,
  ),
);
for (const breach of breaches) console.error(breach);
console.log(`${files.length} files, ${breaches.length} breaches of the import rules`);
if (breaches.length > 0) process.exit(1);
