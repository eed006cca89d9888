import { z } from 'zod';
import { PROBLEMS, type ProblemCode } from '../ingest/problem.ts';

/** server/ingest/problem.ts as a schema, for /openapi.json and for tests. */
export const problemBody = z
  .strictObject({
    type: z.string(),
    status: z.number().int(),
    code: z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]),
    title: z.string(),
    detail: z.string().optional(),
    errors: z
      .array(z.strictObject({ path: z.string(), message: z.string() }))
      .optional()
      .meta({ description: '`invalid`: every faulty field' }),
    state: z
      .string()
      .optional()
      .meta({ description: '`illegal_step`: the status the ticket has; `illegal_state`: the state of the alert' }),
    allowed: z.array(z.string()).optional().meta({ description: '`illegal_step`: the steps that it takes now' }),
    by: z.string().optional().meta({ description: '`same_person`: who handled; `already_acknowledged`: who holds it' }),
    limit: z.number().int().optional().meta({ description: 'The most rows of an export' }),
    retryAfterMs: z
      .number()
      .int()
      .optional()
      .meta({ description: '`rate_limited`, and `too_many_requests` after wrong passwords: when to send it again' }),
  })
  .meta({ description: 'A refusal (RFC 9457). `code` is stable; the other words may change.' });
