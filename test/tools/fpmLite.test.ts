import { expect, test } from 'vitest';
import { controlFile, readFpmCall } from '../../tools/fpmLite.mjs';

const call = readFpmCall([
  ...[
    '-s',
    'dir',
    '--force',
    '-t',
    'deb',
    '-d',
    'libnss3',
    '-d',
    'libgtk-3-0 | libgtk-3-0t64',
    '--name',
    'taibai-wall',
  ],
  ...['--version', '0.1.0-not.a.release', '--architecture', 'amd64', '--maintainer', 'A <a@b.example>'],
  ...['--url', 'https://b.example', '--description', ' A wall\nfor tickets\n\nand more', '--package', 'x.deb'],
  ...['/build/a=b/=/opt/Wall', '/build/icon.png=/usr/share/icons/icon.png'],
]);

test("fpm's command line is read as electron-builder writes it", () => {
  expect(call.depends).toEqual(['libnss3', 'libgtk-3-0 | libgtk-3-0t64']);
  expect(call.options).toMatchObject({ s: 'dir', t: 'deb', name: 'taibai-wall', package: 'x.deb' });
  expect(call.files).toEqual([
    { from: '/build/a=b/', to: '/opt/Wall' },
    { from: '/build/icon.png', to: '/usr/share/icons/icon.png' },
  ]);
});

test('the control file sorts a pre-release before its release and indents the description', () => {
  expect(controlFile(call, 1234)).toBe(
    [
      'Package: taibai-wall',
      'Version: 0.1.0~not.a.release',
      'Architecture: amd64',
      'Maintainer: A <a@b.example>',
      'Installed-Size: 1234',
      'Depends: libnss3, libgtk-3-0 | libgtk-3-0t64',
      'Section: utils',
      'Priority: optional',
      'Homepage: https://b.example',
      'Description: A wall',
      ' for tickets',
      ' .',
      ' and more',
      '',
    ].join('\n'),
  );
});
