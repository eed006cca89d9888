// node tools/withDisplay.mjs COMMAND …: runs a command on a display of its own (Xvfb and openbox), and ends both after
// it. Where there is no Xvfb (not Linux) the command gets the display of the session.
import { spawn } from 'node:child_process';

/** One screen as large as the largest wall drawn so far; windows choose their own size on it. */
const screen = '3840x2160x24';

const [command, ...commandArguments] = process.argv.slice(2);
if (command === undefined) {
  console.error('withDisplay: name the command to run');
  process.exit(2);
}

/** @type {import('node:child_process').ChildProcess[]} */
const opened = [];

/** @returns {Promise<string>} the display's name, such as `:99` */
function openDisplay() {
  // -displayfd: Xvfb itself finds a free number and tells it, so that two runs never meet. -ac: a test runs the kiosk as
  // another user; nobody reaches the display from outside
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', screen, '-noreset', '-nolisten', 'tcp', '-ac'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  opened.push(server);
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.on('exit', (code, signal) => reject(new Error(`Xvfb ended (${signal ?? code})`)));
    let text = '';
    server.stdio[3]?.on('data', (chunk) => {
      text += chunk;
      if (text.includes('\n')) resolve(`:${text.trim()}`);
    });
  });
}

function closeDisplay() {
  for (const child of opened.reverse()) child.kill('SIGTERM');
}

const env = { ...process.env };
if (process.platform === 'linux') {
  env.DISPLAY = await openDisplay();
  delete env.WAYLAND_DISPLAY;
  opened.push(spawn('openbox', [], { env, stdio: 'ignore' }).on('error', () => console.error('openbox is missing')));
}
const child = spawn(command, commandArguments, { env, stdio: 'inherit' });
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
  process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  console.error(error.message);
  closeDisplay();
  process.exitCode = 1;
});
child.on('exit', (code) => {
  closeDisplay();
  process.exitCode = code ?? 1;
});
