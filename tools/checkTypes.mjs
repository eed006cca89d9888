// npm run check:types: every folder against its own lib and types, then what runs in Electron a second time against
// the types of the fallback Electron, so that nothing newer than that one slips in.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { npmCommand, toolEnvironment } from './childProcesses.mjs';
import { projectRoot } from './electron.mjs';

/** The npm package of the fallback's version, for its types alone; pinned by the hash the registry gave for it. */
const electronTypes = {
  specifier: 'electron@33.2.1',
  integrity: 'sha512-SG/nmSsK9Qg1p6wAW+ZfqU+AV8cmXMTIklUL18NnOKfZLlum4ZsDoVdmmmlL39ZmeCaq27dr7CgslRPahfoVJg==',
  file: join(projectRoot, '.cache/electron-33.d.ts'),
};

/** @param {string} command @param {string[]} commandArguments @param {string} cwd @returns {string} its stdout */
function run(command, commandArguments, cwd) {
  const { status, stdout, error } = spawnSync(command, commandArguments, {
    cwd,
    env: toolEnvironment(),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${commandArguments.join(' ')} ended with code ${status}`);
  return stdout;
}

function fetchElectronTypes() {
  const cache = join(projectRoot, '.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'electron-types-'));
  try {
    const [npm, npmArguments] = npmCommand(['pack', electronTypes.specifier, '--json', '--ignore-scripts']);
    const [packed] = JSON.parse(run(npm, npmArguments, folder));
    if (packed.integrity !== electronTypes.integrity) {
      throw new Error(`${electronTypes.specifier} is not what it was: ${packed.integrity}`);
    }
    run('tar', ['-xzf', packed.filename, 'package/electron.d.ts'], folder);
    renameSync(join(folder, 'package/electron.d.ts'), electronTypes.file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string[]} tscArguments */
function compile(tscArguments) {
  const { status } = spawnSync(
    process.execPath,
    [join(projectRoot, 'node_modules/typescript/bin/tsc'), ...tscArguments],
    {
      cwd: projectRoot,
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  if (status !== 0) process.exit(1);
}

compile(['-b']);
if (!existsSync(electronTypes.file)) fetchElectronTypes();
compile(['-p', 'tsconfig.electron33.json']);
