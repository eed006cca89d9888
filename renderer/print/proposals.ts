import type { TFunction } from 'i18next';
import type { Finding, FindingProposal } from '../../domain/findings.ts';
import type { DistrictAnswer } from '../../protocol/briefAnswer.ts';
import { count, patternDate, rate } from '../words/formats.ts';
import { nameIn } from '../words/words.ts';

/** What the figures suggest, as a sentence that somebody may change and confirm. */
export function sentenceOf(
  proposal: FindingProposal,
  context: {
    readonly t: TFunction;
    readonly language: string;
    readonly district: DistrictAnswer;
    readonly timeZone: string;
    readonly onTimeTarget: number;
  },
): Finding {
  const { t, language, district, timeZone, onTimeTarget } = context;
  const named = (units: DistrictAnswer['departments'], id: string) => {
    const unit = units.find((one) => one.id === id);
    return unit === undefined ? id : nameIn(language, unit.name);
  };
  const percent = (fraction: number) => count(fraction * 100);
  switch (proposal.code) {
    case 'departmentsBelowTarget':
      return {
        subject: new Intl.ListFormat(language, { type: 'conjunction', style: 'narrow' }).format(
          proposal.departments.map(({ key, onTimeRate }) =>
            t('proposal.department', {
              name: named(district.departments, key),
              rate: rate(onTimeRate, onTimeTarget),
            }),
          ),
        ),
        text: t('proposal.belowTarget', {
          target: rate(onTimeTarget, onTimeTarget),
          overdue: count(proposal.overdue),
          share: percent(proposal.shareOfOverdue),
        }),
      };
    case 'categoryGrew': {
      const { community } = proposal;
      const figures = { opened: count(proposal.opened), growth: percent(proposal.growth) };
      return {
        subject: named(district.categories, proposal.category),
        text:
          community === null
            ? t('proposal.grew', figures)
            : t('proposal.grewIn', {
                ...figures,
                community: named(district.communities, community.key),
                share: percent(community.share),
              }),
      };
    }
    case 'weakestDay':
      return {
        subject: patternDate(proposal.startAt, timeZone, t('proposal.day'), language),
        text: t('proposal.weakestDay', {
          rate: rate(proposal.onTimeRate, onTimeTarget),
          due: count(proposal.dueInPeriod),
        }),
      };
    case 'gridsOverdue':
      return {
        subject: named(district.grids, proposal.most.key),
        text: t('proposal.gridsOverdue', {
          most: count(proposal.most.overdue),
          grids: count(proposal.grids),
          of: count(proposal.of),
        }),
      };
  }
}
