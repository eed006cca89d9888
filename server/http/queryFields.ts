import { z } from 'zod';
import { instant } from '../ingest/reportSchemas.ts';

/** An instant in a query, where an unescaped `+` of the offset arrives as a blank. */
export const queryInstant = z.preprocess(
  (value) => (typeof value === 'string' ? value.replace(/ (\d\d:?\d\d)$/, '+$1') : value),
  instant,
);

export const queryText = z.string('give it once').max(200);

export const queryBoolean = z.enum(['true', 'false']).transform((value) => value === 'true');

export function queryInteger(least: number, most: number) {
  return z
    .string('give it once')
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= least && value <= most, `must be ${least} to ${most}`)
    .meta({ format: 'int32' });
}
