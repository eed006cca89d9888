import { useTranslation } from 'react-i18next';

/** Nothing is open yet. */
export function NoAlert() {
  const { t } = useTranslation('desk');
  return (
    <section className="deskColumn" aria-label={t('alert.pane')}>
      <div className="paneNone">
        <h2>{t('alert.none')}</h2>
        <p>{t('alert.noneHint')}</p>
      </div>
    </section>
  );
}
