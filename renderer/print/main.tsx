import '../tokens.css';
import '../base.css';
import '../panels/header/header.css';
import i18next from 'i18next';
import { createRoot } from 'react-dom/client';
import { loadFonts } from '../fonts.ts';
import { chosenLanguage, startWords } from '../words/words.ts';
import { BriefPage } from './BriefPage.tsx';

const DIGITS = '0123456789:+,.−%';

async function boot(): Promise<void> {
  const language = chosenLanguage(location.search, localStorage);
  await startWords(language);
  document.documentElement.lang = language;
  document.title = i18next.t('sheet.page');
  await loadFonts(`${DIGITS}${i18next.t('brief.day')}`);
  const holder = document.getElementById('root');
  if (holder === null) throw new Error('the page has no root element');
  createRoot(holder).render(<BriefPage />);
}

boot().catch((error: unknown) => console.error(error));
