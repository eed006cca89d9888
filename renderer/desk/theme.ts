export const THEMES = ['light', 'dark', 'system'] as const;
export type Theme = (typeof THEMES)[number];

const THEME_KEY = 'taibai-desk.theme';

function isTheme(value: string | null): value is Theme {
  return (THEMES as readonly (string | null)[]).includes(value);
}

/** What was chosen before; light at first, as a desk beside a dark wall is lit. */
export function chosenTheme(storage: Pick<Storage, 'getItem'>): Theme {
  const kept = storage.getItem(THEME_KEY);
  return isTheme(kept) ? kept : 'light';
}

/** The theme that is drawn; `system` goes with the machine. */
export function drawnTheme(theme: Theme, prefersDark: boolean): 'light' | 'dark' {
  if (theme === 'system') return prefersDark ? 'dark' : 'light';
  return theme;
}

/** Draws the page in a theme and remembers it. */
export function chooseTheme(theme: Theme, view: Pick<Window, 'document' | 'localStorage' | 'matchMedia'>): void {
  view.localStorage.setItem(THEME_KEY, theme);
  drawTheme(theme, view);
}

function drawTheme(theme: Theme, view: Pick<Window, 'document' | 'matchMedia'>): void {
  const { matches } = view.matchMedia('(prefers-color-scheme: dark)');
  view.document.documentElement.dataset.theme = drawnTheme(theme, matches);
}

/** Draws the page in the chosen theme, and again whenever the machine changes its own. */
export function startTheme(view: Pick<Window, 'document' | 'localStorage' | 'matchMedia'>): void {
  const draw = () => drawTheme(chosenTheme(view.localStorage), view);
  draw();
  view.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
}
