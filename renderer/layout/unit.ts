import { type Canvas, canvasOf, type ViewingPlace } from './canvas.ts';

/** Sets `--u` now and on every resize, and tells `changed`; returns what stops it. A pitch is that of the screen's own pixels. */
export function followViewport(view: Window, place: ViewingPlace, changed: (canvas: Canvas) => void): () => void {
  const apply = () => {
    const { pitchMm } = place;
    const scaled = { ...place, pitchMm: pitchMm === undefined ? undefined : pitchMm * view.devicePixelRatio };
    const canvas = canvasOf(view.innerWidth, view.innerHeight, scaled);
    view.document.documentElement.style.setProperty('--u', `${canvas.unit}px`);
    changed(canvas);
  };
  apply();
  view.addEventListener('resize', apply);
  return () => view.removeEventListener('resize', apply);
}

/** How many rows of at least `rowMin` fit under a panel's header, all sizes in design units (visual specification §2). */
export function rowCapacity(panelHeight: number, rowMin: number): number {
  return Math.max(1, Math.floor((panelHeight - 66) / rowMin));
}
