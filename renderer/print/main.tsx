import '../tokens.css';
import '../base.css';
import '../fonts.ts';
import '../panels/header/header.css';
import i18next from 'i18next';
import { createRoot } from 'react-dom/client';
import { loadFaces } from '../charts/faces.ts';
import { chosenLanguage, startWords } from '../words/words.ts';
import { BriefPage } from './BriefPage.tsx';

async function boot(): Promise<void> {
  const language = chosenLanguage(location.search, localStorage);
  await startWords(language);
  document.documentElement.lang = language;
  document.title = i18next.t('sheet.page');
  await loadFaces(`%${i18next.t('brief.day')}`);
  const holder = document.getElementById('root');
  if (holder === null) throw new Error('the page has no root element');
  createRoot(holder).render(<BriefPage />);
}

boot().catch((error: unknown) => console.error(error));
