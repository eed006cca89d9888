import './marks.css';

/** Shape tells the level, fill tells whether somebody holds it (visual specification §5). */
export function AlertMark({ severity, filled = true }: { severity: 'critical' | 'high'; filled?: boolean }) {
  const shape =
    severity === 'critical' ? (
      <path d="M17 4.5 32 30.5H2z" strokeLinejoin="round" />
    ) : (
      <path d="M17 3.5 30.5 17 17 30.5 3.5 17z" strokeLinejoin="round" />
    );
  const [top, bottom, dot] = severity === 'critical' ? [13.5, 21, 25.6] : [10.5, 18.5, 23.4];
  return (
    <svg className={`alertMark ${severity} ${filled ? 'filled' : 'hollow'}`} viewBox="0 0 34 34" aria-hidden="true">
      {shape}
      {filled && (
        <g className="knockedOut">
          <path d={`M17 ${top}V${bottom}`} />
          <circle cx="17" cy={dot} r="2.1" />
        </g>
      )}
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
