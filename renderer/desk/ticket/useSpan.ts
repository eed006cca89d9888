import { useTranslation } from 'react-i18next';
import { duration } from '../../words/formats.ts';

/** A span of time in words, for sentences; parts that are zero are left out: `2 时`. */
export function useSpan(): (ms: number) => string {
  const { t } = useTranslation('translation');
  return (ms) => {
    const parts = duration(ms);
    const said = parts.filter(({ digits }) => Number(digits) > 0);
    return (said.length === 0 ? parts.slice(-1) : said)
      .map(({ digits, unit }) => `${Number(digits)} ${t(`unit.${unit}`)}`)
      .join(' ');
  };
}
