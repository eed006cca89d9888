// Brings a bare clone to where it runs, doing only what is missing. Plain Node.js: it runs before node_modules is there.
import { writeSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { buildIsCurrent } from './buildStamp.mjs';
import { bundledNode, npmCommand, runQuietly, systemEnvironment, toolEnvironment } from './childProcesses.mjs';
import { findElectron } from './electron.mjs';
import { packagesAreInstalled } from './installedPackages.mjs';
import { createProgress } from './progress.mjs';
import { findMissing, installPackages, isDebianLike, systemPackages } from './systemPackages.mjs';

/** The oldest Node.js that runs the tools and the bundles. */
export const oldestNode = { major: 20, minor: 19 };

/**
 * @param {string} version as in process.versions.node
 */
export function nodeIsRecentEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > oldestNode.major || (major === oldestNode.major && minor >= oldestNode.minor);
}

/** @typedef {'start' | 'startWithWindow' | 'serve' | 'kiosk' | 'test' | 'dist'} Purpose */

/** @type {Record<Purpose, { system: (keyof typeof systemPackages)[], electron: boolean }>} */
const needs = {
  start: { system: [], electron: false },
  serve: { system: [], electron: false },
  startWithWindow: { system: ['window'], electron: true },
  kiosk: { system: ['window'], electron: true },
  test: { system: ['window', 'test'], electron: true },
  dist: { system: ['window', 'dist'], electron: true },
};

/** A step of the set-up that could not be done and without which nothing works. */
export class SetupFailure extends Error {}

/** The last lines of a tool's output: where it says what went wrong. @param {string} output */
const lastWords = (output) => stripVTControlCharacters(output).trim().split('\n').slice(-25).join('\n');

/**
 * Sets up what is missing for a purpose, telling each step on the terminal.
 * @param {Purpose} purpose
 * @param {import('./progress.mjs').Terminal} terminal
 * @returns {Promise<{ electron: import('./electron.mjs').ElectronFound | null, windowProblem: string | null }>}
 *   an Electron that starts,
 *   where one is needed; else `windowProblem` says why there is none
 * @throws {SetupFailure}
 */
export async function setUp(purpose, terminal) {
  const { system, electron: needsElectron } = needs[purpose];
  const progress = createProgress({ total: 3 + (system.length > 0 ? 1 : 0) + (needsElectron ? 1 : 0), terminal });
  /** @type {string | null} */
  let packageProblem = null;

  const nodeStep = progress.next();
  if (!nodeIsRecentEnough(process.versions.node)) {
    throw new SetupFailure(
      `Node.js ${oldestNode.major}.${oldestNode.minor} or newer is needed; this is ${process.versions.node}.`,
    );
  }
  nodeStep.announce(`Node.js ${process.versions.node}`);

  if (system.length > 0) {
    packageProblem = await provideSystemPackages(
      system.flatMap((group) => systemPackages[group]),
      progress.next(),
    );
  }

  const packagesStep = progress.next();
  if (packagesAreInstalled()) packagesStep.announce('npm packages: up to date');
  else {
    await packagesStep.work('installing npm packages', async () => {
      const [npm, npmArguments] = npmCommand(['ci']);
      const result = await runQuietly(npm, npmArguments, { env: systemEnvironment() });
      if (!result.ok) throw new SetupFailure(`npm ci failed:\n${lastWords(result.output)}`);
    });
  }

  const { electron, problem } = needsElectron
    ? await provideElectron(progress.next())
    : { electron: null, problem: null };

  const buildStep = progress.next();
  if (buildIsCurrent()) buildStep.announce('build: up to date');
  else {
    await buildStep.work('building server, kiosk and pages', async () => {
      const result = await runQuietly(bundledNode(), ['tools/build.mjs']);
      if (!result.ok) throw new SetupFailure(`The build failed:\n${lastWords(result.output)}`);
    });
  }
  // Where Electron starts, nothing that it needs is missing, whatever the package manager thinks
  const windowProblem = electron !== null ? null : [problem, packageProblem].filter(Boolean).join(' ');
  return { electron, windowProblem };
}

/**
 * @param {string[]} wanted
 * @param {import('./progress.mjs').StepProgress} step
 * @returns {Promise<string | null>} what is missing still, in a sentence
 */
async function provideSystemPackages(wanted, step) {
  if (!isDebianLike()) {
    step.announce('system packages: not a Debian, left as they are');
    return null;
  }
  const missing = await findMissing(wanted);
  if (missing.length === 0) {
    step.announce('system packages: all there');
    return null;
  }
  const names = missing.map((entry) => entry.split(' | ')[0]).join(' ');
  if (process.getuid?.() !== 0) {
    const problem = `System packages are missing; as root: apt-get install ${names}`;
    step.announce(problem);
    return problem;
  }
  const result = await step.work(`installing ${missing.length} system packages by apt`, () => installPackages(missing));
  if (result.ok) return null;
  const problem = `These system packages could not be installed: ${names}`;
  step.announce(`${problem}\n${lastWords(result.problem)}`);
  return problem;
}

/**
 * @param {import('./progress.mjs').StepProgress} step
 * @returns {Promise<{ electron: import('./electron.mjs').ElectronFound | null, problem: string | null }>} an Electron
 *   that starts, or why there is none
 */
async function provideElectron(step) {
  let fetchProblem = 'Electron is not there.';
  if (findElectron() === null) {
    await step.work('fetching Electron', async () => {
      const result = await runQuietly(bundledNode(), ['tools/provisionElectron.mjs']);
      if (!result.ok) fetchProblem = `Electron could not be provided: ${lastWords(result.output)}`;
    });
  }
  const found = findElectron();
  if (found === null) {
    step.announce(fetchProblem);
    return { electron: null, problem: fetchProblem };
  }
  const env = { ...toolEnvironment(), ELECTRON_RUN_AS_NODE: '1' };
  const tried = await runQuietly(found.path, ['-p', '1'], { env, limitMs: 30_000 });
  if (!tried.ok) {
    const problem = `Electron ${found.version} does not start: ${lastWords(tried.output)}`;
    step.announce(problem);
    return { electron: null, problem };
  }
  step.announce(`Electron ${found.version}: ready${sourceNote(found)}`);
  return { electron: found, problem: null };
}

/** @param {import('./electron.mjs').ElectronFound} found */
function sourceNote({ source }) {
  return source === 'fallback' ? ' (fallback for tests and local starts: the official download is out of reach)' : '';
}

/**
 * `setUp` for a command: a failed step is told on stderr and ends the process with code 1.
 * @param {Purpose} purpose
 * @param {import('./progress.mjs').Terminal} [terminal]
 */
export async function setUpOrExit(purpose, terminal = process.stdout) {
  try {
    return await setUp(purpose, terminal);
  } catch (error) {
    if (!(error instanceof SetupFailure)) throw error;
    writeSync(2, `${error.message}\n`);
    process.exit(1);
  }
}
