import i18next from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import { CAUSE_CODES, type CauseCode } from '../../domain/alarm.ts';
import { whySentence } from '../../renderer/words/why.ts';
import { startWords } from '../../renderer/words/words.ts';
import { at } from '../support/domainBuilders.ts';

/** What each rule hands over, by hand, and what a person must find in the sentence. */
const FIGURES: Readonly<Record<CauseCode, readonly [Readonly<Record<string, number>>, readonly string[]]>> = {
  overdue: [{ dueAt: at('12:06'), lateMs: 1 }, ['2026-03-18 12:06']],
  overdueCritical: [{ dueAt: at('12:06'), lateMs: 1 }, ['2026-03-18 12:06']],
  overdueClaimed: [{}, []],
  dueSoon: [{ minutes: 60 }, ['60']],
  dispatchLate: [{ minutes: 15 }, ['15']],
  verifyLate: [{ minutes: 1440 }, ['1,440']],
  criticalTicket: [{}, []],
  surge: [{ count: 12, minutes: 90, usual: 1.26 }, ['12', '90', '1.3']],
  repeat: [{ count: 4, hours: 72 }, ['4', '72']],
  sourceSilent: [{ lastEventAt: at('11:58'), periodSeconds: 30 }, ['2026-03-18 11:58', '30']],
  sourceFailed: [{ lastEventAt: at('11:58'), periodSeconds: 30 }, ['2026-03-18 11:58']],
  snapshotFailed: [{}, []],
  diskLow: [{ freeMiB: 812 }, ['812']],
  clockJumped: [{ jumpMs: -7000 }, ['7']],
  calendarEnds: [{ days: 45 }, ['45']],
};

describe.each(['zh-CN', 'en'] as const)('why an alert was raised, in %s', (language) => {
  beforeAll(() => startWords(language));

  it.each(CAUSE_CODES)('%s is a sentence with its figures', (code) => {
    const [figures, named] = FIGURES[code];
    const sentence = whySentence(i18next.t, { code, figures }, 'Asia/Shanghai');
    expect(sentence.length).toBeGreaterThan(6);
    expect(/\p{Script=Han}/u.test(sentence)).toBe(language === 'zh-CN');
    for (const figure of named) expect(sentence).toContain(figure);
    const numbers = sentence.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d/g, 'x').match(/[\d.,]*\d/g) ?? [];
    // No figure is left out or made up
    expect(numbers).toHaveLength(named.filter((figure) => !figure.includes(':')).length);
  });

  it('tells a code that it does not know as it stands', () => {
    expect(whySentence(i18next.t, { code: 'fluxLow' }, 'Asia/Shanghai')).toContain('fluxLow');
  });
});
