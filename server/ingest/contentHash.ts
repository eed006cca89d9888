import { createHash } from 'node:crypto';

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const sorted: Record<string, unknown> = {};
  for (const [key, part] of Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (part !== undefined) sorted[key] = canonical(part);
  }
  return sorted;
}

/**
 * Fingerprint of a checked report or step: SHA-256 (hex) over its JSON with sorted keys. Fields that the contract does
 * not know are gone by then and instants are numbers, so the same content in another order or offset is the same.
 */
export function contentHashOf(content: object): string {
  return createHash('sha256')
    .update(JSON.stringify(canonical(content)))
    .digest('hex');
}
