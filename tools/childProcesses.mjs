import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { projectRoot } from './electron.mjs';

const binFolder = join(projectRoot, 'node_modules/.bin');

/** The Node.js that the lock file pins, where there is one for this platform; else the one running now. */
export function bundledNode() {
  const bundled = join(projectRoot, `node_modules/node-${process.platform}-${process.arch}/bin/node`);
  return existsSync(bundled) ? bundled : process.execPath;
}

/**
 * The environment for the project's own tools: `node_modules/.bin` first on PATH, as in npm scripts.
 * @param {NodeJS.ProcessEnv} [base]
 * @returns {NodeJS.ProcessEnv}
 */
export function toolEnvironment(base = process.env) {
  return { ...base, PATH: [binFolder, ...otherPathFolders(base)].join(delimiter) };
}

/**
 * The environment without `node_modules/.bin`: for `npm ci`, which deletes that folder while it runs.
 * @param {NodeJS.ProcessEnv} [base]
 * @returns {NodeJS.ProcessEnv}
 */
export function systemEnvironment(base = process.env) {
  return { ...base, PATH: otherPathFolders(base).join(delimiter) };
}

/** @param {NodeJS.ProcessEnv} base */
function otherPathFolders(base) {
  return (base.PATH ?? '').split(delimiter).filter((folder) => folder !== '' && folder !== binFolder);
}

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/** Ends whatever `runQuietly` is waiting for; for signal handlers. */
export function endQuietRuns() {
  for (const child of running) child.kill('SIGTERM');
}

/**
 * Runs a command to its end without a word on the terminal.
 * @param {string} command
 * @param {string[]} commandArguments
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, limitMs?: number }} [options]
 * @returns {Promise<{ ok: boolean, output: string }>} `output` is stdout and stderr together; a command that cannot
 *   be started is not ok and says why
 */
export function runQuietly(command, commandArguments, { cwd = projectRoot, env = toolEnvironment(), limitMs } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, commandArguments, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(limitMs === undefined ? {} : { timeout: limitMs }),
    });
    running.add(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text) => {
        output += text;
      });
    }
    child.on('error', (error) => {
      running.delete(child);
      resolve({ ok: false, output: `${command}: ${error.message}` });
    });
    child.on('close', (code) => {
      running.delete(child);
      resolve({ ok: code === 0, output });
    });
  });
}

/**
 * How to call npm: the npm that called us where there is one (a plain `npm` cannot be spawned on Windows).
 * @param {string[]} npmArguments
 * @returns {[command: string, commandArguments: string[]]}
 */
export function npmCommand(npmArguments) {
  const cli = process.env.npm_execpath;
  if (process.platform === 'win32' && cli) return [process.execPath, [cli, ...npmArguments]];
  return ['npm', npmArguments];
}
