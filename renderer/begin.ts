import { beginFirstLink } from './live/firstLink.ts';

const RELOAD_MS = 10_000;

// The board is on its way while the page itself is still being read. What fails here fails again, and is told, in boot.
beginFirstLink(window).catch(() => {});
// The first formatter of a page reads the engine's calendars, which is dear: now, while there is nothing else to do
new Intl.DateTimeFormat('en-US', { timeZone: 'Asia/Shanghai' }).format();
import('./main.tsx').catch((error: unknown) => {
  console.error(error);
  setTimeout(() => location.reload(), RELOAD_MS);
});
