import type { PanelOptions } from '../../domain/scene.ts';

/**
 * A panel fills the slot that it stands in, whatever its size: it measures itself (useElementSize) and shows as much as
 * there is room for. `options` are its slot's; what it does not know it leaves alone.
 */
export interface PanelProps {
  readonly options: PanelOptions;
}
