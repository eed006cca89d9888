import { useLayoutEffect, useRef } from 'react';
import { useWallParts } from '../../live/useWall.ts';

const FADE_MS = 240;
const FADE_STEP_MS = 120;
const LINE_MS = 1200;
const LINE_STEP_MS = 400;

const percent = (share: number): string => `${Math.round(share * 100)}%`;

/** Tells motion.css how much of the new number is there, and how much of lake in the line's colour. */
function showChange(element: HTMLElement, passedMs: number): number | undefined {
  if (passedMs >= LINE_MS) {
    element.removeAttribute('data-before');
    return undefined;
  }
  // Both are seen from the first step on
  element.style.setProperty('--come', percent(Math.min(1, (passedMs + FADE_MS / 4) / FADE_MS)));
  element.style.setProperty('--lakeShare', percent(1 - Math.abs((2 * passedMs) / LINE_MS - 1)));
  return Math.min(LINE_MS, passedMs + (passedMs < FADE_MS ? FADE_STEP_MS : LINE_STEP_MS));
}

/** A number as text. When it changes the old one fades into the new one, over a line (visual specification §6). */
export function ChangingNumber({ text }: { text: string }) {
  const { stillness, scheduler } = useWallParts();
  const whole = useRef<HTMLSpanElement>(null);
  const shown = useRef(text);
  useLayoutEffect(() => {
    const element = whole.current;
    const before = shown.current;
    shown.current = text;
    if (before === text || stillness || element === null) return;
    element.setAttribute('data-before', before);
    scheduler.moveInSteps(element, (passedMs) => showChange(element, passedMs));
  }, [text, stillness, scheduler]);
  useLayoutEffect(() => {
    const element = whole.current;
    return () => {
      if (element !== null) scheduler.cancel(element);
    };
  }, [scheduler]);
  return (
    <span className="changing" ref={whole}>
      <span className="changed">{text}</span>
    </span>
  );
}
