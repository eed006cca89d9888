import { beginFirstLink } from './live/firstLink.ts';

const RELOAD_MS = 10_000;

// The board is on its way while the page itself is still being read. What fails here fails again, and is told, in boot.
beginFirstLink(window).catch(() => {});
import('./main.tsx').catch((error: unknown) => {
  console.error(error);
  setTimeout(() => location.reload(), RELOAD_MS);
});
