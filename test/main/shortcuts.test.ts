import { expect, test } from 'vitest';
import { isBlockedKeyPress, type KeyPress } from '../../main/shortcuts.ts';

/** `'Ctrl+Shift+R'` as Electron reports it. */
function press(combination: string): KeyPress {
  const parts = combination.split(/\+(?!$)/);
  const has = (name: string) => parts.slice(0, -1).includes(name);
  return {
    key: parts.at(-1) ?? '',
    control: has('Ctrl'),
    alt: has('Alt'),
    shift: has('Shift'),
    meta: has('Meta'),
  };
}

test.each(
  `F1 F3 F5 F7 F10 F11 F12 Ctrl+F5 Shift+F5 Shift+F10 Ctrl+F4 Alt+F4 Ctrl+R Ctrl+r Ctrl+Shift+R Ctrl+w Ctrl+W Ctrl+q Ctrl+t
   Ctrl+n Ctrl+p Ctrl+s Ctrl+o Ctrl+u Ctrl+f Ctrl+g Ctrl+h Ctrl+j Ctrl+l Ctrl++ Ctrl+- Ctrl+= Ctrl+0 Ctrl+_ Ctrl+Shift+I Ctrl+Shift+J
   Ctrl+Shift+C Ctrl+Tab Ctrl+PageUp Ctrl+Escape Alt+ArrowLeft Alt+ArrowRight Alt+Home Alt+Tab Alt+d Alt+Space
   Meta+q Meta+w Meta+r Meta+m Meta+h Ctrl+Alt+Delete Ctrl+Alt+F2 Ctrl+Meta+f BrowserBack BrowserRefresh BrowserHome ContextMenu`.split(
    /\s+/,
  ),
)('%s does nothing', (combination) => {
  expect(isBlockedKeyPress(press(combination))).toBe(true);
});

test.each(
  `a A 7 太 Enter Escape Tab Shift+Tab Backspace Delete ArrowUp Shift+ArrowLeft PageDown Space F2 Shift Control Alt AltGraph Meta
   Ctrl+a Ctrl+c Ctrl+v Ctrl+x Ctrl+z Ctrl+ArrowLeft Ctrl+Shift+ArrowRight Ctrl+Backspace Ctrl+Alt+q Ctrl+Alt+{`.split(
    /\s+/,
  ),
)('%s reaches the page', (combination) => {
  expect(isBlockedKeyPress(press(combination))).toBe(false);
});
