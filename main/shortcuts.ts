/** The part of Electron's `Input` that tells which keys were pressed together. */
export interface KeyPress {
  readonly key: string;
  readonly control: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
  readonly meta: boolean;
}

/** Help, search, reload, caret browsing, menu, full screen, developer tools. */
const BLOCKED_KEYS: readonly string[] = ['f1', 'f3', 'f5', 'f7', 'f10', 'f11', 'f12'];
const BLOCKED_MEDIA_KEYS: readonly string[] = [
  'browserback',
  'browserforward',
  'browserhome',
  'browserrefresh',
  'browsersearch',
  'browserstop',
  'contextmenu',
];
/** With Ctrl these move, mark and edit text in a field (the pairing and set-up screens have some); nothing else is let through. */
const EDITING_KEYS: readonly string[] = [
  'a',
  'c',
  'v',
  'x',
  'z',
  'backspace',
  'delete',
  'arrowleft',
  'arrowright',
  'home',
  'end',
  'insert',
];
const MODIFIER_KEYS: readonly string[] = ['control', 'alt', 'altgraph', 'shift', 'meta'];

/** Whether a key press must not reach page or window: it would reload, zoom, close, print or leave the wall. */
export function isBlockedKeyPress({ key, control, alt, shift, meta }: KeyPress): boolean {
  const name = key.toLowerCase();
  if (BLOCKED_KEYS.includes(name) || BLOCKED_MEDIA_KEYS.includes(name)) return true;
  if (MODIFIER_KEYS.includes(name)) return false;
  // Ctrl with Alt is AltGr on some keyboards: it types characters.
  if (alt) return !(control && !meta && name.length === 1);
  if (!control && !meta) return false;
  return (shift && name.length === 1) || !EDITING_KEYS.includes(name);
}
