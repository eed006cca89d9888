import '../tokens.css';
import '../base.css';
import './desk.css';
import '../fonts.ts';
import i18next from 'i18next';
import { createRoot } from 'react-dom/client';
import { startDeskWords } from '../words/deskWords.ts';
import { chosenLanguage } from '../words/language.ts';
import { DeskApp } from './DeskApp.tsx';
import { startTheme } from './theme.ts';

async function boot(): Promise<void> {
  startTheme(window);
  const language = chosenLanguage(location.search, localStorage);
  await startDeskWords(language);
  document.documentElement.lang = language;
  document.title = `${i18next.t('entry.title', { ns: 'desk' })} · ${i18next.t('login.product', { ns: 'desk' })}`;
  const holder = document.getElementById('root');
  if (holder === null) throw new Error('the page has no root element');
  createRoot(holder).render(<DeskApp />);
}

boot().catch((error: unknown) => console.error(error));
