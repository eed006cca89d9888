/** The part of Electron's `powerSaveBlocker` that is used. */
export interface SleepBlocker {
  start(type: 'prevent-display-sleep'): number;
  stop(id: number): unknown;
}

/** Keeps the display lit; returns what lets it sleep again. */
export function keepAwake(blocker: SleepBlocker): () => void {
  const id = blocker.start('prevent-display-sleep');
  return () => {
    blocker.stop(id);
  };
}
