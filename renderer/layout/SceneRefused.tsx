import './sceneRefused.css';
import { useTranslation } from 'react-i18next';
import { count, decimal } from '../words/formats.ts';
import type { SceneFit } from './sceneFit.ts';

type Refusal = Extract<SceneFit, { readonly kind: 'refused' }>;

/** The texts for which a scene is refused: a line for each panel, with the angle of each role and the least there must be. */
export function UnreadableTexts({ fit }: { fit: Refusal }) {
  const { t, i18n } = useTranslation();
  const list = new Intl.ListFormat(i18n.language, { type: 'conjunction' });
  return (
    <ul className="unreadable">
      {[...new Set(fit.texts.map(({ panel }) => panel))].map((panel) => {
        const texts = fit.texts.filter((text) => text.panel === panel);
        return (
          <li key={panel} data-refused-panel={panel} data-roles={texts.map(({ role }) => role).join(' ')}>
            {t('setup.unreadable', {
              panel: t(`setup.panel.${panel}`),
              texts: list.format(
                texts.map(({ role, arcMinutes, least }) =>
                  t('setup.unreadableText', {
                    role: t(`setup.role.${role}`),
                    seen: decimal(arcMinutes),
                    least: count(least),
                  }),
                ),
              ),
            })}
          </li>
        );
      })}
    </ul>
  );
}

/** In place of a scene that the farthest seat could not read: which text of which panel, and how far it would do. */
export function SceneRefused({ fit }: { fit: Refusal }) {
  const { t } = useTranslation();
  return (
    <section className="sceneRefused" data-testid="scene-refused" role="alert">
      <h2>{t('setup.refusedTitle')}</h2>
      <p>{t('setup.refusedHint', { metres: decimal(fit.mostSeatMm / 1000) })}</p>
      <UnreadableTexts fit={fit} />
    </section>
  );
}
