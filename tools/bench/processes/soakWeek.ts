// node tools/withDisplay.mjs node tools/bench/processes/soakWeek.ts PLAN FOLDER: wears a wall in a kiosk of its own and
// prints the result as JSON; progress on stderr.
import { join } from 'node:path';
import { _electron, chromium } from '@playwright/test';
import { findElectron, projectRoot } from '../../electron.mjs';
import { CHROMIUM } from '../browser.ts';
import { type SoakPlan, soak } from '../soak.ts';

const [planText, folder] = process.argv.slice(2) as [string, string];
const electron = findElectron();
if (electron === null) throw new Error('there is no Electron: run npm start or npm test once');
process.env.ELECTRON_OVERRIDE_DIST_PATH = electron.folder;
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--disable-gpu'] });
const closers = [() => browser.close()];
try {
  const result = await soak(JSON.parse(planText) as SoakPlan, {
    dataFolder: join(folder, 'data'),
    async openKiosk(serverUrl, token) {
      const app = await _electron.launch({
        args: [projectRoot, `--server=${serverUrl}`, `--user-data-dir=${join(folder, 'kiosk')}`],
        env: { ...(process.env as Record<string, string>), WALL_TOKEN: token },
      });
      closers.push(() => app.close());
      return { app, page: await app.firstWindow() };
    },
    async openPage(url) {
      const page = await browser.newPage({ viewport: { width: 3840, height: 2160 } });
      await page.goto(url);
      return page;
    },
    say: (line) => process.stderr.write(`${line}\n`),
  });
  process.stdout.write(JSON.stringify(result));
} finally {
  for (const close of closers.reverse()) await close();
}
