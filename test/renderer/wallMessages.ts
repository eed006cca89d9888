import type { TicketReported } from '../../domain/events.ts';
import type { SubscribeAnswer } from '../../protocol/wire.ts';
import { FIXTURE_NOW } from '../support/boardFixture.ts';
import { emptyBrief } from '../support/briefFixture.ts';
import { at, handWorkingTime, smallDeployment } from '../support/domainBuilders.ts';

const NO_DOMAIN_HISTORY = { yesterday: null, month: null, medianMs: null, categories: [] };

/** What a server with an empty board of the small district answers. */
export function emptySnapshot(
  overrides: { readonly seq?: number; readonly epoch?: string } = {},
): Extract<SubscribeAnswer, { readonly kind: 'snapshot' }> {
  return {
    ok: true,
    kind: 'snapshot',
    epoch: 'e1',
    seq: 0,
    at: FIXTURE_NOW,
    board: { deployment: smallDeployment(), tickets: [], alerts: [], raises: [] },
    history: {
      dayStartAt: at('00:00'),
      yesterday: null,
      bands: { livelihood: null, traffic: null, government: null, analysis: null, urban: null },
      month: { fromAt: at('00:00', -17), groups: [] },
      domains: {
        livelihood: NO_DOMAIN_HISTORY,
        traffic: NO_DOMAIN_HISTORY,
        government: NO_DOMAIN_HISTORY,
        analysis: NO_DOMAIN_HISTORY,
        urban: NO_DOMAIN_HISTORY,
      },
      working: handWorkingTime(),
      brief: emptyBrief(smallDeployment()),
    },
    clock: { mode: 'live', speed: 1 },
    ...overrides,
  };
}

export function reported(ticketId: string, overrides: Partial<TicketReported> = {}): TicketReported {
  return {
    type: 'ticketReported',
    ticketId,
    at: FIXTURE_NOW,
    recordedAt: FIXTURE_NOW,
    number: `GD-260318-${ticketId}`,
    source: 'grid',
    domain: 'urban',
    category: 'parking',
    title: '电动车乱停乱放',
    priority: 'normal',
    location: { gridId: 'g1' },
    assistDepartments: [],
    flags: [],
    ...overrides,
  };
}
