import { enteredStatusAt, type StepMark, stepMarks } from './metrics.ts';
import type { Step, StepRecord, Ticket } from './ticket.ts';

/** The five steps of a case in their fixed order. */
export const CASE_STEPS = ['report', 'dispatch', 'handle', 'verify', 'close'] as const satisfies readonly Step[];
export type CaseStep = (typeof CASE_STEPS)[number];

/** One step of a case as the large strip tells it. */
export interface CaseStepFigures {
  readonly step: CaseStep;
  readonly mark: StepMark;
  /** When it was last taken; undefined where it was not, or where a return or rework has struck it out. */
  readonly at: number | undefined;
  /** As the server masks it. */
  readonly by: string | undefined;
  /** From the step taken before it; undefined of the first, and of one not taken. */
  readonly afterMs: number | undefined;
  /** Of the step that the case waits at: how long already. */
  readonly waitingMs: number | undefined;
}

/** A return strikes out what followed the report, rework what followed the dispatch. */
function standingRecords({ steps }: Ticket): ReadonlyMap<Step, StepRecord> {
  const standing = new Map<Step, StepRecord>();
  for (const record of steps) {
    if (record.step === 'return') for (const step of ['dispatch', 'handle', 'verify'] as const) standing.delete(step);
    if (record.step === 'rework') for (const step of ['handle', 'verify'] as const) standing.delete(step);
    standing.set(record.step, record);
  }
  return standing;
}

export function caseSteps(ticket: Ticket, now: number): readonly CaseStepFigures[] {
  const marks = stepMarks(ticket, false);
  const standing = standingRecords(ticket);
  let before: number | undefined;
  return CASE_STEPS.map((step, i): CaseStepFigures => {
    const mark = marks[i] ?? 'pending';
    const record = standing.get(step);
    const ended = step === 'close' && record === undefined ? ticket.endedAt : undefined;
    const at = mark === 'pending' || mark === 'skipped' ? undefined : (record?.at ?? ended);
    const afterMs = at === undefined || before === undefined ? undefined : Math.max(0, at - before);
    before = at ?? before;
    return {
      step,
      mark,
      at,
      by: at === undefined ? undefined : record?.by,
      afterMs,
      waitingMs: mark === 'current' ? Math.max(0, now - enteredStatusAt(ticket)) : undefined,
    };
  });
}
