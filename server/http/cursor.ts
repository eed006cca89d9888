import type { z } from 'zod';

/** A place in a list as clients hand it back unread: `nextCursor` of one page is `cursor` of the next. */
export function encodeCursor(place: readonly (string | number | null)[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** Undefined where it is no place of this kind of list. */
export function decodeCursor<Place>(cursor: string, place: z.ZodType<Place>): Place | undefined {
  try {
    const read = place.safeParse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}
