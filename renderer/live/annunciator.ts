import { callOf, isUrgent } from '../../domain/alertFigures.ts';
import type { BoardFigures } from '../../domain/metrics.ts';
import type { FiguresFeed } from './figuresFeed.ts';

/** An unacknowledged critical sounds again after this long (visual specification §5). */
export const REPEAT_MS = 60_000;
/** In a flood nobody hears more than so many sounds within `REPEAT_MS`. */
export const MOST_IN_FLOOD = 2;
/** Two sounds never run into each other. */
export const APART_MS = 3000;

/** A critical that nobody has acknowledged. In a flood those of one group sound as one. */
export interface Sounding {
  readonly id: string;
  readonly group: string;
}

/** What has been heard, on a monotonic clock. */
export interface Heard {
  /** When each of those that still stand was last heard. */
  readonly lastMs: ReadonlyMap<string, number>;
  /** Sounds of the last `REPEAT_MS`, oldest first. */
  readonly soundsMs: readonly number[];
}

export const NOTHING_HEARD: Heard = { lastMs: new Map(), soundsMs: [] };

/**
 * Whether a sound is due now, and for which of `soundings` it stands. One that was never heard goes before a repetition,
 * then whoever has been silent longest. What is no longer among them is forgotten, so that it is new when it comes again.
 */
export function nextSound(
  heard: Heard,
  soundings: readonly Sounding[],
  flood: boolean,
  nowMs: number,
): { readonly heard: Heard; readonly soundsFor: readonly string[] } {
  const lastMs = new Map<string, number>();
  for (const { id } of soundings) {
    const known = heard.lastMs.get(id);
    if (known !== undefined) lastMs.set(id, known);
  }
  const soundsMs = heard.soundsMs.filter((at) => nowMs - at < REPEAT_MS);
  const silent = { heard: { lastMs, soundsMs }, soundsFor: [] };
  if (nowMs - (soundsMs.at(-1) ?? Number.NEGATIVE_INFINITY) < APART_MS) return silent;
  if (flood && soundsMs.length >= MOST_IN_FLOOD) return silent;

  const callers = new Map<string, string[]>();
  for (const { id, group } of soundings) {
    const key = flood ? `group ${group}` : `alert ${id}`;
    const members = callers.get(key);
    if (members === undefined) callers.set(key, [id]);
    else members.push(id);
  }
  let longest: { members: readonly string[]; atMs: number } | undefined;
  for (const members of callers.values()) {
    const atMs = Math.max(...members.map((id) => lastMs.get(id) ?? Number.NEGATIVE_INFINITY));
    if (nowMs - atMs >= REPEAT_MS && (longest === undefined || atMs < longest.atMs)) longest = { members, atMs };
  }
  if (longest === undefined) return silent;
  for (const id of longest.members) lastMs.set(id, nowMs);
  return { heard: { lastMs, soundsMs: [...soundsMs, nowMs] }, soundsFor: longest.members };
}

/** The criticals that call now; an acknowledgement that ran out calls as a new one. */
export function soundings({ alerts }: Pick<BoardFigures, 'alerts'>): readonly Sounding[] {
  const groupOf = new Map<string, string>();
  for (const { key, alerts: members } of alerts.flood?.groups ?? []) for (const { id } of members) groupOf.set(id, key);
  return alerts.listed.filter(isUrgent).map(({ alert }) => ({
    id: callOf(alert),
    group: groupOf.get(alert.id) ?? alert.id,
  }));
}

/** `off`: somebody wants silence. `blocked`: the browser wants a click or a key first. */
export type SoundState = 'on' | 'off' | 'blocked';

/** What makes the sound; `state` may change at any time. */
export interface Speaker {
  state(): SoundState;
  subscribe(listener: () => void): () => void;
  play(): void;
  close(): void;
}

/** Sounds for criticals as the numbers step, once a second. Returns its closer; the speaker is its owner's. */
export function startAnnunciator(options: {
  readonly figures: Pick<FiguresFeed, 'figures' | 'subscribe'>;
  readonly speaker: Pick<Speaker, 'state' | 'play'>;
  readonly monotonicNow: () => number;
}): () => void {
  const { figures, speaker, monotonicNow } = options;
  let heard = NOTHING_HEARD;
  return figures.subscribe(() => {
    const now = figures.figures();
    // What nobody could hear has not been heard: it sounds as soon as it may
    if (now === undefined || speaker.state() !== 'on') return;
    const next = nextSound(heard, soundings(now), now.alerts.flood !== null, monotonicNow());
    heard = next.heard;
    if (next.soundsFor.length > 0) speaker.play();
  });
}
