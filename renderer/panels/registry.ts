import type { ComponentType } from 'react';
import type { PanelName } from '../../domain/scene.ts';
import type { TextRole } from '../layout/legibility.ts';
import { AreaMapPanel } from './areas/AreaMapPanel.tsx';
import { AreaRankingPanel } from './areas/AreaRankingPanel.tsx';
import { AreaSummaryPanel } from './areas/AreaSummaryPanel.tsx';
import { DomainBarsPanel } from './brief/DomainBars.tsx';
import { FindingsPanel } from './brief/Findings.tsx';
import { FiveFiguresPanel } from './brief/FiveFigures.tsx';
import { GridStripPanel } from './brief/GridStrip.tsx';
import { HeroPanel } from './brief/Hero.tsx';
import { RankingPanel } from './brief/Ranking.tsx';
import { TrendPanel } from './brief/Trend.tsx';
import { CategoriesPanel } from './categories/CategoriesPanel.tsx';
import { DepartmentLoadPanel } from './departmentRun/DepartmentLoad.tsx';
import { DepartmentTablePanel } from './departmentRun/DepartmentTable.tsx';
import { DepartmentsPanel } from './departments/DepartmentsPanel.tsx';
import { DomainsPanel } from './domain/DomainsPanel.tsx';
import { DueSoonPanel } from './dueSoon/DueSoonPanel.tsx';
import { FocusMonthPanel } from './focusMonth/FocusMonthPanel.tsx';
import { HotGridsPanel } from './hotGrids/HotGridsPanel.tsx';
import { HourlyPanel } from './hourly/HourlyPanel.tsx';
import { LimitUsePanel } from './limitUse/LimitUsePanel.tsx';
import { MapPanel } from './map/MapPanel.tsx';
import { OverduePanel } from './overdue/OverduePanel.tsx';
import type { PanelProps } from './panelProps.ts';
import { PipelinePanel } from './pipeline/PipelinePanel.tsx';
import { StreamPanel } from './stream/StreamPanel.tsx';
import { TicketCasePanel } from './ticketCase/TicketCasePanel.tsx';
import { TicketPlacePanel } from './ticketCase/TicketPlacePanel.tsx';
import { TicketTimelinePanel } from './ticketCase/TicketTimelinePanel.tsx';

export interface PanelEntry {
  readonly component: ComponentType<PanelProps>;
  /** The smallest slot, in design units, in which nothing of it is cut off or below its least size. */
  readonly least: { readonly width: number; readonly height: number };
  /** The roles of its texts (layout/legibility.ts); absent: titles, body, captions and small digits. */
  readonly texts?: readonly TextRole[];
  /** Lists the alerts themselves: a scene without such a panel carries the red strip (visual specification §5). */
  readonly listsAlerts?: true;
  /** Takes a task of its own to be drawn first: the scene's rows and figures do not wait for it. */
  readonly afterOthers?: true;
}

export const PANEL_ENTRIES: Readonly<Record<PanelName, PanelEntry>> = {
  overdue: { component: OverduePanel, least: { width: 440, height: 300 }, listsAlerts: true },
  departments: { component: DepartmentsPanel, least: { width: 440, height: 200 } },
  pipeline: { component: PipelinePanel, least: { width: 300, height: 146 }, texts: ['body', 'meta', 'digits', 'kpi'] },
  dueSoon: { component: DueSoonPanel, least: { width: 760, height: 96 } },
  map: { component: MapPanel, least: { width: 620, height: 360 }, afterOthers: true },
  stream: { component: StreamPanel, least: { width: 500, height: 200 } },
  domains: { component: DomainsPanel, least: { width: 560, height: 200 }, afterOthers: true },
  focusMonth: {
    component: FocusMonthPanel,
    least: { width: 640, height: 140 },
    texts: ['body', 'meta', 'digits', 'kpi'],
  },
  hourly: { component: HourlyPanel, least: { width: 760, height: 280 } },
  categories: { component: CategoriesPanel, least: { width: 1000, height: 280 } },
  limitUse: { component: LimitUsePanel, least: { width: 600, height: 240 } },
  hotGrids: { component: HotGridsPanel, least: { width: 560, height: 300 } },
  areaMap: { component: AreaMapPanel, least: { width: 760, height: 480 }, afterOthers: true },
  areaSummary: {
    component: AreaSummaryPanel,
    least: { width: 600, height: 180 },
    texts: ['title', 'body', 'meta', 'digits', 'kpi'],
  },
  areaRanking: { component: AreaRankingPanel, least: { width: 600, height: 300 } },
  ticketCase: {
    component: TicketCasePanel,
    least: { width: 1200, height: 620 },
    texts: ['title', 'body', 'meta', 'digits', 'kpi'],
  },
  ticketPlace: { component: TicketPlacePanel, least: { width: 460, height: 360 } },
  ticketTimeline: { component: TicketTimelinePanel, least: { width: 460, height: 200 } },
  briefHero: { component: HeroPanel, least: { width: 540, height: 180 } },
  briefTrend: { component: TrendPanel, least: { width: 600, height: 180 } },
  briefFigures: { component: FiveFiguresPanel, least: { width: 240, height: 118 } },
  gridStrip: { component: GridStripPanel, least: { width: 1180, height: 140 } },
  briefDepartments: { component: RankingPanel, least: { width: 440, height: 200 } },
  briefDomains: { component: DomainBarsPanel, least: { width: 440, height: 200 } },
  findings: { component: FindingsPanel, least: { width: 420, height: 200 } },
  departmentTable: { component: DepartmentTablePanel, least: { width: 1100, height: 300 } },
  departmentLoad: { component: DepartmentLoadPanel, least: { width: 480, height: 300 } },
};
