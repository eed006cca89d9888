#!/usr/bin/env node
// The part of fpm that electron-builder calls for a .deb, done by dpkg-deb: fpm itself would be a download.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * @typedef {{ options: Record<string, string>, depends: string[], files: { from: string, to: string }[] }} FpmCall
 */

/**
 * fpm's command line: `-d` may come often, `--force` takes no value, the rest are `from=to` pairs.
 * @param {string[]} commandLine
 * @returns {FpmCall}
 */
export function readFpmCall(commandLine) {
  /** @type {FpmCall} */
  const call = { options: {}, depends: [], files: [] };
  const left = [...commandLine];
  for (let argument = left.shift(); argument !== undefined; argument = left.shift()) {
    const option = /^--?([a-z-]+)$/.exec(argument)?.[1];
    if (option === 'force') continue;
    if (option === 'd') call.depends.push(left.shift() ?? '');
    else if (option !== undefined) call.options[option] = left.shift() ?? '';
    else {
      const split = argument.lastIndexOf('=');
      call.files.push({ from: argument.slice(0, split), to: argument.slice(split + 1) });
    }
  }
  return call;
}

/**
 * The package's control file, see deb-control(5).
 * @param {FpmCall} call
 * @param {number} installedKiB
 */
export function controlFile({ options, depends }, installedKiB) {
  const [synopsis = '', ...description] = (options.description ?? '').split('\n');
  return [
    `Package: ${options.name}`,
    `Version: ${options.version?.replaceAll('-', '~')}`, // a pre-release sorts before its release
    `Architecture: ${options.architecture}`,
    `Maintainer: ${options.maintainer}`,
    `Installed-Size: ${installedKiB}`,
    `Depends: ${depends.join(', ')}`,
    'Section: utils',
    'Priority: optional',
    `Homepage: ${options.url}`,
    `Description: ${synopsis.trim() || options.name}`,
    ...description.map((line) => ` ${line.trim() || '.'}`),
    '',
  ].join('\n');
}

/** @param {FpmCall} call */
function packDeb(call) {
  const { options, files } = call;
  if (options.t !== 'deb') throw new Error(`fpmLite packs deb only, not ${options.t}`);
  const tree = mkdtempSync(join(tmpdir(), 'fpm-lite-'));
  try {
    for (const { from, to } of files) {
      const target = join(tree, to);
      mkdirSync(dirname(target), { recursive: true });
      cpSync(from, target, { recursive: true, verbatimSymlinks: true });
      if (statSync(from).isFile()) chmodSync(target, 0o644);
    }
    execFileSync('chmod', ['-R', 'u=rwX,go=rX', tree]);
    const installedKiB = Number(execFileSync('du', ['-sk', tree], { encoding: 'utf8' }).split('\t')[0]);
    const control = join(tree, 'DEBIAN');
    mkdirSync(control);
    writeFileSync(join(control, 'control'), controlFile(call, installedKiB));
    for (const [option, script] of [
      ['after-install', 'postinst'],
      ['after-remove', 'postrm'],
    ]) {
      const source = options[String(option)];
      if (source === undefined) continue;
      cpSync(source, join(control, String(script)));
      chmodSync(join(control, String(script)), 0o755);
    }
    execFileSync('dpkg-deb', ['--root-owner-group', '-Zxz', '--build', tree, resolve(String(options.package))], {
      stdio: 'inherit',
    });
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  packDeb(readFpmCall(process.argv.slice(2)));
