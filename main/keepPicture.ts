import type { WebContents } from 'electron';
import {
  ANSWER_WITHIN_MS,
  ASK_EVERY_MS,
  describeTrouble,
  initialRecovery,
  LOAD_WITHIN_MS,
  onLoaded,
  onTrouble,
  type Trouble,
} from './recovery.ts';

type Page =
  | { readonly phase: 'loading'; readonly sinceMs: number }
  | { readonly phase: 'there'; readonly asked: boolean }
  /** Gone, or a load is due. */
  | { readonly phase: 'away'; readonly reload: NodeJS.Timeout | null };

/**
 * Loads the wall's page and keeps it there: whatever takes it away, it is loaded again, by its home address and
 * after the delay that recovery.ts decides. A renderer that hangs is found by asking it, and ended by a signal.
 * @param tell told in one line of every page that loaded (`log`) and of every trouble (`complain`)
 * @returns what stops watching
 */
export function keepPicture(
  contents: WebContents,
  homeAddress: string,
  tell: { readonly log: (line: string) => void; readonly complain: (line: string) => void },
): () => void {
  const now = () => performance.now(); // the machine's date may jump
  let recovery = initialRecovery;
  let page: Page = { phase: 'away', reload: null };
  let stopped = false;

  const load = () => {
    if (stopped) return;
    page = { phase: 'loading', sinceMs: now() };
    contents.loadURL(homeAddress).catch(() => {
      // What failed is told by did-fail-load or render-process-gone.
    });
  };

  const befallen = (trouble: Trouble) => {
    if (stopped) return;
    const decided = onTrouble(recovery, trouble, now());
    recovery = decided.recovery;
    const { remedy } = decided;
    switch (remedy.kind) {
      case 'nothing':
        return;
      case 'endRenderer':
        tell.complain(`${describeTrouble(trouble)}; ending it`);
        return endRenderer();
      case 'load':
        tell.complain(`${describeTrouble(trouble)}; loading it again in ${remedy.delayMs} ms`);
        if (page.phase === 'away' && page.reload !== null) clearTimeout(page.reload);
        page = { phase: 'away', reload: setTimeout(load, remedy.delayMs) };
        return;
      default:
        return remedy satisfies never;
    }
  };

  const endRenderer = () => {
    const processId = contents.getOSProcessId();
    page = { phase: 'away', reload: null };
    try {
      // A stopped or spinning process heeds nothing less; forcefullyCrashRenderer() leaves a stopped one alone.
      if (processId !== 0 && process.kill(processId, 'SIGKILL')) return;
    } catch {
      // It went by itself in the meantime.
    }
    befallen({ kind: 'rendererGone', reason: 'no process', exitCode: 0 });
  };

  const ask = () => {
    const waiting: Page = { phase: 'there', asked: true };
    page = waiting;
    const limit = setTimeout(() => {
      if (page === waiting) befallen({ kind: 'unanswered', forMs: ANSWER_WITHIN_MS });
    }, ANSWER_WITHIN_MS);
    const answered = () => {
      clearTimeout(limit);
      if (page === waiting) page = { phase: 'there', asked: false };
    };
    contents.executeJavaScript('1').then(answered, answered); // an error is an answer; a hung page gives neither
  };

  const watchdog = setInterval(() => {
    if (page.phase === 'away') return;
    // Asked, not followed by events: a navigation that was refused has begun but never ends.
    if (!contents.isLoadingMainFrame()) {
      if (page.phase === 'loading' || !page.asked) ask();
    } else if (page.phase === 'there') page = { phase: 'loading', sinceMs: now() };
    else if (now() - page.sinceMs > LOAD_WITHIN_MS) {
      befallen({ kind: 'loadStalled', forMs: Math.round(now() - page.sinceMs) });
    }
  }, ASK_EVERY_MS);

  contents.on('did-finish-load', () => {
    if (stopped || page.phase === 'away') return; // Chromium's own page about a load that failed
    recovery = onLoaded(recovery, now());
    page = { phase: 'there', asked: false };
    tell.log('the page has loaded');
  });
  contents.on('did-fail-load', (_event, errorCode, description, _address, isMainFrame) => {
    if (isMainFrame) befallen({ kind: 'loadFailed', errorCode, description });
  });
  contents.on('render-process-gone', (_event, { reason, exitCode }) => {
    befallen({ kind: 'rendererGone', reason, exitCode });
  });

  load();
  return () => {
    stopped = true;
    clearInterval(watchdog);
    if (page.phase === 'away' && page.reload !== null) clearTimeout(page.reload);
  };
}
