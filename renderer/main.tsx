import './tokens.css';
import './base.css';
import './fonts.ts';
import i18next from 'i18next';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { sayInCharts } from './charts/faces.ts';
import { viewingPlace } from './layout/place.ts';
import { beginFirstLink } from './live/firstLink.ts';
import { openKiosk } from './live/kiosk.ts';
import { wantedVolume, wantsSound } from './live/speaker.ts';
import { wantsStillness } from './live/stillness.ts';
import { Fatal } from './screens/Screens.tsx';
import { chosenLanguage, startWords } from './words/words.ts';

const FATAL_SECONDS = 10;

async function boot(): Promise<void> {
  const language = chosenLanguage(location.search, localStorage);
  await startWords(language);
  document.documentElement.lang = language;
  document.title = i18next.t('product');
  sayInCharts(i18next.t('domain.hour', { hour: 12 }));
  const [{ tokens }, kiosk] = await Promise.all([
    beginFirstLink(window),
    window.kiosk === undefined ? undefined : openKiosk(window.kiosk),
  ]);
  if (kiosk !== undefined && !new URLSearchParams(location.search).has('setup')) {
    document.documentElement.dataset.cursor = 'none';
  }
  const stillness = wantsStillness(location.search, matchMedia('(prefers-reduced-motion: reduce)').matches);

  const holder = document.getElementById('root');
  if (holder === null) throw new Error('the page has no root element');
  const root = createRoot(holder, {
    onUncaughtError: (error) => {
      console.error(error);
      root.render(<Fatal seconds={FATAL_SECONDS} />);
    },
  });
  root.render(
    <App
      tokens={tokens}
      stillness={stillness}
      sound={wantsSound(location.search)}
      volume={wantedVolume(location.search)}
      kiosk={kiosk}
      place={viewingPlace(location.search, kiosk === undefined ? localStorage : undefined)}
      setup={new URLSearchParams(location.search).has('setup')}
    />,
  );
}

boot().catch((error: unknown) => {
  // Nothing can be drawn any more; the kiosk, or the next minute, tries again with a fresh page.
  console.error(error);
  setTimeout(() => location.reload(), FATAL_SECONDS * 1000);
});
