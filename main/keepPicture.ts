import type { WebContents } from 'electron';
import {
  ANSWER_WITHIN_MS,
  ASK_EVERY_MS,
  describeTrouble,
  EMPTY_ANSWERS,
  initialRecovery,
  LOAD_WITHIN_MS,
  LOOK_EVERY,
  OVERSLEPT_MS,
  onLoaded,
  onTrouble,
  type Trouble,
} from './recovery.ts';

type Page =
  | { readonly phase: 'loading'; readonly sinceMs: number }
  | { readonly phase: 'there'; readonly asked: boolean }
  /** Gone, or a load is due. */
  | { readonly phase: 'away'; readonly reload: NodeJS.Timeout | null };

/** Asked of the page: whether it shows anything. */
const SHOWS_SOMETHING = "(document.getElementById('root')?.textContent ?? '').trim() !== ''";

/** What a look at the window's own pixels finds; `unknown` while it is hidden, say. */
export type Look = 'picture' | 'oneColour' | 'unknown';

export interface KeptPicture {
  /** Loads another address, at once; the same one again only when told so. */
  show(address: string, again?: 'again'): void;
  /** Since when the page has been there without trouble, in ms of `performance.now`; null while it is not. */
  healthySinceMs(): number | null;
  /** Stops watching. */
  close(): void;
}

/**
 * Loads the wall's page and keeps it there: whatever takes it away, it is loaded again, by its home address and
 * after the delay that recovery.ts decides. A renderer that hangs is found by asking it, and ended by a signal; one
 * that shows nothing is found by its answer, or by a look at its pixels.
 * @param tell told in one line of every page that loaded (`log`) and of every trouble (`complain`)
 */
export function keepPicture(
  contents: WebContents,
  firstAddress: string,
  tell: { readonly log: (line: string) => void; readonly complain: (line: string) => void },
  look: () => Promise<Look> = () => Promise.resolve('unknown'),
): KeptPicture {
  const now = () => performance.now(); // the machine's date may jump
  let homeAddress = firstAddress;
  let recovery = initialRecovery;
  let page: Page = { phase: 'away', reload: null };
  let stopped = false;
  let emptyAnswers = 0;
  let questions = 0;

  const load = () => {
    if (stopped) return;
    page = { phase: 'loading', sinceMs: now() };
    emptyAnswers = 0;
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
    questions += 1;
    let limit: NodeJS.Timeout;
    const wait = () => {
      const sinceMs = now();
      limit = setTimeout(() => {
        if (page !== waiting) return;
        if (now() - sinceMs > ANSWER_WITHIN_MS + OVERSLEPT_MS) wait();
        else befallen({ kind: 'unanswered', forMs: ANSWER_WITHIN_MS });
      }, ANSWER_WITHIN_MS);
    };
    const answered = (showsSomething: boolean) => {
      clearTimeout(limit);
      if (page !== waiting) return;
      page = { phase: 'there', asked: false };
      emptyAnswers = showsSomething ? 0 : emptyAnswers + 1;
      if (emptyAnswers >= EMPTY_ANSWERS) befallen({ kind: 'blank', seen: 'emptyPage' });
      else if (questions % LOOK_EVERY === 0) lookAtPixels();
    };
    wait();
    // An error is an answer; a hung page gives neither
    contents.executeJavaScript(SHOWS_SOMETHING).then(
      (shows) => answered(shows !== false),
      () => answered(true),
    );
  };

  /** One colour must be seen twice: the first may have been between two pages. */
  const lookAtPixels = async (before?: 'oneColour') => {
    const looked = page;
    const seen = await look().catch((): Look => 'unknown');
    if (seen !== 'oneColour' || stopped || page.phase !== 'there' || looked.phase !== 'there') return;
    if (before === 'oneColour') befallen({ kind: 'blank', seen: 'oneColour' });
    else secondLook = setTimeout(() => void lookAtPixels('oneColour'), ANSWER_WITHIN_MS);
  };
  let secondLook: NodeJS.Timeout | undefined;

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
  return {
    show(address, again) {
      if (address === homeAddress && again === undefined) return;
      homeAddress = address;
      if (page.phase === 'away' && page.reload !== null) return; // it is about to be loaded
      load();
    },
    healthySinceMs: () => recovery.healthySinceMs,
    close() {
      stopped = true;
      clearInterval(watchdog);
      clearTimeout(secondLook);
      if (page.phase === 'away' && page.reload !== null) clearTimeout(page.reload);
    },
  };
}
