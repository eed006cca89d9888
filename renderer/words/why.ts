import type { TFunction } from 'i18next';
import { type AlertCause, isCauseCode } from '../../domain/alarm.ts';
import { count, isoDate, timeOfDay } from './formats.ts';

/** Figures are named with their unit: `…At` is an instant, `…Ms` a span, which a sentence tells in seconds. */
function told(name: string, value: string | number, timeZone: string): [string, string] {
  if (typeof value === 'string') return [name, value];
  if (name.endsWith('At')) return [name, `${isoDate(value, timeZone)} ${timeOfDay(value, timeZone)}`];
  if (name.endsWith('Ms')) return [name.replace(/Ms$/, 'Seconds'), count(Math.abs(value) / 1000)];
  return [name, Number.isInteger(value) ? count(value) : value.toFixed(1)];
}

/** Why an alert was raised, as a sentence with its figures. A code of a newer server is told as it stands. */
export function whySentence(t: TFunction, { code, figures = {} }: AlertCause, timeZone: string): string {
  if (!isCauseCode(code)) return t('system.other', { code });
  const values = Object.entries(figures).map(([name, value]) => told(name, value, timeZone));
  return t(`why.${code}`, { replace: Object.fromEntries(values) });
}
