import { type BriefCategory, type BriefFigures, overdueOf, weakestDay } from './brief.ts';

/** A sentence of 本月研判: what it speaks of stands first, in bold. Written or confirmed by staff, never by the system alone. */
export interface Finding {
  readonly subject: string;
  readonly text: string;
}

/** What somebody confirmed for a month. */
export interface ConfirmedFindings {
  /** Counts the confirmations of this month. */
  readonly revision: number;
  readonly sentences: readonly Finding[];
  readonly confirmedBy: string;
  readonly confirmedAt: number;
}

/** Visual specification §7: at most three numbered sentences. */
export const MOST_FINDINGS = 3;

/** What the figures suggest to say; the words are those of whoever shows it. Rates and shares are fractions. */
export type FindingProposal =
  | {
      readonly code: 'departmentsBelowTarget';
      readonly departments: readonly { readonly key: string; readonly onTimeRate: number }[];
      readonly overdue: number;
      readonly shareOfOverdue: number;
    }
  | {
      readonly code: 'categoryGrew';
      readonly category: string;
      readonly opened: number;
      /** Against the period before. */
      readonly growth: number;
      readonly community: { readonly key: string; readonly share: number } | null;
    }
  | {
      readonly code: 'weakestDay';
      readonly startAt: number;
      readonly onTimeRate: number;
      readonly dueInPeriod: number;
    }
  | {
      readonly code: 'gridsOverdue';
      readonly grids: number;
      readonly of: number;
      readonly most: { readonly key: string; readonly overdue: number };
    };

/** Fewer reports than this tell nothing about a category. */
const LEAST_REPORTS = 20;
/** Growth that is worth a sentence. */
const LEAST_GROWTH = 0.1;
/** So many departments fit a sentence. */
const MOST_NAMED = 3;

/**
 * Candidates, weightiest first: departments below target, the category that grew most, the weakest day below target,
 * the grids with late tickets. Only what the deployment lists is proposed: other names are strangers'.
 */
export function proposeFindings(
  figures: BriefFigures,
  categories: readonly BriefCategory[],
  rules: { readonly onTimeTarget: number; readonly rankFloor: number },
  isListed: (id: string) => boolean,
): readonly FindingProposal[] {
  const proposals: FindingProposal[] = [];

  const below = figures.departments
    .filter(
      ({ key, onTimeRate, dueInPeriod }) =>
        isListed(key) && onTimeRate !== null && dueInPeriod >= rules.rankFloor && onTimeRate < rules.onTimeTarget,
    )
    .sort((a, b) => (a.onTimeRate as number) - (b.onTimeRate as number));
  const allOverdue = overdueOf(figures.total);
  if (below.length > 0 && allOverdue > 0) {
    const named = below.slice(0, MOST_NAMED);
    const overdue = named.reduce((sum, department) => sum + overdueOf(department), 0);
    proposals.push({
      code: 'departmentsBelowTarget',
      departments: named.map(({ key, onTimeRate }) => ({ key, onTimeRate: onTimeRate as number })),
      overdue,
      shareOfOverdue: overdue / allOverdue,
    });
  }

  const grown = categories
    .flatMap((category) => {
      const { key, opened, previousOpened } = category;
      if (!isListed(key) || opened < LEAST_REPORTS || previousOpened === null || previousOpened < LEAST_REPORTS) {
        return [];
      }
      return [{ ...category, growth: opened / previousOpened - 1 }];
    })
    .filter(({ growth }) => growth >= LEAST_GROWTH)
    .sort((a, b) => b.growth - a.growth)[0];
  if (grown !== undefined) {
    const { key, opened, growth, topCommunity } = grown;
    proposals.push({
      code: 'categoryGrew',
      category: key,
      opened,
      growth,
      community: topCommunity === null ? null : { key: topCommunity.key, share: topCommunity.opened / opened },
    });
  }

  const weakest = weakestDay(figures.days, rules.rankFloor);
  if (weakest !== undefined && (weakest.onTimeRate as number) < rules.onTimeTarget) {
    const { startAt, onTimeRate, dueInPeriod } = weakest;
    proposals.push({ code: 'weakestDay', startAt, onTimeRate: onTimeRate as number, dueInPeriod });
  }

  const late = figures.grids.filter(({ overdue }) => overdue > 0);
  const [most] = [...late].sort((a, b) => b.overdue - a.overdue);
  if (most !== undefined) {
    proposals.push({
      code: 'gridsOverdue',
      grids: late.length,
      of: figures.grids.length,
      most: { key: most.key, overdue: most.overdue },
    });
  }
  return proposals;
}
