import * as z from 'zod/mini';
import { parseInstant } from '../../protocol/instants.ts';
import type { Reader } from './api.ts';

/** Reads an answer by its schema; what a newer server adds is left out. */
export function readerOf<T>(schema: z.ZodMiniType<T>): Reader<T> {
  return (body) => {
    const read = z.safeParse(schema, body);
    return read.success ? read.data : undefined;
  };
}

/** ISO 8601 on the wire, epoch ms inside. */
export const instant = z
  .pipe(
    z.string(),
    z.transform((text: string) => parseInstant(text)),
  )
  .check(z.refine((at) => Number.isFinite(at)));
