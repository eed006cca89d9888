import { useTranslation } from 'react-i18next';
import type { DurationPart } from '../../words/formats.ts';

/** A duration as digits with smaller units. */
export function Duration({ parts }: { parts: readonly DurationPart[] }) {
  const { t } = useTranslation();
  return (
    <span className="duration">
      {parts.map((part) => (
        <span key={part.unit}>
          <span className="digits">{part.digits}</span>
          <span className="unit">{t(`unit.${part.unit}`)}</span>
        </span>
      ))}
    </span>
  );
}

/** A duration as one text, for where its width must be known. */
export function useDurationText(): (parts: readonly DurationPart[]) => string {
  const { t } = useTranslation();
  return (parts) => parts.map(({ digits, unit }) => `${digits}${t(`unit.${unit}`)}`).join('');
}
