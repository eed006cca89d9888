import { type BriefFigures, createBriefTally } from '../../domain/brief.ts';
import type { Deployment } from '../../domain/deployment.ts';
import type { PointsAwarded } from '../../domain/events.ts';
import { createMasker } from '../../domain/masking.ts';
import type { TicketFacts } from '../../domain/statistics.ts';
import type { WallBrief } from '../../protocol/wire.ts';
import { monthPeriods } from '../briefPeriods.ts';
import type { LocalTime } from '../localTime.ts';
import type { Findings } from '../store/findings.ts';
import type { Audience, Projection } from './projection.ts';

/** The month's brief of one audience in the making. Takes what that audience sees. */
export interface BriefInTheMaking {
  add(ticket: TicketFacts): void;
  addAward(award: PointsAwarded): void;
  figures(): BriefFigures;
}

/** Reckons 运行简报 of the running month for walls: aggregates, nobody's name, and only findings that somebody confirmed. */
export interface BriefHistory {
  begin(audience: Audience, now: number): BriefInTheMaking;
  /** What goes on the wire: unlisted labels and the words of findings masked. */
  forWall(figures: BriefFigures, audience: Audience): WallBrief;
  /** Changes with each confirmation for the month that holds `now`. */
  findingsRevision(audience: Audience, now: number): number;
}

export function createBriefHistory(parts: {
  readonly deployment: Pick<Deployment, 'grids' | 'readableNumbers'>;
  readonly localTime: LocalTime;
  readonly projection: Pick<Projection, 'sees' | 'label'>;
  readonly findings: Pick<Findings, 'of'>;
}): BriefHistory {
  const { deployment, localTime, projection, findings } = parts;
  const communityOf = new Map(deployment.grids.map(({ id, communityId }) => [id, communityId]));
  const masker = createMasker({ readableNumbers: deployment.readableNumbers });
  const confirmed = (audience: Audience, at: number) => findings.of(localTime.monthCode(at), audience.scope);

  return {
    begin(audience, now) {
      const grids = deployment.grids.filter(({ id }) => projection.sees(id, audience)).map(({ id }) => id);
      return createBriefTally(monthPeriods(localTime, now, now), grids, (gridId) => communityOf.get(gridId));
    },
    forWall(figures, audience) {
      const told = confirmed(audience, figures.at);
      return {
        ...figures,
        departments: figures.departments.map((group) => ({ ...group, key: projection.label(group.key) })),
        findings:
          told === undefined || told.sentences.length === 0
            ? null
            : {
                sentences: told.sentences.map(({ subject, text }) => ({
                  subject: masker.text(subject),
                  text: masker.text(text),
                })),
                confirmedBy: masker.personName(told.confirmedBy),
                confirmedAt: told.confirmedAt,
              },
      };
    },
    findingsRevision: (audience, now) => confirmed(audience, now)?.revision ?? 0,
  };
}
