import { readFileSync } from 'node:fs';
import type { z } from 'zod';

/** A fault in a file; `path` is where in its JSON: `communities[3].streetId`. */
export interface Fault {
  readonly path: string;
  readonly message: string;
}

/**
 * Reads a JSON file that an operator wrote. `what` names it in the problem, which is one sentence with the file and
 * the JSON path of the first fault.
 */
export function readJsonFile<T>(
  path: string,
  what: string,
  schema: z.ZodType<T>,
): { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string } {
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch (error) {
    return { ok: false, problem: `the ${what} file ${path} cannot be read: ${(error as Error).message}` };
  }
  let json: unknown;
  try {
    json = JSON.parse(content.replace(/^\uFEFF/, ''));
  } catch (error) {
    return { ok: false, problem: `the ${what} file ${path} is not JSON: ${(error as Error).message}` };
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { ok: true, value: parsed.data };
  const faults = parsed.error.issues.map((issue) => ({ path: jsonPath(issue.path), message: issue.message }));
  return { ok: false, problem: describeFaults(path, what, faults) };
}

export function describeFaults(path: string, what: string, faults: readonly Fault[]): string {
  const [first] = faults;
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
  return `the ${what} file ${path} is wrong at ${first?.path || 'its root'}: ${first?.message}${more}`;
}

function jsonPath(keys: readonly PropertyKey[]): string {
  return keys
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
}
