import type { ComponentType } from 'react';
import type { PanelName } from '../../domain/scene.ts';
import { DepartmentsPanel } from './departments/DepartmentsPanel.tsx';
import { DomainsPanel } from './domain/DomainsPanel.tsx';
import { DueSoonPanel } from './dueSoon/DueSoonPanel.tsx';
import { MapPanel } from './map/MapPanel.tsx';
import { OverduePanel } from './overdue/OverduePanel.tsx';
import type { PanelProps } from './panelProps.ts';
import { PipelinePanel } from './pipeline/PipelinePanel.tsx';
import { StreamPanel } from './stream/StreamPanel.tsx';

export interface PanelEntry {
  readonly component: ComponentType<PanelProps>;
  /** The smallest slot, in design units, in which nothing of it is cut off or below its least size. */
  readonly least: { readonly width: number; readonly height: number };
  /** Lists the alerts themselves: a scene without such a panel carries the red strip (visual specification §5). */
  readonly listsAlerts?: true;
}

export const PANEL_ENTRIES: Readonly<Record<PanelName, PanelEntry>> = {
  overdue: { component: OverduePanel, least: { width: 440, height: 300 }, listsAlerts: true },
  departments: { component: DepartmentsPanel, least: { width: 440, height: 200 } },
  pipeline: { component: PipelinePanel, least: { width: 300, height: 150 } },
  dueSoon: { component: DueSoonPanel, least: { width: 760, height: 96 } },
  map: { component: MapPanel, least: { width: 620, height: 360 } },
  stream: { component: StreamPanel, least: { width: 500, height: 200 } },
  domains: { component: DomainsPanel, least: { width: 560, height: 200 } },
};
