import * as z from 'zod/mini';
import type { Name } from '../domain/deployment.ts';
import type { Finding, FindingProposal } from '../domain/findings.ts';
import { DOMAINS, type Domain } from '../domain/ticket.ts';
import { type Decoded, decodeBrief } from './decode.ts';
import { decodeInstantsInPlace } from './instants.ts';
import type { WallBrief } from './wire.ts';

/** What the printed brief reads of the server's HTTP answers; nothing of them is used before it went through here. */

/** `GET /api/v1/brief`. */
export interface BriefAnswer {
  /** `yyyy-MM`; null: another span. */
  readonly month: string | null;
  readonly timeZone: string;
  readonly centre: Name;
  readonly onTimeTarget: number;
  readonly rankFloor: number;
  readonly brief: WallBrief;
}

/** Of `GET /api/v1/deployment`. */
export interface DistrictAnswer {
  readonly streets: readonly { readonly id: string; readonly name: Name }[];
  readonly communities: readonly { readonly id: string; readonly name: Name; readonly streetId: string }[];
  readonly grids: readonly { readonly id: string; readonly name: Name; readonly communityId: string }[];
  readonly departments: readonly { readonly id: string; readonly name: Name }[];
  readonly domains: readonly { readonly id: Domain; readonly name: Name }[];
  readonly categories: readonly { readonly id: string; readonly name: Name }[];
}

/** `GET /api/v1/brief/{month}/findings`. */
export interface FindingsAnswer {
  readonly sentences: readonly Finding[];
  readonly proposals: readonly FindingProposal[];
}

/** `GET /api/v1/brief/tickets`. */
export interface TicketsAnswer {
  readonly ids: readonly string[];
  readonly total: number;
  readonly nextCursor: string | null;
}

const text = z.string();
const count = z.int().check(z.nonnegative());
const name = z.object({ zh: text, en: z.exactOptional(text) });

const head = z.object({
  month: z.nullable(text),
  timeZone: text,
  centre: name,
  onTimeTarget: z.number(),
  rankFloor: z.number(),
});
const district = z.object({
  streets: z.array(z.object({ id: text, name })),
  communities: z.array(z.object({ id: text, name, streetId: text })),
  grids: z.array(z.object({ id: text, name, communityId: text })),
  departments: z.array(z.object({ id: text, name })),
  domains: z.array(z.object({ id: z.enum(DOMAINS), name })),
  categories: z.array(z.object({ id: text, name })),
}) satisfies z.ZodMiniType<DistrictAnswer>;
const sentences = z.array(z.object({ subject: text, text }));
const proposal = z.discriminatedUnion('code', [
  z.object({
    code: z.literal('departmentsBelowTarget'),
    departments: z.array(z.object({ key: text, onTimeRate: z.number() })),
    overdue: count,
    shareOfOverdue: z.number(),
  }),
  z.object({
    code: z.literal('categoryGrew'),
    category: text,
    opened: count,
    growth: z.number(),
    community: z.nullable(z.object({ key: text, share: z.number() })),
  }),
  z.object({ code: z.literal('weakestDay'), startAt: z.number(), onTimeRate: z.number(), dueInPeriod: count }),
  z.object({
    code: z.literal('gridsOverdue'),
    grids: count,
    of: count,
    most: z.object({ key: text, overdue: count }),
  }),
]) satisfies z.ZodMiniType<FindingProposal>;
const findings = z.object({
  findings: z.nullable(z.object({ sentences })),
  proposals: z.array(proposal),
});
const tickets = z.object({ ids: z.array(text), total: count, nextCursor: z.nullable(text) });

function read<T>(schema: z.ZodMiniType<T>, message: unknown): Decoded<T> {
  const result = z.safeParse(schema, message);
  if (result.success) return { ok: true, value: result.data };
  const [issue] = result.error.issues;
  return { ok: false, reason: `${(issue?.path ?? []).join('.')}: ${issue?.message ?? 'unreadable'}` };
}

export function decodeBriefAnswer(message: unknown): Decoded<BriefAnswer> {
  const brief = decodeBrief(message);
  if (!brief.ok) return brief;
  const rest = read(head, message);
  return rest.ok ? { ok: true, value: { ...rest.value, brief: brief.value } } : rest;
}

export function decodeDistrictAnswer(message: unknown): Decoded<DistrictAnswer> {
  return read(district, message);
}

export function decodeFindingsAnswer(message: unknown): Decoded<FindingsAnswer> {
  decodeInstantsInPlace(message);
  const answer = read(findings, message);
  if (!answer.ok) return answer;
  const { findings: confirmed, proposals } = answer.value;
  return { ok: true, value: { sentences: confirmed?.sentences ?? [], proposals } };
}

export function decodeTicketsAnswer(message: unknown): Decoded<TicketsAnswer> {
  return read(tickets, message);
}

/** The server's clock, of `GET /api/v1/status`: an instant, and the local month it lies in. */
export function decodeNow(message: unknown): Decoded<{ readonly now: number; readonly month: string }> {
  const answer = read(z.object({ now: text }), message);
  if (!answer.ok) return answer;
  const now = Date.parse(answer.value.now);
  return Number.isNaN(now)
    ? { ok: false, reason: 'now: not an instant' }
    : { ok: true, value: { now, month: answer.value.now.slice(0, 7) } };
}
