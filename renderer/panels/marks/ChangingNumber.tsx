import { useLayoutEffect, useRef } from 'react';
import { useWallParts } from '../../live/useWall.ts';

const FADE_MS = 240;
const LINE_MS = 1200;
/**
 * The line's colour moves ten times a second: smoothly, each frame of it would be painted anew for every number that
 * changes, which on a wall without a graphics processor took a third more of it than this.
 */
const LINE_EASING = 'steps(6)';

/** A number as text. When it changes the old one fades into the new one, over a line (visual specification §6). */
export function ChangingNumber({ text }: { text: string }) {
  const { stillness } = useWallParts();
  const whole = useRef<HTMLSpanElement>(null);
  const now = useRef<HTMLSpanElement>(null);
  const shown = useRef(text);
  useLayoutEffect(() => {
    const before = shown.current;
    shown.current = text;
    if (before === text || stillness) return;
    whole.current?.setAttribute('data-before', before);
    now.current?.animate([{ opacity: 0 }, { opacity: 1 }], FADE_MS);
    whole.current?.animate([{ opacity: 1 }, { opacity: 0 }], { duration: FADE_MS, pseudoElement: '::before' });
    whole.current?.animate(
      [
        { opacity: 1, backgroundColor: 'var(--fg0)', easing: LINE_EASING },
        { opacity: 1, backgroundColor: 'var(--lake)', easing: LINE_EASING },
        { opacity: 1, backgroundColor: 'var(--fg0)' },
      ],
      { duration: LINE_MS, pseudoElement: '::after' },
    );
  }, [text, stillness]);
  return (
    <span className="changing" ref={whole}>
      <span ref={now}>{text}</span>
    </span>
  );
}
