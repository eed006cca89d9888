/** The product's mark, as at the head of the wall. */
export function WaveMark() {
  return (
    <svg className="waveMark" viewBox="0 0 36 30" aria-hidden="true">
      <path d="M2 6c5.3-5 10.7-5 16 0s10.7 5 16 0" />
      <path d="M2 15c5.3-5 10.7-5 16 0s10.7 5 16 0" />
      <path d="M2 24c5.3-5 10.7-5 16 0s10.7 5 16 0" />
    </svg>
  );
}
