import * as z from 'zod/mini';
import { AUDIT_KINDS, type AuditKind } from '../../../protocol/auditKinds.ts';
import { readerOf } from '../readerOf.ts';

/** A kind of a newer server is shown by its own name. */
export function isAuditKind(kind: string): kind is AuditKind {
  return (AUDIT_KINDS as readonly string[]).includes(kind);
}

const entry = z.object({
  seq: z.number(),
  at: z.string(),
  kind: z.string(),
  username: z.exactOptional(z.string()),
  address: z.exactOptional(z.string()),
  subjects: z.exactOptional(z.array(z.string())),
  detail: z.exactOptional(z.record(z.string(), z.union([z.string(), z.number()]))),
});
export type AuditEntry = z.infer<typeof entry>;

/** Of `GET /audit`. */
export const readAuditPage = readerOf(z.object({ items: z.array(entry), nextCursor: z.nullable(z.string()) }));
