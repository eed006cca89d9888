import './sound.css';
import { useTranslation } from 'react-i18next';
import { useSoundState } from '../../live/useWall.ts';

/** Says that this page cannot be heard: the browser wants a click first, or somebody asked for silence. */
export function SoundMark() {
  const { t } = useTranslation();
  const state = useSoundState();
  if (state === 'on') return null;
  return (
    <span className="soundMark" data-testid="sound" data-sound={state}>
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d="M4 9.5v5h3.5L12 19V5L7.5 9.5zM16 9.5l5 5M21 9.5l-5 5" />
      </svg>
      {t(`sound.${state}`)}
    </span>
  );
}
