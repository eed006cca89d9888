import { useTranslation } from 'react-i18next';
import { MAX_EXPORT_ROWS } from '../../../protocol/exports.ts';
import { count } from '../../words/formats.ts';

const FORMATS = ['csv', 'xlsx'] as const;
/** What people call the formats, in any language. */
const SHORT = { csv: 'CSV', xlsx: 'Excel' } as const;
const LABEL = { csv: 'search.exportCsv', xlsx: 'search.exportXlsx' } as const;

/** What was found as a file; the browser writes it to the disk as it comes. Names and masking are the server's. */
export function ExportLinks({ filter, total }: { filter: string; total: number }) {
  const { t, i18n } = useTranslation('desk');
  if (total > MAX_EXPORT_ROWS) {
    return <p className="exportLimit">{t('search.exportLimit', { n: count(MAX_EXPORT_ROWS) })}</p>;
  }
  const fields = new URLSearchParams(filter);
  fields.set('language', i18n.language);
  return (
    <p className="exportLinks">
      {t('search.export')}
      {FORMATS.map((format) => {
        fields.set('format', format);
        return (
          <a
            key={format}
            href={`/api/v1/exports/tickets?${fields}`}
            download
            aria-label={t(LABEL[format])}
            data-testid={`export-${format}`}
          >
            {SHORT[format]}
          </a>
        );
      })}
    </p>
  );
}
