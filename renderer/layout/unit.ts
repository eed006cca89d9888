/** The canvas of the standard 16:9 layout in design units (visual specification §2). */
const STANDARD_WIDTH = 1920;
const STANDARD_HEIGHT = 1080;

/** Pixels of one design unit: the largest at which the standard canvas fits the viewport. */
export function designUnit(width: number, height: number): number {
  return Math.min(width / STANDARD_WIDTH, height / STANDARD_HEIGHT);
}

/** Sets `--u` now and on every resize, and tells `changed`; returns what stops it. */
export function followViewport(view: Window, changed: (unit: number) => void): () => void {
  const apply = () => {
    const unit = designUnit(view.innerWidth, view.innerHeight);
    view.document.documentElement.style.setProperty('--u', `${unit}px`);
    changed(unit);
  };
  apply();
  view.addEventListener('resize', apply);
  return () => view.removeEventListener('resize', apply);
}

/** How many rows of at least `rowMin` fit under a panel's header, all sizes in design units (visual specification §2). */
export function rowCapacity(panelHeight: number, rowMin: number): number {
  return Math.max(1, Math.floor((panelHeight - 66) / rowMin));
}
