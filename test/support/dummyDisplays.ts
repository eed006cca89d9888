import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An X server that drives nothing, with displays that can be plugged in and out: Xorg's dummy driver. */
export interface DummyDisplays {
  /** Its name, such as `:93`. */
  readonly name: string;
  /** Plugs in display `index` with this size at this place, or changes it. */
  plugIn(index: number, size: { width: number; height: number }, at: { x: number; y: number }): void;
  plugOut(index: number): void;
  /** The ids of all windows that its window manager knows, lowest first. */
  stacking(): string[];
  close(): Promise<void>;
}

const XORG = '/usr/bin/Xorg';
const DRIVER = '/usr/lib/xorg/modules/drivers/dummy_drv.so';

/** Why there can be none here; null where there can. Xorg needs root, and both its packages. */
export function noDummyDisplays(): string | null {
  if (process.platform !== 'linux') return 'not Linux';
  if (process.getuid?.() !== 0) return 'not root';
  return existsSync(XORG) && existsSync(DRIVER) ? null : 'xserver-xorg-core or xserver-xorg-video-dummy is missing';
}

/** Opens an X server with these displays side by side, and a window manager on it. */
export async function openDummyDisplays(sizes: readonly { width: number; height: number }[]): Promise<DummyDisplays> {
  const folder = mkdtempSync(join(tmpdir(), 'taibai-displays-'));
  const configuration = join(folder, 'xorg.conf');
  writeFileSync(configuration, CONFIGURATION);
  const opened: ChildProcess[] = [];
  const server = spawn(
    XORG,
    [
      ...['-displayfd', '3', '-noreset', '-nolisten', 'tcp', '-novtswitch', '-sharevts'],
      ...['-config', configuration, '-logfile', join(folder, 'log')],
    ],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
  );
  opened.push(server);
  const name = await new Promise<string>((resolve, reject) => {
    server.once('error', reject);
    server.once('exit', (code, signal) => reject(new Error(`Xorg ended (${signal ?? code})`)));
    let told = '';
    server.stdio[3]?.on('data', (chunk) => {
      told += chunk;
      if (told.includes('\n')) resolve(`:${told.trim()}`);
    });
  });
  const env = { ...process.env, DISPLAY: name };
  const run = (command: string, ...given: string[]) =>
    execFileSync(command, given, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const modes = new Set<string>();

  const displays: DummyDisplays = {
    name,
    plugIn(index, { width, height }, { x, y }) {
      const output = `DUMMY${index}`;
      const mode = `wall-${width}x${height}`;
      if (!modes.has(mode)) run('xrandr', '--newmode', mode, ...timings(width, height));
      modes.add(mode);
      if (!modes.has(output + mode)) run('xrandr', '--addmode', output, mode);
      modes.add(output + mode);
      run('xrandr', '--output', output, '--mode', mode, '--pos', `${x}x${y}`);
      run('xrandr'); // without a question after it nobody is told of the change
    },
    plugOut(index) {
      run('xrandr', '--output', `DUMMY${index}`, '--off');
      run('xrandr');
    },
    stacking: () => run('xprop', '-root', '_NET_CLIENT_LIST_STACKING').match(/0x[\da-f]+/g) ?? [],
    async close() {
      for (const child of opened.reverse()) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        const ended = once(child, 'exit');
        child.kill('SIGTERM');
        await ended;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
  let x = 0;
  for (const [index, size] of sizes.entries()) {
    displays.plugIn(index, size, { x, y: 0 });
    x += size.width;
  }
  opened.push(spawn('openbox', [], { env, stdio: 'ignore' }));
  return displays;
}

/** A mode line's numbers: no display has to keep them. */
function timings(width: number, height: number): string[] {
  const numbers = [500, width, width + 48, width + 96, width + 160, height, height + 3, height + 8, height + 62];
  return numbers.map(String);
}

const CONFIGURATION = `
Section "ServerFlags"
  Option "AutoAddDevices" "false"
  Option "AutoAddGPU" "false"
EndSection
Section "Device"
  Identifier "device"
  Driver "dummy"
  VideoRam 1024000
EndSection
Section "Monitor"
  Identifier "monitor"
  HorizSync 1.0 - 2000.0
  VertRefresh 1.0 - 200.0
EndSection
Section "Screen"
  Identifier "screen"
  Device "device"
  Monitor "monitor"
  DefaultDepth 24
  SubSection "Display"
    Depth 24
    Virtual 15360 8640
  EndSubSection
EndSection
`;
