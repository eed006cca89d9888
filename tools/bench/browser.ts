import { existsSync } from 'node:fs';
import { type Browser, type CDPSession, chromium, type Page } from '@playwright/test';

/** As in playwright.config.ts. */
export const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

/**
 * Chromium loads menus of its own into each new window, half a second of processor time beside the page that is measured.
 * It takes the last list only, so Playwright's is said again (its `chromiumSwitches`).
 */
const FEATURES_OFF = [
  'PreloadTopChromeWebUI',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
];

export interface BenchBrowser {
  /** A page of its own context with the recorder in it (`window.bench`). `html`: in place of what the server answers there. */
  open(url: string, size?: { readonly width: number; readonly height: number }, html?: string): Promise<BenchPage>;
  /** Processor time of all its processes. */
  cpuMs(): Promise<number>;
  close(): Promise<void>;
}

export interface BenchPage {
  readonly page: Page;
  /** Main-thread time so far, in tasks. */
  taskMs(): Promise<number>;
  /** After a full collection. */
  memory(): Promise<{ readonly heapBytes: number; readonly nodes: number }>;
  close(): Promise<void>;
}

/** What the recorder keeps in the page. Times are ms of its `performance.now`. */
export interface Recorder {
  /** Tasks over 50 ms. */
  readonly longTasks: { readonly startedMs: number; readonly tookMs: number }[];
  /** Between two animation frames, while `frames` was switched on. */
  readonly frameMs: number[];
  recordFrames(on: boolean): void;
  /** When the newest WebSocket was opened. */
  openedMs: number;
  /** Settles at the first moment at which `test` holds, looked at after each change of the document. */
  when(test: () => boolean): Promise<number>;
}

declare global {
  interface Window {
    bench: Recorder;
  }
}

function installRecorder(): void {
  const longTasks: { startedMs: number; tookMs: number }[] = [];
  const frameMs: number[] = [];
  let recording = false;
  let lastMs = 0;
  const onFrame = (ms: number): void => {
    if (!recording) return;
    if (lastMs > 0) frameMs.push(ms - lastMs);
    lastMs = ms;
    requestAnimationFrame(onFrame);
  };
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) longTasks.push({ startedMs: startTime, tookMs: duration });
  }).observe({ type: 'longtask', buffered: true });
  const Real = WebSocket;
  window.WebSocket = class extends Real {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.addEventListener('open', () => {
        window.bench.openedMs = performance.now();
      });
    }
  };
  window.bench = {
    openedMs: 0,
    longTasks,
    frameMs,
    recordFrames(on) {
      recording = on;
      lastMs = 0;
      if (on) requestAnimationFrame(onFrame);
    },
    when: (test) =>
      new Promise((resolve) => {
        if (test()) {
          resolve(performance.now());
          return;
        }
        const observer = new MutationObserver(() => {
          if (!test()) return;
          observer.disconnect();
          resolve(performance.now());
        });
        observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
      }),
  };
}

async function openBrowser(flags: readonly string[]): Promise<BenchBrowser> {
  if (!existsSync(CHROMIUM)) throw new Error(`there is no ${CHROMIUM}; CHROMIUM_PATH says where Chromium is`);
  const browser: Browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--disable-gpu', `--disable-features=${FEATURES_OFF.join(',')}`, ...flags],
  });
  const root = await browser.newBrowserCDPSession();
  return {
    async open(url, size = { width: 1920, height: 1080 }, html) {
      const context = await browser.newContext({ viewport: size, deviceScaleFactor: 1, locale: 'zh-CN' });
      await context.addInitScript(installRecorder);
      const page = await context.newPage();
      page.setDefaultTimeout(60_000);
      const session: CDPSession = await context.newCDPSession(page);
      await session.send('Performance.enable', { timeDomain: 'threadTicks' });
      const metrics = async (): Promise<Map<string, number>> => {
        const read = await session.send('Performance.getMetrics');
        return new Map(read.metrics.map(({ name, value }) => [name, value]));
      };
      if (html !== undefined) {
        // Chromium takes a page that was put in its place for one from elsewhere
        await context.grantPermissions(['local-network-access']);
        const document = { body: html, contentType: 'text/html; charset=utf-8' };
        await page.route(url.replace(/#.*/, ''), (route) => route.fulfill(document));
      }
      // Whoever waits for what it shows does not wait for its last style sheet
      await page.goto(url, { waitUntil: 'commit' });
      return {
        page,
        taskMs: async () => ((await metrics()).get('TaskDuration') ?? Number.NaN) * 1000,
        async memory() {
          await session.send('HeapProfiler.collectGarbage');
          await session.send('HeapProfiler.collectGarbage');
          const now = await metrics();
          return { heapBytes: now.get('JSHeapUsedSize') ?? Number.NaN, nodes: now.get('Nodes') ?? Number.NaN };
        },
        close: () => context.close(),
      };
    },
    async cpuMs() {
      const { processInfo } = await root.send('SystemInfo.getProcessInfo');
      return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime * 1000, 0);
    },
    close: () => browser.close(),
  };
}

const open = new Set<BenchBrowser>();

/** Opens a browser for some work and closes it after. */
export async function withBrowser<T>(
  work: (browser: BenchBrowser) => Promise<T>,
  flags: readonly string[] = [],
): Promise<T> {
  const browser = await openBrowser(flags);
  open.add(browser);
  try {
    return await work(browser);
  } finally {
    open.delete(browser);
    await browser.close();
  }
}

/** Closes what a suite that was given up has left open. */
export async function closeBrowsers(): Promise<void> {
  for (const browser of open) await browser.close();
}
