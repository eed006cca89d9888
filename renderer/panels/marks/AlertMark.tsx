import './marks.css';

/** Filled: nobody has acknowledged it. Hollow: somebody holds it. Dashed: over, unseen. Paused: shelved. */
export type MarkLook = 'filled' | 'hollow' | 'dashed' | 'paused';

/** Shape tells the level, fill tells whether somebody holds it (visual specification §5). */
export function AlertMark({ severity, look = 'filled' }: { severity: 'critical' | 'high'; look?: MarkLook }) {
  const red = severity === 'critical';
  const [top, bottom, dot] = red ? [13.5, 21, 25.6] : [10.5, 18.5, 23.4];
  const [barTop, barBottom] = red ? [17, 26.5] : [11.5, 22.5];
  return (
    <svg className={`alertMark ${severity} ${look}`} viewBox="0 0 34 34" aria-hidden="true">
      <path d={red ? 'M17 4.5 32 30.5H2z' : 'M17 3.5 30.5 17 17 30.5 3.5 17z'} strokeLinejoin="round" />
      {look === 'filled' && (
        <g className="knockedOut">
          <path d={`M17 ${top}V${bottom}`} />
          <circle cx="17" cy={dot} r="2.1" />
        </g>
      )}
      {look === 'paused' && <path className="bars" d={`M13.6 ${barTop}V${barBottom}M20.4 ${barTop}V${barBottom}`} />}
    </svg>
  );
}

/** ↻: the next check was missed. */
export function AgainMark() {
  return (
    <svg className="againMark" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M19.5 12a7.5 7.5 0 1 1-2.4-5.5M17.6 2.6v4.4h-4.4" />
    </svg>
  );
}

/** ⧗: the data behind this is old. */
export function HourglassMark() {
  return (
    <svg className="hourglassMark" viewBox="0 0 20 24" aria-hidden="true">
      <path d="M3 2h14M3 22h14M4.5 2v3.5L10 12l5.5-6.5V2M4.5 22v-3.5L10 12l5.5 6.5V22" />
    </svg>
  );
}

/** ≠: two numbers that should agree do not. */
export function UnequalMark() {
  return (
    <svg className="hourglassMark" viewBox="0 0 24 24" aria-hidden="true">
      <circle cx="12" cy="12" r="10" />
      <path d="M7 10h10M7 14.5h10M14.5 6.5l-5 11.5" />
    </svg>
  );
}

export function CheckMark() {
  return (
    <svg className="checkMark" viewBox="0 0 24 24" aria-hidden="true">
      <circle cx="12" cy="12" r="10" />
      <path d="m7.5 12.4 3.2 3.2 6-6.6" />
    </svg>
  );
}

/** ✓ before a name: somebody has acknowledged it. */
export function Tick() {
  return (
    <svg className="tick" viewBox="0 0 20 20" aria-hidden="true">
      <path d="m3.5 10.5 4.2 4.2 8.8-9.4" />
    </svg>
  );
}
