/** What can befall the picture. */
export type Trouble =
  | { readonly kind: 'rendererGone'; readonly reason: string; readonly exitCode: number }
  | { readonly kind: 'loadFailed'; readonly errorCode: number; readonly description: string }
  | { readonly kind: 'loadStalled'; readonly forMs: number }
  | { readonly kind: 'unanswered'; readonly forMs: number }
  /** The page answers, but shows nothing: no content, or one colour all over. */
  | { readonly kind: 'blank'; readonly seen: 'emptyPage' | 'oneColour' };

/**
 * What to do about it. `endRenderer`: a renderer that does not answer is ended by the operating system; its going
 * is the next trouble and brings the load.
 */
export type Remedy =
  | { readonly kind: 'load'; readonly delayMs: number }
  | { readonly kind: 'endRenderer' }
  | { readonly kind: 'nothing' };

export interface Recovery {
  /** Troubles that ended in a load since the picture last stayed healthy. */
  readonly loadsInARow: number;
  /** Since when the page has been there without trouble, on the same clock as every `nowMs`; null while it is not. */
  readonly healthySinceMs: number | null;
}

export const initialRecovery: Recovery = { loadsInARow: 0, healthySinceMs: null };

/** A first trouble is over before anybody asks; one that keeps coming back must not burn the machine. */
export const FIRST_DELAY_MS = 300;
export const LONGEST_DELAY_MS = 30_000;
/** A picture that stood this long was healthy: the next trouble is a first one again. */
export const HEALTHY_AFTER_MS = 60_000;

/** The watchdog asks the page this often … */
export const ASK_EVERY_MS = 6_000;
/** … and gives it this long to answer: a busy machine is not a hung page. Chromium's own `unresponsive` needs somebody to press a key first. */
export const ANSWER_WITHIN_MS = 5_000;
/** An answer that is late by more than this was not: the machine slept, or this process did. It is waited for anew. */
export const OVERSLEPT_MS = 2_000;
/** So many answers in a row must find the page empty: while it boots it is, for a moment. */
export const EMPTY_ANSWERS = 2;
/** With every so many questions the window's pixels are looked at, too: a page may be there and not be drawn. */
export const LOOK_EVERY = 3;
/** The page comes from the local disk: a load that takes longer than this hangs. */
export const LOAD_WITHIN_MS = 30_000;

/** Chromium's code for a load that another load replaced. */
const ERR_ABORTED = -3;

export function onLoaded(recovery: Recovery, nowMs: number): Recovery {
  return { ...recovery, healthySinceMs: recovery.healthySinceMs ?? nowMs };
}

export function onTrouble(
  recovery: Recovery,
  trouble: Trouble,
  nowMs: number,
): { readonly recovery: Recovery; readonly remedy: Remedy } {
  switch (trouble.kind) {
    case 'unanswered':
    case 'loadStalled':
      return { recovery, remedy: { kind: 'endRenderer' } };
    case 'loadFailed':
      return trouble.errorCode === ERR_ABORTED ? { recovery, remedy: { kind: 'nothing' } } : loadAgain(recovery, nowMs);
    case 'rendererGone':
    case 'blank':
      return loadAgain(recovery, nowMs);
    default:
      return trouble satisfies never;
  }
}

function loadAgain(recovery: Recovery, nowMs: number): { readonly recovery: Recovery; readonly remedy: Remedy } {
  const wasHealthy = recovery.healthySinceMs !== null && nowMs - recovery.healthySinceMs >= HEALTHY_AFTER_MS;
  const earlier = wasHealthy ? 0 : recovery.loadsInARow;
  return {
    recovery: { loadsInARow: earlier + 1, healthySinceMs: null },
    remedy: { kind: 'load', delayMs: Math.min(FIRST_DELAY_MS * 2 ** earlier, LONGEST_DELAY_MS) },
  };
}

/** One line for the log. */
export function describeTrouble(trouble: Trouble): string {
  switch (trouble.kind) {
    case 'rendererGone':
      return `the renderer is gone: ${trouble.reason}, exit code ${trouble.exitCode}`;
    case 'loadFailed':
      return `the page did not load: ${trouble.description} (${trouble.errorCode})`;
    case 'loadStalled':
      return `the page is still loading after ${trouble.forMs} ms`;
    case 'unanswered':
      return `the renderer did not answer for ${trouble.forMs} ms`;
    case 'blank':
      return trouble.seen === 'emptyPage' ? 'the page is empty' : 'the window is of one colour all over';
    default:
      return trouble satisfies never;
  }
}
