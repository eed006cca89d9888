import { existsSync, readFileSync } from 'node:fs';
import { runQuietly, systemEnvironment } from './childProcesses.mjs';

/**
 * Debian packages by purpose, named as in Debian 12; `a | b` where newer releases renamed one.
 * `window`: what Electron loads, and unzip for its fallback. `test`: displays, a browser, a client in another language.
 * `dist`: the archiver that electron-builder would else download.
 */
export const systemPackages = {
  window: ['libgtk-3-0 | libgtk-3-0t64', 'libnss3', 'libasound2 | libasound2t64', 'libgbm1', 'unzip'],
  test: [
    'chromium',
    'openbox',
    'procps',
    'python3',
    'python3-requests',
    'python3-socketio',
    'python3-websocket',
    'x11-utils',
    'x11-xserver-utils',
    'xserver-xorg-core',
    'xserver-xorg-video-dummy',
    'xvfb',
  ],
  dist: ['p7zip-full'],
};

/** @param {string} wanted @returns {string[]} */
const alternatives = (wanted) => wanted.split('|').map((name) => name.trim());

/**
 * The wanted packages of which no alternative is installed.
 * @param {string[]} wanted
 * @param {string} dpkgStatus paragraphs as `dpkg-query --status` prints them
 */
export function missingPackages(wanted, dpkgStatus) {
  const installed = new Set(
    [...dpkgStatus.matchAll(/^Package: (\S+)\nStatus: \S+ \S+ installed$/gm)].map(([, name]) => name),
  );
  return wanted.filter((entry) => !alternatives(entry).some((name) => installed.has(name)));
}

/**
 * For each wanted entry the alternative that apt can install; the first one where apt knows none, so that apt's
 * own complaint names it.
 * @param {string[]} wanted
 * @param {string} policyOutput of `apt-cache policy`
 */
export function installableNames(wanted, policyOutput) {
  const candidates = new Set(
    [...policyOutput.matchAll(/^(\S+):\n {2}Installed: .*\n {2}Candidate: (.+)$/gm)]
      .filter(([, , candidate]) => candidate !== '(none)')
      .map(([, name]) => name),
  );
  return wanted.map((entry) => {
    const names = alternatives(entry);
    return names.find((name) => candidates.has(name)) ?? names[0] ?? entry;
  });
}

/** Whether this is a Debian or a descendant, by os-release(5). */
export function isDebianLike(osRelease = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '') {
  return /^(ID|ID_LIKE)=.*\b(debian|ubuntu)\b/m.test(osRelease) && existsSync('/usr/bin/apt-get');
}

/** @param {string[]} wanted @returns {Promise<string[]>} */
export async function findMissing(wanted) {
  // dpkg-query exits 1 when it does not know one of the names, and still answers for the others
  const { output } = await runQuietly('dpkg-query', ['--status', ...wanted.flatMap(alternatives)]);
  return missingPackages(wanted, output);
}

/**
 * Installs by apt; only for root on Debian.
 * @param {string[]} missing entries as in `systemPackages`
 * @returns {Promise<{ ok: true } | { ok: false, problem: string }>}
 */
export async function installPackages(missing) {
  const env = { ...systemEnvironment(), DEBIAN_FRONTEND: 'noninteractive' };
  const apt = ['-o', 'DPkg::Lock::Timeout=300', '-qq'];
  const update = await runQuietly('apt-get', [...apt, 'update'], { env });
  if (!update.ok) return { ok: false, problem: update.output };
  const policy = await runQuietly('apt-cache', ['policy', ...missing.flatMap(alternatives)], {
    env: { ...env, LC_ALL: 'C' },
  });
  const names = installableNames(missing, policy.output);
  const install = await runQuietly('apt-get', [...apt, 'install', '-y', '--no-install-recommends', ...names], { env });
  return install.ok ? { ok: true } : { ok: false, problem: install.output };
}
