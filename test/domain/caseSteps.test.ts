import { describe, expect, it } from 'vitest';
import { caseSteps } from '../../domain/caseSteps.ts';
import type { StepReport } from '../../domain/ticket.ts';
import { at, HOUR, MINUTE, ticketAfter } from '../support/domainBuilders.ts';

const NOW = at('15:42');
const told = (...steps: StepReport[]) =>
  caseSteps(ticketAfter({ reportedAt: at('10:06') }, steps), NOW).map(
    ({ step, mark, at: when, afterMs, waitingMs }) => [
      step,
      mark,
      when === undefined ? undefined : (when - at('10:06')) / MINUTE,
      afterMs === undefined ? undefined : afterMs / MINUTE,
      waitingMs === undefined ? undefined : waitingMs / MINUTE,
    ],
  );
const none = undefined;

describe('the five steps of a case', () => {
  it('tell the case that everyone quotes: settled on the spot, so dispatch was passed over', () => {
    expect(told({ step: 'handle', at: at('10:11'), by: '甲' }, { step: 'verify', at: at('10:14'), by: '乙' })).toEqual([
      ['report', 'done', 0, none, none],
      ['dispatch', 'skipped', none, none, none],
      ['handle', 'done', 5, 5, none],
      ['verify', 'done', 8, 3, none],
      ['close', 'done', 8, 0, none],
    ]);
  });

  it('say of the step that it waits at for how long', () => {
    expect(told()[0]).toEqual(['report', 'current', 0, none, 336]);
    expect(told({ step: 'dispatch', at: at('10:07') })).toEqual([
      ['report', 'done', 0, none, none],
      ['dispatch', 'done', 1, 1, none],
      ['handle', 'current', none, none, 335],
      ['verify', 'pending', none, none, none],
      ['close', 'pending', none, none, none],
    ]);
  });

  it('forget what a return or rework has struck out', () => {
    const returned = told({ step: 'dispatch', at: at('10:07') }, { step: 'return', at: at('10:30') });
    expect(returned.slice(0, 2)).toEqual([
      ['report', 'current', 0, none, 312],
      ['dispatch', 'pending', none, none, none],
    ]);
    const reworked = told(
      { step: 'dispatch', at: at('10:07') },
      { step: 'handle', at: at('10:30'), by: '甲' },
      { step: 'rework', at: at('11:00'), by: '乙' },
    );
    expect(reworked[2]).toEqual(['handle', 'current', none, none, 282]);
  });

  it('name who did it, as the ticket says', () => {
    const ticket = ticketAfter({ reportedAt: NOW - HOUR }, [{ step: 'handle', at: NOW, by: '赵*' }]);
    expect(caseSteps(ticket, NOW).map(({ by }) => by)).toEqual([expect.anything(), none, '赵*', none, none]);
  });
});
